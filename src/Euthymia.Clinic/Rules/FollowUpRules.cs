namespace Euthymia.Clinic.Rules;

public enum SelfReportScale
{
    Phq9,
    Gad7,
    Qids,
}

/// <summary>Check-ins and scales between visits. Null means not known.</summary>
public sealed record FollowUpFacts
{
    public DateTimeOffset? LastInfusionAt { get; init; }

    public bool? CheckInSinceInfusion { get; init; }

    public SelfReportScale? Scale { get; init; }

    /// <summary>Whether the patient ever answered this scale.</summary>
    public bool? AnsweredBefore { get; init; }

    public DateTimeOffset? LastAnsweredAt { get; init; }

    public DateTimeOffset? AcuteCourseEndedAt { get; init; }

    public DateTimeOffset? LastAssessmentAt { get; init; }

    public int? MissedInARow { get; init; }

    public bool? SideEffectsAskedSinceTreatment { get; init; }

    /// <summary>Last total minus the one before it on the same scale; higher is worse.</summary>
    public int? RiseSinceLastScore { get; init; }

    /// <summary>The check-in's answer on a mood that is up too far, 0 to 2.</summary>
    public int? MoodUpTooFar { get; init; }

    /// <summary>The check-in's answer on after-effects of treatment, 0 to 2.</summary>
    public int? AfterEffects { get; init; }

    /// <summary>The check-in's answer on sleep, 0 to 2.</summary>
    public int? Sleep { get; init; }
}

/// <summary>Follow-up (FUP-*).</summary>
public static class FollowUpRules
{
    private static readonly StageRules<FollowUpFacts> Rules = new("followup", new(StringComparer.Ordinal)
    {
        ["FUP-01"] = (f, see) => see.OlderThanHours(f.LastInfusionAt, "hours") & see.No(f.CheckInSinceInfusion),
        ["FUP-02"] = (f, see) => see.Yes(f.AnsweredBefore) & WindowOverlaps(f, see),
        ["FUP-03"] = (f, see) => AssessmentDue(f, see),
        ["FUP-04"] = (f, see) => see.AtLeast(f.MissedInARow, "missed"),
        ["FUP-05"] = (f, see) => see.No(f.SideEffectsAskedSinceTreatment),
        ["FUP-06"] = (f, see) => see.AtLeast(f.RiseSinceLastScore, "points"),
        ["FUP-07"] = (f, see) => see.AtLeast(f.MoodUpTooFar, "answer"),
        ["FUP-08"] = (f, see) => see.AtLeast(f.AfterEffects, "answer") | see.AtLeast(f.Sleep, "sleep"),
    });

    public static StageReport Evaluate(FollowUpFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static bool? WindowOverlaps(FollowUpFacts f, Inputs see)
    {
        if (see.See(f.Scale) is not { } scale || see.See(f.LastAnsweredAt) is not { } last)
            return null;
        var window = scale switch
        {
            SelfReportScale.Phq9 => see.Limit("phq9"),
            SelfReportScale.Gad7 => see.Limit("gad7"),
            _ => see.Limit("qids"),
        };
        return see.Now - last < TimeSpan.FromDays((double)window);
    }

    private static bool? AssessmentDue(FollowUpFacts f, Inputs see)
    {
        if (see.See(f.AcuteCourseEndedAt) is not { } ended || see.See(f.LastAssessmentAt) is not { } last)
            return null;
        var day = (decimal)(see.Now - ended).TotalDays;
        if (day < 0 || day > see.Limit("until"))
            return false;
        var interval = day <= see.Limit("weekly_until") ? see.Limit("first_interval") : see.Limit("later_interval");
        return see.Now - last >= TimeSpan.FromDays((double)interval);
    }
}
