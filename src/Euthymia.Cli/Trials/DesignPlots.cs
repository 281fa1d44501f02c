using Euthymia.Cli.Output;
using Euthymia.Trials.Designs;
using ScottPlot;
using PlotStyle = Euthymia.Cli.Output.PlotStyle;

namespace Euthymia.Cli.Trials;

/// <summary>Designs compared: power against size, and what each can be expected to show.</summary>
internal static class DesignPlots
{
    private static readonly Color Ketamine = Color.FromHex("#1f5a8c");
    private static readonly Color Control = Color.FromHex("#c2571a");

    public static void Write(string path, List<DesignForecast> forecasts)
        => ImageFile.Write(path, 900, [(Power(forecasts), 420), (Shares(forecasts), 120 + 60 * forecasts.Count)]);

    private static Plot Power(List<DesignForecast> forecasts)
    {
        var plot = new Plot();
        // Designs that differ in size only have one curve.
        var curves = forecasts.Select((forecast, i) => (forecast, i)).GroupBy(item => (item.forecast.Design.Name, item.forecast.Design.Control));
        foreach (var curve in curves)
        {
            var (forecast, _) = curve.First();
            var line = plot.Add.ScatterLine(forecast.PowerByN.Select(point => (double)point.PerArm).ToArray(), forecast.PowerByN.Select(point => 100 * point.Power).ToArray());
            line.LineWidth = 2;
            line.LegendText = $"{string.Join(", ", curve.Select(item => DesignTable.Letter(item.i)))}  {forecast.Design.Name} against {DesignTable.Control(forecast.Design)}";
            var planned = plot.Add.ScatterPoints(curve.Select(item => (double)item.forecast.Design.PerArm).ToArray(), curve.Select(item => 100 * item.forecast.Power).ToArray());
            (planned.Color, planned.MarkerSize) = (line.Color, 9);
        }
        PlotStyle.Apply(plot, "Power by patients in each arm; points are the planned sizes", "Patients in each arm", "Power, %");
        plot.Axes.SetLimitsY(0, 100);
        plot.ShowLegend(Alignment.LowerRight);
        return plot;
    }

    private static Plot Shares(List<DesignForecast> forecasts)
    {
        var plot = new Plot();
        for (var i = 0; i < forecasts.Count; i++)
        {
            var y = forecasts.Count - i;
            Draw(plot, forecasts[i].ResponseKetamine, y + 0.24, Ketamine, MarkerShape.FilledSquare, i == 0 ? "response, ketamine" : "");
            Draw(plot, forecasts[i].RemissionKetamine, y + 0.08, Ketamine, MarkerShape.OpenSquare, i == 0 ? "remission, ketamine" : "");
            Draw(plot, forecasts[i].ResponseControl, y - 0.08, Control, MarkerShape.FilledCircle, i == 0 ? "response, control" : "");
            Draw(plot, forecasts[i].RemissionControl, y - 0.24, Control, MarkerShape.OpenCircle, i == 0 ? "remission, control" : "");
        }
        PlotStyle.Apply(plot, "Expected response and remission, median and 90 %", "%", "");
        plot.Axes.Left.SetTicks([.. Enumerable.Range(0, forecasts.Count).Select(i => (double)(forecasts.Count - i))], [.. Enumerable.Range(0, forecasts.Count).Select(DesignTable.Letter)]);
        plot.Axes.SetLimits(0, 100, 0.4, forecasts.Count + 0.7);
        plot.ShowLegend(Edge.Bottom);
        plot.Legend.Orientation = Orientation.Horizontal;
        return plot;
    }

    private static void Draw(Plot plot, Expected value, double y, Color colour, MarkerShape shape, string legend)
    {
        var bar = plot.Add.Line(value.Low, y, value.High, y);
        (bar.LineColor, bar.LineWidth) = (colour.WithAlpha(0.5), 3);
        var point = plot.Add.ScatterPoints(new[] { value.Median }, new[] { y });
        (point.Color, point.MarkerSize, point.MarkerShape, point.LegendText) = (colour, 9, shape, legend);
    }
}
