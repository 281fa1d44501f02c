using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Clinic.Forecasts;
using Euthymia.Web.Components.Charts;
using Euthymia.Web.Pages.Courses;
using Euthymia.Web.Shared;

namespace Euthymia.Web.Pages.Story;

/// <summary>A patient's story as a chart wants it: scores of all scales, infusions, side effects, findings and decisions over weeks.</summary>
public sealed record StoryDrawing(TimeAxis Time, IReadOnlyList<Panel> Panels, string Sentence, ChartTable Table)
{
    private const int LeastWeeks = 2;
    private const double DaysPerWeek = 7;
    private const double LaneWeight = 0.17;

    /// <summary>The picture; null while there is nothing to draw.</summary>
    /// <param name="story">What happened.</param>
    /// <param name="ahead">The patient's own forecast of PHQ-9, with its basis said beside the picture; null or withheld where there is none.</param>
    public static StoryDrawing? Of(PatientStory story, ScoreForecast? ahead = null)
    {
        if (ahead is { Withheld: not null })
            ahead = null;
        if (story.Origin is not { } origin)
            return null;
        double Week(DateTimeOffset moment) => (moment - origin).TotalDays / DaysPerWeek;
        var forecast = ahead is null ? null : ForecastWords.Band(ahead, Week);
        var scales = story.Assessments.Where(a => a.Total is not null && InstrumentLibrary.Shipped[a.InstrumentId].Maximum > 0).GroupBy(a => a.InstrumentId, StringComparer.Ordinal)
            .OrderByDescending(g => Is(g.Key, Instrument.Phq9.Id)).ThenBy(g => g.Key, StringComparer.Ordinal).ToList();
        List<Panel> panels = [.. scales.Select(scale => Scale(story, scale, Week, Is(scale.Key, Instrument.Phq9.Id) ? forecast : null)), Infusions(story, Week)];
        foreach (var kind in Enum.GetValues<StoryEventKind>())
        {
            if (story.Events.Any(e => e.Kind == kind))
                panels.Add(Lane(story, kind, Week));
        }

        var weeks = story.Assessments.Select(a => Week(a.CompletedAt)).Concat(story.Events.Select(e => Week(e.At))).Concat(story.Courses.SelectMany(c => c.Given).Select(g => Week(g.StartedAt))).Append(0).ToList();
        var time = new TimeAxis(TimeAxisKind.Weeks, Math.Floor(Math.Min(0, weeks.Min())), Math.Ceiling(Math.Max(Math.Max(LeastWeeks, forecast?.Times[^1] ?? 0), weeks.Max() + 0.05)),
            $"weeks from {story.Clinic.Date(origin)}");
        return new StoryDrawing(time, panels, Say(story) + ForecastWords.Ahead(ahead, story.Clinic), Tabulate(story, Week, ahead));
    }

    private static Panel Scale(PatientStory story, IGrouping<string, Assessment> scores, Func<DateTimeOffset, double> week, PredictedBand? forecast)
    {
        var instrument = InstrumentLibrary.Shipped[scores.Key];
        return new Panel(Quantity.Score, instrument.Id, string.Create(CultureInfo.InvariantCulture, $"of {instrument.Maximum}"))
        {
            Highest = instrument.Maximum,
            Weight = Is(instrument.Id, Instrument.Phq9.Id) ? 1.2 : 0.5,
            Predicted = forecast,
            Observed = [.. scores.Select(a => new ObservedPoint(week(a.CompletedAt), a.Total, $"{story.Clinic.Date(a.CompletedAt)}: {instrument.Id} {a.Total}", a.IsProrated))],
            Thresholds = Is(instrument.Id, Instrument.Phq9.Id) ? [.. Thresholds(story, instrument)] : [],
        };
    }

    private static IEnumerable<Threshold> Thresholds(PatientStory story, Instrument instrument)
    {
        if (instrument.Scoring.RemissionBelow is { } remission)
            yield return new Threshold(remission, string.Create(CultureInfo.InvariantCulture, $"remission: below {remission}"));
        if (story.Courses.Select(c => c.Counted?.Baseline).LastOrDefault(b => b is > 0) is { } baseline && instrument.Scoring.ResponseFraction is { } fall)
            yield return new Threshold(baseline * (1 - (double)fall), string.Create(CultureInfo.InvariantCulture, $"response: {baseline * (1 - (double)fall):0.#} or less"));
    }

    private static Panel Infusions(PatientStory story, Func<DateTimeOffset, double> week) => new(Quantity.Dose, "Ketamine given", "mg (labels: mg/kg)")
    {
        Weight = 0.45,
        Bars = [.. story.Courses.SelectMany(c => c.Given).Select(g => new Bar(week(g.StartedAt), (double)g.Dose.Value, g.DosePerKilogram.Value.ToString("0.##", CultureInfo.InvariantCulture)))],
    };

    private static Panel Lane(PatientStory story, StoryEventKind kind, Func<DateTimeOffset, double> week) => new(Quantity.Event, Name(kind), Filled(kind))
    {
        IsLane = true,
        Weight = LaneWeight,
        Observed = [.. story.Events.Where(e => e.Kind == kind).Select(e => new ObservedPoint(week(e.At), 1, $"{story.Clinic.Date(e.At)}: {e.Words}", IsHollow: !(e.IsOpen || e.Grade >= SideEffectGrade.Moderate)))],
    };

    private static string Say(PatientStory story)
    {
        var given = story.Courses.Sum(c => c.Given.Count);
        var scores = story.Assessments.Where(a => a.Total is not null && Is(a.InstrumentId, Instrument.Phq9.Id)).ToList();
        var phq = scores.Count == 0 ? "no PHQ-9 total" : scores.Count == 1 ? $"one PHQ-9 total, {scores[0].Total}" : $"{scores.Count} PHQ-9 totals, from {scores[0].Total} to {scores[^1].Total}";
        return $"{given} {(given == 1 ? "infusion" : "infusions")} in {story.Courses.Count} {(story.Courses.Count == 1 ? "course" : "courses")}; {phq}; {Count(story, StoryEventKind.SideEffect, "side effect")}, {(story.Events.Any(e => e.Kind == StoryEventKind.SeriousEvent) ? $"{Count(story, StoryEventKind.SeriousEvent, "serious event")}, " : "")}{Count(story, StoryEventKind.Finding, "finding")}, {Count(story, StoryEventKind.Decision, "decision")}.";
    }

    private static string Count(PatientStory story, StoryEventKind kind, string word)
    {
        var count = story.Events.Count(e => e.Kind == kind);
        return count == 1 ? $"1 {word}" : $"{count} {word}s";
    }

    private static ChartTable Tabulate(PatientStory story, Func<DateTimeOffset, double> week, ScoreForecast? ahead)
    {
        var scores = story.Assessments.Where(a => a.Total is not null).Select(a => (At: a.CompletedAt, What: a.InstrumentId, Value: $"{a.Total}{(a.Band is null ? "" : $", {a.Band}")}", By: a.IsSelfReport ? "the patient" : a.RecordedByName));
        var infusions = story.Courses.SelectMany(c => c.Given).Select(g => (At: g.StartedAt, What: $"Infusion {g.NumberInCourse}", Value: string.Create(CultureInfo.InvariantCulture, $"{decimal.Round(g.Dose.Value, 1, MidpointRounding.AwayFromZero):0.#} mg, {g.DosePerKilogram.Value:0.##} mg/kg over {(g.EndedAt - g.StartedAt).TotalMinutes:0} min"), By: ""));
        var events = story.Events.Select(e => (e.At, What: Singular(e.Kind), Value: $"{e.Words}{(e.Grade is { } grade ? $" ({grade.ToString().ToLowerInvariant()})" : "")}{(e.IsOpen ? ", open" : "")}", By: e.By ?? ""));
        var forecast = ForecastWords.Weekly(ahead).Select(w => (w.At, What: "PHQ-9, forecast", Value: $"{w.Range}, median (5th to 95th percentile)", By: ""));
        return new ChartTable("Everything in the picture, in order of time", ["Week", "Day", "What", "Value", "By"],
            [.. scores.Concat(infusions).Concat(events).Concat(forecast).OrderBy(r => r.At).Select(r => (IReadOnlyList<string>)[week(r.At).ToString("0.0", CultureInfo.InvariantCulture), story.Clinic.Date(r.At), r.What, r.Value, r.By])]);
    }

    private static string Name(StoryEventKind kind) => kind switch
    {
        StoryEventKind.SideEffect => "Side effects",
        StoryEventKind.SeriousEvent => "Serious events",
        StoryEventKind.Finding => "Findings",
        StoryEventKind.Decision => "Decisions",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of event."),
    };

    private static string Filled(StoryEventKind kind) => kind switch
    {
        StoryEventKind.SideEffect => "filled: moderate or worse, or not over",
        StoryEventKind.SeriousEvent => "filled: not yet reported",
        StoryEventKind.Finding => "filled: open",
        _ => "",
    };

    private static string Singular(StoryEventKind kind) => kind switch
    {
        StoryEventKind.SideEffect => "Side effect",
        StoryEventKind.SeriousEvent => "Serious event",
        StoryEventKind.Finding => "Finding",
        _ => "Decision",
    };

    private static bool Is(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
