using System.Globalization;
using Euthymia.Clinic.Forecasts;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using Planned = Euthymia.Pharmacometrics.Planning;

namespace Euthymia.Clinic.Courses.Decisions;

/// <summary>A probability with the day it is for.</summary>
public sealed record Chance(int Day, double Response, double Remission);

/// <summary>One choice of maintenance with what the patient's own model expects within <see cref="OwnForecast.HorizonDays"/> days.</summary>
/// <param name="Name">Such as "every 14 days".</param>
/// <param name="Visits">Infusions.</param>
/// <param name="Relapse">Probability of relapse among courses in which the patient responds now.</param>
/// <param name="MeanScore">Mean expected MADRS.</param>
public sealed record MaintenanceChoice(string Name, int Visits, double Relapse, double MeanScore);

/// <summary>What the patient's own model expects, for a decision: going on as ordered, stopping, and maintenance. Probabilities are at one visit on the day.</summary>
/// <param name="GoingOn">Days after the last infusion still ordered; null when none is left.</param>
/// <param name="Stopping">If nothing more is given, from now.</param>
/// <param name="RelapseByDay14">Without anything more, among courses that respond now.</param>
/// <param name="RelapseByDay28">The same.</param>
/// <param name="Responding">Probability of responding now.</param>
/// <param name="ScoreLow">5th percentile of MADRS a week from now without anything more.</param>
/// <param name="ScoreHigh">95th percentile.</param>
/// <param name="Choices">Intervals, a taper, and none.</param>
/// <param name="Basis">Models with versions, and data.</param>
/// <param name="Remarks">What lies outside the models or could not be used.</param>
public sealed record OwnForecast(
    Chance? GoingOn, IReadOnlyList<Chance> Stopping, double RelapseByDay14, double RelapseByDay28, double Responding, double ScoreLow, double ScoreHigh,
    IReadOnlyList<MaintenanceChoice> Choices, string Basis, IReadOnlyList<string> Remarks)
{
    /// <summary>How far maintenance is looked at.</summary>
    public const int HorizonDays = 84;

    private static readonly int[] OffDays = [7, 14, 28];
    private static readonly double[] Intervals = [7, 14, 21, 28, 42];

    /// <summary>A taper of growing intervals: weekly, every ten days, every two and three weeks, then the end. Assumed; none was tested in a trial.</summary>
    public static IReadOnlyList<int> TaperDays { get; } = [7, 10, 14, 21];

    /// <summary>Forecasts on one patient's model.</summary>
    /// <param name="estimate">The model.</param>
    /// <param name="data">What it was made from.</param>
    /// <param name="order">The order that holds.</param>
    /// <param name="toCome">When infusions still ordered are planned.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidInputException">The patient is outside the models' range.</exception>
    public static OwnForecast Of(IndividualEstimate estimate, ModelData data, InfusionOrder order, IReadOnlyList<DateTimeOffset> toCome, DateTimeOffset now, CancellationToken cancel = default)
    {
        var nowHours = Math.Max(data.HoursAt(now), IndividualForecast.EarliestHours(estimate));
        Infusion[] planned = [.. toCome.Where(at => data.HoursAt(at) >= nowHours).Order().Select(at => Infusion.Constant(at - data.Origin, order.Arithmetic.Dose, order.Duration))];
        Chance? goingOn = null;
        if (planned.Length > 0)
        {
            var day = Math.Min((int)Math.Ceiling((planned[^1].Start.TotalHours - nowHours) / 24) + 1, 365);
            var on = IndividualForecast.Of(estimate, nowHours, planned, day, cancellation: cancel);
            goingOn = new Chance(day, on.Response[day], on.Remission[day]);
        }

        var off = IndividualForecast.Of(estimate, nowHours, [], 28, cancellation: cancel);
        var profile = new Planned.ConstantDose(order.DosePerKilogram, null, order.Duration);
        var maintenance = Planned.Maintenance.Of(estimate, nowHours, profile, Intervals, HorizonDays, cancellation: cancel);
        var taper = Planned.Maintenance.OfSchedule(estimate, nowHours, profile, [.. Days(TaperDays)], HorizonDays, cancellation: cancel);
        MaintenanceChoice Choice(string name, Planned.MaintenanceInterval interval) => new(name, interval.Visits, interval.Relapse, interval.MeanScore);
        return new OwnForecast(
            goingOn,
            [.. OffDays.Select(day => new Chance(day, off.Response[day], off.Remission[day]))],
            off.Relapse.ByDay[14], off.Relapse.ByDay[28], off.Relapse.Responding, off.Score.Low[7], off.Score.High[7],
            [
                .. maintenance.Intervals.Select(i => Choice(string.Create(CultureInfo.InvariantCulture, $"every {i.IntervalDays:0} days"), i)),
                Choice($"taper after {string.Join(", ", TaperDays)} days", taper),
                Choice("nothing more", maintenance.Without),
            ],
            estimate.Basis,
            [.. estimate.Range.Select(f => f.Text), .. data.Caveats, .. estimate.Observations.Select(o => o.Remark).OfType<string>()]);
    }

    /// <summary>The forecast in words, as it is kept with a decision.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture,
        $"{(GoingOn is { } on ? $"Going on as ordered: response {on.Response:P0}, remission {on.Remission:P0} on day {on.Day} from now. " : "")}Nothing more: response {Stopping[^1].Response:P0} on day {Stopping[^1].Day}, relapse by day 28 {RelapseByDay28:P0} of courses that respond now ({Responding:P0}). {string.Join("; ", Choices.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name}: relapse {c.Relapse:P0} in {HorizonDays} days")))}. {Basis}");

    private static IEnumerable<double> Days(IEnumerable<int> intervals)
    {
        var day = 0;
        foreach (var interval in intervals)
            yield return day += interval;
    }
}
