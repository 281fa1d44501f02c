namespace Euthymia.Clinic.Rules;

/// <summary>The end of care in sight. Null means not assessed.</summary>
public sealed record GovernanceFacts
{
    public bool? CareEnds { get; init; }

    public DateTimeOffset? CareEndsAt { get; init; }

    public bool? HandOverWritten { get; init; }
}

/// <summary>Governance (GOV-*). All but GOV-08 are held by construction or judged by people.</summary>
public static class Governance
{
    private static readonly StageRules<GovernanceFacts> Rules = new("governance", new(StringComparer.Ordinal)
    {
        ["GOV-08"] = (f, see) => see.Yes(f.CareEnds) & see.AtMost(DaysLeft(see.See(f.CareEndsAt), see), "days", "days left") & see.No(f.HandOverWritten),
    });

    public static StageReport Evaluate(GovernanceFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static decimal? DaysLeft(DateTimeOffset? end, Inputs see) => end is { } at ? (decimal)(at - see.Now).TotalDays : null;
}
