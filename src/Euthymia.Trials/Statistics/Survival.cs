using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

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
    public double At(double time) => IntervalAt(time).Estimate;

    /// <summary>Survival just after a time with its limits; 1 without doubt before the first event, since nothing has been seen to happen.</summary>
    public Interval IntervalAt(double time) =>
        Steps.LastOrDefault(step => step.Time <= time) is { AtRisk: > 0 } step ? new Interval(step.Survival, step.Low, step.High) : new Interval(1, 1, 1);

    /// <summary>How many were still observed without the event just before a time.</summary>
    public static int AtRisk(IEnumerable<SurvivalTime> times, double time) => times.Count(item => item.Time >= time);

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

/// <summary>The log-rank comparison of any number of groups: is the event as frequent in all of them?</summary>
/// <param name="Observed">Events in each group.</param>
/// <param name="Expected">Events expected in each group if all had the same hazard.</param>
/// <param name="Degrees">Degrees of freedom: groups that could be compared, less one.</param>
public sealed record GroupLogRank(IReadOnlyList<double> Observed, IReadOnlyList<double> Expected, double ChiSquare, int Degrees, double PValue)
{
    /// <summary>Mantel's statistic with the hypergeometric covariance of the groups' events (Kalbfleisch and Prentice 2002, section 1.5).</summary>
    /// <exception cref="ArgumentException">Fewer than two groups, or one of them is empty.</exception>
    public static GroupLogRank Compare(IReadOnlyList<IReadOnlyList<SurvivalTime>> groups)
    {
        if (groups.Count < 2)
            throw new ArgumentException("A comparison needs at least two groups.", nameof(groups));
        var sorted = groups.Select(group => KaplanMeier.Sorted(group)).ToList();
        var (observed, expected) = (new double[groups.Count], new double[groups.Count]);
        var covariance = Matrix<double>.Build.Dense(groups.Count, groups.Count);
        foreach (var time in sorted.SelectMany(group => group).Where(item => item.Event).Select(item => item.Time).Distinct().Order())
        {
            var atRisk = sorted.Select(group => (double)KaplanMeier.AtRisk(group, time)).ToArray();
            var events = sorted.Select(group => (double)group.Count(item => item.Event && item.Time.Equals(time))).ToArray();
            var (risk, all) = (atRisk.Sum(), events.Sum());
            for (var i = 0; i < groups.Count; i++)
            {
                observed[i] += events[i];
                expected[i] += all * atRisk[i] / risk;
                for (var j = 0; j < groups.Count && risk > 1; j++)
                    covariance[i, j] += all * (risk - all) / (risk - 1) * (atRisk[i] / risk) * ((i == j ? 1 : 0) - (atRisk[j] / risk));
            }
        }

        // The differences add up to zero: one group is left out; groups that were never at risk of an event drop out as well.
        var used = Enumerable.Range(0, groups.Count).Where(i => expected[i] > 0).ToList();
        var degrees = used.Count - 1;
        if (degrees < 1)
            return new GroupLogRank(observed, expected, 0, 0, 1);
        var difference = Vector<double>.Build.Dense(degrees, i => observed[used[i]] - expected[used[i]]);
        var reduced = Matrix<double>.Build.Dense(degrees, degrees, (i, j) => covariance[used[i], used[j]]);
        var chiSquare = reduced.Determinant() > 0 ? difference.DotProduct(reduced.Solve(difference)) : 0;
        return new GroupLogRank(observed, expected, chiSquare, degrees, 1 - ChiSquared.CDF(degrees, chiSquare));
    }
}
