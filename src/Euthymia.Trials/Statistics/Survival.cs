using MathNet.Numerics.Distributions;

namespace Euthymia.Trials.Statistics;

/// <summary>Time from entry to an event, or to the end of observation when the event had not happened (censored).</summary>
public readonly record struct SurvivalTime(double Time, bool Event);

/// <summary>One step of a survival curve.</summary>
/// <param name="Survival">Probability of no event up to and including this time.</param>
/// <param name="StandardError">Greenwood's.</param>
public readonly record struct SurvivalStep(double Time, int AtRisk, int Events, double Survival, double StandardError, double Low, double High);

/// <summary>The product-limit estimate of survival (Kaplan and Meier 1958) with Greenwood's variance and log-log limits.</summary>
public sealed record KaplanMeier(IReadOnlyList<SurvivalStep> Steps)
{
    /// <summary>Steps at the times of events only. Limits are of log(-log S), which stay inside 0 to 1.</summary>
    public static KaplanMeier Fit(IEnumerable<SurvivalTime> times, double confidence = 0.95)
    {
        var sorted = Sorted(times);
        var z = Normal.InvCDF(0, 1, 0.5 + confidence / 2);
        var steps = new List<SurvivalStep>();
        var (survival, greenwood) = (1.0, 0.0);
        for (var i = 0; i < sorted.Count;)
        {
            var time = sorted[i].Time;
            var atRisk = sorted.Count - i;
            var events = 0;
            for (; i < sorted.Count && sorted[i].Time.Equals(time); i++)
                events += sorted[i].Event ? 1 : 0;
            if (events == 0)
                continue;
            survival *= 1 - (double)events / atRisk;
            greenwood += atRisk == events ? double.PositiveInfinity : events / ((double)atRisk * (atRisk - events));
            steps.Add(Step(time, atRisk, events, survival, greenwood, z));
        }
        return new KaplanMeier(steps);
    }

    /// <summary>The first time at which survival is at or below one half; null when it never is.</summary>
    public double? Median => Quantile(0.5);

    /// <summary>The first time at which a fraction <paramref name="fallen"/> has had the event; null when it never has.</summary>
    public double? Quantile(double fallen)
    {
        foreach (var step in Steps)
        {
            if (step.Survival <= 1 - fallen + 1e-12)
                return step.Time;
        }
        return null;
    }

    /// <summary>Survival just after a time.</summary>
    public double At(double time) => Steps.LastOrDefault(step => step.Time <= time) is { AtRisk: > 0 } step ? step.Survival : 1;

    internal static List<SurvivalTime> Sorted(IEnumerable<SurvivalTime> times)
    {
        var sorted = times.OrderBy(time => time.Time).ToList();
        if (sorted.Count == 0 || sorted.Exists(time => !(time.Time >= 0) || double.IsInfinity(time.Time)))
            throw new ArgumentException("Survival needs at least one time, all finite and not negative.", nameof(times));
        return sorted;
    }

    private static SurvivalStep Step(double time, int atRisk, int events, double survival, double greenwood, double z)
    {
        if (survival <= 0)
            return new SurvivalStep(time, atRisk, events, 0, 0, 0, 0);
        var logLog = Math.Log(-Math.Log(survival));
        var half = z * Math.Sqrt(greenwood) / Math.Abs(Math.Log(survival));
        return new SurvivalStep(time, atRisk, events, survival, survival * Math.Sqrt(greenwood), Math.Exp(-Math.Exp(logLog + half)), Math.Exp(-Math.Exp(logLog - half)));
    }
}

/// <summary>The log-rank comparison of two groups (Mantel 1966; Peto and Peto 1972).</summary>
/// <param name="HazardRatio">Peto's one-step estimate, first group over second.</param>
public readonly record struct LogRank(double Observed, double Expected, double Variance, double ChiSquare, double PValue, double HazardRatio)
{
    public static LogRank Compare(IEnumerable<SurvivalTime> first, IEnumerable<SurvivalTime> second)
    {
        var (a, b) = (KaplanMeier.Sorted(first), KaplanMeier.Sorted(second));
        var (observed, expected, variance) = (0.0, 0.0, 0.0);
        foreach (var time in a.Concat(b).Where(item => item.Event).Select(item => item.Time).Distinct().Order())
        {
            double riskA = a.Count(item => item.Time >= time), risk = riskA + b.Count(item => item.Time >= time);
            double eventsA = a.Count(item => item.Event && item.Time.Equals(time)), events = eventsA + b.Count(item => item.Event && item.Time.Equals(time));
            observed += eventsA;
            expected += events * riskA / risk;
            if (risk > 1)
                variance += events * (riskA / risk) * (1 - riskA / risk) * (risk - events) / (risk - 1);
        }
        if (variance <= 0)
            return new LogRank(observed, expected, 0, 0, 1, 1);
        var chiSquare = (observed - expected) * (observed - expected) / variance;
        return new LogRank(observed, expected, variance, chiSquare, 1 - ChiSquared.CDF(1, chiSquare), Math.Exp((observed - expected) / variance));
    }
}
