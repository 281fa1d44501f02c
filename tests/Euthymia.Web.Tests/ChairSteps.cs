using Euthymia.Clinic;
using Euthymia.Clinic.Tests;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>What people do at the chair, step by step, and what the server's database holds then.</summary>
internal static class ChairSteps
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Guid> StartedVisit(ServerProcess server, string number, string chair)
    {
        var visit = await NewVisit(server, number, chair);
        await StartPrepared(server, visit);
        return visit;
    }

    public static async Task StartPrepared(ServerProcess server, Guid visitId)
    {
        await using var db = server.Database();
        var visit = await db.Visits.AsNoTracking().SingleAsync(v => v.Id == visitId, Cancel);
        await PreparedVisit.Fill(db, TimeProvider.System, Lead, Lead with { AccountId = Guid.CreateVersion7(), Name = "Test second" }, visit);
        await PreparedVisit.Start(db, TimeProvider.System, Lead, visit);
    }

    private static Actor Lead { get; } = new(Guid.CreateVersion7(), "Test", ClinicRole.Lead);

    public static async Task<Guid> NewVisit(ServerProcess server, string number, string chair)
    {
        await using var db = server.Database();
        var patient = await new PatientRegister(db, TimeProvider.System, Lead).Add(
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
        await Admission.Of(db, TimeProvider.System.GetUtcNow(), patient.Id);
        var course = await new CoursePlanner(db, TimeProvider.System, Lead).Save(patient.Id, new OrderForm(), Cancel);
        var visits = await new VisitLog(db, TimeProvider.System, Lead).Schedule(course.Id, new TimeOnly(3, number.Length), chair, Cancel);
        return visits[0].Id;
    }

    public static async Task<Guid> Running(ServerProcess server)
    {
        await using var db = server.Database();
        return (await db.Visits.OrderBy(v => v.Id).FirstAsync(v => v.RunningPatientId != null, Cancel)).Id;
    }

    public static async Task<List<VisitEvent>> Events(ServerProcess server, Guid visit)
    {
        await using var db = server.Database();
        return await db.VisitEvents.AsNoTracking().Where(e => e.VisitId == visit).OrderBy(e => e.Number).ToListAsync(Cancel);
    }

    public static async Task Open(IPage page, Guid visit)
    {
        await page.GotoAsync($"/visits/{visit}");
        await page.WaitForSelectorAsync(".chair-actions button:enabled");
        await Expect(page.Locator("[data-link-words]")).ToContainTextAsync("connected");
    }

    public static async Task Take(IPage page, string systolic, string diastolic)
    {
        await page.ClickAsync("[data-actions] [data-pad=reading]");
        await page.FillAsync("#systolic", systolic);
        await page.FillAsync("#diastolic", diastolic);
        await page.ClickAsync("[data-pad-form=reading] [type=submit]");
        await Expect(page.Locator("[data-pad-form=reading]")).ToBeHiddenAsync();
    }

    public static async Task Key(IPage page, string pad, string digits)
    {
        foreach (var digit in digits)
            await page.TapAsync($"[data-pad-form={pad}] [data-key='{digit}']");
    }

    public static Task Tap(IPage page, string name) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true }).ClickAsync();

    public static Task Submit(IPage page, string pad) => page.ClickAsync($"[data-pad-form={pad}] [type=submit]");

    /// <summary>Tabs on until the element has the focus, as a person without a mouse does.</summary>
    public static async Task FocusOn(IPage page, string selector)
    {
        for (var i = 0; i < 80; i++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement === document.querySelector(selector)", selector))
                return;
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"{selector} cannot be reached with the Tab key.");
    }

    public static async Task FitsOneScreen(IPage page) =>
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollHeight <= window.innerHeight"), $"The chair scrolls on a tablet by {await page.EvaluateAsync<int>("document.documentElement.scrollHeight - window.innerHeight")} px.");
}
