using Euthymia.Cli.Output;
using Euthymia.Trials.Agreement;
using Euthymia.Trials.VirtualTrials;
using ScottPlot;
using PlotStyle = Euthymia.Cli.Output.PlotStyle;

namespace Euthymia.Cli.Trials;

/// <summary>Predicted against observed, and how often intervals of each width held what was published.</summary>
internal static class TrialPlots
{
    private static readonly Color Ketamine = Color.FromHex("#1f5a8c");
    private static readonly Color Control = Color.FromHex("#c2571a");

    public static void Write(string path, ValidationReport report)
        => ImageFile.Write(path, 900, [.. Panels(report)]);

    private static IEnumerable<(Plot, int)> Panels(ValidationReport report)
    {
        var scores = report.Outcomes.Where(outcome => outcome.Target.Quantity is Quantity.Score && outcome.Target.Summary is Summary.Change).ToList();
        var shares = report.Outcomes.Where(outcome => outcome.Target.Quantity is Quantity.Response or Quantity.Remission && outcome.Target.Summary is Summary.Percent).ToList();
        if (scores.Count > 0)
            yield return (Agreement("Change of score: published against predicted, with 90 % intervals", "Predicted, points", "Published, points", scores), 430);
        if (shares.Count > 0)
            yield return (Agreement("Response and remission: published against predicted, with 90 % intervals", "Predicted, %", "Published, %", shares), 430);
        if (report.Outcomes.Count > 0)
        {
            yield return (Calibration(report.Outcomes), 360);
            yield return (Residuals(report.Outcomes), 360);
        }
    }

    private static Plot Agreement(string title, string x, string y, List<OutcomeAgreement> outcomes)
    {
        var plot = new Plot();
        var low = Math.Min(outcomes.Min(outcome => outcome.Low90), outcomes.Min(outcome => outcome.Observed));
        var high = Math.Max(outcomes.Max(outcome => outcome.High90), outcomes.Max(outcome => outcome.Observed));
        var identity = plot.Add.Line(low, low, high, high);
        identity.LineColor = Colors.Gray;
        identity.LinePattern = LinePattern.Dashed;
        foreach (var (group, name, colour) in new[] { (outcomes.Where(outcome => !IsControl(outcome)), "ketamine", Ketamine), (outcomes.Where(IsControl), "control", Control) })
        {
            var items = group.ToList();
            foreach (var item in items)
            {
                var bar = plot.Add.Line(item.Low90, item.Observed, item.High90, item.Observed);
                bar.LineColor = colour.WithAlpha(0.35);
            }
            if (items.Count == 0)
                continue;
            var points = plot.Add.ScatterPoints(items.Select(item => item.Predicted).ToArray(), items.Select(item => item.Observed).ToArray());
            points.Color = colour;
            points.MarkerSize = 7;
            points.LegendText = name;
        }
        PlotStyle.Apply(plot, title, x, y);
        plot.ShowLegend(Alignment.LowerRight);
        return plot;
    }

    private static Plot Calibration(IReadOnlyList<OutcomeAgreement> outcomes)
    {
        var plot = new Plot();
        var nominal = Enumerable.Range(1, 19).Select(i => i * 0.05).ToArray();
        var held = nominal.Select(level => outcomes.Count(outcome => Math.Abs(outcome.Z) <= Numerics.Random.NormalQuantile.Of(0.5 + level / 2)) / (double)outcomes.Count).ToArray();
        var identity = plot.Add.Line(0, 0, 1, 1);
        identity.LineColor = Colors.Gray;
        identity.LinePattern = LinePattern.Dashed;
        var line = plot.Add.ScatterLine(nominal, held);
        line.LineColor = Ketamine;
        line.LineWidth = 2;
        line.LegendText = FormattableString.Invariant($"{outcomes.Count} outcomes");
        PlotStyle.Apply(plot, "Calibration: share of outcomes inside intervals of each width", "Nominal share", "Share inside");
        plot.ShowLegend(Alignment.LowerRight);
        plot.Axes.SetLimits(0, 1, 0, 1);
        return plot;
    }

    private static Plot Residuals(IReadOnlyList<OutcomeAgreement> outcomes)
    {
        var plot = new Plot();
        var timed = outcomes.Where(outcome => outcome.TimeHours is > 0 && outcome.Target.Quantity is Quantity.Score or Quantity.Response or Quantity.Remission).ToList();
        foreach (var (group, name, colour) in new[] { (timed.Where(outcome => !IsControl(outcome)), "ketamine", Ketamine), (timed.Where(IsControl), "control", Control) })
        {
            var items = group.ToList();
            if (items.Count == 0)
                continue;
            var points = plot.Add.ScatterPoints(items.Select(item => Math.Log10(Math.Max(item.TimeHours!.Value, 0.5))).ToArray(), items.Select(item => item.Z).ToArray());
            points.Color = colour;
            points.MarkerSize = 7;
            points.LegendText = name;
        }
        foreach (var limit in new[] { -1.645, 0, 1.645 })
        {
            var line = plot.Add.HorizontalLine(limit);
            line.LineColor = Colors.Gray;
            line.LineWidth = 1;
            line.LinePattern = limit == 0 ? LinePattern.Solid : LinePattern.Dashed;
        }
        double[] hours = [1, 4, 24, 72, 168, 336, 672];
        plot.Axes.Bottom.SetTicks(hours.Select(Math.Log10).ToArray(), hours.Select(hour => FormattableString.Invariant($"{hour:0} h")).ToArray());
        PlotStyle.Apply(plot, "Standardised residual by time: z within 1.645 is inside the 90 % interval", "Time from the first session", "z");
        return plot;
    }

    public static bool IsControl(OutcomeAgreement outcome)
        => outcome.Arm.Contains("SALINE", StringComparison.OrdinalIgnoreCase) || outcome.Arm.StartsWith("PBO", StringComparison.OrdinalIgnoreCase) && !outcome.Arm.Contains("KET", StringComparison.OrdinalIgnoreCase)
            || outcome.Arm.StartsWith("P2W", StringComparison.Ordinal) || outcome.Arm.StartsWith("P3W", StringComparison.Ordinal) || outcome.Arm.StartsWith("MDZ", StringComparison.Ordinal);
}
