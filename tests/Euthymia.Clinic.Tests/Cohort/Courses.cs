using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic.Tests.Cohort;

/// <summary>Courses written short: six infusions from the first of March 2026 at nine, on days 0, 2, 4, 7, 9 and 11.</summary>
internal static class Courses
{
    public static readonly DateTimeOffset First = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly int[] Days = [0, 2, 4, 7, 9, 11];

    public static DateTimeOffset LastEnd => First.AddDays(11).AddMinutes(40);

    /// <summary>A course with PHQ-9 totals at days after its last infusion.</summary>
    public static CohortCourse Of(int? baseline, params (double Day, int Total)[] after) => new()
    {
        PatientId = Guid.CreateVersion7(),
        CourseId = Guid.CreateVersion7(),
        Diagnosis = Diagnosis.TreatmentResistantDepression,
        Sex = RecordedSex.Female,
        Age = 45,
        Number = 1,
        Regimen = new CohortRegimen(0.5m, 40),
        FirstDay = DateOnly.FromDateTime(First.UtcDateTime),
        Infusions = [.. Days.Select(day => Infusion(First.AddDays(day)))],
        IsOver = true,
        Baseline = baseline,
        Scores = [.. after.Select(a => new CohortScore(LastEnd.AddDays(a.Day), a.Total))],
    };

    public static CohortInfusion Infusion(DateTimeOffset at, int? systolic = 130, params CohortSideEffect[] effects) =>
        new(at, at.AddMinutes(40), new MilligramsPerKilogram(0.5m), IsEarlyStop: false, systolic, 80, effects);

    /// <summary>Responders and others of a group.</summary>
    public static IEnumerable<CohortCourse> Many(int responders, int others, Func<CohortCourse, CohortCourse>? change = null) =>
        Enumerable.Range(0, responders + others).Select(i => (change ?? (c => c))(Of(20, (1, i < responders ? 8 : 18))));
}
