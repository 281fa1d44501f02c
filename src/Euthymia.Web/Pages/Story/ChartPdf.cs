using Euthymia.Web.Components.Charts;
using SkiaSharp;

namespace Euthymia.Web.Pages.Story;

/// <summary>Draws a chart on paper from the same layout as the page does, so that both show the same picture.</summary>
internal static class ChartPdf
{
    private static readonly SKColor Ink = new(0x22, 0x26, 0x2b);
    private static readonly SKColor Soft = new(0x56, 0x5c, 0x63);
    private static readonly SKColor Line = new(0xd0, 0xd0, 0xd0);
    private static readonly SKColor Infusion = new(0x6d, 0x8f, 0x8c);

    /// <summary>Height in points of a layout that is set to a width.</summary>
    public static float HeightOf(ChartLayout layout, float width) => (float)(layout.Height * width / layout.Size.Width);

    public static void Draw(SKCanvas canvas, ChartLayout layout, SKTypeface face, float x, float y, float width)
    {
        canvas.Save();
        canvas.Translate(x, y);
        canvas.Scale(width / (float)layout.Size.Width);
        using var text = new SKFont(face, (float)layout.Size.Text * 0.85f);
        using var brush = new Brush(canvas, text);
        foreach (var placed in layout.Panels)
            Draw(brush, layout, placed);
        foreach (var tick in layout.TimeTicks)
            brush.Text(tick.Label, layout.X(tick.Value), layout.AxisY + (layout.Size.Text * 1.3), Soft, SKTextAlign.Center);
        brush.Text(layout.Time.Label, layout.PlotRight, layout.AxisY + (layout.Size.Text * 2.6), Soft, SKTextAlign.Right);
        canvas.Restore();
    }

    private static void Draw(Brush brush, ChartLayout layout, PlacedPanel placed)
    {
        var panel = placed.Panel;
        brush.Text(panel.Unit.Length == 0 ? panel.Label : $"{panel.Label}, {panel.Unit}", 0, placed.LabelY, Ink, SKTextAlign.Left);
        foreach (var tick in placed.Ticks)
        {
            brush.Line(layout.Size.Left, placed.Y(tick.Value), layout.PlotRight, placed.Y(tick.Value), Line, 0.7f);
            brush.Text(tick.Label, layout.Size.Left - 5, placed.Y(tick.Value) + 4, Soft, SKTextAlign.Right);
        }

        if (panel.Predicted is { } band)
        {
            brush.Path(layout.BandPath(placed, band), new SKColor(0, 0, 0, 0x22), fill: true);
            brush.Path(layout.MedianPath(placed, band), Soft, fill: false);
        }

        foreach (var bar in panel.Bars)
            brush.Box(layout.X(bar.Time) - 4, placed.Y(bar.Value), 8, placed.Bottom - placed.Y(bar.Value), Infusion);
        foreach (var bar in layout.LabelledBars(panel))
            brush.Text(bar.Label, layout.X(bar.Time), placed.Y(bar.Value) - 4, Ink, SKTextAlign.Center);
        foreach (var threshold in panel.Thresholds)
            brush.Line(layout.Size.Left, placed.Y(threshold.Value), layout.PlotRight, placed.Y(threshold.Value), Soft, 1, dashed: true);
        foreach (var label in layout.ThresholdLabels(placed))
            brush.Text(label.Text, layout.PlotRight, label.Y, Ink, SKTextAlign.Right);
        brush.Path(layout.ObservedPath(placed), Ink, fill: false);
        foreach (var point in panel.Observed.Where(p => p.Value is not null))
            brush.Point(layout.X(point.Time), placed.Y(point.Value!.Value), point.IsHollow);
    }

    /// <summary>Pens that live as long as one drawing.</summary>
    private sealed class Brush(SKCanvas canvas, SKFont font) : IDisposable
    {
        private readonly SKPaint _paint = new() { IsAntialias = true };
        private readonly SKPathEffect _dashes = SKPathEffect.CreateDash([5, 4], 0);

        public void Dispose()
        {
            _paint.Dispose();
            _dashes.Dispose();
        }

        public void Text(string words, double x, double y, SKColor colour, SKTextAlign align)
        {
            Set(colour, SKPaintStyle.Fill, 0);
            canvas.DrawText(words, (float)x, (float)y, align, font, _paint);
        }

        public void Line(double x1, double y1, double x2, double y2, SKColor colour, float stroke, bool dashed = false)
        {
            Set(colour, SKPaintStyle.Stroke, stroke);
            _paint.PathEffect = dashed ? _dashes : null;
            canvas.DrawLine((float)x1, (float)y1, (float)x2, (float)y2, _paint);
            _paint.PathEffect = null;
        }

        public void Box(double x, double y, double width, double height, SKColor colour)
        {
            Set(colour, SKPaintStyle.Fill, 0);
            canvas.DrawRect((float)x, (float)y, (float)width, (float)height, _paint);
        }

        public void Point(double x, double y, bool isHollow)
        {
            Set(isHollow ? SKColors.White : Ink, SKPaintStyle.Fill, 0);
            canvas.DrawCircle((float)x, (float)y, 4, _paint);
            Set(Ink, SKPaintStyle.Stroke, 1.5f);
            canvas.DrawCircle((float)x, (float)y, 4, _paint);
        }

        public void Path(string svg, SKColor colour, bool fill)
        {
            if (svg.Length == 0)
                return;
            using var path = SKPath.ParseSvgPathData(svg);
            Set(colour, fill ? SKPaintStyle.Fill : SKPaintStyle.Stroke, 1.5f);
            canvas.DrawPath(path, _paint);
        }

        private void Set(SKColor colour, SKPaintStyle style, float stroke) => (_paint.Color, _paint.Style, _paint.StrokeWidth) = (colour, style, stroke);
    }
}
