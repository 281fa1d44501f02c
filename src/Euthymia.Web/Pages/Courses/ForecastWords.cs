using Euthymia.Clinic;
using Euthymia.Clinic.Forecasts;
using Euthymia.Web.Components.Charts;
using Euthymia.Web.Shared;

namespace Euthymia.Web.Pages.Courses;

/// <summary>A forecast of scores as charts, sentences and tables show it, the same on every page.</summary>
public static class ForecastWords
{
    /// <summary>The band over a chart's own axis of time.</summary>
    public static PredictedBand Band(ScoreForecast forecast, Func<DateTimeOffset, double> time) =>
        new([.. forecast.Moments.Select(time)], forecast.Score.Low, forecast.Score.Median, forecast.Score.High);

    /// <summary>Once a week, counted from the end, so that the last day is among them; nothing without a forecast.</summary>
    public static IEnumerable<(DateTimeOffset At, string Range)> Weekly(ScoreForecast? forecast) => forecast is null ? [] : Enumerable.Range(0, forecast.Moments.Count)
        .Where(i => (forecast.Moments[^1] - forecast.Moments[i]).TotalDays % 7 == 0).Select(i => (forecast.Moments[i], PlanDrawing.Range(Band(forecast, _ => 0), i)));

    /// <summary>What is to be expected at its end, and on which infusions that counts; empty without a forecast.</summary>
    public static string Ahead(ScoreForecast? forecast, ClinicSettings clinic)
    {
        if (forecast is null)
            return "";
        var counting = forecast.ToCome.Count switch { 0 => "if nothing more is given", 1 => "with the infusion still ordered", var n => $"with the {n} infusions still ordered" };
        var last = PlanDrawing.Range(Band(forecast, _ => 0), forecast.Moments.Count - 1);
        return $" Forecast, {counting}: PHQ-9 {last} on {clinic.Date(forecast.Moments[^1])} (median and 90 % interval).";
    }
}
