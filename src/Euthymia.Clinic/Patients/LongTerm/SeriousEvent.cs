using System.Globalization;

namespace Euthymia.Clinic.Patients.LongTerm;

/// <summary>What a serious event was.</summary>
public enum SeriousEventKind
{
    PsychiatricAdmission,
    SuicideAttempt,

    /// <summary>Any other serious adverse event: death, danger to life, admission to hospital, lasting disability, or another one of medical importance (ICH E2A).</summary>
    OtherSerious,

    /// <summary>The patient was asked and there was none. It holds until the next infusion.</summary>
    AskedNone,

    /// <summary>The entry that this one takes the place of was a mistake.</summary>
    EnteredByMistake,
}

/// <summary>How far the report to the authority is.</summary>
public enum AuthorityReport
{
    NotYet,
    Reported,

    /// <summary>A named clinician holds that none is due, and says why.</summary>
    NotDue,
}

/// <summary>
/// One entry about a serious event of a patient, wherever it happened; never changed after it was stored. What is learnt later, the report to the
/// authority among it, is a new entry in the place of the old one.
/// </summary>
public sealed class SeriousEvent
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    public SeriousEventKind Kind { get; init; }

    /// <summary>The clinic's day on which it happened, or was asked about; null when it is not known.</summary>
    public DateOnly? Day { get; init; }

    public string? What { get; init; }

    /// <summary>What was done about it; for a mistake, why it was one.</summary>
    public string? Done { get; init; }

    /// <summary>Null where there is nothing to report.</summary>
    public AuthorityReport? Report { get; init; }

    public DateOnly? ReportedOn { get; init; }

    public string? ReportedBy { get; init; }

    /// <summary>The report's reference, or why none is due.</summary>
    public string? ReportNote { get; init; }

    /// <summary>The entry that this one takes the place of; null for a first entry.</summary>
    public Guid? Replaces { get; init; }

    public DateTimeOffset At { get; init; }

    public Guid ByAccountId { get; init; }

    public string ByName { get; init; } = "";

    /// <summary>True for something that happened, false for an answer or a mistake.</summary>
    public bool Happened => Kind is SeriousEventKind.PsychiatricAdmission or SeriousEventKind.SuicideAttempt or SeriousEventKind.OtherSerious;

    /// <summary>What happened, in one line.</summary>
    public string Said
    {
        get
        {
            var kind = Kind switch { SeriousEventKind.PsychiatricAdmission => "Psychiatric admission", SeriousEventKind.SuicideAttempt => "Suicide attempt", _ => "Serious adverse event" };
            return $"{kind}, {(Day is { } day ? day.ToString("d MMM yyyy", CultureInfo.InvariantCulture) : "day not known")}{(What is { } what ? $": {what.TrimEnd('.')}" : "")}";
        }
    }

    /// <summary>Those that no later entry takes the place of, mistakes left out; oldest first, a day that is not known where it was entered.</summary>
    public static IEnumerable<SeriousEvent> Holding(IReadOnlyCollection<SeriousEvent> entries)
    {
        var replaced = entries.Select(e => e.Replaces).OfType<Guid>().ToHashSet();
        return entries.Where(e => !replaced.Contains(e.Id) && e.Kind != SeriousEventKind.EnteredByMistake)
            .OrderBy(e => e.Day ?? DateOnly.FromDateTime(e.At.UtcDateTime)).ThenBy(e => e.At);
    }

    /// <summary>The first entry about the same event: it names the findings, so that a completed entry opens none twice.</summary>
    public static Guid FirstOf(IReadOnlyCollection<SeriousEvent> entries, SeriousEvent entry)
    {
        while (entry.Replaces is { } earlier && entries.FirstOrDefault(e => e.Id == earlier) is { } before)
            entry = before;
        return entry.Id;
    }
}
