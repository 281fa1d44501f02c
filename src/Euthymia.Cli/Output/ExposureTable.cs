using System.Globalization;
using Euthymia.Pharmacometrics;
using Spectre.Console;

namespace Euthymia.Cli.Output;

/// <summary>Exposure of each substance: median and 5th to 95th percentile between patients.</summary>
internal static class ExposureTable
{
    public static void Write(TextWriter output, ConcentrationForecast course, IReadOnlyList<ExposureSummary> exposures, IReadOnlyList<string> notes, double seconds)
    {
        var console = CourseTable.ConsoleOn(output);
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        table.AddColumn("");
        foreach (var heading in new[] { "Cmax, ng/mL", "Tmax, h after start", "AUC 0-inf, ng h/mL", "Terminal half-life, h" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var exposure in exposures)
            table.AddRow(
                new Text(exposure.Label), Cell(exposure.Cmax), Cell(exposure.TmaxHours), Cell(exposure.Auc), Cell(exposure.HalfLifeHours));

        if (exposures.Count > 0)
        {
            console.Write(table);
            console.WriteLine("Median (5 to 95 % between patients). Tmax is counted from the start of the dose it belongs to.");
        }
        else
        {
            console.WriteLine("No exposures over the course: they are those of a patient who stays the same between occasions. Ask for --quantities, or leave --iov out.");
        }

        foreach (var note in notes)
            console.WriteLine(note);
        if (course.VenousUnavailable is { } reason)
            console.WriteLine(reason);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{course.Basis} {seconds:0.00} s."));
    }

    private static Text Cell(Spread spread) => new($"{Number(spread.Median)} ({Number(spread.Low)} to {Number(spread.High)})");

    /// <summary>Three significant digits, without an exponent.</summary>
    internal static string Number(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return value.ToString(CultureInfo.InvariantCulture);
        var digits = Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15);
        return value.ToString($"F{digits}", CultureInfo.InvariantCulture);
    }
}
