namespace Euthymia.Clinic.Rules;

public enum TreatmentPhase
{
    SingleInfusion,
    AcuteCourse,
    Maintenance,
}

/// <summary>Why this patient is offered ketamine. Null means not assessed.</summary>
public sealed record IndicationFacts
{
    /// <summary>Adequate antidepressant trials (dose and duration) in the current episode, as coded.</summary>
    public int? AdequateTrials { get; init; }

    public Medicine? Medicine { get; init; }

    public TreatmentPhase? Phase { get; init; }

    public DateTimeOffset? LastDepressionScoreAt { get; init; }

    public int? Phq9 { get; init; }

    public int? Age { get; init; }

    public bool? Bipolar { get; init; }

    public bool? MoodStabiliser { get; init; }

    public int? PlannedInfusions { get; init; }

    public bool? HasStopRule { get; init; }

    public bool? HasReviewDate { get; init; }

    public bool? SiteRegisteredAndEquipped { get; init; }
}

/// <summary>Is the treatment indicated (IND-*)?</summary>
public static class Indication
{
    private static readonly StageRules<IndicationFacts> Rules = new("indication", new(StringComparer.Ordinal)
    {
        ["IND-01"] = (f, see) => see.Below(f.AdequateTrials, "trials"),
        ["IND-02"] = (f, see) => see.Is(f.Medicine, Medicine.KetamineInfusion),
        ["IND-03"] = (f, see) => see.Is(f.Medicine, Medicine.EsketamineSpray) | !see.Is(f.Phase, TreatmentPhase.SingleInfusion),
        ["IND-04a"] = (f, see) => see.OlderThanDays(f.LastDepressionScoreAt, "days"),
        ["IND-04b"] = (f, see) => see.Below(f.Phq9, "phq9"),
        ["IND-05"] = (f, see) => see.Below(f.Age, "age"),
        ["IND-06"] = (f, see) => see.Yes(f.Bipolar) & see.No(f.MoodStabiliser),
        ["IND-07"] = (f, see) => (see.See(f.PlannedInfusions) is { } planned ? planned <= 0 : null) | see.No(f.HasStopRule) | see.No(f.HasReviewDate),
        ["IND-08"] = (f, see) => see.No(f.SiteRegisteredAndEquipped),
    });

    public static StageReport Evaluate(IndicationFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);
}
