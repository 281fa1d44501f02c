namespace Euthymia.Clinic;

/// <summary>How pressing a finding is, least first.</summary>
public enum FindingSeverity
{
    Notice,
    High,
    Urgent,
}

/// <summary>A rule that fired on a patient's data. It stays open until a named clinician closes it with what was done.</summary>
public sealed class Finding
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    public string RuleId { get; init; } = "";

    public int RuleVersion { get; init; }

    public FindingSeverity Severity { get; init; }

    public string Title { get; init; } = "";

    /// <summary>The inputs that the rule saw, in words.</summary>
    public string Basis { get; init; } = "";

    public string Advice { get; init; } = "";

    public string Source { get; init; } = "";

    public string SourceStatus { get; init; } = "";

    /// <summary>The role that has to act.</summary>
    public ClinicRole Owner { get; init; }

    /// <summary>The assessment or visit that the finding is about.</summary>
    public Guid SubjectId { get; init; }

    public DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset? ClosedAt { get; set; }

    public Guid? ClosedBy { get; set; }

    public string? ClosedByName { get; set; }

    public string? ActionTaken { get; set; }

    public bool IsOpen => ClosedAt is null;
}

/// <summary>A rule as data: what it is called, how pressing it is, who acts by when, and where it comes from.</summary>
public sealed record FindingRule(
    string Id, int Version, string Title, FindingSeverity Severity, ClinicRole Owner, int DueMinutes, string Advice, string Source, string Status)
{
    private static readonly Dictionary<string, FindingRule> ById =
        EmbeddedData.Read<RuleFile>("Findings.finding-rules.json").Rules.ToDictionary(r => r.Id, StringComparer.Ordinal);

    public static IReadOnlyCollection<FindingRule> All => ById.Values;

    public static FindingRule Get(string id) => ById[id];

    public Finding Fire(Guid patientId, Guid subjectId, string basis, DateTimeOffset at) => new()
    {
        PatientId = patientId,
        RuleId = Id,
        RuleVersion = Version,
        Severity = Severity,
        Title = Title,
        Basis = basis,
        Advice = Advice,
        Source = Source,
        SourceStatus = Status,
        Owner = Owner,
        SubjectId = subjectId,
        OpenedAt = at,
        DueAt = at.AddMinutes(DueMinutes),
    };

    private sealed record RuleFile(FindingRule[] Rules);
}
