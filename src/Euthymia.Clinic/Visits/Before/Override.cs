namespace Euthymia.Clinic;

/// <summary>
/// A stop that a named clinician went past, kept beside the visit's log so that overrides can be listed and counted.
/// The event in the log is the record; this row is written in the same transaction.
/// </summary>
public sealed class Override
{
    /// <summary>The event in the visit's log.</summary>
    public Guid Id { get; init; }

    public Guid VisitId { get; init; }

    public Guid PatientId { get; init; }

    /// <summary>The rule, or the rules of a discharge, with commas.</summary>
    public string RuleIds { get; init; } = "";

    public string Found { get; init; } = "";

    public string Reason { get; init; } = "";

    public DateTimeOffset At { get; init; }

    public Guid ByAccountId { get; init; }

    public string ByName { get; init; } = "";

    /// <summary>When the event was withdrawn in the log; null while the override stands.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }
}
