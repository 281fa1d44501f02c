using Euthymia.Clinic;
using Euthymia.Web.Components.Charts;
using Euthymia.Web.Pages.Story;
using SkiaSharp;

namespace Euthymia.Web.Pages.Visits.Sheets;

/// <summary>
/// Draws a paper as PDF on A4: real text (it can be searched and copied), fonts embedded, sheets numbered. It only sets what the
/// document says; no number is worked out here.
/// </summary>
internal sealed class PaperPdf : IDisposable
{
    // Points; 1 pt = 1/72 inch.
    private const float Width = 595;
    private const float Height = 842;
    private const float Margin = 48;
    private const float Line = 14;
    private const float NameWidth = 150;
    private const float CellGap = 6;

    private static readonly string[] Families = ["DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica", "Segoe UI"];
    private static readonly string[] Files = ["/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf", "/usr/share/fonts/dejavu/DejaVuSans.ttf"];

    private readonly SKDocument _pdf;
    private readonly SKTypeface _face;
    private readonly SKFont _text;
    private readonly SKFont _small;
    private readonly SKFont _heading;
    private readonly SKFont _title;
    private readonly SKPaint _ink = new() { Color = SKColors.Black, IsAntialias = true };
    private readonly SKPaint _rule = new() { Color = new SKColor(0x99, 0x99, 0x99), StrokeWidth = 0.5f };
    private readonly Paper _paper;
    private readonly ChartLayout? _picture;
    private SKCanvas _canvas = null!;
    private float _y;
    private int _sheet;

    private PaperPdf(Paper paper, ChartLayout? picture, Stream to)
    {
        (_paper, _picture) = (paper, picture);
        _face = Face();
        (_text, _small, _heading, _title) = (new SKFont(_face, 9.5f), new SKFont(_face, 7.5f), new SKFont(_face, 11.5f), new SKFont(_face, 17));
        _pdf = SKDocument.CreatePdf(to, new SKDocumentPdfMetadata { Title = paper.Title, Producer = "Euthymia", Creator = "Euthymia" });
    }

    /// <summary>The PDF file of a paper, with a picture below its words where there is one.</summary>
    /// <exception cref="InvalidOperationException">The server has no font that text can be set in.</exception>
    public static byte[] Of(Paper paper, ChartLayout? picture = null)
    {
        using var file = new MemoryStream();
        using (var drawing = new PaperPdf(paper, picture, file))
            drawing.Draw();
        return file.ToArray();
    }

    public void Dispose()
    {
        _pdf.Dispose();
        _ink.Dispose();
        _rule.Dispose();
        _text.Dispose();
        _small.Dispose();
        _heading.Dispose();
        _title.Dispose();
        _face.Dispose();
    }

    private static SKTypeface Face()
    {
        foreach (var family in Families)
        {
            if (SKFontManager.Default.MatchFamily(family) is { } found)
                return found;
        }

        foreach (var file in Files.Where(File.Exists))
        {
            if (SKTypeface.FromFile(file) is { } found)
                return found;
        }

        throw new InvalidOperationException($"No font was found to set a PDF in. Install one of: {string.Join(", ", Families)}.");
    }

    private void Draw()
    {
        NewSheet();
        Write(_paper.Title, _title, Margin, Width - (2 * Margin), 22);
        Write(_paper.About, _text, Margin, Width - (2 * Margin), Line);
        foreach (var section in _paper.Sections)
            Draw(section);
        if (_picture is not null)
            Draw(_picture);
        EndSheet();
        _pdf.Close();
    }

    // The picture keeps to the sheet of its words, smaller where it must be; only when it would become unreadable it takes a sheet of its own.
    private void Draw(ChartLayout picture)
    {
        const float Smallest = 0.6f;
        var width = Width - (2 * Margin);
        var height = ChartPdf.HeightOf(picture, width);
        var room = Height - Margin - (2 * Line) - _y;
        if (room >= Smallest * height)
            (width, height) = (width * Math.Min(1, room / height), Math.Min(height, room));
        Need(height);
        ChartPdf.Draw(_canvas, picture, _face, Margin, _y, width);
        _y += height;
    }

    private void Draw(DocumentSection section)
    {
        Need(4 * Line);
        _y += 8;
        Write(section.Heading, _heading, Margin, Width - (2 * Margin), Line + 2);
        _canvas.DrawLine(Margin, _y - Line + 5, Width - Margin, _y - Line + 5, _rule);
        _y += 4;
        foreach (var (name, value) in section.Facts)
        {
            var lines = Wrap(value, _text, Width - (2 * Margin) - NameWidth);
            Need(lines.Count * Line);
            _canvas.DrawText(name, Margin, _y, _text, _ink);
            foreach (var line in lines)
                Put(line, _text, Margin + NameWidth, Line);
        }

        if (section.Rows.Count > 0)
            Table(section);
        foreach (var sentence in section.Sentences)
            Write(sentence, _text, Margin, Width - (2 * Margin), Line);
    }

    private void Table(DocumentSection section)
    {
        var width = (Width - (2 * Margin)) / section.Columns.Count;
        Row(section.Columns, width);
        foreach (var row in section.Rows)
            Row(row, width);
        _y += 4;
    }

    private void Row(IReadOnlyList<string> cells, float width)
    {
        var wrapped = cells.Select(cell => Wrap(cell, _small, width - CellGap)).ToList();
        var height = wrapped.Max(w => w.Count) * (Line - 3);
        Need(height);
        var top = _y;
        for (var i = 0; i < wrapped.Count; i++)
        {
            _y = top;
            foreach (var line in wrapped[i])
                Put(line, _small, Margin + (i * width), Line - 3);
        }

        _y = top + height + 2;
        _canvas.DrawLine(Margin, _y - Line + 5, Width - Margin, _y - Line + 5, _rule);
    }

    private void Write(string text, SKFont font, float x, float width, float height)
    {
        foreach (var line in Wrap(text, font, width))
        {
            Need(height);
            Put(line, font, x, height);
        }
    }

    private void Put(string line, SKFont font, float x, float height)
    {
        _canvas.DrawText(line, x, _y, font, _ink);
        _y += height;
    }

    private void Need(float height)
    {
        if (_y + height <= Height - Margin - Line)
            return;
        EndSheet();
        NewSheet();
    }

    private void NewSheet()
    {
        _canvas = _pdf.BeginPage(Width, Height);
        _sheet++;
        _y = Margin + Line;
    }

    private void EndSheet()
    {
        var foot = Wrap($"{_paper.Foot} Sheet {_sheet}", _small, Width - (2 * Margin));
        for (var i = 0; i < foot.Count; i++)
            _canvas.DrawText(foot[i], Margin, Height - (Margin / 2) - ((foot.Count - 1 - i) * (Line - 4)), _small, _ink);
        _pdf.EndPage();
    }

    // Words that are too long for a line by themselves are broken, not clipped.
    private static List<string> Wrap(string text, SKFont font, float width)
    {
        List<string> lines = [];
        foreach (var paragraph in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            var line = "";
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(w => Pieces(w, font, width)))
            {
                var longer = line.Length == 0 ? word : $"{line} {word}";
                if (font.MeasureText(longer) <= width)
                {
                    line = longer;
                    continue;
                }

                lines.Add(line);
                line = word;
            }

            lines.Add(line);
        }

        return lines;
    }

    private static IEnumerable<string> Pieces(string word, SKFont font, float width)
    {
        var rest = word;
        while (font.MeasureText(rest) > width && rest.Length > 1)
        {
            var length = rest.Length - 1;
            while (length > 1 && font.MeasureText(rest[..length]) > width)
                length--;
            yield return rest[..length];
            rest = rest[length..];
        }

        yield return rest;
    }
}
