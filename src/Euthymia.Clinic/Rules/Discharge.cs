namespace Euthymia.Clinic.Rules;

/// <summary>A patient about to leave. Null means not assessed, and not assessed is unmet.</summary>
public sealed record DischargeFacts
{
    public Medicine? Medicine { get; init; }

    /// <summary>When esketamine was given.</summary>
    public DateTimeOffset? DoseGivenAt { get; init; }

    public DateTimeOffset? InfusionEnd { get; init; }

    public int? Aldrete { get; init; }

    public int? Pads { get; init; }

    public int? BaselineSystolic { get; init; }

    public int? BaselineDiastolic { get; init; }

    public int? Systolic { get; init; }

    public int? Diastolic { get; init; }

    public int? SaturationOnRoomAir { get; init; }

    public bool? Oriented { get; init; }

    public bool? SteadyGait { get; init; }

    public int? BaselineDissociation { get; init; }

    public int? Dissociation { get; init; }

    public int? Sedation { get; init; }

    public int? Nausea { get; init; }

    public bool? HandedToEscort { get; init; }

    public bool? LineRemovedAndDressed { get; init; }

    public bool? ScreenBeforePositive { get; init; }

    public bool? SuicideRiskRechecked { get; init; }

    public bool? DrivingWarningAcknowledgedByPatient { get; init; }

    public bool? DrivingWarningAcknowledgedByEscort { get; init; }

    public bool? InstructionsAndContactGiven { get; init; }

    public bool? LateEffectsExplained { get; init; }

    /// <summary>Discharge was asked for although a criterion is unmet.</summary>
    public bool? OverrideAsked { get; init; }

    /// <summary>Different people who signed the override.</summary>
    public IReadOnlyList<string>? OverrideNames { get; init; }

    public string? OverrideReason { get; init; }

    /// <summary>Day of the oldest esketamine visit whose form is not submitted; null with <see cref="FormsKnown"/> true: none.</summary>
    public DateTimeOffset? OldestUnsubmittedForm { get; init; }

    public bool? FormsKnown { get; init; }
}

/// <summary>May the patient leave (DIS-*)?</summary>
public static class Discharge
{
    private static readonly StageRules<DischargeFacts> Rules = new("discharge", new(StringComparer.Ordinal)
    {
        ["DIS-01"] = (f, see) => see.Is(f.Medicine, Medicine.EsketamineSpray) & see.Below(MinutesSince(see.See(f.DoseGivenAt), see), "minutes", "minutes since dose"),
        ["DIS-02"] = (f, see) => see.Is(f.Medicine, Medicine.KetamineInfusion) & see.Below(MinutesSince(see.See(f.InfusionEnd), see), "minutes", "minutes since end"),
        ["DIS-03"] = (f, see) => see.Below(f.Aldrete, "score"),
        ["DIS-04"] = (f, see) => see.Below(f.Pads, "score"),
        ["DIS-05"] = (f, see) => see.Above(PercentFrom(see.See(f.BaselineSystolic), f.Systolic), "from_baseline", "systolic % from baseline")
            | see.Above(PercentFrom(see.See(f.BaselineDiastolic), f.Diastolic), "from_baseline", "diastolic % from baseline")
            | see.Above(f.Systolic, "systolic") | see.Above(f.Diastolic, "diastolic"),
        ["DIS-06"] = (f, see) => see.AtMost(f.SaturationOnRoomAir, "saturation"),
        ["DIS-07"] = (f, see) => see.No(f.Oriented) | see.No(f.SteadyGait),
        ["DIS-08"] = (f, see) => AboveBaseline(f, see) | see.Below(f.Sedation, "moaas"),
        ["DIS-09"] = (f, see) => see.Above(f.Nausea, "rating"),
        ["DIS-10"] = (f, see) => see.No(f.HandedToEscort),
        ["DIS-11"] = (f, see) => see.No(f.LineRemovedAndDressed),
        ["DIS-12"] = (f, see) => see.Yes(f.ScreenBeforePositive) & see.No(f.SuicideRiskRechecked),
        ["DIS-13"] = (f, see) => see.No(f.DrivingWarningAcknowledgedByPatient) | see.No(f.DrivingWarningAcknowledgedByEscort),
        ["DIS-14"] = (f, see) => see.No(f.InstructionsAndContactGiven),
        ["DIS-15"] = (f, see) => see.Yes(f.OverrideAsked) & OverrideIncomplete(f, see),
        ["DIS-16"] = (f, see) => see.No(f.LateEffectsExplained),
        ["DIS-17a"] = (f, see) => FormAge(f, see) is { } days ? days >= see.Limit("days") && days < see.Limit("deadline") : null,
        ["DIS-17b"] = (f, see) => FormAge(f, see) is { } days ? days >= see.Limit("deadline") : null,
    });

    public static StageReport Evaluate(DischargeFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static decimal? MinutesSince(DateTimeOffset? moment, Inputs see) => moment is { } at ? (decimal)(see.Now - at).TotalMinutes : null;

    private static decimal? PercentFrom(int? baseline, int? value) => baseline > 0 && value is not null ? Math.Abs(value.Value - baseline.Value) * 100m / baseline.Value : null;

    private static bool? AboveBaseline(DischargeFacts f, Inputs see)
        => see.See(f.BaselineDissociation) is { } baseline && see.See(f.Dissociation) is { } rating ? rating > baseline : null;

    private static bool? OverrideIncomplete(DischargeFacts f, Inputs see)
    {
        var reasonMissing = string.IsNullOrWhiteSpace(see.See(f.OverrideReason));
        int? names = f.OverrideNames?.Select(name => name.Trim()).Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        return see.Below(names, "names", "different names") | reasonMissing;
    }

    private static decimal? FormAge(DischargeFacts f, Inputs see)
        => see.Yes(f.FormsKnown) is not true ? null
            : see.See(f.OldestUnsubmittedForm) is { } visit ? (decimal)(see.Now - visit).TotalDays : -1;
}
