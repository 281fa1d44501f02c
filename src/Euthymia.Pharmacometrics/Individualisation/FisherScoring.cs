namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>Where a search for the maximum a posteriori estimate ended.</summary>
/// <param name="Objective">sum of -2 ln L without constants, plus the sum of squared effects.</param>
/// <param name="Iterations">Evaluations of the model with its derivatives.</param>
/// <param name="Converged">Whether the next step was predicted to gain less than the tolerance.</param>
public readonly record struct SearchEnd(double Objective, int Iterations, bool Converged);

/// <summary>
/// Finds the maximum a posteriori estimate by Fisher scoring: Newton's method with the expected second derivatives of the
/// likelihood, which are never indefinite, and derivatives of the predictions by finite differences whose points fill the
/// lanes of one model call. Shorter steps ride along in the spare lanes, so a step that overshoots costs nothing; if they fail
/// too, the step is damped (Levenberg; Osborne, J Comput Appl Math 2 (1976)). Objects of this class are work memory for one
/// thread.
/// </summary>
public sealed class FisherScoring
{
    private const int Lanes = IndividualModel.Lanes;
    private const double Perturbation = 1e-3;
    private const int Shortened = 2;
    private const int LargestIterations = 100;

    private readonly int _effects;
    private readonly int _observations;
    private readonly int _batches;
    private readonly double[] _points;
    private readonly double[] _predictions;
    private readonly double[] _jacobian;
    private readonly double[] _gradient;
    private readonly double[] _hessian;
    private readonly double[] _factor;
    private readonly double[] _step;
    private readonly double[] _trial;

    /// <summary>Makes the work memory.</summary>
    /// <param name="effects">Number of random effects.</param>
    /// <param name="observations">Number of observations.</param>
    public FisherScoring(int effects, int observations)
    {
        (_effects, _observations) = (effects, observations);
        _batches = (1 + Shortened + effects + Lanes - 1) / Lanes;
        _points = new double[_batches * effects * Lanes];
        _predictions = new double[_batches * observations * Lanes];
        _jacobian = new double[observations * effects];
        _gradient = new double[effects];
        _hessian = new double[effects * effects];
        _factor = new double[effects * effects];
        _step = new double[effects];
        _trial = new double[effects];
    }

    /// <summary>Second derivatives of the objective where derivatives were last taken, row-major; half of it is the precision of the posterior's normal approximation.</summary>
    public ReadOnlySpan<double> Hessian => _hessian;

    /// <summary>Searches from a starting point.</summary>
    /// <param name="model">The individual.</param>
    /// <param name="residuals">One for each observation.</param>
    /// <param name="effects">In: the start; out: the estimate, as standard normal deviates.</param>
    /// <param name="tolerance">Stops when the next step is predicted to lower the objective by less; that step is still taken.</param>
    public SearchEnd Search(IndividualModel model, ReadOnlySpan<Residual> residuals, Span<double> effects, double tolerance = 1e-5)
    {
        _step.AsSpan().Clear();
        var current = double.PositiveInfinity;
        var damping = 0.0;
        for (var iteration = 1; iteration <= LargestIterations; iteration++)
        {
            for (var k = 0; k < _effects; k++)
                _trial[k] = effects[k] + _step[k];
            Evaluate(model, effects);
            var full = Objective(residuals, 0, _trial);
            if (!(full <= current) && iteration > 1)
            {
                damping = Shorten(residuals, effects, ref current, damping);
                continue;
            }

            (current, damping) = (full, damping < 1e-6 ? 0 : damping / 10);
            _trial.CopyTo(effects);
            Differentiate(residuals, effects);
            Solve(damping);
            var gain = Gain();
            if (!(gain >= tolerance) && damping == 0)
            {
                for (var k = 0; k < _effects; k++)
                    effects[k] += _step[k];
                return new SearchEnd(current - gain, iteration, double.IsFinite(current));
            }
        }

        return new SearchEnd(current, LargestIterations, false);
    }

    /// <summary>The second derivatives at a point, left in <see cref="Hessian"/>, and the objective there.</summary>
    /// <param name="model">The individual.</param>
    /// <param name="residuals">One for each observation.</param>
    /// <param name="effects">The point.</param>
    public double Curvature(IndividualModel model, ReadOnlySpan<Residual> residuals, ReadOnlySpan<double> effects)
    {
        _step.AsSpan().Clear();
        effects.CopyTo(_trial);
        Evaluate(model, effects);
        Differentiate(residuals, effects);
        return Objective(residuals, 0, effects);
    }

    // Point 0 is the trial, 1 and 2 the shortened steps, then the trial with one effect moved.
    private void Evaluate(IndividualModel model, ReadOnlySpan<double> from)
    {
        for (var k = 0; k < _effects; k++)
        {
            for (var point = 0; point < _batches * Lanes; point++)
                _points[Index(k, point, _effects)] = _trial[k];
            _points[Index(k, 1, _effects)] = from[k] + 0.5 * _step[k];
            _points[Index(k, 2, _effects)] = from[k] + 0.1 * _step[k];
            _points[Index(k, 1 + Shortened + k, _effects)] += Perturbation;
        }

        for (var batch = 0; batch < _batches; batch++)
            model.Predict(_points.AsSpan(batch * _effects * Lanes, _effects * Lanes), _predictions.AsSpan(batch * _observations * Lanes, _observations * Lanes));
    }

    private double Objective(ReadOnlySpan<Residual> residuals, int point, ReadOnlySpan<double> effects)
    {
        var sum = 0.0;
        for (var k = 0; k < _effects; k++)
            sum += effects[k] * effects[k];
        for (var j = 0; j < _observations; j++)
            sum += residuals[j].Value(_predictions[Index(j, point, _observations)]);
        return sum;
    }

    private void Differentiate(ReadOnlySpan<Residual> residuals, ReadOnlySpan<double> effects)
    {
        _hessian.AsSpan().Clear();
        for (var k = 0; k < _effects; k++)
        {
            _gradient[k] = 2 * effects[k];
            _hessian[k * _effects + k] = 2;
        }

        for (var j = 0; j < _observations; j++)
        {
            var f = _predictions[Index(j, 0, _observations)];
            residuals[j].Terms(f, out var slope, out var information);
            var row = _jacobian.AsSpan(j * _effects, _effects);
            for (var k = 0; k < _effects; k++)
                row[k] = (_predictions[Index(j, 1 + Shortened + k, _observations)] - f) * (1 / Perturbation);
            for (var k = 0; k < _effects; k++)
            {
                if (row[k] == 0)
                    continue;
                _gradient[k] += slope * row[k];
                var weight = information * row[k];
                for (var l = 0; l <= k; l++)
                    _hessian[k * _effects + l] += weight * row[l];
            }
        }

        for (var k = 0; k < _effects; k++)
            for (var l = 0; l < k; l++)
                _hessian[l * _effects + k] = _hessian[k * _effects + l];
    }

    private void Solve(double damping)
    {
        _hessian.CopyTo(_factor, 0);
        for (var k = 0; k < _effects; k++)
            _factor[k * _effects + k] *= 1 + damping;
        Cholesky.Factor(_factor, _effects);
        for (var k = 0; k < _effects; k++)
            _step[k] = -_gradient[k];
        Cholesky.Solve(_factor, _step, _effects);
    }

    private double Gain()
    {
        var gain = 0.0;
        for (var k = 0; k < _effects; k++)
            gain -= 0.5 * _gradient[k] * _step[k];
        return gain;
    }

    // The full step did not help: takes the better of the shortened ones, or asks for a more careful step from the same place.
    private double Shorten(ReadOnlySpan<Residual> residuals, Span<double> effects, ref double current, double damping)
    {
        var (best, share) = (current, 0.0);
        for (var point = 1; point <= Shortened; point++)
        {
            var part = point == 1 ? 0.5 : 0.1;
            for (var k = 0; k < _effects; k++)
                _trial[k] = effects[k] + part * _step[k];
            if (Objective(residuals, point, _trial) is var value && value < best)
                (best, share) = (value, part);
        }

        if (share > 0)
        {
            for (var k = 0; k < _effects; k++)
                effects[k] += share * _step[k];
            _step.AsSpan().Clear();
            // The next evaluation stands at the point just taken and gives its derivatives.
            current = double.PositiveInfinity;
            return damping;
        }

        damping = Math.Max(10 * damping, 0.01);
        Solve(damping);
        return damping;
    }

    private static int Index(int row, int point, int rows) => (point / Lanes * rows + row) * Lanes + point % Lanes;
}
