namespace Euthymia.Clinic.Rules;

public enum EligibilityVerdict
{
    Eligible,

    /// <summary>No stop, but warnings that ask for something first, or warnings not assessed.</summary>
    EligibleWithConditions,

    /// <summary>A stop fired.</summary>
    NotNow,

    /// <summary>No stop fired, but at least one could not be assessed.</summary>
    NotAssessed,
}

/// <summary>What the stages before a course say together, with every reason; never a bare score.</summary>
/// <param name="Verdict">The worst of them.</param>
/// <param name="Reasons">The results that led to it, worst first.</param>
public sealed record Eligibility(EligibilityVerdict Verdict, IReadOnlyList<RuleResult> Reasons)
{
    /// <summary>Usually the reports of indication, screening, consent and governance.</summary>
    public static Eligibility Of(params IReadOnlyList<StageReport> reports) => Of(reports, new HashSet<string>(StringComparer.Ordinal));

    /// <summary>The same when a named clinician went past the stops of some rules: such a stop is a condition, it is never clear.</summary>
    public static Eligibility Of(IReadOnlyList<StageReport> reports, IReadOnlySet<string> lifted)
    {
        var results = reports.SelectMany(report => report.Results).ToList();
        bool Holds(RuleResult result) => result.Stops && !(result.MayBeOverridden && lifted.Contains(result.Rule.Id));
        var stops = results.FindAll(result => Holds(result) && result.Outcome == RuleOutcome.Fired);
        var unknown = results.FindAll(result => Holds(result) && result.Outcome == RuleOutcome.NotAssessed);
        var conditions = results.FindAll(result => !Holds(result) && result.Severity >= Severity.Warning && result.Outcome != RuleOutcome.Clear);
        return (stops, unknown, conditions) switch
        {
            ({ Count: > 0 }, _, _) => new Eligibility(EligibilityVerdict.NotNow, [.. stops, .. unknown, .. conditions]),
            (_, { Count: > 0 }, _) => new Eligibility(EligibilityVerdict.NotAssessed, [.. unknown, .. conditions]),
            (_, _, { Count: > 0 }) => new Eligibility(EligibilityVerdict.EligibleWithConditions, conditions),
            _ => new Eligibility(EligibilityVerdict.Eligible, []),
        };
    }
}
