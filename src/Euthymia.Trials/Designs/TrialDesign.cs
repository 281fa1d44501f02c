using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.VirtualTrials;

namespace Euthymia.Trials.Designs;

/// <summary>What the control group gets.</summary>
public enum ControlKind
{
    Saline,
    Midazolam,
    PlaceboSpray,
}

/// <summary>A trial to be planned: one ketamine arm against one control, MADRS change as primary outcome.</summary>
/// <param name="Name">How the design is called in the table.</param>
/// <param name="Regimen">Ketamine regimen; all its infusions are of one dose and duration.</param>
/// <param name="PerArm">Patients randomised to each arm.</param>
/// <param name="DropOut">Share lost before the primary outcome, 0 to less than 1.</param>
/// <param name="WeightKg">Mean body weight of the population.</param>
/// <param name="NewAntidepressant">True when both arms start a conventional antidepressant with the first session.</param>
/// <param name="PrimaryHours">Time of the primary outcome from the first infusion.</param>
public sealed record TrialDesign(string Name, RegimenOrder Regimen, KetamineForm Form, ControlKind Control, int PerArm, double DropOut, double PrimaryHours, double? BaselineMean = null, double? BaselineSd = null, double? WeightKg = null, bool NewAntidepressant = false)
{
    /// <summary>This design when every field can be simulated.</summary>
    /// <exception cref="InvalidInputException">A field that cannot be simulated.</exception>
    public TrialDesign Checked()
    {
        if (PerArm is < 2 or > 5000)
            throw new InvalidInputException("design-n", "n", "Give 2 to 5000 patients an arm.");
        if (!(DropOut is >= 0 and < 0.9))
            throw new InvalidInputException("design-drop-out", "drop-out", "Give the share that drops out, from 0 to below 0.9, such as 0.1.");
        if (!(PrimaryHours is > 0 and <= 8760))
            throw new InvalidInputException("design-time", "at-hours", "Give the time of the primary outcome in hours from the first infusion, up to a year.");
        if (BaselineMean is { } mean && !(mean is >= 10 and <= 55))
            throw new InvalidInputException("design-baseline", "baseline", "Give the mean MADRS at entry, from 10 to 55.");
        if (BaselineSd is { } sd && !(sd is > 0 and <= 20))
            throw new InvalidInputException("design-baseline-sd", "baseline-sd", "Give the standard deviation of MADRS at entry, up to 20.");
        if (WeightKg is { } weight && !(weight is >= 30 and <= 200))
            throw new InvalidInputException("design-weight", "weight", "Give the mean body weight in kg, from 30 to 200.");
        if (Regimen.Parts.Count != 1)
            throw new InvalidInputException("design-regimen", "arm", "Give one dose and duration for all infusions of an arm.");
        return this;
    }
}

/// <summary>A number with its 90 % interval over replicates.</summary>
public readonly record struct Expected(double Median, double Low, double High);

/// <summary>What a design can be expected to show.</summary>
/// <param name="Power">Chance that the difference is significant at 5 % two-sided, over parameter uncertainty and differences between trials.</param>
/// <param name="PowerByN">The same for other sizes of the arms.</param>
/// <param name="NeededPerArm">Smallest size for the wanted power, drop-out included; null when no size up to 2,000 gives it.</param>
/// <param name="RelapseDays">Median days from the last infusion to relapse among responders of the ketamine arm.</param>
public sealed record DesignForecast(
    TrialDesign Design,
    double Power,
    IReadOnlyList<(int PerArm, double Power)> PowerByN,
    int? NeededPerArm,
    Expected Difference,
    Expected ResponseKetamine,
    Expected ResponseControl,
    Expected RemissionKetamine,
    Expected RemissionControl,
    Expected RelapseDays,
    IReadOnlyList<(string Term, Expected Percent)> AdverseEvents);
