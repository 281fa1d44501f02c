namespace Euthymia.Clinic;

/// <summary>One completed instrument; never changed after it was stored.</summary>
public sealed class Assessment
{
    /// <summary>Made by the device or form, so that sending it twice stores it once.</summary>
    public Guid Id { get; init; }

    public Guid PatientId { get; init; }

    public string InstrumentId { get; init; } = "";

    public int InstrumentVersion { get; init; }

    /// <summary>One for each item, null where it was left out; empty when only the total was given.</summary>
    public IList<int?> Answers { get; init; } = [];

    /// <summary>Answer to the unscored question on function, 0 to 3; null when left out.</summary>
    public int? Difficulty { get; init; }

    public int? Total { get; init; }

    public bool IsProrated { get; init; }

    public string? Band { get; init; }

    public DateTimeOffset CompletedAt { get; init; }

    public DateTimeOffset RecordedAt { get; init; }

    public Guid RecordedBy { get; init; }

    public string RecordedByName { get; init; } = "";

    /// <summary>True when the patient answered under the own account, false when staff entered the answers.</summary>
    public bool IsSelfReport { get; init; }
}

/// <summary>Answers of a questionnaire that is not finished: kept so that a patient can go on later, on another device too.</summary>
public sealed class AssessmentDraft
{
    /// <summary>Becomes the id of the assessment, so that sending it twice stores it once.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    public string InstrumentId { get; init; } = "";

    public int InstrumentVersion { get; init; }

    public IList<int?> Answers { get; set; } = [];

    public int? Difficulty { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}
