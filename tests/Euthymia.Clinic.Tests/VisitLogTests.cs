using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic.Tests;

public sealed class VisitLogTests
{
    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_visit_runs_from_start_to_completion_and_gives_the_ordered_dose(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, course, visits) = await clinic.AddCourse();
        Assert.Equal(6, visits.Count);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), visits[0].ScheduledAt); // 10:00 in Berlin
        Assert.Equal(new DateTimeOffset(2026, 3, 13, 9, 0, 0, TimeSpan.Zero), visits[5].ScheduledAt);
        var visit = visits[0].Id;

        await clinic.Append(visit, new Observed(new Readings(128, 78, 66, 98, 5, 0, 0, 0)));
        var started = await clinic.Start(visit);
        Assert.Equal(VisitPhase.Running, started.State.Phase);
        Assert.Equal(TimeSpan.FromMinutes(40), started.State.TimeLeft);
        Assert.Equal(clinic.Time.GetUtcNow().AddMinutes(10), started.State.NextReadingDue);

        clinic.Time.Advance(TimeSpan.FromMinutes(20));
        var half = await clinic.Visits(v => v.State(visit));
        Assert.Equal(15.25m, half.State.DoseGiven.Value);
        Assert.Equal(TimeSpan.FromMinutes(20), half.State.TimeLeft);
        Assert.True(half.State.ReadingOverdue);
        Assert.Equal(TimeSpan.FromMinutes(20), half.State.LastReadings["systolic"].Age);

        await clinic.Append(visit, new InfusionPaused("nausea"));
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        var paused = await clinic.Visits(v => v.State(visit));
        Assert.Equal(15.25m, paused.State.DoseGiven.Value);
        Assert.Null(paused.State.Rate);
        await clinic.Append(visit, new InfusionResumed());
        await clinic.Append(visit, new RateChanged(91.5m, "back to time"));
        clinic.Time.Advance(TimeSpan.FromMinutes(60));
        var ended = await clinic.Visits(v => v.State(visit));
        Assert.Equal(VisitPhase.Recovery, ended.State.Phase);
        Assert.True(ended.State.VolumeDelivered);
        Assert.Equal(30.5m, ended.State.DoseGiven.Value);
        Assert.Equal(ended.State.StartedAt!.Value.AddMinutes(35), ended.State.EndedAt);

        await clinic.Append(visit, new InfusionStopped());
        var completed = await clinic.Append(visit, new VisitCompleted());
        Assert.Equal(VisitPhase.Completed, completed.State.Phase);
        Assert.Null(completed.State.NextReadingDue);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], (await clinic.Visits(v => v.State(visit))).Visit.Events.Select(e => e.Number));

        var given = Assert.Single(await clinic.Visits(v => v.Given(course.Id)));
        Assert.Equal(new Milligrams(30.5m), given.Dose);
        Assert.Equal(new MilligramsPerKilogram(0.5m), given.DosePerKilogram);
        var regimen = await clinic.Visits(v => v.GivenRegimen(course.Id));
        Assert.Equal(30.5m, regimen!.Dose.Value);
        Assert.Equal(2, Assert.Single(regimen.Infusions).Segments.Count);
    }
}
