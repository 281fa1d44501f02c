using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Evidence;
using Euthymia.Trials.Statistics;
using Euthymia.Trials.VirtualTrials;

namespace Euthymia.Trials.Calibration;

/// <summary>Side effects, pressor response and dissociation: random-effects meta-analysis of each on the scale of its model.</summary>
public sealed class SafetyCalibration(EvidenceLibrary library, ResponseParameters start)
{
    private const double Haldane = 0.5;
    private const double SmallestHazard = 0.004;
    private const double SmallestTau = 0.15;

    public ResponseParameters Run()
    {
        var (effects, drugTau, backgroundTau) = SideEffects();
        var changes = new Dictionary<string, (double Value, double Uncertainty, string Status)>(StringComparer.Ordinal)
        {
            ["side_effect_drug_sd"] = (drugTau, 0.2, "calibrated"),
            ["side_effect_background_sd"] = (backgroundTau, 0.2, "calibrated"),
        };
        Pressor(changes);
        Dissociation(changes);
        return new ResponseParameters(
            start.Format, start.Version, start.Provenance,
            [.. start.Parameters.Select(parameter => changes.TryGetValue(parameter.Name, out var change)
                ? parameter with { Value = MoodCalibration.Significant(change.Value), Uncertainty = MoodCalibration.Significant(change.Uncertainty), Status = change.Status }
                : parameter)],
            start.Correlated, start.Covariance, effects);
    }

    private (List<SideEffectParameter> Effects, double DrugTau, double BackgroundTau) SideEffects()
    {
        var outcomes = library.Outcomes
            .Where(outcome => CalibrationUse.Uses(outcome.TrialId, "side effects") && CalibrationUse.IsFirstHand(outcome)
                && outcome.Measure.StartsWith("AE:", StringComparison.Ordinal) && outcome is { Statistic: "pct", Value: not null } && !outcome.Measure.Contains("(of", StringComparison.Ordinal))
            .GroupBy(outcome => TargetReader.Canonical(outcome.Measure[3..]), StringComparer.Ordinal)
            .Where(term => !term.Key.Contains('>', StringComparison.Ordinal) && !term.Key.Contains('<', StringComparison.Ordinal))
            .OrderBy(term => term.Key, StringComparer.Ordinal);
        var (effects, drugTaus, backgroundTaus) = (new List<SideEffectParameter>(), new List<double>(), new List<double>());
        foreach (var term in outcomes)
        {
            var rows = term.Select(Rate).OfType<TrialRate>().ToList();
            // The label pools trials that are counted by themselves.
            if (rows.Any(row => row.TrialId is not "Spravato_label_TRD"))
                rows.RemoveAll(row => row.TrialId is "Spravato_label_TRD");
            var background = Pool([.. rows.Where(row => row.IsControl).Select(row => row.Hazard())], backgroundTaus);
            if (background is null)
                continue;
            var drug = rows.Where(row => !row.IsControl).GroupBy(row => row.TrialId, StringComparer.Ordinal)
                .Select(trial => DrugHazard([.. trial], rows.Find(row => row.IsControl && string.Equals(row.TrialId, trial.Key, StringComparison.Ordinal)), Math.Exp(background.Value.Mean)))
                .ToList();
            if (Pool(drug, drugTaus) is not { } perSession)
                continue;
            effects.Add(new SideEffectParameter(
                term.Key, MoodCalibration.Significant(Math.Exp(background.Value.Mean)), MoodCalibration.Significant(background.Value.Se),
                MoodCalibration.Significant(Math.Exp(perSession.Mean)), MoodCalibration.Significant(perSession.Se),
                string.Join(", ", rows.Select(row => row.TrialId).Distinct(StringComparer.Ordinal))));
        }
        return (effects, Math.Max(SmallestTau, drugTaus.DefaultIfEmpty(0).Average()), Math.Max(SmallestTau, backgroundTaus.DefaultIfEmpty(0).Average()));
    }

    /// <summary>Share of one arm with an event, as counts, with the exposure that the model sees.</summary>
    private sealed record TrialRate(string TrialId, double Events, double N, double Exposure)
    {
        public bool IsControl => Exposure <= 0;

        /// <summary>Log cumulative hazard with the delta-method variance; half an event on both sides keeps it finite.</summary>
        public Effect Hazard()
        {
            var p = (Events + Haldane) / (N + 2 * Haldane);
            var hazard = -Math.Log(1 - p);
            return new Effect(Math.Log(hazard), p / ((1 - p) * N) / (hazard * hazard));
        }
    }

    private TrialRate? Rate(Outcome outcome)
    {
        var trial = VirtualTrial.Read(library, library.Trial(outcome.TrialId), start);
        if (!trial.Arms.TryGetValue(outcome.ArmId, out var arm))
            return null;
        var n = outcome.N ?? arm.Patients;
        var exposure = arm.Dose is null ? 0
            : ExposurePool.Of(arm.Dose, arm.WeightKg, [], start).MeanPeak / start["reference_peak"] * SideEffectModel.SessionWeight(arm.SessionHours.Length, start["side_effect_tolerance"]);
        return new TrialRate(outcome.TrialId, outcome.Value!.Value / 100 * n, n, exposure);
    }

    private static Effect DrugHazard(List<TrialRate> arms, TrialRate? control, double typicalBackground)
    {
        var background = control is null ? typicalBackground : Math.Exp(control.Hazard().Value);
        var (events, n, exposure) = (arms.Sum(arm => arm.Events), arms.Sum(arm => arm.N), arms.Average(arm => arm.Exposure));
        var total = new TrialRate("", events, n, exposure).Hazard();
        var hazard = Math.Exp(total.Value);
        var drug = Math.Max(SmallestHazard, hazard - background);
        var variance = total.Variance * hazard * hazard + (control?.Hazard().Variance ?? 0.1) * background * background;
        return new Effect(Math.Log(drug / exposure), Math.Min(4, variance / (drug * drug)));
    }

    private static (double Mean, double Se)? Pool(List<Effect> effects, List<double> taus)
    {
        if (effects.Count == 0)
            return null;
        if (effects.Count == 1)
            return (effects[0].Value, Math.Sqrt(effects[0].Variance));
        var pooled = MetaAnalysis.RandomEffects(effects, HeterogeneityEstimator.PauleMandel);
        taus.Add(Math.Sqrt(pooled.TauSquared));
        return (pooled.Mean.Estimate, pooled.StandardError);
    }

    private void Pressor(Dictionary<string, (double, double, string)> changes)
    {
        var taus = new List<double>();
        foreach (var (sign, measure) in new[] { ("systolic", "SBP"), ("diastolic", "DBP"), ("heart_rate", "HR") })
        {
            var spread = start["pressor_patient_sd_" + sign];
            var logs = new List<Effect>();
            foreach (var outcome in library.Outcomes.Where(outcome => CalibrationUse.Uses(outcome.TrialId, "vital signs") && string.Equals(outcome.Measure, measure, StringComparison.Ordinal) && outcome.Statistic is "change" && outcome.Value is > 0))
            {
                var arm = VirtualTrial.Read(library, library.Trial(outcome.TrialId), start).Arms[outcome.ArmId];
                var relative = ExposurePool.Of(arm.Dose!, arm.WeightKg, [outcome.TimeHours!.Value], start).Concentrations[0].Average() / start["reference_peak"];
                var n = outcome.N ?? arm.Patients;
                logs.Add(new Effect(Math.Log(outcome.Value!.Value / relative), spread * spread / n / (outcome.Value.Value * outcome.Value.Value)));
            }
            if (logs.Count == 0)
                continue;
            var (mean, se) = Pool(logs, taus)!.Value;
            changes["pressor_" + sign] = (Math.Exp(mean), Math.Max(se, 0.3), "calibrated");
        }
        if (taus.Count > 0)
            changes["pressor_clinic_sd"] = (Math.Max(SmallestTau, taus.Average()), 0.3, "calibrated");
    }

    private void Dissociation(Dictionary<string, (double, double, string)> changes)
    {
        foreach (var outcome in library.Outcomes.Where(outcome => CalibrationUse.Uses(outcome.TrialId, "dissociation") && outcome is { Measure: "CADSS", Statistic: "mean", TimeHours: > 0, Value: not null }))
        {
            var trial = VirtualTrial.Read(library, library.Trial(outcome.TrialId), start);
            if (!trial.Arms.TryGetValue(outcome.ArmId, out var arm) || arm.Dose is null)
                continue;
            var concentration = ExposurePool.Of(arm.Dose, arm.WeightKg, [outcome.TimeHours!.Value], start).Concentrations[0].Average();
            var score = outcome.Value!.Value - start["dissociation_background"];
            // Mean and SD of a log-normal: the spread first, then the slope of the median patient.
            var cv = (outcome.Sd ?? score / 2) / score;
            var logSd = Math.Sqrt(Math.Log(1 + cv * cv));
            changes["dissociation_sd"] = (logSd, 0.15, "calibrated");
            changes["dissociation_slope"] = (score / concentration / Math.Exp(logSd * logSd / 2), 0.15, "calibrated");
        }
    }
}
