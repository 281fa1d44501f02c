using Euthymia.Clinic;
using Euthymia.Web.Tests.Hosting;
using Microsoft.Playwright;
using static Euthymia.Web.Tests.ChairSteps;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>A nurse doubts a reading at the chair, with and without the server, and takes it back (hazard H28).</summary>
public sealed class DoubtJourneyTests(ChairFixture clinic) : IClassFixture<ChairFixture>
{
    private const string TooSmall = "[...document.querySelectorAll('[data-pad-form=doubt] button, .log-doubt')].filter(b => b.offsetParent && Math.min(b.getBoundingClientRect().width, b.getBoundingClientRect().height) < 48).map(b => b.textContent)";

    [Fact]
    public async Task A_reading_is_doubted_by_touch_also_while_the_server_is_away_and_the_doubt_is_withdrawn()
    {
        var visit = await StartedVisit(clinic.Server, "DOUBT", "Chair 2");
        var page = await clinic.SignedIn("nurse", touch: true);
        await Open(page, visit);
        await Take(page, "148", "86");
        var tile = page.Locator(".chair-readings dl > div").First;
        await Expect(tile).ToContainTextAsync("148/86");

        // From the line of the log; nothing but the reading that was tapped is chosen.
        Assert.Empty(await page.EvaluateAsync<string[]>(TooSmall));
        await page.Locator(".chair-log li", new PageLocatorOptions { HasText = "BP 148/86" }).Locator(".log-doubt").TapAsync();
        await Expect(Pressed(page)).ToHaveCountAsync(1);
        await Expect(Pressed(page)).ToContainTextAsync("BP 148/86");
        await Submit(page, "doubt");
        await Expect(page.Locator("#doubt-part-problem")).ToBeVisibleAsync();
        await Expect(page.Locator("#doubt-cause-problem")).ToBeVisibleAsync();
        await page.ShouldBeAccessible();
        Assert.Empty(await page.EvaluateAsync<string[]>(TooSmall));
        await page.Picture("doubt-pad-problems");
        await Choose(page, "BP");
        await Choose(page, "motion");
        await page.Picture("doubt-pad");
        await Submit(page, "doubt");
        await Expect(tile).ToContainTextAsync("148/86 at");
        await Expect(tile).ToContainTextAsync("doubted");
        await Expect(tile.Locator("b")).Not.ToContainTextAsync("148");
        await Expect(page.Locator(".chair-log")).ToContainTextAsync("doubted: BP: motion");
        await page.ShouldBeAccessible();
        await page.Picture("doubt-chair");
        await FitsOneScreen(page);
        Assert.Equal(ReadingPart.Pressure, Assert.IsType<ReadingDoubted>((await Events(clinic.Server, visit))[^1].Entry).Part);

        // Taken back at once: both stay in the log, and the value counts again.
        await Tap(page, "Undo");
        await Expect(tile.Locator("b")).ToContainTextAsync("148/86");
        Assert.Null(Assert.IsType<Amended>((await Events(clinic.Server, visit))[^1].Entry).Replacement);

        // Without the server: a reading that only this device has, and its doubt.
        await page.Context.SetOfflineAsync(true);
        await Take(page, "166", "91");
        await Tap(page, "More");
        await Tap(page, "Doubt a reading");
        await page.Locator("[data-doubt-readings] button", new PageLocatorOptions { HasText = "BP 166/91, not saved yet" }).TapAsync();
        await Choose(page, "whole set");
        await Choose(page, "other");
        await Submit(page, "doubt");
        await Expect(page.Locator("[data-pad-form=doubt] [data-field=words] .problem")).ToBeVisibleAsync();
        await page.FillAsync("#doubtWords", "wrong arm");
        await Submit(page, "doubt");
        await Expect(page.Locator("[data-outbox]")).ToContainTextAsync("doubted whole set, wrong arm");
        await page.Picture("doubt-away");
        await Expect(page.Locator("[data-pad-form=doubt]")).ToBeHiddenAsync();
        await page.Context.SetOfflineAsync(false);
        await Expect(page.Locator("[data-outbox]")).ToBeHiddenAsync();
        await Expect(page.Locator(".chair-log")).ToContainTextAsync("doubted: whole set: wrong arm");
        await Expect(tile.Locator("b")).ToContainTextAsync("148/86");
        var events = await Events(clinic.Server, visit);
        var doubt = Assert.IsType<ReadingDoubted>(events[^1].Entry);
        Assert.Equal(new Clinic.Observed(new Readings(166, 91)), events.Single(e => e.Id == doubt.EventId).Entry);

        // Withdrawn in the log, by keyboard.
        await page.GotoAsync($"/visits/{visit}/log");
        await page.ShouldBeAccessible();
        await page.Picture("doubt-log");
        await page.GotoAsync($"/visits/{visit}/log/{doubt.EventId}/doubt");
        await page.ShouldBeAccessible();
        await page.Picture("doubt-page");
        await page.GotoAsync($"/visits/{visit}/log/{events[^1].Id}");
        await page.FillAsync("#correctionReason", "it was the right arm");
        await FocusOn(page, "button[value=withdraw]");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/visits/{visit}/log");
        await Open(page, visit);
        await Expect(page.Locator(".chair-readings dl > div").First.Locator("b")).ToContainTextAsync("166/91");
        await page.SetViewportSizeAsync(390, 844);
        await page.Picture("doubt-chair-phone");
        await Tap(page, "More");
        await Tap(page, "Doubt a reading");
        await page.Locator("[data-doubt-readings] button").First.TapAsync();
        Assert.Empty(await page.EvaluateAsync<string[]>(TooSmall));
        await page.ShouldBeAccessible();
        await page.Picture("doubt-pad-phone");
    }

    private static ILocator Pressed(IPage page) => page.Locator("[data-pad-form=doubt] [aria-pressed=true]");

    private static Task Choose(IPage page, string name) => page.Locator("[data-pad-form=doubt]").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name, Exact = true }).TapAsync();
}
