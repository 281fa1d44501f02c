using Euthymia.Numerics.Random;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>
/// One observed value and how observations scatter about a prediction f: what turns predictions into a likelihood.
/// Values are -2 ln L without constants, so that a normal residual gives ln v + (y - f)^2 / v.
/// </summary>
public readonly record struct Residual
{
    private readonly Form _form;
    private readonly double _observed;
    private readonly double _first;
    private readonly double _second;
    private readonly double _upper;
    private readonly int _bound;

    private Residual(Form form, double observed, double first, double second, double upper = 0, int bound = 0)
        => (_form, _observed, _first, _second, _upper, _bound) = (form, observed, first, second, upper, bound);

    private enum Form
    {
        SetAside,
        Normal,
        LogNormal,
        LogInterval,
        Score,
        NormalBound,
        ScoreBound,
    }

    /// <summary>An observation that is not to count.</summary>
    public static Residual SetAside => default;

    /// <summary>Normal with variance additive^2 + (proportional f)^2.</summary>
    /// <param name="observed">The value, in the prediction's unit.</param>
    /// <param name="additive">Standard deviation where f is zero.</param>
    /// <param name="proportional">Standard deviation as a fraction of f.</param>
    public static Residual Normal(double observed, double additive, double proportional = 0) => new(Form.Normal, observed, additive * additive, proportional * proportional);

    /// <summary>The same of a scale with ends: a value at an end says only that it lies there or beyond (Tobin, Econometrica 26 (1958) 24-36).</summary>
    /// <param name="observed">The value.</param>
    /// <param name="floor">Lowest value of the scale.</param>
    /// <param name="ceiling">Highest value of the scale.</param>
    /// <param name="additive">Standard deviation where f is zero.</param>
    /// <param name="proportional">Standard deviation as a fraction of f.</param>
    public static Residual BoundedNormal(double observed, double floor, double ceiling, double additive, double proportional = 0)
        => new(BoundOf(observed, floor, ceiling) == 0 ? Form.Normal : Form.NormalBound, Math.Clamp(observed, floor, ceiling), additive * additive, proportional * proportional, 0, BoundOf(observed, floor, ceiling));

    /// <summary>Log-normal about f &gt; 0.</summary>
    /// <param name="observed">The value, more than zero.</param>
    /// <param name="logSd">Standard deviation of its logarithm.</param>
    public static Residual LogNormal(double observed, double logSd) => new(Form.LogNormal, Math.Log(observed), logSd * logSd, 0);

    /// <summary>
    /// Known only to lie in an interval, log-normal about f: below the limit of quantification (lower 0; Beal's M3, J
    /// Pharmacokinet Pharmacodyn 28 (2001) 481-504), or a level of a scale of a few levels.
    /// </summary>
    /// <param name="lower">Lower end, 0 or more.</param>
    /// <param name="upper">Upper end, may be infinite.</param>
    /// <param name="logSd">Standard deviation of the logarithm.</param>
    public static Residual LogInterval(double lower, double upper, double logSd) => new(Form.LogInterval, Math.Log(lower), logSd, 0, Math.Log(upper));

    /// <summary>
    /// A score: variance scatter^2 + (logitSd f (1 - f / maximum))^2, the second part a deviation on the logit scale. A score
    /// at an end of its scale says only that it lies there or beyond.
    /// </summary>
    /// <param name="observed">The score.</param>
    /// <param name="ceiling">Highest score of the scale.</param>
    /// <param name="scatter">Standard deviation of the scale about its crosswalk, points.</param>
    /// <param name="logitSd">Standard deviation between visits, logits.</param>
    /// <param name="maximum">Upper bound of the mean.</param>
    public static Residual Score(double observed, double ceiling, double scatter, double logitSd, double maximum)
        => new(BoundOf(observed, 0, ceiling) == 0 ? Form.Score : Form.ScoreBound, Math.Clamp(observed, 0, ceiling), scatter * scatter, logitSd * logitSd, maximum, BoundOf(observed, 0, ceiling));

    /// <summary>-2 ln L at a prediction, its derivative, and the expected second derivative (information).</summary>
    /// <param name="f">The prediction.</param>
    /// <param name="slope">Out: d/df.</param>
    /// <param name="information">Out: expected d2/df2, not negative.</param>
    public double Terms(double f, out double slope, out double information)
    {
        if (_form == Form.LogNormal)
        {
            f = Math.Max(f, double.Epsilon);
            var deviation = _observed - Math.Log(f);
            slope = -2 * deviation / (_first * f);
            information = 2 / (_first * f * f);
            return deviation * deviation / _first + Math.Log(_first);
        }
        if (_form == Form.LogInterval)
            return IntervalTerms(f, out slope, out information);
        if (_form == Form.SetAside)
            return slope = information = 0;
        if (_bound != 0)
            return BoundTerms(f, out slope, out information);
        var (variance, change) = Variance(f);
        var residual = _observed - f;
        var reciprocal = 1 / variance;
        var relative = change * reciprocal;
        var standardised = residual * reciprocal;
        slope = relative - 2 * standardised - standardised * standardised * change;
        information = 2 * reciprocal + relative * relative;
        return Math.Log(variance) + residual * standardised;
    }

    /// <summary>-2 ln L at a prediction.</summary>
    /// <param name="f">The prediction.</param>
    public double Value(double f)
    {
        switch (_form)
        {
            case Form.LogNormal:
                var deviation = _observed - Math.Log(Math.Max(f, double.Epsilon));
                return deviation * deviation / _first + Math.Log(_first);
            case Form.LogInterval:
                return IntervalTerms(f, out _, out _);
            case Form.SetAside:
                return 0;
            case Form.NormalBound or Form.ScoreBound:
                return BoundTerms(f, out _, out _);
            default:
                var variance = Variance(f).Value;
                return Math.Log(variance) + (_observed - f) * (_observed - f) / variance;
        }
    }

    /// <summary>
    /// (observed - predicted) in standard deviations of the residual error; of an interval, the distance to its nearer end
    /// when the prediction is outside, else zero.
    /// </summary>
    /// <param name="f">The prediction.</param>
    public double Standardised(double f)
    {
        var log = Math.Log(Math.Max(f, double.Epsilon));
        return _form switch
        {
            Form.LogNormal => (_observed - log) / Math.Sqrt(_first),
            Form.LogInterval => (log < _observed ? _observed - log : log > _upper ? _upper - log : 0) / _first,
            Form.NormalBound or Form.ScoreBound when (f - _observed) * _bound >= 0 => 0,
            Form.SetAside => 0,
            _ => (_observed - f) / Math.Sqrt(Variance(f).Value),
        };
    }

    /// <summary>The random draw of an observation about a prediction; of an interval, of its underlying value.</summary>
    /// <param name="f">The prediction.</param>
    /// <param name="deviate">Standard normal deviate.</param>
    public double Draw(double f, double deviate) => _form switch
    {
        Form.LogNormal => f * Math.Exp(Math.Sqrt(_first) * deviate),
        Form.LogInterval => f * Math.Exp(_first * deviate),
        _ => f + Math.Sqrt(Variance(f).Value) * deviate,
    };

    private (double Value, double Change) Variance(double f)
    {
        if (_form is Form.Normal or Form.NormalBound)
            return (_first + _second * f * f, 2 * _second * f);
        var spread = f * (1 - f / _upper);
        return (_first + _second * spread * spread, 2 * _second * spread * (1 - 2 * f / _upper));
    }

    private static int BoundOf(double observed, double floor, double ceiling) => observed <= floor ? -1 : observed >= ceiling ? 1 : 0;

    // P(at or beyond the end) = P(X <= u) with u = (end - f) / sd towards the floor and its mirror towards the ceiling.
    private double BoundTerms(double f, out double slope, out double information)
    {
        var (variance, change) = Variance(f);
        var sd = Math.Sqrt(variance);
        var u = -_bound * (_observed - f) / sd;
        var uSlope = _bound / sd - u * change / (2 * variance);
        var logProbability = NormalProbability.Log(u);
        var hazard = Ratio(u, logProbability);
        slope = -2 * hazard * uSlope;
        information = Math.Max(0, 2 * hazard * (hazard + u)) * uSlope * uSlope;
        return -2 * logProbability;
    }

    private double IntervalTerms(double f, out double slope, out double information)
    {
        f = Math.Max(f, 1e-300);
        var log = Math.Log(f);
        var (low, high) = ((_observed - log) / _first, (_upper - log) / _first);
        // Both ends in the upper tail are mirrored, where the difference keeps its digits.
        var logProbability = double.IsNegativeInfinity(low) ? NormalProbability.Log(high)
            : double.IsPositiveInfinity(high) ? NormalProbability.Log(-low)
            : LogDifference(low, high);
        var (atLow, atHigh) = (Ratio(low, logProbability), Ratio(high, logProbability));
        var derivative = -(atHigh - atLow) / (_first * f);
        slope = -2 * derivative;
        // Exact second derivative of a log-concave function of ln f, in f by the chain rule without the first-order term.
        var curvature = Weighted(high, atHigh) - Weighted(low, atLow) + (atHigh - atLow) * (atHigh - atLow);
        information = Math.Max(0, 2 * curvature / (_first * _first * f * f));
        return -2 * logProbability;
    }

    private static double LogDifference(double low, double high)
    {
        if (low > 0)
            (low, high) = (-high, -low);
        var (upper, lower) = (NormalProbability.Log(high), NormalProbability.Log(low));
        return upper + Math.Log(-double.ExpM1(Math.Min(lower - upper, -1e-16)));
    }

    private static double Ratio(double x, double logProbability)
        => double.IsInfinity(x) ? 0 : Math.Exp(-0.5 * x * x - 0.918938533204672742 - logProbability);

    private static double Weighted(double x, double ratio) => double.IsInfinity(x) ? 0 : x * ratio;
}
