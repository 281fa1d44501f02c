using Euthymia.Cli.Output;
using Euthymia.Trials.Agreement;
using Euthymia.Trials.VirtualTrials;
using ScottPlot;
using PlotStyle = Euthymia.Cli.Output.PlotStyle;

namespace Euthymia.Cli.Trials;

/// <summary>Forest plots: of every trial its outcomes, each with the 90 % prediction interval and what was published.</summary>
internal static class ForestPlots
{
    private const int RowPixels = 22;
    private const int FramePixels = 120;
    private const int LargestRows = 40;
    private static readonly Color Predicted = Color.FromHex("#1f5a8c");
    private static readonly Color Published = Color.FromHex("#c2571a");

    /// <summary>One panel for each trial and unit, long ones divided.</summary>
    public static IEnumerable<(Plot Plot, int Height)> Panels(IEnumerable<OutcomeAgreement> outcomes)
    {
        foreach (var trial in outcomes.GroupBy(outcome => (outcome.Trial, Unit: Unit(outcome))))
        {
            foreach (var rows in trial.Chunk(LargestRows))
                yield return (Panel($"{trial.Key.Trial}: published against the 90 % prediction interval", trial.Key.Unit, rows), FramePixels + RowPixels * rows.Length);
        }
    }

    private static string Unit(OutcomeAgreement outcome) => (outcome.Target.Quantity, outcome.Target.Summary) switch
    {
        (_, Summary.OddsRatio or Summary.RiskRatio) => "Ratio (logarithmic)",
        (_, Summary.StandardisedDifference or Summary.PrePostEffect or Summary.BaselineCorrelation) => "Standardised",
        (_, Summary.MedianDays) => "Days",
        (_, Summary.Percent or Summary.PercentAnyTime or Summary.PercentChange) => "%",
        (Quantity.Score or Quantity.Dissociation, _) => "Points",
        (Quantity.SystolicPressure or Quantity.DiastolicPressure, _) => "mmHg",
        (Quantity.HeartRate, _) => "1/min",
        (Quantity.PlasmaConcentration, _) => "ng/mL",
        _ => "Percentage points",
    };

    private static Plot Panel(string title, string unit, OutcomeAgreement[] rows)
    {
        var plot = new Plot();
        var ratio = unit.StartsWith("Ratio", StringComparison.Ordinal);
        double X(double value) => ratio ? Math.Log10(Math.Max(value, 0.01)) : value;
        for (var i = 0; i < rows.Length; i++)
        {
            var y = rows.Length - i;
            var bar = plot.Add.Line(X(rows[i].Low90), y, X(rows[i].High90), y);
            bar.LineColor = Predicted.WithAlpha(0.45);
            bar.LineWidth = 5;
        }
        double[] heights = [.. Enumerable.Range(0, rows.Length).Select(i => (double)(rows.Length - i))];
        var median = plot.Add.ScatterPoints(rows.Select(row => X(row.Predicted)).ToArray(), heights);
        (median.Color, median.MarkerSize, median.MarkerShape, median.LegendText) = (Predicted, 8, MarkerShape.FilledSquare, "predicted");
        foreach (var (inside, name, shape) in new[] { (true, "published, inside", MarkerShape.FilledCircle), (false, "published, outside", MarkerShape.FilledDiamond) })
        {
            var chosen = Enumerable.Range(0, rows.Length).Where(i => rows[i].Inside == inside).ToArray();
            if (chosen.Length == 0)
                continue;
            var points = plot.Add.ScatterPoints(chosen.Select(i => X(rows[i].Observed)).ToArray(), chosen.Select(i => heights[i]).ToArray());
            (points.Color, points.MarkerSize, points.MarkerShape, points.LegendText) = (Published, inside ? 7 : 11, shape, name);
        }
        PlotStyle.Apply(plot, title, unit, "");
        plot.Axes.Left.SetTicks(heights, [.. rows.Select(Label)]);
        if (ratio)
        {
            double[] ticks = [0.1, 0.3, 1, 3, 10, 30, 100, 300];
            plot.Axes.Bottom.SetTicks([.. ticks.Select(Math.Log10)], [.. ticks.Select(tick => FormattableString.Invariant($"{tick:0.#}"))]);
        }
        plot.Axes.SetLimitsY(0.3, rows.Length + 1.2);
        plot.ShowLegend(Edge.Bottom);
        plot.Legend.Orientation = Orientation.Horizontal;
        return plot;
    }

    private static string Label(OutcomeAgreement outcome)
        => FormattableString.Invariant($"{outcome.Arm} {outcome.Outcome.Replace("AE:", "", StringComparison.Ordinal)} {outcome.Statistic}{(outcome.TimeHours is { } hours ? FormattableString.Invariant($", {hours:0.##} h") : "")}");
}
