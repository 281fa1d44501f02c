using System.Globalization;

namespace Euthymia.Clinic;

/// <summary>The weekly hours in which somebody reads patients' answers, in the clinic's local time.</summary>
public sealed class OpeningHours
{
    private const int LongestText = 200;
    private const string Example = "Write days and times such as \"Mon-Fri 08:00-17:00; Sat 09:00-12:00\".";
    private static readonly string[] Names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    private readonly Dictionary<DayOfWeek, (TimeOnly From, TimeOnly To)> _days;

    private OpeningHours(Dictionary<DayOfWeek, (TimeOnly From, TimeOnly To)> days) => _days = days;

    /// <summary>True when no hours are set: nobody may then be said to be reading.</summary>
    public bool IsEmpty => _days.Count == 0;

    /// <summary>Hours of a day of the week, or null when closed.</summary>
    public (TimeOnly From, TimeOnly To)? this[DayOfWeek day] => _days.TryGetValue(day, out var hours) ? hours : null;

    /// <summary>Reads "Mon-Fri 08:00-17:00; Sat 09:00-12:00". An empty text means no hours.</summary>
    public static bool TryParse(string? text, out OpeningHours hours, out string problem)
    {
        var days = new Dictionary<DayOfWeek, (TimeOnly, TimeOnly)>();
        hours = new OpeningHours(days);
        problem = "";
        if (text is { Length: > LongestText })
            return No(out problem, $"Use at most {LongestText} characters.");
        foreach (var part in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var range, var span] || Days(range) is not { } named || Span(span) is not { } open)
                return No(out problem, $"\"{part}\" cannot be read. {Example}");
            if (open.From >= open.To)
                return No(out problem, $"\"{part}\" ends before it begins. {Example}");
            foreach (var day in named)
            {
                if (!days.TryAdd(day, open))
                    return No(out problem, $"{Names[(int)day]} is named twice. {Example}");
            }
        }

        return true;
    }

    private static bool No(out string problem, string why)
    {
        problem = why;
        return false;
    }

    private static List<DayOfWeek>? Days(string range)
    {
        var ends = range.Split('-').Select(name => Array.FindIndex(Names, n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase))).ToList();
        if (ends.Count is 0 or > 2 || ends.Contains(-1))
            return null;
        List<DayOfWeek> days = [(DayOfWeek)ends[0]];
        for (var day = ends[0]; ends.Count == 2 && day != ends[1];)
        {
            day = (day + 1) % 7;
            days.Add((DayOfWeek)day);
        }

        return days;
    }

    private static (TimeOnly From, TimeOnly To)? Span(string span) =>
        span.Split('-') is [var from, var to]
        && TimeOnly.TryParseExact(from, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var opens)
        && TimeOnly.TryParseExact(to, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var closes)
            ? (opens, closes)
            : null;
}

/// <summary>When somebody at the clinic reads answers, and when the next working day ends.</summary>
public static class ClinicWatch
{
    private static readonly (TimeOnly From, TimeOnly To) UsualDay = (new TimeOnly(8, 0), new TimeOnly(17, 0));

    /// <summary>True when somebody reads answers at this moment. False without opening hours: nothing is promised that was not set.</summary>
    public static bool IsWatched(this ClinicSettings clinic, DateTimeOffset moment)
    {
        var day = clinic.DayOf(moment);
        return Hours(clinic)[day.DayOfWeek] is { } hours && !clinic.ClosedDays.Contains(day)
            && moment >= clinic.MomentOf(day, hours.From) && moment < clinic.MomentOf(day, hours.To);
    }

    /// <summary>Until when somebody reads answers; null when nobody does.</summary>
    public static DateTimeOffset? WatchedUntil(this ClinicSettings clinic, DateTimeOffset moment) =>
        clinic.IsWatched(moment) ? clinic.MomentOf(clinic.DayOf(moment), Hours(clinic)[clinic.DayOf(moment).DayOfWeek]!.Value.To) : null;

    /// <summary>When somebody reads answers again; null while no hours are set.</summary>
    public static DateTimeOffset? NextWatch(this ClinicSettings clinic, DateTimeOffset moment)
    {
        var hours = Hours(clinic);
        for (var day = clinic.DayOf(moment); !hours.IsEmpty && day < clinic.DayOf(moment).AddDays(60); day = day.AddDays(1))
        {
            if (hours[day.DayOfWeek] is { } open && !clinic.ClosedDays.Contains(day) && clinic.MomentOf(day, open.From) is var opens && opens > moment)
                return opens;
        }

        return null;
    }

    /// <summary>The end of the next working day after the day of a moment. Without opening hours, Monday to Friday until 17:00.</summary>
    public static DateTimeOffset EndOfNextWorkingDay(this ClinicSettings clinic, DateTimeOffset moment)
    {
        var hours = Hours(clinic);
        var day = clinic.DayOf(moment).AddDays(1);
        // A clinic that closes for two months is not one that anything can be due at: the day is then as good as any.
        for (var tried = 0; tried < 60 && !IsWorking(clinic, hours, day); tried++)
            day = day.AddDays(1);
        return clinic.MomentOf(day, (hours[day.DayOfWeek] ?? UsualDay).To);
    }

    private static bool IsWorking(ClinicSettings clinic, OpeningHours hours, DateOnly day) =>
        !clinic.ClosedDays.Contains(day)
        && (hours.IsEmpty ? day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) : hours[day.DayOfWeek] is not null);

    private static OpeningHours Hours(ClinicSettings clinic) =>
        OpeningHours.TryParse(clinic.OpeningHours, out var hours, out var problem) ? hours : throw new InvalidOperationException($"The stored opening hours cannot be read. {problem}");
}
