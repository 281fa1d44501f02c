using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>A relapse found: from the list of today to the decision, and on to care and long-term watch.</summary>
public sealed class DecisionJourneyTests(ChairFixture clinic) : IClassFixture<ChairFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_relapse_found_leads_to_a_decision()
    {
        var lead = await clinic.SignedIn("lead");
        await lead.GotoAsync("/today");
        var finding = lead.Locator(".needs-you li").Filter(new LocatorFilterOptions { HasText = "B. Larch: Relapse on the patient" });
        await Expect(finding).ToContainTextAsync("B. Larch");
        await Expect(finding).ToContainTextAsync("best score");
        await finding.Locator("a.button").ClickAsync();
        await Expect(lead.Locator("dl.facts")).ToContainTextAsync("Rate MADRS");
        await lead.FillAsync("#actionTaken", "Phoned: sleep is bad, mood is falling. An infusion is offered.");
        await Press(lead, "Close finding");

        await lead.GotoAsync("/today");
        await lead.Locator("section[aria-labelledby=decisions] summary").ClickAsync(); // they have waited longer than others
        await lead.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Decide on the course of B. Larch" }).ClickAsync();
        await Expect(lead.Locator("h1")).ToContainTextAsync("B. Larch");
        await Expect(lead.Locator("#ahead + .columns")).ToContainTextAsync("52 to 67 %");
        await Expect(lead.Locator("#ahead + .columns")).ToContainTextAsync("every 14 days");
        await NoViolations(lead);
        await Press(lead, "Record the decision");
        await Expect(lead.Locator("#reason-problem")).ToContainTextAsync("needed");
        await lead.CheckAsync("input[value=Maintain]");
        await lead.FillAsync("#intervalDays", "14");
        await lead.FillAsync("#reason", "Falling after <b>three weeks</b>.");
        await Press(lead, "Record the decision");
        await Expect(lead.Locator(".decisions li").First).ToContainTextAsync("Falling after <b>three weeks</b>.");
        await lead.Locator(".decisions a", new PageLocatorOptions { HasText = "Amend" }).First.ClickAsync();
        await Expect(lead.Locator("#decide")).ToHaveTextAsync("Amend a decision");
        await lead.CheckAsync("input[value=Stop]");
        await lead.FillAsync("#reason", "The patient would rather stop.");
        await Press(lead, "Record the decision");
        await Expect(lead.Locator(".decisions li")).ToHaveCountAsync(2);
        await Expect(lead.Locator(".decisions .is-amended")).ToContainTextAsync("no longer holds");
        var address = lead.Url;

        var nurse = await clinic.SignedIn("nurse");
        await nurse.GotoAsync(address);
        await Expect(nurse.Locator("#decide + .notice")).ToContainTextAsync("A lead takes the decision");
        await Expect(nurse.Locator("form")).ToHaveCountAsync(await nurse.Locator("header form, footer form").CountAsync());
    }

    [Fact]
    public async Task Long_term_watch_and_care_are_recorded_on_a_phone()
    {
        Guid patientId, courseId;
        await using (var db = clinic.Server.Database())
        {
            patientId = (await db.Patients.SingleAsync(p => p.FamilyName == "Yew", Cancel)).Id;
            courseId = (await db.Courses.SingleAsync(c => c.PatientId == patientId, Cancel)).Id;
        }

        var nurse = await clinic.SignedIn("nurse", width: 390, height: 844);
        await nurse.GotoAsync($"/patients/{patientId}/long-term");
        await NoViolations(nurse);
        await nurse.FillAsync("#altOrAst", "high");
        await Press(nurse, "Record");
        await Expect(nurse.Locator("#altOrAst-problem")).ToBeVisibleAsync();
        await nurse.FillAsync("#altOrAst", "1.2");
        await Press(nurse, "Record");
        await Expect(nurse.Locator(".decisions li").First).ToContainTextAsync("1.2 × upper limit");

        await nurse.GotoAsync($"/courses/{courseId}/care");
        await NoViolations(nurse);
        await nurse.FillAsync("#what", "Lithium 600 mg daily");
        await nurse.SelectOptionAsync("#kind", "MoodStabiliser");
        await Press(nurse, "Add to the plan");
        await Expect(nurse.Locator(".care-item").Last).ToContainTextAsync("Lithium 600 mg daily");
        await Expect(nurse.Locator(".care-item").Last).ToContainTextAsync("not assessed");
    }

    private static Task Press(IPage page, string name) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true }).ClickAsync();

    private static async Task NoViolations(IPage page)
    {
        var result = await page.RunAxe(new AxeRunOptions());
        Assert.True(result.Violations.Length == 0, string.Join("; ", result.Violations.Select(v => $"{v.Id}: {string.Join(", ", v.Nodes.Select(n => n.Html))}")));
    }
}
