namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// Moves amounts forward under a constant rate matrix and constant inputs into any compartments, exactly, and finds their
/// steady states. By modes where they are well conditioned, by the matrix exponential where not.
/// </summary>
internal sealed class LinearPropagator
{
    private readonly int _size;
    private readonly LinearDisposition _disposition;
    private readonly double[] _matrix;
    private readonly double[] _e;
    private readonly double[] _g;
    private readonly double[] _work;

    public LinearPropagator(LinearStructure structure)
    {
        _size = structure.Size;
        _disposition = new LinearDisposition(structure);
        _matrix = new double[_size * _size];
        _e = new double[_size * _size];
        _g = new double[_size * _size];
        _work = new double[_size];
    }

    /// <summary>Takes a new rate matrix.</summary>
    public void Use(ReadOnlySpan<double> matrix)
    {
        matrix.CopyTo(_matrix);
        _disposition.Decompose(matrix);
    }

    /// <summary>A(t + step) from A(t), in place, with inputs <paramref name="rates"/> per compartment.</summary>
    public void Advance(Span<double> amounts, ReadOnlySpan<double> rates, double step)
    {
        if (step <= 0)
            return;
        if (!_disposition.IsModal)
        {
            AdvanceByMatrix(amounts, rates, step);
            return;
        }

        var (modes, inverse) = (_disposition.Modes, _disposition.InverseModes);
        for (var mode = 0; mode < _size; mode++)
        {
            var (z, drive) = (0.0, 0.0);
            for (var j = 0; j < _size; j++)
            {
                z += inverse[mode * _size + j] * amounts[j];
                drive += inverse[mode * _size + j] * rates[j];
            }

            var exponent = _disposition.Rates[mode] * step;
            _work[mode] = z * Math.Exp(exponent) + drive * step * Phi1(exponent);
        }

        for (var i = 0; i < _size; i++)
        {
            var sum = 0.0;
            for (var mode = 0; mode < _size; mode++)
                sum += modes[i * _size + mode] * _work[mode];
            amounts[i] = sum;
        }
    }

    /// <summary>
    /// The amounts that come back after every interval, given what one interval leaves of an empty body: A = E A + B.
    /// False when something never leaves.
    /// </summary>
    public bool PeriodicState(Span<double> gained, double interval)
    {
        if (_disposition.IsModal)
            return PeriodicByModes(gained, interval);
        MatrixExponential.Compute(_matrix, interval, _size, _e, _g);
        for (var i = 0; i < _size; i++)
            for (var j = 0; j < _size; j++)
                _e[i * _size + j] = (i == j ? 1 : 0) - _e[i * _size + j];
        LinearEquations.Solve(_e, gained, _size);
        return AllFinite(gained);
    }

    /// <summary>The amounts at which constant inputs are balanced: -K^-1 r, in place of r. False when something never leaves.</summary>
    public bool ConstantState(Span<double> rates)
    {
        _matrix.CopyTo(_e, 0);
        for (var i = 0; i < _size; i++)
            rates[i] = -rates[i];
        LinearEquations.Solve(_e, rates, _size);
        return AllFinite(rates);
    }

    private bool PeriodicByModes(Span<double> gained, double interval)
    {
        for (var mode = 0; mode < _size; mode++)
        {
            var z = 0.0;
            for (var j = 0; j < _size; j++)
                z += _disposition.InverseModes[mode * _size + j] * gained[j];
            var exponent = _disposition.Rates[mode] * interval;
            // 1 - exp(x) without cancellation for slow modes.
            var lost = -exponent * Phi1(exponent);
            _work[mode] = lost > 0 || z != 0 ? z / lost : 0;
        }

        for (var i = 0; i < _size; i++)
        {
            gained[i] = 0;
            for (var mode = 0; mode < _size; mode++)
                gained[i] += _disposition.Modes[i * _size + mode] * _work[mode];
        }

        return AllFinite(gained);
    }

    private void AdvanceByMatrix(Span<double> amounts, ReadOnlySpan<double> rates, double step)
    {
        MatrixExponential.Compute(_matrix, step, _size, _e, _g);
        for (var i = 0; i < _size; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < _size; j++)
                sum += _e[i * _size + j] * amounts[j] + _g[i * _size + j] * rates[j];
            _work[i] = sum;
        }

        _work.AsSpan(0, _size).CopyTo(amounts);
    }

    private static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            if (!(Math.Abs(value) < 1e14))
                return false;
        return true;
    }

    /// <summary>(exp(x) - 1) / x, by its series near zero.</summary>
    public static double Phi1(double x)
        => Math.Abs(x) < 1e-3 ? 1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5))) : (Math.Exp(x) - 1) / x;
}
