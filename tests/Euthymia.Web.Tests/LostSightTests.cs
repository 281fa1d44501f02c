using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Euthymia.Web.Tests.ChairSteps;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>What the chair shows when it cannot see: the server stands still, the network is gone, the tab sleeps, nobody looks (hazards H17, H21, H24, H25).</summary>
public sealed class LostSightTests(ChairFixture clinic) : IClassFixture<ChairFixture>
{
    private const int SaidWithin = 5000; // ms

    /// <summary>
    /// Notes each 100 ms, in the page, when it first says that it has no connection, and every value that looks current beyond its limit.
    /// A busy machine keeps the page's timers waiting: the longest such wait is noted, too, and is not the page's fault.
    /// </summary>
    private const string Observer = """
        observedAt => {
          window.lostAt = null;
          window.violations = [];
          window.keptWaiting = 0;
          let last = performance.now();
          setInterval(() => {
            window.keptWaiting = Math.max(window.keptWaiting, performance.now() - last - 100);
            last = performance.now();
            if (window.lostAt === null && document.querySelector('[data-link]').dataset.state === 'lost' && !document.querySelector('[data-cut]').hidden) window.lostAt = performance.now();
            for (const value of document.querySelectorAll('.chair-readings [data-limit]:not(.is-absent)'))
              if ((Date.now() - observedAt - window.keptWaiting) / 1000 > Number(value.dataset.limit) + 1 && !value.classList.contains('is-old')) window.violations.push(value.textContent);
          }, 100);
        }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Actor Colleague { get; } = new(Guid.CreateVersion7(), "Test colleague", ClinicRole.Nurse);

    public enum Cut
    {
        ServerStandsStill,
        NetworkIsGone,
    }

    [Theory, InlineData(Cut.ServerStandsStill), InlineData(Cut.NetworkIsGone)]
    public async Task A_lost_connection_is_said_within_5_s_nothing_old_looks_current_and_every_entry_arrives_once(Cut cut)
    {
        await using var server = new ServerProcess();
        await server.Fill(Cancel);
        await server.Start(Cancel);
        var visit = await NewVisit(server, "CUT", "Chair 3");
        var page = await clinic.SignedIn("nurse", server: server);
        await Append(server, visit, new Clinic.Observed(new Readings(118, 76, 70, 98)), TimeProvider.System.GetUtcNow().AddMinutes(-30));
        await Open(page, visit);
        var limit = double.Parse((await page.Locator(".chair-readings [data-limit]").First.GetAttributeAsync("data-limit"))!, CultureInfo.InvariantCulture);
        var observed = TimeProvider.System.GetUtcNow().AddSeconds(20 - limit); // it grows old while the connection is gone
        await Append(server, visit, new Clinic.Observed(new Readings(120, 78, 66, 97)), observed);
        await Expect(page.Locator(".chair-readings")).ToContainTextAsync("97");
        await Expect(page.Locator(".chair-readings .is-old")).ToHaveCountAsync(0);
        await page.EvaluateAsync(Observer, observed.ToUnixTimeMilliseconds());

        var cutAt = await page.EvaluateAsync<double>("() => { window.lostAt = null; window.keptWaiting = 0; return performance.now(); }");
        await (cut == Cut.ServerStandsStill ? server.Freeze() : page.Context.SetOfflineAsync(true));
        await Expect(page.Locator("[data-cut]")).ToContainTextAsync("No connection");
        for (var i = 0; i < 600 && await page.EvaluateAsync<bool>("window.lostAt === null"); i++)
            await Task.Delay(100, Cancel); // the words stand there before the observer looks next
        Assert.InRange(await page.EvaluateAsync<double>("cutAt => Math.max(0, window.lostAt - window.keptWaiting - cutAt)", cutAt), 0, SaidWithin);
        await Expect(page.Locator(".chair-readings .is-old")).ToHaveCountAsync(3); // pressure, rate, saturation
        Assert.Empty(await page.EvaluateAsync<string[]>("window.violations"));
        await page.Picture($"chair-cut-{cut}");
        for (var i = 1; i <= 3; i++)
            await Take(page, $"13{i}", "80");
        await Expect(page.Locator("[data-outbox] li")).ToHaveCountAsync(3);

        await (cut == Cut.ServerStandsStill ? server.Thaw() : page.Context.SetOfflineAsync(false));
        await Expect(page.Locator("[data-link-words]")).ToContainTextAsync("all saved");
        await Expect(page.Locator("[data-outbox]")).ToBeHiddenAsync();
        await Expect(page.Locator("[data-cut]")).ToBeHiddenAsync();
        var events = await Events(server, visit);
        Assert.Equal([131, 132, 133], events.Skip(2).Select(e => ((Clinic.Observed)e.Entry).Readings.Systolic));
        Assert.True(events.Skip(2).Zip(events.Skip(3)).All(p => p.First.ObservedAt < p.Second.ObservedAt && p.First.ObservedAt <= p.First.RecordedAt));
        Assert.Null(VisitSeal.FirstBroken(events));
    }

    [Fact]
    public async Task A_tab_that_slept_shows_what_happened_when_it_wakes_and_nothing_old_meanwhile()
    {
        var visit = await StartedVisit(clinic.Server, "SLEEP", "Chair 3");
        var page = await clinic.SignedIn("nurse");
        await Open(page, visit);
        await page.EvaluateAsync("""
            () => {
              let last = performance.now();
              window.slept = 0;
              window.woken = [];
              setInterval(() => {
                const now = performance.now();
                if (now - last > 6000) { window.slept = now - last; window.wokeAt = now; }
                last = now;
                if (window.wokeAt) window.woken.push([now - window.wokeAt, document.querySelector('[data-link]').dataset.state, document.querySelectorAll('.chair-alarms li.is-high').length]);
              }, 50);
            }
            """);
        // A browser under test freezes no tab that it shows. A script that holds its only thread does the same to the page: no timer and
        // no answer is served, for longer than a page may be silent.
        var sleep = page.EvaluateAsync("() => { const end = performance.now() + 7000; while (performance.now() < end); }");
        await Append(clinic.Server, visit, new Clinic.Observed(new Readings(205, 125)));
        await sleep;
        await Expect(page.Locator(".chair-alarms li.is-high")).ToHaveCountAsync(1);

        Assert.InRange(await page.EvaluateAsync<double>("window.slept"), 6000, 120_000);
        // From half a second after it woke the page never claims a connection without the alarm that it has slept through.
        Assert.Equal(0, await page.EvaluateAsync<int>("window.woken.filter(([at, state, alarms]) => at > 500 && state === 'connected' && alarms === 0).length"));
        Assert.InRange(await page.EvaluateAsync<double>("window.woken.find(([, , alarms]) => alarms === 1)[0]"), 0, SaidWithin);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_visit_that_nobody_looks_at_raises_an_alarm_and_the_room_opened_later_tells(bool closed)
    {
        var visit = await StartedVisit(clinic.Server, closed ? "CLOSED" : "HIDDEN", closed ? "Chair 2" : "Chair 4");
        var page = await clinic.SignedIn("nurse");
        await Open(page, visit);
        await page.WaitForTimeoutAsync(6000);
        Assert.Empty(await NobodyLooks(visit));
        if (closed)
            await page.CloseAsync();
        else
            await page.EvaluateAsync("() => { Object.defineProperty(document, 'hidden', { get: () => true }); document.dispatchEvent(new Event('visibilitychange')); }"); // a headless browser hides nothing by itself
        var left = TimeProvider.System.GetUtcNow();
        for (var i = 0; i < 300 && (await NobodyLooks(visit)).Count == 0; i++)
            await Task.Delay(200, Cancel);
        var alarm = Assert.Single(await NobodyLooks(visit));
        Assert.InRange((alarm.OpenedAt - left).TotalSeconds, 8, 40); // due after 10 s (NobodyLooksTests holds the limit); the rest is a busy machine's
        Assert.Equal(AlarmState.Active, alarm.State);

        var room = await clinic.SignedIn("lead");
        await room.GotoAsync("/room");
        var chair = room.Locator(".room-chair", new PageLocatorOptions { HasText = closed ? "Chair 2" : "Chair 4" });
        await Expect(chair.Locator(".unwatched")).ToContainTextAsync("Nobody was looking from");
        await Expect(chair.Locator(".is-technical")).ToHaveCountAsync(0); // over, by itself
        Assert.Equal(AlarmState.Ended, Assert.Single(await NobodyLooks(visit)).State);
        await room.ShouldBeAccessible();
        await room.Picture("room-unwatched");
        await room.CloseAsync();
    }

    /// <summary>Hazard H25: a screen that goes dark or a page behind another is the way to hear nothing.</summary>
    [Fact]
    public async Task The_screen_stays_awake_while_the_infusion_runs_and_a_page_that_was_hidden_says_so()
    {
        var visit = await StartedVisit(clinic.Server, "STAYS-AWAKE", "Chair 3");
        var page = await clinic.SignedIn("nurse");
        await page.AddInitScriptAsync("""
            window.locks = 0; window.taken = 0;
            Object.defineProperty(navigator, 'wakeLock', { value: { request: async () => {
              const lock = new EventTarget();
              window.locks++; window.taken++;
              lock.release = async () => { window.locks--; lock.dispatchEvent(new Event('release')); };
              window.lastLock = lock;
              return lock;
            } } });
            let hidden = false;
            Object.defineProperty(document, 'hidden', { get: () => hidden });
            window.hide = (now) => { hidden = now; if (now) window.lastLock?.release(); document.dispatchEvent(new Event('visibilitychange')); };
            """); // a headless browser hides nothing by itself; a real one lets go of the lock when it does
        await Open(page, visit);
        await Expect(page.Locator("live-view[data-awake=true]")).ToHaveCountAsync(1);
        Assert.Equal(1, await page.EvaluateAsync<int>("window.locks"));

        await page.EvaluateAsync("window.hide(true)");
        await page.WaitForTimeoutAsync(6000);
        Assert.Equal(0, await page.EvaluateAsync<int>("window.locks"));
        Assert.StartsWith("▲ Infusion running", await page.TitleAsync(), StringComparison.Ordinal);
        await page.EvaluateAsync("window.hide(false)");
        await Expect(page.Locator("[data-hidden-note]")).ToContainTextAsync("This page was out of sight from");
        await Expect(page.Locator("live-view[data-awake=true]")).ToHaveCountAsync(1);
        for (var i = 0; i < 100 && await page.EvaluateAsync<int>("window.locks") == 0; i++)
            await Task.Delay(100, Cancel);
        Assert.Equal((1, 2), (await page.EvaluateAsync<int>("window.locks"), await page.EvaluateAsync<int>("window.taken")));
        await page.ShouldBeAccessible();
        await page.Picture("chair-was-hidden");
        await page.GetByRole(AriaRole.Button, new() { Name = "Seen" }).ClickAsync();
        await Expect(page.Locator("[data-hidden-note]")).ToBeHiddenAsync();

        await Append(clinic.Server, visit, new InfusionStopped());
        await Expect(page.Locator("[data-phase=Recovery]")).ToHaveCountAsync(1);
        await Expect(page.Locator("live-view[data-awake]")).ToHaveCountAsync(0);
        Assert.Equal(0, await page.EvaluateAsync<int>("window.locks"));
    }

    [Fact]
    public async Task Without_colour_the_priorities_of_alarms_differ_in_word_and_shape()
    {
        var visit = await StartedVisit(clinic.Server, "GREY", "Chair 1");
        await Append(clinic.Server, visit, new Clinic.Observed(new Readings(205, 125, 72, 93)));
        var page = await clinic.SignedIn("nurse");
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("Emulation.setEmulatedVisionDeficiency", new(StringComparer.Ordinal) { ["type"] = "achromatopsia" });
        await Open(page, visit);
        string[] priorities = ["high", "medium", "low"];
        List<(string Word, string Shape, string Border)> seen = [];
        foreach (var priority in priorities)
        {
            var alarm = page.Locator($".chair-alarms li.is-{priority}").First;
            seen.Add((
                (await alarm.Locator(".alarm-what > p > b").InnerTextAsync()).Split(':')[0].Split(' ')[^1],
                await alarm.Locator(".alarm-what > p > b > span").InnerTextAsync(),
                await alarm.EvaluateAsync<string>("alarm => getComputedStyle(alarm).borderTopWidth + getComputedStyle(alarm.querySelector('b')).fontSize")));
        }

        Assert.Equal(["High", "Medium", "Low"], seen.Select(s => s.Word), StringComparer.Ordinal);
        Assert.Equal(["▲", "△", "○"], seen.Select(s => s.Shape), StringComparer.Ordinal);
        Assert.NotEqual(seen[0].Border, seen[2].Border, StringComparer.Ordinal); // what is loud is larger, too
        await page.Picture("chair-alarms-grey");
    }

    private static async Task Append(ServerProcess server, Guid visit, VisitEntry entry, DateTimeOffset? at = null)
    {
        await using var db = server.Database();
        await new VisitLog(db, TimeProvider.System, Colleague).Append(visit, Guid.CreateVersion7(), entry, at, Cancel);
    }

    private async Task<List<Finding>> NobodyLooks(Guid visit)
    {
        await using var db = clinic.Server.Database();
        return await db.Findings.AsNoTracking().Where(f => f.SubjectId == visit && f.RuleId == "MON-28").ToListAsync(Cancel);
    }
}
