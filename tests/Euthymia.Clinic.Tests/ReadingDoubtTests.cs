using CsCheck;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Tests.Forecasts;
using Euthymia.Pharmacometrics.Individualisation;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

/// <summary>The quality flag of a reading (hazard H28): kept as recorded, shown with the flag, counted for nothing.</summary>
public sealed class ReadingDoubtTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static Observed Set(int systolic, int diastolic = 80) => new(new Readings(systolic, diastolic, 72, 98, Sedation: 5));

    private static ReadingDoubted Pressure(Guid reading) => new(reading, ReadingPart.Pressure, DoubtReason.Motion);

    private sealed record Step(int Seconds, int Systolic, int Doubt, int Of);

    private static readonly Gen<Step[]> Steps = Gen.Select(Gen.Int[1, 300], Gen.Int[90, 200], Gen.Int[0, 4], Gen.Int[0, 20], (seconds, systolic, doubt, of) => new Step(seconds, systolic, doubt, of)).Array[1, 20];

    private static VisitEvent Event(int number, DateTimeOffset at, VisitEntry entry) => new() { Id = Guid.CreateVersion7(), Number = number, ObservedAt = at, RecordedAt = at, Entry = entry };

    /// <summary>Readings, and now and then a doubt about one that was taken before.</summary>
    private static List<VisitEvent> Log(Step[] steps)
    {
        List<VisitEvent> log = [Event(1, Start, new InfusionStarted(45.75m, 1.5m, 30.5m, Guid.Empty))];
        var at = Start;
        foreach (var step in steps)
        {
            at = at.AddSeconds(step.Seconds);
            var readings = log.Where(e => e.Entry is Observed).ToList();
            VisitEntry entry = step.Doubt < 3 || readings.Count == 0 ? Set(step.Systolic)
                : new ReadingDoubted(readings[step.Of % readings.Count].Id, step.Doubt == 3 ? ReadingPart.Pressure : null, DoubtReason.Cuff);
            log.Add(Event(log.Count + 1, at, entry));
        }

        return log;
    }

    [Fact]
    public void Order_of_delivery_does_not_matter_and_the_raw_value_is_always_the_stored_one() =>
        Gen.Select(Steps, Gen.Int).Sample((steps, shuffle) =>
        {
            var log = Log(steps);
            var reordered = log.OrderBy(e => HashCode.Combine(e.Number, shuffle)).Select((e, i) => new VisitEvent { Id = e.Id, Number = i + 1, ObservedAt = e.ObservedAt, RecordedAt = e.RecordedAt, Entry = e.Entry }).ToList();
            var at = log[^1].ObservedAt.AddMinutes(1);
            var (one, other) = (VisitFold.Of(new Visit(), log, at), VisitFold.Of(new Visit(), reordered, at));
            Assert.Equal(one.Log.Select(l => (l.Event.Id, l.Sound)), other.Log.Select(l => (l.Event.Id, l.Sound)));
            Assert.Equal(one.LastReadings.OrderBy(r => r.Key, StringComparer.Ordinal), other.LastReadings.OrderBy(r => r.Key, StringComparer.Ordinal));
            Assert.Equal((one.NextReadingDue, one.Facts.RetakeSince), (other.NextReadingDue, other.Facts.RetakeSince));
            Assert.Equal(log.Where(e => e.Entry is Observed).Select(e => e.Entry), one.Log.Where(l => l.Event.Entry is Observed).Select(l => l.Entry));
            Assert.Equal(log.Count(e => e.Entry is Observed), one.ReadingsAsRecorded.Count);

            // By another way: what no doubt points at is what counts.
            var last = log.Where(e => e.Entry is Observed && !log.Exists(d => d.Entry is ReadingDoubted doubted && doubted.EventId == e.Id)).MaxBy(e => e.Number);
            Assert.Equal((last?.Entry as Observed)?.Readings.Systolic, one.LastReadings.GetValueOrDefault("systolic")?.Value);
        }, iter: 500);

    [Fact]
    public void Two_doubts_about_one_value_are_one_and_a_doubt_of_nothing_does_no_harm()
    {
        var reading = Event(2, Start.AddMinutes(1), Set(181));
        List<VisitEvent> log = [Event(1, Start, new InfusionStarted(45.75m, 1.5m, 30.5m, Guid.Empty)), reading, Event(3, Start.AddMinutes(2), Pressure(reading.Id))];
        var once = VisitFold.Of(new Visit(), log, Start.AddMinutes(3));
        var twice = VisitFold.Of(new Visit(), [.. log, Event(4, Start.AddMinutes(2), Pressure(reading.Id)), Event(5, Start.AddMinutes(2), Pressure(Guid.CreateVersion7()))], Start.AddMinutes(3));
        Assert.Equal(once.LastReadings, twice.LastReadings);
        Assert.Equal(once.NextReadingDue, twice.NextReadingDue);
        Assert.Equal(new Readings(HeartRate: 72, OxygenSaturation: 98, Sedation: 5), twice.Log.Single(l => l.Event.Id == reading.Id).Sound);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_current_value_is_the_last_that_nobody_doubts_and_the_doubted_one_is_due_at_once(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(8));
        var good = await clinic.Append(visit, Set(132));
        clinic.Time.Advance(TimeSpan.FromMinutes(3));
        var bad = await clinic.Append(visit, Set(158));
        Assert.Equal(bad.Event.ObservedAt.AddMinutes(10), bad.State.NextReadingDue);
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        var id = Guid.CreateVersion7();
        await clinic.Append(visit, Pressure(bad.Event.Id), id: id);
        Assert.True((await clinic.Append(visit, Pressure(bad.Event.Id), id: id)).AlreadyStored);

        var view = await clinic.Visits(v => v.State(visit));
        Assert.Equal((132, TimeSpan.FromMinutes(4)), (view.State.LastReadings["systolic"].Value, view.State.LastReadings["systolic"].Age));
        Assert.Equal((72, TimeSpan.FromMinutes(1)), (view.State.LastReadings["heartRate"].Value, view.State.LastReadings["heartRate"].Age)); // only the pressure is doubted
        Assert.Equal(clinic.Time.GetUtcNow(), view.State.NextReadingDue);
        Assert.Equal(bad.Event.Id, ReadingParts.LatestIfDoubted(view.State.Log, ReadingPart.Pressure)?.Event.Id);
        Assert.Equal("doubted: BP: motion (Nurse Hazel)", DoubtWords.Of(view.State.Log.Single(l => l.Event.Id == bad.Event.Id)));
        Assert.Equal(Set(158), view.Visit.Events.Single(e => e.Id == bad.Event.Id).Entry); // raw = stored
        Assert.Single(view.Visit.Events, e => e.Entry is ReadingDoubted);
        Assert.Null(VisitSeal.FirstBroken(view.Visit.Events));

        var none = await clinic.Append(visit, new ReadingDoubted(good.Event.Id, null, DoubtReason.Other, "wrong patient's cuff"));
        Assert.Equal(120, none.State.LastReadings["systolic"].Value); // the baseline before the start
        var back = await clinic.Append(visit, new Amended(id, null, null, "It was right"));
        Assert.Equal(158, back.State.LastReadings["systolic"].Value);
        Assert.Null(back.State.Facts.RetakeSince);
        var anew = await clinic.Append(visit, Set(134));
        Assert.Equal(anew.Event.ObservedAt.AddMinutes(10), anew.State.NextReadingDue);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_doubted_baseline_is_no_baseline_and_no_reading_at_all_is_not_assessed(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        var only = await clinic.Append(visit, Set(104, 60));
        Assert.Null(only.State.NextReadingDue);
        var doubted = await clinic.Append(visit, new ReadingDoubted(only.Event.Id, null, DoubtReason.Cuff));
        Assert.Empty(doubted.State.LastReadings);
        Assert.Empty(doubted.State.Sheets.Baseline);
        Assert.Equal(visits[0].ScheduledAt, doubted.State.NextReadingDue);
        Assert.Equal(RuleOutcome.NotAssessed, (await clinic.Visits(v => v.Before(visit))).Sheet["PRE-03"]!.Result.Outcome);
        await clinic.Start(visit); // fills the sheets, with a reading of 120/78
        Assert.Equal(120, (await clinic.Visits(v => v.State(visit))).State.Facts.BaselineSystolic);
    }

    [Fact]
    public async Task A_doubted_reading_lets_nobody_leave()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(40));
        await clinic.CloseLedger(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(61));
        await clinic.Recover(visit);
        Assert.Equal("", (await clinic.Visits(v => v.After(visit))).Sheet.UnmetText);
        var last = (await clinic.Visits(v => v.State(visit))).State.Log.Last(l => l.Entry is Observed);
        var flag = await clinic.Append(visit, Pressure(last.Event.Id));
        Assert.Equal("DIS-05", (await clinic.Visits(v => v.After(visit))).Sheet.UnmetText);
        await clinic.Append(visit, new Amended(flag.Event.Id, null, null, "Read again by hand: the same"));
        Assert.Equal("", (await clinic.Visits(v => v.After(visit))).Sheet.UnmetText);
        await clinic.Append(visit, new VisitCompleted());
        Assert.NotEmpty((await clinic.Append(visit, Pressure(last.Event.Id))).State.Log.Single(l => l.Event.Id == last.Event.Id).Doubts); // also found out later
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_model_is_not_told_a_doubted_reading_and_says_how_many(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.Give(visits[0], systolicAtPeak: 171);
        Assert.Contains((await clinic.Model(patient.Id)).Data.Record.Observations, o => o is { Kind: ObservedKind.SystolicPressure, Value: 171 });
        await clinic.Check();
        var reading = (await clinic.Visits(v => v.State(visits[0].Id))).State.Log.Single(l => l.Entry is Observed { Readings.Systolic: 171 });
        await clinic.Append(visits[0].Id, Pressure(reading.Event.Id));

        var data = (await clinic.Model(patient.Id)).Data;
        Assert.DoesNotContain(data.Record.Observations, o => o.Value is 171 or 88);
        Assert.Contains(data.Record.Observations, o => o is { Kind: ObservedKind.DissociationLevel, Value: 2 });
        Assert.Contains(data.Caveats, c => c.StartsWith("1 doubted reading was left out", StringComparison.Ordinal));
        await clinic.Check();
        await using var db = clinic.Db();
        Assert.All(await db.KeptForecasts.Where(f => f.SourceId == reading.Event.Id && f.Quantity == Euthymia.Clinic.Forecasts.ForecastQuantity.Systolic).ToListAsync(TestClinic.Cancel), f => Assert.Null(f.Observed));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_confirmed_severe_pressure_stays_an_alarm_until_it_is_read_anew_and_acknowledged(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        var first = await clinic.Append(visit, Set(182, 90));
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Append(visit, Set(184, 90));
        async Task<Finding> Alarm()
        {
            await using var db = clinic.Db();
            return await db.Findings.AsNoTracking().SingleAsync(f => f.SubjectId == visit && f.RuleId == "MON-07a", TestClinic.Cancel);
        }

        Assert.Equal(AlarmState.Active, (await Alarm()).State);
        // The first of the two is doubted: the other alone would confirm nothing, and yet the alarm stays and says so.
        var flag = await clinic.Append(visit, Pressure(first.Event.Id));
        await clinic.Append(visit, new Noted("Time passes"));
        var alarm = await Alarm();
        Assert.Equal((AlarmState.Active, (DateTimeOffset?)null), (alarm.State, alarm.ConditionEndedAt));
        Assert.EndsWith("Its reading was doubted by Nurse Hazel: BP: motion.", alarm.Basis, StringComparison.Ordinal);

        await clinic.Append(visit, new AlarmAcknowledged(alarm.Id, "Cuff changed"));
        await clinic.Append(visit, new Noted("Time passes"));
        Assert.Equal(AlarmState.Acknowledged, (await Alarm()).State); // acknowledged, and still not over by a doubt
        await clinic.Append(visit, new Amended(flag.Event.Id, null, null, "It was no motion"));
        Assert.Contains("The doubt was withdrawn by Nurse Hazel.", (await Alarm()).Basis, StringComparison.Ordinal);

        await clinic.Append(visit, Pressure(first.Event.Id));
        clinic.Time.Advance(TimeSpan.FromMinutes(2));
        await clinic.Append(visit, Set(138));
        alarm = await Alarm();
        Assert.Equal((AlarmState.Ended, "Cuff changed"), (alarm.State, alarm.ActionTaken));
        Assert.Contains("BP: motion", alarm.Basis, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alarm_of_one_doubted_reading_latches_and_does_not_come_back_with_a_good_one()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        var low = await clinic.Append(visit, new Observed(new Readings(OxygenSaturation: 85)));
        var opened = Assert.Single(low.Opened, f => f.Priority == AlarmPriority.High);
        await clinic.Append(visit, new ReadingDoubted(low.Event.Id, ReadingPart.OxygenSaturation, DoubtReason.ProbeOff));
        async Task<AlarmState> State()
        {
            await using var db = clinic.Db();
            return (await db.Findings.SingleAsync(f => f.Id == opened.Id, TestClinic.Cancel)).State;
        }

        Assert.Equal(AlarmState.Active, await State());
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        await clinic.Append(visit, new Observed(new Readings(OxygenSaturation: 98)));
        Assert.Equal(AlarmState.Latched, await State());
        await clinic.Append(visit, new AlarmAcknowledged(opened.Id, null));
        Assert.Equal(AlarmState.Ended, await State());
    }

    [Fact]
    public async Task What_is_no_reading_of_this_visit_cannot_be_doubted()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var elsewhere = await clinic.Append(visits[1].Id, new Observed(new Readings(HeartRate: 70)));
        var note = await clinic.Append(visits[0].Id, new Noted("x"));
        var reading = await clinic.Append(visits[0].Id, new Observed(new Readings(HeartRate: 70)));
        (string Code, string Field, ReadingDoubted Entry)[] wrong =
        [
            ("reading_unknown", "reading", Pressure(Guid.CreateVersion7())),
            ("reading_unknown", "reading", Pressure(elsewhere.Event.Id)),
            ("reading_unknown", "reading", Pressure(note.Event.Id)),
            ("part_not_read", "part", Pressure(reading.Event.Id)),
            ("cause_unknown", "cause", new ReadingDoubted(reading.Event.Id, null, (DoubtReason)77)),
            ("required", "words", new ReadingDoubted(reading.Event.Id, null, DoubtReason.Other)),
            ("too_long", "words", new ReadingDoubted(reading.Event.Id, null, DoubtReason.Cuff, new string('x', 201))),
        ];
        foreach (var (code, field, entry) in wrong)
            Assert.Equal(field, Assert.Single((await Refused.With(code, () => clinic.Append(visits[0].Id, entry))).Errors).Field);
        Assert.Equal(2, (await clinic.Visits(v => v.State(visits[0].Id))).Visit.Events.Count);
    }

    [Fact]
    public async Task The_note_shows_every_value_as_recorded_and_each_doubt_in_words()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        var reading = await clinic.Append(visit, Set(171, 96));
        await clinic.Append(visit, Pressure(reading.Event.Id));
        var paper = await clinic.Visits(v => v.Document(visit, VisitDocumentKind.Note));
        var section = paper.Sections.Single(s => string.Equals(s.Heading, "Readings", StringComparison.Ordinal));
        Assert.Contains(section.Rows, r => r[1] is "171/96 (? doubted)" && r[2] is "72");
        Assert.Contains(section.Sentences, s => s.EndsWith("by Nurse Hazel, BP: motion", StringComparison.Ordinal));
    }
}
