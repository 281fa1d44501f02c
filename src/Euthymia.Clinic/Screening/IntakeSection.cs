using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>How a trial of a medicine ended.</summary>
public enum TrialOutcome
{
    NotAssessed,
    NoResponse,
    PartialResponse,
    Response,
    NotTolerated,
}

/// <summary>An antidepressant that was tried.</summary>
/// <param name="Drug">ATC code from the <see cref="DrugCatalogue"/>.</param>
/// <param name="DailyMilligrams">Highest daily dose held, mg.</param>
/// <param name="Weeks">Weeks at that dose.</param>
/// <param name="InThisEpisode">Null when not assessed: it does not count then.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record PriorTrial(string Drug, decimal? DailyMilligrams, int? Weeks, bool? InThisEpisode, TrialOutcome Outcome)
{
    /// <summary>Dose and duration reach the catalogue's limits; null when one of them is not known.</summary>
    [JsonIgnore]
    public bool? IsAdequate => DrugCatalogue.Current.Find(Drug)?.AdequateMilligrams is { } adequate
        ? (DailyMilligrams is { } dose ? dose >= adequate : null) & (Weeks is { } weeks ? weeks >= DrugCatalogue.Current.AdequateWeeks : null)
        : null;

    /// <summary>True when it is one of the failed trials that the label rests on; null while what is missing could make it one.</summary>
    [JsonIgnore]
    public bool? CountsForResistance => IsAdequate & InThisEpisode & (Outcome == TrialOutcome.NotAssessed ? null : Outcome != TrialOutcome.Response);
}

/// <summary>A medicine that is taken now.</summary>
/// <param name="Drug">ATC code from the catalogue; null for another drug.</param>
/// <param name="Name">The name of another drug.</param>
/// <param name="DailyMilligrams">mg a day; null when not known.</param>
/// <param name="Class">What a clinician coded another drug as; null when it is none of the classes.</param>
public sealed record TakenDrug(string? Drug, string? Name, decimal? DailyMilligrams, CoMedication? Class = null)
{
    [JsonIgnore]
    public CodedDrug? Coded => DrugCatalogue.Current.Find(Drug);

    [JsonIgnore]
    public IReadOnlyList<CoMedication> Classes => Coded?.Classes ?? (Class is { } own ? [own] : []);
}

/// <summary>What one section of the intake holds: the answers by question, and the tables. A question without an answer is not assessed.</summary>
public sealed record IntakeAnswers
{
    public const string Yes = "yes";
    public const string No = "no";

    public ImmutableSortedDictionary<string, string> Values { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Null: not asked; empty: asked, none.</summary>
    public IReadOnlyList<PriorTrial>? Trials { get; init; }

    /// <summary>Resting pressures of the screening; null: not taken.</summary>
    public IReadOnlyList<PressureReading>? Pressures { get; init; }

    /// <summary>Null: not reviewed; empty: reviewed, none taken.</summary>
    public IReadOnlyList<TakenDrug>? Medication { get; init; }

    [JsonIgnore]
    public bool IsEmpty => Values.Count == 0 && Trials is null && Pressures is null && Medication is null;

    /// <summary>The answer as it is stored; null when not assessed.</summary>
    public string? this[string question] => Values.GetValueOrDefault(question);

    public bool? YesNo(string question) => this[question] switch { Yes => true, No => false, _ => null };

    public decimal? Number(string question) => this[question] is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;

    public DateOnly? Day(string question) => this[question] is { } text ? DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    /// <summary>All sections as one.</summary>
    internal static IntakeAnswers Merge(IEnumerable<IntakeAnswers> sections) => sections.Aggregate(new IntakeAnswers(), (all, one) => new IntakeAnswers
    {
        Values = all.Values.SetItems(one.Values),
        Trials = one.Trials ?? all.Trials,
        Pressures = one.Pressures ?? all.Pressures,
        Medication = one.Medication ?? all.Medication,
    });

    internal string ToJson() => JsonSerializer.Serialize(this, Options);

    internal static IntakeAnswers FromJson(string json) => JsonSerializer.Deserialize<IntakeAnswers>(json, Options) ?? new IntakeAnswers();

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };
}

/// <summary>One version of one section of a patient's intake; never changed after it was stored. The last version holds, the earlier ones are its history.</summary>
public sealed class IntakeSection
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    public string Section { get; init; } = "";

    /// <summary>1 for the first, one more with every change; unique, so that of two people who change one version the second is told.</summary>
    public int Version { get; init; }

    public IntakeAnswers Answers { get; init; } = new();

    public DateTimeOffset RecordedAt { get; init; }

    public Guid RecordedBy { get; init; }

    public string RecordedByName { get; init; } = "";
}

/// <summary>A patient's intake as it stands.</summary>
/// <param name="Patient">With weights.</param>
/// <param name="Versions">All versions of all sections, oldest first.</param>
public sealed record PatientIntake(Patient Patient, IReadOnlyList<IntakeSection> Versions)
{
    /// <summary>The version that holds of each section that was begun.</summary>
    public IEnumerable<IntakeSection> Latest => Versions.GroupBy(v => v.Section, StringComparer.Ordinal).Select(g => g.MaxBy(v => v.Version)!);

    public IntakeAnswers Answers => IntakeAnswers.Merge(Latest.Select(v => v.Answers));

    public IntakeSection? this[string section] => Latest.FirstOrDefault(v => string.Equals(v.Section, section, StringComparison.Ordinal));

    /// <summary>Questions with an answer, and all questions, of a section; a table counts as one.</summary>
    public (int Answered, int Of) Progress(IntakeSectionForm form)
    {
        var answers = this[form.Id]?.Answers ?? new IntakeAnswers();
        var list = form.Lists switch
        {
            IntakeList.Trials => answers.Trials is not null,
            IntakeList.Pressures => answers.Pressures is not null,
            IntakeList.Medication => answers.Medication is not null,
            _ => false,
        };
        return (form.Questions.Count(q => answers[q.Id] is not null) + (list ? 1 : 0), form.Questions.Count + (form.Lists == IntakeList.None ? 0 : 1));
    }
}
