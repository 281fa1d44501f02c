using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>The amounts in one subject's compartments and the infusions running into them, carried exactly through time.</summary>
internal sealed class Compartments
{
    // Between one step and two half steps, of the largest amount.
    private const double StepTolerance = 1e-11;
    private const int MostSteps = 100_000;

    private readonly EventModel _model;
    private readonly double[] _amounts;
    private readonly double[] _rates;
    private readonly int[] _running;
    private readonly double[] _covariates;
    private readonly double[] _parameters;
    private readonly double[] _used;
    private readonly double[] _matrix;
    private readonly LinearRadau _radau;
    private readonly double[] _before;
    private readonly double[] _coarse;
    private CovariateCourse _course = null!;

    public Compartments(EventModel model, int covariates)
    {
        _model = model;
        var n = model.CompartmentCount;
        Propagator = new LinearPropagator(model.Structure);
        _amounts = new double[n];
        _rates = new double[n];
        _running = new int[n];
        _before = new double[n];
        _coarse = new double[n];
        _covariates = new double[covariates];
        _parameters = new double[model.ParameterCount];
        _used = new double[model.ParameterCount];
        _matrix = new double[n * n];
        _radau = new LinearRadau(n);
    }

    /// <summary>The time that the amounts are of.</summary>
    public double Now { get; private set; }

    /// <summary>Amounts now.</summary>
    public Span<double> Amounts => _amounts;

    /// <summary>With the rate matrix last used.</summary>
    public LinearPropagator Propagator { get; }

    /// <summary>Takes another subject.</summary>
    public void Begin(CovariateCourse course)
    {
        _course = course;
        _used.AsSpan().Fill(double.NaN);
    }

    /// <summary>Nothing in the body and nothing running.</summary>
    public void Empty(double time)
    {
        _amounts.AsSpan().Clear();
        _rates.AsSpan().Clear();
        _running.AsSpan().Clear();
        Now = time;
    }

    public void Start(int compartment, double rate)
    {
        _rates[compartment] += rate;
        _running[compartment]++;
    }

    /// <summary>Ends an infusion, of which the last <paramref name="remainder"/> (a rounding error of time) goes in at once.</summary>
    public void Stop(int compartment, double rate, double remainder)
    {
        _running[compartment]--;
        // The last infusion to stop leaves exactly nothing running.
        _rates[compartment] = _running[compartment] == 0 ? 0 : _rates[compartment] - rate;
        _amounts[compartment] += rate * remainder;
    }

    /// <summary>The model's parameters at a record; its rate matrix is then in use.</summary>
    public ReadOnlySpan<double> ParametersAt(int record)
    {
        _course.OfRecord(record, _covariates);
        UseParameters(record);
        return _parameters;
    }

    /// <summary>Moves to a time after record <paramref name="next"/> - 1 and not after record <paramref name="next"/>.</summary>
    public void Advance(double to, int next)
    {
        if (to <= Now)
            return;
        if (_course.MovesBefore(next))
        {
            AdvanceAlongLines(to, next);
        }
        else
        {
            _course.At(to, next, _covariates);
            UseParameters(next);
            Propagator.Advance(_amounts, _rates, to - Now);
        }

        Now = to;
    }

    private void UseParameters(int record)
    {
        Evaluate(record);
        if (_parameters.AsSpan().SequenceEqual(_used))
            return;
        _parameters.CopyTo(_used, 0);
        _model.RateMatrix(_parameters, _matrix);
        Propagator.Use(_matrix);
    }

    private void Evaluate(int record)
    {
        try
        {
            _model.Parameters(_covariates, _parameters);
        }
        catch (InvalidInputException error) when (_model.UsedCovariates.Count > 0)
        {
            throw new InvalidInputException(error.Code, error.Field, $"{_course.Place(record)}: {error.Message}");
        }
    }

    /// <summary>
    /// Parameters that move along straight lines: steps, halved until one step and two half steps agree. Exponential steps
    /// are nearly exact where K changes slowly, Radau steps are long where fast exchange has died down.
    /// </summary>
    private void AdvanceAlongLines(double to, int next)
    {
        var negligible = 1e-12 * Largest(_amounts);
        var (t, h, steps, exponential) = (Now, to - Now, 0, true);
        _amounts.CopyTo(_before, 0);
        while (t < to)
        {
            if (++steps > MostSteps)
                throw new InvalidInputException("covariate-too-steep", "carry", $"{_course.Place(next)}: the parameters change too fast along the line to this record: add records between, or carry the covariate forward or backward.");
            h = Math.Min(h, to - t);
            var (error, allowed) = Try(exponential, t, h, next, negligible);
            if (error > allowed)
            {
                exponential = !exponential;
                (error, allowed) = Try(exponential, t, h, next, negligible);
            }

            if (error > allowed)
            {
                h /= 2;
                continue;
            }

            t = h >= to - t ? to : t + h;
            _amounts.CopyTo(_before, 0);
            // The error of a step falls with the fifth power of its length, or the sixth. Where steps do not grow, the other
            // kind may do better.
            if (error * 128 < allowed)
                h *= 2;
            else
                exponential = !exponential;
        }

        _used.AsSpan().Fill(double.NaN);
    }

    /// <summary>Two half steps from the amounts before, their difference from one step, and what it may be.</summary>
    private (double Error, double Allowed) Try(bool exponential, double time, double step, int next, double negligible)
    {
        _before.CopyTo(_amounts, 0);
        Step(exponential, time, step, next);
        _amounts.CopyTo(_coarse, 0);
        _before.CopyTo(_amounts, 0);
        Step(exponential, time, step / 2, next);
        Step(exponential, time + step / 2, step / 2, next);
        var error = 0.0;
        for (var i = 0; i < _amounts.Length; i++)
        {
            var difference = _amounts[i] - _coarse[i];
            error = Math.Max(error, Math.Abs(difference));
            // Two half steps of order p have left a (2^p - 1)th of the difference.
            _amounts[i] += difference / (exponential ? 15 : 31);
        }

        return (error, StepTolerance * Math.Max(Largest(_amounts), negligible));
    }

    private void Step(bool exponential, double time, double step, int next)
    {
        if (exponential)
        {
            ExponentialStep(time, step, next);
            return;
        }

        for (var i = 0; i < _radau.Matrices.Length; i++)
            MatrixAt(time + LinearRadau.Nodes[i] * step, next, _radau.Matrices[i]);
        _radau.Step(_amounts, _rates, step);
    }

    /// <summary>
    /// A commutator-free Magnus step of order 4: two exponentials of mixtures of K at Gauss's nodes.
    /// Source: Blanes and Moan, Applied Numerical Mathematics 56 (2006) 1519-1537.
    /// </summary>
    private void ExponentialStep(double time, double step, int next)
    {
        var (node, small, large) = (Math.Sqrt(3) / 6, 0.5 - Math.Sqrt(3) / 3, 0.5 + Math.Sqrt(3) / 3);
        MatrixAt(time + (0.5 - node) * step, next, _radau.Matrices[0]);
        MatrixAt(time + (0.5 + node) * step, next, _radau.Matrices[1]);
        AdvanceMixed(large, small, step / 2);
        AdvanceMixed(small, large, step / 2);
    }

    private void AdvanceMixed(double first, double second, double step)
    {
        for (var i = 0; i < _matrix.Length; i++)
            _matrix[i] = first * _radau.Matrices[0][i] + second * _radau.Matrices[1][i];
        Propagator.Use(_matrix);
        Propagator.Advance(_amounts, _rates, step);
    }

    private void MatrixAt(double time, int next, double[] matrix)
    {
        _course.At(time, next, _covariates);
        Evaluate(next);
        _model.RateMatrix(_parameters, matrix);
    }

    private static double Largest(ReadOnlySpan<double> amounts)
    {
        var largest = 0.0;
        foreach (var amount in amounts)
            largest = Math.Max(largest, Math.Abs(amount));
        return largest;
    }
}
