using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>Options on the patient's own model, as a lead weighs them and takes one over.</summary>
public sealed class PlanJourneyTests(RolesSite site, Chromium chromium) : IClassFixture<RolesSite>
{
    [Fact]
    public async Task A_lead_moves_the_dose_sees_other_options_and_chooses_one_that_becomes_the_order()
    {
        var patient = await Scored("WEIGH-1");
        var page = await chromium.Open(site, await site.SessionOf(site.Lead));
        await page.GotoAsync($"/patients/{patient.Id}/course/new");
        var own = page.Locator(".options .is-own").First;
        await Expect(own).ToContainTextAsync("0.5");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What this rests on" })).ToBeVisibleAsync();
        await page.ShouldBeAccessible();
        await page.ShouldFitTheWindow();
        await page.Picture("options-desktop");
        await page.SetViewportSizeAsync(Chromium.Phone.Width, Chromium.Phone.Height);
        await page.ShouldFitTheWindow();
        await page.SetViewportSizeAsync(Chromium.Desktop.Width, Chromium.Desktop.Height);

        var before = await own.Locator("td").AllInnerTextsAsync();
        await page.Locator("#dose").FillAsync("0.2");
        await Expect(own).ToContainTextAsync("0.2");
        Assert.NotEqual(before, await own.Locator("td").AllInnerTextsAsync(), StringComparer.Ordinal);

        var efficient = page.Locator(".plan-options > .table-scroll tbody tr").Filter(new() { HasText = "efficient" }).Filter(new() { Has = page.GetByRole(AriaRole.Button) }).First;
        var name = (await efficient.Locator("th span").Last.InnerTextAsync()).Trim();
        await efficient.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Locator(".plan-status")).ToContainTextAsync(name);
        var dose = name.Split('\u202F', ' ')[0];
        await Expect(page.Locator("#dose")).ToHaveValueAsync(dose);
        await Expect(page.Locator(".plan-order .working li").First).ToContainTextAsync(dose);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as order" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Course of");
        await Expect(page.Locator(".working li").First).ToContainTextAsync(dose);
        await Expect(page.Locator(".chart-sentence").First).ToContainTextAsync("Forecast, with the");
        await Expect(page.Locator(".plot-wide .band").First).ToBeVisibleAsync();
        await Expect(page.Locator(".chart-numbers tbody tr").Filter(new() { HasText = "PHQ-9, forecast" })).Not.ToHaveCountAsync(0);
        await page.ShouldBeAccessible();
        await page.Picture("course-forecast");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_route_without_data_says_so_and_a_profile_that_no_order_holds_is_only_compared()
    {
        var patient = await Scored("WEIGH-2");
        var page = await chromium.Open(site, await site.SessionOf(site.Nurse));
        await page.GotoAsync($"/patients/{patient.Id}/course/new");
        var own = page.Locator(".options .is-own").First;
        await page.Locator("#route").SelectOptionAsync("Oral");
        await Expect(own).ToContainTextAsync("No numbers:");
        await page.Locator("#route").SelectOptionAsync("IntravenousInfusion");
        await page.GetByText("Target-controlled").ClickAsync();
        await Expect(own).ToContainTextAsync("compare only");
        await page.Locator("#target").FillAsync("5");
        await Expect(page.Locator("#target-problem")).ToContainTextAsync("Enter 10 to 1000");
        await page.GotoAsync("/model-check");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("How the forecasts have done");
        await page.ShouldBeAccessible();
        await page.Context.CloseAsync();
    }

    private async Task<Patient> Scored(string number)
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient(number, "Whitebeam"));
        await site.With(services => new FollowUp(services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>(), new Actor(site.Lead.Id, site.Lead.DisplayName, ClinicRole.Lead))
            .RecordPhq9(patient.Id, new Phq9Form(Guid.CreateVersion7(), [2, 2, 2, 2, 2, 2, 2, 2, 0])));
        return patient;
    }
}
