using System.Globalization;
using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>What an event or the passing of time does to a visit's alarms.</summary>
/// <param name="Opened">New findings.</param>
/// <param name="Changed">Findings whose condition ended, or that were acknowledged or closed; already changed.</param>
/// <param name="ClosedBefore">Those of the visit's findings that were closed before.</param>
internal sealed record AlarmChanges(IReadOnlyList<Finding> Opened, IReadOnlyList<Finding> Changed, IReadOnlySet<Guid> ClosedBefore)
{
    public bool Any => Opened.Count + Changed.Count > 0;
}

/// <summary>
/// Judges a visit by the in-session rules and says which alarms begin and which conditions are over. It rests on the log, the
/// findings that are stored and the moment alone, so a restart or another server comes to the same alarms.
/// </summary>
internal static class ChairAlarms
{
    /// <summary>The rule that no open page shows a running visit.</summary>
    internal const string NobodyLooks = "MON-28";

    /// <summary>Rules that only say what comes next are shown from the state and never stored.</summary>
    private static bool IsStored(Rule rule) => rule.Severity >= Severity.Warning;

    /// <summary>Which alarms begin, which conditions end.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="state">Its state with <paramref name="cause"/>.</param>
    /// <param name="stored">The visit's findings as stored. Those that change are changed in place.</param>
    /// <param name="rules">The clinic's rule settings.</param>
    /// <param name="now">The visit's time, which is the server's unless that was set back.</param>
    /// <param name="cause">The event that is being appended; null when only time has passed.</param>
    /// <param name="look">When somebody last looked, where that is judged; it needs no part in an entry's transaction.</param>
    public static AlarmChanges Judge(Visit visit, VisitState state, IReadOnlyList<Finding> stored, RuleSettings rules, DateTimeOffset now, VisitEvent? cause, Look? look = null)
    {
        var closedBefore = stored.Where(f => !f.IsOpen).Select(f => f.Id).ToHashSet();
        List<Finding> changed = [];
        if (cause?.Entry is AlarmAcknowledged acknowledged && stored.FirstOrDefault(f => f.Id == acknowledged.FindingId) is { State: AlarmState.Active or AlarmState.Latched } alarm)
        {
            Acknowledge(alarm, acknowledged, cause);
            changed.Add(alarm);
        }

        var present = stored.Where(f => f.Priority is not null && f.ConditionEndedAt is null).ToList();
        Note(stored.Where(f => f.Priority is not null && IsNoted(f, visit, cause)), visit, cause, changed);
        if (state.StartedAt is null || state.Phase is VisitPhase.Completed or VisitPhase.Cancelled)
            return new AlarmChanges([], End(present, cause, now, changed), closedBefore);

        var facts = state.Facts with { LastLook = look, ClockSetBackBy = state.Clock?.SetBackBy, SedatedBesides = state.SedationWatch?.IsRaised, OpenAlarms = [.. stored.Where(CanWait).Select(f => new OpenAlarm(f.Priority!.Value, f.OpenedAt, f.AcknowledgedAt))] };
        var report = InSession.Evaluate(facts, rules, now);
        List<Finding> opened = [.. report.Fired.Where(r => IsStored(r.Rule) && !present.Exists(f => Same(f, r)))
            .Select(r => Open(visit, state with { Facts = facts }, stored, r, now, cause, isRetrospective: IsLate(cause)))
            .Where(f => !stored.Any(s => string.Equals(s.Occurrence, f.Occurrence, StringComparison.Ordinal)))];
        if (IsLate(cause))
            opened.AddRange(Passed(visit, state, stored, facts, rules, report, opened, now, cause!));

        // What cannot be assessed any more is not over: missing is not normal. Nor is what is over only because its reading is
        // doubted: that ends with a reading taken anew, by which it is over as recorded, too.
        var asRecorded = ReferenceEquals(state.ReadingsAsRecorded, state.Facts.Readings) ? report : InSession.Evaluate(facts with { Readings = state.ReadingsAsRecorded }, rules, now);
        Note(present.Where(f => !IsAt(f, report, RuleOutcome.Fired) && IsAt(f, asRecorded, RuleOutcome.Fired)), visit, cause, changed);
        var over = present.Where(f => IsAt(f, report, RuleOutcome.Clear) && IsAt(f, asRecorded, RuleOutcome.Clear) && !IsSameLook(f, look)).ToList();
        return new AlarmChanges(opened, End(over, cause, now, changed), closedBefore);
    }

    /// <summary>Whether a look, or the want of one, begins or ends the alarm that nobody is looking.</summary>
    public static bool IsChangedBy(Look look, IReadOnlyList<Finding> findings, RuleSettings rules)
    {
        var isMissing = look.Age > TimeSpan.FromSeconds((double)rules.Value(RuleBook.Get(NobodyLooks), "seconds"));
        var alarm = findings.FirstOrDefault(f => f.ConditionEndedAt is null && IsNobodyLooks(f));
        return alarm is null ? isMissing : !isMissing && !IsSameLook(alarm, look);
    }

    /// <summary>When a rule that hangs on time may fire next, if nothing is recorded until then.</summary>
    public static DateTimeOffset NextCheck(VisitState state, IReadOnlyList<Finding> findings, RuleSettings rules, DateTimeOffset now)
    {
        TimeSpan Limit(string rule, string parameter, TimeSpan unit) => unit * (double)rules.Value(RuleBook.Get(rule), parameter);
        var facts = state.Facts;
        var waiting = findings.Where(f => CanWait(f) && f.AcknowledgedAt is null);
        DateTimeOffset?[] moments =
        [
            state.NextReadingDue + Limit("MON-04a", "grace", TimeSpan.FromMinutes(1)),
            ReadingSchedule.LastFullSet(facts, now) + (Limit("MON-04b", "intervals", TimeSpan.FromMinutes(1)) * ReadingSchedule.Interval(facts, rules, now).TotalMinutes),
            facts.LastStaffContactAt + Limit("MON-27", "minutes", TimeSpan.FromMinutes(1)),
            facts.MonitorPeriod is { } period ? facts.LastMonitorFrameAt + Limit("MON-24", "periods", period) : null,
            now + state.TimeLeft,
            .. waiting.Select(f => f.Priority switch
            {
                AlarmPriority.High => f.OpenedAt + Limit("MON-25", "high", TimeSpan.FromSeconds(1)),
                AlarmPriority.Medium => f.OpenedAt + Limit("MON-25", "medium", TimeSpan.FromSeconds(1)),
                _ => (DateTimeOffset?)null,
            }),
        ];
        // Most limits are "more than", so that the rule fires just after the moment.
        var next = moments.OfType<DateTimeOffset>().Select(m => m.AddMilliseconds(1)).Where(m => m > now).Append(now.AddMinutes(1)).Min();
        return next;
    }

    /// <summary>A late entry is also judged by its own time: an alarm that it would have raised then belongs to the record, though later entries have ended it.</summary>
    private static IEnumerable<Finding> Passed(
        Visit visit, VisitState state, IReadOnlyList<Finding> stored, SessionFacts facts, RuleSettings rules, StageReport present, List<Finding> opened, DateTimeOffset now, VisitEvent cause)
    {
        if (cause.Entry is not (Observed or SideEffectSeen))
            yield break;
        foreach (var result in InSession.Evaluate(facts with { OpenAlarms = [] }, rules, cause.ObservedAt).Fired.Where(r => IsStored(r.Rule) && !IsTimed(r.Rule)))
        {
            if (opened.Exists(f => Same(f, result)) || stored.Any(f => Same(f, result) && f.OpenedAt <= cause.ObservedAt && !(f.ConditionEndedAt < cause.ObservedAt)) || present[result.Rule.Id].Outcome == RuleOutcome.Fired)
                continue;
            var finding = Open(visit, state, stored, result, now, cause, isRetrospective: true);
            finding.ConditionEndedAt = now;
            yield return finding;
        }
    }

    private static Finding Open(Visit visit, VisitState state, IReadOnlyList<Finding> stored, RuleResult result, DateTimeOffset now, VisitEvent? cause, bool isRetrospective)
    {
        var rule = result.Rule;
        var priority = result.Priority ?? AlarmPriority.Information;
        return new Finding
        {
            PatientId = visit.PatientId,
            RuleId = rule.Id,
            RuleVersion = result.Version,
            Severity = priority switch { AlarmPriority.High => FindingSeverity.Urgent, AlarmPriority.Medium => FindingSeverity.High, _ => FindingSeverity.Notice },
            Title = rule.Title,
            Basis = ClinicText.Shorten(result.Message, ClinicText.NoteLength),
            Advice = string.Join("; ", rule.Options),
            Source = rule.Source,
            SourceStatus = EvidenceWords.Of(rule.Status),
            Owner = ClinicRole.Nurse,
            SubjectId = visit.Id,
            Occurrence = $"{visit.Id:N}:{rule.Id}:{Occasion(rule, state, stored, cause, now)}",
            EventId = IsTimed(rule) ? null : cause?.Id,
            Priority = priority,
            IsRetrospective = isRetrospective,
            OpenedAt = now,
            DueAt = now,
        };
    }

    /// <summary>
    /// What set an alarm off, the same on every server: for a timer the moment it has waited for, for the rest the event.
    /// A condition that time alone brings about (a value sustained long enough) is named by the last event of the log.
    /// </summary>
    private static string Occasion(Rule rule, VisitState state, IReadOnlyList<Finding> stored, VisitEvent? cause, DateTimeOffset now) => rule.Id switch
    {
        "MON-04a" => Ticks(state.NextReadingDue),
        "MON-04b" => Ticks(ReadingSchedule.LastFullSet(state.Facts, now)),
        "MON-24" => Ticks(state.Facts.LastMonitorFrameAt),
        "MON-27" => Ticks(state.Facts.LastStaffContactAt),
        NobodyLooks => Ticks(state.Facts.LastLook?.At),
        "MON-25" => $"{stored.Where(f => CanWait(f) && f is { AcknowledgedAt: null, Priority: >= AlarmPriority.Medium }).MinBy(f => f.OpenedAt)?.Id:N}",
        _ => $"{cause?.Id ?? state.Log.MaxBy(l => l.Event.Number)?.Event.Id:N}",
    };

    /// <summary>Alarms whose acknowledgement somebody waits for; the reminder itself and what came in late are not among them.</summary>
    private static bool CanWait(Finding finding) =>
        finding is { IsOpen: true, Priority: not null, IsRetrospective: false } && !string.Equals(finding.RuleId, "MON-25", StringComparison.Ordinal);

    private static bool IsNobodyLooks(Finding finding) => string.Equals(finding.RuleId, NobodyLooks, StringComparison.Ordinal);

    /// <summary>Only a newer look ends the alarm. A server that has read the last one later than the server that raised the alarm finds it young, and nobody has looked all the same.</summary>
    private static bool IsSameLook(Finding finding, Look? look) =>
        IsNobodyLooks(finding) && finding.Occurrence?.EndsWith($":{Ticks(look?.At)}", StringComparison.Ordinal) == true;

    private static bool IsTimed(Rule rule) => rule.Id is "MON-04a" or "MON-04b" or "MON-24" or "MON-25" or "MON-27" or NobodyLooks;

    private static string Ticks(DateTimeOffset? moment) => (moment?.UtcTicks ?? 0).ToString(CultureInfo.InvariantCulture);

    private static bool IsAt(Finding finding, StageReport report, RuleOutcome outcome) => report.Results.Any(r => Same(finding, r) && r.Outcome == outcome);

    /// <summary>The reading that an event doubts, or whose doubt it withdraws or corrects; null when it does neither.</summary>
    private static Guid? DoubtedBy(Visit visit, VisitEvent cause) => (cause.Entry switch
    {
        ReadingDoubted doubted => doubted,
        Amended amended => visit.Events.FirstOrDefault(e => e.Id == amended.EventId)?.Entry as ReadingDoubted,
        _ => null,
    })?.EventId;

    /// <summary>Its reading is the one in question, or it says already that one of its readings is doubted.</summary>
    private static bool IsNoted(Finding finding, Visit visit, VisitEvent? cause) => cause is not null && DoubtedBy(visit, cause) is { } reading
        && (finding.EventId == reading || (cause.Entry is Amended && finding.Basis.Contains(Doubted, StringComparison.Ordinal)));

    private const string Doubted = " Its reading was doubted by ";

    /// <summary>An alarm whose reading is doubted stays, and says so; the same when the doubt is taken back.</summary>
    private static void Note(IEnumerable<Finding> findings, Visit visit, VisitEvent? cause, List<Finding> changed)
    {
        if (cause is null || DoubtedBy(visit, cause) is null)
            return;
        var words = cause.Entry switch
        {
            ReadingDoubted doubted => $"{Doubted}{cause.AuthorName}: {doubted.Told}.",
            Amended { Replacement: ReadingDoubted corrected } => $" The doubt was corrected by {cause.AuthorName}: {corrected.Told}.",
            _ => $" The doubt was withdrawn by {cause.AuthorName}.",
        };
        foreach (var finding in findings.Where(f => !f.Basis.EndsWith(words, StringComparison.Ordinal)).ToList())
        {
            finding.Basis = ClinicText.Shorten(finding.Basis, ClinicText.NoteLength - words.Length) + words;
            if (!changed.Contains(finding))
                changed.Add(finding);
        }
    }

    private static bool IsLate(VisitEvent? cause) => cause is { IsLate: true };

    private static bool Same(Finding finding, RuleResult result) => string.Equals(finding.RuleId, result.Rule.Id, StringComparison.Ordinal);

    private static void Acknowledge(Finding alarm, AlarmAcknowledged entry, VisitEvent cause)
    {
        alarm.AcknowledgedAt = cause.RecordedAt;
        alarm.AcknowledgedBy = cause.AuthorId;
        alarm.AcknowledgedByName = cause.AuthorName;
        alarm.ActionTaken = entry.Action;
        if (alarm.ConditionEndedAt is not null)
            Close(alarm, cause, cause.RecordedAt);
    }

    private static List<Finding> End(List<Finding> over, VisitEvent? cause, DateTimeOffset now, List<Finding> changed)
    {
        foreach (var finding in over)
        {
            finding.ConditionEndedAt = now;
            if (finding.IsOpen && (!finding.Latches || finding.AcknowledgedAt is not null))
                Close(finding, cause, now);
            if (!changed.Contains(finding))
                changed.Add(finding);
        }

        return changed;
    }

    private static void Close(Finding finding, VisitEvent? cause, DateTimeOffset now)
    {
        finding.ClosedAt = now;
        finding.ClosedBy = cause?.AuthorId;
        finding.ClosedByName = cause?.AuthorName ?? "Euthymia";
        finding.ActionTaken ??= cause?.Entry is AlarmAcknowledged ? "Acknowledged after the condition was over."
            : cause?.Entry is ReadingDoubted doubted ? $"Over once a reading was doubted: {doubted.Told}." : "The condition is over.";
    }
}
