using System.Globalization;
using System.Text.RegularExpressions;

namespace Euthymia.Pharmacometrics;

/// <summary>
/// A regimen before the weight is known. Each part is a dose, in mg/kg or mg, over one duration at several starts.
/// </summary>
public sealed record RegimenOrder(IReadOnlyList<RegimenOrder.Part> Parts)
{
    /// <summary>
    /// Exactly one of <paramref name="DosePerKilogram"/> and <paramref name="Dose"/> is set. The duration is zero for every route but an
    /// infusion; <paramref name="Drug"/> is set when the text named one.
    /// </summary>
    public sealed record Part(
        MilligramsPerKilogram? DosePerKilogram,
        Milligrams? Dose,
        TimeSpan Duration,
        IReadOnlyList<TimeSpan> Starts,
        Route Route = Route.IntravenousInfusion,
        string? Drug = null)
    {
        /// <summary>The dose of one infusion for a weight.</summary>
        public Milligrams DoseFor(Kilograms weight) => Dose ?? DosePerKilogram!.Value * weight;
    }

    /// <summary>Whether any dose depends on the weight.</summary>
    public bool DependsOnWeight => Parts.Any(part => part.DosePerKilogram is not null);

    /// <summary>The regimen of a patient of this weight.</summary>
    /// <exception cref="InvalidInputException">The weight is not a body weight, or a dose is no infusion.</exception>
    public Regimen For(Kilograms weight)
    {
        Covariates.CheckWeight(weight);
        if (Parts.FirstOrDefault(part => part.Route != Route.IntravenousInfusion) is { } other)
            throw new InvalidInputException("route-not-an-infusion", "regimen", $"A {RegimenText.Words(other.Route)} dose is no infusion: give it as an order.");
        return new Regimen(Parts.SelectMany(part => part.Starts.Select(start => Infusion.Constant(start, part.DoseFor(weight), part.Duration))));
    }
}

/// <summary>
/// Regimens as people write them: <c>0.5 mg/kg over 40 min on days 0,2,4,7,9,11</c>; <c>35 mg over 1 h</c>;
/// <c>0.5 mg/kg over 40 min every 2 days x 6</c>; <c>... at hours 0,24</c>; other routes <c>0.2 mg/kg bolus</c>,
/// <c>0.5 mg/kg IM on days 0,3</c>, SC, <c>56 mg intranasal</c>, oral, sublingual. The drug may be named after the unit
/// (<c>56 mg esketamine intranasal</c>). Parts are joined by a semicolon.
/// Days and hours count from the first infusion of the course.
/// </summary>
public static partial class RegimenText
{
    private const string Example = "Write it like \"0.5 mg/kg over 40 min on days 0,2,4,7,9,11\", \"0.2 mg/kg bolus\", \"0.5 mg/kg IM on days 0,3\" or \"56 mg esketamine intranasal\" (also SC, oral, sublingual).";
    private const int MaximumLength = 4000;
    private const decimal MaximumDose = 1_000_000;
    private static readonly TimeSpan MaximumTime = TimeSpan.FromDays(3660);

    [GeneratedRegex(
        @"^(?<dose>[0-9]{1,9}(\.[0-9]{1,9})?)\s*(?<unit>mg/kg|mg)\s+((racemic\s+)?(?<drug>ketamine|esketamine)\s+)?"
        + @"((iv\s+|intravenous\s+)?over\s+(?<length>[0-9]{1,6}(\.[0-9]{1,6})?)\s*(?<time>minutes|minute|min|hours|hour|h|seconds|s)"
        + @"|((iv|intravenous)\s+)?(?<bolus>bolus|push)|(?<im>im|intramuscular(ly)?)|(?<sc>sc|subcutaneous(ly)?)|(?<in>in|nasal|intranasal(ly)?)"
        + @"|(?<po>po|oral(ly)?|by mouth)|(?<sl>sl|sublingual(ly)?))"
        + @"(\s+(on\s+)?(?<list>days?|hours?|h)\s+(?<starts>[0-9.,\s-]+)"
        + @"|\s+at\s+(?<list>days?|hours?|h)\s+(?<starts>[0-9.,\s-]+)"
        + @"|\s+every\s+(?<step>[0-9]{1,4}(\.[0-9]{1,4})?)\s*(?<list>days?|hours?|h)\s*(x|times)\s*(?<count>[0-9]{1,5}))?$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex PartPattern();

    /// <summary>Reads a regimen order.</summary>
    /// <param name="text">As in the summary of this class.</param>
    /// <exception cref="InvalidInputException">Field <c>regimen</c>; the message quotes what was not understood.</exception>
    public static RegimenOrder Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaximumLength)
            throw Error("regimen-too-long", $"The regimen is longer than {MaximumLength} characters.");
        var parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
            throw Error("regimen-empty", "The regimen is empty.");
        return new RegimenOrder([.. parts.Select(ParsePart)]);
    }

    private static RegimenOrder.Part ParsePart(string text)
    {
        var match = PartPattern().Match(text);
        if (!match.Success)
            throw Error("regimen-not-understood", $"\"{text}\" is not understood.");

        var dose = Number(match.Groups["dose"].Value);
        if (dose is <= 0 or > MaximumDose)
            throw Error("dose-out-of-range", $"The dose in \"{text}\" must be more than zero and at most {MaximumDose:0}.");
        var route = RouteOf(match);
        var duration = route == Route.IntravenousInfusion ? Time(Number(match.Groups["length"].Value), match.Groups["time"].Value) : TimeSpan.Zero;
        if (route == Route.IntravenousInfusion && duration <= TimeSpan.Zero)
            throw Error("duration-not-positive", $"The duration in \"{text}\" must be longer than zero.");

        var perKilogram = match.Groups["unit"].Value.Equals("mg/kg", StringComparison.OrdinalIgnoreCase);
        return new RegimenOrder.Part(
            perKilogram ? new MilligramsPerKilogram(dose) : null,
            perKilogram ? null : new Milligrams(dose),
            duration,
            Starts(match),
            route,
            match.Groups["drug"] is { Success: true } drug ? drug.Value.ToLowerInvariant() : null);
    }

    /// <summary>A route as an adjective, such as "intramuscular".</summary>
    internal static string Words(Route route) => route switch
    {
        Route.IntravenousInfusion => "infused",
        Route.IntravenousBolus => "bolus",
        _ => route.ToString().ToLowerInvariant(),
    };

    private static Route RouteOf(Match match)
    {
        if (match.Groups["length"].Success)
            return Route.IntravenousInfusion;
        if (match.Groups["bolus"].Success)
            return Route.IntravenousBolus;
        if (match.Groups["im"].Success)
            return Route.Intramuscular;
        if (match.Groups["sc"].Success)
            return Route.Subcutaneous;
        if (match.Groups["in"].Success)
            return Route.Intranasal;
        return match.Groups["po"].Success ? Route.Oral : Route.Sublingual;
    }

    private static TimeSpan[] Starts(Match match)
    {
        if (!match.Groups["list"].Success)
            return [TimeSpan.Zero];
        var unit = match.Groups["list"].Value;
        if (match.Groups["step"].Success)
        {
            var count = int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture);
            var step = Number(match.Groups["step"].Value);
            if (count == 0 || step <= 0)
                throw Error("regimen-not-understood", "\"every\" needs an interval and a number of times above zero.");
            return [.. Enumerable.Range(0, count).Select(i => Time(i * step, unit))];
        }

        List<TimeSpan> starts = [];
        foreach (var item in match.Groups["starts"].Value.Split(',', StringSplitOptions.TrimEntries))
            starts.AddRange(StartsOf(item, unit));
        if (starts.Distinct().Count() != starts.Count)
            throw Error("start-repeated", $"A start is given twice in \"{match.Groups["starts"].Value.Trim()}\".");
        return [.. starts];
    }

    private static List<TimeSpan> StartsOf(string item, string unit)
    {
        var ends = item.Split('-', StringSplitOptions.TrimEntries);
        if (ends.Length == 2 && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first <= last && last < 100_000)
        {
            return [.. Enumerable.Range(first, last - first + 1).Select(day => Time(day, unit))];
        }

        return decimal.TryParse(item, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? [Time(value, unit)]
            : throw Error("start-not-understood", $"\"{item}\" is not a {(IsDay(unit) ? "day" : "hour")}.");
    }

    private static TimeSpan Time(decimal value, string unit)
    {
        var ticks = value * char.ToLowerInvariant(unit[0]) switch
        {
            'd' => TimeSpan.TicksPerDay,
            'h' => TimeSpan.TicksPerHour,
            'm' => TimeSpan.TicksPerMinute,
            _ => TimeSpan.TicksPerSecond,
        };
        return ticks <= MaximumTime.Ticks
            ? TimeSpan.FromTicks((long)ticks)
            : throw Error("time-out-of-range", $"{value} {unit} is beyond ten years.");
    }

    private static bool IsDay(string unit) => char.ToLowerInvariant(unit[0]) == 'd';

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static InvalidInputException Error(string code, string problem) => new(code, "regimen", $"{problem} {Example}");
}
