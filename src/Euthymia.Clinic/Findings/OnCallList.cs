using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>A finding as the person on call sees it.</summary>
/// <param name="Finding">What fired.</param>
/// <param name="PatientName">Whose.</param>
/// <param name="Level">How far it has gone up.</param>
/// <param name="Calls">The mails that told the person on call, oldest first; a mail without <see cref="OutgoingMail.SentAt"/> has not left yet.</param>
public sealed record OnCallLine(Finding Finding, string PatientName, EscalationLevel Level, IReadOnlyList<OutgoingMail> Calls);

/// <summary>The list of the person on call. Looking at it takes nothing on and closes nothing.</summary>
public sealed class OnCallList(ClinicDb db, TimeProvider time, Actor actor)
{
    /// <summary>What is open from answers and missed check-ins, the furthest up first. Alarms at the chair have their own place.</summary>
    public async Task<IReadOnlyList<OnCallLine>> Open(CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var now = Clock.Now(time);
        var open = await (from finding in db.Findings.AsNoTracking()
                          where finding.ClosedAt == null && finding.Priority == null
                          join patient in db.Patients.AsNoTracking() on finding.PatientId equals patient.Id
                          select new { finding, patient }).ToListAsync(cancel);
        var ids = open.ConvertAll(x => x.finding.Id);
        var mails = await db.Mails.AsNoTracking().Where(m => m.FindingId != null && ids.Contains(m.FindingId.Value)).OrderBy(m => m.CreatedAt).ToListAsync(cancel);
        foreach (var patientId in open.Select(x => x.finding.PatientId).Distinct())
            db.Record(actor, time, AuditKind.FindingRead, patientId);
        await db.SaveChangesAsync(cancel);
        return [.. open.Select(x => new OnCallLine(x.finding, x.patient.FullName, Escalation.LevelAt(x.finding, now)!.Value, [.. mails.Where(m => m.FindingId == x.finding.Id)]))
            .OrderByDescending(l => l.Level == EscalationLevel.OnCall).ThenByDescending(l => l.Finding.Severity).ThenBy(l => l.Finding.DueAt).ThenBy(l => l.Finding.Id)];
    }

    /// <summary>A named person takes a finding on: the calls stop until its due time. It stays open until it is closed with what was done.</summary>
    public async Task<Finding> TakeOn(Guid findingId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var finding = await db.Findings.AsNoTracking().SingleOrDefaultAsync(f => f.Id == findingId, cancel) ?? throw ClinicRuleException.NotFound("finding");
        if (finding.Priority is not null)
            throw ClinicRuleException.Invalid("", "chair_alarm", "An alarm at the chair is acknowledged at the chair.");
        if (!finding.IsOpen)
            throw new ClinicRuleException(RefusalKind.Conflict, "", "finding_closed", $"{finding.ClosedByName} has already closed this finding.");
        if (finding.AcknowledgedBy == actor.AccountId)
            return finding;
        db.Attach(finding);
        finding.AcknowledgedAt = Clock.Now(time);
        finding.AcknowledgedBy = actor.AccountId;
        finding.AcknowledgedByName = actor.Name;
        db.Record(actor, time, AuditKind.FindingAcknowledged, finding.PatientId, finding.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
            return finding;
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new ClinicRuleException(RefusalKind.Conflict, "", "finding_closed", "Somebody closed this finding at the same moment.");
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }
}
