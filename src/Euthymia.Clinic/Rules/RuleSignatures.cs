using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Rules;

/// <summary>One signature under an assumed rule, or its withdrawal; never changed after it was stored.</summary>
public sealed class SignedRule
{
    public long Number { get; init; }

    public string RuleId { get; init; } = "";

    /// <summary>The version of the rule that was read; a changed rule has to be signed again.</summary>
    public int RuleVersion { get; init; }

    /// <summary>False when an earlier signature was withdrawn.</summary>
    public bool IsSigned { get; init; }

    public Guid SignedBy { get; init; }

    public string SignedByName { get; init; } = "";

    public DateTimeOffset SignedAt { get; init; }
}

/// <summary>A rule that needs a signature, with the one that holds.</summary>
public sealed record SignatureLine(Rule Rule, SignedRule? Signature);

/// <summary>The medical director's signatures under assumed rules (GOV-02): without one, a rule informs and does not act.</summary>
public sealed class RuleSignatures(ClinicDb db, TimeProvider time, Actor actor)
{
    /// <summary>The book as shipped with the signatures that hold.</summary>
    internal static RuleSettings Signed(IReadOnlyList<SignedRule> rows)
    {
        var signed = Holding(rows).Aggregate(RuleSettings.Shipped, (settings, s) => settings.Sign(s.RuleId, s.SignedByName, s.SignedAt));
        return signed with { Version = rows.Count };
    }

    /// <summary>Every rule that needs a signature, in the order of the book.</summary>
    public async Task<IReadOnlyList<SignatureLine>> List(CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var signed = Holding(await db.SignedRules.AsNoTracking().OrderBy(s => s.Number).ToListAsync(cancel)).ToDictionary(s => s.RuleId, StringComparer.Ordinal);
        return [.. RuleBook.All.Where(rule => rule.MustBeSigned).Select(rule => new SignatureLine(rule, signed.GetValueOrDefault(rule.Id)))];
    }

    /// <summary>Signs rules; those already signed in their present version are left as they are. Returns how many were signed now.</summary>
    public Task<int> Sign(IReadOnlyCollection<string> ruleIds, CancellationToken cancel = default) => Store(ruleIds, signs: true, cancel);

    /// <summary>Withdraws signatures: the rules only inform from now on.</summary>
    public Task<int> Withdraw(IReadOnlyCollection<string> ruleIds, CancellationToken cancel = default) => Store(ruleIds, signs: false, cancel);

    private async Task<int> Store(IReadOnlyCollection<string> ruleIds, bool signs, CancellationToken cancel)
    {
        actor.RequireLead();
        if (ruleIds.Count == 0)
            throw ClinicRuleException.Invalid("rules", "required", "Choose at least one rule.");
        var lines = (await List(cancel)).ToDictionary(l => l.Rule.Id, StringComparer.Ordinal);
        if (ruleIds.FirstOrDefault(id => !lines.ContainsKey(id)) is { } unknown)
            throw ClinicRuleException.Invalid("rules", "rule_unknown", $"No rule \"{unknown}\" waits for a signature. Load the page again.");
        var wanted = ruleIds.Distinct(StringComparer.Ordinal).Select(id => lines[id]).Where(l => l.Signature is null == signs).ToList();
        foreach (var line in wanted)
        {
            db.SignedRules.Add(new SignedRule
            {
                RuleId = line.Rule.Id,
                RuleVersion = line.Rule.Version,
                IsSigned = signs,
                SignedBy = actor.AccountId,
                SignedByName = actor.Name,
                SignedAt = Clock.Now(time),
            });
        }

        db.Record(actor, time, signs ? AuditKind.RuleSigned : AuditKind.RuleSignatureWithdrawn, patientId: null);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return wanted.Count;
    }

    // The last row of a rule holds, if the rule is still the one that was read.
    private static IEnumerable<SignedRule> Holding(IEnumerable<SignedRule> rows) => rows
        .GroupBy(s => s.RuleId, StringComparer.Ordinal).Select(g => g.Last())
        .Where(s => s.IsSigned && RuleBook.Has(s.RuleId) && RuleBook.Get(s.RuleId).Version == s.RuleVersion);
}
