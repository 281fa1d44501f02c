using System.Globalization;

namespace Euthymia.Clinic;

/// <summary>What courses are grouped by where curves or estimates are compared.</summary>
public enum CohortFactor
{
    Diagnosis,
    Regimen,
    Sex,
    Age,
    Severity,
    Year,
}

/// <summary>Which courses are counted. It is read from an address, and holds no patient data.</summary>
/// <param name="Period">"3m", "12m", a year such as "2026", or null for all.</param>
/// <param name="Diagnosis">Null for all.</param>
/// <param name="Regimen">Key of a regimen; null for all.</param>
public sealed record CohortFilter(string? Period = null, Diagnosis? Diagnosis = null, string? Regimen = null)
{
    /// <summary>Reads an address; what is not understood counts as not given.</summary>
    public static CohortFilter Read(string? period, string? diagnosis, string? regimen) => new(
        period is "3m" or "12m" || (period is { Length: 4 } && period.All(char.IsAsciiDigit)) ? period : null,
        Enum.TryParse<Diagnosis>(diagnosis, ignoreCase: true, out var known) && Enum.IsDefined(known) && !diagnosis!.All(char.IsAsciiDigit) ? known : null,
        regimen is { Length: > 0 and <= 20 } && regimen.All(c => char.IsAsciiDigit(c) || c is '.' or '-') ? regimen : null);

    /// <summary>The first and last day of a first infusion; null where there is no limit.</summary>
    public (DateOnly? From, DateOnly? To) Days(DateOnly today) => Period switch
    {
        null => (null, null),
        "3m" => (today.AddMonths(-3), today),
        "12m" => (today.AddMonths(-12), today),
        var year => (new DateOnly(Math.Max(1, int.Parse(year, CultureInfo.InvariantCulture)), 1, 1), new DateOnly(Math.Max(1, int.Parse(year, CultureInfo.InvariantCulture)), 12, 31)),
    };

    /// <summary>The first course of each patient that lies inside: a patient counts once.</summary>
    public IReadOnlyList<CohortCourse> Of(IEnumerable<CohortCourse> courses, DateOnly today)
    {
        var (from, to) = Days(today);
        return [.. courses.Where(c => (from is null || c.FirstDay >= from) && (to is null || c.FirstDay <= to)
                && (Diagnosis is null || c.Diagnosis == Diagnosis) && (Regimen is null || string.Equals(c.Regimen.Key, Regimen, StringComparison.Ordinal)))
            .GroupBy(c => c.PatientId).Select(g => g.MinBy(c => c.FirstInfusionAt)!).OrderBy(c => c.FirstInfusionAt).ThenBy(c => c.CourseId)];
    }
}

/// <summary>The groups of a factor, in the order and words in which they are listed.</summary>
public static class CohortGroups
{
    /// <summary>Name of the group that a course belongs to; null where it is not known.</summary>
    public static string? Of(CohortCourse course, CohortFactor factor) => factor switch
    {
        CohortFactor.Diagnosis => NameOf(course.Diagnosis),
        CohortFactor.Regimen => course.Regimen.ToString(),
        CohortFactor.Sex => course.Sex switch { RecordedSex.Female => "Female", RecordedSex.Male => "Male", RecordedSex.Other => "Other", _ => null },
        CohortFactor.Age => course.Age switch { < 35 => "Under 35 years", < 50 => "35 to 49 years", < 65 => "50 to 64 years", _ => "65 years and over" },
        CohortFactor.Severity => course.Baseline is { } total ? total switch { < 15 => "PHQ-9 below 15 before", < 20 => "PHQ-9 15 to 19 before", _ => "PHQ-9 20 or more before" } : null,
        CohortFactor.Year => course.FirstDay.Year.ToString(CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(factor), factor, "Not a factor."),
    };

    internal static string NameOf(Diagnosis diagnosis) => diagnosis switch
    {
        Diagnosis.MajorDepressiveDisorder => "Major depressive disorder",
        Diagnosis.TreatmentResistantDepression => "Treatment-resistant depression",
        Diagnosis.BipolarI => "Bipolar I disorder",
        Diagnosis.BipolarII => "Bipolar II disorder",
        _ => throw new ArgumentOutOfRangeException(nameof(diagnosis), diagnosis, "Not a diagnosis."),
    };

    public static string Name(CohortFactor factor) => factor switch
    {
        CohortFactor.Diagnosis => "Diagnosis",
        CohortFactor.Regimen => "Regimen",
        CohortFactor.Sex => "Sex",
        CohortFactor.Age => "Age",
        CohortFactor.Severity => "Severity before",
        CohortFactor.Year => "Year of the first infusion",
        _ => throw new ArgumentOutOfRangeException(nameof(factor), factor, "Not a factor."),
    };

    // Ages and scores in their own order, all else by name.
    internal static int Rank(string group) => group.StartsWith("Under", StringComparison.Ordinal) || group.Contains("below", StringComparison.Ordinal) ? 0 : 1;
}
