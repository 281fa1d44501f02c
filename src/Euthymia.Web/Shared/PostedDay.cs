using System.Globalization;

namespace Euthymia.Web.Shared;

/// <summary>A day as a date field posts it. What cannot be read is said at its field: it must not pass for a field left empty.</summary>
public static class PostedDay
{
    private const string Format = "yyyy-MM-dd";

    /// <summary>The day, or null when the field was left empty or is reported.</summary>
    public static DateOnly? Read(Problems problems, string field, string? posted)
    {
        if (string.IsNullOrWhiteSpace(posted))
            return null;
        if (DateOnly.TryParseExact(posted, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        problems.Add(field, "day_unreadable", "This is not a day of the calendar. Enter year, month and day, such as 2026-05-31.");
        return null;
    }

    public static string? Of(DateOnly? day) => day?.ToString(Format, CultureInfo.InvariantCulture);
}
