using System.Text.Json;
using CsCheck;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic.Tests.Sheets;

/// <summary>Properties of the sheets folded from random logs, and of what a correction does to each kind of entry.</summary>
public sealed class SheetFoldTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid[] People = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];

    /// <summary>One of each kind.</summary>
    public static IReadOnlyList<VisitEntry> Kinds { get; } =
    [
        new InfusionStarted(45.75m, 1, 30.5m, Guid.CreateVersion7()), new RateChanged(40, "slower"), new InfusionPaused("nausea"), new InfusionResumed(), new InfusionStopped("end"), new VisitCompleted(),
        new Observed(PreparedVisit.Rest), new Noted("calm"), new CheckedBefore(GoNoGoAnswers.AllWell(Start)), new Weighed(61.5m, Confirmed: true), new StopOverridden("PRE-08", "1", "fired: x", "reason"),
        PreparedVisit.Vial(new DateOnly(2026, 3, 2)), PreparedVisit.Pump, new DrugWasted(1.25m, "bottle"), new DrugReturned(2.5m, "safe"), new Witnessed(Guid.CreateVersion7()), new RecoveryScored(2, 1, 2, 2, 2),
        new HomeReadinessScored(2, 2, 1, 2, 2), new CheckedAfter(PreparedVisit.Fit), new DischargeOverridden("DIS-05", "reason"), new SignedOff(SignatureMeaning.Reviewed),
        new SideEffectSeen("nausea", null, SideEffectGrade.Moderate, "slowed", SideEffectOutcome.Ongoing), new SideEffectFollowed(Guid.CreateVersion7(), SideEffectGrade.Mild, null, SideEffectOutcome.Resolved),
        new RescueDrugGiven("ondansetron", 4, "mg", "intravenous", "Dr. Rowan"), new AlarmAcknowledged(Guid.CreateVersion7(), "at the chair"), new AudioPaused(60), new MonitorConfirmed("monitor-1", 60), new MonitorReleased(), new ReadingDoubted(Guid.CreateVersion7(), ReadingPart.Pressure, DoubtReason.Motion, "arm bent"),
    ];

    public static TheoryData<int> EveryKind() => [.. Enumerable.Range(0, Kinds.Count)];

    [Fact]
    public void The_list_of_kinds_is_complete() =>
        Assert.Equal(
            typeof(VisitEntry).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(VisitEntry)) && !t.IsAbstract && t != typeof(Amended)).Select(t => t.Name).Order(StringComparer.Ordinal),
            Kinds.Select(k => k.GetType().Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Theory, MemberData(nameof(EveryKind))]
    public void Every_kind_of_entry_comes_back_from_its_stored_form(int kind)
    {
        var json = VisitSeal.ToJson(Kinds[kind]);
        Assert.Equal(Kinds[kind], VisitSeal.FromJson(json));
        Assert.Equal(json, VisitSeal.ToJson(VisitSeal.FromJson(json)));
    }

    [Theory, MemberData(nameof(EveryKind))]
    public void Every_kind_of_entry_can_be_taken_apart_and_put_together_unchanged(int kind)
    {
        var entry = Kinds[kind];
        var fields = EntryDraft.Fields(entry, TimeZoneInfo.Utc);
        Assert.Equal(entry, EntryDraft.Apply(entry, fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal), TimeZoneInfo.Utc));
        Assert.Equal(EntryDraft.MayBeRewritten(entry), fields.Count > 0 || entry is InfusionResumed or VisitCompleted or MonitorReleased);
        if (fields.FirstOrDefault(f => f.Kind is DraftFieldKind.Number or DraftFieldKind.WholeNumber) is not { } number)
            return;
        foreach (var typed in new[] { ".5", "5.", "1,5", "1e2", "-1", "٥" })
        {
            var refusal = Assert.Throws<ClinicRuleException>(() => EntryDraft.Apply(entry, fields.ToDictionary(f => f.Name, f => string.Equals(f.Name, number.Name, StringComparison.Ordinal) ? typed : f.Value, StringComparer.Ordinal), TimeZoneInfo.Utc));
            Assert.Equal(number.Name, Assert.Single(refusal.Errors).Field);
        }
    }

    [Fact]
    public void A_reading_gains_and_loses_values_by_correction()
    {
        var fields = EntryDraft.Fields(new Observed(new Readings(Systolic: 210)), TimeZoneInfo.Utc).ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);
        Assert.Null(fields["readings.heartRate"]);
        fields["readings.systolic"] = "";
        fields["readings.heartRate"] = "70";
        Assert.Equal(new Observed(new Readings(HeartRate: 70)), EntryDraft.Apply(new Observed(new Readings(Systolic: 210)), fields, TimeZoneInfo.Utc));
        fields["readings.heartRate"] = "70.5";
        Assert.Throws<ClinicRuleException>(() => EntryDraft.Apply(new Observed(new Readings(Systolic: 210)), fields, TimeZoneInfo.Utc));
    }

    private static readonly Gen<(int Kind, int Person)[]> Steps = Gen.Select(Gen.Int[0, 8], Gen.Int[0, 2]).Array[0, 30];

    private static List<VisitEvent> Log((int Kind, int Person)[] steps)
    {
        List<VisitEvent> log = [];
        foreach (var ((kind, person), index) in steps.Select((s, i) => (s, i)))
        {
            VisitEntry entry = kind switch
            {
                0 => new CheckedBefore(new BeforeAnswers { EscortName = $"E{index}", NameConfirmed = index % 2 == 0 }),
                1 => new Weighed(60 + index),
                2 => PreparedVisit.Vial(new DateOnly(2026, 3, 2)),
                3 => new PumpEntered(61, 1, 45 + index, 30),
                4 => new DrugWasted(1 + index, "bottle"),
                5 => new DrugReturned(1, "safe"),
                6 when log.LastOrDefault(e => e.Entry is DrugWasted) is { } waste => new Witnessed(waste.Id),
                7 => new CheckedBefore(new BeforeAnswers { Alcohol = Intake.Yes, LastAlcoholAt = Start.AddMinutes(-index) }),
                _ => new Observed(new Readings(100 + index, 70)),
            };
            log.Add(new VisitEvent { Id = Guid.CreateVersion7(), Number = index + 1, ObservedAt = Start.AddMinutes(index), RecordedAt = Start.AddMinutes(index), AuthorId = People[person], AuthorName = $"P{person}", Entry = entry });
        }

        return log;
    }

    private static string Told(IEnumerable<VisitEvent> log)
    {
        var state = VisitFold.Of(new Visit(), log, Start.AddHours(2));
        var sheets = state.Sheets;
        return JsonSerializer.Serialize(new
        {
            sheets.Before,
            Weight = sheets.Weight?.Value,
            Baseline = sheets.Baseline.Select(r => r.Readings),
            Vials = sheets.Preparations.Select(l => l.Event.Id),
            First = sheets.FirstCheck?.Entry,
            FirstBy = sheets.FirstCheck?.Person,
            Second = sheets.SecondCheck?.Entry,
            SecondBy = sheets.SecondCheck?.Person,
            Wastes = sheets.Wastes.Select(w => (w.Entry.Milligrams, w.WitnessedBy?.Id).ToString()),
            Ledger = DrugLedger.Of(state).ToString(),
        });
    }

    [Fact]
    public void The_order_of_delivery_does_not_change_the_sheets() => Gen.Select(Steps, Gen.Int[0, 1000]).Sample((steps, seed) =>
    {
        var log = Log(steps);
        // The same events, recorded in another order: only their numbers differ.
        var shuffled = log.OrderBy(e => HashCode.Combine(e.Id, seed)).Select((e, i) => new VisitEvent { Id = e.Id, Number = i + 1, ObservedAt = e.ObservedAt, RecordedAt = e.RecordedAt, AuthorId = e.AuthorId, AuthorName = e.AuthorName, Entry = e.Entry });
        Assert.Equal(Told(log), Told(shuffled), StringComparer.Ordinal);
    });

    [Fact]
    public void The_sheets_of_any_log_are_consistent() => Steps.Sample(steps =>
    {
        var log = Log(steps);
        var state = VisitFold.Of(new Visit(), log, Start.AddHours(2));
        var sheets = state.Sheets;
        var ledger = DrugLedger.Of(state);
        Assert.Equal(500m * log.Count(e => e.Entry is DrugPrepared), ledger.Taken.Value);
        Assert.Equal(ledger.Taken.Value, ledger.Given.Value + ledger.Wasted.Value + ledger.Returned.Value + ledger.Open.Value);
        Assert.NotEqual(sheets.FirstCheck?.Person ?? Guid.Empty, sheets.SecondCheck?.Person ?? Guid.NewGuid());
        Assert.True(sheets.SecondCheck is null || sheets.FirstCheck is not null);
        Assert.All(sheets.Wastes, w => Assert.NotEqual(w.Line.Event.AuthorId, w.WitnessedBy?.AuthorId));
        var lastChange = log.FindLastIndex(e => e.Entry is Weighed or DrugPrepared);
        Assert.All(new[] { sheets.FirstCheck, sheets.SecondCheck }.OfType<PumpCheck>(), c => Assert.True(c.Line.Event.Number > lastChange + 1));
        Assert.Equal(log.Select(e => e.Entry).OfType<Weighed>().LastOrDefault()?.Kilograms, sheets.Weight?.Value);
        Assert.Equal(log.Select(e => e.Entry).OfType<CheckedBefore>().Select(c => c.Answers.EscortName).LastOrDefault(n => n is not null), sheets.Before.EscortName);
    });

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Every_entry_of_a_whole_visit_sent_twice_is_stored_once_and_the_seal_holds(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(41));
        await clinic.Finish(visit);
        await clinic.Append(visit, new SignedOff(SignatureMeaning.Recorded));
        var before = (await clinic.Visits(v => v.State(visit))).Visit.Events;
        Assert.Null(VisitSeal.FirstBroken(before));
        foreach (var e in before)
        {
            var who = e.AuthorId == clinic.Lead.AccountId ? clinic.Lead : clinic.Nurse;
            Assert.True((await clinic.Visits(v => v.Append(visit, e.Id, e.Entry, e.ObservedAt), who)).AlreadyStored);
        }

        Assert.Equal(before.Select(e => e.Hash), (await clinic.Visits(v => v.State(visit))).Visit.Events.Select(e => e.Hash), StringComparer.Ordinal);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_signature_is_withdrawn_but_never_rewritten(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(41));
        await clinic.Finish(visit);
        var signed = await clinic.Append(visit, new SignedOff(SignatureMeaning.Recorded));
        await Refused.With("replacement_signature", () => clinic.ByLead(visit, new Amended(signed.Event.Id, new SignedOff(SignatureMeaning.Reviewed), null, "x")));
        var state = (await clinic.Append(visit, new Amended(signed.Event.Id, null, null, "signed the wrong visit"))).State;
        Assert.Empty(state.Sheets.Signatures);
        Assert.Contains(state.Log, l => l.Event.Id == signed.Event.Id && l.Entry is null && l.Event.Entry is SignedOff);
    }
}
