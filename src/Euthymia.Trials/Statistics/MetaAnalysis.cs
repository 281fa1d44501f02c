using MathNet.Numerics.Distributions;

namespace Euthymia.Trials.Statistics;

/// <summary>How the variance between trials is estimated.</summary>
public enum HeterogeneityEstimator
{
    /// <summary>DerSimonian and Laird 1986: moments, one step.</summary>
    DerSimonianLaird,

    /// <summary>Paule and Mandel 1982: the value at which Cochran's Q equals its degrees of freedom.</summary>
    PauleMandel,

    /// <summary>Restricted maximum likelihood (Viechtbauer 2005), by Fisher scoring.</summary>
    RestrictedMaximumLikelihood,
}

/// <summary>An effect of one trial with its sampling variance, on a scale where it is near normal.</summary>
public readonly record struct Effect(double Value, double Variance);

/// <summary>The mean effect over trials that differ by more than chance.</summary>
/// <param name="TauSquared">Variance between trials.</param>
/// <param name="Q">Cochran's heterogeneity statistic.</param>
/// <param name="ISquared">Share of the variation that is between trials, 0 to 1.</param>
/// <param name="Prediction">Where the effect of a new trial would lie (Higgins 2009, t with k - 2 degrees of freedom); null below three trials.</param>
public sealed record MetaAnalysis(Interval Mean, double StandardError, double TauSquared, double Q, double ISquared, Interval? Prediction)
{
    /// <summary>Pools effects by inverse variance, within plus between trials.</summary>
    /// <exception cref="ArgumentException">Fewer than two trials, or a variance that is not positive.</exception>
    public static MetaAnalysis RandomEffects(IReadOnlyList<Effect> effects, HeterogeneityEstimator estimator, double confidence = 0.95)
    {
        if (effects.Count < 2 || effects.Any(effect => !(effect.Variance > 0) || !double.IsFinite(effect.Value)))
            throw new ArgumentException("A meta-analysis needs at least two effects, each finite with a positive variance.", nameof(effects));

        var q = CochranQ(effects, 0);
        var degrees = effects.Count - 1;
        var tauSquared = estimator switch
        {
            HeterogeneityEstimator.DerSimonianLaird => DerSimonianLaird(effects, q),
            HeterogeneityEstimator.PauleMandel => PauleMandel(effects),
            HeterogeneityEstimator.RestrictedMaximumLikelihood => Restricted(effects),
            _ => throw new ArgumentOutOfRangeException(nameof(estimator)),
        };
        var weights = effects.Sum(effect => 1 / (effect.Variance + tauSquared));
        var mean = WeightedMean(effects, tauSquared);
        var standardError = Math.Sqrt(1 / weights);
        var half = Normal.InvCDF(0, 1, 0.5 + confidence / 2) * standardError;
        return new MetaAnalysis(
            new Interval(mean, mean - half, mean + half), standardError, tauSquared, q, q > 0 ? Math.Max(0, (q - degrees) / q) : 0,
            Predict(mean, standardError, tauSquared, effects.Count, confidence));
    }

    private static Interval? Predict(double mean, double standardError, double tauSquared, int trials, double confidence)
    {
        if (trials < 3)
            return null;
        var half = StudentT.InvCDF(0, 1, trials - 2, 0.5 + confidence / 2) * Math.Sqrt(tauSquared + standardError * standardError);
        return new Interval(mean, mean - half, mean + half);
    }

    private static double WeightedMean(IReadOnlyList<Effect> effects, double tauSquared)
        => effects.Sum(effect => effect.Value / (effect.Variance + tauSquared)) / effects.Sum(effect => 1 / (effect.Variance + tauSquared));

    private static double CochranQ(IReadOnlyList<Effect> effects, double tauSquared)
    {
        var mean = WeightedMean(effects, tauSquared);
        return effects.Sum(effect => (effect.Value - mean) * (effect.Value - mean) / (effect.Variance + tauSquared));
    }

    private static double DerSimonianLaird(IReadOnlyList<Effect> effects, double q)
    {
        var first = effects.Sum(effect => 1 / effect.Variance);
        var second = effects.Sum(effect => 1 / (effect.Variance * effect.Variance));
        return Math.Max(0, (q - (effects.Count - 1)) / (first - second / first));
    }

    private static double PauleMandel(IReadOnlyList<Effect> effects)
    {
        var degrees = effects.Count - 1;
        if (CochranQ(effects, 0) <= degrees)
            return 0;
        // Q falls as tau squared grows: bracket, then bisect to the last bit that matters.
        var (low, high) = (0.0, effects.Max(effect => effect.Variance));
        while (CochranQ(effects, high) > degrees)
            high *= 2;
        for (var i = 0; i < 200 && high - low > 1e-14 * high; i++)
        {
            var middle = (low + high) / 2;
            if (CochranQ(effects, middle) > degrees)
                low = middle;
            else
                high = middle;
        }
        return (low + high) / 2;
    }

    private static double Restricted(IReadOnlyList<Effect> effects)
    {
        var tauSquared = DerSimonianLaird(effects, CochranQ(effects, 0));
        for (var i = 0; i < 500; i++)
        {
            var mean = WeightedMean(effects, tauSquared);
            double first = 0, second = 0, third = 0, residual = 0;
            foreach (var effect in effects)
            {
                var weight = 1 / (effect.Variance + tauSquared);
                first += weight;
                second += weight * weight;
                third += weight * weight * weight;
                residual += weight * weight * (effect.Value - mean) * (effect.Value - mean);
            }
            // Score and expected information of the restricted likelihood; P is the usual projection.
            var score = residual - (first - second / first);
            var information = second - 2 * third / first + second / first * (second / first);
            var next = Math.Max(0, tauSquared + score / information);
            if (Math.Abs(next - tauSquared) < 1e-12 * (1 + tauSquared))
                return next;
            tauSquared = next;
        }
        return tauSquared;
    }
}
