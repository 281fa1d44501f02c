using System.Globalization;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>What was observed of a patient.</summary>
public enum ObservedKind
{
    /// <summary>A concentration in ng/mL; the measure names the model's observation: arterial, venous, norketamine.</summary>
    Plasma,

    /// <summary>A depression score; the measure names the scale: MADRS, PHQ-9, QIDS and others of <see cref="DepressionScale"/>.</summary>
    Score,

    /// <summary>CADSS total, 0 to 92.</summary>
    Cadss,

    /// <summary>Dissociation as the chair records it, 0 to 4.</summary>
    DissociationLevel,

    /// <summary>mmHg.</summary>
    SystolicPressure,

    /// <summary>mmHg.</summary>
    DiastolicPressure,
}

/// <summary>One observation.</summary>
/// <param name="Hours">From the start of the course's first infusion; negative before it.</param>
/// <param name="Kind">What was observed.</param>
/// <param name="Value">In the kind's unit; of a concentration below the limit of quantification, that limit.</param>
/// <param name="Measure">Which concentration or which scale; null where the kind says all.</param>
/// <param name="BelowLimit">The concentration was below <paramref name="Value"/>.</param>
public sealed record PatientObservation(double Hours, ObservedKind Kind, double Value, string? Measure = null, bool BelowLimit = false)
{
    /// <summary>Such as "MADRS 24 at 95 h".</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Measure ?? Kind.ToString()} {(BelowLimit ? "below " : "")}{Value:0.###} at {Hours:0.##} h");
}

/// <summary>What the model knows nothing about, if it holds for a patient.</summary>
[Flags]
public enum Circumstances
{
    /// <summary>Nothing of the kind is known.</summary>
    None = 0,

    /// <summary>The patient is pregnant.</summary>
    Pregnant = 1,

    /// <summary>A drug is taken that changes ketamine's clearance (strong CYP3A4 or CYP2B6 inhibitor or inducer).</summary>
    InteractingDrug = 2,

    /// <summary>Severe liver disease.</summary>
    HepaticImpairment = 4,
}

/// <summary>All that is known of one patient: the data of an individual model.</summary>
/// <param name="Covariates">Weight, and age and sex where known.</param>
/// <param name="Given">Infusions as actually given, rate segment by rate segment; none before the first.</param>
/// <param name="Observations">In any order; missing ones are simply not there.</param>
/// <param name="Expectancy">What the patient believes is being given; in a clinic, open label.</param>
/// <param name="Circumstances">What lies outside the model.</param>
public sealed record PatientRecord(
    Covariates Covariates,
    IReadOnlyList<Infusion> Given,
    IReadOnlyList<PatientObservation> Observations,
    Expectancy Expectancy = Expectancy.OpenLabel,
    Circumstances Circumstances = Circumstances.None)
{
    private const int MostObservations = 20_000;
    private const int MostInfusions = 5_000;
    private const double LongestHours = 30 * 366 * 24;
    private const double HighestPlasma = 50_000;

    /// <summary>Refuses what cannot be right, naming the field and the remedy.</summary>
    /// <exception cref="InvalidInputException">A value or time is out of range, or two contradict each other.</exception>
    public void Check()
    {
        if (Observations.Count > MostObservations)
            throw new InvalidInputException("observations-too-many", "observations", $"There are {Observations.Count:N0} observations: give at most {MostObservations:N0}, one for each reading.");
        if (Given.Count > MostInfusions)
            throw new InvalidInputException("infusions-too-many", "given", $"There are {Given.Count:N0} infusions: give at most {MostInfusions:N0}.");
        foreach (var infusion in Given.Where(infusion => infusion.End.TotalHours > LongestHours))
            throw new InvalidInputException("time-out-of-range", "given", string.Create(CultureInfo.InvariantCulture, $"An infusion ends at {infusion.End.TotalHours:0} h, beyond thirty years: times count in hours from the first infusion."));
        foreach (var observation in Observations)
            CheckObservation(observation);
        CheckPressures();
    }

    internal static void CheckObservation(PatientObservation observation)
    {
        if (!(Math.Abs(observation.Hours) <= LongestHours))
            throw Error("time-out-of-range", observation, "its time must be a number of hours within thirty years of the first infusion");
        if (observation.BelowLimit && observation.Kind != ObservedKind.Plasma)
            throw Error("limit-not-applicable", observation, "only a concentration can be below a limit of quantification");
        var (low, high, unit) = observation.Kind switch
        {
            ObservedKind.Plasma => (0.0, HighestPlasma, "ng/mL; is it in another unit?"),
            ObservedKind.Score => (0, ScaleOf(observation).Maximum, "points of its scale"),
            ObservedKind.Cadss => (0, DissociationModel.MaximumScore, "points"),
            ObservedKind.DissociationLevel => (0, 4, "levels"),
            ObservedKind.SystolicPressure => (50, 300, "mmHg"),
            _ => (20, 200, "mmHg"),
        };
        if (!(observation.Value >= low && observation.Value <= high))
            throw Error("value-out-of-range", observation, string.Create(CultureInfo.InvariantCulture, $"it must be from {low} to {high} {unit}"));
        if (observation.Kind == ObservedKind.Plasma && observation.Value == 0)
            throw Error("concentration-zero", observation, "a concentration of zero is not measured: give the limit of quantification and mark it as below");
        if (observation.Kind == ObservedKind.DissociationLevel && observation.Value != Math.Floor(observation.Value))
            throw Error("value-out-of-range", observation, "a level is a whole number from 0 to 4");
    }

    private void CheckPressures()
    {
        var diastolic = Observations.Where(observation => observation.Kind == ObservedKind.DiastolicPressure).ToLookup(observation => observation.Hours, observation => observation.Value);
        foreach (var systolic in Observations.Where(observation => observation.Kind == ObservedKind.SystolicPressure))
            if (diastolic[systolic.Hours].Any(value => value >= systolic.Value))
                throw Error("pressures-contradict", systolic, "the diastolic pressure of the same time is not below it: are the two exchanged?");
    }

    /// <summary>The scale of a score.</summary>
    internal static DepressionScale ScaleOf(PatientObservation observation)
        => string.Equals(observation.Measure, DepressionScale.CheckInMood.Name, StringComparison.Ordinal) ? DepressionScale.CheckInMood
            : DepressionScale.Named(observation.Measure ?? "MADRS")
            ?? throw Error("scale-unknown", observation, $"there is no such scale: choose one of {string.Join(", ", DepressionScale.All.Select(scale => scale.Name))}");

    internal static InvalidInputException Error(string code, PatientObservation observation, string problem)
        => new(code, "observations", $"{observation}: {problem}.");
}
