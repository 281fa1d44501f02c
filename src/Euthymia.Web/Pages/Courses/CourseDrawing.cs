using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Clinic.Forecasts;
using Euthymia.Web.Components.Charts;
using Euthymia.Web.Shared;

namespace Euthymia.Web.Pages.Courses;

/// <summary>The picture of a course as a chart wants it.</summary>
public sealed record CourseDrawing(TimeAxis Time, IReadOnlyList<Panel> Panels, string Sentence, ChartTable Table)
{
    private const int LeastDays = 14;

    /// <summary>Draws a course.</summary>
    /// <param name="picture">What was given and observed.</param>
    /// <param name="clinic">Whose days and clock.</param>
    /// <param name="forecast">What continues the scores; null or withheld where there is none.</param>
    public static CourseDrawing Of(CoursePicture picture, ClinicSettings clinic, ScoreForecast? forecast = null)
    {
        if (forecast is { Withheld: not null })
            forecast = null;
        var first = picture.Infusions.Count > 0 ? picture.Infusions[0].StartedAt : clinic.MomentOf(picture.Course.FirstDay, TimeOnly.MinValue);
        var origin = clinic.DayOf(first);
        var midnight = clinic.MomentOf(origin, TimeOnly.MinValue);
        double Day(DateTimeOffset moment) => (moment - midnight).TotalDays;

        var moments = picture.Scores.Select(s => Day(s.Assessment.CompletedAt)).Concat(picture.Infusions.Select(i => Day(i.StartedAt))).Append(0).Concat(forecast?.Moments.Select(Day) ?? []).ToList();
        var planned = picture.Course.Order.Days[^1];
        var time = new TimeAxis(TimeAxisKind.Dates, Math.Floor(Math.Min(-1, moments.Min())), Math.Ceiling(Math.Max(Math.Max(LeastDays, planned), moments.Max())) + 1, origin.Year.ToString(CultureInfo.InvariantCulture), origin);
        var response = picture.Scores.FirstOrDefault(s => s.IsResponse == true);
        return new CourseDrawing(time, [Scores(picture, clinic, Day, response, forecast), Infusions(picture, clinic, Day)], Say(picture, clinic, response) + ForecastWords.Ahead(forecast, clinic), Tabulate(picture, clinic, forecast));
    }

    private static Panel Scores(CoursePicture picture, ClinicSettings clinic, Func<DateTimeOffset, double> day, ScorePoint? response, ScoreForecast? forecast)
    {
        var scale = Instrument.Phq9;
        List<Threshold> thresholds = [];
        if (scale.Scoring.RemissionBelow is { } remission)
            thresholds.Add(new Threshold(remission, $"remission: below {remission.ToString(CultureInfo.InvariantCulture)}"));
        if (picture.BaselineTotal is { } baseline and > 0 && scale.Scoring.ResponseFraction is { } fall)
        {
            var half = baseline * (1 - (double)fall);
            thresholds.Add(new Threshold(half, $"response: {half.ToString("0.#", CultureInfo.InvariantCulture)} or less"));
        }

        return new Panel(Quantity.Score, "PHQ-9", "of 27, lower is better")
        {
            Highest = scale.Maximum,
            Predicted = forecast is null ? null : ForecastWords.Band(forecast, day),
            Weight = 1.5,
            Observed = [.. picture.Scores.Select(s => new ObservedPoint(
                day(s.Assessment.CompletedAt), s.Assessment.Total, $"{clinic.Date(s.Assessment.CompletedAt)}: {TotalText(s.Assessment)}", s.Assessment.IsProrated))],
            Thresholds = thresholds,
            Marks = response is null ? [] : [new Mark(day(response.Assessment.CompletedAt), $"first response {clinic.Date(response.Assessment.CompletedAt)}")],
        };
    }

    private static Panel Infusions(CoursePicture picture, ClinicSettings clinic, Func<DateTimeOffset, double> day) =>
        new(Quantity.Dose, "Ketamine given", "mg (labels: mg/kg)")
        {
            Weight = 0.55,
            Bars = [.. picture.Infusions.Select(i => new Bar(day(i.StartedAt), (double)i.Dose.Value, PerKilogram(i)))],
        };

    private static string Say(CoursePicture picture, ClinicSettings clinic, ScorePoint? response)
    {
        var given = picture.Infusions.Count switch { 0 => "No infusion given yet", 1 => "1 infusion given", var n => $"{n} infusions given" };
        var of = $"{given} of {picture.Course.Order.Days.Count} ordered";
        var scored = picture.Scores.Where(s => s.Assessment.Total is not null).ToList();
        if (scored.Count == 0)
            return $"{of}; no PHQ-9 yet.";
        var last = scored[^1];
        var text = $"{of}; PHQ-9 now {last.Assessment.Total}";
        if (picture.BaselineTotal is { } baseline)
            text += last.IsBaseline ? ", which is the baseline" : $", from {baseline} before the course";
        text += response is null ? "; no response so far" : $"; first response on {clinic.Date(response.Assessment.CompletedAt)}";
        return text + (last.IsRemission == true ? "; in remission." : ".");
    }

    private static ChartTable Tabulate(CoursePicture picture, ClinicSettings clinic, ScoreForecast? forecast)
    {
        var scores = picture.Scores.Select(s => (At: s.Assessment.CompletedAt, What: "PHQ-9", Value: TotalText(s.Assessment), Meaning: Meaning(s)));
        var infusions = picture.Infusions.Select(i => (At: i.StartedAt, What: $"Infusion {i.NumberInCourse.ToString(CultureInfo.InvariantCulture)}", Value: $"{Milligrams(i)} mg", Meaning: $"{PerKilogram(i)} mg/kg over {ClinicTime.Length(i.EndedAt - i.StartedAt)}"));
        var ahead = ForecastWords.Weekly(forecast).Select(w => (w.At, What: "PHQ-9, forecast", Value: w.Range, Meaning: "median (5th to 95th percentile)"));
        return new ChartTable(
            forecast is null ? "Infusions as given and PHQ-9, in order of time" : "Infusions as given, PHQ-9 and its forecast, in order of time",
            ["Day", "What", "Value", "Meaning"],
            [.. scores.Concat(infusions).Concat(ahead).OrderBy(r => r.At).Select(r => (IReadOnlyList<string>)[clinic.DateAndClock(r.At), r.What, r.Value, r.Meaning])]);
    }

    private static string Meaning(ScorePoint score)
    {
        List<string> parts = [];
        if (score.Assessment.Band is { } band)
            parts.Add(band);
        if (score.IsBaseline)
            parts.Add("baseline");
        if (score.ChangeFromBaseline is { } change)
            parts.Add(change == 0 ? "no change from baseline" : $"{Math.Abs(change).ToString(CultureInfo.InvariantCulture)} {(change < 0 ? "lower" : "higher")} than baseline");
        if (score.IsResponse == true)
            parts.Add("response");
        if (score.IsRemission == true)
            parts.Add("remission");
        return string.Join(", ", parts);
    }

    private static string TotalText(Assessment assessment) => assessment.Total is { } total
        ? total.ToString(CultureInfo.InvariantCulture) + (assessment.IsProrated ? " (prorated)" : "")
        : "no total: too many answers missing";

    private static string PerKilogram(GivenInfusion infusion) => decimal.Round(infusion.DosePerKilogram.Value, 2, MidpointRounding.AwayFromZero).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Milligrams(GivenInfusion infusion) => decimal.Round(infusion.Dose.Value, 1, MidpointRounding.AwayFromZero).ToString("0.#", CultureInfo.InvariantCulture);
}
