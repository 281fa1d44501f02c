using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Rules;

/// <summary>
/// Every version of the clinic's rule settings: the one that holds now, and the one that held at a moment. A visit is judged from
/// its start on by the settings of that start, so that no limit moves under a running infusion.
/// </summary>
public sealed class RuleHistory
{
    private readonly IReadOnlyList<SignedRule> _signatures;
    private readonly IReadOnlyList<ChangedThreshold> _changes;
    private readonly Dictionary<(int Signatures, int Changes), RuleSettings> _versions = [];

    private RuleHistory(IReadOnlyList<SignedRule> signatures, IReadOnlyList<ChangedThreshold> changes)
    {
        _signatures = signatures;
        FirstBroken = RuleSeal.FirstBroken(changes);
        _changes = FirstBroken is null ? changes : [.. changes.TakeWhile(c => c.Number < FirstBroken.Number)];
    }

    /// <summary>
    /// The first change of a threshold that the database no longer holds as it was made; null when all are whole. It and what
    /// came after it do not count: the last good version holds.
    /// </summary>
    public ChangedThreshold? FirstBroken { get; }

    /// <summary>What the next change follows.</summary>
    internal string LastSeal => _changes.Count == 0 ? "" : _changes[^1].Seal ?? "";

    /// <summary>The settings that hold now.</summary>
    public RuleSettings Now => At(DateTimeOffset.MaxValue);

    /// <summary>Reads what was signed and changed.</summary>
    public static async Task<RuleHistory> Read(ClinicDb db, CancellationToken cancel = default) => new(
        await db.SignedRules.AsNoTracking().OrderBy(s => s.Number).ToListAsync(cancel),
        await db.ChangedThresholds.AsNoTracking().OrderBy(c => c.Number).ToListAsync(cancel));

    /// <summary>The settings that held at a moment of the servers' clock.</summary>
    public RuleSettings At(DateTimeOffset moment)
    {
        // What counts at a moment counts at every later one, so the numbers of rows name the version.
        var (signatures, changes) = (_signatures.Count(s => s.SignedAt <= moment), _changes.Count(c => c.ChangedAt <= moment));
        lock (_versions)
        {
            if (!_versions.TryGetValue((signatures, changes), out var settings))
            {
                settings = _changes.Where(c => c.ChangedAt <= moment).Aggregate(RuleSignatures.Signed([.. _signatures.Where(s => s.SignedAt <= moment)]), Apply);
                _versions[(signatures, changes)] = settings;
            }

            return settings;
        }
    }

    /// <summary>The settings that a visit is judged by: those of its start, or those of now while it has not started.</summary>
    public RuleSettings For(Visit visit) => visit.StartRecordedAt is { } started ? At(started) : Now;

    // A rule or a range of an older book may be gone: the shipped value holds then.
    private static RuleSettings Apply(RuleSettings settings, ChangedThreshold row)
    {
        if (!RuleBook.Has(row.RuleId) || RuleBook.Get(row.RuleId).Parameters.GetValueOrDefault(row.Parameter) is not { } known || row.Value < known.Min || row.Value > known.Max)
            return settings;
        return settings.Change(row.RuleId, row.Parameter, row.Value);
    }
}
