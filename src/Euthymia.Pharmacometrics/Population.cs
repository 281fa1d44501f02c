using System.Globalization;
using Euthymia.Numerics.Random;

namespace Euthymia.Pharmacometrics;

/// <summary>A normal distribution of age in years, cut at its bounds.</summary>
public sealed record AgeDistribution(double Mean, double Sd, double Lowest, double Highest);

/// <summary>A log-normal distribution of weight in kg, cut at its bounds.</summary>
public sealed record WeightDistribution(double Median, double Cv, double Lowest, double Highest);

/// <summary>Distributions of covariates, with where they come from.</summary>
public sealed record CovariateDistributions(
    string Id,
    string Description,
    string Citation,
    EvidenceStatus Status,
    double FemaleFraction,
    AgeDistribution AgeYears,
    WeightDistribution FemaleWeightKg,
    WeightDistribution MaleWeightKg);

/// <summary>
/// Whom virtual patients stand for: people with one patient's covariates, or a population with distributions of them.
/// </summary>
public sealed record Population
{
    private static readonly Lazy<IReadOnlyList<Population>> Shipped = new(Load);

    private readonly Covariates? _fixed;
    private readonly CovariateDistributions? _distributions;

    private Population(Covariates? fixedCovariates, CovariateDistributions? distributions, string description)
        => (_fixed, _distributions, Description) = (fixedCovariates, distributions, description);

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

    /// <summary>Covariates of virtual patient <paramref name="patient"/> (stream number) of a seed.</summary>
    internal VirtualCovariates Draw(Deviates patient)
    {
        if (_fixed is not null)
            return new VirtualCovariates((double)_fixed.Weight.Value, _fixed.AgeYears, _fixed.Sex);
        var distributions = _distributions!;
        var sex = patient.Uniform(0) < distributions.FemaleFraction ? Sex.Female : Sex.Male;
        var age = distributions.AgeYears;
        var weight = sex == Sex.Female ? distributions.FemaleWeightKg : distributions.MaleWeightKg;
        var logSd = Math.Sqrt(Math.Log(1 + weight.Cv * weight.Cv));
        return new VirtualCovariates(
            Math.Clamp(weight.Median * Math.Exp(logSd * patient.Normal(2)), weight.Lowest, weight.Highest),
            Math.Clamp(age.Mean + age.Sd * patient.Normal(1), age.Lowest, age.Highest),
            sex);
    }

    private static Population[] Load()
        => [.. DataFile.Read<PopulationFile>("populations.json").Populations
            .Select(distributions => new Population(null, distributions, distributions.Description))];

    private sealed record PopulationFile(int Format, IReadOnlyList<CovariateDistributions> Populations);
}

/// <summary>One draw of covariates.</summary>
internal readonly record struct VirtualCovariates(double WeightKg, double? AgeYears, Sex? Sex);
