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

        await clinic.Prepare(visit);
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
        var completed = await clinic.Finish(visit);
        Assert.Equal(VisitPhase.Completed, completed.State.Phase);
        Assert.Null(completed.State.NextReadingDue);
        Assert.Equal(Enumerable.Range(1, 18), (await clinic.Visits(v => v.State(visit))).Visit.Events.Select(e => e.Number));

        var given = Assert.Single(await clinic.Visits(v => v.Given(course.Id)));
        Assert.Equal(new Milligrams(30.5m), given.Dose);
        Assert.Equal(new MilligramsPerKilogram(0.5m), given.DosePerKilogram);
        var regimen = await clinic.Visits(v => v.GivenRegimen(course.Id));
        Assert.Equal(30.5m, regimen!.Dose.Value);
        Assert.Equal(2, Assert.Single(regimen.Infusions).Segments.Count);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_same_event_sent_again_is_stored_once(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var id = Guid.CreateVersion7();
        var observed = clinic.Time.GetUtcNow();
        var entry = new Observed(new Readings(Systolic: 120, Diastolic: 80));
        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => clinic.Append(visits[0].Id, entry, observed, id)));
        Assert.Single(results, r => !r.AlreadyStored);
        Assert.All(results, r => Assert.Equal((1, id), (r.Event.Number, r.Event.Id)));

        await Refused.With("event_id_reused", () => clinic.Append(visits[0].Id, new Noted("other"), observed, id), RefusalKind.Conflict);
        await Refused.With("event_id_reused", () => clinic.Append(visits[0].Id, entry, observed.AddMinutes(-1), id), RefusalKind.Conflict);
        await Refused.With("event_id_reused", () => clinic.Append(visits[1].Id, entry, observed, id), RefusalKind.Conflict);
        Assert.Single((await clinic.Visits(v => v.State(visits[0].Id))).Visit.Events);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Nurses_who_record_at_once_all_succeed(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Start(visits[0].Id);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => clinic.Append(visits[0].Id, new Observed(new Readings(HeartRate: 60 + i)))));
        var visit = (await clinic.Visits(v => v.State(visits[0].Id))).Visit;
        Assert.Equal(Enumerable.Range(1, 19), visit.Events.Select(e => e.Number));
        Assert.Equal(12, visit.Events.Skip(7).Select(e => e.Entry).OfType<Observed>().Select(o => o.Readings.HeartRate).Distinct().Count());
        Assert.Null(VisitSeal.FirstBroken(visit.Events));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Of_two_starts_at_once_one_is_refused(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        foreach (var visit in visits.Take(2))
            await clinic.Prepare(visit.Id);
        var starts = visits.Take(2).Append(visits[0]).Select(async visit =>
        {
            try
            {
                await clinic.Start(visit.Id);
                return "started";
            }
            catch (ClinicRuleException refusal)
            {
                return Assert.Single(refusal.Errors).Code;
            }
        });
        var outcomes = await Task.WhenAll(starts);
        Assert.Single(outcomes, "started");
        Assert.All(outcomes, o => Assert.True(o is "started" or "another_visit_running" or "already_started", o));
    }

    [Fact]
    public async Task Illegal_steps_are_refused_and_leave_no_trace()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await Refused.With("not_running", () => clinic.Append(visit, new InfusionPaused()));
        await Refused.With("not_running", () => clinic.Append(visit, new RateChanged(30)));
        await Refused.With("not_paused", () => clinic.Append(visit, new InfusionResumed()));
        await Refused.With("not_running", () => clinic.Append(visit, new InfusionStopped()));
        await Refused.With("infusion_not_ended", () => clinic.Append(visit, new VisitCompleted()));
        await clinic.Start(visit);
        await Refused.With("already_started", () => clinic.Start(visit));
        await Refused.With("infusion_not_ended", () => clinic.Append(visit, new VisitCompleted()));
        clinic.Time.Advance(TimeSpan.FromMinutes(10));
        await clinic.Append(visit, new InfusionPaused());
        await Refused.With("not_running", () => clinic.Append(visit, new RateChanged(30)));
        await clinic.Append(visit, new InfusionStopped());
        await Refused.With("not_running", () => clinic.Append(visit, new InfusionStopped()));
        await Refused.With("unmet_dis_02", () => clinic.Append(visit, new VisitCompleted()));
        await clinic.Finish(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        await Refused.With("visit_completed", () => clinic.Append(visit, new Observed(new Readings(HeartRate: 70))));
        await clinic.Append(visit, new Noted("Left with escort."));
        await Refused.With("not_found", () => clinic.Append(Guid.CreateVersion7(), new Noted("nowhere")), RefusalKind.NotFound);
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, visits[0].PatientId);
        await Refused.With("forbidden", () => clinic.Visits(v => v.Append(visit, Guid.CreateVersion7(), new Noted("me")), self), RefusalKind.Forbidden);
        Assert.Equal(17, (await clinic.Visits(v => v.State(visit))).Visit.Events.Count);
    }

    [Fact]
    public async Task A_start_has_to_be_what_was_ordered()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, course, visits) = await clinic.AddCourse();
        Task<AppendResult> Start(decimal rate) => clinic.Visits(v => v.Start(visits[0].Id, Guid.CreateVersion7(), new MillilitresPerHour(rate)));
        await Refused.With("weight_missing", () => Start(45.75m));
        await clinic.Prepare(visits[0].Id);
        await Refused.With("rate_differs_from_order", () => Start(457.5m));
        await Refused.With("rate_differs_from_order", () => Start(46.67m)); // 2.01 % more
        await Refused.With("rate_differs_from_order", () => Start(0));
        var stale = new InfusionStarted(45.75m, 1, 30.5m, Guid.CreateVersion7());
        await Refused.With("order_outdated", () => clinic.Append(visits[0].Id, stale));
        await Refused.With("volume_differs_from_order", () => clinic.Append(visits[0].Id, stale with { OrderId = course.Order.Id, VolumeMillilitres = 305 }));
        await clinic.Courses(c => c.Amend(course.Id, 1, OrderForm.Of(course) with { Reason = "checked again" }));
        Assert.Equal(VisitPhase.Running, (await Start(46.66m)).State.Phase);
    }

    [Fact]
    public async Task A_changed_rate_keeps_the_limits()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Start(visits[0].Id);
        await Refused.With("not_positive", () => clinic.Append(visits[0].Id, new RateChanged(0)));
        await Refused.With("hard_limit_dose_rate", () => clinic.Append(visits[0].Id, new RateChanged(457.5m, "really")));
        await Refused.With("soft_limit_dose_rate", () => clinic.Append(visits[0].Id, new RateChanged(160)));
        Assert.Equal(160, (await clinic.Append(visits[0].Id, new RateChanged(160, "prescriber at the chair"))).State.Rate!.Value.Value);
    }

    [Theory]
    [InlineData("systolic", 39, 301)]
    [InlineData("heartRate", 19, 251)]
    [InlineData("oxygenSaturation", 39, 101)]
    [InlineData("respiratoryRate", 1, 71)]
    [InlineData("sedation", -1, 6)]
    [InlineData("dissociation", -1, 5)]
    [InlineData("nausea", -1, 11)]
    [InlineData("dizziness", -1, 11)]
    [InlineData("diastolic", 19, 201)]
    public async Task Impossible_readings_are_refused_at_their_field_and_the_edges_are_not(string field, int below, int above)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        Readings With(int value) => field switch
        {
            "systolic" => new(Systolic: value, Diastolic: 30),
            "diastolic" => new(Systolic: 250, Diastolic: value),
            "respiratoryRate" => new(RespiratoryRate: value),
            "heartRate" => new(HeartRate: value),
            "oxygenSaturation" => new(OxygenSaturation: value),
            "sedation" => new(Sedation: value),
            "dissociation" => new(Dissociation: value),
            "nausea" => new(Nausea: value),
            _ => new(Dizziness: value),
        };
        foreach (var impossible in new[] { below, above })
        {
            var refusal = await Refused.With("reading_impossible", () => clinic.Append(visits[0].Id, new Observed(With(impossible))));
            Assert.Equal(field, Assert.Single(refusal.Errors).Field);
        }

        await clinic.Append(visits[0].Id, new Observed(With(below + 1)));
        var last = (await clinic.Append(visits[0].Id, new Observed(With(above - 1)))).State.LastReadings;
        Assert.Equal(above - 1, last[field].Value);
        Assert.Equal(field is "systolic" or "diastolic" ? 2 : 1, last.Count); // what was not measured is absent
    }

    [Fact]
    public async Task A_reading_needs_a_value_and_a_plausible_time()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var now = clinic.Time.GetUtcNow();
        var entry = new Observed(new Readings(HeartRate: 70));
        await Refused.With("reading_empty", () => clinic.Append(visits[0].Id, new Observed(new Readings())));
        await Refused.With("pressure_incomplete", () => clinic.Append(visits[0].Id, new Observed(new Readings(120))));
        await Refused.With("pressure_incomplete", () => clinic.Append(visits[0].Id, new Observed(new Readings(Diastolic: 80))));
        await Refused.With("diastolic_not_below_systolic", () => clinic.Append(visits[0].Id, new Observed(new Readings(80, 120))));
        await Refused.With("observed_in_future", () => clinic.Append(visits[0].Id, entry, now.AddSeconds(121)));
        await Refused.With("observed_too_old", () => clinic.Append(visits[0].Id, entry, now.AddHours(-25)));
        await Refused.With("event_id_missing", () => clinic.Append(visits[0].Id, entry, now, Guid.Empty));
        Assert.True((await clinic.Append(visits[0].Id, entry, now.AddMinutes(-10))).Event.IsLate);
        Assert.False((await clinic.Append(visits[0].Id, entry, now.AddSeconds(119))).Event.IsLate);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task An_amendment_corrects_an_entry_and_both_stay_visible(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(20));
        var wrong = await clinic.Append(visit, new Observed(new Readings(210, 80)));
        var slower = await clinic.Append(visit, new RateChanged(30, "slower"));
        await Refused.With("required", () => clinic.Append(visit, new Amended(wrong.Event.Id, null, null, "")));
        await Refused.With("replacement_kind", () => clinic.Append(visit, new Amended(wrong.Event.Id, new Noted("x"), null, "typo")));
        await Refused.With("event_not_amendable", () => clinic.Append(visit, new Amended(Guid.CreateVersion7(), null, null, "typo")));
        await Refused.With("reading_impossible", () => clinic.Append(visit, new Amended(wrong.Event.Id, new Observed(new Readings(500, 80)), null, "typo")));
        await clinic.Append(visit, new Amended(wrong.Event.Id, new Observed(new Readings(120, 80)), null, "typed 210 for 120"));
        var state = (await clinic.Append(visit, new Amended(slower.Event.Id, slower.Event.Entry, slower.Event.ObservedAt.AddMinutes(-10), "was ten minutes earlier"))).State;
        Assert.Equal(120, state.LastReadings["systolic"].Value);
        Assert.Equal(45.75m / 6 + 30m / 6, state.DoseGiven.Value); // ten minutes at each rate, 1 mg/mL
        var line = state.Log.Single(l => l.Event.Id == wrong.Event.Id);
        Assert.Equal(210, ((Observed)line.Event.Entry).Readings.Systolic);
        Assert.Equal("typed 210 for 120", ((Amended)line.AmendedBy!.Entry).Reason);

        state = (await clinic.Append(visit, new Amended(slower.Event.Id, null, null, "pump was never changed"))).State;
        Assert.Equal(15.25m, state.DoseGiven.Value);
        Assert.Null(state.Log.Single(l => l.Event.Id == slower.Event.Id).Entry);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Today_lists_every_chair_with_its_visits_and_states(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, course, visits) = await clinic.AddCourse("T-1");
        await clinic.AddCourse("T-2", "Chair 2");
        var other = await clinic.AddPatient("T-3");
        await clinic.Admit(other.Id);
        var third = await clinic.Courses(c => c.Save(other.Id, new OrderForm()));
        await Refused.With("chair_taken", () => clinic.Visits(v => v.Schedule(third.Id, new TimeOnly(10, 0), "Chair 1")), RefusalKind.Conflict);
        await Refused.With("chair_unknown", () => clinic.Visits(v => v.Schedule(third.Id, new TimeOnly(10, 0), "Chair 9")));
        Assert.Empty(await clinic.Visits(v => v.Schedule(course.Id, new TimeOnly(11, 0), "Chair 1"))); // all six are scheduled

        await clinic.Start(visits[0].Id);
        var today = await clinic.Visits(v => v.Today());
        Assert.Equal(["Chair 1", "Chair 2"], today.Select(c => c.Chair), StringComparer.Ordinal);
        var line = Assert.Single(today[0].Visits);
        Assert.Equal(("M. Birch", "T-1", VisitPhase.Running), (line.PatientName, line.ClinicNumber, line.State.Phase));
        Assert.Equal(VisitPhase.Scheduled, Assert.Single(today[1].Visits).State.Phase);
        var tomorrow = await clinic.Visits(v => v.Today(new DateOnly(2026, 3, 3)));
        Assert.All(tomorrow, c => Assert.Empty(c.Visits));

        await Refused.With("already_started", () => clinic.Visits(v => v.Reschedule(visits[0].Id, new DateOnly(2026, 3, 3), new TimeOnly(9, 0), "Chair 1")));
        await clinic.Visits(v => v.Reschedule(visits[1].Id, new DateOnly(2026, 3, 3), new TimeOnly(9, 0), "Chair 2"));
        Assert.Single((await clinic.Visits(v => v.Today(new DateOnly(2026, 3, 3))))[1].Visits);
        await using var db = clinic.Db();
        await new VisitLog(db, clinic.Time, clinic.Nurse).Cancel(visits[1].Id, "patient ill", TestClinic.Cancel);
        await Refused.With("visit_cancelled", () => clinic.Start(visits[1].Id));
        Assert.Equal(2, Assert.Single(await clinic.Visits(v => v.Schedule(course.Id, new TimeOnly(11, 0), "Chair 1"))).NumberInCourse);
    }
}
