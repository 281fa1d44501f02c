using Euthymia.Clinic;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Hosting;
using Euthymia.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests.Keeping;

/// <summary>Two leads change a limit, and the pages that tell of it and of the server, in a browser.</summary>
public sealed class RuleChangeJourneyTests(KeepingSite site, Chromium chromium) : IClassFixture<KeepingSite>
{
    [Fact]
    public async Task One_lead_proposes_and_another_approves()
    {
        var first = await chromium.Open(site, await site.SessionOf(site.Lead));
        await first.GotoAsync("/clinic");
        await first.ShouldBeAccessible();
        await first.GetByRole(AriaRole.Link, new() { Name = "Changed limits" }).ClickAsync();
        await Expect(first.Locator(".empty").First).ToContainTextAsync("This clinic has one lead who can sign in. A second one is needed");
        await first.ShouldBeAccessible();

        await first.GetByLabel("Limit", new() { Exact = true }).SelectOptionAsync("MON-05/systolic");
        await first.GetByLabel("New value").FillAsync("400");
        await first.GetByLabel("Why").FillAsync("Older patients");
        await first.GetByRole(AriaRole.Button, new() { Name = "Propose" }).ClickAsync();
        await Expect(first.Locator("#value-problem")).ToContainTextAsync("must be between");
        await first.ShouldBeAccessible();
        await first.GetByLabel("New value").FillAsync("160");
        await first.GetByRole(AriaRole.Button, new() { Name = "Propose" }).ClickAsync();
        await Expect(first.Locator(".rule-changes .change")).ToContainTextAsync("160");
        await Expect(first.GetByRole(AriaRole.Button, new() { Name = "Approve" })).ToHaveCountAsync(0); // not one's own

        var second = await chromium.Open(site, await site.SessionOf(await site.AddAccount("lead.two", ClinicRole.Lead)), Chromium.Phone, ColorScheme.Dark, script: false);
        await second.GotoAsync("/today");
        await second.GetByRole(AriaRole.Link, new() { Name = "Read and answer" }).ClickAsync();
        await Expect(second.Locator("main")).Not.ToContainTextAsync("has one lead");
        await second.ShouldFitTheWindow();
        await second.Picture("rule-changes-phone");
        Assert.Equal(165, await Systolic());
        await second.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Expect(second.Locator("#answered + .table-wrap")).ToContainTextAsync("approved by Test lead.two");
        Assert.Equal(160, await Systolic());
    }

    [Fact]
    public async Task Little_room_is_said_calmly_and_too_little_plainly()
    {
        var lead = await chromium.Open(site, await site.SessionOf(site.Lead));
        try
        {
            foreach (var (gigabytes, words) in new[] { (8L, "Little room"), (4L, "almost full") })
            {
                site.Space = KeepingSite.Plenty with { Free = gigabytes << 30 };
                site.Services.GetRequiredService<DiskWatch>().Look();
                foreach (var address in new[] { "/today", "/room", "/clinic/server" })
                {
                    await lead.GotoAsync(address);
                    await Expect(lead.Locator(".is-machine").First).ToContainTextAsync(words);
                    await lead.ShouldBeAccessible();
                    await lead.ShouldFitTheWindow();
                }
            }
        }
        finally
        {
            site.Space = KeepingSite.Plenty;
            site.Services.GetRequiredService<DiskWatch>().Look();
        }

        await lead.GotoAsync("/clinic/server");
        await Expect(lead.Locator("dl.facts")).ToContainTextAsync("50 % free, 53.7 of 107.4 GB");
        await Expect(lead.Locator(".is-machine")).ToHaveCountAsync(0);
    }

    private Task<decimal> Systolic() => site.With(async services => (await ClinicRules.Settings(services.GetRequiredService<ClinicDb>())).Value(RuleBook.Get("MON-05"), "systolic"));
}
