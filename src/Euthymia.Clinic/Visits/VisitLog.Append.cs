using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>
/// A visit with its log and its findings, as an append is judged by. It is a cache: what was stored meanwhile shows when the
/// database refuses the next number, and then it is read again.
/// </summary>
internal sealed class VisitSnapshot(Visit visit, List<Finding> findings, MedicationOnRecord? medication)
{
    public Visit Visit { get; } = visit;

    public List<Finding> Findings { get; } = findings;

    /// <summary>The state now with a log, and how closely the patient is watched.</summary>
    public VisitState State(IReadOnlyCollection<VisitEvent> events, DateTimeOffset now, RuleSettings rules)
    {
        var state = VisitFold.Now(Visit, events, now, rules);
        return state with { SedationWatch = SedationWatch.Of(medication, state.Sheets.Before) };
    }

    public int LastNumber => Visit.Events.Count == 0 ? 0 : Visit.Events[^1].Number;

    public string LastHash => Visit.Events.Count == 0 ? "" : Visit.Events[^1].Hash;
}

public sealed partial class VisitLog
{
    /// <summary>
    /// Judges an entry and puts everything that its transaction has to store into the context: the event, its audit entry, the
    /// findings that begin or end with it. Throws before anything is put there; the caller saves. The snapshot is carried on,
    /// so that a further entry of the same visit can be staged for the same transaction.
    /// </summary>
    internal async Task<AppendResult> Stage(VisitSnapshot snapshot, RuleSettings rules, Guid eventId, VisitEntry entry, DateTimeOffset? observedAt, CancellationToken cancel)
    {
        actor.RequireStaff();
        var now = Clock.Now(time);
        var claimed = Clock.Cut(observedAt ?? now);
        var visit = snapshot.Visit;
        if (visit.Events.FirstOrDefault(e => e.Id == eventId) is { } stored)
            return Repeated(visit, stored, entry, observedAt is null ? null : claimed, now, rules);

        var clock = VisitClock.Of(visit.Events, now);
        var next = Next(snapshot, eventId, entry, TimeOf(visit, entry, clock, claimed, now), now);
        await Check(visit, next, clock, cancel);
        CheckAlarm(snapshot, entry);
        var state = snapshot.State([.. visit.Events, next], now, rules);
        var changes = ChairAlarms.Judge(visit, state, snapshot.Findings, rules, state.Clock!.Now, next);

        MarkRunning(visit, state);
        db.VisitEvents.Add(next);
        await Follow(visit, next, cancel);
        db.Record(actor, time, AuditKind.VisitEventRecorded, visit.PatientId, visit.Id);
        StageAlarms(snapshot, changes);
        visit.Events.Add(next);
        return new AppendResult(next, state, AlreadyStored: false) { Opened = changes.Opened };
    }

    /// <summary>Judges what the passing of time means for a visit; false when it means nothing new.</summary>
    internal bool StageTime(VisitSnapshot snapshot, RuleSettings rules, Look? look)
    {
        var now = Clock.Now(time);
        var state = snapshot.State([.. snapshot.Visit.Events], now, rules);
        var changes = ChairAlarms.Judge(snapshot.Visit, state, snapshot.Findings, rules, state.Clock!.Now, cause: null, look);
        StageAlarms(snapshot, changes);
        return changes.Any;
    }

    internal async Task<VisitSnapshot> Snapshot(Guid visitId, CancellationToken cancel) => await SnapshotOrNull(visitId, cancel) ?? throw ClinicRuleException.NotFound("visit");

    internal async Task<VisitSnapshot?> SnapshotOrNull(Guid visitId, CancellationToken cancel) =>
        await db.Visits.AsNoTracking().Include(v => v.Events.OrderBy(e => e.Number)).SingleOrDefaultAsync(v => v.Id == visitId, cancel) is not { } visit
            ? null
            : new VisitSnapshot(visit, await db.Findings.AsNoTracking().Where(f => f.SubjectId == visitId).ToListAsync(cancel), await Medication(visit.PatientId, cancel));

    private async Task<MedicationOnRecord?> Medication(Guid patientId, CancellationToken cancel) => (await MedicationOnRecord.Of(db, [patientId], cancel)).GetValueOrDefault(patientId);

    /// <summary>Says why the database refused an append when trying again would not help.</summary>
    internal async Task ExplainConflict(Visit visit, Guid eventId, bool starts, CancellationToken cancel)
    {
        if (await db.VisitEvents.AnyAsync(e => e.Id == eventId && e.VisitId != visit.Id, cancel))
            throw EventIdReused();
        if (starts && await db.Visits.AnyAsync(v => v.RunningPatientId == visit.PatientId && v.Id != visit.Id, cancel))
            throw new ClinicRuleException(RefusalKind.Conflict, "", "another_visit_running", "Another visit of this patient is running. Complete it first.");
    }

    /// <summary>
    /// The time that an entry gets: the visit's. What is done at the pump at this moment is also not before what was done there
    /// before, by however little the clocks of two devices or servers differ: a stop is not refused for a clock's sake.
    /// </summary>
    private static DateTimeOffset TimeOf(Visit visit, VisitEntry entry, VisitClock clock, DateTimeOffset claimed, DateTimeOffset now)
    {
        var observed = clock.TimeOf(claimed);
        if (entry is not PumpAction || (now - claimed).Duration() > Protocol.LateAfter)
            return observed;
        var before = VisitFold.Of(visit, visit.Events, clock.Now).Log.Where(l => l.Entry is PumpAction).Select(l => l.ObservedAt).DefaultIfEmpty().Max();
        return before > observed && before > clock.Now ? before : observed;
    }

    // A time that the visit's clock gave is not the one that was sent.
    private static AppendResult Repeated(Visit visit, VisitEvent stored, VisitEntry entry, DateTimeOffset? observed, DateTimeOffset now, RuleSettings rules)
    {
        var same = (stored.Entry == entry || string.Equals(VisitSeal.ToJson(stored.Entry), VisitSeal.ToJson(entry), StringComparison.Ordinal)) && (observed is null || observed == stored.ObservedAt || stored.ObservedAt > stored.RecordedAt);
        return same
            ? new AppendResult(stored, VisitFold.Now(visit, [.. visit.Events], now, rules), AlreadyStored: true)
            : throw EventIdReused();
    }

    private VisitEvent Next(VisitSnapshot snapshot, Guid eventId, VisitEntry entry, DateTimeOffset observed, DateTimeOffset now) => VisitSeal.Seal(
        new VisitEvent
        {
            Id = eventId,
            VisitId = snapshot.Visit.Id,
            Number = snapshot.LastNumber + 1,
            ObservedAt = observed,
            RecordedAt = now,
            AuthorId = actor.AccountId,
            AuthorName = actor.Name,
            Entry = entry,
        },
        snapshot.LastHash);

    private static void CheckAlarm(VisitSnapshot snapshot, VisitEntry entry)
    {
        if (entry is AlarmAcknowledged acknowledged && !snapshot.Findings.Exists(f => f.Id == acknowledged.FindingId && f.Priority is not null))
            throw ClinicRuleException.Invalid("", "alarm_unknown", "This alarm is not one of this visit.");
    }

    // Only the start, the end and who watches touch a visit's row. The row is attached alone: its events are the context's already.
    private void MarkRunning(Visit visit, VisitState state)
    {
        Guid? running = state.StartedAt is not null && state.CompletedAt is null ? visit.PatientId : null;
        if (visit.RunningPatientId == running)
            return;
        db.Entry(Row(visit)).Property(v => v.RunningPatientId).CurrentValue = running;
        visit.RunningPatientId = running;
    }

    private Visit Row(Visit visit) => db.Visits.Local.FirstOrDefault(v => v.Id == visit.Id)
        ?? db.Attach(new Visit { Id = visit.Id, PatientId = visit.PatientId, CourseId = visit.CourseId, RunningPatientId = visit.RunningPatientId, WatchedBy = visit.WatchedBy }).Entity;

    private void StageAlarms(VisitSnapshot snapshot, AlarmChanges changes)
    {
        foreach (var finding in changes.Changed)
        {
            var row = db.Entry(finding);
            if (row.State != EntityState.Detached)
                continue; // an earlier entry of this group has put it there; what changed since is seen when it is saved
            // The time of closing is the guard: a finding that somebody has closed meanwhile is read again.
            row.State = EntityState.Modified;
            row.Property(f => f.ClosedAt).OriginalValue = changes.ClosedBefore.Contains(finding.Id) ? finding.ClosedAt : null;
        }

        foreach (var finding in changes.Opened)
        {
            db.Findings.Add(finding);
            db.Record(actor, time, AuditKind.FindingOpened, finding.PatientId, finding.Id);
        }

        snapshot.Findings.AddRange(changes.Opened);
    }
}
