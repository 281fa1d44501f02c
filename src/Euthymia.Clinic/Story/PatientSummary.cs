using System.Globalization;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>Half a page of words about a patient's treatment, for the page and for the referring doctor alike.</summary>
/// <param name="Title">Its name.</param>
/// <param name="About">Patient and date, one line.</param>
/// <param name="Sections">Why, what was given, what it did, what is open.</param>
/// <param name="Foot">What every sheet says at its end.</param>
public sealed record PatientSummary(string Title, string About, IReadOnlyList<DocumentSection> Sections, string Foot) : Paper(Title, About, Sections, Foot)
{
    /// <summary>Writes the summary. Every word follows from what is recorded; what is not recorded is said to be missing.</summary>
    public static PatientSummary Of(PatientStory story) => new SummaryWriter(story).Write();
}

/// <summary>Puts a story into sentences.</summary>
internal sealed class SummaryWriter(PatientStory story)
{
    private const int MostFindings = 3;
    private readonly ClinicSettings _clinic = story.Clinic;

    public PatientSummary Write() => new(
        "Summary of treatment",
        $"{story.Patient.FullName}, {story.Patient.ClinicNumber}, born {Day(story.Patient.DateOfBirth)}",
        [Section("Why", Why()), Section("What was given", Given()), Section("What it did", Did()), Section("What is open", Open())],
        $"{_clinic.Name}, as of {Moment(story.AsOf)} {_clinic.TimeZone}. Written by the program from {story.Assessments.Count} assessments and {story.Courses.Sum(c => c.Given.Count)} infusions on record.");

    private static DocumentSection Section(string heading, IEnumerable<string> sentences) => new(heading) { Sentences = [.. sentences] };

    private IEnumerable<string> Why()
    {
        yield return $"{DiagnosisWords(story.Patient.Diagnosis)}, {story.Patient.AgeOn(_clinic.DayOf(story.AsOf))} years old.";
        yield return $"Prior treatments: {Listed(story.Patient.PriorTreatments)}. Medication: {Listed(story.Patient.Medication)}.";
        if (First is not { } first)
            yield break;
        yield return first.Counted!.Baseline is { } baseline
            ? $"PHQ-9 before the first infusion: {baseline} of 27."
            : "No PHQ-9 total was recorded in the four weeks before the first infusion.";
    }

    private IEnumerable<string> Given()
    {
        if (story.Courses.Count == 0)
            yield return "No course was ordered.";
        foreach (var course in story.Courses)
        {
            var order = course.Course.Order;
            var ordered = $"Course from {Day(course.Course.FirstDay)}: {course.Given.Count} of {order.Days.Count} infusions of racemic ketamine given, ordered at {order.DosePerKilogram} over {order.Duration.TotalMinutes:0} min";
            if (course.Given.Count == 0)
            {
                yield return $"{ordered}.";
                continue;
            }

            var (least, most) = (PerKilogram(course.Given.Min(g => g.DosePerKilogram)), PerKilogram(course.Given.Max(g => g.DosePerKilogram)));
            var early = course.Counted?.Infusions.Count(i => i.IsEarlyStop) ?? 0;
            yield return $"{ordered}; {course.Total} in all, {(string.Equals(least, most, StringComparison.Ordinal) ? least : $"{least} to {most}")} mg/kg each; last on {Day(_clinic.DayOf(course.Given[^1].StartedAt))}.{(early == 0 ? "" : $" Stopped with less than nine tenths given: {early}.")}";
        }
    }

    private IEnumerable<string> Did()
    {
        foreach (var course in story.Courses.Where(c => c.Counted is not null))
            yield return Effect(course);
        if (story.Assessments.LastOrDefault(a => a.Total is not null && string.Equals(a.InstrumentId, Instrument.Phq9.Id, StringComparison.Ordinal)) is { } last)
            yield return $"Last PHQ-9: {last.Total} of 27{(last.Band is { } band ? $" ({band})" : "")}, {Day(_clinic.DayOf(last.CompletedAt))}.";
        else
            yield return "No PHQ-9 total is on record.";
        if (First is not null)
            yield return Effects();
        var serious = story.Events.Where(e => e.Kind == StoryEventKind.SeriousEvent).Select(e => e.Words).ToList();
        if (serious.Count > 0)
            yield return $"Serious events: {string.Join(". ", serious)}.";
    }

    private string Effect(StoryCourse course)
    {
        var outcome = course.Outcome!;
        var name = story.Courses.Count(c => c.Counted is not null) > 1 ? $"Course from {Day(course.Course.FirstDay)}: " : "";
        if (!course.Counted!.IsOver)
            return $"{name}The course is not over; its effect is not judged yet.";
        if (outcome.End is not { } end)
            return $"{name}Effect at the end of the course: not assessed, since no PHQ-9 total was recorded within 14 days after the last infusion.";
        if (outcome.IsResponse is not { } response)
            return $"{name}PHQ-9 after the last infusion: {end.Total}; response not assessed without a baseline.";
        var verdict = $"{(response ? "response" : "no response")}, {(outcome.IsRemission == true ? "remission" : "no remission")}";
        var relapse = outcome.Relapse switch
        {
            { Event: true, Time: var days } => $" Relapse {Number(days)} days after the last infusion.",
            { Event: false, Time: var days } => $" No relapse seen up to {Number(days)} days after the last infusion.",
            null => "",
        };
        return $"{name}PHQ-9 from {course.Counted.Baseline} before the course to {end.Total} after the last infusion: {verdict}.{relapse}";
    }

    private string Effects()
    {
        var seen = story.Events.Where(e => e.Kind == StoryEventKind.SideEffect).GroupBy(e => e.Words, StringComparer.Ordinal).OrderByDescending(g => g.Count())
            .Select(g => $"{g.Key} ({(g.Count() == 1 ? "once" : $"{g.Count()} times")}, at worst {Words(g.Max(e => e.Grade!.Value))})").ToList();
        var highest = story.Courses.Where(c => c.Counted is not null).SelectMany(c => c.Counted!.Infusions).Where(i => i.HighestSystolic is not null).MaxBy(i => i.HighestSystolic);
        var pressure = highest is null ? "Blood pressure: not recorded." : $"Highest blood pressure at the chair: {highest.HighestSystolic} mmHg systolic.";
        return $"{(seen.Count == 0 ? "No side effect was recorded." : $"Side effects recorded: {string.Join(", ", seen)}.")} {pressure}";
    }

    private IEnumerable<string> Open()
    {
        var findings = story.Events.Where(e => e is { Kind: StoryEventKind.Finding, IsOpen: true }).ToList();
        if (findings.Count > 0)
            yield return $"Open findings: {string.Join("; ", findings.Take(MostFindings).Select(f => f.Words))}{(findings.Count > MostFindings ? $"; and {findings.Count - MostFindings} more" : "")}.";
        if (story.DecisionDueAfter is { } after)
            yield return $"A decision on the course is due: after infusion {after}.";
        var planned = story.Courses.Sum(c => c.Planned);
        yield return story.NextVisit is { } next ? $"Next visit: {Moment(next)}; {planned} {(planned == 1 ? "visit lies" : "visits lie")} ahead." : "No visit is planned.";
        if (story.MissedInARow is > 0 and var missed)
            yield return $"Check-ins missed in a row: {missed}.";
        if (story.Patient.CurrentWeight is null)
            yield return "Weight: not recorded.";
        if (findings.Count == 0)
            yield return "No finding is open.";
    }

    private StoryCourse? First => story.Courses.FirstOrDefault(c => c.Counted is not null);

    private static string DiagnosisWords(Diagnosis diagnosis) => CohortGroups.NameOf(diagnosis);

    private static string Listed(RecordedList list) => list.IsRecorded ? (list.IsNoneKnown ? "none known" : string.Join(", ", list.Items)) : "not recorded";

    private static string Words(SideEffectGrade grade) => grade switch
    {
        SideEffectGrade.Mild => "mild",
        SideEffectGrade.Moderate => "moderate",
        SideEffectGrade.Severe => "severe",
        _ => "life-threatening",
    };

    private static string PerKilogram(MilligramsPerKilogram dose) => decimal.Round(dose.Value, 2, MidpointRounding.AwayFromZero).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private string Moment(DateTimeOffset at) => _clinic.Written(at, "d MMM yyyy, HH:mm");
}
