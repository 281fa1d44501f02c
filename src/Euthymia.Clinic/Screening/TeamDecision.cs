namespace Euthymia.Clinic;

/// <summary>What a reviewer decided about a referral.</summary>
public enum ReviewerDecision
{
    Approve,
    Decline,
}

/// <summary>A named reviewer's decision (SCR-31); never changed after it was stored. The last one of each reviewer holds.</summary>
public sealed class TeamDecision
{
    public long Number { get; init; }

    public Guid PatientId { get; init; }

    public ReviewerDecision Decision { get; init; }

    /// <summary>Why; needed for a refusal.</summary>
    public string? Reason { get; init; }

    /// <summary>What the sheet said when the reviewer decided, in a word.</summary>
    public string VerdictSeen { get; init; } = "";

    public DateTimeOffset DecidedAt { get; init; }

    public Guid ReviewerId { get; init; }

    public string ReviewerName { get; init; } = "";
}
