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
    private readonly Schedule.Amount[] _doses;
    private readonly int[] _targets;
    private readonly int[] _fractions;
    private readonly double[] _rates;
    private readonly double[] _total;
    private readonly double _level;
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

    /// <summary>A solver for one thread; with a level, in ng/mL, the time above it is found too (NaN for none).</summary>
    public ExposureSolver(PatientModel model, LinearStructure structure, Dosing dosing, double level = double.NaN)
    {
        _level = level;
        (_model, _structure) = (model, structure);
        _disposition = new LinearDisposition(structure);
        _starts = [.. dosing.Starts.Order()];
        // A dose at once comes after the time it is given at, so the steps must go on beyond the last one.
        _schedule = Schedule.Of(dosing.Inputs, [dosing.Inputs.Select(input => input.AtOnce ? input.End + 1 : input.End).DefaultIfEmpty().Max()]);
        _targets = model.Targets(_schedule);
        _fractions = [.. _schedule.Targets.Select(model.Arriving)];
        _doses = [.. _schedule.Targets.Select(target => Total(dosing.Inputs.Where(input => input.Compartment == target)))];
        _rates = new double[_targets.Length];
        _size = model.CompartmentCount;
        _matrix = new double[_size * _size];
        _state = new double[_size];
        _trial = new double[_size];
        _total = new double[_size];
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
        ResidenceTimes(parameters, weightKg);
        for (var observation = 0; observation < _readout.Length; observation++)
        {
            var compartment = _model.ObservedCompartments[observation];
            _readout[observation] = 1000 / _model.Volume(compartment, parameters);
            output[observation * stride + patient] = new Exposure(
                0, 0, _readout[observation] * _total[compartment], Math.Log(2) / SlowestRate(compartment), double.IsNaN(_level) ? double.NaN : 0);
        }

        var now = 0.0;
        foreach (var step in _schedule.Steps)
        {
            if (step.Length >= 0)
            {
                var length = _schedule.Lengths[step.Length];
                for (var target = 0; target < _targets.Length; target++)
                    _rates[target] = Arriving(parameters, target, _schedule.Rates[step.Rates * _targets.Length + target].For(weightKg));
                FindMaxima(length, now, output, stride, patient);
                now += length;
            }

            if (step.Bolus >= 0)
                GiveAtOnce(parameters, step.Bolus, weightKg, now, output, stride, patient);
        }

        // After the last dose: forty of the slowest time constants leave nothing to rise.
        _rates.AsSpan().Clear();
        FindMaxima(40 / -_disposition.Rates.Max(), now, output, stride, patient);
    }

    private static Schedule.Amount Total(IEnumerable<Schedule.Input> inputs)
    {
        var (perKg, fixedAmount) = (0.0, 0.0);
        foreach (var input in inputs)
        {
            var hours = input.AtOnce ? 1 : input.End - input.Start;
            (perKg, fixedAmount) = (perKg + input.PerKg * hours, fixedAmount + input.Fixed * hours);
        }

        return new Schedule.Amount(perKg, fixedAmount);
    }

    private double Arriving(ReadOnlySpan<double> parameters, int target, double amount)
        => _fractions[target] >= 0 ? amount * parameters[_fractions[target]] : amount;

    private void GiveAtOnce(ReadOnlySpan<double> parameters, int row, double weightKg, double now, Span<Exposure> output, int stride, int patient)
    {
        for (var target = 0; target < _targets.Length; target++)
            _state[_targets[target]] += Arriving(parameters, target, _schedule.Boluses[row * _targets.Length + target].For(weightKg));
        for (var observation = 0; observation < _readout.Length; observation++)
        {
            ref var exposure = ref output[observation * stride + patient];
            var value = _readout[observation] * _state[_model.ObservedCompartments[observation]];
            if (_wanted[observation] && value > exposure.Cmax)
                exposure = exposure with { Cmax = value, TmaxHours = now - LastStart(now) };
        }
    }

    /// <summary>Looks for higher concentrations in the interval that starts now, then moves the state to its end.</summary>
    private void FindMaxima(double length, double now, Span<Exposure> output, int stride, int patient)
    {
        Span<double> best = stackalloc double[_readout.Length];
        Span<int> bestPoint = stackalloc int[_readout.Length];
        for (var observation = 0; observation < _readout.Length; observation++)
            (best[observation], bestPoint[observation]) = (_readout[observation] * _state[_model.ObservedCompartments[observation]], -1);
        Begin();
        var first = Math.Min(0.02 / -_disposition.Rates.Min(), length / GridPoints);
        var ratio = Math.Exp(Math.Log(length / first) / (GridPoints - 1));
        Span<double> before = stackalloc double[_readout.Length];
        best.CopyTo(before);
        var (time, timeBefore) = (first, 0.0);
        for (var point = 0; point < GridPoints; point++, time *= ratio)
        {
            var at = point == GridPoints - 1 ? length : time;
            StateAt(at);
            for (var observation = 0; observation < _readout.Length; observation++)
                if (Concentration(observation) is var concentration && concentration > best[observation])
                    (best[observation], bestPoint[observation]) = (concentration, point);
            if (!double.IsNaN(_level))
                AddTimeAbove(timeBefore, at, before, output, stride, patient);
            timeBefore = at;
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
                : Refine(observation, point == 0 ? 0 : first * Math.Pow(ratio, point - 1), first * Math.Pow(ratio, point + 1));
            if (value > exposure.Cmax)
                exposure = exposure with { Cmax = value, TmaxHours = now + at - LastStart(now + at) };
        }

        StateAt(length);
        _trial.CopyTo(_state, 0);
    }

    /// <summary>Adds the part of a grid interval that is above the level; leaves the concentrations at its end in <paramref name="before"/>.</summary>
    private void AddTimeAbove(double from, double to, Span<double> before, Span<Exposure> output, int stride, int patient)
    {
        Span<double> after = stackalloc double[_readout.Length];
        for (var observation = 0; observation < _readout.Length; observation++)
            after[observation] = Concentration(observation);
        for (var observation = 0; observation < _readout.Length; observation++)
        {
            ref var exposure = ref output[observation * stride + patient];
            var (low, high) = (before[observation] > _level, after[observation] > _level);
            var above = low && high ? to - from : 0;
            if (low != high && Crossing(observation, from, to, high) is var crossing)
                above = high ? to - crossing : crossing - from;
            exposure = exposure with { HoursAbove = exposure.HoursAbove + above };
        }

        after.CopyTo(before);
    }

    // Bisection: sixty halvings reach rounding, and a crossing is rare enough.
    private double Crossing(int observation, double from, double to, bool rising)
    {
        for (var i = 0; i < 60; i++)
        {
            var middle = (from + to) / 2;
            StateAt(middle);
            if (Concentration(observation) > _level == rising)
                to = middle;
            else
                from = middle;
        }

        return (from + to) / 2;
    }

    /// <summary>
    /// The maximum between two times: the root of the derivative, by regula falsi with the Illinois rule (Dowell and
    /// Jarratt, BIT 11 (1971) 168-174).
    /// </summary>
    private (double Time, double Value) Refine(int observation, double low, double high)
    {
        var compartment = _model.ObservedCompartments[observation];
        var (slopeLow, slopeHigh) = (Slope(compartment, low), Slope(compartment, high));
        var (time, side) = (high, 0);
        for (var i = 0; i < 60 && slopeLow > 0 && slopeHigh < 0 && high - low > 1e-12 * high; i++)
        {
            time = (low * slopeHigh - high * slopeLow) / (slopeHigh - slopeLow);
            var slope = Slope(compartment, time);
            if (slope > 0)
                (low, slopeLow, slopeHigh) = (time, slope, side > 0 ? slopeHigh / 2 : slopeHigh);
            else if (slope < 0)
                (high, slopeHigh, slopeLow) = (time, slope, side < 0 ? slopeLow / 2 : slopeLow);
            else
                break;
            side = Math.Sign(slope);
        }

        StateAt(time);
        return (time, Concentration(observation));
    }

    /// <summary>dA/dt of a compartment at a time after the present state, mg/h.</summary>
    private double Slope(int compartment, double time)
    {
        StateAt(time);
        var slope = 0.0;
        for (var target = 0; target < _targets.Length; target++)
            slope += compartment == _targets[target] ? _rates[target] : 0;
        for (var j = 0; j < _size; j++)
            slope += _matrix[compartment * _size + j] * _trial[j];
        return slope;
    }

    /// <summary>Turns the present state into modes, once for an interval.</summary>
    private void Begin()
    {
        if (!_disposition.IsModal)
            return;
        for (var mode = 0; mode < _size; mode++)
        {
            var z = 0.0;
            for (var j = 0; j < _size; j++)
                z += _disposition.InverseModes[mode * _size + j] * _state[j];
            _modal[mode] = z;
            _drive[mode] = 0;
            for (var target = 0; target < _targets.Length; target++)
                _drive[mode] += _rates[target] * _disposition.InverseModes[mode * _size + _targets[target]];
        }
    }

    /// <summary>The amounts a time after the state at which the interval began, at its constant rates.</summary>
    private void StateAt(double time)
    {
        if (_disposition.IsModal)
        {
            ModalStateAt(time);
            return;
        }

        MatrixExponential.Compute(_matrix, time, _size, _e, _g);
        for (var i = 0; i < _size; i++)
        {
            var sum = 0.0;
            for (var target = 0; target < _targets.Length; target++)
                sum += _rates[target] * _g[i * _size + _targets[target]];
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

    /// <summary>Integral of every amount over all time, mg h: -K^-1 x what arrives.</summary>
    private void ResidenceTimes(ReadOnlySpan<double> parameters, double weightKg)
    {
        _matrix.CopyTo(_e, 0);
        _total.AsSpan().Clear();
        for (var target = 0; target < _targets.Length; target++)
            _total[_targets[target]] -= Arriving(parameters, target, _doses[target].For(weightKg));
        LinearEquations.Solve(_e, _total, _size);
    }

    private double SlowestRate(int compartment)
    {
        var slowest = double.PositiveInfinity;
        foreach (var target in _targets)
            for (var mode = 0; mode < _size; mode++)
                if (_structure.Feeds[target, mode] && _structure.Feeds[mode, compartment])
                    slowest = Math.Min(slowest, -_disposition.Rates[mode]);
        return slowest;
    }

    private double LastStart(double time)
    {
        var index = Array.BinarySearch(_starts, time);
        return _starts[Math.Max(index >= 0 ? index : ~index - 1, 0)];
    }
}
