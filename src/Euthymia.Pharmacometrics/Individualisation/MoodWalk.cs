using Euthymia.Numerics.Lanes;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>
/// The score of eight sets of parameters along time: sessions in their order, scores asked for in between. Plasticity is four
/// exponentials, so its past is four numbers whatever the number of sessions.
/// </summary>
internal struct MoodWalk
{
    private Lanes8 _fast;
    private Lanes8 _slow;
    private Lanes8 _fastOnset;
    private Lanes8 _slowOnset;
    private double _now;
    private double _first;
    private double _last;
    private int _sessions;

    /// <summary>Sessions so far.</summary>
    public readonly int Sessions => _sessions;

    /// <summary>Start of the last session, h.</summary>
    public readonly double LastSession => _last;

    /// <summary>Moves on; never back.</summary>
    public void To(double hours, LanePatient patient)
    {
        var step = hours - _now;
        _now = hours;
        if (_sessions == 0 || step <= 0)
            return;
        var rates = patient.PlasticityRates;
        _fast *= Lanes8.Exp(rates[0] * -step);
        _slow *= Lanes8.Exp(rates[1] * -step);
        _fastOnset *= Lanes8.Exp(rates[2] * -step);
        _slowOnset *= Lanes8.Exp(rates[3] * -step);
    }

    /// <summary>A session starts now.</summary>
    /// <param name="pulse">The plasticity that it starts.</param>
    /// <param name="tolerance">Loss of pulse with each session before.</param>
    /// <param name="patient">The parameters.</param>
    public void Session(Lanes8 pulse, double tolerance, LanePatient patient)
    {
        if (_sessions == 0)
            _first = _now;
        var kept = pulse * Math.Exp(-tolerance * _sessions);
        var coefficients = patient.PlasticityCoefficients;
        _fast += kept * coefficients[0];
        _slow += kept * coefficients[1];
        _fastOnset += kept * coefficients[2];
        _slowOnset += kept * coefficients[3];
        (_last, _sessions) = (_now, _sessions + 1);
    }

    /// <summary>Logit of the expected score now.</summary>
    public readonly Lanes8 Logit(LanePatient patient)
    {
        if (_sessions == 0)
            return patient.UntreatedLogit;
        var drive = Lanes8.Max(_fast + _slow + _fastOnset + _slowOnset, 0.0);
        var effect = patient.Sensitivity * ((1.0 + patient.Saturation) * drive / (patient.Saturation + drive));
        var expectancy = patient.Expectancy * patient.ExpectancyCourse(_now - _first, _now - _last);
        // MoodModel.Improvement; the bound keeps 0/0 away where neither has begun.
        return patient.UntreatedLogit - effect - expectancy + patient.Overlap * effect * expectancy / Lanes8.Max(effect + expectancy, 1e-9);
    }
}
