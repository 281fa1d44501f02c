using ScottPlot;

namespace Euthymia.Cli.Output;

/// <summary>The look of every plot: two axes, faint horizontal lines, a legend without a frame.</summary>
internal static class PlotStyle
{
    private static readonly Color Ink = Color.FromHex("#2b3137");
    private static readonly Color Faint = Color.FromHex("#e4e7ea");

    public static void Apply(Plot plot, string title, string xLabel, string yLabel)
    {
        plot.Font.Set(Fonts.Sans);
        plot.Title(title, 15);
        plot.XLabel(xLabel, 13);
        plot.YLabel(yLabel, 13);
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.Axes.Color(Ink);
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Bottom.MinorTickStyle.Length = 0;
        plot.Axes.Left.MinorTickStyle.Length = 0;
        plot.Grid.MajorLineColor = Faint;
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.White.WithAlpha(0.8);
        plot.Legend.FontSize = 13;
        plot.Legend.FontColor = Ink;
        plot.ShowLegend(Alignment.UpperRight);
    }
}
