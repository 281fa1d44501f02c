using System.Collections;
using System.Runtime.CompilerServices;
using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Tests.Rules;

/// <summary>A stage's cases: a change to the facts of a patient for whom all is well, and what one rule must then say.</summary>
internal sealed class RuleTable<TFacts>(string stage, TFacts well, DateTimeOffset now, Func<TFacts, RuleSettings, DateTimeOffset, StageReport> evaluate) : IEnumerable
    where TFacts : new()
{
    private static readonly DateTimeOffset SignedAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Every rule signed, so that assumed rules act.</summary>
    public static RuleSettings Signed { get; } = RuleSettings.Shipped.SignAll("Dr Example", SignedAt);

    private readonly Dictionary<string, (string RuleId, RuleOutcome Expected, Func<TFacts, TFacts> Change)> _cases = new(StringComparer.Ordinal);

    public TheoryData<string> Names => [.. _cases.Keys];

    public void Add(string ruleId, RuleOutcome expected, Func<TFacts, TFacts> change, [CallerArgumentExpression(nameof(change))] string text = "")
        => _cases.Add($"{ruleId} {expected} {text}", (ruleId, expected, change));

    public IEnumerator GetEnumerator() => _cases.Keys.GetEnumerator();

    public StageReport Evaluate(Func<TFacts, TFacts> change, RuleSettings? settings = null) => evaluate(change(well), settings ?? Signed, now);

    public void Check(string name)
    {
        var (ruleId, expected, change) = _cases[name];
        var result = Evaluate(change)[ruleId];

        Assert.True(expected == result.Outcome, $"{result.Outcome}: {result.Message}");
        Assert.NotEmpty(result.Inputs);
    }

    /// <summary>A rule without a case that fires, one that is clear and one with data missing is a rule nobody tested.</summary>
    public void CheckThatEveryRuleHasCases()
    {
        var missing =
            from rule in RuleBook.OfStage(stage)
            where rule.Basis == RuleBasis.Data
            from outcome in Enum.GetValues<RuleOutcome>()
            where !_cases.Values.Any(one => string.Equals(one.RuleId, rule.Id, StringComparison.Ordinal) && one.Expected == outcome)
            select $"{rule.Id} {outcome}";
        Assert.Empty(missing);
    }

    public void CheckThatMissingIsNeverNormal()
        => Assert.DoesNotContain(evaluate(new TFacts(), Signed, now).Results, result => result.Outcome == RuleOutcome.Clear);

    public void CheckThatAWellPatientMeetsNoStop()
        => Assert.Empty(evaluate(well, Signed, now).Stops.Select(result => result.Message));
}
