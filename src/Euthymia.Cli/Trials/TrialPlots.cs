using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Agreement;
using Euthymia.Trials.Calibration;
using Euthymia.Trials.VirtualTrials;
using ScottPlot;
using PlotStyle = Euthymia.Cli.Output.PlotStyle;

namespace Euthymia.Cli.Trials;

/// <summary>Predicted against observed, and how often intervals of each width held what was published.</summary>
internal static class TrialPlots
{
    private const int AgreementHeight = 430;
    private static readonly Color Ketamine = Color.FromHex("#1f5a8c");
    private static readonly Color Control = Color.FromHex("#c2571a");

    // With forest the plot of each trial, without it the agreement over all trials.
    public static void Write(string path, ValidationReport report, ResponseParameters parameters, bool forest = false)
    {
        if (report.Outcomes.Count == 0)
            throw new InvalidInputException("nothing-to-draw", "plot", "None of the outcomes is predicted, so there is nothing to draw: leave --plot away and read the reasons.");
        ImageFile.Write(path, 900, [.. forest ? ForestPlots.Panels(report.Outcomes) : Panels(report, parameters)]);
    }

    /// <summary>The same as two pictures: published against predicted, and whether there is a pattern in what is left.</summary>
    public static void WritePair(string agreement, string bias, ValidationReport report, ResponseParameters parameters)
    {
        var panels = Panels(report, parameters).ToList();
        var first = panels.Count - panels.Count(panel => panel.Item2 is not AgreementHeight);
        if (first > 0)
            ImageFile.Write(agreement, 900, panels[..first]);
        if (first < panels.Count)
            ImageFile.Write(bias, 900, panels[first..]);
    }

    private static IEnumerable<(Plot, int)> Panels(ValidationReport report, ResponseParameters parameters)
    {
        var scores = report.Outcomes.Where(outcome => outcome.Target.Quantity is Quantity.Score && outcome.Target.Summary is Summary.Change).ToList();
        var shares = report.Outcomes.Where(outcome => outcome.Target.Quantity is Quantity.Response or Quantity.Remission && outcome.Target.Summary is Summary.Percent).ToList();
        if (scores.Count > 0)
            yield return (Agreement("Change of score: published against predicted, with 90 % intervals", "Predicted, points", "Published, points", scores), AgreementHeight);
        if (shares.Count > 0)
            yield return (Agreement("Response and remission: published against predicted, with 90 % intervals", "Predicted, %", "Published, %", shares), AgreementHeight);
        if (report.Outcomes.Count > 0)
        {
            yield return (Calibration(report.Outcomes), 360);
            yield return (Residuals(report.Outcomes), 360);
            var calibrated = report.Outcomes.Where(outcome => CalibrationUse.IsMood(outcome.Trial)).ToList();
            if (Bias.Of(calibrated.Count > 0 ? calibrated : report.Outcomes, parameters) is { Count: > 0 } bias)
                yield return (BiasByGroup(bias, calibrated.Count > 0), 400);
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

    private static Plot BiasByGroup(IReadOnlyList<Bias> groups, bool calibrated)
    {
        var plot = new Plot();
        for (var i = 0; i < groups.Count; i++)
        {
            var dots = plot.Add.ScatterPoints(groups[i].TrialMeans.Select((_, t) => i + 0.12 + 0.02 * (t % 5)).ToArray(), groups[i].TrialMeans.ToArray());
            (dots.Color, dots.MarkerSize) = (Control.WithAlpha(0.6), 6);
            var mean = plot.Add.ScatterPoints(new[] { (double)i }, new[] { groups[i].Mean });
            (mean.Color, mean.MarkerSize, mean.MarkerShape) = (Ketamine, 10, MarkerShape.FilledSquare);
            if (groups[i].HalfWidth95 is { } half)
            {
                var bar = plot.Add.Line(i, groups[i].Mean - half, i, groups[i].Mean + half);
                (bar.LineColor, bar.LineWidth) = (Ketamine, 2);
            }
            dots.LegendText = i == 0 ? "one trial" : "";
            mean.LegendText = i == 0 ? "mean of trials, 95 % by the pooled spread of trials" : "";
        }
        var zero = plot.Add.HorizontalLine(0);
        (zero.LineColor, zero.LineWidth) = (Colors.Gray, 1);
        PlotStyle.Apply(plot, $"Bias{(calibrated ? " in the calibration trials" : "")}: each trial once; above zero is less benefit than predicted", "", "Mean normal score");
        plot.Axes.Bottom.SetTicks([.. Enumerable.Range(0, groups.Count).Select(i => (double)i)], [.. groups.Select(group => group.Group.Replace(" ketamine", "\nketamine", StringComparison.Ordinal) + (group.Aspect is "exposure" ? "\nexposure" : ""))]);
        plot.Axes.Bottom.TickLabelStyle.FontSize = 10;
        // The rank among a thousand replicates is never further out than 3.3.
        plot.Axes.SetLimits(-0.5, groups.Count - 0.3, -3.5, 3.5);
        plot.ShowLegend(Alignment.LowerRight);
        return plot;
    }

    public static bool IsControl(OutcomeAgreement outcome)
        => outcome.Arm.Contains("SALINE", StringComparison.OrdinalIgnoreCase) || outcome.Arm.StartsWith("PBO", StringComparison.OrdinalIgnoreCase) && !outcome.Arm.Contains("KET", StringComparison.OrdinalIgnoreCase)
            || outcome.Arm.StartsWith("P2W", StringComparison.Ordinal) || outcome.Arm.StartsWith("P3W", StringComparison.Ordinal) || outcome.Arm.StartsWith("MDZ", StringComparison.Ordinal);
}
