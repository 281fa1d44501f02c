using Euthymia.Clinic.Rules;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

/// <summary>A running visit while the clock is set, the clocks change, or the clinic changes a threshold (hazards H14, H31, H32).</summary>
public sealed class ClockAndRulesHazardTests
{
    [Theory, InlineData(-2), InlineData(2)]
    public async Task A_step_of_the_servers_clock_loses_no_entry_and_makes_no_value_current_that_is_not(int hours)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Append(visit, new Observed(PreparedVisit.Rest));
        clinic.Time.AdjustTime(clinic.Time.GetUtcNow().AddHours(hours));

        var state = (await clinic.Visits(v => v.State(visit))).State;
        Assert.All(state.LastReadings.Values, r => Assert.True(r.Age >= TimeSpan.Zero));
        Assert.All(state.LastReadings.Values, r => Assert.False(state.IsCurrent(r, clinic.Time.GetUtcNow()))); // two hours old, or of an unknown age

        await clinic.Append(visit, new Observed(new Readings(131, 80, 70, 97)));
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        await clinic.Append(visit, new Observed(new Readings(132, 80, 70, 97)));
        await using var db = clinic.Db();
        var events = await db.VisitEvents.AsNoTracking().Where(e => e.VisitId == visit).OrderBy(e => e.Number).ToListAsync(TestClinic.Cancel);
        Assert.Equal([131, 132], events.TakeLast(2).Select(e => ((Observed)e.Entry).Readings.Systolic));
        Assert.Null(VisitSeal.FirstBroken(events));
    }

    /// <summary>Hazard H31: the pump is stopped at the chair whatever the server's clock says, and the record has to take it.</summary>
    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task After_a_step_back_nothing_at_the_pump_is_refused_and_the_visit_goes_on_in_its_own_time(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Append(visit, new Observed(PreparedVisit.Rest));
        clinic.Time.AdjustTime(clinic.Time.GetUtcNow().AddHours(-2));

        var before = await State(clinic, visit);
        await clinic.Append(visit, new RateChanged(40));
        clinic.Time.Advance(TimeSpan.FromMinutes(3));
        await clinic.Append(visit, new InfusionPaused());
        clinic.Time.Advance(TimeSpan.FromMinutes(2));
        await clinic.Append(visit, new InfusionResumed());
        clinic.Time.Advance(TimeSpan.FromMinutes(4));
        var low = await clinic.Append(visit, new Observed(new Readings(OxygenSaturation: 86)));
        var stopped = await clinic.Append(visit, new InfusionStopped());

        // Five minutes as recorded, then three and four by the stepped clock: what is known to have been given, and not less.
        var state = stopped.State;
        Assert.Equal((VisitPhase.Recovery, TimeSpan.FromMinutes(5 + 3 + 2 + 4) + TimeSpan.FromMilliseconds(1)), (state.Phase, state.EndedAt - state.StartedAt));
        Assert.Equal(((before.Segments[0].Rate.Value * 5) + (40m * 7)) / 60, state.VolumeGiven.Value, 4);
        Assert.True(state.DoseIsUncertain);
        Assert.Contains(low.Opened, f => f.RuleId is "MON-12b"); // judged as the latest, not as a reading from before the start
        await using var db = clinic.Db();
        var alarm = Assert.Single(await db.Findings.AsNoTracking().Where(f => f.SubjectId == visit && f.RuleId == "MON-29").ToListAsync(TestClinic.Cancel));
        Assert.Equal((AlarmState.Active, true), (alarm.State, alarm.Latches)); // until a person acknowledges it
        var events = await db.VisitEvents.AsNoTracking().Where(e => e.VisitId == visit).OrderBy(e => e.Number).ToListAsync(TestClinic.Cancel);
        Assert.Null(VisitSeal.FirstBroken(events));
        Assert.All(events.TakeLast(5), e => Assert.True(e.IsAfterClockStep));
        Assert.All(events.SkipLast(5), e => Assert.False(e.IsAfterClockStep));
        Assert.Equal(events.TakeLast(5).Select(e => e.ObservedAt).Order(), events.TakeLast(5).Select(e => e.ObservedAt));

        // The same state whenever it is folded, and the same totals on paper.
        var shown = await State(clinic, visit);
        Assert.Equal((state.VolumeGiven, state.DoseGiven, state.EndedAt), (shown.VolumeGiven, shown.DoseGiven, shown.EndedAt));
        Assert.Equal(VisitTotals.Of(state).Given, VisitTotals.Of(shown).Given);
        Assert.True(shown.AgeOf(shown.LastReadings["oxygenSaturation"], clinic.Time.GetUtcNow()) >= TimeSpan.Zero);
        Assert.True(shown.IsCurrent(shown.LastReadings["oxygenSaturation"], clinic.Time.GetUtcNow()));
        Assert.False(shown.IsCurrent(shown.LastReadings["systolic"], clinic.Time.GetUtcNow())); // from before the step: nobody knows how old
        Assert.True(shown.TimeLeft is null or { Ticks: >= 0 });
        Assert.All(shown.Segments, s => Assert.True(s.End > s.Start));

        // A person reads the pump and puts the times right.
        clinic.Time.AdjustTime(clinic.Time.GetUtcNow().AddHours(2).AddMinutes(1));
        var right = clinic.Time.GetUtcNow().AddMinutes(-1);
        foreach (var e in events.Where(e => e is { Entry: RateChanged or InfusionPaused or InfusionResumed or InfusionStopped }))
            await clinic.Append(visit, new Amended(e.Id, e.Entry, e.Entry is InfusionStopped ? right : e.ObservedAt, "Compared with the pump"));
        Assert.False((await State(clinic, visit)).DoseIsUncertain);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task After_a_step_back_the_servers_clock_tells_of_it_and_what_a_device_sends_by_the_old_time_is_taken_once(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Append(visit, new Observed(PreparedVisit.Rest));
        await using var server = new RunningRecorder(clinic);
        await server.Recorder.Watch(TestClinic.Cancel);
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        var old = clinic.Time.GetUtcNow();
        clinic.Time.AdjustTime(old.AddHours(-2));
        await server.Recorder.Watch(TestClinic.Cancel); // though its next check was due later by the old time
        await using (var db = clinic.Db())
            Assert.Single(await db.Findings.AsNoTracking().Where(f => f.SubjectId == visit && f.RuleId == "MON-29").ToListAsync(TestClinic.Cancel));

        var id = Guid.CreateVersion7();
        var first = await clinic.Visits(v => v.Append(visit, id, new InfusionStopped(), old));
        var again = await clinic.Visits(v => v.Append(visit, id, new InfusionStopped(), old));
        Assert.Equal((VisitPhase.Recovery, Clock.Cut(old), true), (first.State.Phase, first.Event.ObservedAt, again.AlreadyStored));

        var now = clinic.Time.GetUtcNow();
        var note = Guid.CreateVersion7();
        var noted = await clinic.Visits(v => v.Append(visit, note, new Noted("Clock looks wrong."), now));
        Assert.True(noted.Event.ObservedAt >= first.Event.ObservedAt);
        Assert.True((await clinic.Visits(v => v.Append(visit, note, new Noted("Clock looks wrong."), now))).AlreadyStored);
        await Assert.ThrowsAsync<ClinicRuleException>(() => clinic.Visits(v => v.Append(visit, Guid.CreateVersion7(), new Noted("From tomorrow."), old.AddHours(3))));
    }

    /// <summary>Two tablets whose clocks differ by less than is allowed: the second one's stop is not before the first one's start.</summary>
    [Fact]
    public async Task A_stop_is_not_refused_for_another_devices_fast_clock()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Visits(v => v.Append(visit, Guid.CreateVersion7(), new InfusionPaused(), clinic.Time.GetUtcNow().AddSeconds(90)));
        clinic.Time.Advance(TimeSpan.FromSeconds(20));
        await clinic.Append(visit, new InfusionResumed());
        clinic.Time.Advance(TimeSpan.FromSeconds(20));
        var stopped = await clinic.Append(visit, new InfusionStopped());
        Assert.Equal(VisitPhase.Recovery, stopped.State.Phase);
        Assert.Equal(TimeSpan.FromSeconds(390), stopped.State.EndedAt - stopped.State.StartedAt);
    }

    private static async Task<VisitState> State(TestClinic clinic, Guid visit) => (await clinic.Visits(v => v.State(visit))).State;

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28", -1.0)]
    [InlineData("Europe/Berlin", "2026-10-24", 1.0)]
    [InlineData("Europe/London", "2026-03-28", -1.0)]
    [InlineData("Europe/London", "2026-10-24", 1.0)]
    [InlineData("America/New_York", "2026-03-07", -1.0)]
    [InlineData("America/New_York", "2026-10-31", 1.0)]
    [InlineData("Australia/Lord_Howe", "2026-10-03", -0.5)]
    [InlineData("Australia/Lord_Howe", "2026-04-04", 0.5)]
    public void Two_visits_at_one_local_time_across_a_change_of_the_clocks_are_so_far_apart(string zone, string day, double longer)
    {
        var clinic = new ClinicSettings { TimeZone = zone };
        var first = DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var ten = new TimeOnly(10, 0);
        Assert.Equal(TimeSpan.FromHours(24 + longer), clinic.MomentOf(first.AddDays(1), ten) - clinic.MomentOf(first, ten));
    }

    [Theory, InlineData("2026-03-29T00:40Z"), InlineData("2026-10-25T00:40Z"), InlineData("2028-02-28T22:40Z"), InlineData("2026-12-31T22:40Z")]
    public async Task An_infusion_over_a_change_of_the_clocks_or_of_the_day_gives_its_dose_in_its_minutes(string start)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite); // in Berlin
        clinic.Time.AdjustTime(DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture));
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Start(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromMinutes(40));
        var state = (await clinic.Visits(v => v.State(visits[0].Id))).State;
        Assert.Equal((30.5m, TimeSpan.FromMinutes(40)), (state.DoseGiven.Value, state.EndedAt - state.StartedAt));
    }

    [Theory]
    [InlineData("2026-10-25T00:40Z", "2026-10-25 02:40 UTC+02:00", "2026-10-25 02:20 UTC+01:00", "02:35 UTC+01:00")] // twenty minutes earlier on the clock
    [InlineData("2026-03-29T00:40Z", "2026-03-29 01:40 UTC+01:00", "2026-03-29 03:20 UTC+02:00", "03:35 UTC+02:00")] // the hour that is skipped
    [InlineData("2026-10-25T01:05Z", "2026-10-25 02:05 UTC+01:00", "2026-10-25 02:45 UTC+01:00", "03:00")] // begins and ends in the second of the two hours
    [InlineData("2026-10-25T02:40Z", "2026-10-25 03:40", "2026-10-25 04:20", "04:35")] // one hour later everything is plain
    public async Task A_paper_over_a_change_of_the_clocks_says_which_hour_it_means(string start, string from, string to, string reading)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite); // in Berlin
        clinic.Time.AdjustTime(DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture));
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Start(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromMinutes(55));
        await clinic.Append(visits[0].Id, new Observed(PreparedVisit.Rest));
        var note = await clinic.Visits(v => v.Document(visits[0].Id, VisitDocumentKind.Note));
        var given = note.Sections.Single(s => s.Heading is "Given").Facts;
        Assert.Equal(from, given.Single(f => f.Name is "From").Value);
        Assert.StartsWith(to, given.Single(f => f.Name is "To").Value, StringComparison.Ordinal);
        Assert.DoesNotContain($"{to} UTC", given.Single(f => f.Name is "To").Value, StringComparison.Ordinal);
        Assert.Equal(reading, note.Sections.Single(s => s.Heading is "Readings").Rows[^1][0]);
        Assert.Matches(@"as of 2026-\d\d-\d\d \d\d:\d\d UTC\+0[12]:00 Europe/Berlin", note.Foot);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task No_version_published_while_visits_run_changes_their_limits(Store store)
    {
        const int Visits = 10, Versions = 25;
        await using var clinic = await TestClinic.Open(store, chairs: Visits + 1);
        await clinic.ChangeRule("MON-05", "systolic", 162);
        clinic.Time.Advance(TimeSpan.FromSeconds(1));
        List<Guid> running = [];
        for (var i = 0; i < Visits; i++)
        {
            var (_, _, visits) = await clinic.AddCourse($"T-{i}", $"Chair {i + 1}");
            await clinic.Start(visits[0].Id);
            running.Add(visits[0].Id);
        }

        await using var server = new RunningRecorder(clinic);
        for (var version = 0; version < Versions; version++)
        {
            clinic.Time.Advance(TimeSpan.FromSeconds(1));
            await clinic.ChangeRule("MON-05", "systolic", 160 + (version % 2 * 10)); // around every reading
            await clinic.ChangeRule("MON-01", "interval_infusing", 2 + (version % 12));
            clinic.Time.Advance(TimeSpan.FromSeconds(1));
            var visit = running[version % Visits];
            var normal = await server.Recorder.Append(clinic.Nurse, visit, Guid.CreateVersion7(), new Observed(PreparedVisit.Rest), cancel: TestClinic.Cancel);
            Assert.Equal(normal.Event.ObservedAt.AddMinutes(10), normal.State.NextReadingDue);
            // 161 fires only at a limit of 160, 163 not at one of 170: both tell whose limit it was.
            var low = await server.Recorder.Append(clinic.Nurse, visit, Guid.CreateVersion7(), new Observed(new Readings(161, 80, 70, 98)), cancel: TestClinic.Cancel);
            Assert.DoesNotContain(low.Opened, f => f.RuleId is "MON-05");
            var high = version % 2 == 0 ? await clinic.Append(visit, new Observed(new Readings(163, 80))) : await server.Recorder.Append(clinic.Nurse, visit, Guid.CreateVersion7(), new Observed(new Readings(163, 80)), cancel: TestClinic.Cancel);
            Assert.Contains(high.Opened, f => f.RuleId is "MON-05");
        }

        await using var db = clinic.Db();
        var judgedBy = await db.Findings.AsNoTracking().Where(f => f.RuleId == "MON-05").Select(f => f.RuleVersion).Distinct().ToListAsync(TestClinic.Cancel);
        Assert.Equal([$"{RuleBook.Get("MON-05").Version}+1"], judgedBy, StringComparer.Ordinal);
        foreach (var visit in running)
            Assert.Equal(1, (await clinic.Visits(v => v.State(visit))).Rules.Version);

        // The papers name the version of the start.
        var note = await clinic.Visits(v => v.Document(running[0], VisitDocumentKind.Note));
        var held = note.Sections.Single(s => s.Heading is "Rules that held").Facts;
        Assert.StartsWith("version 1, as they held at the start, 2026-03-02 10:00", held[0].Value, StringComparison.Ordinal); // 09:00 UTC in Berlin
        Assert.Equal("MON-05 systolic 162 mmHg", held[1].Value);

        // What starts later is judged by what holds then.
        var (_, _, later) = await clinic.AddCourse("T-late", $"Chair {Visits + 1}");
        var now = await ClinicRules.Settings(db, TestClinic.Cancel);
        Assert.Equal(1 + (2 * Versions), now.Version);
        await clinic.Start(later[0].Id);
        Assert.Equal(now.Value(RuleBook.Get("MON-05"), "systolic"), (await clinic.Visits(v => v.State(later[0].Id))).Rules.Value(RuleBook.Get("MON-05"), "systolic"));
    }

    [Fact]
    public async Task A_start_that_was_withdrawn_fixes_no_rules_and_the_next_start_does()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        var start = await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromSeconds(30));
        await clinic.ChangeRule("MON-01", "interval_infusing", 5);
        clinic.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await clinic.Visits(v => v.State(visit))).Rules.Version);
        await clinic.Append(visit, new Amended(start.Event.Id, null, null, "pressed by mistake"));
        Assert.Equal(1, (await clinic.Visits(v => v.State(visit))).Rules.Version);
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromSeconds(1));
        await clinic.ChangeRule("MON-01", "interval_infusing", 7);
        Assert.Equal(5, (await clinic.Visits(v => v.State(visit))).Rules.Value(RuleBook.Get("MON-01"), "interval_infusing"));
    }
}
