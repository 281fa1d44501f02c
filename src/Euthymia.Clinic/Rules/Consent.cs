namespace Euthymia.Clinic.Rules;

/// <summary>What a consent form has to say (CON-02).</summary>
public enum ConsentClause
{
    OffLabel,
    Alternatives,
    NoDriving,
    Escort,
    Bladder,
    Dependence,
    LongTermUnknown,
}

/// <summary>The consent to a course. Null means not assessed; an empty text means that it was left empty.</summary>
public sealed record ConsentFacts
{
    public bool? SignedForThisCourse { get; init; }

    /// <summary>Clauses of the form's version that was or would be signed.</summary>
    public IReadOnlyList<ConsentClause>? Clauses { get; init; }

    public bool? InMaintenance { get; init; }

    public DateTimeOffset? SignedAt { get; init; }

    public int? MaintenanceInfusionsSince { get; init; }

    public string? SignersName { get; init; }

    public string? MeaningOfSignature { get; init; }
}

/// <summary>Consent (CON-*).</summary>
public static class Consent
{
    private static readonly StageRules<ConsentFacts> Rules = new("consent", new(StringComparer.Ordinal)
    {
        ["CON-01"] = (f, see) => see.No(f.SignedForThisCourse),
        ["CON-02"] = (f, see) => see.Any(Missing(f), _ => true, "missing clauses"),
        ["CON-03"] = (f, see) => see.Yes(f.InMaintenance) & (see.OlderThanDays(f.SignedAt, "days") | see.Above(f.MaintenanceInfusionsSince, "infusions")),
        ["CON-04"] = (f, see) => Empty(see.See(f.SignersName)) | Empty(see.See(f.MeaningOfSignature)) | (see.See(f.SignedAt) is null ? null : false),
    });

    public static StageReport Evaluate(ConsentFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static IReadOnlyList<ConsentClause>? Missing(ConsentFacts f) => f.Clauses is null ? null : [.. Enum.GetValues<ConsentClause>().Except(f.Clauses)];

    private static bool? Empty(string? text) => text is null ? null : string.IsNullOrWhiteSpace(text);
}
