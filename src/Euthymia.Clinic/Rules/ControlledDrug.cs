namespace Euthymia.Clinic.Rules;

/// <summary>One vial's ledger, milligrams of base. Null means not recorded; an empty text means that it was left empty.</summary>
public sealed record LedgerFacts
{
    public decimal? Drawn { get; init; }

    public decimal? Given { get; init; }

    public decimal? Wasted { get; init; }

    public decimal? Returned { get; init; }

    public decimal? Remaining { get; init; }

    public Guid? Author { get; init; }

    public Guid? Witness { get; init; }

    /// <summary>False once the entry was signed without a witness.</summary>
    public bool? WitnessSigned { get; init; }

    public string? Lot { get; init; }

    /// <summary>Last day of use.</summary>
    public DateOnly? Expiry { get; init; }

    public bool? DifferenceExplained { get; init; }

    public DateTimeOffset? LastInventoryAt { get; init; }
}

/// <summary>The controlled-drug ledger (CDR-*): drawn = given + wasted + returned + remaining.</summary>
public static class ControlledDrug
{
    private static readonly StageRules<LedgerFacts> Rules = new("controlled_drug", new(StringComparer.Ordinal)
    {
        ["CDR-01"] = (f, see) => see.Above(Difference(f, see), "tolerance", "difference mg"),
        ["CDR-02"] = (f, see) => see.See(f.Wasted) is { } wasted ? wasted > 0 ? WitnessMissing(f, see) : false : null,
        ["CDR-03"] = (f, see) => (see.See(f.Lot) is { } lot ? string.IsNullOrWhiteSpace(lot) : null)
            | (see.See(f.Expiry) is { } expiry ? DateOnly.FromDateTime(see.Now.UtcDateTime) > expiry : null),
        ["CDR-04"] = (f, see) => see.Above(Difference(f, see), "tolerance", "difference mg") & see.No(f.DifferenceExplained),
        ["CDR-05"] = (f, see) => see.OlderThanDays(f.LastInventoryAt, "days"),
    });

    public static StageReport Evaluate(LedgerFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static decimal? Difference(LedgerFacts f, Inputs see)
    {
        var sum = see.See(f.Given) + see.See(f.Wasted) + see.See(f.Returned) + see.See(f.Remaining);
        return see.See(f.Drawn) - sum is { } difference ? Math.Abs(difference) : null;
    }

    private static bool? WitnessMissing(LedgerFacts f, Inputs see)
    {
        if (see.Yes(f.WitnessSigned) is not true)
            return f.WitnessSigned is false ? true : null;
        return f.Author is { } author && f.Witness is { } witness ? see.See(author == witness, "same person") : null;
    }
}
