using Euthymia.Pharmacometrics;

namespace Euthymia.Cli;

/// <summary>Times that show a course well: close together where the pump switches, wider where little happens.</summary>
internal static class CourseTimes
{
    /// <summary>Hours after the last infusion that a picture goes on.</summary>
    public const double TailHours = 24;

    public static IReadOnlyList<double> Of(RegimenOrder order)
    {
        var infusions = order.Parts
            .SelectMany(part => part.Starts.Select(start => (Start: start.TotalHours, Length: part.Duration.TotalHours)))
            .OrderBy(infusion => infusion.Start)
            .ToArray();
        var end = infusions.Max(infusion => infusion.Start + infusion.Length) + TailHours;
        SortedSet<double> times = [0, end];
        foreach (var (start, length) in infusions)
        {
            for (var i = 0; i <= 16; i++)
                times.Add(start + length * i / 16);
            // After the pump stops, steps that grow by a quarter follow the fall.
            for (var after = 1.0 / 60; after < TailHours; after *= 1.25)
                times.Add(Math.Min(start + length + after, end));
        }

        for (var time = 0.0; time < end; time += Math.Max(2, end / 200))
            times.Add(time);
        return [.. times];
    }
}
