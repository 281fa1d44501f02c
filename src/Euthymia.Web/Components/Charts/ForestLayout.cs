namespace Euthymia.Web.Components.Charts;

/// <summary>Whose number a row is; drawn with its own mark.</summary>
public enum ForestKind
{
    /// <summary>The clinic's own: a filled circle.</summary>
    Own,

    /// <summary>A published one: an open square.</summary>
    Published,
}

/// <summary>One row: a name, an estimate with its limits on 0 to 100 %, and the same in words.</summary>
/// <param name="Label">Name of the row.</param>
/// <param name="Words">The number in words; also where nothing may be drawn.</param>
/// <param name="Estimate">Percent; null draws nothing.</param>
/// <param name="Low">Percent; null draws no line.</param>
/// <param name="High">Percent.</param>
/// <param name="Kind">Whose it is.</param>
/// <param name="IsHeading">The row only names what follows.</param>
public sealed record ForestRow(string Label, string Words, double? Estimate = null, double? Low = null, double? High = null, ForestKind Kind = ForestKind.Own, bool IsHeading = false);

/// <summary>A row placed in the drawing.</summary>
public sealed record PlacedRow(ForestRow Row, double LabelY, double LineY, double WordsX, double WordsY);

/// <summary>Where everything of a forest plot goes: names at the left, the axis in the middle, words at the right; on a narrow drawing names and words stand above their line.</summary>
public sealed class ForestLayout
{
    private const double NarrowWidth = 500;

    // Proportional letters are narrower than the digits that ChartSize reckons with.
    private const double LetterWidth = 0.58;

    public ForestLayout(ChartSize size, IReadOnlyList<ForestRow> rows)
    {
        Size = size;
        var text = size.Text;
        IsStacked = size.Width < NarrowWidth;
        var words = rows.Max(r => r.Words.Length) * LetterWidth * text;
        Left = IsStacked ? 0.6 * text : Math.Min(0.42 * size.Width, rows.Max(r => r.Label.Length) * LetterWidth * text) + text;
        Right = IsStacked ? size.Width - (0.6 * text) : size.Width - Math.Min(0.34 * size.Width, words) - text;
        var y = 0.4 * text;
        List<PlacedRow> placed = [];
        foreach (var row in rows)
        {
            var label = y + (1.1 * text);
            var line = IsStacked ? label + (0.8 * text) : label - (0.35 * text);
            placed.Add(new PlacedRow(row, label, line, size.Width - (0.2 * text), label));
            y = label + (row.IsHeading ? 0.5 : IsStacked ? 1.5 : 0.75) * text;
        }

        Rows = placed;
        AxisY = y;
        Height = y + (2.4 * text);
    }

    public ChartSize Size { get; }

    public bool IsStacked { get; }

    public double Left { get; }

    public double Right { get; }

    public IReadOnlyList<PlacedRow> Rows { get; }

    public double AxisY { get; }

    public double Height { get; }

    public static IReadOnlyList<int> Ticks { get; } = [0, 25, 50, 75, 100];

    public double X(double percent) => Left + (Math.Clamp(percent, 0, 100) / 100 * (Right - Left));
}
