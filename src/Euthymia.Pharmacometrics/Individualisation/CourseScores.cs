using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>A score in the clinic's own terms, over the draws of a posterior.</summary>
internal static class CourseScores
{
    // Gauss-Hermite, three points: the mean over the visits' scatter.
    private static readonly double HermiteNode = Math.Sqrt(3);

    /// <summary>The score of a logit, whose visit deviates from what is expected.</summary>
    public static double Observed(double logit, double visitSd, double deviate) => MoodModel.Madrs(logit + visitSd * deviate);

    /// <summary>Mean score over the visits' scatter.</summary>
    public static double Mean(double logit, double visitSd)
        => (4 * MoodModel.Madrs(logit) + MoodModel.Madrs(logit - visitSd * HermiteNode) + MoodModel.Madrs(logit + visitSd * HermiteNode)) / 6;

    /// <summary>Probability that a visit's score is at most a limit.</summary>
    public static double AtMost(double limit, double logit, double visitSd) => NormalProbability.Of((MoodModel.Logit(limit) - logit) / visitSd);

    /// <summary>Probability of response at a visit: a fall of at least half from baseline.</summary>
    public static double Response(double baseline, double logit, double visitSd) => AtMost(baseline / 2, logit, visitSd);

    /// <summary>Probability of remission at a visit: at or below the scale's cut-off.</summary>
    public static double Remission(double logit, double visitSd) => AtMost(DepressionScale.Madrs.RemissionAtMost, logit, visitSd);

    /// <summary>Band of the observed score at each time.</summary>
    public static Band ObservedBand(CourseOutcome outcome, int times, int draws, double visitSd)
    {
        var band = new Band(new double[times], new double[times], new double[times]);
        var values = new double[draws];
        for (var t = 0; t < times; t++)
        {
            for (var i = 0; i < draws; i++)
                values[i] = Observed(outcome.Logits[t * draws + i], visitSd, CourseSimulation.VisitDeviate(i, t));
            (band.Low[t], band.Median[t], band.High[t]) = Quantile.Band(values);
        }

        return band;
    }

    /// <summary>
    /// Days from the start of the times to relapse of each draw that responds at the first time, infinity when there is none,
    /// NaN for a draw that does not respond: two visits in a row, twice a week, that leave less than half of the fall.
    /// </summary>
    public static double[] RelapseDays(CourseOutcome outcome, IReadOnlyList<double> timesHours, int draws, double visitSd)
    {
        var days = new double[draws];
        for (var i = 0; i < draws; i++)
        {
            var baseline = outcome.Baselines[i];
            var first = Observed(outcome.Logits[i], visitSd, CourseSimulation.VisitDeviate(i, 0));
            if (first > baseline / 2)
            {
                days[i] = double.NaN;
                continue;
            }

            var limit = baseline - (baseline - first) / 2;
            days[i] = double.PositiveInfinity;
            var above = false;
            for (var t = 1; t < timesHours.Count; t++)
            {
                var isAbove = Observed(outcome.Logits[t * draws + i], visitSd, CourseSimulation.VisitDeviate(i, t)) > limit;
                if (isAbove && above)
                {
                    days[i] = (timesHours[t] - timesHours[0]) / 24;
                    break;
                }

                above = isAbove;
            }
        }

        return days;
    }
}
