using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Evidence;
using Euthymia.Trials.VirtualTrials;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Euthymia.Trials.Calibration;

/// <summary>
/// Model-based meta-analysis of the mood outcomes: the parameters with the highest posterior density (likelihood of every
/// trial times weak priors) by BFGS, and their covariance from the curvature there (Laplace's approximation).
/// </summary>
public sealed class MoodCalibration
{
    private const double GradientStep = 1e-3;
    private const double HessianStep = 0.05;
    private const int MaximumIterations = 150;
    private const int LargestRestarts = 6;
    private const double SmallestImprovement = 0.02;
    private const double SmallestCurvature = 0.5;

    private readonly ResponseParameters _start;
    private readonly List<ResponseParameter> _free;
    private readonly List<TrialLikelihood> _trials;
    private readonly ulong _seed;

    public MoodCalibration(EvidenceLibrary library, ResponseParameters start, ulong seed)
    {
        (_start, _seed) = (start, seed);
        _free = [.. start.Parameters.Where(parameter => parameter.IsCalibrated)];
        _trials = [.. library.Trials.Where(trial => CalibrationUse.IsMood(trial.Id))
            .Select(trial => new TrialLikelihood(VirtualTrial.Read(library, trial, start), start, seed))
            .Where(trial => trial.Outcomes > 0)];
        if (_trials.Count == 0)
            throw new EvidenceException("calibration-without-trials", "No trial of the calibration plan is in this evidence. Calibrate on the built-in library.");
    }

    /// <summary>Runs the calibration; <paramref name="progress"/> hears the iteration's number and minus the log posterior.</summary>
    public ResponseParameters Run(Action<int, double>? progress = null, CancellationToken cancel = default)
    {
        var iteration = 0;
        var objective = ObjectiveFunction.Gradient(
            Posterior,
            at =>
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke(++iteration, Posterior(at));
                return Gradient(at);
            });
        // From the centre of the priors, whatever values the file holds: the result depends on evidence, priors and seed only.
        var best = Restarted(objective, Vector<double>.Build.Dense(_free.Count));
        var covariance = Covariance(best, Posterior(best));
        return Write(best, covariance, Posterior(best));
    }

    // BFGS started again from where it stopped, with a fresh curvature, until that no longer helps.
    private Vector<double> Restarted(IObjectiveFunction objective, Vector<double> start)
    {
        var (best, value) = (start, Posterior(start));
        for (var restart = 0; restart < LargestRestarts; restart++)
        {
            var next = Minimise(objective, best);
            var improved = Posterior(next);
            if (improved < value)
                (best, value, improved) = (next, improved, value);
            if (Math.Abs(improved - value) < SmallestImprovement)
                break;
        }
        return best;
    }

    private static Vector<double> Minimise(IObjectiveFunction objective, Vector<double> start)
    {
        try
        {
            return new BfgsMinimizer(1e-4, 1e-5, 1e-8, MaximumIterations).FindMinimum(objective, start).MinimizingPoint;
        }
        catch (MaximumIterationsException)
        {
            // The line search stalls where the surface is flat to within the nodes' resolution: the last point stands.
            return objective.Point;
        }
        catch (OptimizationException)
        {
            return objective.Point;
        }
    }

    // Standardised: 0 is the centre of the prior and 1 its standard deviation.
    private static double Estimate(ResponseParameter parameter, double standardised)
        => parameter.Transform(parameter.PriorValue!.Value) + parameter.PriorSd * standardised;

    private ResponseParameters At(Vector<double> point)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < _free.Count; i++)
            values[_free[i].Name] = _free[i].Natural(Estimate(_free[i], Math.Clamp(point[i], -6, 6)));
        return _start.With(values);
    }

    private double Posterior(Vector<double> point)
    {
        var parameters = At(point);
        var value = 0.5 * point.DotProduct(point) + _trials.Sum(trial => trial.MinusLogLikelihood(parameters));
        return double.IsFinite(value) ? value : 1e10;
    }

    private Vector<double> Gradient(Vector<double> point)
    {
        var gradient = new double[point.Count];
        Parallel.For(0, point.Count, i =>
        {
            var (up, down) = (point.Clone(), point.Clone());
            up[i] += GradientStep;
            down[i] -= GradientStep;
            gradient[i] = (Posterior(up) - Posterior(down)) / (2 * GradientStep);
        });
        return Vector<double>.Build.Dense(gradient);
    }

    private Matrix<double> Covariance(Vector<double> best, double centre)
    {
        var n = best.Count;
        var hessian = Matrix<double>.Build.Dense(n, n);
        double At(int i, double stepI, int j, double stepJ)
        {
            var moved = best.Clone();
            moved[i] += stepI;
            moved[j] += stepJ;
            return Posterior(moved);
        }
        Parallel.For(0, n, i =>
        {
            hessian[i, i] = (At(i, HessianStep, i, 0) - 2 * centre + At(i, -HessianStep, i, 0)) / (HessianStep * HessianStep);
            for (var j = 0; j < i; j++)
            {
                hessian[i, j] = (At(i, HessianStep, j, HessianStep) - At(i, HessianStep, j, -HessianStep)
                    - At(i, -HessianStep, j, HessianStep) + At(i, -HessianStep, j, -HessianStep)) / (4 * HessianStep * HessianStep);
            }
        });
        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++)
                hessian[i, j] = hessian[j, i];
        }
        // Data cannot widen a prior by much: curvature below half of the prior's is a wrinkle of the surface.
        var eigen = hessian.Evd(Symmetricity.Symmetric);
        var inverse = Matrix<double>.Build.DenseDiagonal(n, n, i => 1 / Math.Max(eigen.EigenValues[i].Real, SmallestCurvature));
        var standardised = eigen.EigenVectors * inverse * eigen.EigenVectors.Transpose();
        return Matrix<double>.Build.Dense(n, n, (i, j) => standardised[i, j] * _free[i].PriorSd * _free[j].PriorSd);
    }

    private ResponseParameters Write(Vector<double> best, Matrix<double> covariance, double objective)
    {
        var names = _free.Select(parameter => parameter.Name).ToList();
        var fitted = At(best);
        ResponseParameter Described(ResponseParameter parameter) => parameter.IsCalibrated
            ? parameter with
            {
                Value = Significant(parameter.Value),
                Uncertainty = Significant(Math.Sqrt(covariance[names.IndexOf(parameter.Name), names.IndexOf(parameter.Name)])),
                Status = "calibrated",
            }
            : parameter;
        return new ResponseParameters(
            ResponseParameters.CurrentFormat, _start.Version,
            new CalibrationProvenance(
                "model-based meta-analysis: first-order marginal likelihood with trial random effects, weak priors, BFGS, Laplace covariance",
                "built-in evidence library", [.. _trials.Select(trial => trial.TrialId)], _trials.Sum(trial => trial.Outcomes), _seed, Math.Round(objective, 3)),
            [.. fitted.Parameters.Select(Described)],
            names,
            [.. Enumerable.Range(0, names.Count).Select(i => (IReadOnlyList<double>)[.. Enumerable.Range(0, names.Count).Select(j => Significant(covariance[i, j]))])],
            _start.SideEffects);
    }

    internal static double Significant(double value) => value == 0 ? 0 : double.Parse(value.ToString("G5", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
