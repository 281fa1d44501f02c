using Euthymia.Web.Tests.Hosting;
using Microsoft.Playwright;

namespace Euthymia.Web.Tests;

/// <summary>The frame around all pages in a real browser: themes, phone, keyboard, no script.</summary>
public sealed class ShellJourneyTests(RolesSite site, Chromium chromium) : IClassFixture<RolesSite>
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Sign_in_Today_and_an_unknown_address_are_accessible_on_desktop_and_phone(ColorScheme scheme)
    {
        foreach (var (size, viewport) in new[] { ("desktop", Chromium.Desktop), ("phone", Chromium.Phone) })
        {
            var page = await chromium.Open(site, viewport: viewport, scheme: scheme);
            await Check(page, "/sign-in", $"sign-in-{size}-{scheme}");
            await page.Context.CloseAsync();
            var signedIn = await chromium.Open(site, await site.SessionOf(site.Lead), viewport, scheme);
            await Check(signedIn, "/today", $"today-empty-{size}-{scheme}");
            await Check(signedIn, "/no-such-page", $"not-found-{size}-{scheme}");
            await signedIn.Context.CloseAsync();
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light, false)]
    [InlineData(ColorScheme.Dark, true)]
    public async Task The_pages_of_patients_clinic_and_account_are_accessible(ColorScheme scheme, bool phone)
    {
        var (size, viewport) = phone ? ("phone", Chromium.Phone) : ("desktop", Chromium.Desktop);
        var page = await chromium.Open(site, await site.SessionOf(site.Lead), viewport, scheme);
        await Check(page, "/patients", $"patients-{size}");
        await Check(page, "/patients/new", $"patient-new-{size}");
        await Check(page, $"/patients/{site.Patient.Id}", $"patient-{size}");
        await Check(page, $"/patients/{site.Patient.Id}/edit", $"patient-edit-{size}");
        await Check(page, "/clinic", $"clinic-{size}");
        await Check(page, "/account", $"account-{size}");

        await page.GotoAsync("/patients/new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the patient" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).GetByText("Not saved yet").WaitForAsync();
        await page.Picture($"patient-new-refused-{size}");
        await page.ShouldFitTheWindow();
        await page.ShouldBeAccessible();
        await page.Context.CloseAsync();

        var own = await chromium.Open(site, await site.SessionOf(site.PatientAccount), viewport, scheme);
        await Check(own, "/my", $"my-{size}");
        await own.Context.CloseAsync();
    }

    [Fact]
    public async Task A_nurse_signs_in_and_out_by_keyboard_and_the_browser_refuses_nothing()
    {
        var page = await chromium.Open(site);
        var refused = new List<string>();
        page.Console += (_, message) =>
        {
            if (string.Equals(message.Type, "error", StringComparison.Ordinal))
                refused.Add(message.Text);
        };
        await page.GotoAsync("/");
        await page.GetByLabel("Name or mail address").FillAsync("nurse.one");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(ClinicSite.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Today" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();
        Assert.Empty(refused); // the content security policy reports what it blocks here
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_chosen_theme_stays_and_needs_no_script()
    {
        var page = await chromium.Open(site, scheme: ColorScheme.Light, script: false);
        await page.GotoAsync("/sign-in");
        var light = await Background(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await page.GotoAsync("/sign-in");
        Assert.False(string.Equals(light, await Background(page), StringComparison.Ordinal), "The page looks the same in the dark.");
        Assert.Equal("dark", await page.Locator("html").GetAttributeAsync("data-theme"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_script_the_first_thing_reached_by_keyboard_is_the_way_past_the_navigation()
    {
        var page = await chromium.Open(site, await site.SessionOf(site.Nurse), script: false);
        await page.GotoAsync("/today");
        await page.Keyboard.PressAsync("Tab");
        var focused = page.Locator(":focus");
        Assert.Equal("Skip to the content", await focused.InnerTextAsync());
        Assert.EndsWith("#content", await focused.EvaluateAsync<string>("a => a.href"), StringComparison.Ordinal);
        Assert.Equal("/today", await focused.EvaluateAsync<string>("a => new URL(a.href).pathname")); // a base address must not send it elsewhere
        await page.Context.CloseAsync();
    }

    private static async Task Check(IPage page, string path, string picture)
    {
        await page.GotoAsync(path);
        await page.Picture(picture.ToLowerInvariant());
        await page.ShouldFitTheWindow();
        await page.ShouldBeAccessible();
    }

    // Style can be read without script of the page: Playwright evaluates outside of it.
    private static Task<string> Background(IPage page) => page.Locator("body").EvaluateAsync<string>("b => getComputedStyle(b).backgroundColor");
}
