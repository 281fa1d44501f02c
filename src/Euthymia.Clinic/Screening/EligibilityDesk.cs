using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>A referral as the eligibility page shows it.</summary>
/// <param name="Intake">What was answered.</param>
/// <param name="Sheet">The rules before a course.</param>
/// <param name="Watch">Rules about suicidality and mania that rest on the intake beside the scales.</param>
/// <param name="Decisions">The decision of each reviewer that holds.</param>
/// <param name="ReviewersNeeded">Approvals that the team's decision takes.</param>
/// <param name="DecidedBefore">True when the intake was amended after the last decision.</param>
/// <param name="Diazepam">The arithmetic of MED-04; null when not assessed.</param>
/// <param name="Course">The latest course; null while none is ordered.</param>
/// <param name="TakenBack">Overrides that were taken back, newest first.</param>
public sealed record EligibilityView(
    PatientIntake Intake, EligibilitySheet Sheet, IReadOnlyList<RuleResult> Watch, IReadOnlyList<TeamDecision> Decisions, int ReviewersNeeded, bool DecidedBefore, DiazepamEquivalent? Diazepam, Course? Course, IReadOnlyList<TakenBackOverride> TakenBack);

/// <summary>An override that was taken back.</summary>
public sealed record TakenBackOverride(Override Override, OverrideWithdrawal Withdrawal);

/// <summary>A referral that waits: a patient without a course whom no reviewer has declined.</summary>
/// <param name="Intake">What was answered.</param>
/// <param name="Sheet">The rules before a course.</param>
/// <param name="Since">When the referral was received, or the record last changed while that is not entered.</param>
public sealed record WaitingReferral(PatientIntake Intake, EligibilitySheet Sheet, DateOnly Since)
{
    /// <summary>Questions answered, and all.</summary>
    public (int Answered, int Of) Progress => IntakeQuestions.Current.Sections.Select(Intake.Progress).Aggregate((a, b) => (a.Answered + b.Answered, a.Of + b.Of));
}

/// <summary>Eligibility: judges a referral by the rules, takes overrides and the team's decision, and holds the first infusion to them.</summary>
public sealed class EligibilityDesk(ClinicDb db, TimeProvider time, Actor actor)
{
    private const string TeamRule = "SCR-31";

    /// <summary>Referrals listed at most, the oldest first.</summary>
    public const int MostWaiting = 50;

    public async Task<EligibilityView> Of(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var record = await ReferralRecord.ReadOne(db, patientId, Clock.Now(time), cancel);
        db.Record(actor, time, AuditKind.EligibilityRead, patientId);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        var decisions = record.HoldingDecisions.ToList();
        var withdrawals = await db.OverrideWithdrawals.AsNoTracking().Where(w => w.PatientId == patientId).ToListAsync(cancel);
        var amended = record.Intake.Versions.Select(v => (DateTimeOffset?)v.RecordedAt).Max();
        return new EligibilityView(
            record.Intake, EligibilitySheet.Of(record), record.Watch(), decisions, (int)record.Rules.Value(RuleBook.Get(TeamRule), "reviewers"),
            decisions.Count > 0 && decisions.Max(d => d.DecidedAt) < amended, DiazepamEquivalent.Of(record.Intake.Answers.Medication), record.Course,
            [.. withdrawals.OrderByDescending(w => w.At).Select(w => new TakenBackOverride(record.Overrides.Single(o => o.Id == w.OverrideId), w))]);
    }

    /// <summary>Referrals that wait for an answer, the oldest first.</summary>
    public async Task<IReadOnlyList<WaitingReferral>> Waiting(CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var ids = await db.Patients.AsNoTracking().Where(p => !db.Courses.Any(c => c.PatientId == p.Id)).OrderBy(p => p.Id).Select(p => p.Id).Take(MostWaiting).ToListAsync(cancel);
        var records = await ReferralRecord.Read(db, ids, Clock.Now(time), cancel);
        foreach (var record in records)
            db.Record(actor, time, AuditKind.EligibilityRead, record.Patient.Id);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return [.. records.Where(r => !r.HoldingDecisions.Any(d => d.Decision == ReviewerDecision.Decline))
            .Select(r => new WaitingReferral(r.Intake, EligibilitySheet.Of(r), r.Intake.Answers.Day("referredOn") ?? r.Clinic.DayOf(r.Patient.ChangedAt)))
            .OrderBy(w => w.Since).ThenBy(w => w.Intake.Patient.Id)];
    }

    /// <summary>
    /// A lead goes past a stop with a reason. It holds for what was found and no longer when that changes; it is counted among the overrides.
    /// </summary>
    public async Task<Override> GoPast(Guid patientId, string ruleId, string? found, string? reason, CancellationToken cancel = default)
    {
        actor.RequireLead();
        var errors = new FieldErrors();
        var because = ClinicText.Check(errors, $"reason-{ruleId}", reason, ClinicText.LineLength, required: true);
        errors.ThrowIfAny();
        var record = await ReferralRecord.ReadOne(db, patientId, Clock.Now(time), cancel);
        if (EligibilitySheet.Of(record)[ruleId] is not { Stops: true } line)
            throw ClinicRuleException.Invalid("rule", "not_a_stop", $"{ClinicText.Shorten(ruleId, ClinicText.IdentifierLength)} does not stop. Load the sheet again.");
        if (!line.MayOverride)
            throw ClinicRuleException.Invalid("rule", "absolute_stop", $"{line.Result.Rule.Title}: nobody goes past this here. {line.Result.Rule.Action}");
        if (line.OverriddenBy is { } by)
            throw new ClinicRuleException(RefusalKind.Conflict, "rule", "gone_past", $"{by.ByName} has already gone past this. Load the page again.");
        if (!string.Equals(found, line.Found, StringComparison.Ordinal))
            throw new ClinicRuleException(RefusalKind.Conflict, "rule", "found_changed", $"{line.Result.Rule.Title}: what was found has changed since you looked. Read the line again, then decide.");
        var row = new Override
        {
            Id = Guid.CreateVersion7(),
            PatientId = patientId,
            RuleIds = line.Result.Rule.Id,
            RuleVersion = line.Result.Version,
            Found = line.Found,
            Reason = because!,
            At = Clock.Now(time),
            ByAccountId = actor.AccountId,
            ByName = actor.Name,
        };
        db.Overrides.Add(row);
        db.Record(actor, time, AuditKind.EligibilityOverridden, patientId, row.Id);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return row;
    }

    /// <summary>A lead takes an override back with a reason: the stop holds again as before. The override and its withdrawal both stay on record.</summary>
    public async Task<OverrideWithdrawal> TakeBack(Guid patientId, Guid overrideId, string? reason, CancellationToken cancel = default)
    {
        actor.RequireLead();
        var row = await db.Overrides.SingleOrDefaultAsync(o => o.Id == overrideId && o.PatientId == patientId && o.VisitId == null, cancel) ?? throw ClinicRuleException.NotFound("override");
        var errors = new FieldErrors();
        var because = ClinicText.Check(errors, $"back-{row.RuleIds}", reason, ClinicText.LineLength, required: true);
        errors.ThrowIfAny();
        if (row.WithdrawnAt is not null)
            throw TakenBack();
        var withdrawal = new OverrideWithdrawal
        {
            OverrideId = row.Id,
            PatientId = patientId,
            Reason = because!,
            At = Clock.Now(time),
            ByAccountId = actor.AccountId,
            ByName = actor.Name,
        };
        row.WithdrawnAt = withdrawal.At; // so that it is neither counted nor holds; the record is the withdrawal
        db.OverrideWithdrawals.Add(withdrawal);
        db.Record(actor, time, AuditKind.EligibilityOverrideWithdrawn, patientId, row.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
            return withdrawal;
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            throw TakenBack();
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private static ClinicRuleException TakenBack() => new(RefusalKind.Conflict, "", "override_taken_back", "Somebody has already taken this override back. Load the page again.");

    /// <summary>Records the reviewer's own decision under their name. A refusal says why; a reviewer may change their mind.</summary>
    public async Task<TeamDecision> Decide(Guid patientId, ReviewerDecision decision, string? reason, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var errors = new FieldErrors();
        var because = ClinicText.Check(errors, "decisionReason", reason, ClinicText.LineLength, required: decision == ReviewerDecision.Decline);
        if (!Enum.IsDefined(decision))
            errors.Add("decision", "required", "Choose one.");
        errors.ThrowIfAny();
        var record = await ReferralRecord.ReadOne(db, patientId, Clock.Now(time), cancel);
        var row = new TeamDecision
        {
            PatientId = patientId,
            Decision = decision,
            Reason = because,
            VerdictSeen = EligibilitySheet.Of(record).Verdict.ToString(),
            DecidedAt = record.Now,
            ReviewerId = actor.AccountId,
            ReviewerName = actor.Name,
        };
        db.TeamDecisions.Add(row);
        db.Record(actor, time, AuditKind.TeamDecided, patientId);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return row;
    }

    /// <summary>Refuses the date of a first infusion while a rule before the course holds it up; each with its reason.</summary>
    internal static async Task RequireForFirstInfusion(ClinicDb db, Guid patientId, DateTimeOffset now, CancellationToken cancel)
    {
        var sheet = EligibilitySheet.Of(await ReferralRecord.ReadOne(db, patientId, now, cancel));
        var errors = new FieldErrors();
        foreach (var line in sheet.HoldingScheduling)
        {
            var rule = line.Result.Rule;
            errors.Add("", $"stop_{rule.Id.ToLowerInvariant().Replace('-', '_')}", line.Result.Outcome == RuleOutcome.NotAssessed ? $"{rule.Title}: not assessed." : $"{rule.Title}: {rule.Condition}");
        }

        errors.ThrowIfAny();
    }
}
