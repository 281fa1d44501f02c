using System.Runtime.InteropServices;
using Euthymia.Numerics.Lanes;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>Predictions of one patient's observations from dose to plasma, dissociation, pressure and mood, at eight points at once.</summary>
internal sealed class KetamineIndividual : IndividualModel
{
    // Ketamine given longer ago than this is below a thousandth of its peak.
    private const double MemoryHours = 96;

    private readonly IndividualContext _context;
    private readonly LanePatient _patient;
    private readonly Lanes8[] _pulses;
    private readonly int[] _curves;
    private readonly int[] _before;
    private readonly bool _hasScores;

    public KetamineIndividual(IndividualContext context)
    {
        _context = context;
        _patient = new LanePatient(context);
        _pulses = new Lanes8[context.Patterns.Count];
        _before = [.. context.Observations.Select(observation => context.SessionBefore(observation.Hours))];
        _curves = [.. context.Observations.Select(observation => observation.Kind == ObservedKind.Plasma ? CurveOf(context, observation) : -1)];
        _hasScores = context.Observations.Any(observation => observation.Kind == ObservedKind.Score);
    }

    public override int EffectCount => _context.Layout.Effects.Count;

    public override int ObservationCount => _context.Observations.Count;

    public LanePatient Patient => _patient;

    /// <summary>One residual for each observation of the context.</summary>
    public static Residual[] Residuals(IndividualContext context) => [.. context.Observations.Select(observation => ResidualOf(context, observation))];

    public override void Predict(ReadOnlySpan<double> effects, Span<double> predictions)
    {
        var deviates = MemoryMarshal.Cast<double, Lanes8>(effects);
        var outputs = MemoryMarshal.Cast<double, Lanes8>(predictions);
        _patient.Set(effects);
        if (_hasScores)
            PredictScores(deviates, outputs);
        for (var j = 0; j < _context.Observations.Count; j++)
        {
            if (_context.Observations[j].Kind != ObservedKind.Score)
                outputs[j] = PredictReading(j, deviates);
        }
    }

    /// <summary>Walks the mood from the first session to a time; effects must be those last predicted with.</summary>
    public MoodWalk WalkTo(double hours, ReadOnlySpan<double> effects)
    {
        MoodWalk walk = default;
        PreparePulses();
        var deviates = MemoryMarshal.Cast<double, Lanes8>(effects);
        for (var session = 0; session < _context.Sessions.Count && _context.Sessions[session].StartHours < hours; session++)
            Attend(ref walk, session, deviates);
        walk.To(hours, _patient);
        return walk;
    }

    private void PredictScores(ReadOnlySpan<Lanes8> deviates, Span<Lanes8> outputs)
    {
        PreparePulses();
        MoodWalk walk = default;
        var session = 0;
        for (var j = 0; j < _context.Observations.Count; j++)
        {
            var observation = _context.Observations[j];
            if (observation.Kind != ObservedKind.Score)
                continue;
            for (; session < _context.Sessions.Count && _context.Sessions[session].StartHours < observation.Hours; session++)
                Attend(ref walk, session, deviates);
            walk.To(observation.Hours, _patient);
            var logit = walk.Logit(_patient);
            var scale = PatientRecord.ScaleOf(observation);
            outputs[j] = scale == DepressionScale.Madrs
                ? logit
                : _patient.Of(_context.Layout.Crosswalks[scale.Name], deviates) * LanePatient.Madrs(logit);
        }
    }

    private void PreparePulses()
    {
        for (var pattern = 0; pattern < _pulses.Length; pattern++)
            _pulses[pattern] = _patient.Pulse(_context.Patterns[pattern].Expose(_patient.Kinetics, 1.0, _context.Potency).OccupancyHours);
    }

    private void Attend(ref MoodWalk walk, int session, ReadOnlySpan<Lanes8> deviates)
    {
        var given = _context.Sessions[session];
        walk.To(given.StartHours, _patient);
        var pulse = given.Occasion < 0
            ? _pulses[given.Pattern]
            : _patient.Pulse(_context.Patterns[given.Pattern].Expose(_patient.Kinetics, Multiplier(given.Occasion, deviates), _context.Potency).OccupancyHours);
        walk.Session(pulse, _context.Response["benefit_tolerance"], _patient);
    }

    private Lanes8 PredictReading(int index, ReadOnlySpan<Lanes8> deviates)
    {
        var observation = _context.Observations[index];
        if (observation.Kind == ObservedKind.Plasma)
            return Plasma(index, observation, deviates);
        var effectSite = Concentration(observation.Hours, _before[index], _patient.Kinetics.Curves, deviates);
        if (observation.Kind is ObservedKind.Cadss or ObservedKind.DissociationLevel)
            return _before[index] < 0 ? _patient.DissociationBackground : _patient.Cadss(effectSite, _before[index] + 1);

        var isSystolic = observation.Kind == ObservedKind.SystolicPressure;
        var occasion = _before[index] >= 0 ? _context.Sessions[_before[index]].Occasion : -1;
        Lanes8 own = 0.0;
        if (occasion >= 0)
            own = SessionSd(_context, isSystolic) * deviates[_context.Layout.PatientEffects + 2 * occasion + 1];
        var rise = (isSystolic ? _patient.RiseSystolic : _patient.RiseDiastolic) + own;
        return (isSystolic ? _patient.BaseSystolic : _patient.BaseDiastolic) + rise * effectSite / _context.Response["reference_peak"];
    }

    /// <summary>SD between sessions of one patient of the rise at the reference peak, mmHg.</summary>
    public static double SessionSd(IndividualContext context, bool isSystolic)
        => Math.Sqrt(context.Individual["pressor_session_share"]) * context.Response[isSystolic ? "pressor_patient_sd_systolic" : "pressor_patient_sd_diastolic"];

    private Lanes8 Plasma(int index, PatientObservation observation, ReadOnlySpan<Lanes8> deviates)
    {
        var curve = _curves[index];
        var concentration = Concentration(observation.Hours, _before[index], curve, deviates);
        if (_context.Drug.Observations[curve].VenousMixing is null || _before[index] < 0)
            return concentration;
        // Venous: arterial - rate / flow while the pump runs; after it stops, not above its value at the switch.
        var session = _context.Sessions[_before[index]];
        var since = observation.Hours - session.StartHours;
        var (end, rate) = (double.NaN, 0.0);
        foreach (var segment in _context.Patterns[session.Pattern].Segments)
            if (segment.Start < since)
                (end, rate) = (segment.End, segment.Rate);
        if (rate == 0)
            return concentration;
        var removed = 1000 * rate / _patient.Kinetics.MixingFlow;
        if (since <= end)
            return Lanes8.Max(concentration - removed, 0.0);
        var cap = Concentration(session.StartHours + end, _before[index], curve, deviates) - removed;
        return Lanes8.Min(concentration, Lanes8.Max(cap, 0.0));
    }

    private Lanes8 Concentration(double hours, int last, int curve, ReadOnlySpan<Lanes8> deviates)
    {
        Lanes8 sum = 0.0;
        for (var session = last; session >= 0 && hours - _context.Sessions[session].StartHours < MemoryHours; session--)
        {
            var given = _context.Sessions[session];
            var value = _context.Patterns[given.Pattern].At(hours - given.StartHours, _patient.Kinetics, curve);
            sum += given.Occasion < 0 ? value : value * Multiplier(given.Occasion, deviates);
        }

        return Lanes8.Max(sum, 0.0);
    }

    private Lanes8 Multiplier(int occasion, ReadOnlySpan<Lanes8> deviates)
        => Lanes8.Exp(deviates[_context.Layout.PatientEffects + 2 * occasion] * _context.Layout.OccasionExposureSd);

    private static int CurveOf(IndividualContext context, PatientObservation observation)
        => context.Drug.Observations.ToList().FindIndex(candidate => string.Equals(candidate.Name, observation.Measure ?? "arterial", StringComparison.OrdinalIgnoreCase));

    private static Residual ResidualOf(IndividualContext context, PatientObservation observation)
    {
        var (individual, response) = (context.Individual, context.Response);
        // The visit's own part of an infusion that has no effects of its own.
        var session = context.SessionBefore(observation.Hours);
        var ownless = session >= 0 && context.Sessions[session].Occasion < 0;
        switch (observation.Kind)
        {
            case ObservedKind.Plasma:
                var logSd = context.Drug.Observations[CurveOf(context, observation)].ResidualLogSd;
                var total = ownless ? Math.Sqrt(logSd * logSd + context.Layout.OccasionExposureSd * context.Layout.OccasionExposureSd) : logSd;
                return observation.BelowLimit ? Residual.LogInterval(0, observation.Value, total) : Residual.LogNormal(observation.Value, total);
            case ObservedKind.Score:
                var scale = PatientRecord.ScaleOf(observation);
                return scale == DepressionScale.Madrs
                    ? Residual.BoundedNormal(MoodModel.Logit(observation.Value), MoodModel.Logit(0), MoodModel.Logit(MoodModel.MaximumMadrs), response["visit_sd"])
                    : Residual.Score(observation.Value, scale.Maximum, scale.ScatterSd, response["visit_sd"], scale.Slope * MoodModel.MaximumMadrs);
            case ObservedKind.Cadss:
                return Residual.BoundedNormal(observation.Value, 0, DissociationModel.MaximumScore, individual["cadss_scatter"], individual["cadss_scatter_fraction"]);
            case ObservedKind.DissociationLevel:
                return Residual.LogInterval(
                    observation.Value == 0 ? 0 : individual[$"level_{observation.Value:0}_from"],
                    observation.Value == 4 ? double.PositiveInfinity : individual[$"level_{observation.Value + 1:0}_from"],
                    individual["level_log_sd"]);
            default:
                var isSystolic = observation.Kind == ObservedKind.SystolicPressure;
                var reading = individual[isSystolic ? "systolic_reading_sd" : "diastolic_reading_sd"];
                var between = ownless ? SessionSd(context, isSystolic) : 0;
                return Residual.Normal(observation.Value, Math.Sqrt(reading * reading + between * between));
        }
    }
}
