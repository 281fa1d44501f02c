namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// Takes one patient through a schedule and writes what is observed. One solver per thread; its memory is reused from
/// patient to patient, and nothing is allocated on the way.
/// </summary>
internal sealed class PatientSolver
{
    private readonly PatientModel _model;
    private readonly Schedule _schedule;
    private readonly LinearDisposition _disposition;
    private readonly int _size;
    private readonly double[] _matrix;
    private readonly double[] _state;
    private readonly double[] _work;
    private readonly double[] _decay;
    private readonly double[] _gain;
    private readonly int[] _targets;
    private readonly int[] _fractions;
    private readonly double[] _rates;
    private readonly double[] _readout;
    private readonly double[] _venousCap;

    public PatientSolver(PatientModel model, LinearStructure structure, Schedule schedule)
    {
        (_model, _schedule) = (model, schedule);
        _disposition = new LinearDisposition(structure);
        _size = model.CompartmentCount;
        _targets = model.Targets(schedule);
        _fractions = [.. schedule.Targets.Select(model.Arriving)];
        _rates = new double[_targets.Length];
        _matrix = new double[_size * _size];
        _state = new double[_size];
        _work = new double[_size];
        _decay = new double[schedule.Lengths.Length * _size * _size];
        _gain = new double[schedule.Lengths.Length * _targets.Length * _size];
        _readout = new double[model.ObservedCompartments.Length * _size];
        _venousCap = new double[model.ObservedCompartments.Length];
    }

    /// <summary>
    /// Concentrations in ng/mL, written to <paramref name="output"/> at [(observation x times + time) x stride + patient]. The parameters are
    /// those of the first occasion; <paramref name="individual"/> writes those of another over them, and is null when a patient stays the same.
    /// </summary>
    public void Solve(
        Span<double> parameters, double weightKg, Span<double> output, int times, int stride, int patient, Action<int>? individual = null)
    {
        Prepare(parameters);
        _state.AsSpan().Clear();
        _venousCap.AsSpan().Fill(double.PositiveInfinity);
        var (infused, row, occasion) = (0.0, -1, 0);
        foreach (var step in _schedule.Steps)
        {
            if (individual is not null && step.Occasion != occasion)
            {
                occasion = step.Occasion;
                row = -1;
                NextOccasion(parameters, individual, occasion);
            }

            if (step.Rates != row)
            {
                row = step.Rates;
                var rate = SetRates(parameters, row, weightKg);
                if (rate != infused)
                    CapVenous(parameters, infused, rate);
                infused = rate;
            }

            if (step.Length >= 0 && _disposition.IsModal)
                AdvanceModes(step.Length);
            else if (step.Length >= 0)
                AdvanceMatrices(step.Length);
            if (step.Output >= 0)
                Record(parameters, infused, output[(step.Output * stride + patient)..], times * stride);
            if (step.Bolus >= 0)
                GiveAtOnce(parameters, step.Bolus, weightKg);
        }
    }

    private void Prepare(ReadOnlySpan<double> parameters)
    {
        _model.RateMatrix(parameters, _matrix);
        _disposition.Decompose(_matrix);
        if (_disposition.IsModal)
            PrepareModes(parameters);
        else
            PrepareMatrices(parameters);
    }

    // The amounts in the body stay, what happens to them changes.
    private void NextOccasion(Span<double> parameters, Action<int> individual, int occasion)
    {
        ToAmounts();
        individual(occasion);
        Prepare(parameters);
        ToModes();
    }

    private void ToAmounts()
    {
        if (_disposition.IsModal)
            Multiply(_disposition.Modes);
    }

    private void ToModes()
    {
        if (_disposition.IsModal)
            Multiply(_disposition.InverseModes);
    }

    private void Multiply(ReadOnlySpan<double> matrix)
    {
        for (var i = 0; i < _size; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < _size; j++)
                sum += matrix[i * _size + j] * _state[j];
            _work[i] = sum;
        }

        _work.CopyTo(_state, 0);
    }

    /// <summary>Sets what arrives in each target, mg/h, and returns the rate of the pump.</summary>
    private double SetRates(ReadOnlySpan<double> parameters, int row, double weightKg)
    {
        var infused = 0.0;
        for (var target = 0; target < _targets.Length; target++)
        {
            var rate = _schedule.Rates[row * _targets.Length + target].For(weightKg);
            if (_schedule.Targets[target] == Schedule.Input.Infusions)
                infused = rate;
            _rates[target] = _fractions[target] >= 0 ? rate * parameters[_fractions[target]] : rate;
        }

        return infused;
    }

    private void GiveAtOnce(ReadOnlySpan<double> parameters, int row, double weightKg)
    {
        for (var target = 0; target < _targets.Length; target++)
        {
            var amount = _schedule.Boluses[row * _targets.Length + target].For(weightKg);
            if (amount == 0)
                continue;
            if (_fractions[target] >= 0)
                amount *= parameters[_fractions[target]];
            if (!_disposition.IsModal)
                _state[_targets[target]] += amount;
            for (var mode = 0; mode < _size && _disposition.IsModal; mode++)
                _state[mode] += amount * _disposition.InverseModes[mode * _size + _targets[target]];
        }
    }

    private void PrepareModes(ReadOnlySpan<double> parameters)
    {
        var rates = _disposition.Rates;
        for (var length = 0; length < _schedule.Lengths.Length; length++)
        {
            for (var mode = 0; mode < _size; mode++)
            {
                var exponent = rates[mode] * _schedule.Lengths[length];
                _decay[length * _size + mode] = Math.Exp(exponent);
                var phi = _schedule.Lengths[length] * LinearPropagator.Phi1(exponent);
                for (var target = 0; target < _targets.Length; target++)
                    _gain[(length * _targets.Length + target) * _size + mode] = _disposition.InverseModes[mode * _size + _targets[target]] * phi;
            }
        }

        for (var observation = 0; observation < _model.ObservedCompartments.Length; observation++)
        {
            var compartment = _model.ObservedCompartments[observation];
            var perAmount = 1000 / _model.Volume(compartment, parameters);
            for (var mode = 0; mode < _size; mode++)
                _readout[observation * _size + mode] = perAmount * _disposition.Modes[compartment * _size + mode];
        }
    }

    private void PrepareMatrices(ReadOnlySpan<double> parameters)
    {
        Span<double> integral = stackalloc double[_size * _size];
        for (var length = 0; length < _schedule.Lengths.Length; length++)
        {
            MatrixExponential.Compute(_matrix, _schedule.Lengths[length], _size, _decay.AsSpan(length * _size * _size, _size * _size), integral);
            for (var target = 0; target < _targets.Length; target++)
                for (var i = 0; i < _size; i++)
                    _gain[(length * _targets.Length + target) * _size + i] = integral[i * _size + _targets[target]];
        }

        _readout.AsSpan().Clear();
        for (var observation = 0; observation < _model.ObservedCompartments.Length; observation++)
        {
            var compartment = _model.ObservedCompartments[observation];
            _readout[observation * _size + compartment] = 1000 / _model.Volume(compartment, parameters);
        }
    }

    private void AdvanceModes(int length)
    {
        for (var mode = 0; mode < _size; mode++)
            _state[mode] *= _decay[length * _size + mode];
        AddGain(length, _state);
    }

    private void AddGain(int length, Span<double> state)
    {
        for (var target = 0; target < _targets.Length; target++)
        {
            if (_rates[target] == 0)
                continue;
            var gain = _gain.AsSpan((length * _targets.Length + target) * _size, _size);
            for (var i = 0; i < _size; i++)
                state[i] += _rates[target] * gain[i];
        }
    }

    private void AdvanceMatrices(int length)
    {
        var decay = _decay.AsSpan(length * _size * _size, _size * _size);
        for (var i = 0; i < _size; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < _size; j++)
                sum += decay[i * _size + j] * _state[j];
            _work[i] = sum;
        }

        AddGain(length, _work);
        _work.CopyTo(_state, 0);
    }

    private void Record(ReadOnlySpan<double> parameters, double rate, Span<double> output, int observationStride)
    {
        for (var observation = 0; observation < _model.ObservedCompartments.Length; observation++)
        {
            var concentration = Concentration(parameters, observation, rate);
            if (concentration < _venousCap[observation])
                _venousCap[observation] = double.PositiveInfinity;
            output[observation * observationStride] = Math.Min(concentration, _venousCap[observation]);
        }
    }

    /// <summary>
    /// Mixed blood does not rise because the pump slows or stops: until it has fallen below it, a venous concentration
    /// stays at the value that it had at the switch.
    /// </summary>
    private void CapVenous(ReadOnlySpan<double> parameters, double before, double after)
    {
        for (var observation = 0; observation < _model.ObservedCompartments.Length; observation++)
            if (_model.MixingFlows[observation] >= 0)
                _venousCap[observation] = after < before ? Concentration(parameters, observation, before) : double.PositiveInfinity;
    }

    private double Concentration(ReadOnlySpan<double> parameters, int observation, double rate)
    {
        var concentration = 0.0;
        for (var i = 0; i < _size; i++)
            concentration += _readout[observation * _size + i] * _state[i];
        if (_model.MixingFlows[observation] is >= 0 and var flow)
            concentration -= 1000 * rate / parameters[flow];
        // The sum of modes of an empty body is zero to rounding only; the venous term passes zero in the first two minutes.
        return Math.Max(concentration, 0);
    }
}
