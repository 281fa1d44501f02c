using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>What the rules of follow-up say of a patient now that no single answer and no missed check-in says: FUP-02 and FUP-03.</summary>
internal static class FollowUpWatch
{
    private static readonly Dictionary<string, SelfReportScale> Scales = new(StringComparer.Ordinal) { ["PHQ-9"] = SelfReportScale.Phq9, ["GAD-7"] = SelfReportScale.Gad7, ["QIDS-SR"] = SelfReportScale.Qids };
    private static readonly string[] Shown = ["FUP-02", "FUP-03"];

    /// <summary>FUP-02 on the scale that was answered last, FUP-03 on the last total of a depression scale.</summary>
    public static IReadOnlyList<RuleResult> Of(ScheduleFacts facts, DateTimeOffset now)
    {
        var last = facts.Assessments.Where(a => Scales.ContainsKey(a.InstrumentId) && a.CompletedAt <= now).MaxBy(a => a.CompletedAt);
        var scored = facts.Assessments.Where(a => a.Total is not null && a.CompletedAt <= now && OutcomeScale(a)).MaxBy(a => a.CompletedAt);
        var report = FollowUpRules.Evaluate(new FollowUpFacts
        {
            Scale = last is null ? null : Scales[last.InstrumentId],
            AnsweredBefore = last is not null,
            LastAnsweredAt = last?.CompletedAt,
            AcuteCourseEndedAt = facts.InfusionEnds.Where(end => end <= now).Select(end => (DateTimeOffset?)end).Max(),
            LastAssessmentAt = scored?.CompletedAt,
        }, facts.Rules, now);
        return [.. Shown.Select(id => report[id])];
    }

    private static bool OutcomeScale(Assessment a) => Courses.Decisions.OutcomeDefinitions.Current.Of(a.InstrumentId) is not null;
}
