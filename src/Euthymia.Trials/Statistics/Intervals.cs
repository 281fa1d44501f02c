using MathNet.Numerics.Distributions;

namespace Euthymia.Trials.Statistics;

/// <summary>An estimate with the limits of its confidence interval, in the unit of the estimate.</summary>
public readonly record struct Interval(double Estimate, double Low, double High)
{
    public bool Contains(double value) => value >= Low && value <= High;
}

/// <summary>Confidence intervals of proportions and means.</summary>
public static class Intervals
{
    /// <summary>Wilson's score interval of a proportion (Wilson 1927; recommended by Brown, Cai, DasGupta 2001).</summary>
    public static Interval Wilson(int successes, int n, double confidence = 0.95)
    {
        CheckProportion(successes, n, confidence);
        var z = Normal.InvCDF(0, 1, 0.5 + confidence / 2);
        var p = (double)successes / n;
        var denominator = 1 + z * z / n;
        var centre = (p + z * z / (2 * n)) / denominator;
        var half = z * Math.Sqrt(p * (1 - p) / n + z * z / (4.0 * n * n)) / denominator;
        return new Interval(p, successes == 0 ? 0 : centre - half, successes == n ? 1 : centre + half);
    }

    /// <summary>Clopper and Pearson's interval of a proportion (1934): covers at least the confidence, from beta quantiles.</summary>
    public static Interval ClopperPearson(int successes, int n, double confidence = 0.95)
    {
        CheckProportion(successes, n, confidence);
        var tail = (1 - confidence) / 2;
        var low = successes == 0 ? 0 : Beta.InvCDF(successes, n - successes + 1, tail);
        var high = successes == n ? 1 : Beta.InvCDF(successes + 1, n - successes, 1 - tail);
        return new Interval((double)successes / n, low, high);
    }

    /// <summary>Student's interval of a mean from its standard deviation.</summary>
    public static Interval Mean(double mean, double sd, int n, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(sd);
        CheckConfidence(confidence);
        var half = StudentT.InvCDF(0, 1, n - 1, 0.5 + confidence / 2) * sd / Math.Sqrt(n);
        return new Interval(mean, mean - half, mean + half);
    }

    private static void CheckProportion(int successes, int n, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, n);
        CheckConfidence(confidence);
    }

    private static void CheckConfidence(double confidence)
    {
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The confidence is a fraction between 0 and 1, such as 0.95.");
    }
}
