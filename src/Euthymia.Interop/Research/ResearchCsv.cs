using System.Buffers;
using System.Globalization;
using System.Text;
using Euthymia.Clinic;

namespace Euthymia.Interop.Research;

/// <summary>A table as CSV (RFC 4180) that a spreadsheet opens as data and never as a formula.</summary>
public static class ResearchCsv
{
    // What makes a spreadsheet calculate: the signs themselves, their full-width twins, and the blanks it skips before them (OWASP, CSV injection).
    private static readonly char[] Triggers = ['=', '+', '-', '@', '\t', '\r', '\n', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20'];

    private static readonly SearchValues<char> ToQuote = SearchValues.Create(",\"\r\n\t;");

    public static string Of(ResearchTable table)
    {
        var text = new StringBuilder();
        Line(text, table.Columns.Select(c => Cell(c.Name)));
        foreach (var row in table.Rows)
            Line(text, row.Select(Cell));
        return text.ToString();
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells).Append("\r\n");

    /// <summary>Numbers and days stay what they are: -5 is a number. Text that could begin a formula gets an apostrophe before it.</summary>
    private static string Cell(object? value) => value switch
    {
        null => "",
        string word => Quoted(Neutral(word)),
        bool flag => flag ? "true" : "false",
        int whole => whole.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A cell cannot hold a {value.GetType().Name}.", nameof(value)),
    };

    private static string Neutral(string text)
    {
        var first = text.AsSpan().TrimStart(' ');
        return first.Length > 0 && Triggers.Contains(first[0]) ? $"'{text}" : text;
    }

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(ToQuote) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
