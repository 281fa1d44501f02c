using CsCheck;

namespace Euthymia.Clinic.Tests;

/// <summary>Properties of the fold over random valid logs.</summary>
public sealed class VisitFoldTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private sealed record Step(int Kind, int Seconds, int Rate);

    private static readonly Gen<Step[]> Steps =
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 600], Gen.Int[5, 150], (kind, seconds, rate) => new Step(kind, seconds, rate)).Array[0, 25];

    /// <summary>A log that a careful nurse could have written: only steps that are legal where they stand.</summary>
    private static List<VisitEvent> Log(Step[] steps)
    {
        var visit = new Visit();
        List<VisitEvent> log = [Event(1, Start, new InfusionStarted(45.75m, 1.5m, 30.5m, Guid.Empty))];
        var at = Start;
        foreach (var step in steps)
        {
            at = at.AddSeconds(step.Seconds);
            VisitEntry entry = step.Kind switch
            {
                0 => new RateChanged(step.Rate),
                1 => new InfusionPaused(),
                2 => new InfusionResumed(),
                3 when step.Rate > 130 => new InfusionStopped(),
                4 => new Noted("x"),
                _ => new Observed(new Readings(HeartRate: step.Rate + 30)),
            };
            var next = Event(log.Count + 1, at, entry);
            if (IsLegal(visit, [.. log, next]))
                log.Add(next);
        }

        return log;
    }

    private static VisitEvent Event(int number, DateTimeOffset at, VisitEntry entry) => new()
    {
        Id = Guid.CreateVersion7(),
        Number = number,
        ObservedAt = at,
        RecordedAt = at,
        Entry = entry,
    };

    private static bool IsLegal(Visit visit, List<VisitEvent> log)
    {
        try
        {
            VisitFold.Of(visit, log, log[^1].ObservedAt);
            return true;
        }
        catch (ClinicRuleException)
        {
            return false;
        }
    }

    /// <summary>The dose by another way: second by second, from the raw events.</summary>
    private static decimal BySeconds(List<VisitEvent> log, DateTimeOffset at)
    {
        decimal volume = 0;
        decimal rate = 0;
        var running = false;
        var next = 0;
        for (var t = Start; t < at; t = t.AddSeconds(1))
        {
            for (; next < log.Count && log[next].ObservedAt <= t; next++)
            {
                switch (log[next].Entry)
                {
                    case InfusionStarted started: (rate, running) = (started.RateMillilitresPerHour, true); break;
                    case RateChanged changed: rate = changed.RateMillilitresPerHour; break;
                    case InfusionPaused or InfusionStopped: running = false; break;
                    case InfusionResumed: running = true; break;
                }
            }

            if (running)
                volume += rate / 3600;
        }

        return Math.Min(volume, 30.5m) * 1.5m;
    }

    [Fact]
    public void The_dose_given_is_the_integral_of_the_rate_up_to_the_volume() =>
        Gen.Select(Steps, Gen.Int[0, 7200]).Sample((steps, seconds) =>
        {
            var log = Log(steps);
            var at = log[^1].ObservedAt.AddSeconds(seconds);
            var state = VisitFold.Of(new Visit(), log, at);
            var integral = BySeconds(log, at);
            var bySegments = state.Segments.Sum(s => s.Rate.Value * (s.End - s.Start).Ticks) * 1.5m / TimeSpan.TicksPerHour;
            return Math.Abs(state.DoseGiven.Value - integral) < 1e-20m + (1e-12m * integral)
                && Math.Abs(state.DoseGiven.Value - bySegments) < 1e-7m // a segment ends on a whole tick
                && state.DoseGiven.Value <= 45.75m;
        }, iter: 300);

    [Fact]
    public void Order_of_delivery_does_not_matter() =>
        Gen.Select(Steps, Gen.Int).Sample((steps, shuffle) =>
        {
            var log = Log(steps);
            var at = log[^1].ObservedAt.AddMinutes(5);
            var reordered = log.OrderBy(e => HashCode.Combine(e.Number, shuffle)).Select((e, i) => new VisitEvent
            {
                Id = e.Id,
                Number = i + 1,
                ObservedAt = e.ObservedAt,
                RecordedAt = e.RecordedAt,
                Entry = e.Entry,
            }).ToList();
            var one = VisitFold.Of(new Visit(), log, at);
            var other = VisitFold.Of(new Visit(), reordered, at);
            return one.Phase == other.Phase && one.DoseGiven == other.DoseGiven && one.Rate == other.Rate && one.TimeLeft == other.TimeLeft
                && one.NextReadingDue == other.NextReadingDue && one.Segments.SequenceEqual(other.Segments)
                && one.LastReadings.OrderBy(r => r.Key, StringComparer.Ordinal).SequenceEqual(other.LastReadings.OrderBy(r => r.Key, StringComparer.Ordinal))
                && one.Log.Select(l => l.Event.Id).SequenceEqual(other.Log.Select(l => l.Event.Id));
        }, iter: 500);

    [Fact]
    public void The_state_is_consistent_at_every_moment() =>
        Steps.Sample(steps =>
        {
            var log = Log(steps);
            var last = 0m;
            for (var minute = 0; minute <= 120; minute += 3)
            {
                var at = Start.AddMinutes(minute);
                var known = log.Where(e => e.ObservedAt <= at).ToList();
                var state = VisitFold.Of(new Visit(), known, at);
                Assert.True(state.DoseGiven.Value >= last);
                Assert.True(state.DoseGiven <= state.DosePlanned);
                Assert.Equal(state.Phase == VisitPhase.Running, state.Rate is not null);
                Assert.Equal(state.Phase is VisitPhase.Running or VisitPhase.Paused, state.TimeLeft is not null);
                Assert.Equal(state.Phase == VisitPhase.Recovery, state.EndedAt is not null);
                Assert.True(state.Segments.Zip(state.Segments.Skip(1)).All(p => p.First.End <= p.Second.Start));
                last = state.DoseGiven.Value;
            }
        }, iter: 200);

    [Fact]
    public void Readings_are_due_by_the_protocol()
    {
        var visit = new Visit { ScheduledAt = Start };
        var vitals = new Observed(new Readings(120, 80, 70, 98, Sedation: 5));
        var raised = new Observed(new Readings(166, 80, 70, 98, Sedation: 5));
        DateTimeOffset? Due(DateTimeOffset at, params (int Minute, VisitEntry Entry)[] log) =>
            VisitFold.Of(visit, log.Select((l, i) => Event(i + 1, Start.AddMinutes(l.Minute), l.Entry)), at).NextReadingDue;
        var started = (0, (VisitEntry)new InfusionStarted(45.75m, 1, 30.5m, Guid.Empty));
        Assert.Equal(Start, Due(Start.AddMinutes(-20)));
        Assert.Null(Due(Start.AddMinutes(-5), (-10, vitals)));
        Assert.Equal(Start.AddMinutes(10), Due(Start.AddMinutes(1), (-10, vitals), started));
        Assert.Equal(Start.AddMinutes(22), Due(Start.AddMinutes(13), started, (12, vitals)));
        Assert.Equal(Start.AddMinutes(10), Due(Start.AddMinutes(13), started, (12, new Observed(new Readings(Nausea: 3)))));
        Assert.Equal(Start.AddMinutes(40), Due(Start.AddMinutes(41), started, (30, vitals)));
        Assert.Equal(Start.AddMinutes(55), Due(Start.AddMinutes(41), started, (40, vitals)));
        Assert.Equal(Start.AddMinutes(70), Due(Start.AddMinutes(56), started, (40, vitals), (55, vitals)));
        Assert.Equal(Start.AddMinutes(17), Due(Start.AddMinutes(13), started, (12, raised))); // MON-05: recheck in 5 min
        Assert.Equal(Start.AddMinutes(10), Due(Start.AddMinutes(9), started, (8, new Observed(new Readings(120, 80, 70, 98))))); // sedation was not read
    }

    [Fact]
    public void A_changed_log_shows()
    {
        VisitEvent[] log = [VisitSeal.Seal(Event(1, Start, new Noted("a")), "")];
        log = [.. log, VisitSeal.Seal(Event(2, Start.AddMinutes(1), new Noted("b")), log[0].Hash)];
        Assert.Null(VisitSeal.FirstBroken(log));
        Assert.Equal(2, VisitSeal.FirstBroken(log.Skip(1))!.Number);
        var forged = Event(1, Start, new Noted("c"));
        Assert.Equal(forged, VisitSeal.FirstBroken([forged, log[1]]));
    }
}
