using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Clinic.Forecasts;

/// <summary>What to expect at the chair during and after one infusion, by minutes from its start.</summary>
/// <param name="Minutes">From the start.</param>
/// <param name="Systolic">mmHg, readings with their scatter.</param>
/// <param name="Diastolic">mmHg.</param>
/// <param name="Dissociation">Level 0 to 4 as an observer rates it.</param>
/// <param name="Basis">Models with versions, and data.</param>
/// <param name="Observations">How many observations of this patient it rests on; 0: population only.</param>
/// <param name="Withheld">Why there are no numbers; null when there are.</param>
public sealed record ChairForecast(IReadOnlyList<double> Minutes, Band Systolic, Band Diastolic, Band Dissociation, string Basis, int Observations, string? Withheld)
{
    private static readonly Band Empty = new([], [], []);
    private static readonly double[] LevelsFrom = [.. Enumerable.Range(1, 4).Select(level => IndividualParameters.Default[$"level_{level}_from"])];

    /// <summary>Forecasts an infusion on a patient's own model.</summary>
    /// <param name="estimate">From what was known before the infusion.</param>
    /// <param name="data">What it was made from.</param>
    /// <param name="infusion">As given so far and as it will go on, counted from the data's origin.</param>
    public static ChairForecast Of(IndividualEstimate estimate, ModelData data, Infusion infusion)
    {
        var observations = estimate.Observations.Count(o => o.IsExplained);
        if (ScoreForecast.WithheldBecause(estimate) is { } why)
            return new ChairForecast([], Empty, Empty, Empty, estimate.Basis, observations, why);
        var forecast = IndividualForecast.Of(estimate, infusion.Start.TotalHours, [infusion], days: 1).Infusion!;
        return new ChairForecast(
            [.. forecast.HoursFromStart.Select(h => h * 60)], forecast.Systolic, forecast.Diastolic,
            new Band(Levels(forecast.Cadss.Low), Levels(forecast.Cadss.Median), Levels(forecast.Cadss.High)),
            estimate.Basis, observations, null);
    }

    /// <summary>
    /// The infusion of a visit as it will have been: segments given, and while it runs the rest of its volume at the present rate.
    /// Null before the start.
    /// </summary>
    /// <param name="state">The visit now.</param>
    /// <param name="origin">Hour zero of the data.</param>
    public static Infusion? InfusionOf(VisitState state, DateTimeOffset origin)
    {
        if (state.Concentration is not { } concentration || state.StartedAt is null)
            return null;
        List<RateSegment> segments = [.. state.Segments.Where(s => s.End > s.Start).Select(s => new RateSegment(s.Start - origin, s.End - s.Start, s.Rate * concentration))];
        if (state is { Rate: { Value: > 0 } rate, TimeLeft: { } left } && left > TimeSpan.Zero)
            segments.Add(new RateSegment((segments.Count > 0 ? segments[^1].End : state.At - origin), left, rate * concentration));
        return segments.Count == 0 ? null : new Infusion(segments);
    }

    /// <summary>The percentiles of a quantity at a moment, between the times of the forecast; null outside them.</summary>
    public (double Low, double Median, double High)? At(Band band, double minute)
    {
        if (Minutes.Count == 0 || minute < Minutes[0] || minute > Minutes[^1])
            return null;
        var after = 1;
        while (after < Minutes.Count - 1 && Minutes[after] < minute)
            after++;
        var share = (minute - Minutes[after - 1]) / (Minutes[after] - Minutes[after - 1]);
        double Between(double[] values) => values[after - 1] + (share * (values[after] - values[after - 1]));
        return (Between(band.Low), Between(band.Median), Between(band.High));
    }

    private static double[] Levels(double[] cadss) => [.. cadss.Select(total => (double)LevelsFrom.Count(from => total >= from))];
}
