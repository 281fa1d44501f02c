using System.Runtime.InteropServices;
using Euthymia.Numerics.Lanes;
using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>
/// Concentrations of eight sets of kinetic parameters. A linear disposition seen from its input is a sum of exponentials, so
/// each observed substance is a list of coefficients over modes y' = lambda y + rate that all of them share; the effect site
/// (Ce' = ke0 (C - Ce)) is one more list, with the mode -ke0.
/// </summary>
internal sealed class LaneKinetics
{
    private const double ClosestRates = 1e-6;
    private readonly PatientModel _model;
    private readonly LinearDisposition _disposition;
    private readonly int _size;
    private readonly double _weightKg;
    private readonly double _equivalents;
    private readonly double[] _deviates;
    private readonly double[] _parameters;
    private readonly double[] _matrix;
    private readonly double[] _rates;
    private readonly double[] _coefficients;
    private readonly int _mixing;
    private readonly int[] _centralModes;

    public LaneKinetics(DrugModel drug, double weightKg, double equivalents)
    {
        _model = new PatientModel(drug);
        var structure = _model.Structure();
        _disposition = new LinearDisposition(structure);
        (_size, _weightKg, _equivalents) = (_model.CompartmentCount, weightKg, equivalents);
        _deviates = new double[_model.EffectCount];
        _parameters = new double[_model.ParameterCount];
        _matrix = new double[_size * _size];
        Curves = _model.ObservedCompartments.Length;
        _rates = new double[(_size + 1) * IndividualModel.Lanes];
        _coefficients = new double[(Curves + 1) * (_size + 1) * IndividualModel.Lanes];
        _mixing = Array.FindIndex(_model.MixingFlows, flow => flow >= 0);
        _centralModes = [.. Enumerable.Range(0, _size).Where(mode => structure.Feeds[_model.InputCompartment, mode] && structure.Feeds[mode, _model.InputCompartment]), _size];
        CentralCurve = Array.IndexOf(_model.ObservedCompartments, _model.InputCompartment);
    }

    /// <summary>Observed substances; one more curve, of this index, is the effect site in racemic equivalents.</summary>
    public int Curves { get; }

    /// <summary>The curve of the compartment that the infusion enters.</summary>
    public int CentralCurve { get; }

    /// <summary>Modes of every curve.</summary>
    public int Modes => _size + 1;

    /// <summary>Modes that the central compartment and the effect site show.</summary>
    public ReadOnlySpan<int> CentralModes => _centralModes;

    /// <summary>Of each mode, 1/h.</summary>
    public ReadOnlySpan<Lanes8> Rates => MemoryMarshal.Cast<double, Lanes8>(_rates);

    /// <summary>Venous mixing flow, L/h.</summary>
    public Lanes8 MixingFlow { get; private set; }

    /// <summary>Number of kinetic random effects.</summary>
    public int EffectCount => _deviates.Length;

    /// <summary>ng/mL per mg in each mode.</summary>
    public ReadOnlySpan<Lanes8> Curve(int curve) => MemoryMarshal.Cast<double, Lanes8>(_coefficients.AsSpan(curve * Modes * IndividualModel.Lanes, Modes * IndividualModel.Lanes));

    /// <summary>Takes eight sets of kinetic deviates, at [effect x 8 + lane], and effect-site rates in 1/h.</summary>
    public void Set(ReadOnlySpan<double> deviates, Lanes8 effectSiteRate)
    {
        Span<double> mixing = stackalloc double[IndividualModel.Lanes];
        for (var lane = 0; lane < IndividualModel.Lanes; lane++)
        {
            for (var effect = 0; effect < _deviates.Length; effect++)
                _deviates[effect] = deviates[effect * IndividualModel.Lanes + lane];
            _model.Individualise(_weightKg, _deviates, _parameters);
            Decompose();
            SetLane(lane, effectSiteRate[lane]);
            mixing[lane] = _mixing >= 0 ? _parameters[_model.MixingFlows[_mixing]] : double.PositiveInfinity;
        }

        MixingFlow = MemoryMarshal.Cast<double, Lanes8>(mixing)[0];
    }

    // Rates that coincide across blocks have no modes: a millionth apart they have, and no one can tell the difference.
    private void Decompose()
    {
        for (var attempt = 0; ; attempt++)
        {
            _model.RateMatrix(_parameters, _matrix);
            _disposition.Decompose(_matrix);
            if (_disposition.IsModal)
                return;
            if (attempt == 8)
                throw new InvalidInputException("disposition-degenerate", "model", "The model's rates coincide: choose other parameters.");
            for (var i = 0; i < _parameters.Length; i++)
                _parameters[i] *= 1 + 1e-5 * (1 << attempt) * (i + 1);
        }
    }

    private void SetLane(int lane, double effectSiteRate)
    {
        for (var mode = 0; mode < _size; mode++)
        {
            _rates[mode * IndividualModel.Lanes + lane] = _disposition.Rates[mode];
            for (var curve = 0; curve < Curves; curve++)
            {
                var compartment = _model.ObservedCompartments[curve];
                _coefficients[(curve * Modes + mode) * IndividualModel.Lanes + lane] = 1000 / _model.Volume(compartment, _parameters)
                    * _disposition.Modes[compartment * _size + mode] * _disposition.InverseModes[mode * _size + _model.InputCompartment];
            }
        }

        var last = 0.0;
        foreach (var mode in _centralModes.AsSpan(0, _centralModes.Length - 1))
        {
            var apart = effectSiteRate + _disposition.Rates[mode];
            if (Math.Abs(apart) < ClosestRates * effectSiteRate)
                apart = ClosestRates * effectSiteRate;
            var coefficient = _equivalents * _coefficients[(CentralCurve * Modes + mode) * IndividualModel.Lanes + lane] * effectSiteRate / apart;
            _coefficients[(Curves * Modes + mode) * IndividualModel.Lanes + lane] = coefficient;
            last -= coefficient;
        }

        _rates[_size * IndividualModel.Lanes + lane] = -effectSiteRate;
        _coefficients[(Curves * Modes + _size) * IndividualModel.Lanes + lane] = last;
    }
}
