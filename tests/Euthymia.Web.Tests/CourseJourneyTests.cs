using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>From a patient to a planned, scheduled and pictured course, as a lead and a patient do it in a browser.</summary>
public sealed class CourseJourneyTests(RolesSite site, Chromium chromium) : IClassFixture<RolesSite>
{
    [Fact]
    public async Task A_lead_plans_a_course_sees_the_arithmetic_and_schedules_its_visits()
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("PLAN-1", "Planetree"));
        await site.Admit(patient);
        var page = await chromium.Open(site, await site.SessionOf(site.Lead));
        await page.GotoAsync($"/patients/{patient.Id}");
        await page.ShouldBeAccessible();
        await page.GetByRole(AriaRole.Link, new() { Name = "Plan a course" }).ClickAsync();
        await Expect(page.Locator(".plan-values")).ToContainTextAsync("35");
        await page.ShouldBeAccessible();
        await page.ShouldFitTheWindow();
        await page.Picture("plan-desktop");

        await Typed(page, "#dose", "0.4");
        await Expect(page.Locator(".plan-values")).ToContainTextAsync("28\u202Fmg");
        await Expect(page.Locator(".plan-values")).ToContainTextAsync("42\u202FmL/h");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as order" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Course of");

        await page.Locator("#at").FillAsync("10:15");
        await page.GetByRole(AriaRole.Button, new() { Name = "Schedule them" }).ClickAsync();
        await Expect(page.Locator("tbody tr").Filter(new() { HasText = "Scheduled" })).ToHaveCountAsync(6);
        await page.ShouldBeAccessible();
        await page.Picture("course-desktop");
        await page.GotoAsync("/today");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Ash Planetree", Exact = true })).ToBeVisibleAsync();
        foreach (var address in new[] { "/today", "/patients", $"/patients/{patient.Id}", $"/patients/{patient.Id}/edit", "/clinic" })
        {
            await page.GotoAsync(address);
            await page.ShouldBeAccessible();
            await page.SetViewportSizeAsync(Chromium.Phone.Width, Chromium.Phone.Height);
            await page.ShouldFitTheWindow();
            await page.SetViewportSizeAsync(Chromium.Desktop.Width, Chromium.Desktop.Height);
        }

        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("#dose", "5", "dose")]
    [InlineData("#dose", ".5", "dose")]
    [InlineData("#dose", "0,5", "dose")]
    [InlineData("#dose", "", "dose")]
    [InlineData("#duration", "0", "duration")]
    [InlineData("#duration", "4e1", "duration")]
    [InlineData("#concentration", "500", "concentration")]
    [InlineData("#days", "0,0,2", "days")]
    [InlineData("#days", "<b>0</b>", "days")]
    public async Task A_value_that_cannot_be_ordered_is_said_at_its_field_and_nothing_is_stored(string field, string value, string name)
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient(Guid.NewGuid().ToString("N")[..12]));
        var page = await chromium.Open(site, await site.SessionOf(site.Nurse));
        await page.GotoAsync($"/patients/{patient.Id}/plan");
        await Typed(page, field, value);
        await Expect(page.Locator($"#{name}-problem .problem").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as order" }).ClickAsync();
        await Expect(page.Locator($"#{name}-problem .problem").First).ToBeVisibleAsync();
        Assert.Equal(0, await Courses(patient.Id));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_patient_sees_the_own_course_on_a_phone_without_script()
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("PHONE-1", "Pine"));
        await site.With(async services =>
        {
            var actor = new Actor(site.Lead.Id, site.Lead.DisplayName, ClinicRole.Lead);
            var db = services.GetRequiredService<ClinicDb>();
            var time = services.GetRequiredService<TimeProvider>();
            var course = await new CoursePlanner(db, time, actor).Save(patient.Id, new OrderForm());
            return await new FollowUp(db, time, actor).RecordPhq9(patient.Id, new Phq9Form(Guid.NewGuid(), [2, 2, 2, 2, 2, 2, 2, 2, 0]));
        });
        var account = await site.AddAccount("patient.phone", ClinicRole.Patient, patient.Id);
        var page = await chromium.Open(site, await site.SessionOf(account), Chromium.Phone, script: false);
        await page.GotoAsync("/");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Hello, Ash");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "My curve" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Test crisis line 000").First).ToBeVisibleAsync();
        await page.ShouldFitTheWindow();
        await page.Picture("my-phone");
        var staff = await page.GotoAsync($"/patients/{patient.Id}/course");
        Assert.NotEqual(200, staff!.Status);
        await page.Context.CloseAsync();

        var scanned = await chromium.Open(site, await site.SessionOf(account), Chromium.Phone);
        foreach (var address in new[] { "/my", "/my/phq9", "/account" })
        {
            await scanned.GotoAsync(address);
            await scanned.ShouldBeAccessible();
            await scanned.ShouldFitTheWindow();
        }

        await scanned.Context.CloseAsync();
    }

    // The page's boxes open when its circuit is up, so that nothing typed is lost; Playwright waits for that.
    private static Task Typed(IPage page, string field, string value) => page.Locator(field).FillAsync(value);

    private Task<int> Courses(Guid patientId) =>
        site.With(services => services.GetRequiredService<ClinicDb>().Courses.CountAsync(course => course.PatientId == patientId));
}
