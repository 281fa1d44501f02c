using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>How pressing a finding is, least first.</summary>
public enum FindingSeverity
{
    Notice,
    High,
    Urgent,
}

/// <summary>Where an alarm at the chair stands, in the vocabulary of IEC 60601-1-8.</summary>
public enum AlarmState
{
    /// <summary>The condition is there and nobody has acknowledged it: it signals.</summary>
    Active,

    /// <summary>The condition is there; somebody has taken it on. Silent, still shown.</summary>
    Acknowledged,

    /// <summary>The condition is over but nobody has acknowledged it: it goes on signalling.</summary>
    Latched,

    /// <summary>Over.</summary>
    Ended,
}

/// <summary>A rule that fired on a patient's data. It stays open until a named clinician closes it with what was done, or, at the chair, until its condition is over.</summary>
public sealed class Finding
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    public string RuleId { get; init; } = "";

    /// <summary>Version of the rule's stage, with the clinic's settings version where it changed a threshold ("1+4").</summary>
    public string RuleVersion { get; init; } = "";

    public FindingSeverity Severity { get; init; }

    public string Title { get; init; } = "";

    /// <summary>The inputs that the rule saw and its limits, in words.</summary>
    public string Basis { get; set; } = "";

    /// <summary>What may be done. Options, not commands.</summary>
    public string Advice { get; init; } = "";

    public string Source { get; init; } = "";

    public string SourceStatus { get; init; } = "";

    /// <summary>The role that has to act.</summary>
    public ClinicRole Owner { get; init; }

    /// <summary>The assessment or visit that the finding is about.</summary>
    public Guid SubjectId { get; init; }

    /// <summary>
    /// Names the occurrence (visit, rule, and the event or time that set it off). It is unique, so that two servers, a restart
    /// or a repeated delivery never store one occurrence twice. Null for findings that have no such name.
    /// </summary>
    public string? Occurrence { get; init; }

    /// <summary>The event whose transaction stored this finding; null when a server's timer did.</summary>
    public Guid? EventId { get; init; }

    /// <summary>Only alarms at the chair have one.</summary>
    public AlarmPriority? Priority { get; init; }

    /// <summary>Raised from an entry that came in late: shown and kept, but without sound.</summary>
    public bool IsRetrospective { get; init; }

    public DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset? ConditionEndedAt { get; set; }

    public DateTimeOffset? AcknowledgedAt { get; set; }

    public Guid? AcknowledgedBy { get; set; }

    public string? AcknowledgedByName { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    public Guid? ClosedBy { get; set; }

    public string? ClosedByName { get; set; }

    public string? ActionTaken { get; set; }

    public bool IsOpen => ClosedAt is null;

    /// <summary>High and medium alarms latch: they go on until a person has acknowledged them. Low ones end with their condition.</summary>
    public bool Latches => Priority >= AlarmPriority.Medium;

    /// <summary>
    /// High and medium alarms are heard while they are active or latched, unless a late entry raised them. A pause of the sound
    /// that began after the alarm holds it back; one that began before does not: a newer alarm ends the pause.
    /// </summary>
    public bool SoundsAt(DateTimeOffset now, VisitSession session) =>
        State is AlarmState.Active or AlarmState.Latched && Latches && !IsRetrospective
        && !(session.AudioPausedUntil > now && session.AudioPausedAt >= OpenedAt);

    public AlarmState State => (ClosedAt, AcknowledgedAt, ConditionEndedAt) switch
    {
        ({ }, _, _) => AlarmState.Ended,
        (null, { }, _) => AlarmState.Acknowledged,
        (null, null, { }) => AlarmState.Latched,
        _ => AlarmState.Active,
    };
}

/// <summary>Who acts by when on a rule of the rule book that fired outside a visit. What it says and rests on is in the rule book.</summary>
/// <param name="Id">The rule's id in the book.</param>
/// <param name="Title">What the finding is called where it is listed.</param>
/// <param name="Severity">How pressing.</param>
/// <param name="Owner">Who acts.</param>
/// <param name="DueMinutes">By when.</param>
/// <param name="Source">Where the due time comes from.</param>
/// <param name="Status">How well that is supported.</param>
/// <param name="Advice">What may be done, when the rule has no options of its own.</param>
/// <param name="WorkingDay">True when it is due by the end of the next working day rather than after minutes.</param>
/// <param name="EscalateMinutes">While nobody has taken it on, the person on call is told again after this time; null where the due time is enough.</param>
/// <param name="Covers">Rules that need no finding of their own when this one has fired on the same answer.</param>
public sealed record FindingRule(
    string Id, string Title, FindingSeverity Severity, ClinicRole Owner, int DueMinutes, string Source, string Status, string? Advice = null,
    bool WorkingDay = false, int? EscalateMinutes = null, IReadOnlyList<string>? Covers = null)
{
    private static readonly Dictionary<string, FindingRule> ById =
        EmbeddedData.Read<RuleFile>("Findings.finding-rules.json").Rules.ToDictionary(r => r.Id, StringComparer.Ordinal);

    public static IReadOnlyCollection<FindingRule> All => ById.Values;

    public static FindingRule Get(string id) => ById[id];

    /// <summary>The route of a rule, or null where the rule asks nobody to act.</summary>
    public static FindingRule? Find(string id) => ById.GetValueOrDefault(id);

    public Finding Fire(Guid patientId, Guid subjectId, string basis, DateTimeOffset at)
    {
        var rule = RuleBook.Get(Id);
        return new Finding
        {
            PatientId = patientId,
            RuleId = Id,
            RuleVersion = $"{rule.Version}",
            Severity = Severity,
            Title = Title,
            Basis = basis,
            Advice = Advice ?? string.Join("; ", rule.Options),
            Source = $"{rule.Source}. {Source}",
            SourceStatus = $"{EvidenceWords.Of(rule.Status)} (rule), {Status} (due time)",
            Owner = Owner,
            SubjectId = subjectId,
            Occurrence = $"{subjectId:N}:{Id}",
            OpenedAt = at,
            DueAt = at.AddMinutes(DueMinutes),
        };
    }

    private sealed record RuleFile(FindingRule[] Rules);
}

/// <summary>The words for how well something is supported.</summary>
internal static class EvidenceWords
{
    public static string Of(EvidenceStatus status) => status switch
    {
        EvidenceStatus.Verified => "verified",
        EvidenceStatus.Secondary => "secondary",
        _ => "assumed",
    };
}
