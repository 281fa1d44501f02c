using System.Globalization;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Calibration;
using Euthymia.Trials.Evidence;
using Euthymia.Trials.VirtualTrials;
using MathNet.Numerics.Distributions;

namespace Euthymia.Trials.Agreement;

/// <summary>
/// Holds published outcomes against the prediction interval of virtual trials: parameter uncertainty, differences between
/// trials, and the sampling of patients. With parameters that leave trials out, the mood of a trial that was fitted is predicted
/// by those that have not seen it.
/// </summary>
public static class TrialValidation
{
    // Width of a 90 % interval of a normal distribution in standard deviations.
    private const double NormalWidth90 = 3.2897072539;
    private const double FewestDefined = 0.5;

    /// <summary>All trials of a library.</summary>
    public static ValidationReport Run(EvidenceLibrary library, ResponseParameters parameters, int replicates, ulong seed, LeftOutParameters? leftOut = null, Action<int, int>? progress = null, CancellationToken cancel = default)
        => Run(library, library.Trials, parameters, replicates, seed, leftOut, progress, cancel);

    /// <summary>Some trials of a library.</summary>
    public static ValidationReport Run(EvidenceLibrary library, IReadOnlyList<Trial> chosen, ResponseParameters parameters, int replicates, ulong seed, LeftOutParameters? leftOut = null, Action<int, int>? progress = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicates, 20);
        var draws = new ParameterDraws(parameters, seed);
        var drawn = Enumerable.Range(0, replicates).Select(draws.Draw).ToArray();
        var mood = Array.ConvertAll(drawn, set => new MoodParameters(set));
        leftOut?.Check(parameters);
        MoodParameters[]? Unseen(Trial trial) => leftOut?.Without(trial.Id, parameters) is { } without
            ? [.. Enumerable.Range(0, replicates).Select(new ParameterDraws(without, seed).Draw).Select(set => new MoodParameters(set))]
            : null;
        var trials = chosen.Select(trial => VirtualTrial.Read(library, trial, parameters)).ToList();

        var held = new (List<OutcomeAgreement> Agreements, List<NotPredicted> Undefined)[trials.Count];
        var done = 0;
        Parallel.For(0, trials.Count, new ParallelOptions { CancellationToken = cancel }, i =>
        {
            var unseen = Unseen(chosen[i]);
            held[i] = Hold(trials[i], drawn, unseen ?? mood, seed, isLeftOut: unseen is not null);
            progress?.Invoke(Interlocked.Increment(ref done), trials.Count);
        });

        var known = library.Trials.Select(trial => trial.Id).ToHashSet(StringComparer.Ordinal);
        var orphans = library.Outcomes.Where(outcome => !known.Contains(outcome.TrialId))
            .Select(outcome => new NotPredicted(outcome, $"trials.csv does not describe the trial '{outcome.TrialId}'"));
        return new ValidationReport(
            [.. held.SelectMany(trial => trial.Agreements)],
            [.. trials.SelectMany(trial => trial.NotPredicted), .. held.SelectMany(trial => trial.Undefined), .. chosen.Count == library.Trials.Count ? orphans : []],
            replicates, seed, parameters.Version);
    }

    private static (List<OutcomeAgreement> Agreements, List<NotPredicted> Undefined) Hold(VirtualTrial trial, ResponseParameters[] drawn, MoodParameters[] mood, ulong seed, bool isLeftOut)
    {
        var targets = trial.Targets;
        var values = new double[targets.Count][];
        for (var i = 0; i < values.Length; i++)
            values[i] = new double[drawn.Length];
        var row = new double[targets.Count];
        for (var replicate = 0; targets.Count > 0 && replicate < drawn.Length; replicate++)
        {
            trial.Simulate(drawn[replicate], mood[replicate], seed, replicate, row);
            for (var i = 0; i < row.Length; i++)
                values[i][replicate] = row[i];
        }
        var (agreements, undefined) = (new List<OutcomeAgreement>(), new List<NotPredicted>());
        for (var i = 0; i < values.Length; i++)
        {
            var defined = Array.FindAll(values[i], double.IsFinite);
            if (defined.Length < FewestDefined * drawn.Length)
                undefined.Add(new NotPredicted(targets[i].Outcome, $"only {defined.Length} of {drawn.Length} replicates give a value (arms of one patient, or no responders)"));
            else
                agreements.Add(Agree(targets[i], trial.Arms[targets[i].ArmA], defined, isLeftOut));
        }
        return (agreements, undefined);
    }

    private static OutcomeAgreement Agree(Target target, ArmDesign design, double[] values, bool isLeftOut)
    {
        var (low, median, high) = Quantile.Band(values);
        var observed = target.Outcome.Value!.Value;
        var rounding = HalfUnit(observed);
        // A distribution narrower than the rounding (0 % in every replicate) still has the width of one rounded unit.
        var sd = Math.Max((high - low) / NormalWidth90, rounding);
        var z = target.Summary is Summary.OddsRatio or Summary.RiskRatio && observed > 0 && low > 0
            ? Math.Log(observed / median) / Math.Max(Math.Log(high / low) / NormalWidth90, 0.01)
            : (observed - median) / sd;
        return new OutcomeAgreement(
            target.Outcome.TrialId, target.Outcome.ArmId, target.Outcome.Measure, target.Outcome.Statistic, target.Outcome.TimeHours,
            observed, median, low, high, z, NormalScore(observed, rounding, values), observed >= low - rounding && observed <= high + rounding,
            isLeftOut && OutcomeAgreement.IsMoodOf(target), target, design, target.Outcome.Status);
    }

    // What rounds to the published number counts half, as ties do.
    private static double NormalScore(double observed, double rounding, double[] values)
    {
        var rank = values.Count(value => value < observed - rounding) + 0.5 * values.Count(value => Math.Abs(value - observed) <= rounding);
        return Normal.InvCDF(0, 1, Math.Clamp(rank, 0.5, values.Length - 0.5) / values.Length);
    }

    /// <summary>Half a unit of the last digit that the publication prints: 16.5 is anything from 16.45 to 16.55.</summary>
    private static double HalfUnit(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return point < 0 ? 0.5 : 0.5 * Math.Pow(10, -(text.Length - point - 1));
    }
}
