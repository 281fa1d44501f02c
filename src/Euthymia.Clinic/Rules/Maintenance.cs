using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Clinic.Rules;

public sealed record ScoredDay(DateTimeOffset At, decimal Score);

/// <summary>One step of maintenance: the dose given, the days since the one before, and the score it was followed by.</summary>
/// <param name="DosePerKilogram">mg/kg</param>
/// <param name="IntervalDays">Days since the infusion before.</param>
/// <param name="Score">Depression score after it; higher is worse.</param>
public sealed record MaintenanceStep(decimal DosePerKilogram, decimal IntervalDays, decimal Score);

/// <summary>A patient in maintenance. Null means not known.</summary>
public sealed record MaintenanceFacts
{
    public DateTimeOffset? RespondedAt { get; init; }

    public int? StableReadings { get; init; }

    public int? ConfirmedRises { get; init; }

    public DateTimeOffset? LastInfusionAt { get; init; }

    /// <summary>MADRS totals, oldest first.</summary>
    public IReadOnlyList<decimal>? Madrs { get; init; }

    public bool? AdmittedOrAttempt { get; init; }

    public SelfReportScale? Scale { get; init; }

    /// <summary>Totals of <see cref="Scale"/> since the response, in any order.</summary>
    public IReadOnlyList<ScoredDay>? Scores { get; init; }

    public IReadOnlyList<DateTimeOffset>? Infusions { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<MaintenanceStep>? Steps { get; init; }

    public bool? IsRenewal { get; init; }

    public bool? RelapseConfirmed { get; init; }

    public DateTimeOffset? LastReviewAt { get; init; }

    public int? InfusionsSinceReview { get; init; }

    public decimal? DosePerKilogram { get; init; }

    /// <summary>The lowest dose that brought or held response in this patient, mg/kg.</summary>
    public decimal? LowestEffectiveDose { get; init; }

    /// <summary>What the patient's own model expects of the coming days.</summary>
    public RelapseOutlook? Outlook { get; init; }

    /// <summary>What each maintenance infusion did, oldest first.</summary>
    public IReadOnlyList<InfusionBenefit>? Benefits { get; init; }

    /// <summary>When the patient asked for a higher dose or an earlier infusion.</summary>
    public IReadOnlyList<DateTimeOffset>? Requests { get; init; }
}

/// <summary>What one maintenance infusion did. A null was not assessed.</summary>
/// <param name="DosePerKilogram">mg/kg as given.</param>
/// <param name="Fall">Points by which the score after it was below the score before it, on one scale.</param>
/// <param name="ReliefDays">Days until half of the fall was lost again; null when it was not, or nobody asked.</param>
public sealed record InfusionBenefit(decimal DosePerKilogram, decimal? Fall, decimal? ReliefDays);

/// <summary>Maintenance and relapse (MNT-*).</summary>
public static class Maintenance
{
    private static readonly StageRules<MaintenanceFacts> Rules = new("maintenance", new(StringComparer.Ordinal)
    {
        ["MNT-01"] = (f, see) => !see.OlderThanDays(f.RespondedAt, "days"),
        ["MNT-02a"] = (f, see) => see.AtLeast(f.StableReadings, "stable"),
        ["MNT-02b"] = (f, see) => see.AtLeast(f.ConfirmedRises, "rises"),
        ["MNT-03"] = (f, see) => see.AtLeast(DaysSince(see.See(f.LastInfusionAt), see), "from", "days since infusion") & see.AtMost(DaysSince(f.LastInfusionAt, see), "to", "days since infusion"),
        ["MNT-04"] = (f, see) => see.Yes(f.AdmittedOrAttempt) | TwoHighMadrs(f, see),
        ["MNT-05"] = (f, see) => SelfReportedRelapse(f, see),
        ["MNT-06"] = (f, see) => Overuse(f, see),
        ["MNT-07"] = (f, see) => DoseCreep(f, see),
        ["MNT-08"] = (f, see) => see.Yes(f.IsRenewal),
        ["MNT-09"] = (f, see) => see.Yes(f.RelapseConfirmed),
        ["MNT-10"] = (f, see) => see.OlderThanDays(f.LastReviewAt, "days") | see.AtLeast(f.InfusionsSinceReview, "infusions"),
        ["MNT-11"] = (f, see) => see.See(f.DosePerKilogram) is { } dose && see.See(f.LowestEffectiveDose) is { } lowest ? dose > lowest : null,
        ["MNT-12"] = (f, see) => RelapseSeen(f, see),
        ["MNT-13"] = (f, see) => LessBenefit(f, see),
        ["MNT-14"] = (f, see) => ShorterRelief(f, see),
        ["MNT-15"] = (f, see) => Requested(f, see),
    });

    public static StageReport Evaluate(MaintenanceFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static decimal? DaysSince(DateTimeOffset? moment, Inputs see) => moment is { } at ? (decimal)(see.Now - at).TotalDays : null;

    private static bool? TwoHighMadrs(MaintenanceFacts f, Inputs see)
    {
        see.See(f.Madrs is [.., var last] ? last : (decimal?)null, "last MADRS");
        var limit = see.Limit("madrs");
        return f.Madrs switch
        {
            null or [] => null,
            [var only] => only >= limit ? null : false,
            [.., var before, var latest] => before >= limit && latest >= limit,
        };
    }

    /// <summary>The trailing run of high readings must span the days asked for; one high reading alone is not assessed yet.</summary>
    private static bool? SelfReportedRelapse(MaintenanceFacts f, Inputs see)
    {
        if (see.See(f.Scale) is not { } scale || f.Scores is not { Count: > 0 } scores)
            return null;
        if (scale == SelfReportScale.Gad7)
            return false;

        var best = see.See(scores.Min(day => day.Score), "best score");
        var limit = scale == SelfReportScale.Phq9 ? see.Limit("phq9") : see.Limit("qids");
        var above = best + see.Limit("above_best");
        var ordered = scores.OrderBy(day => day.At).ToList();
        var run = ordered.AsEnumerable().Reverse().TakeWhile(day => day.Score >= limit && day.Score >= above).ToList();
        see.See(ordered[^1].Score, "last score");
        if (run.Count == 0)
            return false;
        return run[0].At - run[^1].At >= TimeSpan.FromDays((double)see.Limit("apart")) ? true : null;
    }

    /// <summary>Counts back over whole weeks from now as long as each holds more infusions than the limit.</summary>
    private static bool? Overuse(MaintenanceFacts f, Inputs see)
    {
        if (f.Infusions is not { } infusions)
        {
            see.See<int?>(null, "infusions");
            return null;
        }

        var perWeek = see.Limit("per_week");
        var weeks = 0;
        while (infusions.Count(at => at > see.Now.AddDays(-7 * (weeks + 1)) && at <= see.Now.AddDays(-7 * weeks)) > perWeek)
            weeks++;
        return see.Above(weeks * 7, "days", "days of overuse");
    }

    private static bool? DoseCreep(MaintenanceFacts f, Inputs see)
    {
        var steps = (int)see.Limit("steps");
        if (f.Steps is null)
        {
            see.See<int?>(null, "steps");
            return null;
        }

        see.See(f.Steps.Count, "infusions known");
        if (f.Steps.Count <= steps)
            return false;
        var last = f.Steps.Skip(f.Steps.Count - steps - 1).ToList();
        var rises = last.Zip(last.Skip(1), (from, to) =>
            (to.DosePerKilogram > from.DosePerKilogram && to.IntervalDays <= from.IntervalDays)
            || (to.DosePerKilogram >= from.DosePerKilogram && to.IntervalDays < from.IntervalDays));
        return rises.All(rise => rise) && last[^1].Score >= last[0].Score;
    }

    private static bool? RelapseSeen(MaintenanceFacts f, Inputs see)
    {
        var (probability, horizon) = (see.Limit("probability"), (int)see.Limit("horizon"));
        if (f.Outlook is not { } outlook)
        {
            see.See<decimal?>(null, "own model");
            return null;
        }

        see.See($"{Inputs.Text(Math.Round(100 * RelapseWatch.ProbabilityBy(outlook, horizon)))} %", "probability of having lost half of the benefit by then");
        see.See($"{Inputs.Text(Math.Round(100 * outlook.Responded))} %", "probability of having responded");
        return RelapseWatch.Sees(outlook, (double)probability / 100, horizon);
    }

    private static bool? LessBenefit(MaintenanceFacts f, Inputs see)
    {
        var (count, share, points) = ((int)see.Limit("infusions"), see.Limit("same_dose") / 100, see.Limit("points"));
        if (Last(f, see, count) is not { } last)
            return f.Benefits is null ? null : false;
        see.See(string.Join(", ", last.Select(one => $"{Inputs.Text(one.DosePerKilogram)} mg/kg {(one.Fall is { } fall ? Inputs.Text(fall) : "not assessed")}")), "falls");
        if (last.Max(one => one.DosePerKilogram) > last.Min(one => one.DosePerKilogram) * (1 + share))
            return false;
        if (last.Any(one => one.Fall is null))
            return null;
        return Falls(last.ConvertAll(one => one.Fall!.Value)) && last[0].Fall - last[^1].Fall >= points;
    }

    private static bool? ShorterRelief(MaintenanceFacts f, Inputs see)
    {
        var (count, shorter) = ((int)see.Limit("infusions"), see.Limit("shorter") / 100);
        if (Last(f, see, count) is not { } last)
            return f.Benefits is null ? null : false;
        see.See(string.Join(", ", last.Select(one => one.ReliefDays is { } days ? Inputs.Text(Math.Round(days, 1)) : "not assessed")), "days of relief");
        if (last.Any(one => one.ReliefDays is null))
            return null;
        return Falls(last.ConvertAll(one => one.ReliefDays!.Value)) && last[^1].ReliefDays <= (1 - shorter) * last[0].ReliefDays;
    }

    private static bool? Requested(MaintenanceFacts f, Inputs see)
    {
        var days = see.Limit("days");
        return see.AtLeast(f.Requests?.Count(at => at > see.Now.AddDays(-(double)days) && at <= see.Now), "requests", "requests");
    }

    /// <summary>The last so many maintenance infusions, or null when there are fewer.</summary>
    private static List<InfusionBenefit>? Last(MaintenanceFacts f, Inputs see, int count)
    {
        see.See(f.Benefits?.Count, "maintenance infusions known");
        return f.Benefits?.Count >= count ? [.. f.Benefits.Skip(f.Benefits.Count - count)] : null;
    }

    private static bool Falls(List<decimal> values) => values.Zip(values.Skip(1)).All(pair => pair.Second < pair.First);
}
