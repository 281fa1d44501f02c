using Euthymia.Pharmacometrics;
using ScottPlot;
using SkiaSharp;

namespace Euthymia.Cli.Output;

/// <summary>Plots drawn one below another into an SVG or PNG file.</summary>
internal static class ImageFile
{
    /// <summary>The full path of an image to write, or null when none is wanted.</summary>
    /// <exception cref="InvalidInputException">Another kind of file, or a folder that is not there; field <c>plot</c>.</exception>
    public static string? Check(FileInfo? file)
    {
        if (file is null)
            return null;
        if (file.Extension.ToUpperInvariant() is not (".SVG" or ".PNG"))
            throw new InvalidInputException("plot-kind", "plot", $"\"{file.Name}\" must end in .svg or .png.");
        return file.Directory is { Exists: true }
            ? file.FullName
            : throw new InvalidInputException("plot-folder", "plot", $"The folder of \"{file.FullName}\" is not there: make it first.");
    }

    public static void Write(string path, int width, IReadOnlyList<(Plot Plot, int Height)> panels)
    {
        var height = panels.Sum(panel => panel.Height);
        using var stream = File.Create(path);
        if (path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
        {
            using var canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), stream);
            Draw(canvas, width, panels);
            return;
        }

        // Twice the size, for sharp text on paper and on dense screens.
        using var surface = SKSurface.Create(new SKImageInfo(width * 2, height * 2));
        surface.Canvas.Scale(2);
        Draw(surface.Canvas, width, panels);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        data.SaveTo(stream);
    }

    private static void Draw(SKCanvas canvas, int width, IReadOnlyList<(Plot Plot, int Height)> panels)
    {
        canvas.Clear(SKColors.White);
        var top = 0;
        foreach (var (plot, height) in panels)
        {
            // A plot clears whatever it is drawn on: let that be its own part only.
            canvas.Save();
            canvas.ClipRect(new SKRect(0, top, width, top + height));
            plot.Render(canvas, new PixelRect(0, width, top + height, top));
            canvas.Restore();
            top += height;
        }
    }
}
