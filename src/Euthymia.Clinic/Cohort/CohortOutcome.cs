using Euthymia.Clinic.Rules;
using Euthymia.Trials.Statistics;

namespace Euthymia.Clinic;

/// <summary>How a course ended and what came after it. Null is "not assessed".</summary>
/// <param name="End">The PHQ-9 total that the end of the course is judged by.</param>
/// <param name="IsResponse">A fall of at least half from the baseline.</param>
/// <param name="IsRemission">A total below the remission score.</param>
/// <param name="Relapse">Days from the last infusion of a responder to relapse, or to the last total without one; null without a response.</param>
public sealed record CohortOutcome(CohortScore? End, bool? IsResponse, bool? IsRemission, SurvivalTime? Relapse)
{
    /// <summary>
    /// The first PHQ-9 total after the last infusion and at most this long after it judges the course. It is the scale's own recall window:
    /// a later total no longer looks back on the course.
    /// </summary>
    public static readonly TimeSpan EndWindow = TimeSpan.FromDays(14);

    /// <summary>Judges a course by the clinic's rule settings (MNT-05 for relapse).</summary>
    public static CohortOutcome Of(CohortCourse course, RuleSettings rules)
    {
        var after = course.Scores.Where(s => s.At > course.LastInfusionEnd).ToList();
        if (!course.IsOver || after.Count == 0 || after[0].At > course.LastInfusionEnd + EndWindow)
            return new CohortOutcome(null, null, null, null);
        var end = after[0];
        var response = Instrument.Phq9.IsResponse(course.Baseline, end.Total);
        return new CohortOutcome(end, response, Instrument.Phq9.IsRemission(end.Total), response == true ? RelapseOf(course, after, rules) : null);
    }

    /// <summary>
    /// Relapse is two totals in a row, days apart, both at or above the relapse score and well above the best of the course; its time is
    /// that of the first of them. Who has no relapse counts as seen up to the last total.
    /// </summary>
    private static SurvivalTime RelapseOf(CohortCourse course, List<CohortScore> after, RuleSettings rules)
    {
        var rule = RuleBook.Get("MNT-05");
        var (limit, above, apart) = (rules.Value(rule, "phq9"), rules.Value(rule, "above_best"), TimeSpan.FromDays((double)rules.Value(rule, "apart")));
        var best = course.Scores.Where(s => s.At <= after[0].At).Min(s => s.Total);
        DateTimeOffset? since = null;
        foreach (var score in after)
        {
            best = Math.Min(best, score.Total);
            if (score.Total < limit || score.Total < best + above)
                since = null;
            else if (since is { } first && score.At - first >= apart)
                return new SurvivalTime((first - course.LastInfusionEnd).TotalDays, Event: true);
            else
                since ??= score.At;
        }

        return new SurvivalTime((after[^1].At - course.LastInfusionEnd).TotalDays, Event: false);
    }
}
