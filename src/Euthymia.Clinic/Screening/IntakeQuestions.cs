namespace Euthymia.Clinic;

/// <summary>How a question of the intake is answered.</summary>
public enum IntakeKind
{
    YesNo,

    /// <summary>A day, also one to come.</summary>
    Date,

    /// <summary>A day up to today.</summary>
    PastDate,
    Whole,
    Decimal,
    Choice,

    /// <summary>A short text.</summary>
    Line,

    /// <summary>A text of several lines.</summary>
    Note,
}

/// <summary>A table that belongs to a section.</summary>
public enum IntakeList
{
    None,
    Trials,
    Pressures,
    Medication,
}

/// <summary>One question; without an answer it is not assessed.</summary>
/// <param name="Id">Stable; answers are stored under it.</param>
/// <param name="Label">As staff read it.</param>
/// <param name="Kind">How it is answered.</param>
/// <param name="Hint">What helps to answer it.</param>
/// <param name="Unit">Of a number.</param>
/// <param name="Min">Smallest number taken.</param>
/// <param name="Max">Largest number taken.</param>
/// <param name="Choices">Stored value and words of each choice.</param>
/// <param name="Rules">Rules that look at the answer.</param>
public sealed record IntakeQuestion(
    string Id, string Label, IntakeKind Kind, string? Hint = null, string? Unit = null, decimal? Min = null, decimal? Max = null,
    IReadOnlyDictionary<string, string>? Choices = null, IReadOnlyList<string>? Rules = null);

/// <summary>A part of the intake that is saved by itself.</summary>
public sealed record IntakeSectionForm(string Id, string Title, string About, IReadOnlyList<IntakeQuestion> Questions, IntakeList Lists = IntakeList.None);

/// <summary>The questions of the intake, in the order in which they are asked.</summary>
public sealed record IntakeQuestions(int Version, IReadOnlyList<IntakeSectionForm> Sections)
{
    public static IntakeQuestions Current { get; } = EmbeddedData.Read<IntakeQuestions>("Screening.intake-questions.json");

    public IEnumerable<IntakeQuestion> All => Sections.SelectMany(s => s.Questions);

    /// <summary>The section of an id.</summary>
    /// <exception cref="ClinicRuleException">There is none.</exception>
    public IntakeSectionForm this[string id] => Sections.FirstOrDefault(s => string.Equals(s.Id, id, StringComparison.Ordinal)) ?? throw ClinicRuleException.NotFound("section");
}
