using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Agreement;
using Euthymia.Trials.VirtualTrials;
using ScottPlot;
using PlotStyle = Euthymia.Cli.Output.PlotStyle;

namespace Euthymia.Cli.Trials;

/// <summary>Predicted course of the MADRS change with published changes on it.</summary>
internal static class TimeCoursePlots
{
    private const int Replicates = 400;
    private static readonly Color[] Colours = [Color.FromHex("#1f5a8c"), Color.FromHex("#c2571a"), Color.FromHex("#6b7280")];

    public static IEnumerable<(Plot Plot, int Height)> Panels(ResponseParameters parameters, ValidationReport report, ulong seed)
    {
        var single = new Plot();
        var courses = TimeCourse.Single(parameters, Replicates, seed);
        for (var i = 0; i < courses.Count; i++)
            Draw(single, courses[i], Colours[i]);
        Published(single, report, outcome => outcome.Arm is "KET" or "KET05", Colours[0], "published, one infusion", 1);
        Published(single, report, outcome => outcome.Arm is "MDZ", Colours[1], "published, midazolam", 1);
        Published(single, report, outcome => outcome.Arm is "SALINE", Colours[2], "published, saline", 1);
        PlotStyle.Apply(single, "One infusion: change of MADRS, median and 90 % of trials with 40 a group", "Days", "Points");
        single.ShowLegend(Alignment.LowerRight);
        yield return (single, 430);

        var six = new Plot();
        Draw(six, TimeCourse.Six(parameters, Replicates, seed), Colours[0]);
        Published(six, report, outcome => outcome.Arm is "KET6" or "K2W" or "K3W", Colours[0], "published, courses", 2);
        PlotStyle.Apply(six, "Six infusions in twelve days, open: change of MADRS", "Days", "Points");
        six.ShowLegend(Alignment.LowerRight);
        yield return (six, 380);
    }

    private static void Draw(Plot plot, TimeCourse course, Color colour)
    {
        var days = course.TimesHours.Select(hours => hours / 24).ToArray();
        var band = plot.Add.FillY(days, course.Low, course.High);
        band.FillColor = colour.WithAlpha(0.12);
        band.LineWidth = 0;
        var line = plot.Add.ScatterLine(days, course.Median);
        line.LineColor = colour;
        line.LineWidth = 2;
        line.LegendText = course.Name;
    }

    private static void Published(Plot plot, ValidationReport report, Func<OutcomeAgreement, bool> arm, Color colour, string legend, int shape)
    {
        var points = report.Outcomes.Where(outcome => outcome is { Statistic: "change", TimeHours: > 0 and < 1200, Outcome: "MADRS" } && outcome.Target.Quantity is Quantity.Score && arm(outcome)).ToList();
        if (points.Count == 0)
            return;
        var markers = plot.Add.ScatterPoints(points.Select(point => point.TimeHours!.Value / 24).ToArray(), points.Select(point => point.Observed).ToArray());
        markers.Color = colour;
        markers.MarkerSize = 9;
        markers.MarkerShape = shape == 1 ? MarkerShape.FilledCircle : MarkerShape.FilledDiamond;
        markers.LegendText = legend;
    }
}
