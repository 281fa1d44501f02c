using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Clinic.Tests;
using Euthymia.Web.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;
using UglyToad.PdfPig;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>A clinic whose clock the test moves: an infusion of 40 minutes is over when the test says so.</summary>
public sealed class TimedSite : ClinicSite
{
    private int _chairs;

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public Account Lead { get; private set; } = null!;

    public Account Nurse { get; private set; } = null!;

    public Actor LeadActor => new(Lead.Id, Lead.DisplayName, ClinicRole.Lead);

    public Actor NurseActor => new(Nurse.Id, Nurse.DisplayName, ClinicRole.Nurse);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await SetUp();
        Lead = await AddAccount("lead.one", ClinicRole.Lead);
        Nurse = await AddAccount("nurse.one", ClinicRole.Nurse);
        await With(async services =>
        {
            var db = services.GetRequiredService<ClinicDb>();
            var settings = await new ClinicOffice(db).Settings();
            settings.DoseCapMilligrams = 100;
            settings.Chairs = [.. Enumerable.Range(1, 60).Select(i => $"Chair {i}")];
            await new ClinicOffice(db).Save(settings, LeadActor);
            return await new RuleSignatures(db, Clock, LeadActor).Sign([.. RuleBook.All.Where(r => r.MustBeSigned).Select(r => r.Id)]);
        });
    }

    /// <summary>A visit for today of a new patient of 70 kg, at a chair of its own.</summary>
    public Task<Visit> AddVisit(string number, string familyName = "Testwood") => With(async services =>
    {
        var db = services.GetRequiredService<ClinicDb>();
        var patient = await new PatientRegister(db, Clock, LeadActor).Add(AnyPatient(number, familyName));
        await Admission.Of(db, Clock.GetUtcNow(), patient.Id);
        var course = await new CoursePlanner(db, Clock, LeadActor).Save(patient.Id, new OrderForm());
        return (await new VisitLog(db, Clock, LeadActor).Schedule(course.Id, TimeOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime), $"Chair {Interlocked.Increment(ref _chairs)}"))[0];
    });

    public Task<VisitView> View(Guid visit) => With(services => new VisitLog(services.GetRequiredService<ClinicDb>(), Clock, NurseActor).State(visit));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock)));
    }
}

public sealed class VisitSheetJourneyTests(TimedSite site, Chromium chromium) : IClassFixture<TimedSite>
{
    private static readonly ViewportSize Tablet = new() { Width = 1024, Height = 768 };

    [Fact]
    public async Task From_the_go_no_go_sheet_to_the_signature_by_touch()
    {
        var visit = await site.AddVisit("JOURNEY-1");
        var nurse = await chromium.Open(site, await site.SessionOf(site.Nurse), Tablet, touch: true);
        var lead = await chromium.Open(site, await site.SessionOf(site.Lead), Tablet, touch: true);

        await Before(nurse, visit);
        await Drug(nurse, lead, visit);
        site.Clock.Advance(TimeSpan.FromMinutes(41));
        await Ledger(nurse, lead, visit);
        site.Clock.Advance(TimeSpan.FromMinutes(61));
        await Leave(nurse, visit);
        await Sign(nurse, "Recorded", visit);
        await Sign(lead, "Reviewed", visit);
        await Papers(lead, visit);

        var view = await site.View(visit.Id);
        Assert.Equal(VisitPhase.Completed, view.State.Phase);
        Assert.Equal(35.25m, view.State.DoseGiven.Value);
        Assert.Equal(2, view.State.Sheets.Signatures.Count);
        Assert.Null(VisitSeal.FirstBroken(view.Visit.Events));
        await lead.GotoAsync("/clinic/overrides");
        await Expect(lead.Locator("table")).ToContainTextAsync("Tea and toast four hours ago");
        await lead.ShouldBeAccessible();
        await lead.Picture("overrides");
    }

    private async Task Before(IPage nurse, Visit visit)
    {
        await nurse.GotoAsync($"/visits/{visit.Id}/before");
        await Expect(nurse.Locator(".go-banner")).ToContainTextAsync("Not yet");
        await nurse.ShouldBeAccessible();
        await nurse.Picture("before-empty");

        await nurse.FillAsync("#weight", "70,5");
        await Tap(nurse, "#weigh button");
        await Expect(nurse.Locator("#weight-problem")).ToContainTextAsync("Use a point for decimals");
        await nurse.FillAsync("#weight", "155");
        await Tap(nurse, "#weigh button");
        await Expect(nurse.Locator(".summary")).ToContainTextAsync("Pounds and kilograms may have been mixed up");
        await nurse.FillAsync("#weight", "70.5");
        await nurse.FillAsync("#again", "70.6");
        await Tap(nurse, "#weigh button");
        await Expect(nurse.Locator("#again-problem")).ToContainTextAsync("The two weights differ");
        await nurse.GotoAsync($"/visits/{visit.Id}/before");
        await nurse.FillAsync("#weight", "70.5");
        await Tap(nurse, "#weigh button");
        await Expect(nurse.Locator("[aria-label=Weight] p.soft").First).ToContainTextAsync("Weighed 70.5");

        await Read(nurse, "158", "94", "0");
        await Expect(nurse.Locator("#PRE-03")).ToContainTextAsync("Warning");
        await Read(nurse, "136", "84", "0");
        string[] yes = ["name", "birthDate", "consentSigned", "agreesToday", "escortConfirmed", "equipment", "watches", "callButton", "alarmSound"];
        string[] no = ["recreationalDrug", "stimulant", "couldBePregnant", "anyChange"];
        foreach (var id in yes.Select(y => $"#{y}-yes").Concat(no.Select(n => $"#{n}-no")).Concat(["#alcohol-No", "#sedatives-No", "#pressureTablets-NotPrescribed", "#suicideScreen-Negative"]))
            await Tap(nurse, id);
        await nurse.FillAsync("#lifeSupport", "Dr. Rowan");
        await nurse.FillAsync("#lastSolids", Local(-4));
        await nurse.FillAsync("#lastFluids", Local(-3));
        await Tap(nurse, "#answers .save-bar button");
        await Expect(nurse.Locator("#escortName-problem")).ToContainTextAsync("Write the name of the escort");
        await nurse.FillAsync("#escortName", "R. Fern");
        await Tap(nurse, "#answers .save-bar button");
        await Expect(nurse.Locator("#PRE-08")).ToContainTextAsync("Stop");
        await nurse.Picture("sheet-held-up");

        await site.With(services => new FollowUp(services.GetRequiredService<ClinicDb>(), site.Clock, site.NurseActor).RecordPhq9(visit.PatientId, new Phq9Form(Guid.CreateVersion7(), [2, 2, 2, 2, 2, 2, 2, 2, 0])));
        await Tap(nurse, "#PRE-08 .override summary");
        await Tap(nurse, "#PRE-08 .override button");
        await Expect(nurse.Locator(".summary")).ToContainTextAsync("Say why you go on");
        await Tap(nurse, "#PRE-08 .override summary");
        await nurse.FillAsync("#reason-PRE-08", "Tea and toast four hours ago, accepted by Dr. Rowan");
        await Tap(nurse, "#PRE-08 .override button");
        await Expect(nurse.Locator("#PRE-08")).ToContainTextAsync("Overridden by Test nurse.one");
        await Expect(nurse.Locator(".go-banner")).ToContainTextAsync("not assessed"); // the drug
    }

    private async Task Drug(IPage nurse, IPage lead, Visit visit)
    {
        await nurse.GotoAsync($"/visits/{visit.Id}/drug");
        await Expect(nurse.Locator(".working")).ToContainTextAsync("0.5 mg/kg × 70.5 kg = 35.25 mg");
        await nurse.ShouldBeAccessible();
        await nurse.FillAsync("#vial", "V-12");
        await nurse.FillAsync("#lot", "LOT-9");
        await nurse.FillAsync("#expiry", "2020-01-01");
        await nurse.FillAsync("#vialStrength", "50");
        await nurse.FillAsync("#vialVolume", "10");
        await nurse.FillAsync("#drawn", ".71");
        await nurse.FillAsync("#total", "35.5");
        await Tap(nurse, "#labelSaysBase-yes");
        await Tap(nurse, "#barbiturate-no");
        await Tap(nurse, "#prepare button");
        await Expect(nurse.Locator("#drawn-problem")).ToContainTextAsync("Write a zero before the point");
        await nurse.FillAsync("#drawn", "0.71");
        await Tap(nurse, "#prepare button");
        await Expect(nurse.Locator("#expiry-problem")).ToContainTextAsync("expired");
        await nurse.FillAsync("#expiry", site.Clock.GetUtcNow().AddMonths(6).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await Tap(nurse, "#prepare button");
        await Expect(nurse.Locator("[aria-labelledby=ledger]")).ToContainTextAsync("500 mg");

        await Pump(nurse, "70.5", "1", "35.25", "35.25"); // the dose in the field of the rate
        await Expect(nurse.Locator("#rate-problem")).ToContainTextAsync("52.88 mL/h");
        await Pump(nurse, "70.5", "1", "52.88", "35.25");
        await Expect(nurse.Locator(".checks")).ToContainTextAsync("First: Test nurse.one");
        await Expect(nurse.Locator("#start")).ToContainTextAsync("up the start");

        await lead.GotoAsync($"/visits/{visit.Id}/drug");
        await Expect(lead.Locator("body")).Not.ToContainTextAsync("52.88");
        await lead.Picture("drug-second");
        await Pump(lead, "70.5", "1", "58.2", "35.25");
        await Expect(lead.Locator(".checks")).ToContainTextAsync("differ by more than 2 %");
        await Expect(lead.Locator("#start")).ToContainTextAsync("up the start");
        await Pump(lead, "70.5", "1", "52.88", "35.25");
        await Expect(lead.Locator("#start .echo")).ToContainTextAsync("35.25 mg = 0.5 mg/kg × 70.5 kg = 35.25 mL of 1 mg/mL over 40 min at 52.88 mL/h");
        await lead.ShouldBeAccessible();

        await nurse.GotoAsync($"/visits/{visit.Id}/drug");
        await nurse.Picture("drug-ready");
        await nurse.FillAsync("#startRate", "5.288");
        await Tap(nurse, "#start-infusion button");
        await Expect(nurse.Locator(".summary")).ToContainTextAsync("The order works out to 52.88 mL/h");
        await nurse.FillAsync("#startRate", "52.88");
        await Tap(nurse, "#start-infusion button");
        await Expect(nurse.Locator(".chair-numbers")).ToContainTextAsync("52.88");
    }

    private static async Task Ledger(IPage nurse, IPage lead, Visit visit)
    {
        await nurse.GotoAsync($"/visits/{visit.Id}/drug");
        await nurse.FillAsync("#returned", "464.5");
        await nurse.FillAsync("#where", "Safe, same vial");
        await Tap(nurse, "#return button");
        await nurse.FillAsync("#amount", "500");
        await nurse.FillAsync("#how", "absorbing bottle");
        await Tap(nurse, "#waste button");
        await Expect(nurse.Locator("#amount-problem")).ToContainTextAsync("Only 0.25 mg are left");
        await nurse.FillAsync("#amount", "0.25");
        await Tap(nurse, "#waste button");
        await Expect(nurse.Locator("[aria-labelledby=ledger]")).ToContainTextAsync("witness wanted");
        await lead.GotoAsync($"/visits/{visit.Id}/drug");
        await Tap(lead, "[aria-labelledby=ledger] li button");
        await Expect(lead.Locator("[aria-labelledby=ledger]")).ToContainTextAsync("witnessed by Test lead.one");
        await lead.ShouldBeAccessible();
        await lead.Picture("drug-ledger");
    }

    private async Task Leave(IPage nurse, Visit visit)
    {
        await nurse.GotoAsync($"/visits/{visit.Id}/after");
        await Expect(nurse.Locator(".go-banner")).ToContainTextAsync("not assessed");
        await nurse.ShouldBeAccessible();
        await Tap(nurse, "#complete button");
        await Expect(nurse.Locator(".summary")).ToContainTextAsync("Recovery score: not assessed");
        await Read(nurse, "140", "86", "0");
        await Tap(nurse, "#aldrete button");
        await Expect(nurse.Locator(".summary")).ToContainTextAsync("Choose 0, 1 or 2");
        foreach (var item in new[] { "activity", "breathing", "circulation", "consciousness", "saturation" })
            await Tap(nurse, $"#{item}-2");
        await Tap(nurse, "#aldrete button");
        foreach (var item in new[] { "vitalSigns", "walking", "nauseaAndVomiting", "pain", "bleeding" })
            await Tap(nurse, $"#{item}-2");
        await Tap(nurse, "#pads button");
        foreach (var item in new[] { "oriented", "steadyGait", "onRoomAir", "lineRemoved", "suicideRiskRechecked", "handedToEscort", "drivingToldPatient", "drivingToldEscort", "instructionsGiven", "lateEffectsExplained" })
            await Tap(nurse, $"#{item}-yes");
        await nurse.Picture("after-answers");
        await Tap(nurse, "#leaving button");
        await Expect(nurse.Locator(".go-banner")).ToContainTextAsync("May leave");
        await Tap(nurse, "#complete button");
        await Expect(nurse.Locator(".go-banner")).ToContainTextAsync("Completed");
    }

    private static async Task Sign(IPage page, string meaning, Visit visit)
    {
        await page.GotoAsync($"/visits/{visit.Id}/after");
        await Tap(page, "#sign button");
        await Expect(page.Locator(".summary")).ToContainTextAsync("Choose what your signature means");
        await Tap(page, $"#meaning-{meaning}");
        await Tap(page, "#sign button");
        await Expect(page.Locator("#sign ul")).ToContainTextAsync(string.Equals(meaning, "Reviewed", StringComparison.Ordinal) ? "I have read this record" : "I made this record");
        await page.ShouldBeAccessible();
        await page.Picture("after-signed");
    }

    private async Task Papers(IPage lead, Visit visit)
    {
        var totals = VisitTotals.Of((await site.View(visit.Id)).State);
        Assert.Equal("35.25mg", Squeezed(totals.Given.ToString()));
        using var visitor = await site.VisitAs(site.Lead);
        foreach (var kind in Enum.GetValues<VisitDocumentKind>().Select(k => k.ToString().ToLowerInvariant()))
        {
            await lead.GotoAsync($"/visits/{visit.Id}/papers/{kind}");
            await Expect(lead.Locator(".paper")).ToContainTextAsync(totals.Given.ToString());
            await lead.ShouldBeAccessible();
            await lead.Picture($"paper-{kind}");
            var answer = await lead.APIRequest.GetAsync($"/visits/{visit.Id}/papers/{kind}/pdf");
            Assert.Equal("application/pdf", answer.Headers["content-type"]);
            using var pdf = PdfDocument.Open(await answer.BodyAsync());
            var text = string.Join(' ', pdf.GetPages().SelectMany(p => p.GetWords()).Select(w => w.Text));
            Assert.Contains($"Dosegiven{Squeezed(totals.Given.ToString())}", Squeezed(text), StringComparison.Ordinal);
            Assert.Contains("AshTestwood", Squeezed(text), StringComparison.Ordinal);
            if (kind is "note" or "ledger")
                Assert.Contains("Notaccountedfor0mg", Squeezed(text), StringComparison.Ordinal);
            if (kind is "note" or "infusion")
                Assert.Contains($"Volumegiven{Squeezed(totals.Volume.ToString())}", Squeezed(text), StringComparison.Ordinal);
        }

        foreach (var (name, size, scheme) in new[] { ("phone", Chromium.Phone, ColorScheme.Light), ("dark", Tablet, ColorScheme.Dark), ("desktop", Chromium.Desktop, ColorScheme.Light) })
        {
            foreach (var sheet in new[] { "before", "drug", "after", "papers", "log" })
            {
                var page = await chromium.Open(site, await site.SessionOf(site.Lead), size, scheme);
                await page.GotoAsync($"/visits/{visit.Id}/{sheet}");
                await page.ShouldFitTheWindow();
                if (scheme == ColorScheme.Dark)
                    await page.ShouldBeAccessible(); // contrast; the light theme was judged on the way
                await page.Picture($"{sheet}-{name}");
                await page.Context.CloseAsync();
            }
        }
    }

    // A PDF keeps no spaces, only positions; the thin space between number and unit is none of a reader's concern.
    private static string Squeezed(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static async Task Read(IPage page, string systolic, string diastolic, string dissociation)
    {
        foreach (var (field, value) in new[] { ("systolic", systolic), ("diastolic", diastolic), ("heartRate", "68"), ("oxygenSaturation", "98"), ("respiratoryRate", "14"), ("sedation", "5"), ("dissociation", dissociation), ("nausea", "0") })
            await page.FillAsync($"#{field}", value);
        await Tap(page, "#reading button");
        await Expect(page.Locator("#systolic")).ToHaveValueAsync("");
    }

    private static async Task Pump(IPage page, string weight, string concentration, string rate, string volume)
    {
        await page.FillAsync("#weight", weight);
        await page.FillAsync("#concentration", concentration);
        await page.FillAsync("#rate", rate);
        await page.FillAsync("#volume", volume);
        await Tap(page, "#pump button");
    }

    private static Task Tap(IPage page, string selector) => page.Locator(selector).First.TapAsync();

    private string Local(int hours) => site.Clock.GetUtcNow().AddHours(hours).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
}
