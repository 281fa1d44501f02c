using System.Globalization;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>A visit with its patient, the order that holds, and its state now.</summary>
public sealed record VisitView(Visit Visit, Patient Patient, InfusionOrder Order, VisitState State)
{
    /// <summary>The rule settings that the visit is judged by: those of its start, or of now while it has not started.</summary>
    public RuleSettings Rules { get; init; } = RuleSettings.Shipped;

    /// <summary>The alarms that are not over, the most pressing first.</summary>
    public IReadOnlyList<Finding> Alarms { get; init; } = [];

    /// <summary>The times in the last half hour when nobody looked at the visit and that are over, oldest first.</summary>
    public IReadOnlyList<Finding> Unwatched { get; init; } = [];
}

/// <summary>An event as stored, and the state of the visit with it. AlreadyStored: the same event had arrived before.</summary>
public sealed record AppendResult(VisitEvent Event, VisitState State, bool AlreadyStored)
{
    /// <summary>The findings that began with this event, stored in its transaction.</summary>
    public IReadOnlyList<Finding> Opened { get; init; } = [];
}

/// <summary>Visits and their append-only logs. The database's unique keys decide what is stored, not anything in memory.</summary>
public sealed partial class VisitLog(ClinicDb db, TimeProvider time, Actor actor)
{
    private const int Attempts = 50;

    private static readonly VisitProtocol Protocol = VisitProtocol.Current;

    /// <summary>
    /// Starts the infusion at a rate in mL/h that has to be the worked rate of the order that holds, at today's weight.
    /// Refused while a line of the go / no-go sheet holds it up.
    /// </summary>
    public async Task<AppendResult> Start(Guid visitId, Guid eventId, MillilitresPerHour rate, DateTimeOffset? observedAt = null, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var visit = await Load(visitId, cancel);
        var order = await CurrentOrder(visit.CourseId, cancel);
        var weight = VisitFold.Of(visit, visit.Events, observedAt ?? Clock.Now(time)).Sheets.Weight ?? throw WeightMissing();
        var volume = order.ArithmeticFor(weight).PumpVolume;
        return await Append(visitId, eventId, new InfusionStarted(rate.Value, order.Concentration.Value, volume.Value, order.Id), observedAt, cancel);
    }

    /// <summary>
    /// Appends an event. The same event sent again returns what is stored; the same id with another content is refused.
    /// Several people may append at once: each gets the next free number.
    /// The id is made by the device; the time of observation is now when left out.
    /// </summary>
    public async Task<AppendResult> Append(Guid visitId, Guid eventId, VisitEntry entry, DateTimeOffset? observedAt = null, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        for (var attempt = 1; ; attempt++)
        {
            var snapshot = await Snapshot(visitId, cancel);
            var result = await Stage(snapshot, await RulesOf(snapshot.Visit, cancel), eventId, entry, observedAt, cancel);
            if (result.AlreadyStored)
                return result;
            try
            {
                await db.SaveChangesAsync(cancel);
                db.ChangeTracker.Clear();
                return result;
            }
            catch (Exception failure) when (attempt < Attempts && Contention.Is(failure))
            {
                db.ChangeTracker.Clear();
                await ExplainConflict(snapshot.Visit, eventId, entry is InfusionStarted, cancel);
            }
        }
    }

    /// <summary>The visit, its patient, the order that holds and the state now.</summary>
    public async Task<VisitView> State(Guid visitId, CancellationToken cancel = default)
    {
        var visit = await Load(visitId, cancel);
        actor.RequireAccessTo(visit.PatientId);
        var view = await View(visit, cancel);
        db.Record(actor, time, AuditKind.VisitRead, visit.PatientId, visitId);
        await db.SaveChangesAsync(cancel);
        return view;
    }

    /// <summary>
    /// The same for a page that this person has opened and keeps in sight: its opening was audited (<see cref="State"/>), the
    /// glances after it are not, or every second would be an entry.
    /// </summary>
    public async Task<VisitView> Glance(Guid visitId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        return await View(await Load(visitId, cancel), cancel);
    }

    /// <summary>Changes whenever something is recorded at a visit or one of its alarms changes. It holds no patient data.</summary>
    public async Task<string> Version(Guid visitId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var events = await db.VisitEvents.CountAsync(e => e.VisitId == visitId, cancel);
        var alarms = await Alarms(f => f.SubjectId == visitId).Select(f => new { f.Id, IsOver = f.ConditionEndedAt != null }).ToListAsync(cancel);
        return $"{events}.{string.Concat(alarms.Select(a => $"{a.Id:N}"[^4..] + (a.IsOver ? "-" : "+")))}";
    }

    private IQueryable<Finding> Alarms(System.Linq.Expressions.Expression<Func<Finding, bool>> which) =>
        db.Findings.AsNoTracking().Where(f => f.Priority != null && f.ClosedAt == null).Where(which).OrderBy(f => f.Id);

    // It ends when a page is opened: without this the one who opens it would not learn that it had been.
    private async Task<ILookup<Guid, Finding>> Unwatched(IReadOnlyCollection<Guid> visits, CancellationToken cancel)
    {
        var from = Clock.Now(time) - TimeSpan.FromMinutes(30);
        return (await db.Findings.AsNoTracking().Where(f => visits.Contains(f.SubjectId) && f.RuleId == ChairAlarms.NobodyLooks && f.ConditionEndedAt >= from).OrderBy(f => f.OpenedAt).ToListAsync(cancel))
            .ToLookup(f => f.SubjectId);
    }

    private static IReadOnlyList<Finding> Sorted(IEnumerable<Finding> alarms) =>
        [.. alarms.OrderBy(f => f.State == AlarmState.Acknowledged).ThenByDescending(f => f.Priority).ThenBy(f => f.OpenedAt)];

    private async Task<VisitView> View(Visit visit, CancellationToken cancel)
    {
        var patient = await db.Patients.AsNoTracking().Include(p => p.Weights).SingleAsync(p => p.Id == visit.PatientId, cancel);
        var rules = await RulesOf(visit, cancel);
        var state = new VisitSnapshot(visit, [], await Medication(visit.PatientId, cancel)).State([.. visit.Events], Clock.Now(time), rules);
        return new VisitView(visit, patient, await CurrentOrder(visit.CourseId, cancel), state)
        {
            Rules = rules,
            Alarms = Sorted(await Alarms(f => f.SubjectId == visit.Id).ToListAsync(cancel)),
            Unwatched = [.. (await Unwatched([visit.Id], cancel))[visit.Id]],
        };
    }

    private async Task<RuleSettings> RulesOf(Visit visit, CancellationToken cancel) => (await RuleHistory.Read(db, cancel)).For(visit);

    private static ClinicRuleException EventIdReused() =>
        new(RefusalKind.Conflict, "", "event_id_reused", "This entry's id already belongs to another entry. Record it again as a new entry.");

    private async Task Check(Visit visit, VisitEvent next, VisitClock clock, CancellationToken cancel)
    {
        if (visit.CancelledBecause is not null)
            throw ClinicRuleException.Invalid("", "visit_cancelled", "This visit was cancelled. Schedule a new one.");
        if (next.Id == Guid.Empty)
            throw ClinicRuleException.Invalid("", "event_id_missing", "The entry has no id of its own. Reload the page and record it again.");
        CheckTime(next.ObservedAt, clock);
        switch (next.Entry)
        {
            case InfusionStarted started:
                await CheckStart(visit, started, next.ObservedAt, cancel);
                break;
            case Amended amended:
                CheckAmendment(visit, amended, clock);
                if (amended.Replacement is DrugPrepared prepared)
                    await CheckPreparation(visit, VisitFold.Of(visit, visit.Events, clock.Now), prepared, amended.ReplacementObservedAt ?? visit.Events.Single(e => e.Id == amended.EventId).ObservedAt, cancel);
                break;
            case SheetEntry sheet:
                await CheckSheet(visit, sheet, next.ObservedAt, cancel);
                break;
            case VisitCompleted:
                await CheckCompletion(visit, next.ObservedAt, cancel);
                break;
            default:
                CheckEntry(visit, next.Entry, new FieldErrors());
                break;
        }
    }

    private static void CheckTime(DateTimeOffset observed, VisitClock clock)
    {
        if (clock.IsInFuture(observed))
            throw ClinicRuleException.Invalid("observedAt", "observed_in_future", "The time of observation is in the future. Check the device's clock.");
        if (observed < clock.Now - Protocol.Oldest)
            throw ClinicRuleException.Invalid("observedAt", "observed_too_old", $"The time of observation is more than {Protocol.Oldest.TotalHours:0} h ago. Check the time, or write a note.");
    }

    private async Task CheckStart(Visit visit, InfusionStarted started, DateTimeOffset observed, CancellationToken cancel)
    {
        var order = await CurrentOrder(visit.CourseId, cancel);
        var weight = VisitFold.Of(visit, visit.Events, observed).Sheets.Weight ?? throw WeightMissing();
        var arithmetic = order.ArithmeticFor(weight);
        var errors = new FieldErrors();
        await CheckSheetOfStart(errors, visit, observed, cancel);
        if (started.OrderId != order.Id)
            errors.Add("order", "order_outdated", "The order was amended. Open the visit again and check dose and rate.");
        if (decimal.Abs(started.RateMillilitresPerHour - arithmetic.Rate.Value) > DoseLimits.Current.PumpTolerance * arithmetic.Rate.Value)
            errors.Add("rate", "rate_differs_from_order", $"The order works out to {arithmetic.PumpRate}. Check the pump, or amend the order first.");
        if (started.MilligramsPerMillilitre != order.Concentration.Value || decimal.Abs(started.VolumeMillilitres - arithmetic.Volume.Value) > DoseLimits.Current.PumpTolerance * arithmetic.Volume.Value)
            errors.Add("volume", "volume_differs_from_order", "Concentration or volume is not that of the order.");
        foreach (var hard in DoseLimits.Current.Check(arithmetic).Where(l => l.Level == LimitLevel.Hard))
            errors.Add(hard.Limit.Field, hard.Code, hard.Message);
        errors.ThrowIfAny();
    }

    private static ClinicRuleException WeightMissing() =>
        ClinicRuleException.Invalid("weight", "weight_missing", "Weigh the patient first: the dose is worked out with today's weight and no other.");

    private void CheckAmendment(Visit visit, Amended amended, VisitClock clock)
    {
        var target = visit.Events.SingleOrDefault(e => e.Id == amended.EventId);
        var errors = new FieldErrors();
        ClinicText.Check(errors, "correctionReason", amended.Reason, ClinicText.LineLength, required: true);
        if (target is null || target.Entry is Amended)
            errors.Add("event", "event_not_amendable", "The entry to correct is not in this visit's log.");
        else if (amended.Replacement is not null && amended.Replacement.GetType() != target.Entry.GetType())
            errors.Add("event", "replacement_kind", "A correction keeps the kind of the entry. Withdraw the entry and record a new one.");
        else if (amended.Replacement is StopOverridden or DischargeOverridden or Witnessed or SignedOff)
            errors.Add("event", "replacement_signature", "What a person has signed is not rewritten. Withdraw it, and sign anew.");
        else if (amended.Replacement is PumpEntered && target.AuthorId != actor.AccountId)
            errors.Add("event", "replacement_other_person", "A double check is two people's own numbers: only their author rewrites them. Withdraw the entry, and let its author enter again.");
        else if (amended.Replacement is InfusionStarted replacement && target.Entry is InfusionStarted original && replacement != original with { RateMillilitresPerHour = replacement.RateMillilitresPerHour })
            errors.Add("event", "replacement_start", "A correction of the start can change its rate and time only.");
        if (amended.Replacement is not null)
            CheckEntry(visit, amended.Replacement, errors);
        errors.ThrowIfAny();
        if (amended.ReplacementObservedAt is { } observed)
            CheckTime(observed, clock);
    }

    // With what is wrong already: a form shows everything at once.
    private static void CheckEntry(Visit visit, VisitEntry entry, FieldErrors errors)
    {
        switch (entry)
        {
            case Observed observed:
                Protocol.Check(errors, observed.Readings);
                ClinicText.Check(errors, "deviceId", observed.DeviceId, ClinicText.LineLength);
                break;
            case SheetEntry sheet:
                SheetChecks.Check(errors, sheet);
                break;
            case Noted noted:
                ClinicText.Check(errors, "text", noted.Text, ClinicText.NoteLength, required: true, lines: true);
                break;
            case RateChanged changed:
                CheckRate(errors, visit, changed.Rate, changed.Reason);
                break;
            case InfusionStarted started:
                CheckRate(errors, visit, started.Rate, reason: null);
                break;
            case SessionEntry session:
                SessionChecks.Check(errors, visit, session);
                break;
            case InfusionPaused paused:
                ClinicText.Check(errors, "reason", paused.Reason, ClinicText.LineLength);
                break;
            case InfusionStopped stopped:
                ClinicText.Check(errors, "reason", stopped.Reason, ClinicText.LineLength);
                break;
        }

        errors.ThrowIfAny();
    }

    private static void CheckRate(FieldErrors errors, Visit visit, MillilitresPerHour rate, string? reason)
    {
        var given = ClinicText.Check(errors, "reason", reason, ClinicText.LineLength);
        if (rate.Value <= 0)
        {
            errors.Add("rate", "not_positive", "Enter a rate above zero, or pause the infusion.");
            return;
        }

        if (visit.Events.Select(e => e.Entry).OfType<InfusionStarted>().FirstOrDefault() is not { } started)
            return; // the fold refuses a change before the start
        foreach (var check in DoseLimits.Current.CheckRate(rate, started.Concentration))
        {
            if (check.Level == LimitLevel.Hard || (check.Level == LimitLevel.Soft && given is null))
                errors.Add("rate", check.Code, check.Message);
        }
    }

    private async Task<InfusionOrder> CurrentOrder(Guid courseId, CancellationToken cancel) =>
        await db.Orders.AsNoTracking().Where(o => o.CourseId == courseId).OrderByDescending(o => o.Version).FirstAsync(cancel);

    private async Task<Visit> Load(Guid visitId, CancellationToken cancel) =>
        await db.Visits.AsNoTracking().Include(v => v.Events.OrderBy(e => e.Number)).SingleOrDefaultAsync(v => v.Id == visitId, cancel)
        ?? throw ClinicRuleException.NotFound("visit");
}
