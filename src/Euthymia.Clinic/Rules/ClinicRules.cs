using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Rules;

/// <summary>
/// The rule book as this clinic has it. A threshold is changed by two people: one lead proposes, another approves. What holds
/// for a visit is in <see cref="RuleHistory"/>.
/// </summary>
public sealed class ClinicRules(ClinicDb db, TimeProvider time, Actor actor)
{
    /// <summary>The settings that hold now: the book as shipped with the medical director's signatures and the clinic's thresholds.</summary>
    public static async Task<RuleSettings> Settings(ClinicDb db, CancellationToken cancel = default) => (await RuleHistory.Read(db, cancel)).Now;

    /// <summary>How many leads can sign in: a change needs two.</summary>
    public static Task<int> Leads(ClinicDb db, DateTimeOffset now, CancellationToken cancel = default)
    {
        var lead = ClinicRoles.IdOf(ClinicRole.Lead);
        return db.Users.CountAsync(a => (a.LockoutEnd == null || a.LockoutEnd < now.AddYears(1)) && db.UserRoles.Any(r => r.UserId == a.Id && r.RoleId == lead), cancel);
    }

    /// <summary>What stands against a reason for a change, at the field "reason".</summary>
    public static IReadOnlyList<FieldError> ProblemsWith(string? reason)
    {
        var errors = new FieldErrors();
        ClinicText.Check(errors, "reason", reason, ClinicText.LineLength, required: true);
        return errors.All;
    }

    /// <summary>Asks for a threshold inside the range that the rule book allows. It holds once another lead has approved it.</summary>
    public async Task<ProposedThreshold> Propose(string ruleId, string parameter, decimal value, string reason, CancellationToken cancel = default)
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

        var errors = new FieldErrors();
        var why = ClinicText.Check(errors, "reason", reason, ClinicText.LineLength, required: true);
        var previous = (await Settings(db, cancel)).Value(RuleBook.Get(ruleId), parameter);
        if (previous == value)
            errors.Add(parameter, "threshold_same", "This value holds already.");
        if (await Waiting().AnyAsync(p => p.RuleId == ruleId && p.Parameter == parameter, cancel))
            errors.Add(parameter, "proposal_waits", "Another change of this value waits for its second person. Approve, refuse or withdraw that one first.");
        errors.ThrowIfAny();
        var proposal = new ProposedThreshold
        {
            RuleId = ruleId,
            Parameter = parameter,
            Previous = previous,
            Value = value,
            Reason = why!,
            ProposedBy = actor.AccountId,
            ProposedByName = actor.Name,
            ProposedAt = Clock.Now(time),
        };
        db.ProposedThresholds.Add(proposal);
        db.Record(actor, time, AuditKind.RuleChangeProposed, patientId: null, proposal.Id);
        await Save("The proposal could not be stored. Load the page again.", cancel);
        return proposal;
    }

    /// <summary>
    /// Approves or refuses another lead's proposal, or withdraws one's own. An approved value holds from now on for what starts
    /// later; a running visit keeps the settings of its start.
    /// </summary>
    public async Task Answer(Guid proposalId, ProposalVerdict verdict, CancellationToken cancel = default)
    {
        actor.RequireLead();
        var proposal = await db.ProposedThresholds.AsNoTracking().SingleOrDefaultAsync(p => p.Id == proposalId, cancel) ?? throw ClinicRuleException.NotFound("proposal");
        if (await db.ProposalAnswers.AnyAsync(a => a.ProposalId == proposalId, cancel))
            throw Answered();
        if (verdict == ProposalVerdict.Withdrawn && proposal.ProposedBy != actor.AccountId)
            throw ClinicRuleException.Forbidden("Only the person who proposed this can withdraw it. You can refuse it.");
        if (verdict != ProposalVerdict.Withdrawn && proposal.ProposedBy == actor.AccountId)
            throw ClinicRuleException.Invalid("", "second_person_missing", "You have proposed this yourself. Another lead has to approve it, signed in under their own name.");
        if (verdict == ProposalVerdict.Approved)
            await StageChange(proposal, cancel);
        db.ProposalAnswers.Add(new ProposalAnswer { ProposalId = proposalId, Verdict = verdict, AnsweredBy = actor.AccountId, AnsweredByName = actor.Name, AnsweredAt = Clock.Now(time) });
        db.Record(actor, time, verdict switch
        {
            ProposalVerdict.Approved => AuditKind.RuleChanged,
            ProposalVerdict.Refused => AuditKind.RuleChangeRefused,
            _ => AuditKind.RuleChangeWithdrawn,
        }, patientId: null, proposalId);
        await Save("Somebody else has answered this, or changed another rule, at the same moment. Load the page again.", cancel);
    }

    /// <summary>Every proposal, those that wait first, then the newest first.</summary>
    public async Task<IReadOnlyList<ProposalLine>> Proposals(CancellationToken cancel = default)
    {
        actor.RequireLead();
        var answers = await db.ProposalAnswers.AsNoTracking().ToDictionaryAsync(a => a.ProposalId, cancel);
        return [.. (await db.ProposedThresholds.AsNoTracking().ToListAsync(cancel)).Select(p => new ProposalLine(p, answers.GetValueOrDefault(p.Id)))
            .OrderBy(l => l.Answer is not null).ThenByDescending(l => l.Answer?.AnsweredAt ?? l.Proposal.ProposedAt)];
    }

    /// <summary>How many proposals of others wait for this lead.</summary>
    public Task<int> WaitingForMe(CancellationToken cancel = default)
    {
        actor.RequireLead();
        return Waiting().CountAsync(p => p.ProposedBy != actor.AccountId, cancel);
    }

    private IQueryable<ProposedThreshold> Waiting() => db.ProposedThresholds.AsNoTracking().Where(p => !db.ProposalAnswers.Any(a => a.ProposalId == p.Id));

    private async Task StageChange(ProposedThreshold proposal, CancellationToken cancel)
    {
        var history = await RuleHistory.Read(db, cancel);
        if (history.FirstBroken is not null)
            throw ClinicRuleException.Invalid("", "rules_altered", "A stored change was altered in the database. Nothing is added to it before that is cleared up: restore the database from a copy.");
        try
        {
            _ = RuleSettings.Shipped.Change(proposal.RuleId, proposal.Parameter, proposal.Value);
        }
        catch (RuleSettingException refusal)
        {
            throw ClinicRuleException.Invalid("", refusal.Code.Replace('.', '_'), refusal.Message); // the book has changed since
        }

        if (history.Now.Value(RuleBook.Get(proposal.RuleId), proposal.Parameter) != proposal.Previous)
            throw new ClinicRuleException(RefusalKind.Conflict, "", "threshold_moved", "The value has changed since this was proposed. Refuse it, and propose it anew from the value that holds.");
        var now = Clock.Now(time);
        ChangedThreshold Change(string? seal) => new()
        {
            RuleId = proposal.RuleId,
            Parameter = proposal.Parameter,
            Value = proposal.Value,
            ChangedBy = proposal.ProposedBy,
            ChangedByName = proposal.ProposedByName,
            ChangedAt = now,
            ApprovedBy = actor.AccountId,
            ApprovedByName = actor.Name,
            Follows = history.LastSeal,
            Seal = seal,
        };
        db.ChangedThresholds.Add(Change(RuleSeal.Of(Change(seal: null))));
    }

    // The database's unique keys decide between two people: one answer to a proposal, one change after another.
    private async Task Save(string conflict, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            throw new ClinicRuleException(RefusalKind.Conflict, "", "changed_meanwhile", conflict);
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private static ClinicRuleException Answered() => new(RefusalKind.Conflict, "", "already_answered", "This proposal has been answered already. Load the page again.");
}
