using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Trials.VirtualTrials;

/// <summary>How one trial differs from the typical one: its random effects, shared by its arms.</summary>
/// <param name="NonspecificFactor">Multiple of expectancy and of a conventional antidepressant, in every arm.</param>
/// <param name="DrugFactor">Multiple of the drug effect.</param>
/// <param name="DurationFactor">Multiple of the half-lives with which benefit fades.</param>
/// <param name="BaselineMean">MADRS at entry where none is published.</param>
/// <param name="ScaleDeviate">Standard normal: how the trial's raters use another scale than MADRS.</param>
/// <param name="SafetyDeviate">Standard normal: dissociation, pressor response and drug hazards of this trial.</param>
/// <param name="BackgroundDeviate">Standard normal: reporting of adverse events without drug.</param>
public readonly record struct TrialEffects(double NonspecificFactor, double DrugFactor, double DurationFactor, double BaselineMean, double ScaleDeviate, double SafetyDeviate, double BackgroundDeviate)
{
    private const uint Effects = 9;

    // Trials that a meta-analysis pools resemble one another (population, era, site): half of the variance is theirs in common.
    private static readonly double Common = Math.Sqrt(0.5);

    /// <summary>Draws a trial.</summary>
    /// <param name="trial">Number of the trial, when several are pooled.</param>
    /// <param name="pooled">True for the trials of a meta-analysis.</param>
    public static TrialEffects Draw(Deviates deviates, uint trial, bool pooled, ResponseParameters parameters)
    {
        double Deviate(uint effect)
        {
            var own = deviates.Normal((trial + 1) * Effects + effect);
            return pooled ? Common * deviates.Normal(effect) + Common * own : own;
        }
        // The usual design that stands for a mixture of trials is wrong by something that all of them share.
        double Design(uint effect) => pooled ? parameters["pooled_design_sd"] * deviates.Normal(effect) : 0;
        return new TrialEffects(
            Math.Exp(parameters["trial_nonspecific_sd"] * Deviate(0) + Design(7)),
            Math.Exp(parameters["trial_drug_sd"] * Deviate(1) + Design(8)),
            Math.Exp(parameters["trial_duration_sd"] * Deviate(6)),
            parameters["baseline_mean"] + parameters.Parameter("baseline_mean").Uncertainty * Deviate(2),
            Deviate(3),
            Deviate(4),
            Deviate(5));
    }
}
