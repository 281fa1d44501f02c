using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Clinic.Forecasts;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Web.Components.Charts;
using Euthymia.Web.Shared;

namespace Euthymia.Web.Pages.Courses;

/// <summary>One patient's forecasts as pictures: the next infusion minute by minute, and the scores of the weeks ahead.</summary>
public static class PlanDrawing
{
    private const double LowestPressure = 60;

    /// <summary>Concentration, dissociation and blood pressure of one infusion.</summary>
    public static ForecastPicture Infusion(InfusionForecast forecast, PlanLevers levers)
    {
        double[] minutes = [.. forecast.HoursFromStart.Select(h => h * 60)];
        Panel Fan(Quantity quantity, string label, string unit, Band band) =>
            new(quantity, label, unit) { Predicted = new PredictedBand(minutes, band.Low, band.Median, band.High), Weight = 0.8 };
        Panel[] panels =
        [
            Fan(Quantity.Arterial, "Ketamine in arterial plasma", "ng/mL", forecast.Plasma),
            Fan(Quantity.Dissociation, "Dissociation", "CADSS, 0 to 92", forecast.Cadss) with { Thresholds = [new Threshold(PlanLevers.StrongDissociation, $"strong: {PlanLevers.StrongDissociation:0}")] },
            Fan(Quantity.Systolic, "Systolic pressure", "mmHg", forecast.Systolic) with { Lowest = LowestPressure, Thresholds = [new Threshold(levers.SystolicLimit, $"limit: {levers.SystolicLimit:0}")] },
        ];
        var step = Math.Max(1, minutes.Length / 12);
        var rows = Enumerable.Range(0, minutes.Length).Where(i => i % step == 0)
            .Select(i => (IReadOnlyList<string>)[Figure(minutes[i]), .. panels.Select(p => Range(p.Predicted!, i))]);
        return new ForecastPicture(
            new TimeAxis(TimeAxisKind.Minutes, 0, Math.Ceiling(minutes[^1] / 10) * 10, "minutes from the start"),
            panels,
            $"Highest median and 90 % band of readings: {string.Join("; ", panels.Select(Peak))}.",
            new ChartTable("Next infusion: median (5th to 95th percentile)", ["Minute", .. panels.Select(p => $"{p.Label}, {p.Unit}")], [.. rows]));
    }

    /// <summary>The score of the weeks ahead, day 0 being the next infusion.</summary>
    public static ForecastPicture Score(ScoreForecast forecast, ClinicSettings clinic)
    {
        var origin = forecast.Moments[0];
        double Day(DateTimeOffset at) => (at - origin).TotalDays;
        var band = new PredictedBand([.. forecast.Moments.Select(Day)], forecast.Score.Low, forecast.Score.Median, forecast.Score.High);
        var panel = new Panel(Quantity.Score, forecast.Scale.Name, $"of {forecast.Scale.Maximum:0}, lower is better")
        {
            Predicted = band,
            Highest = forecast.Scale.Maximum,
            Thresholds = [new Threshold(forecast.Scale.RemissionAtMost, $"remission: {forecast.Scale.RemissionAtMost:0} or less")],
        };
        var weeks = Enumerable.Range(0, band.Times.Count).Where(i => band.Times[i] % 7 == 0).ToList();
        return new ForecastPicture(
            new TimeAxis(TimeAxisKind.Days, 0, band.Times[^1], $"days from the next infusion ({clinic.Date(origin)})"),
            [panel],
            $"{forecast.Scale.Name} to be expected at a visit, median and 90 % interval: {string.Join("; ", weeks.Where(i => band.Times[i] is 14 or 28 or 56).Select(i => $"day {band.Times[i]:0} {Range(band, i)}"))}.",
            new ChartTable($"{forecast.Scale.Name} ahead: median (5th to 95th percentile)", ["Day", forecast.Scale.Name], [.. weeks.Select(i => (IReadOnlyList<string>)[Figure(band.Times[i]), Range(band, i)])]));
    }

    /// <summary>Median and interval, such as "9 (3 to 16)".</summary>
    public static string Range(PredictedBand band, int at) => $"{Figure(band.Median[at])} ({Figure(band.Low[at])} to {Figure(band.High[at])})";

    private static string Peak(Panel panel)
    {
        var at = Enumerable.Range(0, panel.Predicted!.Median.Count).MaxBy(i => panel.Predicted.Median[i]);
        return $"{panel.Label.ToLowerInvariant()} {Range(panel.Predicted, at)} {panel.Unit.Split(',')[0]} at {Figure(panel.Predicted.Times[at])} min";
    }

    // Two figures are all that the spread carries.
    private static string Figure(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
