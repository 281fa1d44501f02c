namespace Euthymia.Clinic.Rules;

public enum RuleOutcome
{
    /// <summary>The condition is met.</summary>
    Fired,

    /// <summary>Everything the rule needs is known and the condition is not met.</summary>
    Clear,

    /// <summary>Something the rule needs is not known. Never read as normal: a stop that is not assessed is unmet.</summary>
    NotAssessed,
}

/// <summary>One input or threshold a rule looked at. A null value was not assessed.</summary>
public sealed record InputSeen(string Name, string? Value);

/// <summary>Something a clinician may consider, with what it rests on.</summary>
public sealed record RuleOption(string Text, string Basis);

/// <summary>What one rule found: enough to store as a finding and to repeat the judgement later.</summary>
/// <param name="Rule">The rule as it stands in the book.</param>
/// <param name="Outcome">Fired, clear or not assessed.</param>
/// <param name="Acts">False while the rule waits for the medical director's signature.</param>
/// <param name="Version">Version of the stage's rules, with the clinic's settings version when it changed one of this rule's thresholds ("1+4").</param>
/// <param name="Inputs">What was seen, in the order looked at.</param>
/// <param name="Thresholds">The parameters it was judged by.</param>
/// <param name="At">When it was judged.</param>
public sealed record RuleResult(
    Rule Rule,
    RuleOutcome Outcome,
    bool Acts,
    string Version,
    IReadOnlyList<InputSeen> Inputs,
    IReadOnlyList<InputSeen> Thresholds,
    DateTimeOffset At)
{
    /// <summary>What is asked now: a rule that does not act yet only informs.</summary>
    public Severity Severity => Acts ? Rule.Severity : Severity.Information;

    public AlarmPriority? Priority => Outcome != RuleOutcome.Fired ? null : Acts ? Rule.Priority : AlarmPriority.Information;

    /// <summary>
    /// True when work must not go on: a stop that fired, or a criterion to stop that could not be assessed. A chair alarm
    /// stops only when it fired; what it lacks shows as not assessed and is asked for by the overdue rules.
    /// </summary>
    public bool Stops => Severity >= Severity.Stop && (Outcome == RuleOutcome.Fired || (Outcome == RuleOutcome.NotAssessed && Rule.Priority is null));

    /// <summary>True when a named clinician's reason may lift the stop.</summary>
    public bool MayBeOverridden => Stops && Severity == Severity.Stop;

    /// <summary>One or two sentences: what was found, what was seen, and by which limit.</summary>
    public string Message
    {
        get
        {
            var verdict = Outcome switch
            {
                RuleOutcome.Fired => Rule.Condition,
                RuleOutcome.Clear => $"{Rule.Title}: not met.",
                _ => $"{Rule.Title}: not assessed.",
            };
            var seen = Inputs.Count == 0 ? "" : $" Seen: {string.Join(", ", Inputs.Select(input => $"{input.Name} {input.Value ?? "not assessed"}"))}.";
            var limits = Thresholds.Count == 0 ? "" : $" Limits: {string.Join(", ", Thresholds.Select(limit => $"{limit.Name} {limit.Value}"))}.";
            var unsigned = Acts ? "" : " Shown only: the medical director has not signed this rule.";
            return verdict + seen + limits + unsigned;
        }
    }

    public IReadOnlyList<RuleOption> Options => [.. Rule.Options.Select(text => new RuleOption(text, $"{Rule.Source} ({Rule.Status switch
    {
        EvidenceStatus.Verified => "verified",
        EvidenceStatus.Secondary => "secondary source",
        _ => "assumed",
    }})"))];
}

/// <summary>The rules of one stage judged at one moment, worst first.</summary>
public sealed record StageReport(string Stage, DateTimeOffset At, IReadOnlyList<RuleResult> Results)
{
    public IEnumerable<RuleResult> Fired => Results.Where(result => result.Outcome == RuleOutcome.Fired);

    public IEnumerable<RuleResult> NotAssessed => Results.Where(result => result.Outcome == RuleOutcome.NotAssessed);

    public IEnumerable<RuleResult> Stops => Results.Where(result => result.Stops);

    /// <summary>True when no stop fired and none is left unassessed.</summary>
    public bool MayProceed => !Stops.Any();

    public RuleResult this[string ruleId] => Results.Single(result => string.Equals(result.Rule.Id, ruleId, StringComparison.Ordinal));
}
