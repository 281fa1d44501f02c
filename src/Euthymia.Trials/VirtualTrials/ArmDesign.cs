using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Trials.VirtualTrials;

/// <summary>A dose as ordered: per kilogram or fixed, with how it enters.</summary>
/// <param name="PerKilogram">True when <paramref name="Amount"/> is mg/kg.</param>
/// <param name="Amount">mg/kg or mg, of the infusion or the single dose; without the bolus.</param>
/// <param name="Bolus">Part given before, in the same unit.</param>
public sealed record OrderedDose(KetamineForm Form, bool PerKilogram, double Amount, double InfusionHours, double Bioavailability, double AbsorptionPerHour, double Bolus = 0, double BolusHours = 0)
{
    public KetamineSession For(double weightKg)
    {
        var scale = PerKilogram ? weightKg : 1;
        return new KetamineSession(Form, (Amount + Bolus) * scale, InfusionHours, Bioavailability, AbsorptionPerHour, Bolus * scale, BolusHours);
    }
}

/// <summary>One arm as it can be simulated.</summary>
/// <param name="Dose">Null for a control.</param>
/// <param name="SessionHours">Start of each session from the arm's first; ascending.</param>
/// <param name="Patients">How many; at least one.</param>
/// <param name="BaselineMean">MADRS at entry, or null when the trial gives none and it is drawn.</param>
/// <param name="Scale">The scale of response and remission.</param>
/// <param name="AddedLogit">Effect of combined treatments at their full height.</param>
/// <param name="AddedLogitSd">Its uncertainty.</param>
/// <param name="Assumptions">What the publication did not say and was assumed.</param>
public sealed record ArmDesign(
    string Id,
    OrderedDose? Dose,
    double[] SessionHours,
    Expectancy Expectancy,
    bool NewAntidepressant,
    int Patients,
    double? BaselineMean,
    double? BaselineSd,
    double? WeightKg,
    DepressionScale Scale,
    double AddedLogit,
    double AddedLogitSd,
    IReadOnlyList<string> Assumptions)
{
    /// <summary>What every second patient believes, where a group pools unlike comparators; null when all believe the same.</summary>
    public Expectancy? SecondExpectancy { get; init; }
}

/// <summary>An arm that can be simulated, or the reason why it cannot.</summary>
public readonly record struct ReadArm(ArmDesign? Design, string? Reason);
