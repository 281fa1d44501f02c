using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>An open or closed finding with the name of its patient.</summary>
public sealed record FindingLine(Finding Finding, string PatientName, bool IsOverdue);

/// <summary>Findings: who has to act on what by when. Reading never closes one.</summary>
public sealed class FindingBook(ClinicDb db, TimeProvider time, Actor actor)
{
    /// <summary>The open findings of all patients, the most pressing first, then by due time. Low alarms stay at their chair and in the room.</summary>
    public async Task<IReadOnlyList<FindingLine>> Open(CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var open = await (from finding in db.Findings.AsNoTracking()
                          where finding.ClosedAt == null && finding.Priority != AlarmPriority.Low && finding.Priority != AlarmPriority.Information
                          join patient in db.Patients.AsNoTracking() on finding.PatientId equals patient.Id
                          orderby finding.Severity descending, finding.DueAt, finding.Id
                          select new { finding, patient }).ToListAsync(cancel);
        var now = time.GetUtcNow();
        foreach (var patientId in open.Select(x => x.finding.PatientId).Distinct())
            db.Record(actor, time, AuditKind.FindingRead, patientId);
        await db.SaveChangesAsync(cancel);
        return open.ConvertAll(x => new FindingLine(x.finding, x.patient.FullName, x.finding.DueAt < now));
    }

    /// <summary>All findings of a patient, newest first. Findings are the staff's working list; a patient's account does not see them.</summary>
    public async Task<IReadOnlyList<Finding>> OfPatient(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var findings = await db.Findings.AsNoTracking().Where(f => f.PatientId == patientId).OrderByDescending(f => f.OpenedAt).ThenBy(f => f.Id).ToListAsync(cancel);
        db.Record(actor, time, AuditKind.FindingRead, patientId);
        await db.SaveChangesAsync(cancel);
        return findings;
    }

    /// <summary>Closes a finding with what was done. A finding of the lead is closed by a lead.</summary>
    public async Task<Finding> Close(Guid findingId, string? actionTaken, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var errors = new FieldErrors();
        var action = ClinicText.Check(errors, "actionTaken", actionTaken, ClinicText.NoteLength, required: true, lines: true);
        errors.ThrowIfAny();
        var finding = await db.Findings.AsNoTracking().SingleOrDefaultAsync(f => f.Id == findingId, cancel) ?? throw ClinicRuleException.NotFound("finding");
        if (finding.Owner == ClinicRole.Lead)
            actor.RequireLead();
        if (!finding.IsOpen)
            throw AlreadyClosed(finding);

        db.Attach(finding);
        finding.ClosedAt = Clock.Now(time);
        finding.ClosedBy = actor.AccountId;
        finding.ClosedByName = actor.Name;
        finding.ActionTaken = action;
        db.Record(actor, time, AuditKind.FindingClosed, finding.PatientId, finding.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
            return finding;
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            throw AlreadyClosed(await db.Findings.AsNoTracking().SingleAsync(f => f.Id == findingId, cancel));
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private static ClinicRuleException AlreadyClosed(Finding finding) =>
        new(RefusalKind.Conflict, "", "finding_closed", $"{finding.ClosedByName} has already closed this finding.");
}
