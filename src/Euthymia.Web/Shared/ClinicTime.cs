using System.Globalization;
using Euthymia.Clinic;

namespace Euthymia.Web.Shared;

/// <summary>Times as staff read them: the clinic's zone, 24 hours, with the age beside it.</summary>
public static class ClinicTime
{
    /// <summary>"14:05"; with its offset in the hour that occurs twice.</summary>
    public static string Clock(this ClinicSettings clinic, DateTimeOffset moment) => clinic.Written(moment, "HH:mm");

    /// <summary>"23 Nov 2026".</summary>
    public static string Date(this ClinicSettings clinic, DateTimeOffset moment) => Date(clinic.DayOf(moment));

    /// <summary>"23 Nov 2026, 14:05".</summary>
    public static string DateAndClock(this ClinicSettings clinic, DateTimeOffset moment) => $"{clinic.Date(moment)}, {clinic.Clock(moment)}";

    /// <summary>"23 Nov 2026".</summary>
    public static string Date(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>"Monday 23 November".</summary>
    public static string LongDay(DateOnly day) => day.ToString("dddd d MMMM", CultureInfo.InvariantCulture);

    /// <summary>"just now", "4 min ago", "3 h ago", "2 days ago"; "in 3 min" for what is to come.</summary>
    public static string Age(TimeSpan age)
    {
        if (age < TimeSpan.Zero)
            return $"in {Length(-age)}";
        return age < TimeSpan.FromMinutes(1) ? "just now" : $"{Length(age)} ago";
    }

    /// <summary>"40 min", "3 h", "2 days", to the nearest.</summary>
    public static string Length(TimeSpan length) => length.TotalMinutes < 100
        ? $"{Math.Max(1, (int)Math.Round(length.TotalMinutes, MidpointRounding.AwayFromZero))} min"
        : length.TotalHours < 48 ? $"{(int)Math.Round(length.TotalHours, MidpointRounding.AwayFromZero)} h" : $"{(int)length.TotalDays} days";
}
