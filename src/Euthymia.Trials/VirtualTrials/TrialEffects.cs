using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Trials.VirtualTrials;

/// <summary>How one trial differs from the typical one: its random effects, shared by its arms.</summary>
/// <param name="Shift">Logits by which every arm improves more.</param>
/// <param name="DrugFactor">Multiple of the drug effect.</param>
/// <param name="BaselineMean">MADRS at entry where none is published.</param>
/// <param name="ScaleDeviate">Standard normal: how the trial's raters use another scale than MADRS.</param>
/// <param name="SafetyDeviate">Standard normal: dissociation, pressor response and drug hazards of this trial.</param>
/// <param name="BackgroundDeviate">Standard normal: reporting of adverse events without drug.</param>
public readonly record struct TrialEffects(double Shift, double DrugFactor, double BaselineMean, double ScaleDeviate, double SafetyDeviate, double BackgroundDeviate)
{
    public static TrialEffects Draw(Deviates deviates, uint trial, ResponseParameters parameters)
    {
        var first = trial * 8;
        return new TrialEffects(
            parameters["trial_shift_sd"] * deviates.Normal(first),
            Math.Exp(parameters["trial_drug_sd"] * deviates.Normal(first + 1)),
            parameters["baseline_mean"] + parameters.Parameter("baseline_mean").Uncertainty * deviates.Normal(first + 2),
            deviates.Normal(first + 3),
            deviates.Normal(first + 4),
            deviates.Normal(first + 5));
    }
}
