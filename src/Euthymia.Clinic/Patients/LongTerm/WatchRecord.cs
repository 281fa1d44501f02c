namespace Euthymia.Clinic.Patients.LongTerm;

/// <summary>What is recorded for the watch over months beside instruments and visits.</summary>
public enum WatchKind
{
    /// <summary>Higher of ALT and AST, and higher of ALP and GGT, in multiples of the upper limit of normal.</summary>
    LiverTests,

    /// <summary>The prescription monitoring programme was asked.</summary>
    MonitoringQuery,

    /// <summary>Benefit, bladder, liver, cognition, misuse and goals were reviewed together (rule MNT-10).</summary>
    RenewalReview,

    /// <summary>The patient asked for a higher dose or an earlier infusion.</summary>
    RequestForMore,
}

/// <summary>One entry of the long-term watch; never changed after it was stored. A wrong one is followed by a new one that takes its place.</summary>
public sealed class WatchRecord
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    public WatchKind Kind { get; init; }

    /// <summary>The clinic's day on which it was done or said.</summary>
    public DateOnly Day { get; init; }

    /// <summary>Multiples of the upper limit of normal; null where the kind has none, or it was not measured.</summary>
    public decimal? AltOrAst { get; init; }

    /// <summary>Multiples of the upper limit of normal; null where the kind has none, or it was not measured.</summary>
    public decimal? AlpOrGgt { get; init; }

    public string? Note { get; init; }

    /// <summary>The entry that this one takes the place of; null for a first entry.</summary>
    public Guid? Replaces { get; init; }

    /// <summary>True when the patient said so under the own account.</summary>
    public bool IsSelfReport { get; init; }

    public DateTimeOffset At { get; init; }

    public Guid ByAccountId { get; init; }

    public string ByName { get; init; } = "";

    /// <summary>Those that no later entry takes the place of, oldest first.</summary>
    public static IEnumerable<WatchRecord> Holding(IReadOnlyCollection<WatchRecord> records)
    {
        var replaced = records.Select(r => r.Replaces).OfType<Guid>().ToHashSet();
        return records.Where(r => !replaced.Contains(r.Id)).OrderBy(r => r.Day).ThenBy(r => r.At);
    }
}
