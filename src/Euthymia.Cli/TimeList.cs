using System.Globalization;
using Euthymia.Pharmacometrics;

namespace Euthymia.Cli;

/// <summary>Times in hours as text: numbers and ranges <c>start:end:step</c>, separated by commas.</summary>
internal static class TimeList
{
    private const int MostTimes = 100_000;

    /// <summary>The times, each once, in order.</summary>
    /// <exception cref="InvalidInputException">Something is no time; field <c>at</c>.</exception>
    public static IReadOnlyList<double> Parse(string text)
    {
        SortedSet<double> times = [];
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = item.Split(':').Select(Hours).ToArray();
            if (parts.Length == 1)
                times.Add(parts[0]);
            else if (parts.Length == 3 && parts[2] > 0 && parts[1] >= parts[0] && (parts[1] - parts[0]) / parts[2] < MostTimes)
                times.UnionWith(Enumerable.Range(0, (int)Math.Floor((parts[1] - parts[0]) / parts[2] + 1e-9) + 1).Select(i => parts[0] + i * parts[2]));
            else
                throw Error($"\"{item}\" is no range of up to {MostTimes:N0} times.");
        }

        return times.Count <= MostTimes ? [.. times] : throw Error($"There are more than {MostTimes:N0} times.");
    }

    private static double Hours(string text)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours)
            ? hours
            : throw Error($"\"{text}\" is no number of hours.");

    private static InvalidInputException Error(string problem) => new("time-not-understood", "at", $"{problem} Write times like \"0,0.5,1:24:1\".");
}
