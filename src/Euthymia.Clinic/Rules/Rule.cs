using System.Text.Json.Serialization;

namespace Euthymia.Clinic.Rules;

/// <summary>What a fired rule asks for. Only <see cref="AbsoluteStop"/> cannot be overridden.</summary>
public enum Severity
{
    /// <summary>Shown, nothing is asked.</summary>
    Information,

    /// <summary>Shown and acknowledged; work goes on.</summary>
    Warning,

    /// <summary>Work stops until a named clinician gives a reason; every such override is counted.</summary>
    Stop,

    /// <summary>Nobody overrides it: identity, dose arithmetic, data quality, drug ledger, governance.</summary>
    AbsoluteStop,
}

/// <summary>Alarm priority in the vocabulary of IEC 60601-1-8; only rules that alarm at the chair have one.</summary>
public enum AlarmPriority
{
    Information,
    Low,
    Medium,
    High,
}

/// <summary>How well the rule's statement is supported.</summary>
public enum EvidenceStatus
{
    /// <summary>Read in a label, an abstract, a guideline or a specification.</summary>
    Verified,

    /// <summary>Read in a secondary or weak source.</summary>
    Secondary,

    /// <summary>Practice remembered or a default of this project; the medical director signs it before it acts.</summary>
    Assumed,
}

/// <summary>Who finds out whether the rule applies.</summary>
public enum RuleBasis
{
    /// <summary>Evaluated by the program from typed facts.</summary>
    Data,

    /// <summary>Judged by a person; the rule's <see cref="Rule.Reason"/> says why.</summary>
    Manual,

    /// <summary>Held by the way the program is built; the rule's <see cref="Rule.Reason"/> says where.</summary>
    BuiltIn,
}

/// <summary>A named number of a rule that a clinic may change inside its range.</summary>
public sealed record RuleParameter(decimal Value, string Unit, decimal Min, decimal Max);

/// <summary>One rule of the project's rule book: data with a source (never an opinion without one).</summary>
/// <param name="Id">Stable id; a letter at the end separates the grades of one rule (MON-12a warns, MON-12b stops).</param>
/// <param name="Title">What the rule is about, in a few words.</param>
/// <param name="Condition">When it fires, in one sentence.</param>
/// <param name="Action">What the program does when it fires.</param>
/// <param name="Severity">What a fired rule asks for.</param>
/// <param name="Source">Where the condition comes from.</param>
/// <param name="Status">How well that source supports it.</param>
public sealed record Rule(
    string Id,
    string Title,
    string Condition,
    string Action,
    Severity Severity,
    string Source,
    EvidenceStatus Status)
{
    public RuleBasis Basis { get; init; } = RuleBasis.Data;

    /// <summary>Why the rule is manual, or where the program holds it. Null for rules evaluated from data.</summary>
    public string? Reason { get; init; }

    public AlarmPriority? Priority { get; init; }

    public IReadOnlyDictionary<string, RuleParameter> Parameters { get; init; } = new Dictionary<string, RuleParameter>(StringComparer.Ordinal);

    /// <summary>What a clinician may consider. Options, not commands; their basis is <see cref="Source"/>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Set by the rule book from the file that holds the rule.</summary>
    [JsonIgnore]
    public string Stage { get; init; } = "";

    /// <summary>Version of the stage's file: raised with every change of a condition, a parameter or a severity.</summary>
    [JsonIgnore]
    public int Version { get; init; }

    /// <summary>
    /// Rule GOV-02: an assumed clinical rule does not act before the medical director signed it. Absolute stops guard
    /// identity, arithmetic and records, not clinical opinion, and act unsigned.
    /// </summary>
    [JsonIgnore]
    public bool MustBeSigned => Status == EvidenceStatus.Assumed && Basis == RuleBasis.Data && Severity is Severity.Warning or Severity.Stop;
}
