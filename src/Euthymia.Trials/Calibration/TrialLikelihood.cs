using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Evidence;
using Euthymia.Trials.VirtualTrials;
using MathNet.Numerics.LinearAlgebra;

namespace Euthymia.Trials.Calibration;

/// <summary>
/// Marginal likelihood of one trial's outcomes. The expected outcomes are linearised in the trial's random effects
/// (first-order approximation, Sheiner and Beal 1980), so that
/// y ~ N(f, tau_n^2 g_n g_n' + tau_d^2 g_d g_d' + tau_t^2 g_t g_t' + visits + baseline + sampling).
/// The sampling covariance of an arm's outcomes comes from the simulated patients: repeated times count once.
/// </summary>
internal sealed class TrialLikelihood
{
    private const double Step = 0.05;
    private const double MisfitPoints = 1;
    private const double MisfitPercent = 5;
    private const double MisfitStandardised = 0.1;
    private const double LogSdMisfit = 0.10;
    private const int SmallestSd = 8;
    private const double LargestAddedSd = 0.4;

    private readonly VirtualTrial _trial;
    private readonly ResponseParameters _parameters;
    private readonly List<Target> _targets;
    private readonly Dictionary<string, ArmNodes> _nodes = new(StringComparer.Ordinal);

    public TrialLikelihood(VirtualTrial trial, ResponseParameters parameters, ulong seed)
    {
        (_trial, _parameters) = (trial, parameters);
        // Arms with a second treatment of unknown effect say nothing about ketamine alone.
        _targets = OncePerVisit([.. trial.Targets.Where(target => Usable(target) && trial.Arms[target.ArmA].AddedLogitSd < LargestAddedSd)]);
        foreach (var arm in _targets.SelectMany(target => new[] { target.ArmA, target.ArmB }).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var design = trial.Arms[arm];
            var last = design.SessionHours[^1];
            var times = _targets.Where(target => string.Equals(target.ArmA, arm, StringComparison.Ordinal) || string.Equals(target.ArmB, arm, StringComparison.Ordinal))
                .SelectMany(target => Times(target, last)).Distinct().Order().ToArray();
            _nodes[arm] = new ArmNodes(design, times, parameters, seed);
        }
    }

    public string TrialId => _trial.Trial.Id;

    public int Outcomes => _targets.Count;

    public double MinusLogLikelihood(ResponseParameters parameters)
    {
        var mood = new MoodParameters(parameters);
        var typical = Evaluate(mood, ArmFactors.Typical, 0);
        var visit = Evaluate(mood, ArmFactors.Typical with { Visit = Math.Exp(Step) }, 0);
        var nonspecific = Evaluate(mood, ArmFactors.Typical with { Nonspecific = Math.Exp(Step) }, 0);
        var drug = Evaluate(mood, ArmFactors.Typical with { Drug = Math.Exp(Step) }, 0);
        var duration = Evaluate(mood, ArmFactors.Typical with { Duration = Math.Exp(Step) }, 0);
        var entry = Evaluate(mood, ArmFactors.Typical, 1);

        var n = _targets.Count;
        var (gv, gx, gd, gt, gb) = (new double[n], new double[n], new double[n], new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            gv[i] = (visit.Means[i] - typical.Means[i]) / Step;
            gx[i] = (nonspecific.Means[i] - typical.Means[i]) / Step;
            gd[i] = (drug.Means[i] - typical.Means[i]) / Step;
            gt[i] = (duration.Means[i] - typical.Means[i]) / Step;
            gb[i] = entry.Means[i] - typical.Means[i];
        }
        var (tauX, tauD, tauT, tauV) = (parameters["trial_nonspecific_sd"], parameters["trial_drug_sd"], parameters["trial_duration_sd"], parameters["arm_visit_sd"]);
        var tauB = parameters.Parameter("baseline_mean").Uncertainty;
        // Half of the variance between trials is common to those that a meta-analysis pools.
        var pooled = _trial.Trials == 1 ? 1 : 0.5 + 0.5 / _trial.Trials;
        // What the usual design gets wrong about a mixture of trials is common to all its results.
        var design = _trial.Trials == 1 ? 0 : parameters["pooled_design_sd"] * parameters["pooled_design_sd"];
        var covariance = Matrix<double>.Build.Dense(n, n, (i, j) =>
            (tauX * tauX * gx[i] * gx[j] + tauD * tauD * gd[i] * gd[j] + tauT * tauT * gt[i] * gt[j] + tauB * tauB * gb[i] * gb[j]) * pooled
            + design * (gx[i] * gx[j] + gd[i] * gd[j])
            + (SameVisit(_targets[i], _targets[j]) ? tauV * tauV * gv[i] * gv[j] / _trial.Trials : 0)
            + Sampling(i, j, typical) + (i == j ? Misfit(_targets[i]) : 0));
        var residual = Vector<double>.Build.Dense(n, i => _targets[i].Outcome.Value!.Value - typical.Means[i]);
        var cholesky = covariance.Cholesky();
        return 0.5 * (cholesky.DeterminantLn + residual * cholesky.Solve(residual)) + Spreads(typical);
    }

    private static bool Usable(Target target)
        => CalibrationUse.IsFirstHand(target.Outcome) && CalibrationUse.Includes(target.Outcome)
            && (target.Quantity, target.Summary) is (Quantity.Score, Summary.Mean or Summary.Change or Summary.Difference or Summary.StandardisedDifference)
                or (Quantity.Response or Quantity.Remission, Summary.Percent) or (Quantity.Relapse, Summary.MedianDays);

    private static IEnumerable<double> Times(Target target, double lastSession)
        => target.Summary is Summary.MedianDays
            ? [lastSession + 24, lastSession + target.Outcome.Value!.Value * 24]
            : [target.Hours];

    private static bool SameVisit(Target a, Target b)
        => a.Hours.Equals(b.Hours) && string.Equals(a.ArmA, b.ArmA, StringComparison.Ordinal) && string.Equals(a.ArmB, b.ArmB, StringComparison.Ordinal);

    // Mean, response and remission of one visit are three views of the same patients. What the shape of the model's
    // distribution gets wrong goes here; without it their strong correlation would let small contradictions steer the fit.
    private static double Misfit(Target target)
        => Math.Pow(IsStandardised(target) ? MisfitStandardised : target.Quantity is Quantity.Score ? MisfitPoints : MisfitPercent, 2);

    private static bool IsStandardised(Target target) => target.Summary is Summary.StandardisedDifference;

    /// <summary>
    /// One score for each arm and visit: the change before the mean, MADRS before other scales, all patients before a part of
    /// them; and no difference of two arms that are there themselves.
    /// </summary>
    private static List<Target> OncePerVisit(List<Target> targets)
    {
        var single = targets.Where(target => !target.IsContrast)
            .GroupBy(target => (target.ArmA, target.Hours, target.Quantity))
            .Select(visit => visit.OrderByDescending(target => target.Scale == DepressionScale.Madrs)
                .ThenByDescending(target => target.Summary is Summary.Change)
                .ThenByDescending(target => target.Outcome.N ?? 0).First())
            .ToList();
        bool Scored(string arm, double hours) => single.Exists(target => target.Quantity is Quantity.Score && target.Hours.Equals(hours) && string.Equals(target.ArmA, arm, StringComparison.Ordinal));
        // Effect sizes of a meta-analysis are of the patients whose shares it gives.
        bool Shared(Target contrast) => contrast.Summary is Summary.StandardisedDifference && single.Exists(target => target.Hours.Equals(contrast.Hours));
        var contrasts = targets.Where(target => target.IsContrast && !Shared(target) && !(Scored(target.ArmA, target.Hours) && Scored(target.ArmB!, target.Hours)));
        return [.. single, .. contrasts];
    }

    /// <summary>Expected outcomes, and each node's contribution by arm (two for a contrast).</summary>
    private sealed record Evaluation(double[] Means, double[][] First, double[]?[] Second);

    private Evaluation Evaluate(in MoodParameters typical, in ArmFactors factors, double baselineShift)
    {
        var mood = typical.WithDuration(factors.Duration);
        var levels = new Dictionary<string, (double[] Baseline, double[][] Logits)>(StringComparer.Ordinal);
        foreach (var (arm, nodes) in _nodes)
        {
            var design = _trial.Arms[arm];
            var mean = design.BaselineMean ?? _parameters["baseline_mean"] + baselineShift;
            levels[arm] = nodes.Levels(mood, mean, design.BaselineSd ?? _parameters["baseline_sd"], factors);
        }
        var evaluation = new Evaluation(new double[_targets.Count], new double[_targets.Count][], new double[]?[_targets.Count]);
        for (var i = 0; i < _targets.Count; i++)
        {
            var target = _targets[i];
            evaluation.First[i] = Values(target, target.ArmA, levels[target.ArmA]);
            evaluation.Means[i] = evaluation.First[i].Average();
            if (target.ArmB is null)
                continue;
            evaluation.Second[i] = Values(target, target.ArmB, levels[target.ArmB]);
            if (IsStandardised(target))
                Standardise(target, evaluation.First[i], evaluation.Second[i]!);
            evaluation.Means[i] = evaluation.First[i].Average() - evaluation.Second[i]!.Average();
        }
        return evaluation;
    }

    // Changes over the pooled SD, in the direction in which the effect size was published.
    private static void Standardise(Target target, double[] first, double[] second)
    {
        var scale = -Math.Sign(target.Outcome.Value!.Value) / Math.Sqrt((Covariance(first, first) + Covariance(second, second)) / 2);
        for (var i = 0; i < first.Length; i++)
            (first[i], second[i]) = (first[i] * scale, second[i] * scale);
    }

    private double[] Values(Target target, string arm, (double[] Baseline, double[][] Logits) levels)
    {
        if (target.Summary is Summary.MedianDays)
            return Relapse(target, arm, levels);
        var logits = levels.Logits[_nodes[arm].IndexOf(target.Hours)];
        var values = new double[ArmNodes.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = target switch
            {
                { Quantity: Quantity.Response or Quantity.Remission } => 100 * ArmNodes.Reached(target, logits[i], levels.Baseline[i]),
                { Summary: Summary.Mean } => target.Scale.Slope * MoodModel.Madrs(logits[i]),
                _ => target.Scale.Slope * (MoodModel.Madrs(logits[i]) - levels.Baseline[i]),
            };
        }
        return values;
    }

    // Half of those who responded after the last session still respond at the median time: days = observed + slope x (kept - 1/2).
    private double[] Relapse(Target target, string arm, (double[] Baseline, double[][] Logits) levels)
    {
        const double DaysPerShare = 40;
        var last = _trial.Arms[arm].SessionHours[^1];
        var days = target.Outcome.Value!.Value;
        var response = target with { Quantity = Quantity.Response };
        var (early, late) = (levels.Logits[_nodes[arm].IndexOf(last + 24)], levels.Logits[_nodes[arm].IndexOf(last + days * 24)]);
        var (responders, kept) = (0.0, 0.0);
        for (var i = 0; i < early.Length; i++)
        {
            var first = ArmNodes.Reached(response, early[i], levels.Baseline[i]);
            responders += first;
            kept += first * ArmNodes.Reached(response, late[i], levels.Baseline[i]);
        }
        var expected = days + DaysPerShare * (kept / Math.Max(responders, 1e-6) - 0.5);
        // A median of about 17 responders has a standard error near five days; the nodes carry that spread.
        return [.. Enumerable.Range(0, ArmNodes.Count).Select(i => expected + (i % 2 == 0 ? 20 : -20))];
    }

    private double Sampling(int i, int j, Evaluation evaluation)
    {
        double Of(double[]? x, string? armX, double[]? y, string? armY)
            => x is null || y is null || !string.Equals(armX, armY, StringComparison.Ordinal) ? 0 : Covariance(x, y) / PatientsOf(armX!, i, j);
        var (a, b) = (_targets[i], _targets[j]);
        return Of(evaluation.First[i], a.ArmA, evaluation.First[j], b.ArmA) + Of(evaluation.Second[i], a.ArmB, evaluation.Second[j], b.ArmB)
            - Of(evaluation.First[i], a.ArmA, evaluation.Second[j], b.ArmB) - Of(evaluation.Second[i], a.ArmB, evaluation.First[j], b.ArmA);
    }

    private double PatientsOf(string arm, int i, int j)
    {
        var design = _trial.Arms[arm].Patients * _trial.Trials;
        var (a, b) = (_targets[i].Outcome.N ?? design, _targets[j].Outcome.N ?? design);
        return Math.Max(1, Math.Max(a, b));
    }

    private double Spreads(Evaluation evaluation)
    {
        var sum = 0.0;
        for (var i = 0; i < _targets.Count; i++)
        {
            var outcome = _targets[i].Outcome;
            if (_targets[i].Quantity is not Quantity.Score || _targets[i].IsContrast || _trial.Trials > 1)
                continue;
            var n = outcome.N ?? _trial.Arms[_targets[i].ArmA].Patients;
            var sd = outcome.Sd ?? outcome.Se * Math.Sqrt(n);
            if (sd is not > 0 || n < SmallestSd)
                continue;
            var variance = 1 / (2 * (n - 1)) + LogSdMisfit * LogSdMisfit;
            var difference = Math.Log(sd.Value) - 0.5 * Math.Log(Covariance(evaluation.First[i], evaluation.First[i]));
            sum += 0.5 * difference * difference / variance;
        }
        return sum;
    }

    private static double Covariance(double[] x, double[] y)
    {
        var (meanX, meanY, sum) = (x.Average(), y.Average(), 0.0);
        for (var i = 0; i < x.Length; i++)
            sum += (x[i] - meanX) * (y[i] - meanY);
        return sum / (x.Length - 1);
    }
}
