namespace Euthymia.Trials.VirtualTrials;

/// <summary>Summarises simulated scores as a publication does. NaN where a replicate has no value (an odds ratio of nothing).</summary>
internal static class TargetValue
{
    private const double RelapseFall = 0.5;

    public static double Of(Target target, ArmScores a, ArmScores? b, double[] timesA, double[] timesB, double lastSessionHours)
        => target.Summary switch
        {
            Summary.Mean => Mean(Last(target, a, timesA)),
            Summary.Change => MeanChange(target, a, timesA),
            Summary.PercentChange => PercentChange(target, a, timesA),
            Summary.Percent when target.Quantity is Quantity.Relapse => RelapsePercent(a, timesA, lastSessionHours, target.Hours),
            Summary.PrePostEffect => PrePost(target, a, timesA),
            Summary.Percent => 100 * Share(target, a, timesA),
            Summary.PercentAnyTime => 100 * ShareEver(target, a, timesA),
            Summary.BaselineCorrelation => Correlation(Used(target, a.Baseline), Last(target, a, timesA)),
            Summary.MedianDays => MedianRelapse(a, timesA, lastSessionHours),
            Summary.Difference => target.Quantity is Quantity.Score
                ? MeanChange(target, a, timesA) - MeanChange(target, b!, timesB)
                : 100 * (Share(target, a, timesA) - Share(target, b!, timesB)),
            Summary.StandardisedDifference => Standardised(target, a, b!, timesA, timesB),
            Summary.OddsRatio => Odds(target, a, timesA) / Odds(target, b!, timesB),
            Summary.RiskRatio => Continuity(Share(target, a, timesA), a.Baseline.Length) / Continuity(Share(target, b!, timesB), b!.Baseline.Length),
            _ => double.NaN,
        };

    private static ReadOnlySpan<double> Used(Target target, double[] values)
        // Patients who dropped out are missing at random: the publication's n at that visit, out of the arm's.
        => target.Outcome.N is >= 1 and var n && n < values.Length && !target.IsContrast ? values.AsSpan(0, (int)n) : values;

    private static ReadOnlySpan<double> Last(Target target, ArmScores arm, double[] times) => Used(target, arm.Scores[Array.IndexOf(times, target.Hours)]);

    private static double MeanChange(Target target, ArmScores arm, double[] times) => Mean(Last(target, arm, times)) - Mean(Used(target, arm.Baseline));

    private static double PercentChange(Target target, ArmScores arm, double[] times)
    {
        var after = Last(target, arm, times);
        var before = Used(target, arm.Baseline);
        var sum = 0.0;
        for (var i = 0; i < after.Length; i++)
            sum += 100 * (after[i] - before[i]) / Math.Max(before[i], 1);
        return sum / after.Length;
    }

    private static double Share(Target target, ArmScores arm, double[] times)
    {
        var after = Last(target, arm, times);
        var before = Used(target, arm.Baseline);
        var count = 0;
        for (var i = 0; i < after.Length; i++)
            count += Reached(target, after[i], before[i]) ? 1 : 0;
        return (double)count / after.Length;
    }

    private static double ShareEver(Target target, ArmScores arm, double[] times)
    {
        var count = 0;
        var n = Used(target, arm.Baseline).Length;
        for (var i = 0; i < n; i++)
        {
            for (var t = 0; t < times.Length; t++)
            {
                if (times[t] <= target.Hours && Reached(target, arm.Scores[t][i], arm.Baseline[i]))
                {
                    count++;
                    break;
                }
            }
        }
        return (double)count / n;
    }

    private static bool Reached(Target target, double after, double before)
        => target.Quantity is Quantity.Remission ? after < target.Threshold + 0.5 : after <= before * (1 - target.Threshold);

    private static double Odds(Target target, ArmScores arm, double[] times)
    {
        var share = Continuity(Share(target, arm, times), arm.Baseline.Length);
        return share / (1 - share);
    }

    // Half a patient on either side keeps ratios finite (Haldane 1956).
    private static double Continuity(double share, int n) => (share * n + 0.5) / (n + 1);

    private static double Standardised(Target target, ArmScores a, ArmScores b, double[] timesA, double[] timesB)
    {
        var (changeA, changeB) = (Changes(target, a, timesA), Changes(target, b, timesB));
        var pooled = Math.Sqrt((Variance(changeA) + Variance(changeB)) / 2);
        // Published effect sizes take either sign for a benefit: the prediction follows the sign of the publication.
        var benefit = Mean(changeB) - Mean(changeA);
        return Math.Sign(target.Outcome.Value!.Value) * benefit / pooled;
    }

    private static double[] Changes(Target target, ArmScores arm, double[] times)
    {
        var after = arm.Scores[Array.IndexOf(times, target.Hours)];
        return [.. after.Select((score, i) => score - arm.Baseline[i])];
    }

    // Mean change over the mean SD before and after, in the direction in which it was published.
    private static double PrePost(Target target, ArmScores arm, double[] times)
    {
        var sd = Math.Sqrt((Variance(arm.Baseline) + Variance(Last(target, arm, times))) / 2);
        return -Math.Sign(target.Outcome.Value!.Value) * MeanChange(target, arm, times) / sd;
    }

    private static double MedianRelapse(ArmScores arm, double[] times, double lastSessionHours)
    {
        var days = RelapseDays(arm, times, lastSessionHours);
        if (days.Count == 0)
            return double.NaN;
        days.Sort();
        var median = days[days.Count / 2];
        return double.IsFinite(median) ? median : (times.Max() - lastSessionHours) / 24;
    }

    private static double RelapsePercent(ArmScores arm, double[] times, double lastSessionHours, double untilHours)
    {
        var days = RelapseDays(arm, times, lastSessionHours);
        return days.Count == 0 ? double.NaN : 100.0 * days.Count(day => lastSessionHours + day * 24 <= untilHours) / days.Count;
    }

    // Of each responder after the last session: days from it to the first of two visits in a row at which less than half of
    // the fall is left; infinite for those who keep it.
    private static List<double> RelapseDays(ArmScores arm, double[] times, double lastSessionHours)
    {
        var visits = Enumerable.Range(0, times.Length).Where(t => times[t] > lastSessionHours).OrderBy(t => times[t]).ToList();
        var days = new List<double>();
        if (visits.Count < 3)
            return days;
        for (var i = 0; i < arm.Baseline.Length; i++)
        {
            var limit = arm.Baseline[i] * RelapseFall;
            if (arm.Scores[visits[0]][i] > limit)
                continue;
            var relapse = double.PositiveInfinity;
            for (var v = 1; v + 1 < visits.Count; v++)
            {
                if (arm.Scores[visits[v]][i] > limit && arm.Scores[visits[v + 1]][i] > limit)
                {
                    relapse = (times[visits[v]] - lastSessionHours) / 24;
                    break;
                }
            }
            days.Add(relapse);
        }
        return days;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }

    private static double Variance(ReadOnlySpan<double> values)
    {
        var mean = Mean(values);
        var sum = 0.0;
        foreach (var value in values)
            sum += (value - mean) * (value - mean);
        return sum / Math.Max(1, values.Length - 1);
    }

    private static double Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (meanX, meanY, xy, xx, yy) = (Mean(x), Mean(y), 0.0, 0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xx > 0 && yy > 0 ? xy / Math.Sqrt(xx * yy) : double.NaN;
    }
}
