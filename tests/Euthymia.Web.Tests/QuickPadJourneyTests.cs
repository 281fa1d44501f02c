using Euthymia.Clinic;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Euthymia.Web.Tests.ChairSteps;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>A reading in three taps with gloves: the tile of a reading opens a pad of whole values for that reading alone (issue 6, "During").</summary>
public sealed class QuickPadJourneyTests(ChairFixture clinic) : IClassFixture<ChairFixture>
{
    private const string CountTouches = "() => { window.touches = 0; addEventListener('touchstart', () => window.touches++); }";

    // What a gloved finger cannot hit: anything on the pad below 48 px, and two cells that overlap.
    private const string TooSmall = "[...document.querySelectorAll('[data-pad-form=quick] button')].filter(b => b.offsetParent && Math.min(b.getBoundingClientRect().width, b.getBoundingClientRect().height) < 48).map(b => b.textContent)";

    [Theory, InlineData(1024, 768), InlineData(1280, 800)]
    public async Task A_blood_pressure_takes_three_taps(int width, int height)
    {
        var visit = await StartedVisit(clinic.Server, $"BP{width}", width == 1024 ? "Chair 1" : "Chair 2");
        var page = await clinic.SignedIn("nurse", width: width, height: height, touch: true);
        await Open(page, visit);
        await page.EvaluateAsync(CountTouches);
        await page.EvaluateAsync("document.querySelector('main').insertAdjacentHTML('beforebegin', '<aside class=demo-banner>Demo clinic. Every patient is synthetic.</aside>')");
        await FitsOneScreen(page);
        await page.Picture($"quick-tiles-{width}");

        await page.TapAsync("#take-systolic");
        await FitsOneScreen(page);
        await page.ShouldBeAccessible();
        Assert.Empty(await page.EvaluateAsync<string[]>(TooSmall));
        await page.Picture($"quick-pressure-tens-{width}");
        // Nothing is pressed beforehand, and no region that cannot be: every diastolic of it would be above every systolic.
        Assert.Equal(0, await page.Locator("[data-pad-form=quick] :is([aria-pressed=true], .is-asked)").CountAsync());
        Assert.Equal(0, await Cell(page, "Systolic 80 to 89, diastolic 90 to 99").CountAsync());

        await Cell(page, "Systolic 130 to 139, diastolic 80 to 89").TapAsync();
        await FitsOneScreen(page);
        await page.ShouldBeAccessible();
        Assert.Empty(await page.EvaluateAsync<string[]>(TooSmall));
        Assert.Equal(100, await page.Locator("[data-quick-grid] button").CountAsync());
        await page.Picture($"quick-pressure-exact-{width}");

        await Cell(page, "135 over 82 mmHg").TapAsync();
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("reading BP 135/82");
        await Expect(page.Locator(".chair-readings")).ToContainTextAsync("135/82");
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Undo" })).ToBeVisibleAsync();
        Assert.Equal(3, await page.EvaluateAsync<int>("window.touches"));
        await FitsOneScreen(page);
        await page.Picture($"quick-undo-{width}");
        var last = (await Events(clinic.Server, visit))[^1];
        Assert.Equal(new Clinic.Observed(new Readings(135, 82)), last.Entry);
    }

    [Fact]
    public async Task Heart_rate_saturation_and_sedation_take_three_taps_or_fewer()
    {
        var visit = await StartedVisit(clinic.Server, "HRS", "Chair 2");
        var page = await clinic.SignedIn("nurse", touch: true);
        await Open(page, visit);
        await page.EvaluateAsync(CountTouches);
        (string Tile, string[] Taps, Readings Means)[] readings =
        [
            ("heartRate", ["70 to 79 per minute", "76 per minute"], new Readings(HeartRate: 76)),
            ("heartRate", ["100 to 109 per minute", "104 per minute"], new Readings(HeartRate: 104)),
            ("oxygenSaturation", ["97 percent"], new Readings(OxygenSaturation: 97)),
            ("sedation", ["Sedation 4"], new Readings(Sedation: 4)),
        ];
        foreach (var (tile, taps, means) in readings)
        {
            var before = (await Events(clinic.Server, visit)).Count;
            await page.EvaluateAsync("window.touches = 0");
            await page.TapAsync($"#take-{tile}");
            await FitsOneScreen(page);
            await page.ShouldBeAccessible();
            Assert.Empty(await page.EvaluateAsync<string[]>(TooSmall));
            await page.Picture($"quick-{tile}");
            foreach (var tap in taps)
                await Cell(page, tap).TapAsync();
            await Expect(page.Locator("[data-undo-bar]")).ToContainTextAsync("Recorded");
            var events = await Events(clinic.Server, visit);
            Assert.Equal(before + 1, events.Count);
            Assert.Equal(new Clinic.Observed(means), events[^1].Entry);
            Assert.Equal(1 + taps.Length, await page.EvaluateAsync<int>("window.touches"));
            Assert.InRange(1 + taps.Length, 1, 3);
        }
    }

    /// <summary>All that the schedule asks for, recorded as one reading: seven touches where the digit pad needs twelve (ChairJourneyTests).</summary>
    [Fact]
    public async Task A_set_of_vitals_and_sedation_takes_seven_touches_and_what_is_skipped_is_not_assessed()
    {
        var visit = await StartedVisit(clinic.Server, "SET", "Chair 3");
        var page = await clinic.SignedIn("nurse", touch: true);
        await Open(page, visit);
        await page.EvaluateAsync(CountTouches);
        string[] taps = ["Systolic 120 to 129, diastolic 80 to 89", "128 over 81 mmHg", "70 to 79 per minute", "72 per minute", "98 percent", "Sedation 5"];
        await page.TapAsync("#take-set");
        foreach (var tap in taps)
            await Cell(page, tap).TapAsync();
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("BP 128/81 · HR 72 · SpO2 98 % · sedation 5");
        Assert.Equal(7, await page.EvaluateAsync<int>("window.touches"));
        Assert.Equal(new Clinic.Observed(new Readings(128, 81, 72, 98, 5)), (await Events(clinic.Server, visit))[^1].Entry);

        await page.TapAsync("#take-set");
        await page.TapAsync("[data-quick-step=skip]");
        await Cell(page, "70 to 79 per minute").TapAsync();
        await Cell(page, "71 per minute").TapAsync();
        await page.TapAsync("[data-quick-step=back]"); // to the heart rate's values
        await Expect(page.Locator("#quick-title")).ToHaveTextAsync("Heart rate 2 of 4");
        await Cell(page, "73 per minute").TapAsync();
        await Cell(page, "96 percent").TapAsync();
        await page.TapAsync("[data-quick-step=skip]");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("reading HR 73 · SpO2 96 %");
        Assert.Equal(new Clinic.Observed(new Readings(HeartRate: 73, OxygenSaturation: 96)), (await Events(clinic.Server, visit))[^1].Entry);
    }

    [Fact]
    public async Task A_concerning_value_is_questioned_where_no_cell_moves_and_recorded_by_the_same_tap_again()
    {
        var visit = await StartedVisit(clinic.Server, "ASK", "Chair 4");
        var before = (await Events(clinic.Server, visit)).Count;
        var page = await clinic.SignedIn("nurse", touch: true);
        await Open(page, visit);
        await page.TapAsync("#take-oxygenSaturation");
        var cell = Cell(page, "91 percent");
        var place = await cell.BoundingBoxAsync();
        await cell.TapAsync();
        await Expect(page.Locator("[data-pad-form=quick] [data-question]")).ToContainTextAsync("Is this right: SpO2 91 %? Tap 91 again to confirm.");
        Assert.Equal(place!.Y, (await cell.BoundingBoxAsync())!.Y);
        await page.ShouldBeAccessible();
        await page.Picture("quick-question");
        await Cell(page, "90 percent").TapAsync(); // another value is another question
        await Expect(page.Locator("[data-pad-form=quick] [data-question]")).ToContainTextAsync("SpO2 90 %");
        Assert.Equal(before, (await Events(clinic.Server, visit)).Count);
        await Cell(page, "90 percent").TapAsync();
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("reading SpO2 90 %");

        await page.TapAsync("#take-oxygenSaturation");
        await Cell(page, "70 to 79 percent").TapAsync();
        await Cell(page, "78 percent").TapAsync();
        await Cell(page, "78 percent").TapAsync();
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("reading SpO2 78 %");
        Assert.Equal(before + 2, (await Events(clinic.Server, visit)).Count);
    }

    [Fact]
    public async Task A_slip_is_undone_by_a_correction_and_both_stay_visible()
    {
        var visit = await StartedVisit(clinic.Server, "UNDO", "Chair 1");
        var page = await clinic.SignedIn("nurse", touch: true);
        await Open(page, visit);
        await page.TapAsync("#take-heartRate");
        await Cell(page, "40 to 49 per minute").TapAsync();
        await Cell(page, "44 per minute").TapAsync();
        await Cell(page, "44 per minute").TapAsync(); // confirmed, and wrong all the same
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Undo" }).TapAsync();
        await Expect(page.Locator("[data-undo-bar]")).ToContainTextAsync("Withdrawn: reading HR 44. Both stay in the log.");
        await Expect(page.Locator(".chair-log li.is-withdrawn")).ToContainTextAsync("reading HR 44 (withdrawn)");
        await Expect(page.Locator(".chair-log li.is-withdrawn")).ToContainTextAsync("Slip of the finger");
        await Expect(page.Locator(".chair-readings")).ToContainTextAsync("66"); // what held before
        var events = await Events(clinic.Server, visit);
        Assert.Equal(events[^2].Id, Assert.IsType<Amended>(events[^1].Entry).EventId);
        Assert.Null(VisitSeal.FirstBroken(events));
    }

    [Fact]
    public async Task With_the_server_away_readings_and_their_undo_wait_on_the_device_and_arrive_in_order()
    {
        var visit = await StartedVisit(clinic.Server, "AWAY", "Chair 2");
        var before = (await Events(clinic.Server, visit)).Count;
        var page = await clinic.SignedIn("nurse", touch: true);
        await Open(page, visit);
        await page.Context.SetOfflineAsync(true);
        await page.TapAsync("#take-systolic");
        await Cell(page, "Systolic 140 to 149, diastolic 90 to 99").TapAsync();
        await Cell(page, "148 over 92 mmHg").TapAsync();
        await Expect(page.Locator("[data-undo-bar]")).ToContainTextAsync("Kept on this device: reading BP 148/92");
        await page.TapAsync("#take-heartRate");
        await Cell(page, "80 to 89 per minute").TapAsync();
        await Cell(page, "88 per minute").TapAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Undo" }).TapAsync();
        await Expect(page.Locator("[data-undo-bar]")).ToContainTextAsync("To be withdrawn: reading HR 88");
        await Expect(page.Locator("[data-outbox] li")).ToHaveCountAsync(3);
        await page.Picture("quick-offline");
        Assert.Equal(before, (await Events(clinic.Server, visit)).Count);

        await page.Context.SetOfflineAsync(false);
        await Expect(page.Locator("[data-outbox]")).ToBeHiddenAsync();
        await Expect(page.Locator(".chair-log li.is-withdrawn")).ToContainTextAsync("HR 88");
        var events = await Events(clinic.Server, visit);
        Assert.Equal([typeof(Clinic.Observed), typeof(Clinic.Observed), typeof(Amended)], events.Skip(before).Select(e => e.Entry.GetType()));
        Assert.Null(VisitSeal.FirstBroken(events));
    }

    [Fact]
    public async Task By_keyboard_the_grid_is_one_stop_and_the_arrows_move_in_it()
    {
        var visit = await StartedVisit(clinic.Server, "KEYS", "Chair 3");
        var page = await clinic.SignedIn("nurse", width: 1280, height: 900);
        await Open(page, visit);
        await FocusOn(page, "#take-systolic");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("ArrowRight"); // from the heading into the grid
        Assert.Equal(1, await page.Locator("[data-quick-grid] button[tabindex='0']").CountAsync());
        await ArrowTo(page, "Systolic 80 to 89, diastolic 50 to 59");
        await page.Keyboard.PressAsync("End");
        await Expect(Cell(page, "Systolic 210 to 219, diastolic 50 to 59")).ToBeFocusedAsync();
        await ArrowTo(page, "Systolic 120 to 129, diastolic 70 to 79");
        await page.Picture("quick-keyboard");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("ArrowDown");
        await ArrowTo(page, "121 over 76 mmHg");
        await page.Keyboard.PressAsync("Escape"); // one step back
        await Expect(page.Locator("[data-hint]")).ToContainTextAsync("Across the systolic tens");
        await page.Keyboard.PressAsync("ArrowDown");
        await ArrowTo(page, "Systolic 120 to 129, diastolic 70 to 79");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("ArrowDown");
        await ArrowTo(page, "121 over 76 mmHg");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("reading BP 121/76");
        await Expect(page.Locator("#take-systolic")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task On_a_phone_a_blood_pressure_is_typed_and_the_rest_is_tapped()
    {
        var visit = await StartedVisit(clinic.Server, "TINY", "Chair 4");
        var page = await clinic.SignedIn("nurse", width: 390, height: 844, touch: true);
        await Open(page, visit);
        await page.TapAsync("#take-systolic");
        await Key(page, "reading", "11874"); // the digit pad, at the blood pressure
        await page.TapAsync("[data-pad-form=reading] [type=submit]");
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("BP 118/74");
        foreach (var (tile, taps) in new[] { ("heartRate", new[] { "90 to 99 per minute", "93 per minute" }), ("oxygenSaturation", ["99 percent"]) })
        {
            await page.TapAsync($"#take-{tile}");
            await page.ShouldFitTheWindow();
            Assert.Empty(await page.EvaluateAsync<string[]>(TooSmall));
            await page.ShouldBeAccessible();
            await page.Picture($"quick-{tile}-phone");
            foreach (var tap in taps)
                await Cell(page, tap).TapAsync();
            await Expect(page.Locator("[data-undo-bar]")).ToContainTextAsync("Recorded");
        }

        await page.Picture("quick-undo-phone");
        Assert.Equal(new Clinic.Observed(new Readings(OxygenSaturation: 99)), (await Events(clinic.Server, visit))[^1].Entry);
    }

    /// <summary>Hazard H36: beside a benzodiazepine, an opioid or another sedative each reading asks for sedation.</summary>
    [Fact]
    public async Task Beside_a_sedative_the_chair_says_so_and_each_reading_asks_for_sedation()
    {
        var visit = await StartedVisit(clinic.Server, "SLEEPY", "Chair 3");
        await using (var db = clinic.Server.Database())
        {
            var patient = (await db.Visits.AsNoTracking().SingleAsync(v => v.Id == visit, TestContext.Current.CancellationToken)).PatientId;
            (await db.Patients.SingleAsync(p => p.Id == patient, TestContext.Current.CancellationToken)).Medication = RecordedList.Of("Lorazepam 1 mg at night");
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var page = await clinic.SignedIn("nurse", touch: true);
        await Open(page, visit);
        await Expect(page.Locator(".chair-watch")).ToContainTextAsync("Watch sedation and breathing closely: Lorazepam (benzodiazepine, medication list)");
        await FitsOneScreen(page);
        await page.ShouldBeAccessible();
        await page.Picture("chair-sedation-watch");
        await page.TapAsync("#take-oxygenSaturation");
        await Cell(page, "97 percent").TapAsync();
        await Expect(page.Locator("#quick-title")).ToHaveTextAsync("Sedation 2 of 2");
        await Cell(page, "Sedation 4").TapAsync();
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("reading SpO2 97 % · sedation 4");

        await Tap(page, "Reading");
        await page.FillAsync("#heartRate", "70");
        await Tap(page, "Save reading");
        await Expect(page.Locator("[data-pad-form=reading] [data-question]")).ToContainTextAsync("Sedation is not rated, and this patient is watched for it.");
        await Tap(page, "Save reading"); // a person may go on without: it is asked, not forced
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("reading HR 70");
    }

    [Fact]
    public async Task What_the_grid_does_not_show_is_typed_from_where_the_nurse_is()
    {
        var visit = await StartedVisit(clinic.Server, "UNUSUAL", "Chair 1");
        var page = await clinic.SignedIn("nurse", touch: true);
        await Open(page, visit);
        await page.TapAsync("#take-systolic");
        await page.TapAsync("[data-quick-step=type]");
        await Key(page, "reading", "231128");
        await page.TapAsync("[data-pad-form=reading] [type=submit]");
        await page.TapAsync("[data-pad-form=reading] [type=submit]"); // questioned there, too
        await Expect(page.Locator(".chair-log li").First).ToContainTextAsync("BP 231/128");
    }

    private static ILocator Cell(IPage page, string name) =>
        page.Locator("[data-quick-grid]").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name, Exact = true });

    /// <summary>Walks to a cell with the arrow keys, along the row first, then down or up.</summary>
    private static async Task ArrowTo(IPage page, string name)
    {
        for (var i = 0; i < 60; i++)
        {
            var step = await page.EvaluateAsync<string>("""
                name => {
                  const here = document.activeElement.getBoundingClientRect();
                  const there = [...document.querySelectorAll('[data-quick-grid] button')].find(b => b.lastChild.textContent === name).getBoundingClientRect();
                  if (Math.abs(there.y - here.y) > 4) return there.y < here.y ? 'ArrowUp' : 'ArrowDown';
                  return Math.abs(there.x - here.x) > 4 ? (there.x < here.x ? 'ArrowLeft' : 'ArrowRight') : '';
                }
                """, name);
            if (step.Length == 0)
                return;
            await page.Keyboard.PressAsync(step);
        }

        Assert.Fail($"The arrows do not lead to \"{name}\".");
    }
}
