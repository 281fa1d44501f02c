namespace Euthymia.Clinic;

/// <summary>
/// A stop that a named clinician went past, so that overrides can be listed and counted. At a visit the event in its log is the
/// record and this row is written in the same transaction; before a course this row is the record.
/// </summary>
public sealed class Override
{
    /// <summary>The event in the visit's log, or an id of its own.</summary>
    public Guid Id { get; init; }

    /// <summary>Null for a stop before a course.</summary>
    public Guid? VisitId { get; init; }

    public Guid PatientId { get; init; }

    /// <summary>The rule, or the rules of a discharge, with commas.</summary>
    public string RuleIds { get; init; } = "";

    /// <summary>The version of the rule before a course; null at a visit, whose log has it.</summary>
    public string? RuleVersion { get; init; }

    public string Found { get; init; } = "";

    public string Reason { get; init; } = "";

    public DateTimeOffset At { get; init; }

    public Guid ByAccountId { get; init; }

    public string ByName { get; init; } = "";

    /// <summary>When the event was withdrawn in the log; null while the override stands.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }
}
