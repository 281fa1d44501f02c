using Euthymia.Pharmacometrics;
using ScottPlot;

namespace Euthymia.Cli.Output;

/// <summary>Each series of concentrations, published points on the typical patient's curve.</summary>
internal static class AgreementPlot
{
    private static readonly Color Curve = Color.FromHex("#1f5a8c");
    private static readonly Color Published = Color.FromHex("#c2571a");

    public static void Write(string path, IReadOnlyList<Agreement> agreements)
        => ImageFile.Write(path, 900, [.. agreements.Where(IsSeries).Select(agreement => (Panel(agreement), 330))]);

    private static bool IsSeries(Agreement agreement)
        => agreement.Dataset.Quantity == ObservedQuantity.Concentration && agreement.Points.Count > 2;

    private static Plot Panel(Agreement agreement)
    {
        var dataset = agreement.Dataset;
        var end = dataset.Points.Max(point => point.TimeHours!.Value);
        double[] times = [.. Enumerable.Range(0, 601).Select(i => end * i / 600)];
        var curve = TypicalPatient.Concentrations(
            DrugModels.Get(dataset.Model), RegimenText.Parse(dataset.Regimen), new Kilograms(dataset.WeightKg), times)[dataset.Observation];

        var plot = new Plot();
        var line = plot.Add.ScatterLine(times, curve);
        line.LineColor = Curve;
        line.LineWidth = 2;
        line.LegendText = "typical patient";
        AddPoints(plot, agreement, counted: true, "published");
        AddPoints(plot, agreement, counted: false, "published, not counted");
        PlotStyle.Apply(plot, FormattableString.Invariant($"{dataset.Title}: MdPE {agreement.MdPePercent:+0;-0;0} %, MdAPE {agreement.MdApePercent:0} %"), "Hours", "ng/mL");
        plot.Axes.SetLimits(0, end * 1.02, 0, 1.08 * Math.Max(curve.Max(), dataset.Points.Max(point => point.Value)));
        return plot;
    }

    private static void AddPoints(Plot plot, Agreement agreement, bool counted, string legend)
    {
        var points = agreement.Dataset.Points.Where(point => point.Excluded is null == counted).ToArray();
        if (points.Length == 0)
            return;
        var markers = plot.Add.ScatterPoints(points.Select(point => point.TimeHours!.Value).ToArray(), points.Select(point => point.Value).ToArray());
        markers.MarkerShape = counted ? MarkerShape.FilledCircle : MarkerShape.OpenCircle;
        markers.MarkerSize = 8;
        markers.Color = Published;
        markers.LegendText = legend;
    }
}
