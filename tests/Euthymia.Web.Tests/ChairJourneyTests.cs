using Euthymia.Clinic;
using Euthymia.Clinic.Tests;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Euthymia.Web.Tests.ChairSteps;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>A visit as a nurse does it: by touch, by keyboard, on a phone, with a colleague, and with the server gone in the middle.</summary>
public sealed class ChairJourneyTests(ChairFixture clinic) : IClassFixture<ChairFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_whole_visit_by_touch()
    {
        var visit = await NewVisit(clinic.Server, "TOUCH", "Chair 1");
        var page = await clinic.SignedIn("nurse", touch: true);
        await Open(page, visit);
        await page.ShouldBeAccessible();
        await FitsOneScreen(page);
        await page.Picture("chair-before-tablet");

        await Tap(page, "Reading");
        await page.ShouldBeAccessible();
        await FitsOneScreen(page);
        await page.Picture("chair-reading-tablet");
        foreach (var input in await page.Locator(".vitals input").AllAsync())
            Assert.Equal("", await input.InputValueAsync());
        await page.FillAsync("#systolic", "999");
        await Tap(page, "Save reading");
        await Expect(page.Locator("#systolic-problem")).ToContainTextAsync("not possible here");
        Assert.Empty(await Events(clinic.Server, visit));
        await page.TapAsync("[data-pad-form=reading] [data-back]");
        await Tap(page, "Reading");
        await Key(page, "reading", "128817298"); // the pad goes on by itself
        await page.TapAsync("[aria-label='Sedation 5']");
        await page.TapAsync("[aria-label='Dissociation 0']");
        await Tap(page, "Save reading");
        await Expect(page.Locator(".chair-log li")).ToContainTextAsync("BP 128/81 · HR 72 · SpO2 98 % · sedation 5 · dissociation 0 of 4");

        await Expect(page.Locator(".chair-actions a:visible")).ToHaveTextAsync(["Go / no-go", "Drug and start"]);
        await StartPrepared(clinic.Server, visit); // by two people at other screens; this page shows it by itself
        await Expect(page.Locator(".chair-numbers")).ToContainTextAsync("52.5");
        await Expect(page.Locator(".chair-forecast")).ToContainTextAsync("Expected highest: systolic"); // behind the readings, and said to be expected
        await FitsOneScreen(page);

        await Tap(page, "Change rate");
        await Key(page, "rate", "45");
        await page.FillAsync("#rateReason", "light-headed");
        await Submit(page, "rate");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("light-headed");
        await Tap(page, "Side effect");
        await page.Picture("chair-effect-tablet");
        await page.ShouldBeAccessible();
        await Submit(page, "effect");
        await Expect(page.Locator("#grade-problem")).ToContainTextAsync("Choose how bad");
        foreach (var choice in new[] { "Nausea", "moderate", "5 min", "ongoing" })
            await page.Locator("[data-pad-form=effect]").GetByText(choice, new LocatorGetByTextOptions { Exact = true }).TapAsync();
        await page.FillAsync("#effectAction", "<b id=\"injected\">slowed</b>");
        await Submit(page, "effect");
        await Expect(page.Locator(".chair-effects")).ToContainTextAsync("Nausea, moderate");
        Assert.Equal(0, await page.Locator("#injected").CountAsync());

        await Tap(page, "More");
        await page.TapAsync("[data-pad-form=more] [data-pad=drug]");
        await page.FillAsync("#drugName", "ondansetron");
        await page.FillAsync("#drugAmount", "4");
        foreach (var choice in new[] { "mg", "intravenous" })
            await page.Locator("[data-pad-form=drug]").GetByText(choice, new LocatorGetByTextOptions { Exact = true }).TapAsync();
        await page.FillAsync("#orderedBy", "Dr. L. Ginkgo");
        await page.ShouldBeAccessible();
        await page.Picture("chair-drug-tablet");
        await Submit(page, "drug");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("ondansetron 4 mg intravenous, ordered by Dr. L. Ginkgo");
        await page.Locator(".chair-effects button").TapAsync();
        await Expect(page.Locator(".chair-effects")).ToHaveCountAsync(0);
        await page.Picture("chair-running-tablet");
        await page.ShouldBeAccessible();
        await FitsOneScreen(page);

        await Tap(page, "Pause");
        await Submit(page, "pause");
        await Tap(page, "Resume infusion");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("resumed");
        await Tap(page, "Stop");
        await Submit(page, "stop");
        await page.GetByRole(AriaRole.Link, new() { Name = "Discharge" }).TapAsync();
        await Expect(page.Locator(".go-banner")).ToContainTextAsync("Not yet");
        var events = await Events(clinic.Server, visit);
        Assert.Equal(15, events.Count);
        Assert.Null(VisitSeal.FirstBroken(events));
    }

    /// <summary>Touches as a gloved hand makes them: the pad opens, a rating is one touch, a number is its digits and goes on by itself.</summary>
    [Fact]
    public async Task A_single_rating_takes_three_touches_and_a_set_of_vitals_eleven()
    {
        var visit = await StartedVisit(clinic.Server, "TAPS", "Chair 2");
        var page = await clinic.SignedIn("nurse", touch: true);
        await Open(page, visit);
        await page.EvaluateAsync("() => { window.touches = 0; addEventListener('touchstart', () => window.touches++); document.querySelector('main').insertAdjacentHTML('beforebegin', '<p class=demo-banner>Demo clinic. Every patient is synthetic.</p>'); }");
        await FitsOneScreen(page);
        await page.TapAsync("[data-actions] [data-pad=reading]");
        await FitsOneScreen(page); // with the demo's banner, too
        var small = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('[data-pad-form=reading] button')].filter(b => b.offsetParent && Math.min(b.offsetWidth, b.offsetHeight) < 48).map(b => b.textContent)");
        Assert.Empty(small);
        await page.Picture("chair-reading-demo-tablet");
        await page.TapAsync("[aria-label='Sedation 4']");
        await page.TapAsync("[data-pad-form=reading] [type=submit]");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("sedation 4");
        Assert.Equal(3, await page.EvaluateAsync<int>("window.touches"));

        await page.TapAsync("[data-actions] [data-pad=reading]");
        await Key(page, "reading", "128817298");
        await page.TapAsync("[data-pad-form=reading] [type=submit]");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("BP 128/81 · HR 72 · SpO2 98 %");
        Assert.Equal(3 + 11, await page.EvaluateAsync<int>("window.touches"));
    }

    /// <summary>Hazard H11: a browser's language changes neither what is read nor what is shown.</summary>
    [Fact]
    public async Task A_decimal_is_the_same_in_every_browser_language()
    {
        var visit = await StartedVisit(clinic.Server, "LANG", "Chair 4");
        string[] languages = ["de-DE", "fr-FR", "ar-EG", "fa-IR", "hi-IN"];
        for (var i = 0; i < languages.Length; i++)
        {
            var page = await clinic.SignedIn("nurse", locale: languages[i]);
            await Open(page, visit);
            await Tap(page, "Change rate");
            await page.FillAsync("#newRate", $"45,{i + 1}");
            await Submit(page, "rate");
            await Expect(page.Locator("[data-pad-form=rate] [data-field=rate] .problem")).ToContainTextAsync("Use a point");
            await page.FillAsync("#newRate", $"45.{i + 1}");
            await Submit(page, "rate");
            await Expect(page.Locator(".chair-log li").First).ToContainTextAsync($"rate 45.{i + 1}");
            await page.Context.CloseAsync();
        }

        Assert.Equal([45.1m, 45.2m, 45.3m, 45.4m, 45.5m], (await Events(clinic.Server, visit)).Select(e => e.Entry).OfType<RateChanged>().Select(r => r.Rate.Value));
    }

    [Fact]
    public async Task Too_much_text_is_told_at_its_field_and_kept_nowhere()
    {
        var visit = await NewVisit(clinic.Server, "LONG", "Chair 3");
        await StartPrepared(clinic.Server, visit);
        var before = (await Events(clinic.Server, visit)).Count;
        var page = await clinic.SignedIn("nurse", touch: true);
        await Open(page, visit);
        (string Pad, string Field, string Problem)[] fields =
        [
            ("note", "text", "text"), ("drug", "drugName", "drug"), ("drug", "drugAmount", "amount"), ("drug", "orderedBy", "orderedBy"), ("effect", "effectOther", "effect"),
            ("effect", "effectAction", "effectAction"), ("rate", "newRate", "rate"), ("rate", "rateReason", "rateReason"), ("pause", "pauseReason", "pauseReason"), ("stop", "stopReason", "stopReason"),
            ("reading", "systolic", "systolic"), ("reading", "diastolic", "diastolic"), ("reading", "heartRate", "heartRate"), ("reading", "oxygenSaturation", "oxygenSaturation"),
        ];
        foreach (var (pad, field, problem) in fields)
        {
            await page.EvalOnSelectorAsync("chair-recorder", "(chair, pad) => chair.open(pad)", pad);
            await page.EvalOnSelectorAsync($"#{field}", "field => { field.value = '1'.repeat(10 * 1024 * 1024); }");
            await Submit(page, pad);
            await Expect(page.Locator($"[data-pad-form={pad}] [data-field={problem}] .problem")).ToContainTextAsync("Use at most");
            await page.EvalOnSelectorAsync("chair-recorder", "chair => chair.close()");
        }

        Assert.Equal(before, (await Events(clinic.Server, visit)).Count);
        Assert.Equal(0, await page.Locator("[data-outbox] li").CountAsync());
        Assert.True(await page.EvalOnSelectorAsync<bool>("chair-recorder", "chair => [...chair.querySelectorAll('input, textarea')].every(field => field.matches('[data-longest]') && !field.hasAttribute('maxlength'))"));
    }

    [Fact]
    public async Task The_server_is_killed_and_the_nurse_goes_on_recording()
    {
        await using var server = new ServerProcess();
        await server.Fill(Cancel);
        await server.Start(Cancel);
        var visit = await Running(server);
        var before = (await Events(server, visit)).Count;
        var page = await clinic.SignedIn("nurse", server: server);
        await Open(page, visit);
        await Take(page, "121", "80");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("BP 121/80");

        // Said within 5 s: that is the silence the page allows and the beat at which it looks, not what a busy machine makes of them.
        using var http = new HttpClient { BaseAddress = server.Address };
        var script = await http.GetStringAsync(new Uri("/js/live.js", UriKind.Relative), Cancel);
        Assert.InRange(new[] { "Silence", "Beat" }.Sum(name => int.Parse(System.Text.RegularExpressions.Regex.Match(script, $@"const {name} = (\d+)", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)), 1, 5000);
        await server.Kill();
        await Expect(page.Locator("[data-cut]")).ToContainTextAsync("No connection");
        for (var i = 2; i <= 4; i++)
            await Take(page, $"12{i}", "80");
        await Expect(page.Locator("[data-outbox] li")).ToHaveCountAsync(3);
        await Expect(page.Locator("[data-outbox]")).ToContainTextAsync("BP 123/80");
        await page.Picture("chair-offline-tablet");
        await page.ShouldBeAccessible();
        Assert.DoesNotContain("Birch", await page.EvaluateAsync<string>("new Promise(done => { const open = indexedDB.open('euthymia'); open.onsuccess = () => { const all = open.result.transaction('outbox').objectStore('outbox').getAll(); all.onsuccess = () => done(JSON.stringify(all.result)); }; })"), StringComparison.Ordinal);

        await server.Start(Cancel);
        await Expect(page.Locator("[data-outbox]")).ToBeHiddenAsync();
        await Expect(page.Locator("[data-link-words]")).ToContainTextAsync("all saved");
        for (var i = 1; i <= 4; i++)
            await Expect(page.Locator($".chair-log li:has-text('BP 12{i}/80')")).ToHaveCountAsync(1);
        var events = await Events(server, visit);
        Assert.Equal(before + 4, events.Count);
        Assert.Equal([121, 122, 123, 124], events.TakeLast(4).Select(e => ((Clinic.Observed)e.Entry).Readings.Systolic));
        Assert.True(events.TakeLast(4).Zip(events.TakeLast(3)).All(p => p.First.ObservedAt < p.Second.ObservedAt)); // under their own times
        Assert.Null(VisitSeal.FirstBroken(events));
    }

    [Fact]
    public async Task An_alarm_survives_a_reload_and_a_second_viewer_until_somebody_acknowledges_it()
    {
        var visit = await StartedVisit(clinic.Server, "ALARM", "Chair 2");
        var page = await clinic.SignedIn("nurse");
        var second = await clinic.SignedIn("lead");
        await Open(page, visit);
        await Open(second, visit);
        await Tap(page, "Reading");
        await page.FillAsync("#systolic", "205");
        await page.FillAsync("#diastolic", "125");
        await Tap(page, "Save reading");
        await Expect(page.Locator("[data-pad-form=reading] [data-question]")).ToContainTextAsync("Is this right: blood pressure 205/125");
        await page.Picture("chair-question-tablet");
        Assert.DoesNotContain(await Events(clinic.Server, visit), e => e.Entry is Clinic.Observed { Readings.Systolic: 205 });
        await Tap(page, "Save reading");
        var alarm = page.Locator(".chair-alarms li.is-high");
        await Expect(alarm).ToContainTextAsync("High: Severe hypertension, single reading");
        await Expect(alarm).ToHaveAttributeAsync("data-sound", "high");
        await Expect(second.Locator(".chair-alarms li.is-high")).ToHaveCountAsync(1);
        await page.ReloadAsync();
        await Expect(alarm).ToHaveCountAsync(1);
        await alarm.Locator("summary").ClickAsync();
        await Expect(alarm).ToContainTextAsync("Rule MON-07b, version");
        await Expect(alarm).ToContainTextAsync("Stop the infusion");
        await page.ShouldBeAccessible();
        await page.Picture("chair-alarm-tablet");

        await page.GotoAsync("/room");
        await Expect(page.Locator(".room-next li").First).ToContainTextAsync("Severe hypertension");
        await page.ShouldBeAccessible();
        await page.Picture("room-tablet");
        await second.Locator("[data-acknowledge]").First.ClickAsync();
        await Expect(second.Locator(".chair-alarms li.is-high")).ToContainTextAsync("acknowledged by Dr. L. Ginkgo");
        await Expect(second.Locator("[data-sound=high]")).ToHaveCountAsync(0);
        Assert.Contains(await Events(clinic.Server, visit), e => e.Entry is AlarmAcknowledged);
    }

    [Fact]
    public async Task Two_nurses_record_at_once_and_both_succeed()
    {
        var visit = await StartedVisit(clinic.Server, "TWO", "Chair 3");
        var pages = new[] { await clinic.SignedIn("nurse"), await clinic.SignedIn("lead") };
        foreach (var page in pages)
            await Open(page, visit);
        for (var round = 0; round < 3; round++)
            await Task.WhenAll(pages.Select((page, i) => Take(page, $"12{round}", $"8{i}")));
        foreach (var page in pages)
        {
            for (var round = 0; round < 3; round++)
            {
                await Expect(page.Locator($".chair-log li:has-text('BP 12{round}/80')")).ToHaveCountAsync(1);
                await Expect(page.Locator($".chair-log li:has-text('BP 12{round}/81')")).ToHaveCountAsync(1);
            }
        }

        var events = await Events(clinic.Server, visit);
        Assert.Equal(13, events.Count);
        Assert.Null(VisitSeal.FirstBroken(events));
    }

    [Fact]
    public async Task On_a_phone_everything_fits_and_works()
    {
        var visit = await StartedVisit(clinic.Server, "PHONE", "Chair 4");
        var page = await clinic.SignedIn("nurse", width: 390, height: 844, touch: true);
        await Open(page, visit);
        await page.ShouldFitTheWindow();
        await page.Picture("chair-phone");
        await Tap(page, "Reading");
        await page.ShouldFitTheWindow();
        await page.Picture("chair-reading-phone");
        await Key(page, "reading", "118747197");
        await Tap(page, "Save reading");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("BP 118/74 · HR 71 · SpO2 97 %");
        await page.GotoAsync("/room");
        await Expect(page.Locator(".room-chair").First).ToBeVisibleAsync();
        await page.ShouldFitTheWindow();
        await page.ShouldBeAccessible();
        await page.Picture("room-phone");
        var narrow = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('button, .room-chair a')].filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.textContent)");
        Assert.Empty(narrow);
    }

    [Fact]
    public async Task By_keyboard_alone()
    {
        var visit = await StartedVisit(clinic.Server, "KEYBOARD", "Chair 1");
        var page = await clinic.SignedIn("nurse", width: 1280, height: 900);
        await Open(page, visit);
        await page.Picture("chair-desktop");
        await FocusOn(page, "[data-actions] [data-pad=reading]");
        await page.Keyboard.PressAsync("Enter");
        foreach (var value in new[] { "119", "75", "70", "98" })
        {
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.TypeAsync(value);
        }

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("BP 119/75 · HR 70 · SpO2 98 %");
        await FocusOn(page, "[data-actions] [data-pad=pause]");
        await page.Keyboard.PressAsync("Enter");
        await FocusOn(page, "[data-pad-form=pause] [type=submit]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("paused");
    }

    [Fact]
    public async Task Signing_out_asks_while_something_is_not_saved()
    {
        await using var server = new ServerProcess();
        await server.Fill(Cancel);
        await server.Start(Cancel);
        var page = await clinic.SignedIn("nurse", server: server);
        await Open(page, await Running(server));
        await page.Context.RouteAsync("**/events", route => route.AbortAsync());
        await Take(page, "122", "80");
        await Expect(page.Locator("[data-outbox] li")).ToHaveCountAsync(1);
        await page.GotoAsync("/today");
        var asked = "";
        page.Dialog += async (_, dialog) =>
        {
            asked = dialog.Message;
            await dialog.DismissAsync();
        };
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        for (var i = 0; i < 600 && asked.Length == 0; i++)
            await page.WaitForTimeoutAsync(100);
        Assert.Contains("1 entry is not saved", asked, StringComparison.Ordinal);
        Assert.Contains("/today", page.Url, StringComparison.Ordinal);
        await page.Context.UnrouteAsync("**/events");
        var visit = await Running(server);
        for (var i = 0; i < 300 && !(await Events(server, visit)).Exists(e => e.Entry is Clinic.Observed { Readings.Systolic: 122, Readings.Sedation: null }); i++)
            await page.WaitForTimeoutAsync(200); // any page sends what waits
        Assert.Single(await Events(server, visit), e => e.Entry is Clinic.Observed { Readings.Systolic: 122, Readings.Sedation: null });
    }
}
