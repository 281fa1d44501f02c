using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Trials.VirtualTrials;

/// <summary>Simulated value of an outcome that is not a depression score: adverse events, vital signs, dissociation, plasma.</summary>
internal static class SafetyValue
{
    // Methods and sampling sites of published plasma concentrations differ; the engine's own checks see about this much.
    private const double PlasmaStudyLogSd = 0.2;
    private const double DissociationScatter = 5;
    private const double MostSimulated = 20_000;
    private const double WeekHours = 168;

    public static double Of(Target target, ArmDesign arm, ResponseParameters parameters, ResponseParameters drawn, TrialEffects trial, Deviates deviates)
    {
        var n = (int)Math.Clamp(target.Outcome.N ?? arm.Patients, 1, MostSimulated);
        return target.Quantity switch
        {
            Quantity.AdverseEvent => 100 * Share(Probability(target, arm, parameters, drawn, trial), n, deviates),
            Quantity.SystolicPressure => Rise(target, arm, parameters, drawn, trial, "systolic", n, deviates),
            Quantity.DiastolicPressure => Rise(target, arm, parameters, drawn, trial, "diastolic", n, deviates),
            Quantity.HeartRate => Rise(target, arm, parameters, drawn, trial, "heart_rate", n, deviates),
            Quantity.Dissociation => Cadss(target, arm, parameters, drawn, trial, n, deviates),
            _ => Pool(arm, parameters, []).PlasmaPeaks.Average() * Math.Exp(PlasmaStudyLogSd * trial.SafetyDeviate),
        };
    }

    public static double Probability(Target target, ArmDesign arm, ResponseParameters parameters, ResponseParameters drawn, TrialEffects trial)
    {
        var effect = drawn.SideEffects.Single(item => string.Equals(item.Term, target.Term, StringComparison.Ordinal));
        var sessions = target.Outcome.Statistic.EndsWith("week1", StringComparison.Ordinal) ? arm.SessionHours.Count(hours => hours < WeekHours) : arm.SessionHours.Length;
        var peak = arm.Dose is null ? 0 : Pool(arm, parameters, []).MeanPeak / drawn["reference_peak"];
        return SideEffectModel.Probability(
            effect, peak, sessions, drawn["side_effect_tolerance"],
            drawn["side_effect_drug_sd"] * trial.SafetyDeviate, drawn["side_effect_background_sd"] * trial.BackgroundDeviate);
    }

    private static double Share(double probability, int n, Deviates deviates)
    {
        var count = 0;
        for (var i = 0; i < n; i++)
            count += deviates.Uniform((uint)i) < probability ? 1 : 0;
        return (double)count / n;
    }

    private static double Rise(Target target, ArmDesign arm, ResponseParameters parameters, ResponseParameters drawn, TrialEffects trial, string sign, int n, Deviates deviates)
    {
        var concentration = arm.Dose is null ? 0 : Pool(arm, parameters, [SinceSession(target, arm)]).Concentrations[0].Average();
        // The mean over n sessions: the patients' spread shrinks with n, the clinic's does not.
        return HaemodynamicModel.Rise(drawn, sign, concentration, trial.SafetyDeviate, deviates.Normal(0) / Math.Sqrt(n));
    }

    private static double Cadss(Target target, ArmDesign arm, ResponseParameters parameters, ResponseParameters drawn, TrialEffects trial, int n, Deviates deviates)
    {
        var since = SinceSession(target, arm);
        var session = Math.Max(1, arm.SessionHours.Count(hours => hours <= target.Hours));
        var concentrations = arm.Dose is null || since <= 0 ? null : Pool(arm, parameters, [since]).Concentrations[0];
        var study = Math.Exp(drawn["dissociation_study_sd"] * trial.SafetyDeviate);
        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            var concentration = concentrations is null ? 0 : concentrations[i % concentrations.Length] * study;
            var score = DissociationModel.Cadss(drawn, concentration, session, deviates.Normal(2 * (uint)i)) + DissociationScatter * deviates.Normal(2 * (uint)i + 1);
            sum += Math.Clamp(score, 0, DissociationModel.MaximumScore);
        }
        return sum / n;
    }

    private static double SinceSession(Target target, ArmDesign arm)
        => target.Hours - arm.SessionHours.Where(hours => hours <= target.Hours).DefaultIfEmpty(0).Max();

    private static ExposurePool Pool(ArmDesign arm, ResponseParameters parameters, double[] times) => ExposurePool.Of(arm.Dose!, arm.WeightKg, times, parameters);
}
