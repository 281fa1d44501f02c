namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// One patient's Cmax, Tmax, AUC and terminal half-life. Between switches of the pump the concentration is a smooth sum
/// of exponentials: its highest point is found on a grid of their time scales and refined to the root of the derivative.
/// AUC is -K^-1 dose, no integral needed.
/// </summary>
internal sealed class ExposureSolver
{
    private const int GridPoints = 48;
    private readonly PatientModel _model;
    private readonly LinearStructure _structure;
    private readonly LinearDisposition _disposition;
    private readonly Schedule _schedule;
    private readonly double[] _starts;
    private readonly double _dosePerKg;
    private readonly double _doseFixed;
    private readonly int _size;
    private readonly double[] _matrix;
    private readonly double[] _state;
    private readonly double[] _trial;
    private readonly double[] _readout;
    private readonly bool[] _wanted;
    private readonly double[] _modal;
    private readonly double[] _drive;
    private readonly double[] _e;
    private readonly double[] _g;

    public ExposureSolver(PatientModel model, LinearStructure structure, Dosing dosing)
    {
        (_model, _structure) = (model, structure);
        _disposition = new LinearDisposition(structure);
        _starts = [.. dosing.Starts.Order()];
        _schedule = Schedule.Of(dosing.Inputs, [dosing.Inputs.Select(input => input.End).DefaultIfEmpty().Max()]);
        _dosePerKg = dosing.Inputs.Sum(input => input.RatePerKg * (input.End - input.Start));
        _doseFixed = dosing.Inputs.Sum(input => input.RateFixed * (input.End - input.Start));
        _size = model.CompartmentCount;
        _matrix = new double[_size * _size];
        _state = new double[_size];
        _trial = new double[_size];
        _readout = new double[model.ObservedCompartments.Length];
        _wanted = [.. model.MixingFlows.Select(flow => flow < 0)];
        _modal = new double[_size];
        _drive = new double[_size];
        _e = new double[_size * _size];
        _g = new double[_size * _size];
    }

    /// <summary>Writes to <paramref name="output"/> at [observation x stride + patient].</summary>
    public void Solve(ReadOnlySpan<double> parameters, double weightKg, Span<Exposure> output, int stride, int patient)
    {
        _model.RateMatrix(parameters, _matrix);
        _disposition.Decompose(_matrix);
        _state.AsSpan().Clear();
        var dose = _dosePerKg * weightKg + _doseFixed;
        for (var observation = 0; observation < _readout.Length; observation++)
        {
            var compartment = _model.ObservedCompartments[observation];
            _readout[observation] = 1000 / _model.Volume(compartment, parameters);
            output[observation * stride + patient] = new Exposure(
                0, 0, _readout[observation] * dose * ResidenceTime(compartment), Math.Log(2) / SlowestRate(compartment));
        }

        var now = 0.0;
        foreach (var step in _schedule.Steps)
        {
            if (step.Length < 0)
                continue;
            var length = _schedule.Lengths[step.Length];
            FindMaxima(length, now, step.RatePerKg * weightKg + step.RateFixed, output, stride, patient);
            now += length;
        }

        // After the last infusion: forty of the slowest time constants leave nothing to rise.
        FindMaxima(40 / -_disposition.Rates.Max(), now, 0, output, stride, patient);
    }

    /// <summary>Looks for higher concentrations in the interval that starts now, then moves the state to its end.</summary>
    private void FindMaxima(double length, double now, double rate, Span<Exposure> output, int stride, int patient)
    {
        Span<double> best = stackalloc double[_readout.Length];
        Span<int> bestPoint = stackalloc int[_readout.Length];
        for (var observation = 0; observation < _readout.Length; observation++)
            (best[observation], bestPoint[observation]) = (_readout[observation] * _state[_model.ObservedCompartments[observation]], -1);
        Begin(rate);
        var first = Math.Min(0.02 / -_disposition.Rates.Min(), length / GridPoints);
        var ratio = Math.Exp(Math.Log(length / first) / (GridPoints - 1));
        var time = first;
        for (var point = 0; point < GridPoints; point++, time *= ratio)
        {
            StateAt(point == GridPoints - 1 ? length : time, rate);
            for (var observation = 0; observation < _readout.Length; observation++)
                if (Concentration(observation) is var concentration && concentration > best[observation])
                    (best[observation], bestPoint[observation]) = (concentration, point);
        }

        for (var observation = 0; observation < _readout.Length; observation++)
        {
            ref var exposure = ref output[observation * stride + patient];
            var point = bestPoint[observation];
            // A grid value within 2 % of the highest so far may belong to a higher peak between grid points; a best at the
            // start was the end of the interval before.
            if (!_wanted[observation] || point < 0 || best[observation] < 0.98 * exposure.Cmax)
                continue;
            var (at, value) = point == GridPoints - 1
                ? (length, best[observation])
                : Refine(observation, rate, point == 0 ? 0 : first * Math.Pow(ratio, point - 1), first * Math.Pow(ratio, point + 1));
            if (value > exposure.Cmax)
                exposure = exposure with { Cmax = value, TmaxHours = now + at - LastStart(now + at) };
        }

        StateAt(length, rate);
        _trial.CopyTo(_state, 0);
    }

    /// <summary>
    /// The maximum between two times: the root of the derivative, by regula falsi with the Illinois rule (Dowell and
    /// Jarratt, BIT 11 (1971) 168-174).
    /// </summary>
    private (double Time, double Value) Refine(int observation, double rate, double low, double high)
    {
        var compartment = _model.ObservedCompartments[observation];
        var (slopeLow, slopeHigh) = (Slope(compartment, low, rate), Slope(compartment, high, rate));
        var (time, side) = (high, 0);
        for (var i = 0; i < 60 && slopeLow > 0 && slopeHigh < 0 && high - low > 1e-12 * high; i++)
        {
            time = (low * slopeHigh - high * slopeLow) / (slopeHigh - slopeLow);
            var slope = Slope(compartment, time, rate);
            if (slope > 0)
                (low, slopeLow, slopeHigh) = (time, slope, side > 0 ? slopeHigh / 2 : slopeHigh);
            else if (slope < 0)
                (high, slopeHigh, slopeLow) = (time, slope, side < 0 ? slopeLow / 2 : slopeLow);
            else
                break;
            side = Math.Sign(slope);
        }

        StateAt(time, rate);
        return (time, Concentration(observation));
    }

    /// <summary>dA/dt of a compartment at a time after the present state, mg/h.</summary>
    private double Slope(int compartment, double time, double rate)
    {
        StateAt(time, rate);
        var slope = compartment == _model.InputCompartment ? rate : 0;
        for (var j = 0; j < _size; j++)
            slope += _matrix[compartment * _size + j] * _trial[j];
        return slope;
    }

    /// <summary>Turns the present state into modes, once for an interval.</summary>
    private void Begin(double rate)
    {
        if (!_disposition.IsModal)
            return;
        for (var mode = 0; mode < _size; mode++)
        {
            var z = 0.0;
            for (var j = 0; j < _size; j++)
                z += _disposition.InverseModes[mode * _size + j] * _state[j];
            _modal[mode] = z;
            _drive[mode] = rate * _disposition.InverseModes[mode * _size + _model.InputCompartment];
        }
    }

    /// <summary>The amounts a time after the state at which the interval began, at its constant rate.</summary>
    private void StateAt(double time, double rate)
    {
        if (_disposition.IsModal)
        {
            ModalStateAt(time);
            return;
        }

        MatrixExponential.Compute(_matrix, time, _size, _e, _g);
        for (var i = 0; i < _size; i++)
        {
            var sum = rate * _g[i * _size + _model.InputCompartment];
            for (var j = 0; j < _size; j++)
                sum += _e[i * _size + j] * _state[j];
            _trial[i] = sum;
        }
    }

    private void ModalStateAt(double time)
    {
        var modes = _disposition.Modes;
        _trial.AsSpan().Clear();
        for (var mode = 0; mode < _size; mode++)
        {
            var exponent = _disposition.Rates[mode] * time;
            var decay = Math.Exp(exponent);
            var z = _modal[mode] * decay + _drive[mode] * time * LinearPropagator.Phi1(exponent);
            for (var i = 0; i < _size; i++)
                _trial[i] += modes[i * _size + mode] * z;
        }
    }

    private double Concentration(int observation) => _readout[observation] * _trial[_model.ObservedCompartments[observation]];

    /// <summary>Mean time in h that one mg of input spends in a compartment: the entry of -K^-1.</summary>
    private double ResidenceTime(int compartment)
    {
        _matrix.CopyTo(_e, 0);
        _trial.AsSpan().Clear();
        _trial[_model.InputCompartment] = -1;
        LinearEquations.Solve(_e, _trial, _size);
        return _trial[compartment];
    }

    private double SlowestRate(int compartment)
    {
        var slowest = double.PositiveInfinity;
        for (var mode = 0; mode < _size; mode++)
            if (_structure.Feeds[_model.InputCompartment, mode] && _structure.Feeds[mode, compartment])
                slowest = Math.Min(slowest, -_disposition.Rates[mode]);
        return slowest;
    }

    private double LastStart(double time)
    {
        var index = Array.BinarySearch(_starts, time);
        return _starts[Math.Max(index >= 0 ? index : ~index - 1, 0)];
    }
}
