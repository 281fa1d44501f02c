namespace Euthymia.Clinic.Rules;

public enum DepressionScale
{
    Madrs,
    Phq9,
    Qids,
    Hamd17,
}

/// <summary>How the course goes, on one scale. Null means not assessed.</summary>
public sealed record CourseFacts
{
    public DepressionScale? Scale { get; init; }

    /// <summary>The score before treatment on the same scale.</summary>
    public decimal? Baseline { get; init; }

    public decimal? Current { get; init; }

    public int? InfusionsGiven { get; init; }

    /// <summary>The score 24 h after each infusion, first to last; null inside where it was not taken.</summary>
    public IReadOnlyList<decimal?>? ScoresAfterInfusions { get; init; }

    public bool? MaintenanceOrdered { get; init; }

    public bool? BenefitDocumented { get; init; }

    public bool? ExpectationShown { get; init; }

    public bool? ExpectationHasOwnIntervalAndReferences { get; init; }

    public bool? SelfReportResponse { get; init; }

    public bool? ClinicianResponse { get; init; }
}

/// <summary>Decisions of a course (RSP-*).</summary>
public static class CourseDecision
{
    private static readonly StageRules<CourseFacts> Rules = new("course_decision", new(StringComparer.Ordinal)
    {
        ["RSP-01"] = (f, see) => see.AtLeast(Fall(f, see), "fall", "fall %"),
        ["RSP-02"] = (f, see) => see.Is(f.Scale, DepressionScale.Madrs) & see.AtMost(f.Current, "madrs"),
        ["RSP-03"] = (f, see) => see.Is(f.Scale, DepressionScale.Phq9) & see.Below(f.Current, "phq9"),
        ["RSP-04"] = (f, see) => see.Is(f.Scale, DepressionScale.Qids) & see.AtMost(f.Current, "qids"),
        ["RSP-05"] = (f, see) => see.Is(f.Scale, DepressionScale.Phq9) & see.AtLeast(f.Baseline is { } from && f.Current is { } to ? Math.Abs(to - from) : null, "points", "change"),
        ["RSP-06"] = (f, see) => Given(f, see, 1) & !Responded(f, see),
        ["RSP-07"] = (f, see) => Given(f, see, 2) & see.Below(Fall(f, see), "fall", "fall %"),
        ["RSP-08"] = (f, see) => see.Below(f.InfusionsGiven, "infusions") & !Responded(f, see),
        ["RSP-09"] = (f, see) => Futile(f, see),
        ["RSP-10"] = (f, see) => see.Yes(f.MaintenanceOrdered) & see.No(f.BenefitDocumented),
        ["RSP-11"] = (f, see) => see.Yes(f.ExpectationShown) & see.No(f.ExpectationHasOwnIntervalAndReferences),
        ["RSP-12"] = (f, see) => see.Yes(f.SelfReportResponse) ^ see.Yes(f.ClinicianResponse),
    });

    public static StageReport Evaluate(CourseFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    /// <summary>Percent fall from baseline; negative when the score rose. Unknown without a scale, so that two scales are never mixed.</summary>
    private static decimal? Fall(CourseFacts f, Inputs see)
        => see.See(f.Scale) is not null && see.See(f.Baseline) is > 0 and var from && see.See(f.Current) is { } to ? (from - to) / from * 100 : null;

    private static bool? Responded(CourseFacts f, Inputs see)
        => Fall(f, see) is { } fall ? fall >= see.Settings.Value(RuleBook.Get("RSP-01"), "fall") : null;

    private static bool? Given(CourseFacts f, Inputs see, int infusions) => see.See(f.InfusionsGiven) is { } given ? given == infusions : null;

    /// <summary>
    /// An infusion is flat when the score after it is not lower than the one before it by more than the parameter. A flat
    /// review infusion, or as many flat ones in a row as the parameter says, asks for a review, unless the patient responds.
    /// </summary>
    private static bool? Futile(CourseFacts f, Inputs see)
    {
        if (see.See(f.Baseline) is not { } baseline || f.ScoresAfterInfusions is not { } after)
            return null;
        see.See(string.Join(", ", after.Select(score => score is { } known ? Inputs.Text(known) : "not taken")), "scores after infusions");
        var least = see.Limit("improvement");
        var before = after.Prepend(baseline);
        var flat = before.Zip(after, (from, to) => from is { } f0 && to is { } t0 ? f0 - t0 <= least : (bool?)null).ToList();

        bool? review = (int)see.Limit("review_infusion") is var k && flat.Count >= k ? flat[k - 1] : false;
        var run = (int)see.Limit("in_a_row");
        bool? inARow = flat.Count >= run
            ? Enumerable.Range(0, flat.Count - run + 1).Select(i => flat.Skip(i).Take(run).Aggregate((bool?)true, (all, one) => all & one)).Aggregate((bool?)false, (any, one) => any | one)
            : false;
        return (review | inARow) & !Responded(f, see);
    }
}
