namespace Euthymia.Clinic.Rules;

/// <summary>Mood up too far and psychosis between visits. Null means not assessed.</summary>
public sealed record SideEffectFacts
{
    /// <summary>Altman self-rating mania scale, 0 to 20.</summary>
    public int? Asrm { get; init; }

    /// <summary>Young mania rating scale, 0 to 60.</summary>
    public decimal? Ymrs { get; init; }

    public bool? Bipolar { get; init; }

    /// <summary>True during the acute course.</summary>
    public bool? InCourse { get; init; }

    public DateTimeOffset? LastInfusionAt { get; init; }

    public DateTimeOffset? LastManiaRatingAt { get; init; }

    /// <summary>False when the record is known to hold no mania rating at all.</summary>
    public bool? EverRatedForMania { get; init; }

    public bool? NewPsychoticSymptoms { get; init; }

    public int? BaselineBprsPositive { get; init; }

    public int? BprsPositive { get; init; }
}

/// <summary>Side effects between visits (MAN-*).</summary>
public static class SideEffects
{
    private static readonly StageRules<SideEffectFacts> Rules = new("side_effect", new(StringComparer.Ordinal)
    {
        ["MAN-01"] = (f, see) => see.Above(f.Asrm, "asrm"),
        ["MAN-02a"] = (f, see) => see.AtLeast(f.Ymrs, "from") & see.Below(f.Ymrs, "manic"),
        ["MAN-02b"] = (f, see) => see.AtLeast(f.Ymrs, "manic"),
        ["MAN-03"] = (f, see) => see.Yes(f.Bipolar) & (see.Yes(f.InCourse) | !see.OlderThanDays(f.LastInfusionAt, "after")) & (see.OlderThanDays(f.LastManiaRatingAt, "rating_age") | NeverRated(f, see)),
        ["MAN-04"] = (f, see) => see.Yes(f.NewPsychoticSymptoms) | see.AtLeast(f.BprsPositive - f.BaselineBprsPositive, "rise", "BPRS+ rise"),
    });

    public static StageReport Evaluate(SideEffectFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static bool NeverRated(SideEffectFacts f, Inputs see) => f.EverRatedForMania is false && see.No(f.EverRatedForMania) is true;
}
