using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>The amounts in one subject's compartments and the infusions running into them, carried exactly through time.</summary>
internal sealed class Compartments
{
    // Of the largest amount, per step; and how finely an interval is cut at most.
    private const double StepTolerance = 1e-11;
    private const double FinestStep = 1.0 / 4096;

    private readonly EventModel _model;
    private readonly double[] _amounts;
    private readonly double[] _rates;
    private readonly int[] _running;
    private readonly double[] _covariates;
    private readonly double[] _parameters;
    private readonly double[] _used;
    private readonly double[] _matrix;
    private readonly double[] _laterMatrix;
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
        _laterMatrix = new double[n * n];
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
    /// Parameters that move along straight lines: commutator-free Magnus steps of order 4, each of two exponentials, halved
    /// until one step and two half steps agree. Source: Blanes and Moan, Applied Numerical Mathematics 56 (2006) 1519-1537.
    /// </summary>
    private void AdvanceAlongLines(double to, int next)
    {
        var (length, finest) = (to - Now, (to - Now) * FinestStep);
        for (var (t, h) = (Now, length); t < to;)
        {
            h = Math.Min(h, to - t);
            _amounts.CopyTo(_before, 0);
            Step(t, h, next);
            _amounts.CopyTo(_coarse, 0);
            _before.CopyTo(_amounts, 0);
            Step(t, h / 2, next);
            Step(t + h / 2, h / 2, next);

            var (error, size) = (0.0, 0.0);
            for (var i = 0; i < _amounts.Length; i++)
            {
                error = Math.Max(error, Math.Abs(_amounts[i] - _coarse[i]));
                size = Math.Max(size, Math.Abs(_amounts[i]));
            }

            if (error > StepTolerance * size && h > finest)
            {
                _before.CopyTo(_amounts, 0);
                h /= 2;
                continue;
            }

            t = h >= to - t ? to : t + h;
            // The error of a step falls with the fifth power of its length.
            if (error * 64 < StepTolerance * size)
                h *= 2;
        }

        _used.AsSpan().Fill(double.NaN);
    }

    private void Step(double time, double step, int next)
    {
        var (node, small, large) = (Math.Sqrt(3) / 6, 0.5 - Math.Sqrt(3) / 3, 0.5 + Math.Sqrt(3) / 3);
        MatrixAt(time + (0.5 - node) * step, next, _matrix);
        MatrixAt(time + (0.5 + node) * step, next, _laterMatrix);
        AdvanceMixed(large, small, step / 2);
        AdvanceMixed(small, large, step / 2);
    }

    private void AdvanceMixed(double first, double second, double step)
    {
        Span<double> mixed = stackalloc double[_matrix.Length];
        for (var i = 0; i < mixed.Length; i++)
            mixed[i] = first * _matrix[i] + second * _laterMatrix[i];
        Propagator.Use(mixed);
        Propagator.Advance(_amounts, _rates, step);
    }

    private void MatrixAt(double time, int next, double[] matrix)
    {
        _course.At(time, next, _covariates);
        Evaluate(next);
        _model.RateMatrix(_parameters, matrix);
    }
}
