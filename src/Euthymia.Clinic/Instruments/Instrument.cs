namespace Euthymia.Clinic;

/// <summary>One answer that can be chosen.</summary>
public sealed record InstrumentOption(int Value, string Text, string Loinc);

/// <summary>One question.</summary>
public sealed record InstrumentItem(int Number, string Loinc, string Text);

/// <summary>A range of totals with its name.</summary>
public sealed record SeverityBand(int Low, int High, string Name);

/// <summary>The question on function that goes with the items and is not scored.</summary>
public sealed record DifficultyItem(string Loinc, string Text, IReadOnlyList<string> Options);

/// <summary>How missing answers are treated and what counts as response and remission, with sources.</summary>
public sealed record ScoringRule(
    int MaximumMissing, string MissingRule, string MissingSource, string MissingStatus,
    decimal ResponseFraction, int RemissionBelow, string OutcomeSource, string OutcomeStatus);

/// <summary>A questionnaire: its wording, answers, bands and scoring rule, as data.</summary>
public sealed record Instrument(
    string Id, int Version, string Title, string Stem, int RecallDays, string Credit, string PanelLoinc, string TotalLoinc,
    int Minimum, int Maximum, IReadOnlyList<InstrumentOption> Options, IReadOnlyList<InstrumentItem> Items,
    DifficultyItem Difficulty, IReadOnlyList<SeverityBand> Bands, ScoringRule Scoring)
{
    public static Instrument Phq9 { get; } = EmbeddedData.Read<Instrument>("Instruments.phq-9.json");

    /// <summary>The total of the answers, one for each item, null where the item was left out.</summary>
    public InstrumentScore Score(IReadOnlyList<int?> answers)
    {
        if (answers.Count != Items.Count)
            throw ClinicRuleException.Invalid("answers", "answers_count", $"{Id} has {Items.Count} items; {answers.Count} answers were sent.");
        var errors = new FieldErrors();
        for (var i = 0; i < answers.Count; i++)
        {
            if (answers[i] is { } value && Options.All(o => o.Value != value))
                errors.Add($"item{Items[i].Number}", "answer_unknown", "Choose one of the answers.");
        }

        errors.ThrowIfAny();
        var answered = answers.OfType<int>().ToList();
        var missing = answers.Count - answered.Count;
        if (missing > Scoring.MaximumMissing || answered.Count == 0)
            return new InstrumentScore(null, missing, false, null);
        var total = missing == 0
            ? answered.Sum()
            : (int)decimal.Round((decimal)answered.Sum() * answers.Count / answered.Count, MidpointRounding.AwayFromZero);
        return new InstrumentScore(total, missing, missing > 0, Bands.Single(b => total >= b.Low && total <= b.High).Name);
    }

    /// <summary>Response: a fall of at least half from baseline. Null when either total is missing or the baseline is zero.</summary>
    public bool? IsResponse(int? baseline, int? total) =>
        baseline is null or 0 || total is null ? null : baseline.Value - total.Value >= Scoring.ResponseFraction * baseline.Value;

    /// <summary>Remission: a total below the cut. Null when there is no total.</summary>
    public bool? IsRemission(int? total) => total is null ? null : total < Scoring.RemissionBelow;
}

/// <summary>The result of scoring.</summary>
/// <param name="Total">Null when too many answers are missing.</param>
/// <param name="Missing">Number of items without an answer.</param>
/// <param name="Prorated">True when the total was worked out in spite of missing answers.</param>
/// <param name="Band">Name of the severity band; null without a total.</param>
public sealed record InstrumentScore(int? Total, int Missing, bool Prorated, string? Band);
