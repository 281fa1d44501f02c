using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>What the watch for mania and psychosis looks at outside a questionnaire: the diagnosis, the course and when somebody last rated (MAN-03, MAN-04).</summary>
internal static class MoodWatch
{
    private static readonly string[] ManiaScales = ["ASRM", "YMRS"];

    public static SideEffectFacts Facts(Patient patient, IReadOnlyList<Assessment> assessments, Course? course, IReadOnlyList<DateTimeOffset> infusionEnds, DateTimeOffset now)
    {
        var lastInfusion = infusionEnds.Where(end => end <= now).Select(end => (DateTimeOffset?)end).Max();
        var rated = assessments.LastOrDefault(a => ManiaScales.Contains(a.InstrumentId, StringComparer.Ordinal) && a.Total is not null)?.CompletedAt;
        var psychosis = assessments.Where(IsPsychosisScale).GroupBy(a => a.InstrumentId, StringComparer.Ordinal).Select(g => g.ToList()).MaxBy(g => g[^1].CompletedAt);
        return new SideEffectFacts
        {
            Bipolar = patient.Diagnosis is Diagnosis.BipolarI or Diagnosis.BipolarII,
            InCourse = course is not null && course.FirstDay <= DateOnly.FromDateTime(now.UtcDateTime) && infusionEnds.Count(end => end >= course.OrderedAt) < course.Order.Days.Count,
            LastInfusionAt = lastInfusion,
            LastManiaRatingAt = rated,
            EverRatedForMania = rated is not null,
            BaselineBprsPositive = psychosis?[0].Total,
            BprsPositive = psychosis?[^1].Total,
            // Asked by the scale's items themselves; what a nurse hears is entered as such a rating.
            NewPsychoticSymptoms = psychosis is null ? null : false,
        };
    }

    public static bool IsPsychosisScale(Assessment a) => a.Total is not null && a.InstrumentId.StartsWith("BPRS", StringComparison.Ordinal);
}
