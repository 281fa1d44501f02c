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
    private readonly double[] _readout;
    private readonly double[] _venousCap;

    public PatientSolver(PatientModel model, LinearStructure structure, Schedule schedule)
    {
        (_model, _schedule) = (model, schedule);
        _disposition = new LinearDisposition(structure);
        _size = model.CompartmentCount;
        _matrix = new double[_size * _size];
        _state = new double[_size];
        _work = new double[_size];
        _decay = new double[schedule.Lengths.Length * _size * _size];
        _gain = new double[schedule.Lengths.Length * _size];
        _readout = new double[model.ObservedCompartments.Length * _size];
        _venousCap = new double[model.ObservedCompartments.Length];
    }

    /// <summary>Concentrations in ng/mL, written to <paramref name="output"/> at [(observation x times + time) x stride + patient].</summary>
    public void Solve(ReadOnlySpan<double> parameters, double weightKg, Span<double> output, int times, int stride, int patient)
    {
        _model.RateMatrix(parameters, _matrix);
        _disposition.Decompose(_matrix);
        _state.AsSpan().Clear();
        if (_disposition.IsModal)
            PrepareModes(parameters);
        else
            PrepareMatrices(parameters);

        _venousCap.AsSpan().Fill(double.PositiveInfinity);
        var before = 0.0;
        foreach (var step in _schedule.Steps)
        {
            var rate = step.RatePerKg * weightKg + step.RateFixed;
            if (rate != before)
                CapVenous(parameters, before, rate);
            before = rate;
            if (step.Length >= 0 && _disposition.IsModal)
                AdvanceModes(step.Length, rate);
            else if (step.Length >= 0)
                AdvanceMatrices(step.Length, rate);
            if (step.Output >= 0)
                Record(parameters, rate, output[(step.Output * stride + patient)..], times * stride);
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
                var into = _disposition.InverseModes[mode * _size + _model.InputCompartment];
                _decay[length * _size + mode] = Math.Exp(exponent);
                _gain[length * _size + mode] = into * _schedule.Lengths[length] * LinearPropagator.Phi1(exponent);
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
            for (var i = 0; i < _size; i++)
                _gain[length * _size + i] = integral[i * _size + _model.InputCompartment];
        }

        _readout.AsSpan().Clear();
        for (var observation = 0; observation < _model.ObservedCompartments.Length; observation++)
        {
            var compartment = _model.ObservedCompartments[observation];
            _readout[observation * _size + compartment] = 1000 / _model.Volume(compartment, parameters);
        }
    }

    private void AdvanceModes(int length, double rate)
    {
        for (var mode = 0; mode < _size; mode++)
            _state[mode] = _state[mode] * _decay[length * _size + mode] + rate * _gain[length * _size + mode];
    }

    private void AdvanceMatrices(int length, double rate)
    {
        var decay = _decay.AsSpan(length * _size * _size, _size * _size);
        for (var i = 0; i < _size; i++)
        {
            var sum = rate * _gain[length * _size + i];
            for (var j = 0; j < _size; j++)
                sum += decay[i * _size + j] * _state[j];
            _work[i] = sum;
        }

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
