using System.Collections.Immutable;

namespace Euthymia.Clinic.Rules;

/// <summary>The medical director's signature under an assumed rule (GOV-02).</summary>
public sealed record RuleSignature(string RuleId, string Director, DateTimeOffset SignedAt);

/// <summary>A clinic asked for a rule setting that the rule book does not allow.</summary>
public sealed class RuleSettingException(string code, string message) : Exception(message)
{
    /// <summary>Stable: <c>rule.unknown</c>, <c>rule.parameter_unknown</c>, <c>rule.parameter_range</c>, <c>rule.signature_name</c>.</summary>
    public string Code { get; } = code;
}

/// <summary>
/// What a clinic changed in the rule book: thresholds inside their range, and signatures. Immutable; each change raises
/// <see cref="Version"/>, which every result carries, so that a finding can be traced to the threshold it was judged by.
/// </summary>
public sealed record RuleSettings
{
    /// <summary>The book as shipped: nothing changed, nothing signed.</summary>
    public static RuleSettings Shipped { get; } = new();

    public int Version { get; init; }

    public ImmutableDictionary<(string RuleId, string Parameter), decimal> Changed { get; init; } = ImmutableDictionary<(string RuleId, string Parameter), decimal>.Empty;

    public ImmutableDictionary<string, RuleSignature> Signatures { get; init; } = ImmutableDictionary<string, RuleSignature>.Empty;

    /// <summary>Sets a threshold of this clinic.</summary>
    /// <exception cref="RuleSettingException">No such rule or parameter, or the value is outside the parameter's range.</exception>
    public RuleSettings Change(string ruleId, string parameter, decimal value)
    {
        var known = Find(ruleId).Parameters.GetValueOrDefault(parameter)
            ?? throw new RuleSettingException("rule.parameter_unknown", $"Rule {ruleId} has no parameter \"{parameter}\".");
        if (value < known.Min || value > known.Max)
            throw new RuleSettingException("rule.parameter_range", $"{ruleId} {parameter} must be between {Inputs.Text(known.Min)} and {Inputs.Text(known.Max)} {known.Unit}.");
        return this with { Version = Version + 1, Changed = Changed.SetItem((ruleId, parameter), value) };
    }

    /// <summary>Lets an assumed rule act.</summary>
    /// <exception cref="RuleSettingException">No such rule, or no name.</exception>
    public RuleSettings Sign(string ruleId, string director, DateTimeOffset at)
    {
        _ = Find(ruleId);
        if (string.IsNullOrWhiteSpace(director))
            throw new RuleSettingException("rule.signature_name", "A signature needs the medical director's name.");
        return this with { Version = Version + 1, Signatures = Signatures.SetItem(ruleId, new RuleSignature(ruleId, director.Trim(), at)) };
    }

    /// <summary>Signs every rule that waits for a signature, as a medical director does after reading the whole book.</summary>
    public RuleSettings SignAll(string director, DateTimeOffset at)
        => RuleBook.All.Where(rule => rule.MustBeSigned).Aggregate(this, (settings, rule) => settings.Sign(rule.Id, director, at));

    public decimal Value(Rule rule, string parameter)
        => Changed.TryGetValue((rule.Id, parameter), out var changed) ? changed : rule.Parameters[parameter].Value;

    /// <summary>False while an assumed rule waits for its signature: it is evaluated and shown, but neither stops nor alarms.</summary>
    public bool Acts(Rule rule) => !rule.MustBeSigned || Signatures.ContainsKey(rule.Id);

    private static Rule Find(string ruleId)
        => RuleBook.Has(ruleId) ? RuleBook.Get(ruleId) : throw new RuleSettingException("rule.unknown", $"The rule book has no rule \"{ruleId}\".");
}
