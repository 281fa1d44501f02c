using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Agreement;
using Euthymia.Trials.Evidence;

namespace Euthymia.Trials.Calibration;

/// <summary>
/// Leave-one-trial-out: each calibration trial is predicted by parameters that were calibrated without it. Unlike the agreement
/// of the trials that were fitted, this says how an unseen trial can be expected to lie in its intervals.
/// </summary>
public static class CrossValidation
{
    /// <summary>Mood outcomes of every calibration trial of the library, each predicted without its own trial.</summary>
    /// <param name="progress">Hears how many of how many trials are done.</param>
    public static ValidationReport Run(EvidenceLibrary library, ResponseParameters start, int replicates, ulong seed, Action<int, int>? progress = null, CancellationToken cancel = default)
    {
        var trials = library.Trials.Where(trial => CalibrationUse.IsMood(trial.Id)).ToList();
        var prepared = CalibrationRun.WithReference(start, start.Version);
        var outcomes = new List<OutcomeAgreement>();
        for (var i = 0; i < trials.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var without = library with { Trials = [.. library.Trials.Where(trial => trial != trials[i])] };
            var fitted = new MoodCalibration(without, prepared, seed).Run(cancel: cancel);
            outcomes.AddRange(TrialValidation.Run(library, [trials[i]], fitted, replicates, seed, cancel: cancel).Outcomes.Where(outcome => outcome.IsMood));
            progress?.Invoke(i + 1, trials.Count);
        }
        return new ValidationReport(outcomes, [], replicates, seed, start.Version);
    }
}
