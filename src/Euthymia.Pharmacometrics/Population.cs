using System.Globalization;
using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics;

/// <summary>A normal distribution of age in years, cut at its bounds.</summary>
public sealed record AgeDistribution(double Mean, double Sd, double Lowest, double Highest);

/// <summary>A log-normal distribution of weight in kg, cut at its bounds.</summary>
public sealed record WeightDistribution(double Median, double Cv, double Lowest, double Highest);

/// <summary>A normal distribution of height in cm, cut at its bounds.</summary>
public sealed record HeightDistribution(double Mean, double Sd, double Lowest, double Highest);

/// <summary>Correlations of the normal deviates of log weight, height and age within one sex.</summary>
public sealed record CovariateCorrelations(double WeightHeight, double WeightAge, double HeightAge);

/// <summary>Distributions of covariates, with where they come from.</summary>
public sealed record CovariateDistributions(
    string Id,
    string Description,
    string Citation,
    EvidenceStatus Status,
    double FemaleFraction,
    AgeDistribution AgeYears,
    WeightDistribution FemaleWeightKg,
    WeightDistribution MaleWeightKg,
    HeightDistribution FemaleHeightCm,
    HeightDistribution MaleHeightCm,
    CovariateCorrelations Correlations);

/// <summary>
/// Whom virtual patients stand for: people with one patient's covariates, or a population with distributions of them.
/// </summary>
public sealed record Population
{
    private static readonly Lazy<IReadOnlyList<Population>> Shipped = new(Load);

    private readonly Covariates? _fixed;
    private readonly CovariateDistributions? _distributions;
    private readonly double[] _correlation;

    private Population(Covariates? fixedCovariates, CovariateDistributions? distributions, string description)
    {
        (_fixed, _distributions, Description) = (fixedCovariates, distributions, description);
        // Weight comes first, so that correlations do not change which weights a seed gives.
        var (correlations, n) = (distributions?.Correlations ?? new CovariateCorrelations(0, 0, 0), 3);
        _correlation = EffectCovariance.Cholesky(
            [1, correlations.WeightHeight, correlations.WeightAge, correlations.WeightHeight, 1, correlations.HeightAge, correlations.WeightAge, correlations.HeightAge, 1], n)
            ?? throw new InvalidInputException("population-inconsistent", "population", $"The correlations of the population \"{distributions?.Id}\" are no covariance.");
    }

    /// <summary>In words, such as "patients of 74 kg".</summary>
    public string Description { get; }

    /// <summary>The distributions, or null when the covariates are one patient's.</summary>
    public CovariateDistributions? Distributions => _distributions;

    /// <summary>Populations shipped with the engine.</summary>
    public static IReadOnlyList<Population> All => Shipped.Value;

    /// <summary>Adults treated for depression (assumed distributions).</summary>
    public static Population Adults => Get("adults");

    /// <summary>A shipped population by its id.</summary>
    /// <exception cref="InvalidInputException">No such population.</exception>
    public static Population Get(string id)
        => All.FirstOrDefault(population => string.Equals(population._distributions!.Id, id, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidInputException("population-unknown", "population", $"There is no population \"{id}\". Choose one of: {string.Join(", ", All.Select(population => population._distributions!.Id))}.");

    /// <summary>Virtual patients who all have these covariates and differ by their random effects only.</summary>
    public static Population Of(Covariates covariates)
        => new(covariates, null, string.Create(CultureInfo.InvariantCulture, $"patients of {covariates.Weight}"));

    /// <summary>The covariates of a virtual patient: the same whatever else is simulated.</summary>
    /// <param name="seed">The seed of the simulation.</param>
    /// <param name="patient">Number of the patient, from 0.</param>
    /// <param name="sampling">As in the simulation; the coordinates of a Sobol point do not depend on how many there are.</param>
    public VirtualPatient Patient(ulong seed, int patient, Sampling sampling = Sampling.Philox)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(patient);
        var stream = new PatientStream(seed, sampling, 0);
        stream.MoveTo(patient);
        return Draw(stream);
    }

    internal VirtualPatient Draw(PatientStream stream)
    {
        if (_fixed is null)
            return Draw(stream, _distributions!, _correlation);
        if (_fixed is { AgeYears: not null, Sex: not null })
            return new VirtualPatient((double)_fixed.Weight.Value, null, _fixed.AgeYears, _fixed.Sex);
        // What is not known of a patient varies as it does between adults.
        var adult = Draw(stream, Adults._distributions!, Adults._correlation);
        return new VirtualPatient((double)_fixed.Weight.Value, null, _fixed.AgeYears ?? adult.AgeYears, _fixed.Sex ?? adult.Sex);
    }

    private static VirtualPatient Draw(PatientStream stream, CovariateDistributions distributions, double[] correlation)
    {
        var sex = stream.Uniform(0) < distributions.FemaleFraction ? Sex.Female : Sex.Male;
        Span<double> deviates = [stream.Normal(2), stream.Normal(3), stream.Normal(1)];
        EffectCovariance.Apply(correlation, deviates);
        var age = distributions.AgeYears;
        var weight = sex == Sex.Female ? distributions.FemaleWeightKg : distributions.MaleWeightKg;
        var height = sex == Sex.Female ? distributions.FemaleHeightCm : distributions.MaleHeightCm;
        var logSd = Math.Sqrt(Math.Log(1 + weight.Cv * weight.Cv));
        return new VirtualPatient(
            Math.Clamp(weight.Median * Math.Exp(logSd * deviates[0]), weight.Lowest, weight.Highest),
            Math.Clamp(height.Mean + height.Sd * deviates[1], height.Lowest, height.Highest),
            Math.Clamp(age.Mean + age.Sd * deviates[2], age.Lowest, age.Highest),
            sex);
    }

    private static Population[] Load()
        => [.. DataFile.Read<PopulationFile>("populations.json").Populations
            .Select(distributions => new Population(null, distributions, distributions.Description))];

    private sealed record PopulationFile(int Format, IReadOnlyList<CovariateDistributions> Populations);
}

/// <summary>The covariates of one virtual patient.</summary>
/// <param name="WeightKg">Body weight, kg.</param>
/// <param name="HeightCm">Height, cm; null when the population is one patient's covariates.</param>
/// <param name="AgeYears">Age, years.</param>
/// <param name="Sex">Sex.</param>
public readonly record struct VirtualPatient(double WeightKg, double? HeightCm, double? AgeYears, Sex? Sex);
