namespace Euthymia.Clinic.Rules;

/// <summary>The four numbers at the pump, as one person entered them.</summary>
/// <param name="Weight">kg</param>
/// <param name="Concentration">mg/mL of ketamine base</param>
/// <param name="Rate">mL/h</param>
/// <param name="Volume">Volume to be infused, mL</param>
public sealed record PumpEntry(decimal Weight, decimal Concentration, decimal Rate, decimal Volume)
{
    public override string ToString()
        => $"{Inputs.Text(Weight)} kg, {Inputs.Text(Concentration)} mg/mL, {Inputs.Text(Rate)} mL/h, {Inputs.Text(Volume)} mL";
}

/// <summary>An order and its preparation. Null means not known. Units: mg/kg, mg, kg, mL, mg/mL, minutes.</summary>
public sealed record DosingFacts
{
    public decimal? DosePerKilogram { get; init; }

    /// <summary>False when the prescriber has not entered a dose yet.</summary>
    public bool? DoseEntered { get; init; }

    public decimal? Dose { get; init; }

    /// <summary>The clinic's cap per infusion, mg. There is none as shipped.</summary>
    public decimal? Cap { get; init; }

    public decimal? DurationMinutes { get; init; }

    public bool? SecondSignature { get; init; }

    public decimal? ImprovementPercent { get; init; }

    public bool? BadlyToleratedBefore { get; init; }

    public int? PlannedInfusions { get; init; }

    public decimal? PlannedWeeks { get; init; }

    public bool? FirstInfusion { get; init; }

    public DateTimeOffset? LastInfusionAt { get; init; }

    public decimal? BodyMassIndex { get; init; }

    public int? Age { get; init; }

    public decimal? Weight { get; init; }

    public decimal? LastWeight { get; init; }

    public decimal? VialStrength { get; init; }

    public bool? DilutionRecorded { get; init; }

    public bool? LabelSaysBase { get; init; }

    public decimal? Concentration { get; init; }

    public PumpEntry? FirstEntry { get; init; }

    public PumpEntry? SecondEntry { get; init; }

    public Guid? FirstPerson { get; init; }

    public Guid? SecondPerson { get; init; }

    public bool? BagChosen { get; init; }

    public bool? BarbiturateInLine { get; init; }

    public bool? ForecastHasInterval { get; init; }

    public bool? ForecastHasCovariates { get; init; }

    public bool? ForecastHasCitation { get; init; }

    public bool? InsideModelRange { get; init; }
}

/// <summary>The order, its preparation and the pump (DOS-*).</summary>
public static class Dosing
{
    private static readonly StageRules<DosingFacts> Rules = new("dosing", new(StringComparer.Ordinal)
    {
        ["DOS-01"] = (f, see) => Noting(see.No(f.DoseEntered), see, "dose", "duration"),
        ["DOS-02"] = (f, see) => see.Below(f.DosePerKilogram, "low") | see.Above(f.DosePerKilogram, "high"),
        ["DOS-03"] = (f, see) => see.Above(f.DosePerKilogram, "above") & see.AtMost(f.DosePerKilogram, "to") & see.No(f.SecondSignature),
        ["DOS-04"] = (f, see) => see.Above(f.DosePerKilogram, "above"),
        ["DOS-05"] = (f, see) => see.See(f.Dose) is { } dose && see.See(f.Cap) is { } cap ? dose > cap : null,
        ["DOS-06"] = (f, see) => see.Below(f.ImprovementPercent, "improvement") & OnLadder(f, see),
        ["DOS-07"] = (f, see) => see.Below(f.DurationMinutes, "minutes"),
        ["DOS-08"] = (f, see) => see.Yes(f.BadlyToleratedBefore) & see.Below(f.DurationMinutes, "minutes"),
        ["DOS-09"] = (f, see) => DiffersFrom(f.PlannedInfusions, "infusions", see) | see.Above(f.PlannedWeeks, "weeks"),
        ["DOS-10"] = (f, see) => see.No(f.FirstInfusion) & see.Below(HoursSince(see.See(f.LastInfusionAt), see), "hours", "hours since last infusion"),
        ["DOS-11"] = (f, see) => see.AtLeast(f.BodyMassIndex, "bmi"),
        ["DOS-12"] = (f, see) => see.AtLeast(f.Age, "age"),
        ["DOS-13"] = (f, see) => see.AtLeast(f.VialStrength, "strength") & see.No(f.DilutionRecorded),
        ["DOS-14"] = (f, see) => see.No(f.LabelSaysBase),
        ["DOS-15"] = (f, see) => PumpDiffers(f, see),
        ["DOS-16"] = (f, see) => SecondCheckFails(f, see),
        ["DOS-17"] = (f, see) => see.Below(f.Weight, "low") | see.Above(f.Weight, "high") | LooksLikePounds(f, see),
        ["DOS-18"] = (f, see) => Noting(see.No(f.BagChosen), see, "volume"),
        ["DOS-19"] = (f, see) => see.Yes(f.BarbiturateInLine),
        ["DOS-20"] = (f, see) => see.No(f.ForecastHasInterval) | see.No(f.ForecastHasCovariates) | see.No(f.ForecastHasCitation) | see.No(f.InsideModelRange),
    });

    public static StageReport Evaluate(DosingFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static bool? Noting(bool? outcome, Inputs see, params string[] limits)
    {
        foreach (var limit in limits)
            _ = see.Limit(limit);
        return outcome;
    }

    private static bool? OnLadder(DosingFacts f, Inputs see)
        => see.See(f.DosePerKilogram) is { } dose
            ? dose == see.Limit("step_1") || dose == see.Limit("step_2") || dose == see.Limit("step_3")
            : null;

    private static bool? DiffersFrom(int? value, string limit, Inputs see) => see.See(value, "planned infusions") is { } seen ? seen != see.Limit(limit) : null;

    private static decimal? HoursSince(DateTimeOffset? moment, Inputs see) => moment is { } at ? (decimal)(see.Now - at).TotalHours : null;

    /// <summary>volume = dose / concentration; rate = volume x 60 / minutes.</summary>
    private static bool? PumpDiffers(DosingFacts f, Inputs see)
    {
        if (see.See(f.Dose) is not { } dose || see.See(f.Concentration) is not { } concentration
            || see.See(f.DurationMinutes) is not { } minutes || f.FirstEntry is not { } entry)
            return null;
        if (concentration <= 0 || minutes <= 0 || dose <= 0)
            return true;

        var volume = dose / concentration;
        var rate = volume * 60 / minutes;
        see.See(volume, "volume mL");
        see.See(entry.Volume, "entered volume mL");
        see.See(rate, "rate mL/h");
        see.See(entry.Rate, "entered rate mL/h");
        return Differs(entry.Volume, volume, see) || Differs(entry.Rate, rate, see);
    }

    private static bool? SecondCheckFails(DosingFacts f, Inputs see)
    {
        if (see.See(f.FirstEntry) is not { } first || see.See(f.SecondEntry) is not { } second
            || f.FirstPerson is not { } one || f.SecondPerson is not { } two)
            return null;
        see.See(one != two, "two different people");
        return one == two
            || Differs(second.Weight, first.Weight, see) || Differs(second.Concentration, first.Concentration, see)
            || Differs(second.Rate, first.Rate, see) || Differs(second.Volume, first.Volume, see);
    }

    private static bool Differs(decimal entered, decimal expected, Inputs see)
        => expected <= 0 || Math.Abs(entered - expected) > expected * see.Limit("difference") / 100;

    /// <summary>Before a first infusion there is no last weight and only the absolute limits judge.</summary>
    private static bool? LooksLikePounds(DosingFacts f, Inputs see)
    {
        if (see.See(f.Weight) is not { } weight)
            return null;
        if (see.See(f.LastWeight) is not { } last || last <= 0)
            return f.FirstInfusion is true ? false : null;
        var pounds = see.Limit("pounds_per_kilogram");
        var tolerance = see.Limit("tolerance") / 100;
        bool Near(decimal other) => Math.Abs(weight - other) <= other * tolerance;
        return Near(last * pounds) || Near(last / pounds);
    }
}
