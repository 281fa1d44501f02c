using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>
/// The score to be observed on the scale that a clinic uses, with the patient's own crosswalk from the MADRS where scores of that
/// scale are known, and the population's where none is. A pure function of the estimate and what is asked.
/// </summary>
public static class ScaleForecast
{
    private const ulong CrosswalkSeed = 0x5CA1E;

    /// <summary>5th, 50th and 95th percentile of the score at a visit at each time.</summary>
    /// <param name="estimate">The patient.</param>
    /// <param name="scale">From <see cref="DepressionScale.All"/>.</param>
    /// <param name="nowHours">From the start of the course; not before the last infusion given ended.</param>
    /// <param name="planned">Infusions to come, none before now.</param>
    /// <param name="hours">From the start of the course, ascending, none before now.</param>
    /// <param name="threads">At most this many at once; null for one per core. It never changes a result.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidInputException">The patient is outside the models' range, or a time is.</exception>
    public static Band Of(
        IndividualEstimate estimate, DepressionScale scale, double nowHours, IReadOnlyList<Infusion> planned, IReadOnlyList<double> hours, int? threads = null, CancellationToken cancellation = default)
    {
        ModelRange.Require(estimate.Range);
        IndividualForecast.CheckNow(estimate, nowHours);
        if (hours.Count == 0 || hours[0] < nowHours || hours.Zip(hours.Skip(1)).Any(pair => pair.Second < pair.First))
            throw new InvalidInputException("hours-out-of-range", "hours", "Give the times of the forecast in ascending order, none before now.");
        if (planned.Any(infusion => infusion.Start.TotalHours < nowHours))
            throw new InvalidInputException("planned-in-past", "planned", "A planned infusion starts before now: give what was given as given.");

        var (draws, visitSd) = (estimate.Posterior.Count, estimate.Context.Response["visit_sd"]);
        var outcome = new CourseSimulation(estimate, nowHours, [.. hours], threads ?? Environment.ProcessorCount).Run([IndividualForecast.Future(planned)], cancellation)[0];
        if (scale == DepressionScale.Madrs)
            return CourseScores.ObservedBand(outcome, hours.Count, draws, visitSd);

        var residual = Residual.Score(scale.Maximum / 2, scale.Maximum, scale.ScatterSd, visitSd, scale.Slope * MoodModel.MaximumMadrs);
        double[] slopes = [.. Enumerable.Range(0, draws).Select(draw => SlopeOf(estimate, scale, draw))];
        var band = new Band(new double[hours.Count], new double[hours.Count], new double[hours.Count]);
        var values = new double[draws];
        for (var t = 0; t < hours.Count; t++)
        {
            for (var i = 0; i < draws; i++)
                values[i] = Math.Clamp(residual.Draw(slopes[i] * MoodModel.Madrs(outcome.Logits[t * draws + i]), CourseSimulation.VisitDeviate(i, t)), 0, scale.Maximum);
            (band.Low[t], band.Median[t], band.High[t]) = Quantile.Band(values);
        }

        return band;
    }

    private static double SlopeOf(IndividualEstimate estimate, DepressionScale scale, int draw)
        => estimate.Context.Layout.Crosswalks.TryGetValue(scale.Name, out var effect)
            ? estimate.Effects[effect].Effect.Natural(estimate.Posterior[draw][effect])
            : scale.Slope * Math.Exp(scale.SlopeCv * new Deviates(CrosswalkSeed, (ulong)draw).Normal(0));
}
