namespace Euthymia.Clinic.Rules;

public enum UrinarySymptom
{
    Frequency,
    Urgency,
    Dysuria,
    Nocturia,
    Haematuria,
    PelvicPain,
}

public enum MisuseSign
{
    EarlyRequest,
    LostDrug,
    SeveralProviders,
    Craving,
    PositiveScreen,
}

/// <summary>The watch over months. Null means not asked; an empty list means asked, none.</summary>
public sealed record LongTermFacts
{
    /// <summary>Symptoms today that were not there at baseline.</summary>
    public IReadOnlyList<UrinarySymptom>? NewUrinarySymptoms { get; init; }

    /// <summary>Visits in a row with new urinary symptoms, today's included.</summary>
    public int? VisitsWithUrinarySymptoms { get; init; }

    public DateTimeOffset? LiverTestsAt { get; init; }

    public int? InfusionsSinceLiverTests { get; init; }

    /// <summary>The higher of ALT and AST, in multiples of the upper limit of normal.</summary>
    public decimal? AltOrAst { get; init; }

    /// <summary>The higher of ALP and GGT, in multiples of the upper limit of normal.</summary>
    public decimal? AlpOrGgt { get; init; }

    public DateTimeOffset? CognitiveCheckAt { get; init; }

    public decimal? CognitiveScore { get; init; }

    /// <summary>The patient's own score at baseline; higher is better.</summary>
    public decimal? CognitiveBaseline { get; init; }

    public IReadOnlyList<MisuseSign>? MisuseSigns { get; init; }

    public bool? InMaintenance { get; init; }

    public DateTimeOffset? MonitoringQueryAt { get; init; }

    public bool? SeriousEvent { get; init; }

    public bool? SeriousEventReported { get; init; }
}

/// <summary>Long-term safety (LTS-*).</summary>
public static class LongTermSafety
{
    private static readonly StageRules<LongTermFacts> Rules = new("longterm_safety", new(StringComparer.Ordinal)
    {
        ["LTS-01"] = (f, see) => see.Any(f.NewUrinarySymptoms, _ => true),
        ["LTS-02"] = (f, see) => see.Any(f.NewUrinarySymptoms, symptom => symptom == UrinarySymptom.Haematuria) | see.AtLeast(f.VisitsWithUrinarySymptoms, "visits"),
        ["LTS-03a"] = (f, see) => see.OlderThanDays(f.LiverTestsAt, "days") | see.AtLeast(f.InfusionsSinceLiverTests, "infusions"),
        ["LTS-03b"] = (f, see) => see.Above(f.AltOrAst, "alt_ast") | see.Above(f.AlpOrGgt, "alp_ggt"),
        ["LTS-04"] = (f, see) => (see.Yes(f.InMaintenance) & see.OlderThanDays(f.CognitiveCheckAt, "days")) | Declined(f, see),
        ["LTS-05"] = (f, see) => see.Any(f.MisuseSigns, _ => true),
        ["LTS-06"] = (f, see) => see.Yes(f.InMaintenance) & see.OlderThanDays(f.MonitoringQueryAt, "days"),
        ["LTS-07"] = (f, see) => see.Yes(f.SeriousEvent) & see.No(f.SeriousEventReported),
    });

    public static StageReport Evaluate(LongTermFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static bool? Declined(LongTermFacts f, Inputs see)
        => see.See(f.CognitiveScore) is { } score && see.See(f.CognitiveBaseline) is { } baseline ? score < baseline : null;
}
