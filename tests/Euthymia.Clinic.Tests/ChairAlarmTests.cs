using Euthymia.Clinic.Rules;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

/// <summary>Alarms at the chair: stored with the entry that raises them, by the server's clock, once, and never lost.</summary>
public sealed class ChairAlarmTests
{
    private static Observed Pressure(int systolic, int diastolic) => new(new Readings(systolic, diastolic, 72, 98, Sedation: 5));

    private static bool Is(Finding finding, string rule) => string.Equals(finding.RuleId, rule, StringComparison.Ordinal);

    private static async Task<List<Finding>> Findings(TestClinic clinic, Guid visit)
    {
        await using var db = clinic.Db();
        return await db.Findings.AsNoTracking().Where(f => f.SubjectId == visit).OrderBy(f => f.OpenedAt).ThenBy(f => f.RuleId).ToListAsync(TestClinic.Cancel);
    }

    private static async Task<Guid> Running(TestClinic clinic)
    {
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Append(visits[0].Id, Pressure(120, 76));
        await clinic.Start(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        return visits[0].Id;
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_raised_pressure_is_a_quiet_recheck_and_ends_with_a_lower_one(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var visit = await Running(clinic);
        await clinic.Append(visit, Pressure(164, 99));
        Assert.DoesNotContain(await Findings(clinic, visit), f => Is(f, "MON-05"));
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        var raised = await clinic.Append(visit, Pressure(165, 90));
        Assert.Equal(clinic.Time.GetUtcNow().AddMinutes(5), raised.State.NextReadingDue);
        var recheck = Assert.Single(await Findings(clinic, visit), f => Is(f, "MON-05"));
        Assert.Equal((AlarmPriority.Low, AlarmState.Active, raised.Event.Id), (recheck.Priority, recheck.State, recheck.EventId));
        Assert.Contains("systolic 165", recheck.Basis, StringComparison.Ordinal);
        Assert.Contains("165 mmHg", recheck.Basis, StringComparison.Ordinal); // the limit
        Assert.Contains("Rodrigues 2020", recheck.Source, StringComparison.Ordinal);
        Assert.Contains("Recheck in 5 minutes", recheck.Advice, StringComparison.Ordinal);
        Assert.Equal(RuleBook.Get("MON-05").Version.ToString(System.Globalization.CultureInfo.InvariantCulture), recheck.RuleVersion);

        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Append(visit, Pressure(142, 84));
        recheck = Assert.Single(await Findings(clinic, visit), f => Is(f, "MON-05"));
        Assert.Equal((AlarmState.Ended, "Nurse Hazel"), (recheck.State, recheck.ClosedByName));
    }

    [Fact]
    public async Task Severe_pressure_is_loud_when_confirmed_or_in_crisis()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var visit = await Running(clinic);
        await clinic.Append(visit, Pressure(181, 90));
        Assert.DoesNotContain(await Findings(clinic, visit), f => f.Priority == AlarmPriority.High);
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Append(visit, Pressure(184, 90));
        Assert.Equal(["MON-07a"], (await Findings(clinic, visit)).Where(f => f.Priority == AlarmPriority.High).Select(f => f.RuleId), StringComparer.Ordinal);
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        await clinic.Append(visit, Pressure(201, 90));
        Assert.Equal(["MON-07a", "MON-07b"], (await Findings(clinic, visit)).Where(f => f.Priority == AlarmPriority.High).Select(f => f.RuleId), StringComparer.Ordinal);
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        await clinic.Append(visit, Pressure(203, 90));
        Assert.Equal(2, (await Findings(clinic, visit)).Count(f => f.Priority == AlarmPriority.High)); // one alarm for one condition
    }

    [Fact]
    public async Task Saturation_a_large_rise_and_symptoms_raise_their_alarms()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var visit = await Running(clinic);
        await clinic.Append(visit, new Observed(new Readings(160, 80, 72, 93, Sedation: 5)));
        var found = (await Findings(clinic, visit)).ToDictionary(f => f.RuleId, f => f.Priority, StringComparer.Ordinal);
        Assert.Equal(AlarmPriority.Low, found["MON-06"]); // 40 above the own baseline of 120
        Assert.Equal(AlarmPriority.Medium, found["MON-12a"]);
        await clinic.Append(visit, new Observed(new Readings(OxygenSaturation: 88)));
        var pain = await clinic.Append(visit, new SideEffectSeen("Chest pain", Sign.ChestPain, SideEffectGrade.Severe, null, SideEffectOutcome.Ongoing));
        found = (await Findings(clinic, visit)).ToDictionary(f => f.RuleId, f => f.Priority, StringComparer.Ordinal);
        Assert.Equal(AlarmPriority.High, found["MON-12b"]);
        Assert.Equal(AlarmPriority.High, found["MON-08"]);
        Assert.Equal(AlarmPriority.High, found["MON-21"]);
        Assert.True(Assert.Single(pain.State.Session.SideEffects).IsOngoing);
        await clinic.Append(visit, new SideEffectFollowed(pain.Event.Id, SideEffectGrade.Mild, "Position changed", SideEffectOutcome.Resolved));
        Assert.Equal(AlarmState.Latched, (await Findings(clinic, visit)).Single(f => Is(f, "MON-08")).State);
    }

    [Fact]
    public async Task A_rule_that_nobody_has_signed_informs_and_does_not_alarm()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var visit = await Running(clinic);
        await clinic.Append(visit, new Observed(new Readings(Sedation: 2)));
        var deep = Assert.Single(await Findings(clinic, visit), f => Is(f, "MON-13b"));
        Assert.Equal(AlarmPriority.Information, deep.Priority);
        Assert.Contains("has not signed", deep.Basis, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_high_alarm_latches_until_a_person_acknowledges_it(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var visit = await Running(clinic);
        await clinic.Append(visit, Pressure(205, 110));
        clinic.Time.Advance(TimeSpan.FromMinutes(6));
        await clinic.Append(visit, Pressure(150, 80));
        var alarm = (await Findings(clinic, visit)).Single(f => Is(f, "MON-07b"));
        Assert.Equal(AlarmState.Latched, alarm.State); // over, but nobody has seen it
        Assert.True(alarm.SoundsAt(clinic.Time.GetUtcNow(), VisitSession.Empty));
        var pause = (await clinic.Append(visit, new AudioPaused(60))).State.Session;
        Assert.False(alarm.SoundsAt(clinic.Time.GetUtcNow().AddSeconds(59), pause));
        Assert.True(alarm.SoundsAt(clinic.Time.GetUtcNow().AddSeconds(60), pause)); // it comes back by itself

        await Refused.With("alarm_unknown", () => clinic.Append(visit, new AlarmAcknowledged(Guid.CreateVersion7(), null)));
        await clinic.Append(visit, new AlarmAcknowledged(alarm.Id, "Clinician at the chair"));
        await clinic.Append(visit, new AlarmAcknowledged(alarm.Id, "second nurse, same moment")); // both are recorded, the first holds
        alarm = (await Findings(clinic, visit)).Single(f => Is(f, "MON-07b"));
        Assert.Equal((AlarmState.Ended, "Nurse Hazel", "Clinician at the chair"), (alarm.State, alarm.AcknowledgedByName, alarm.ActionTaken));

        clinic.Time.Advance(TimeSpan.FromMinutes(6));
        await clinic.Append(visit, Pressure(206, 110)); // a new occurrence is a new alarm
        Assert.Equal(2, (await Findings(clinic, visit)).Count(f => Is(f, "MON-07b")));
    }

    [Fact]
    public async Task An_acknowledged_alarm_stays_silent_until_its_condition_is_over()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var visit = await Running(clinic);
        await clinic.Append(visit, Pressure(205, 110));
        var alarm = (await Findings(clinic, visit)).Single(f => Is(f, "MON-07b"));
        await clinic.Append(visit, new AlarmAcknowledged(alarm.Id, null));
        Assert.Equal(AlarmState.Acknowledged, (await Findings(clinic, visit)).Single(f => Is(f, "MON-07b")).State);
        await Refused.With("pause_range", () => clinic.Append(visit, new AudioPaused(121)));
        var paused = await clinic.Append(visit, new AudioPaused(120));
        Assert.Equal(clinic.Time.GetUtcNow().AddSeconds(120), paused.State.Session.AudioPausedUntil);
        clinic.Time.Advance(TimeSpan.FromSeconds(1));
        var pain = (await clinic.Append(visit, new SideEffectSeen("Chest pain", Sign.ChestPain, SideEffectGrade.Severe, null, SideEffectOutcome.Ongoing))).Opened[0];
        Assert.True(pain.SoundsAt(clinic.Time.GetUtcNow(), paused.State.Session)); // a newer alarm ends the pause
        clinic.Time.Advance(TimeSpan.FromMinutes(6));
        await clinic.Append(visit, Pressure(150, 80));
        Assert.Equal(AlarmState.Ended, (await Findings(clinic, visit)).Single(f => Is(f, "MON-07b")).State);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_reading_overdue_is_found_by_the_servers_clock_once_however_many_servers_watch(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var visit = await Running(clinic);
        await using var one = new RunningRecorder(clinic);
        await using var two = new RunningRecorder(clinic);
        async Task<string[]> Watched()
        {
            await Task.WhenAll(one.Recorder.Watch(TestClinic.Cancel), two.Recorder.Watch(TestClinic.Cancel));
            return [.. (await Findings(clinic, visit)).Where(f => f.RuleId.StartsWith("MON-04", StringComparison.Ordinal)).Select(f => $"{f.RuleId} {f.Priority} {f.State}")];
        }

        clinic.Time.Advance(TimeSpan.FromMinutes(7)); // 12 min after the start: due at 10, grace 2
        Assert.Empty(await Watched());
        clinic.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["MON-04a Low Active"], await Watched());
        clinic.Time.Advance(TimeSpan.FromMinutes(8)); // twice the interval: a second person
        Assert.Equal(["MON-04a Low Active", "MON-04b Medium Active"], await Watched());
        await using (var restarted = new RunningRecorder(clinic))
            await restarted.Recorder.Watch(TestClinic.Cancel);
        Assert.Equal(2, (await Watched()).Length);

        await one.Recorder.Append(clinic.Nurse, visit, Guid.CreateVersion7(), Pressure(130, 80), cancel: TestClinic.Cancel);
        Assert.Equal(["MON-04a Low Ended", "MON-04b Medium Latched"], await Watched());
        clinic.Time.Advance(TimeSpan.FromMinutes(12) + TimeSpan.FromSeconds(1));
        Assert.Equal(3, (await Watched()).Length); // the next one missed is another occurrence
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task An_alarm_that_a_lead_has_closed_elsewhere_does_not_stop_the_recording(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var visit = await Running(clinic);
        await using var server = new RunningRecorder(clinic);
        Task<AppendResult> Append(VisitEntry entry) => server.Recorder.Append(clinic.Nurse, visit, Guid.CreateVersion7(), entry, cancel: TestClinic.Cancel);
        await Append(Pressure(205, 110));
        var alarm = (await Findings(clinic, visit)).Single(f => Is(f, "MON-07b"));
        await clinic.Findings(f => f.Close(alarm.Id, "Seen on the ward round")); // the server's copy still says open
        clinic.Time.Advance(TimeSpan.FromMinutes(6));
        await Append(Pressure(140, 80));
        await Append(Pressure(141, 80));
        alarm = (await Findings(clinic, visit)).Single(f => Is(f, "MON-07b"));
        Assert.Equal(("Seen on the ward round", "Dr. Rowan"), (alarm.ActionTaken, alarm.ClosedByName));
        Assert.NotNull(alarm.ConditionEndedAt);
    }

    [Fact]
    public async Task A_late_reading_is_judged_by_its_own_time_and_makes_no_sound()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var visit = await Running(clinic);
        clinic.Time.Advance(TimeSpan.FromMinutes(10));
        await clinic.Append(visit, Pressure(140, 80));
        await clinic.Append(visit, Pressure(204, 100), clinic.Time.GetUtcNow().AddMinutes(-8)); // taken while the server was away
        var alarm = (await Findings(clinic, visit)).Single(f => Is(f, "MON-07b"));
        Assert.True(alarm.IsRetrospective);
        Assert.False(alarm.SoundsAt(clinic.Time.GetUtcNow(), VisitSession.Empty));
        Assert.Equal(AlarmState.Latched, alarm.State); // the later reading is lower, but somebody has to see it
    }

    [Fact]
    public async Task Completing_the_visit_ends_the_conditions_but_not_an_alarm_that_nobody_saw()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var visit = await Running(clinic);
        await clinic.Append(visit, Pressure(205, 110));
        await clinic.Append(visit, new InfusionStopped("Pressure"));
        await clinic.CloseLedger(visit);
        var unmet = (await clinic.Visits(v => v.After(visit))).Sheet.UnmetText;
        await clinic.Append(visit, new DischargeOverridden(unmet, "To the emergency department"));
        await clinic.ByLead(visit, new DischargeOverridden(unmet, "To the emergency department"));
        await clinic.Append(visit, new VisitCompleted());
        var states = (await Findings(clinic, visit)).ToDictionary(f => f.RuleId, f => f.State, StringComparer.Ordinal);
        Assert.Equal(AlarmState.Ended, states["MON-05"]);
        Assert.Equal(AlarmState.Latched, states["MON-07b"]);
    }

    [Fact]
    public async Task A_clinic_may_set_its_own_schedule_within_the_books_range()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        Task<ProposedThreshold> Wish(decimal minutes, Actor actor) => clinic.Rules(r => r.Propose("MON-01", "interval_infusing", minutes, "short of staff"), actor);
        await Refused.With("rule_parameter_range", () => Wish(16, clinic.Lead));
        await Refused.With("forbidden", () => Wish(5, clinic.Nurse), RefusalKind.Forbidden);
        await clinic.ChangeRule("MON-01", "interval_infusing", 5);
        var visit = await Running(clinic);
        Assert.Equal(clinic.Time.GetUtcNow(), (await clinic.Visits(v => v.State(visit))).State.NextReadingDue);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_at_its_field()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var visit = await Running(clinic);
        var drug = new RescueDrugGiven("ondansetron", 4, "mg", "intravenous", "Dr. Rowan");
        await Refused.With("amount_range", () => clinic.Append(visit, drug with { Amount = 0 }));
        await Refused.With("unit_unknown", () => clinic.Append(visit, drug with { Unit = "ug" }));
        await Refused.With("route_unknown", () => clinic.Append(visit, drug with { Route = "by air" }));
        await Refused.With("required", () => clinic.Append(visit, drug with { OrderedBy = " " }));
        await Refused.With("grade_unknown", () => clinic.Append(visit, new SideEffectSeen("headache", null, (SideEffectGrade)9, null, SideEffectOutcome.Ongoing)));
        await Refused.With("side_effect_unknown", () => clinic.Append(visit, new SideEffectFollowed(Guid.CreateVersion7(), SideEffectGrade.Mild, null, SideEffectOutcome.Resolved)));
        await Refused.With("period_range", () => clinic.Append(visit, new MonitorConfirmed("M-1", 0)));
        var stored = await clinic.Append(visit, drug);
        var read = (await clinic.Visits(v => v.State(visit))).Visit.Events[^1];
        Assert.Equal(drug, read.Entry);
        Assert.Equal(stored.Event.Hash, read.Hash);
    }
}
