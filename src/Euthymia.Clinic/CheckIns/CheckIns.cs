using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>The check-ins of a patient with the next planned visit.</summary>
public sealed record PatientCheckIns(IReadOnlyList<CheckIn> Schedule, CheckIn? Current, DateTimeOffset? NextVisit, IReadOnlyList<Assessment> Assessments)
{
    /// <summary>Rules FUP-02 and FUP-03 as judged now.</summary>
    public IReadOnlyList<RuleResult> Watch { get; init; } = [];

    /// <summary>The next check-in that cannot be answered yet; null when none is planned.</summary>
    public CheckIn? Next => Schedule.FirstOrDefault(c => c.State == CheckInState.Planned);
}

/// <summary>Check-ins: when each patient is asked, worked out anew each time.</summary>
public sealed class CheckIns(ClinicDb db, TimeProvider time, Actor actor)
{
    public async Task<PatientCheckIns> Of(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        var (facts, upcoming) = await Facts(db, patientId, await new ClinicOffice(db).Settings(cancel), Clock.Now(time), cancel);
        db.Record(actor, time, AuditKind.FollowUpRead, patientId);
        await db.SaveChangesAsync(cancel);
        var schedule = CheckInSchedule.Of(facts, time.GetUtcNow());
        return new PatientCheckIns(schedule, CheckInSchedule.Current(schedule), upcoming, facts.Assessments) { Watch = FollowUpWatch.Of(facts, time.GetUtcNow()) };
    }

    /// <summary>What a patient's schedule follows from, with the start of the next visit.</summary>
    internal static async Task<(ScheduleFacts Facts, DateTimeOffset? NextVisit)> Facts(ClinicDb db, Guid patientId, ClinicSettings clinic, DateTimeOffset now, CancellationToken cancel)
    {
        var visits = await db.Visits.AsNoTracking().Include(v => v.Events.OrderBy(e => e.Number)).Where(v => v.PatientId == patientId && v.CancelledBecause == null).ToListAsync(cancel);
        var states = visits.ConvertAll(v => (Visit: v, State: VisitFold.Of(v, v.Events, now)));
        var assessments = await db.Assessments.AsNoTracking().Where(a => a.PatientId == patientId).OrderBy(a => a.CompletedAt).ThenBy(a => a.Id).ToListAsync(cancel);
        var facts = new ScheduleFacts(
            [.. states.Where(s => s.State.StartedAt is not null && s.State.DoseGiven.Value > 0).Select(s => s.State.EndedAt).OfType<DateTimeOffset>()],
            [.. visits.Select(v => v.ScheduledAt)],
            assessments,
            clinic,
            await ClinicRules.Settings(db, cancel));
        return (facts, states.Where(s => s.State.Phase == VisitPhase.Scheduled && s.Visit.ScheduledAt > now).Select(s => (DateTimeOffset?)s.Visit.ScheduledAt).Min());
    }
}
