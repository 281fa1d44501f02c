using System.Globalization;
using System.Text;

namespace Euthymia.Web.Components.Charts;

/// <summary>The size of a drawing and of its text, in the units of its view box.</summary>
public sealed record ChartSize(string Name, double Width, double PanelHeight, double Text)
{
    public static readonly ChartSize Wide = new("wide", 680, 150, 14);

    public static readonly ChartSize Narrow = new("narrow", 360, 130, 13);

    /// <summary>A little more than the mean width of a tabular digit, so that an estimate errs to the safe side.</summary>
    public double CharacterWidth => 0.62 * Text;

    public double Left => 3.6 * Text;

    public double Right => 1.6 * Text;
}

/// <summary>A panel placed in the drawing: top and bottom of its plot area and its value axis.</summary>
public sealed record PlacedPanel(Panel Panel, double LabelY, double Top, double Bottom, IReadOnlyList<Tick> Ticks)
{
    public double Y(double value) => Bottom - ((Math.Clamp(value, Ticks[0].Value, Ticks[^1].Value) - Ticks[0].Value) / (Ticks[^1].Value - Ticks[0].Value) * (Bottom - Top));
}

/// <summary>A threshold's words and where they stand so that no two lie on each other.</summary>
public sealed record PlacedLabel(string Text, double Y);

/// <summary>Where everything of a chart goes. Pure arithmetic, so that it can be tested without drawing.</summary>
public sealed class ChartLayout
{
    private const int ValueIntervals = 4;

    public ChartLayout(ChartSize size, TimeAxis time, IReadOnlyList<Panel> panels)
    {
        Size = size;
        Time = time;
        TimeTicks = time.Ticks(size.Width - size.Left - size.Right, size.CharacterWidth);
        var y = 0.0;
        List<PlacedPanel> placed = [];
        foreach (var panel in panels)
        {
            var label = y + (1.2 * size.Text);
            var top = label + (1.3 * size.Text);
            var bottom = top + (size.PanelHeight * panel.Weight);
            placed.Add(new PlacedPanel(panel, label, top, bottom, panel.IsLane ? [new Tick(0, ""), new Tick(panel.Top, "")] : NiceNumbers.Between(panel.Lowest, panel.Top, panel.Weight < 0.6 ? 2 : ValueIntervals)));
            y = bottom + (0.8 * size.Text);
        }

        Panels = placed;
        AxisY = placed[^1].Bottom;
        Height = AxisY + (3.4 * size.Text);
    }

    public ChartSize Size { get; }

    public TimeAxis Time { get; }

    public IReadOnlyList<Tick> TimeTicks { get; }

    public IReadOnlyList<PlacedPanel> Panels { get; }

    /// <summary>The line on which the ticks of time stand.</summary>
    public double AxisY { get; }

    public double Height { get; }

    public double PlotRight => Size.Width - Size.Right;

    public double X(double time) => Size.Left + ((time - Time.Min) / (Time.Max - Time.Min) * (PlotRight - Size.Left));

    /// <summary>The words of a panel's thresholds, above their lines and pushed apart where lines are close.</summary>
    public IReadOnlyList<PlacedLabel> ThresholdLabels(PlacedPanel panel)
    {
        var lowest = double.PositiveInfinity;
        List<PlacedLabel> labels = [];
        foreach (var threshold in panel.Panel.Thresholds.OrderBy(t => t.Value))
        {
            var y = Math.Min(panel.Y(threshold.Value) - (0.3 * Size.Text), lowest);
            labels.Add(new PlacedLabel(threshold.Label, y));
            lowest = y - (1.2 * Size.Text);
        }

        return labels;
    }

    /// <summary>The bars whose labels have room: bars can stand close, and a label is left out where it would touch the one before it; the table has them all.</summary>
    public IEnumerable<Bar> LabelledBars(Panel panel)
    {
        var free = double.NegativeInfinity;
        foreach (var bar in panel.Bars.OrderBy(b => b.Time))
        {
            var half = bar.Label.Length * Size.CharacterWidth / 2;
            if (X(bar.Time) - half < free)
                continue;
            free = X(bar.Time) + half + Size.CharacterWidth;
            yield return bar;
        }
    }

    /// <summary>The median as a line.</summary>
    public string MedianPath(PlacedPanel panel, PredictedBand band) => Line(Inside(band).Select(i => (X(band.Times[i]), panel.Y(band.Median[i]))));

    /// <summary>The band as a closed area: up along the high edge, back along the low one.</summary>
    public string BandPath(PlacedPanel panel, PredictedBand band)
    {
        var inside = Inside(band).ToList();
        if (inside.Count == 0)
            return "";
        var edge = inside.Select(i => (X(band.Times[i]), panel.Y(band.High[i])))
            .Concat(Enumerable.Reverse(inside).Select(i => (X(band.Times[i]), panel.Y(band.Low[i]))));
        return Line(edge) + "Z";
    }

    /// <summary>One path through observed points; a missing value ends a stretch and the next value begins a new one.</summary>
    public string ObservedPath(PlacedPanel panel)
    {
        var path = new StringBuilder();
        if (panel.Panel.IsLane)
            return "";
        var down = false;
        foreach (var point in panel.Panel.Observed)
        {
            if (point.Value is not { } value)
            {
                down = false;
                continue;
            }

            path.Append(down ? 'L' : 'M').Append(Number(X(point.Time))).Append(' ').Append(Number(panel.Y(value)));
            down = true;
        }

        return path.ToString();
    }

    /// <summary>A coordinate as SVG wants it, cut to a tenth.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private IEnumerable<int> Inside(PredictedBand band) => Enumerable.Range(0, band.Times.Count).Where(i => band.Times[i] >= Time.Min && band.Times[i] <= Time.Max);

    private static string Line(IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in points)
            path.Append(path.Length == 0 ? 'M' : 'L').Append(Number(x)).Append(' ').Append(Number(y));
        return path.ToString();
    }
}
