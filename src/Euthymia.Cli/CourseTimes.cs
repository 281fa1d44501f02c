using Euthymia.Pharmacometrics;

namespace Euthymia.Cli;

/// <summary>Times that show a course well: close together where the pump switches, wider where little happens.</summary>
internal static class CourseTimes
{
    /// <summary>Hours after the last dose that a picture goes on.</summary>
    public const double TailHours = 24;

    private const int MostTimes = 4000;
    private const int MostRows = 40;

    public static IReadOnlyList<double> Of(RegimenOrder order)
    {
        var doses = Doses(order);
        var end = doses.Max(dose => dose.Start + dose.Length) + TailHours;
        SortedSet<double> times = [0, end];
        // Of a long course every nth dose is followed closely, the last one always.
        var every = (doses.Length * 70 + MostTimes - 1) / MostTimes;
        for (var i = 0; i < doses.Length; i++)
            if ((doses.Length - 1 - i) % every == 0)
                Around(times, doses[i], end);
        for (var time = 0.0; time < end; time += Math.Max(2, end / 200))
            times.Add(time);
        return [.. times];
    }

    /// <summary>Few times for a table: the end of each dose's input, and the day after the last.</summary>
    public static IReadOnlyList<double> Rows(RegimenOrder order)
    {
        var doses = Doses(order);
        var last = doses[^1];
        double[] after = [0.25, 0.5, 1, 2, 4, 8, 12, 24];
        SortedSet<double> times = [0, .. after.Select(hours => last.Start + last.Length + hours)];
        var every = (doses.Length + MostRows - 1) / MostRows;
        for (var i = 0; i < doses.Length; i++)
            if ((doses.Length - 1 - i) % every == 0)
                times.Add(doses[i].Start + Math.Max(doses[i].Length, 0.25));
        return [.. times];
    }

    private static (double Start, double Length)[] Doses(RegimenOrder order)
        => [.. order.Parts
            .SelectMany(part => part.Starts.Select(start => (Start: start.TotalHours, Length: part.Duration.TotalHours)))
            .OrderBy(dose => dose.Start)];

    private static void Around(SortedSet<double> times, (double Start, double Length) dose, double end)
    {
        for (var i = 0; i <= 16; i++)
            times.Add(dose.Start + dose.Length * i / 16);
        // After the pump stops, steps that grow by a seventh follow the fall.
        for (var after = 1.0 / 60; after < TailHours; after *= 1.15)
            times.Add(Math.Min(dose.Start + dose.Length + after, end));
    }
}
