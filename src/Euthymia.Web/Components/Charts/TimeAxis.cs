using System.Globalization;

namespace Euthymia.Web.Components.Charts;

/// <summary>One mark on an axis: where it is and what is written there.</summary>
public sealed record Tick(double Value, string Label);

/// <summary>What an axis of time counts.</summary>
public enum TimeAxisKind
{
    /// <summary>Minutes from an origin.</summary>
    Minutes,

    /// <summary>Hours from an origin.</summary>
    Hours,

    /// <summary>Days from an origin.</summary>
    Days,

    /// <summary>Days from an origin, written as calendar days.</summary>
    Dates,

    /// <summary>Weeks from an origin.</summary>
    Weeks,
}

/// <summary>An axis of time from <paramref name="Min"/> to <paramref name="Max"/> in the unit of its kind.</summary>
/// <param name="Kind">What is counted.</param>
/// <param name="Min">Where the axis begins.</param>
/// <param name="Max">Where it ends; above <paramref name="Min"/>.</param>
/// <param name="Label">What the axis says under its ticks.</param>
/// <param name="Origin">The calendar day of 0; needed for <see cref="TimeAxisKind.Dates"/> only.</param>
public sealed record TimeAxis(TimeAxisKind Kind, double Min, double Max, string Label, DateOnly? Origin = null)
{
    private static readonly double[] MinuteSteps = [5, 10, 15, 20, 30, 60, 120, 240];
    private static readonly double[] HourSteps = [0.25, 0.5, 1, 2, 3, 4, 6, 12, 24, 48, 72, 168];
    private static readonly double[] WeekSteps = [1, 2, 4, 8, 13, 26, 52, 104];
    private static readonly double[] DaySteps = [1, 2, 4, 7, 14, 28, 56, 84, 168, 364, 728];

    /// <summary>
    /// The ticks of the finest usual step whose labels keep a gap between each other at this width.
    /// Usual steps are those a person counts in: quarters of an hour, hours, days, weeks.
    /// </summary>
    /// <param name="width">Length of the axis in the units of the drawing.</param>
    /// <param name="characterWidth">Width of one character of a label, in the same units.</param>
    public IReadOnlyList<Tick> Ticks(double width, double characterWidth)
    {
        var steps = Kind switch { TimeAxisKind.Minutes => MinuteSteps, TimeAxisKind.Hours => HourSteps, TimeAxisKind.Weeks => WeekSteps, _ => DaySteps };
        foreach (var step in steps)
        {
            if ((Max - Min) / step > 60)
                continue;
            var ticks = At(step);
            var widest = ticks.Max(t => t.Label.Length) * characterWidth;
            if (step / (Max - Min) * width >= widest + (2 * characterWidth))
                return ticks;
        }

        return [.. At(steps[^1]).Take(1)];
    }

    private List<Tick> At(double step)
    {
        List<Tick> ticks = [];
        for (var i = Math.Ceiling(Min / step); i * step <= Max + (1e-9 * step); i++)
            ticks.Add(new Tick((i * step) + 0.0, Write((i * step) + 0.0))); // no minus before a zero
        if (ticks.Count == 0)
            ticks.Add(new Tick(Min, Write(Min)));
        return ticks;
    }

    private string Write(double value) => Kind == TimeAxisKind.Dates && Origin is { } origin
        ? origin.AddDays((int)Math.Round(value)).ToString("d MMM", CultureInfo.InvariantCulture)
        : value.ToString("0.##", CultureInfo.InvariantCulture);
}

/// <summary>"Nice numbers" for an axis of values: steps of 1, 2 or 5 times a power of ten (P. Heckbert, Graphics Gems, 1990).</summary>
public static class NiceNumbers
{
    /// <summary>The smallest nice step that gives at most <paramref name="intervals"/> intervals over a range.</summary>
    public static double Step(double range, int intervals)
    {
        if (!(range > 0) || !double.IsFinite(range))
            return 1;
        var rough = range / Math.Max(1, intervals);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var fraction = rough / power;
        return power * (fraction <= 1 + 1e-9 ? 1 : fraction <= 2 + 1e-9 ? 2 : fraction <= 5 + 1e-9 ? 5 : 10);
    }

    /// <summary>Ticks from zero up to the first one at or above <paramref name="highest"/>.</summary>
    public static IReadOnlyList<Tick> FromZero(double highest, int intervals) => Between(0, highest, intervals);

    /// <summary>Ticks from the last one at or below <paramref name="lowest"/> up to the first one at or above <paramref name="highest"/>.</summary>
    public static IReadOnlyList<Tick> Between(double lowest, double highest, int intervals)
    {
        var step = Step(highest - lowest, intervals);
        var first = Math.Floor((lowest / step) + 1e-9);
        var last = Math.Max(first + 1, Math.Ceiling((highest / step) - 1e-9));
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step).Select(value => new Tick(value, value.ToString("0.######", CultureInfo.InvariantCulture)))];
    }
}
