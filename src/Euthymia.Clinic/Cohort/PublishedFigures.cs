using System.Globalization;
using Euthymia.Trials.Evidence;

namespace Euthymia.Clinic;

/// <summary>A published number beside one of the clinic's own: it is of other people, measured in another way, and no target.</summary>
/// <param name="Value">As text with its unit: "68 % (n = 97)".</param>
/// <param name="Percent">The same as a number; null where it is no percentage.</param>
/// <param name="Low">Lower 95 % limit, percent; null where none was published.</param>
/// <param name="High">Upper limit.</param>
/// <param name="Citation">Where it was published.</param>
/// <param name="Differs">What is different there.</param>
/// <param name="Status">How it was read: verified, secondary, derived, recalled.</param>
public sealed record PublishedFigure(string Value, double? Percent, double? Low, double? High, string Citation, string Differs, string Status)
{
    /// <summary>"Murrough 2013", from "Murrough JW et al. Biol Psychiatry 2013;74:250-256".</summary>
    public string Short => $"{Citation.Split(' ', ',')[0]} {Citation.Split(' ', ';', ',', '.').FirstOrDefault(word => word.Length == 4 && word.All(char.IsAsciiDigit))}".TrimEnd();
}

/// <summary>The figures of the evidence library that stand beside the clinic's results.</summary>
public static class PublishedFigures
{
    private static readonly Lazy<ILookup<string, PublishedFigure>> ByResult = new(Read);

    /// <summary>What stands beside a result; empty where the library has nothing.</summary>
    public static IReadOnlyList<PublishedFigure> For(string result) => [.. ByResult.Value[result]];

    private static ILookup<string, PublishedFigure> Read()
    {
        var library = EvidenceReader.ReadBuiltIn();
        return EmbeddedData.Read<FigureFile>("Cohort.published-figures.json").Figures.ToLookup(f => f.Beside, f => Figure(library, f), StringComparer.Ordinal);
    }

    private static PublishedFigure Figure(EvidenceLibrary library, FigureLine line)
    {
        var outcome = library.OutcomesOf(line.Trial).FirstOrDefault(o => Same(o.ArmId, line.Arm) && Same(o.Measure, line.Measure) && Same(o.Statistic, line.Statistic) && (line.Hours is null || o.TimeHours.Equals(line.Hours)))
            ?? throw new InvalidOperationException($"The evidence library has no {line.Measure} ({line.Statistic}) of {line.Trial} {line.Arm}.");
        var (percent, low, high) = Same(line.Statistic, "pct") ? (outcome.Value, outcome.Low, outcome.High) : (null, null, null);
        return new PublishedFigure(Text(outcome), percent, low, high, library.Trial(line.Trial).Citation, line.Differs, outcome.Status.ToLowerInvariant());
    }

    private static string Text(Outcome outcome)
    {
        var limits = outcome is { Low: { } low, High: { } high } ? $"{Number(low)} to {Number(high)}" : null;
        var n = outcome.N is { } count ? $" (n = {Number(count)})" : "";
        return outcome.Statistic switch
        {
            "median_days" => $"median {Number(outcome.Value!.Value)} days after the last infusion{n}",
            "IQR_days" => $"middle half {limits} days{n}",
            _ => $"{Number(outcome.Value!.Value)} %{(limits is null ? "" : $" ({limits})")}{n}",
        };
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private sealed record FigureLine(string Beside, string Trial, string Arm, string Measure, string Statistic, string Differs, double? Hours = null);

    private sealed record FigureFile(int Version, string Note, IReadOnlyList<FigureLine> Figures);
}
