using Euthymia.Clinic.Rules;
using Euthymia.Trials.Statistics;

namespace Euthymia.Clinic;

/// <summary>A share of those assessed, and how many were not.</summary>
/// <param name="Of">Of those assessed.</param>
/// <param name="NotAssessed">Courses that are over without the scores it takes. They are missing, not failures.</param>
/// <param name="Published">What was published, beside it.</param>
public sealed record OutcomeResult(Share Of, int NotAssessed, IReadOnlyList<PublishedFigure> Published);

/// <summary>Survival at a week, with how many were still observed.</summary>
/// <param name="Week">Weeks after the last infusion.</param>
/// <param name="AtRisk">Still observed without relapse.</param>
/// <param name="Survival">Null where too few are at risk to be shown.</param>
public sealed record SurvivalRow(int Week, int AtRisk, Interval? Survival);

/// <summary>The relapse-free time of one group.</summary>
/// <param name="Name">Of the group.</param>
/// <param name="N">Responders in it.</param>
/// <param name="Curve">Null where the group is too small to be shown.</param>
/// <param name="ShownDays">The curve is drawn up to here: beyond it fewer than <see cref="SmallCells.Least"/> are at risk.</param>
/// <param name="Rows">At chosen weeks.</param>
public sealed record SurvivalGroup(string Name, int N, KaplanMeier? Curve, double ShownDays, IReadOnlyList<SurvivalRow> Rows);

/// <summary>Relapse-free survival of those who responded.</summary>
/// <param name="Groups">One, or those of a factor.</param>
/// <param name="Test">Whether the groups shown differ; null for fewer than two.</param>
/// <param name="Published">What was published, beside it.</param>
public sealed record SurvivalResult(IReadOnlyList<SurvivalGroup> Groups, GroupLogRank? Test, IReadOnlyList<PublishedFigure> Published)
{
    /// <summary>The weeks of the table.</summary>
    public static IReadOnlyList<int> Weeks { get; } = [0, 1, 2, 3, 4, 6, 8, 12, 26];

    public bool IsShown => Groups.Any(g => g.Curve is not null);
}

/// <summary>One side effect: in how many patients and infusions it was seen.</summary>
public sealed record SideEffectResult(string Effect, Share Patients, Share Infusions, Share Severe, IReadOnlyList<PublishedFigure> Published);

/// <summary>Check-ins of one reason, or of all.</summary>
/// <param name="Reason">Null for all.</param>
/// <param name="Patients">How many were asked.</param>
/// <param name="Count">Over all patients; null where too few were asked.</param>
/// <param name="Missed">Share missed, with an interval that knows that one patient's check-ins are alike.</param>
public sealed record CheckInResult(CheckInReason? Reason, int Patients, CheckInCount? Count, Interval? Missed);

/// <summary>What one group responded, drawn toward the whole.</summary>
/// <param name="Name">Of the group.</param>
/// <param name="N">Patients assessed in it.</param>
/// <param name="Pooled">Null where the group is too small to be shown; its patients still inform the others.</param>
public sealed record BenefitGroup(string Name, int N, Interval? Pooled);

/// <summary>The groups of one factor.</summary>
public sealed record BenefitFactor(CohortFactor Factor, IReadOnlyList<BenefitGroup> Groups);

/// <summary>The clinic's own results for a filter.</summary>
public sealed record CohortResults
{
    public required CohortFilter Filter { get; init; }

    /// <summary>Patients with a first infusion inside the filter; each counts once.</summary>
    public required int Patients { get; init; }

    /// <summary>Of these, how many are still in their course and not judged yet.</summary>
    public required int InCourse { get; init; }

    public required OutcomeResult Response { get; init; }

    public required OutcomeResult Remission { get; init; }

    public required SurvivalResult Relapse { get; init; }

    public required int Infusions { get; init; }

    public required IReadOnlyList<SideEffectResult> SideEffects { get; init; }

    public required IReadOnlyList<CheckInResult> CheckIns { get; init; }

    public required IReadOnlyList<BenefitFactor> Benefit { get; init; }

    /// <summary>Years in which a course began, for the filter.</summary>
    public required IReadOnlyList<int> Years { get; init; }

    /// <summary>Regimens that were ordered, the most frequent first, for the filter.</summary>
    public required IReadOnlyList<CohortRegimen> Regimens { get; init; }

    /// <summary>
    /// False where the number of patients, less those assessed, would give away how few are not assessed or still in their course: then only a
    /// lower bound is shown.
    /// </summary>
    public bool IsPatientCountShown => !SmallCells.Hide([Response.Of.N, Response.NotAssessed, InCourse])[0];

    /// <summary>Nothing is shown of fewer patients than this.</summary>
    public bool IsHidden => Patients < SmallCells.Least;

    /// <summary>Counts. The same courses give the same results, in whatever order they come.</summary>
    public static CohortResults Of(IReadOnlyList<CohortCourse> all, CohortFilter filter, CohortFactor? by, RuleSettings rules, DateOnly today)
    {
        var courses = filter.Of(all, today);
        var judged = courses.Select(c => (Course: c, Outcome: CohortOutcome.Of(c, rules))).ToList();
        return new CohortResults
        {
            Filter = filter,
            Patients = courses.Count,
            InCourse = courses.Count(c => !c.IsOver),
            Response = Outcome(judged, o => o.IsResponse, "response"),
            Remission = Outcome(judged, o => o.IsRemission, "remission"),
            Relapse = CohortSurvival.Of(judged, by),
            Infusions = courses.Sum(c => c.Infusions.Count),
            SideEffects = CohortSafety.SideEffects(courses),
            CheckIns = CohortSafety.CheckIns(courses),
            Benefit = CohortBenefit.Of(judged),
            Years = [.. all.Select(c => c.FirstDay.Year).Distinct().OrderDescending()],
            Regimens = [.. all.GroupBy(c => c.Regimen).OrderByDescending(g => g.Count()).ThenBy(g => g.Key.Key, StringComparer.Ordinal).Select(g => g.Key)],
        };
    }

    private static OutcomeResult Outcome(List<(CohortCourse Course, CohortOutcome Outcome)> judged, Func<CohortOutcome, bool?> of, string published)
    {
        var over = judged.Where(j => j.Course.IsOver).Select(j => of(j.Outcome)).ToList();
        return new OutcomeResult(new Share(over.Count(o => o == true), over.Count(o => o is not null)), over.Count(o => o is null), PublishedFigures.For(published));
    }
}
