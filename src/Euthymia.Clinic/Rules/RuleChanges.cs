using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Rules;

/// <summary>A threshold of the rule book as this clinic has set it: proposed by one lead, approved by another. Never changed after it was stored, the last one holds.</summary>
public sealed class ChangedThreshold
{
    public long Number { get; init; }

    public string RuleId { get; init; } = "";

    public string Parameter { get; init; } = "";

    public decimal Value { get; init; }

    /// <summary>Who proposed it.</summary>
    public Guid ChangedBy { get; init; }

    public string ChangedByName { get; init; } = "";

    /// <summary>When it was approved, which is when it began to hold.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    public Guid ApprovedBy { get; init; }

    public string ApprovedByName { get; init; } = "";

    /// <summary>The seal of the change before it; unique, so that two changes at once do not follow the same one. Empty for the first.</summary>
    public string? Follows { get; init; }

    /// <summary>SHA-256 over this change and <see cref="Follows"/>.</summary>
    public string? Seal { get; init; }
}

/// <summary>A lead's wish to change a threshold. It does nothing before another lead has approved it.</summary>
public sealed class ProposedThreshold
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public string RuleId { get; init; } = "";

    public string Parameter { get; init; } = "";

    /// <summary>What held when it was proposed, and still has to hold when it is approved.</summary>
    public decimal Previous { get; init; }

    public decimal Value { get; init; }

    public string Reason { get; init; } = "";

    public Guid ProposedBy { get; init; }

    public string ProposedByName { get; init; } = "";

    public DateTimeOffset ProposedAt { get; init; }
}

public enum ProposalVerdict
{
    Approved,
    Refused,

    /// <summary>Taken back by the person who had proposed it.</summary>
    Withdrawn,
}

/// <summary>What became of a proposal. Each has one answer at most, which the database itself holds.</summary>
public sealed class ProposalAnswer
{
    public Guid ProposalId { get; init; }

    public ProposalVerdict Verdict { get; init; }

    public Guid AnsweredBy { get; init; }

    public string AnsweredByName { get; init; } = "";

    public DateTimeOffset AnsweredAt { get; init; }
}

/// <summary>A proposal with its rule and what became of it.</summary>
public sealed record ProposalLine(ProposedThreshold Proposal, ProposalAnswer? Answer)
{
    /// <summary>Null when a later rule book has dropped the rule.</summary>
    public Rule? Rule => RuleBook.Has(Proposal.RuleId) ? RuleBook.Get(Proposal.RuleId) : null;

    public string Unit => Rule?.Parameters.GetValueOrDefault(Proposal.Parameter)?.Unit ?? "";
}

/// <summary>Tables of the rule settings.</summary>
internal static class RuleTables
{
    /// <summary>Those that are only ever added to, for the triggers that guard them.</summary>
    public static readonly string[] AppendOnlyTables = ["ProposedThresholds", "ProposalAnswers"];

    public static void Configure(ModelBuilder builder)
    {
        builder.Entity<ChangedThreshold>(changed =>
        {
            changed.Property(c => c.ApprovedByName).HasMaxLength(ClinicText.NameLength);
            changed.Property(c => c.Seal).HasMaxLength(64);
            changed.Property(c => c.Follows).HasMaxLength(64);
            changed.HasIndex(c => c.Follows).IsUnique();
        });
        builder.Entity<ProposedThreshold>(proposed =>
        {
            proposed.Property(p => p.Id).ValueGeneratedNever();
            proposed.Property(p => p.RuleId).HasMaxLength(ClinicText.IdentifierLength);
            proposed.Property(p => p.Parameter).HasMaxLength(ClinicText.IdentifierLength);
            proposed.Property(p => p.Reason).HasMaxLength(ClinicText.LineLength);
            proposed.Property(p => p.ProposedByName).HasMaxLength(ClinicText.NameLength);
        });
        builder.Entity<ProposalAnswer>(answer =>
        {
            answer.HasKey(a => a.ProposalId);
            answer.Property(a => a.ProposalId).ValueGeneratedNever();
            answer.HasOne<ProposedThreshold>().WithOne().HasForeignKey<ProposalAnswer>(a => a.ProposalId).OnDelete(DeleteBehavior.Restrict);
            answer.Property(a => a.AnsweredByName).HasMaxLength(ClinicText.NameLength);
        });
    }
}
