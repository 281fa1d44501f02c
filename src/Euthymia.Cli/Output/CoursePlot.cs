using Euthymia.Pharmacometrics;
using ScottPlot;

namespace Euthymia.Cli.Output;

/// <summary>A fan chart of a course: the whole course above, the hours around its last infusion below.</summary>
internal static class CoursePlot
{
    private const int Width = 1000;
    private const double CloseUpHours = 8;
    private static readonly Color[] Colors = [Color.FromHex("#1f5a8c"), Color.FromHex("#c2571a"), Color.FromHex("#3f7d3a")];

    public static void Write(string path, ConcentrationForecast course, DrugModel model, RegimenOrder order)
    {
        var lastStart = order.Parts.SelectMany(part => part.Starts).Max().TotalHours;
        var given = order.Parts.All(part => part.Route == Route.IntravenousInfusion) ? "infusion" : "dose";
        var closeUp = Panel(course, model, hours => hours - lastStart, $"Around the {(lastStart > 0 ? "last " : "")}{given}", "Hours from its start");
        closeUp.Axes.SetLimitsX(-0.25, CloseUpHours);
        SetHeight(closeUp, course, time => time >= lastStart && time <= lastStart + CloseUpHours);
        if (lastStart == 0)
        {
            closeUp.Title("Median and 5 to 95 % between patients", 15);
            ImageFile.Write(path, Width, [(closeUp, 520)]);
            return;
        }

        var whole = Panel(course, model, hours => hours / 24, "The course: median and 5 to 95 % between patients", $"Days from the first {given}");
        whole.Axes.SetLimitsX(-0.2, course.TimesHours.Max() / 24);
        SetHeight(whole, course, _ => true);
        whole.HideLegend();
        if (course.TimesHours.Max() < 24 * 32)
            whole.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericFixedInterval(1);
        ImageFile.Write(path, Width, [(whole, 430), (closeUp, 430)]);
    }

    private static Plot Panel(ConcentrationForecast course, DrugModel model, Func<double, double> toX, string title, string xLabel)
    {
        var plot = new Plot();
        var x = course.TimesHours.Select(toX).ToArray();
        var shown = model.Observations.Where(observation => course.Bands.ContainsKey(observation.Name)).ToArray();
        for (var i = 0; i < shown.Length; i++)
        {
            var band = course.Bands[shown[i].Name];
            var fan = plot.Add.FillY(x, band.Low, band.High);
            fan.FillColor = Colors[i % Colors.Length].WithAlpha(0.16);
            fan.LineWidth = 0;
        }

        for (var i = 0; i < shown.Length; i++)
        {
            var median = plot.Add.ScatterLine(x, course.Bands[shown[i].Name].Median);
            median.LineColor = Colors[i % Colors.Length];
            median.LineWidth = 2;
            median.LegendText = shown[i].Label;
        }

        PlotStyle.Apply(plot, title, xLabel, "Concentration, ng/mL");
        return plot;
    }

    private static void SetHeight(Plot plot, ConcentrationForecast course, Func<double, bool> shown)
    {
        var highest = course.Bands.Values
            .Max(band => band.High.Where((_, i) => shown(course.TimesHours[i])).DefaultIfEmpty(1).Max());
        plot.Axes.SetLimitsY(0, Math.Max(highest * 1.06, 1e-6));
    }
}
