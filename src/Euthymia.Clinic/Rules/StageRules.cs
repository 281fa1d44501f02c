namespace Euthymia.Clinic.Rules;

/// <summary>When a rule fires: true, false, or null when something it needs is not known.</summary>
internal delegate bool? Condition<in TFacts>(TFacts facts, Inputs see);

/// <summary>The conditions of one stage beside its rules: a pure function of facts, settings and the moment.</summary>
internal sealed class StageRules<TFacts>
{
    private readonly string _stage;
    private readonly (Rule Rule, Condition<TFacts> Condition)[] _rules;

    /// <summary>Pairs every rule that is evaluated from data with its condition.</summary>
    /// <exception cref="InvalidOperationException">
    /// A rule of the book has no condition, or a condition no rule (DQ-02: an unknown rule is a fault, not a pass).
    /// </exception>
    public StageRules(string stage, Dictionary<string, Condition<TFacts>> conditions)
    {
        var rules = RuleBook.OfStage(stage).Where(rule => rule.Basis == RuleBasis.Data).ToList();
        var mismatch = rules.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        mismatch.SymmetricExceptWith(conditions.Keys);
        if (mismatch.Count > 0)
            throw new InvalidOperationException($"Stage {stage}: rule and condition do not pair for {string.Join(", ", mismatch.Order(StringComparer.Ordinal))}.");

        _stage = stage;
        _rules = [.. rules.Select(rule => (rule, conditions[rule.Id]))];
    }

    public StageReport Evaluate(TFacts facts, RuleSettings settings, DateTimeOffset now)
    {
        var results = _rules.Select(pair => Judge(pair.Rule, pair.Condition, facts, settings, now))
            .OrderByDescending(result => result.Outcome switch { RuleOutcome.Fired => 2, RuleOutcome.NotAssessed => 1, _ => 0 })
            .ThenByDescending(result => result.Severity)
            .ThenByDescending(result => result.Priority ?? AlarmPriority.Information)
            .ThenBy(result => result.Rule.Id, StringComparer.Ordinal);
        return new StageReport(_stage, now, [.. results]);
    }

    private static RuleResult Judge(Rule rule, Condition<TFacts> condition, TFacts facts, RuleSettings settings, DateTimeOffset now)
    {
        var see = new Inputs(rule, settings, now);
        var outcome = condition(facts, see) switch
        {
            true => RuleOutcome.Fired,
            false => RuleOutcome.Clear,
            null => RuleOutcome.NotAssessed,
        };
        var changed = settings.Changed.Keys.Any(key => string.Equals(key.RuleId, rule.Id, StringComparison.Ordinal));
        var version = changed ? $"{rule.Version}+{settings.Version}" : $"{rule.Version}";
        return new RuleResult(rule, outcome, settings.Acts(rule), version, see.Seen, see.Thresholds, now);
    }
}
