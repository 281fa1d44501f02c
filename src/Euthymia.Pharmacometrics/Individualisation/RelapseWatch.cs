using System.Globalization;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>What a patient's own model expects of the coming days if nothing more is given.</summary>
/// <param name="Responded">Probability that the patient responded at all: without a response there is nothing to relapse from.</param>
/// <param name="ByDay">
/// At [day from now], among the draws that responded, the probability that the expected score has lost half of its best fall. The
/// expected score is without the scatter of single answers, so that one bad day alone does not raise it much.
/// </param>
/// <param name="Basis">What it rests on.</param>
public sealed record RelapseOutlook(double Responded, double[] ByDay, string Basis);

/// <summary>
/// Sees a relapse come. A relapse is the loss of half of the best fall in the expected score, as in the models' forecasts; it is seen
/// when the patient's own model, with all answers so far, holds it probable within the horizon. One rule for the clinic's findings
/// and for the virtual patients it is measured on.
/// </summary>
public static class RelapseWatch
{
    private const int LongestDays = 120;
    private const double BestAfterHours = 24;

    /// <summary>The work of an estimate for the watch: enough draws for a probability to a few percent, the same in clinic and measurement.</summary>
    public static IndividualOptions Options { get; } = new(Draws: 200, Starts: 2, Threads: 1);

    /// <summary>Looks ahead from one moment.</summary>
    /// <param name="estimate">The patient, from all that was given and answered before <paramref name="nowHours"/>.</param>
    /// <param name="nowHours">From the start of the course; not before the last infusion given ended.</param>
    /// <param name="days">How far, 1 to 120.</param>
    /// <exception cref="InvalidInputException">The patient is outside the models' range, or a number is out of range.</exception>
    public static RelapseOutlook Of(IndividualEstimate estimate, double nowHours, int days)
    {
        ModelRange.Require(estimate.Range);
        IndividualForecast.CheckNow(estimate, nowHours);
        if (days is < 1 or > LongestDays)
            throw new InvalidInputException("days-out-of-range", "days", string.Create(CultureInfo.InvariantCulture, $"The watch looks 1 to {LongestDays} days ahead."));

        var simulation = new CourseSimulation(estimate, nowHours, [], 1);
        var model = new KetamineIndividual(estimate.Context);
        var (responded, lost) = (0, new int[days + 1]);
        Span<double> best = stackalloc double[IndividualModel.Lanes];
        for (var group = 0; group * IndividualModel.Lanes < simulation.Draws; group++)
        {
            var effects = simulation.Points(group);
            model.Patient.Set(effects);
            Best(estimate.Context, model, effects, nowHours, best);
            var walk = model.WalkTo(nowHours, effects);
            var lanes = Math.Min(IndividualModel.Lanes, simulation.Draws - group * IndividualModel.Lanes);
            for (var day = 0; day <= days; day++)
            {
                walk.To(nowHours + 24.0 * day, model.Patient);
                var score = LanePatient.Madrs(walk.Logit(model.Patient));
                for (var lane = 0; lane < lanes; lane++)
                {
                    var baseline = model.Patient.BaselineMadrs[lane];
                    if (best[lane] > baseline / 2)
                        continue;
                    responded += day == 0 ? 1 : 0;
                    lost[day] += score[lane] > Limit(baseline, best[lane]) ? 1 : 0;
                }
            }
        }

        return new RelapseOutlook(responded / (double)simulation.Draws, [.. lost.Select(count => responded == 0 ? 0 : count / (double)responded)], estimate.Basis);
    }

    /// <summary>Whether a relapse is seen on a day of the outlook: the patient probably responded, and has probably lost half of the fall by the horizon's end.</summary>
    /// <param name="outlook">From the last answer on.</param>
    /// <param name="probability">Least probability that asks for action, 0 to 1.</param>
    /// <param name="horizonDays">How far ahead to look.</param>
    /// <param name="day">Days since the outlook was made; the last day of the outlook stands for what lies beyond.</param>
    public static bool Sees(RelapseOutlook outlook, double probability, int horizonDays, int day = 0)
        => outlook.Responded >= 0.5 && ProbabilityBy(outlook, horizonDays, day) >= probability;

    /// <summary>The probability that <see cref="Sees"/> compares.</summary>
    /// <param name="outlook">From the last answer on.</param>
    /// <param name="horizonDays">How far ahead to look.</param>
    /// <param name="day">Days since the outlook was made.</param>
    public static double ProbabilityBy(RelapseOutlook outlook, int horizonDays, int day = 0) => outlook.ByDay[Math.Clamp(day + horizonDays, 0, outlook.ByDay.Length - 1)];

    /// <summary>The score above which half of the best fall is lost, in the points of <paramref name="baseline"/>.</summary>
    /// <param name="baseline">Before treatment.</param>
    /// <param name="best">Lowest since.</param>
    public static double Limit(double baseline, double best) => baseline - (baseline - best) / 2;

    // The best that was reached: a day after each session, when the effect of the session stands highest.
    private static void Best(IndividualContext context, KetamineIndividual model, double[] effects, double nowHours, Span<double> best)
    {
        best.Fill(double.PositiveInfinity);
        foreach (var session in context.Sessions)
        {
            var hours = Math.Min(session.StartHours + BestAfterHours, nowHours);
            var score = LanePatient.Madrs(model.WalkTo(hours, effects).Logit(model.Patient));
            for (var lane = 0; lane < IndividualModel.Lanes; lane++)
                best[lane] = Math.Min(best[lane], score[lane]);
        }
    }
}
