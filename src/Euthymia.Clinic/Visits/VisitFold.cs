using Euthymia.Clinic.Rules;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>
/// Folds a visit's log into its state. Events count in the order in which they were observed (ties: in the order recorded),
/// so late and reordered deliveries give the same state. Illegal sequences are refused with a typed error.
/// Volumes are summed as rate x ticks in decimals, which is exact; there is one division at the end.
/// </summary>
internal sealed class VisitFold(RuleSettings rules)
{
    private readonly List<PumpSegment> _segments = [];
    private readonly Dictionary<string, (int Value, DateTimeOffset At)> _readings = new(StringComparer.Ordinal);
    private VisitPhase _phase = VisitPhase.Scheduled;
    private DateTimeOffset? _started;
    private DateTimeOffset? _ended;
    private DateTimeOffset? _completed;
    private DateTimeOffset? _lastVitals;
    private bool _delivered;
    private bool _stopped;
    private InfusionStarted? _pump;
    private MillilitresPerHour _rate;
    private DateTimeOffset _segmentStart;
    private decimal _given; // mL/h x ticks

    /// <summary>The state of <paramref name="visit"/> at <paramref name="at"/>; events observed later than that (a fast device clock) count too.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="events">Its log, in any order.</param>
    /// <param name="at">The moment.</param>
    /// <param name="rules">The clinic's rule settings, for when readings are due; the book as shipped when left out.</param>
    public static VisitState Of(Visit visit, IEnumerable<VisitEvent> events, DateTimeOffset at, RuleSettings? rules = null)
    {
        var log = Amend(events);
        var fold = new VisitFold(rules ?? RuleSettings.Shipped);
        var now = at;
        foreach (var line in log)
        {
            fold.Apply(line);
            if (line.ObservedAt > now)
                now = line.ObservedAt;
        }

        fold.RunUntil(now);
        return fold.State(visit, log, now);
    }

    /// <summary>The state now, in the visit's own time, which does not run backwards when the server's clock does.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="events">Its log, in any order.</param>
    /// <param name="serverNow">What the server's clock says.</param>
    /// <param name="rules">The clinic's rule settings.</param>
    public static VisitState Now(Visit visit, IReadOnlyCollection<VisitEvent> events, DateTimeOffset serverNow, RuleSettings? rules = null)
    {
        var clock = VisitClock.Of(events, serverNow);
        return Of(visit, events, clock.Now, rules) with { Clock = clock };
    }

    /// <summary>Applies amendments: the last recorded one of an event holds. Amendments themselves are not lines of the log. A doubt stands in it and at its reading.</summary>
    private static List<LogLine> Amend(IEnumerable<VisitEvent> events)
    {
        var all = events.OrderBy(e => e.Number).ToList();
        var amendments = all.Where(e => e.Entry is Amended)
            .GroupBy(e => ((Amended)e.Entry).EventId).ToDictionary(g => g.Key, g => g.Last());
        List<LogLine> log = [.. all.Where(e => e.Entry is not Amended)
            .Select(e => amendments.TryGetValue(e.Id, out var by) && by.Entry is Amended amended
                ? new LogLine(e, amended.Replacement, amended.ReplacementObservedAt ?? e.ObservedAt, by)
                : new LogLine(e, e.Entry, e.ObservedAt, null))
            .OrderBy(l => l.ObservedAt).ThenBy(l => l.Event.Number)];
        var doubts = log.Where(l => l.Entry is ReadingDoubted).ToLookup(l => ((ReadingDoubted)l.Entry!).EventId);
        return doubts.Count == 0 ? log : [.. log.Select(l => l.Entry is Observed && doubts.Contains(l.Event.Id) ? l with { Doubts = [.. doubts[l.Event.Id]] } : l)];
    }

    private void Apply(LogLine line)
    {
        RunUntil(line.ObservedAt);
        switch (line.Entry)
        {
            case null or Noted:
                break;
            case Observed:
                Refuse(_phase == VisitPhase.Completed, "visit_completed", "The visit was completed before this was observed. Amend the visit if its time is wrong.");
                Observe(line.Sound!, line.ObservedAt);
                break;
            case InfusionStarted started:
                Refuse(_phase != VisitPhase.Scheduled, "already_started", "The infusion has already been started.");
                (_phase, _started, _pump, _rate, _segmentStart) = (VisitPhase.Running, line.ObservedAt, started, started.Rate, line.ObservedAt);
                break;
            case RateChanged changed:
                Refuse(_phase != VisitPhase.Running, "not_running", $"The rate can only be changed while the infusion runs; it is {Words(_phase)}.");
                CloseSegment(line.ObservedAt);
                (_rate, _segmentStart) = (changed.Rate, line.ObservedAt);
                break;
            case InfusionPaused:
                Refuse(_phase != VisitPhase.Running, "not_running", $"Only a running infusion can be paused; it is {Words(_phase)}.");
                CloseSegment(line.ObservedAt);
                _phase = VisitPhase.Paused;
                break;
            case InfusionResumed:
                Refuse(_phase != VisitPhase.Paused, "not_paused", $"Only a paused infusion can be resumed; it is {Words(_phase)}.");
                (_phase, _segmentStart) = (VisitPhase.Running, line.ObservedAt);
                break;
            case InfusionStopped:
                Stop(line.ObservedAt);
                break;
            case VisitCompleted:
                Refuse(_phase != VisitPhase.Recovery, "infusion_not_ended", $"The visit can be completed after the infusion has ended; it is {Words(_phase)}.");
                (_phase, _completed) = (VisitPhase.Completed, line.ObservedAt);
                break;
            case SignedOff:
                Refuse(_phase != VisitPhase.Completed, "visit_not_completed", "Sign the visit after it has been completed.");
                break;
            case SheetEntry sheet:
                Refuse(_phase == VisitPhase.Completed && sheet is not Witnessed, "visit_completed", "The visit was completed before this was recorded. Correct the entry in the log instead.");
                break;
            case SessionEntry:
                Refuse(_phase == VisitPhase.Completed && line.Entry is not (AlarmAcknowledged or ReadingDoubted), "visit_completed", "The visit was completed before this was recorded. Write a note.");
                break;
            default:
                throw new InvalidOperationException($"No rule for {line.Entry.GetType().Name}.");
        }
    }

    private void Stop(DateTimeOffset at)
    {
        var confirmsDelivery = _phase == VisitPhase.Recovery && !_stopped;
        Refuse(!confirmsDelivery && _phase is not (VisitPhase.Running or VisitPhase.Paused), "not_running", $"There is no infusion to stop; it is {Words(_phase)}.");
        _stopped = true;
        if (confirmsDelivery)
            return;
        if (_phase == VisitPhase.Running)
            CloseSegment(at);
        (_phase, _ended) = (VisitPhase.Recovery, at);
    }

    private void Observe(Readings readings, DateTimeOffset at)
    {
        foreach (var (field, value) in VisitProtocol.ByField(readings))
            _readings[field] = (value, at);
        if (readings.HasVitals)
            _lastVitals = at;
    }

    /// <summary>Ends the infusion if its volume is in before <paramref name="at"/>: the pump stops by itself then.</summary>
    private void RunUntil(DateTimeOffset at)
    {
        if (_phase != VisitPhase.Running || at <= _segmentStart)
            return;
        var left = VolumeInTicks - _given;
        if (_rate.Value * (at - _segmentStart).Ticks < left)
            return;
        var end = _segmentStart.AddTicks((long)decimal.Ceiling(left / _rate.Value));
        if (end > _segmentStart)
            _segments.Add(new PumpSegment(_segmentStart, end, _rate));
        _given = VolumeInTicks;
        (_phase, _ended, _delivered) = (VisitPhase.Recovery, end, true);
    }

    private void CloseSegment(DateTimeOffset at)
    {
        if (at > _segmentStart)
            _segments.Add(new PumpSegment(_segmentStart, at, _rate));
        _given += _rate.Value * (at - _segmentStart).Ticks;
    }

    private decimal VolumeInTicks => _pump!.VolumeMillilitres * TimeSpan.TicksPerHour;

    private VisitState State(Visit visit, List<LogLine> log, DateTimeOffset at)
    {
        var given = _given;
        var segments = _segments;
        if (_phase == VisitPhase.Running && at > _segmentStart)
        {
            given += _rate.Value * (at - _segmentStart).Ticks;
            segments = [.. _segments, new PumpSegment(_segmentStart, at, _rate)];
        }

        var session = VisitSession.Of(log);
        var facts = ChairFacts.Of(visit, log, session, _started, _ended);
        var due = NextDue(visit, facts, at);
        var grace = TimeSpan.FromMinutes((double)rules.Value(RuleBook.Get("MON-04a"), "grace"));
        return new VisitState
        {
            At = at,
            Phase = visit.CancelledBecause is null ? _phase : VisitPhase.Cancelled,
            StartedAt = _started,
            EndedAt = _ended,
            VolumeDelivered = _delivered,
            CompletedAt = _completed,
            Rate = _phase == VisitPhase.Running ? _rate : null,
            Concentration = _pump?.Concentration,
            Segments = segments,
            VolumeGiven = new Millilitres(given / TimeSpan.TicksPerHour),
            DoseGiven = new Milligrams(_pump is null ? 0 : given * _pump.MilligramsPerMillilitre / TimeSpan.TicksPerHour),
            DosePlanned = _pump is null ? null : _pump.Volume * _pump.Concentration,
            TimeLeft = _phase is VisitPhase.Running or VisitPhase.Paused
                ? TimeSpan.FromTicks((long)decimal.Ceiling((VolumeInTicks - given) / _rate.Value))
                : null,
            NextReadingDue = due,
            ReadingOverdue = due is { } when && _started is not null && at > when + grace,
            ReadingLimit = ReadingSchedule.Interval(facts, rules, at) + grace,
            Session = session,
            Facts = facts,
            ReadingsAsRecorded = log.Exists(l => l.Doubts.Count > 0) ? ChairFacts.Of(visit, [.. log.Select(l => l with { Doubts = [] })], session, _started, _ended).Readings : facts.Readings,
            LastReadings = _readings.ToDictionary(r => r.Key, r => new LastReading(r.Value.Value, r.Value.At, at - r.Value.At), StringComparer.Ordinal),
            Log = log,
            Sheets = VisitSheets.Of(log, _started, _ended),
        };
    }

    /// <summary>Baseline before the start; from then on the schedule of the rule book (DQ-06).</summary>
    private DateTimeOffset? NextDue(Visit visit, SessionFacts facts, DateTimeOffset at)
    {
        if (_phase == VisitPhase.Completed || visit.CancelledBecause is not null)
            return null;
        if (_started is null)
            return _lastVitals is null ? visit.ScheduledAt : null;
        return ReadingSchedule.NextDue(facts, rules, at);
    }

    private static void Refuse(bool condition, string code, string message)
    {
        if (condition)
            throw ClinicRuleException.Invalid("", code, message);
    }

    private static string Words(VisitPhase phase) => phase switch
    {
        VisitPhase.Scheduled => "not started",
        VisitPhase.Running => "running",
        VisitPhase.Paused => "paused",
        VisitPhase.Recovery => "ended",
        VisitPhase.Completed => "over and the visit is completed",
        _ => "cancelled",
    };
}
