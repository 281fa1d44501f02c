using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Rules;

/// <summary>A threshold of the rule book that a lead has set for this clinic; never changed after it was stored, the last one holds.</summary>
public sealed class ChangedThreshold
{
    public long Number { get; init; }

    public string RuleId { get; init; } = "";

    public string Parameter { get; init; } = "";

    public decimal Value { get; init; }

    public Guid ChangedBy { get; init; }

    public string ChangedByName { get; init; } = "";

    public DateTimeOffset ChangedAt { get; init; }
}

/// <summary>The rule book as this clinic has it.</summary>
public sealed class ClinicRules(ClinicDb db, TimeProvider time, Actor actor)
{
    /// <summary>The settings that hold now: the book as shipped with the medical director's signatures and the clinic's thresholds.</summary>
    public static async Task<RuleSettings> Settings(ClinicDb db, CancellationToken cancel = default)
    {
        var rows = await db.ChangedThresholds.AsNoTracking().OrderBy(c => c.Number).ToListAsync(cancel);
        return rows.Aggregate(await RuleSignatures.Signed(db, cancel), Apply);
    }

    /// <summary>Sets a threshold inside the range that the rule book allows.</summary>
    public async Task<RuleSettings> Change(string ruleId, string parameter, decimal value, CancellationToken cancel = default)
    {
        actor.RequireLead();
        try
        {
            _ = RuleSettings.Shipped.Change(ruleId, parameter, value);
        }
        catch (RuleSettingException refusal)
        {
            throw ClinicRuleException.Invalid(parameter, refusal.Code.Replace('.', '_'), refusal.Message);
        }

        db.ChangedThresholds.Add(new ChangedThreshold
        {
            RuleId = ruleId,
            Parameter = parameter,
            Value = value,
            ChangedBy = actor.AccountId,
            ChangedByName = actor.Name,
            ChangedAt = Clock.Now(time),
        });
        db.Record(actor, time, AuditKind.RuleChanged, patientId: null);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return await Settings(db, cancel);
    }

    // A rule or a range of an older book may be gone: the shipped value holds then.
    private static RuleSettings Apply(RuleSettings settings, ChangedThreshold row)
    {
        if (!RuleBook.Has(row.RuleId) || RuleBook.Get(row.RuleId).Parameters.GetValueOrDefault(row.Parameter) is not { } known || row.Value < known.Min || row.Value > known.Max)
            return settings;
        return settings.Change(row.RuleId, row.Parameter, row.Value);
    }
}
