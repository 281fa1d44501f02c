using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Euthymia.Clinic;
using Euthymia.Clinic.Demo;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

public sealed class FollowUpJourneyTests(ChairFixture clinic) : IClassFixture<ChairFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worrying_answer_shows_help_at_once_and_waits_for_the_lead()
    {
        var patient = await clinic.SignedIn("patient", script: false, width: 390, height: 844);
        await patient.GotoAsync("/my/phq9");
        await patient.ClickAsync("button.primary");
        await Expect(patient.Locator(".summary")).ToContainTextAsync("Answer at least one question");
        for (var item = 1; item <= 9; item++)
            await patient.CheckAsync($"#item{item}-{(item == 9 ? 2 : 1)}");
        await patient.ClickAsync("button.primary");
        await Expect(patient.Locator(".crisis")).ToContainTextAsync("call your local emergency number");

        var lead = await clinic.SignedIn("lead");
        await lead.GotoAsync("/today");
        var finding = lead.Locator(".needs-you li").First;
        await Expect(finding).ToContainTextAsync("item 9: 2");
        await finding.Locator("a.button").ClickAsync();
        await NoViolations(lead);
        var address = lead.Url;
        await Press(lead, "Close finding");
        await Expect(lead.Locator("#actionTaken-problem")).ToContainTextAsync("needed");
        await lead.FillAsync("#actionTaken", "Called <i>the patient</i>, safety plan agreed.");
        await Press(lead, "Close finding");
        await Expect(lead.Locator(".finding-action")).ToHaveTextAsync("Called <i>the patient</i>, safety plan agreed.");

        var nurse = await clinic.SignedIn("nurse");
        await nurse.GotoAsync(address);
        await Expect(nurse.Locator("#closed")).ToContainTextAsync("Closed by Dr. L. Ginkgo");
    }

    [Fact]
    public async Task Staff_enter_a_questionnaire_and_too_long_an_action_stays_at_its_field()
    {
        Guid patientId;
        await using (var db = clinic.Server.Database())
            patientId = (await db.Patients.OrderBy(p => p.ClinicNumber).FirstAsync(Cancel)).Id;
        var nurse = await clinic.SignedIn("nurse");
        await nurse.GotoAsync($"/patients/{patientId}/phq9");
        await NoViolations(nurse);
        await nurse.FillAsync("#completedAt", "2999-01-01");
        await nurse.CheckAsync("#item1-3");
        await Press(nurse, "Save questionnaire");
        await Expect(nurse.Locator("#completedAt-problem")).ToContainTextAsync("in the future");
        Assert.True(await nurse.IsCheckedAsync("#item1-3"));
        await nurse.FillAsync("#completedAt", "");
        for (var item = 2; item <= 9; item++)
            await nurse.CheckAsync($"#item{item}-0");
        await Press(nurse, "Save questionnaire");
        await Expect(nurse.Locator(".notice")).ToContainTextAsync("Total 3, minimal");
    }

    [Fact]
    public async Task Ten_megabytes_are_refused_and_not_stored()
    {
        Guid findingId;
        await using (var db = clinic.Server.Database())
        {
            var patientId = (await db.Patients.OrderBy(p => p.ClinicNumber).LastAsync(Cancel)).Id;
            var lead = new Actor(Guid.CreateVersion7(), "Test", ClinicRole.Lead);
            var result = await new FollowUp(db, TimeProvider.System, lead).RecordPhq9(patientId, new Phq9Form(Guid.CreateVersion7(), [1, 1, 1, 1, 1, 1, 1, 1, 1]), Cancel);
            findingId = result.Findings[0].Id;
        }

        var page = await clinic.SignedIn("lead");
        await page.GotoAsync($"/findings/{findingId}");
        await page.EvaluateAsync("document.querySelector('#actionTaken').value = 'x'.repeat(5000)");
        await Press(page, "Close finding");
        await Expect(page.Locator("#actionTaken-problem")).ToContainTextAsync("Use at most 4000 characters");
        await page.EvaluateAsync("document.querySelector('#actionTaken').value = 'x'.repeat(10 * 1024 * 1024)");
        await Press(page, "Close finding");
        await Expect(page.Locator("#actionTaken-problem")).ToContainTextAsync("there are 10485760");
        await using var after = clinic.Server.Database();
        Assert.True((await after.Findings.AsNoTracking().SingleAsync(f => f.Id == findingId, Cancel)).IsOpen);
    }

    private static Task Press(IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true }).ClickAsync();

    private static async Task NoViolations(IPage page)
    {
        var result = await page.RunAxe(new AxeRunOptions());
        Assert.True(result.Violations.Length == 0, string.Join("; ", result.Violations.Select(v => $"{v.Id}: {string.Join(", ", v.Nodes.Select(n => n.Html))}")));
    }
}
