namespace Euthymia.Pharmacometrics;

/// <summary>Sex as used by covariate models.</summary>
public enum Sex
{
    /// <summary>Female.</summary>
    Female,

    /// <summary>Male.</summary>
    Male,
}

/// <summary>Properties of a patient that move parameters. An unknown age or sex is null, never a default.</summary>
public sealed record Covariates
{
    private const decimal MaximumWeight = 1000;

    /// <summary>What is known of a patient.</summary>
    /// <exception cref="InvalidInputException">The weight is not in (0, 1000] kg, or the age not in [0, 130].</exception>
    public Covariates(Kilograms weight, double? ageYears = null, Sex? sex = null)
    {
        CheckWeight(weight);
        if (ageYears is { } age && !(age is >= 0 and <= 130))
            throw new InvalidInputException("age-out-of-range", "age", "The age must be from 0 to 130 years.");
        (Weight, AgeYears, Sex) = (weight, ageYears, sex);
    }

    /// <summary>Body weight.</summary>
    public Kilograms Weight { get; }

    /// <summary>Age in years, or null when unknown.</summary>
    public double? AgeYears { get; }

    /// <summary>Sex, or null when unknown.</summary>
    public Sex? Sex { get; }

    internal static void CheckWeight(Kilograms weight)
    {
        if (weight.Value is <= 0 or > MaximumWeight)
            throw new InvalidInputException("weight-out-of-range", "weight", $"The weight must be more than 0 and at most {MaximumWeight:0} kg.");
    }
}
