using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Euthymia.Clinic;
using Euthymia.Clinic.Demo;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>One server process and one browser for the chair and the follow-up.</summary>
public sealed class ChairFixture : IAsyncLifetime
{
    private static readonly string[] BrowserArguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright _playwright = null!;

    public ServerProcess Server { get; } = new();

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Server.Fill(TestContext.Current.CancellationToken);
        await Server.Start(TestContext.Current.CancellationToken);
        SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = BrowserArguments });
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>A page on which this person is signed in.</summary>
    public async Task<IPage> SignedIn(string userName, bool script = true, int width = 1024, int height = 768)
    {
        var context = await Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Server.Address.ToString(),
            JavaScriptEnabled = script,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#userName", userName);
        await page.FillAsync("#password", DemoClinic.Password);
        await page.ClickAsync("form.sheet button[type=submit]");
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        return page;
    }
}

public sealed class ChairAndFollowUpTests(ChairFixture clinic) : IClassFixture<ChairFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_visit_from_baseline_to_completion()
    {
        var visit = await NewVisit("WHOLE-VISIT");
        var page = await clinic.SignedIn("nurse");
        await OpenVisit(page, visit);
        await NoViolations(page);
        await FitsOneScreen(page);

        await page.ClickAsync(".chair-actions .primary");
        await NoViolations(page);
        await FitsOneScreen(page);
        foreach (var input in await page.Locator(".vitals input").AllAsync())
            Assert.Equal("", await input.InputValueAsync());
        await page.FillAsync("#systolic", "999");
        await Press(page, "Save reading");
        await Expect(page.Locator(".slot.has-problem .problem")).ToContainTextAsync("not possible here");
        Assert.Empty(await Events(visit));
        await Take(page, "128", "81", "72", "98");
        await Expect(page.Locator(".chair-log li")).ToContainTextAsync("BP 128/81 · HR 72 · SpO2 98 % · dissociation 2 of 4");

        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Start infusion" }).CountAsync());
        await Expect(page.Locator(".chair-actions a")).ToHaveTextAsync(["Go / no-go", "Drug and start"]);
        await StartPrepared(visit);
        await Expect(page.Locator(".chair-numbers")).ToContainTextAsync("52.5");

        await Press(page, "Change rate");
        await page.FillAsync("#rate", "1,5");
        await page.ClickAsync("button[type=submit]");
        await Expect(page.Locator(".problem")).ToContainTextAsync("Use a point for decimals");
        await page.FillAsync("#rate", "45");
        await page.FillAsync("#reason", "light-headed");
        await page.ClickAsync("button[type=submit]");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("light-headed");
        await Press(page, "Note or event");
        await page.ClickAsync("button[type=submit]");
        await Expect(page.Locator(".problem")).ToContainTextAsync("needed");
        await page.FillAsync("#text", "<b id=\"injected\">calm</b>");
        await page.ClickAsync("button[type=submit]");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("<b id=\"injected\">calm</b>");
        Assert.Equal(0, await page.Locator("#injected").CountAsync());

        await Press(page, "Pause");
        await page.ClickAsync("button[type=submit]");
        await Press(page, "Resume infusion");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("resumed");
        await page.ClickAsync(".chair-actions .danger");
        await page.ClickAsync("button[type=submit]");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Discharge" }).ClickAsync();
        await Expect(page.Locator(".go-banner")).ToContainTextAsync("Not yet");
        var events = await Events(visit);
        Assert.Equal(13, events.Count);
        Assert.Null(VisitSeal.FirstBroken(events));
    }

    [Fact]
    public async Task A_visit_goes_on_after_the_server_was_killed()
    {
        await using var server = new ServerProcess();
        await server.Fill(Cancel);
        await server.Start(Cancel);
        Guid visit;
        int before;
        await using (var db = server.Database())
        {
            visit = (await db.Visits.FirstAsync(v => v.RunningPatientId != null, Cancel)).Id;
            before = await db.VisitEvents.CountAsync(e => e.VisitId == visit, Cancel);
        }

        await using var context = await clinic.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString() });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/sign-in?returnUrl=/visits/{visit}");
        await page.FillAsync("#userName", "nurse");
        await page.FillAsync("#password", DemoClinic.Password);
        await page.ClickAsync("form.sheet button[type=submit]");
        for (var i = 0; i < 3; i++)
        {
            await page.ClickAsync(".chair-actions .primary:enabled");
            await Take(page, $"13{i}", "80", "70", "97");
            await Expect(page.Locator(".chair-log li").First).ToContainTextAsync($"BP 13{i}/80");
        }

        await server.Kill();
        await server.Start(Cancel);
        await page.GotoAsync($"/visits/{visit}");
        for (var i = 0; i < 3; i++)
            await Expect(page.Locator($".chair-log li:has-text('BP 13{i}/80')")).ToHaveCountAsync(1);
        await page.ClickAsync(".chair-actions .primary:enabled");
        await Take(page, "139", "80", "70", "97");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("BP 139/80");

        await using var after = server.Database();
        var events = await after.VisitEvents.AsNoTracking().Where(e => e.VisitId == visit).ToListAsync(Cancel);
        Assert.Equal(before + 4, events.Count);
        Assert.Null(VisitSeal.FirstBroken(events));
    }

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
        var finding = lead.Locator(".needs-you li").Filter(new() { HasText = "item 9: 2" }).First;
        await Expect(finding).ToBeVisibleAsync();
        await finding.Locator("a.button").ClickAsync();
        await Expect(lead.Locator("#actionTaken")).ToBeVisibleAsync(); // the address changes before the page does
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
    public async Task Staff_enter_a_questionnaire()
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
    public async Task Too_long_an_action_stays_at_its_field_and_the_finding_open()
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
        await using var after = clinic.Server.Database();
        Assert.True((await after.Findings.AsNoTracking().SingleAsync(f => f.Id == findingId, Cancel)).IsOpen);
    }

    private async Task<Guid> NewVisit(string number)
    {
        await using var db = clinic.Server.Database();
        var lead = new Actor(Guid.CreateVersion7(), "Test", ClinicRole.Lead);
        var patient = await new PatientRegister(db, TimeProvider.System, lead).Add(
            new PatientForm
            {
                ClinicNumber = number,
                GivenName = "Ada",
                FamilyName = "Rowan",
                DateOfBirth = new DateOnly(1980, 1, 1),
                Sex = RecordedSex.Female,
                Diagnosis = Diagnosis.TreatmentResistantDepression,
                WeightKilograms = "70",
            }, Cancel);
        var course = await new CoursePlanner(db, TimeProvider.System, lead).Save(patient.Id, new OrderForm(), Cancel);
        var visits = await new VisitLog(db, TimeProvider.System, lead).Schedule(course.Id, new TimeOnly(3, 17), "Chair 1", Cancel);
        return visits[0].Id;
    }

    /// <summary>The sheets are filled by two people elsewhere; the open chair page shows the start by itself.</summary>
    private async Task StartPrepared(Guid visitId)
    {
        await using var db = clinic.Server.Database();
        var nurse = new Actor(Guid.CreateVersion7(), "Test nurse", ClinicRole.Nurse);
        var visit = await db.Visits.AsNoTracking().SingleAsync(v => v.Id == visitId, Cancel);
        await Hosting.PreparedVisit.Fill(db, TimeProvider.System, nurse, nurse with { AccountId = Guid.CreateVersion7(), Name = "Test second" }, visit);
        await Hosting.PreparedVisit.Start(db, TimeProvider.System, nurse, visit);
    }

    private async Task<List<VisitEvent>> Events(Guid visit)
    {
        await using var db = clinic.Server.Database();
        return await db.VisitEvents.AsNoTracking().Where(e => e.VisitId == visit).OrderBy(e => e.Number).ToListAsync(Cancel);
    }

    private static async Task OpenVisit(IPage page, Guid visit)
    {
        await page.GotoAsync($"/visits/{visit}");
        await page.WaitForSelectorAsync(".chair-actions button:enabled");
    }

    private static async Task Take(IPage page, string systolic, string diastolic, string heartRate, string oxygen)
    {
        await page.FillAsync("#systolic", systolic);
        await page.FillAsync("#diastolic", diastolic);
        await page.FillAsync("#heartRate", heartRate);
        await page.FillAsync("#oxygenSaturation", oxygen);
        await page.ClickAsync("[aria-label='Dissociation 2']");
        await Press(page, "Save reading");
        await page.WaitForSelectorAsync(".chair-log");
    }

    private static Task Press(IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true }).ClickAsync();

    private static async Task FitsOneScreen(IPage page) =>
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollHeight <= window.innerHeight"), "The chair scrolls on a tablet.");

    private static async Task NoViolations(IPage page)
    {
        var result = await page.RunAxe(new AxeRunOptions());
        Assert.True(result.Violations.Length == 0, string.Join("; ", result.Violations.Select(v => $"{v.Id}: {string.Join(", ", v.Nodes.Select(n => n.Html))}")));
    }
}
