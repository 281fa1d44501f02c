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

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_threshold_changed_while_a_visit_runs_is_named_on_what_it_decides(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        await clinic.Append(visit, new Observed(new Readings(166, 80)));
        await clinic.As(clinic.Lead, (db, lead) => new ClinicRules(db, clinic.Time, lead).Change("MON-05", "systolic", 160));
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        await clinic.Append(visit, new Observed(new Readings(140, 80)));
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        await clinic.Append(visit, new Observed(new Readings(161, 80)));

        await using var db = clinic.Db();
        var versions = await db.Findings.AsNoTracking().Where(f => f.SubjectId == visit && f.RuleId == "MON-05").OrderBy(f => f.OpenedAt).Select(f => f.RuleVersion).ToListAsync(TestClinic.Cancel);
        var book = RuleBook.Get("MON-05").Version;
        Assert.Equal([$"{book}", $"{book}+1"], versions, StringComparer.Ordinal);
        var changed = Assert.Single(await db.ChangedThresholds.AsNoTracking().ToListAsync(TestClinic.Cancel));
        Assert.Equal(("Dr. Rowan", 160m), (changed.ChangedByName, changed.Value));
    }
}
