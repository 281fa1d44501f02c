using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>One visit in the day's list.</summary>
public sealed record TodayVisit(Visit Visit, string PatientName, string ClinicNumber, InfusionOrder Order, VisitState State)
{
    /// <summary>The alarms that are not over, the most pressing first.</summary>
    public IReadOnlyList<Finding> Alarms { get; init; } = [];

    /// <inheritdoc cref="VisitView.Unwatched"/>
    public IReadOnlyList<Finding> Unwatched { get; init; } = [];
}

/// <summary>The visits of one chair on a day, in order of time.</summary>
public sealed record TodayChair(string Chair, IReadOnlyList<TodayVisit> Visits);

/// <summary>An infusion as it was given at a visit.</summary>
public sealed record GivenInfusion(Guid VisitId, int NumberInCourse, DateTimeOffset StartedAt, DateTimeOffset EndedAt, Milligrams Dose, MilligramsPerKilogram DosePerKilogram, VisitState State);

public sealed partial class VisitLog
{
    /// <summary>
    /// Schedules every infusion of a course's order that has no visit yet, all at one local time and chair. The first infusion gets no date
    /// while a rule before the course holds it up (<see cref="EligibilitySheet.HoldingScheduling"/>).
    /// </summary>
    public async Task<IReadOnlyList<Visit>> Schedule(Guid courseId, TimeOnly at, string chair, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var course = await db.Courses.AsNoTracking().SingleOrDefaultAsync(c => c.Id == courseId, cancel) ?? throw ClinicRuleException.NotFound("course");
        var order = await CurrentOrder(courseId, cancel);
        var settings = await ChairSettings(chair, cancel);
        var existing = await db.Visits.AsNoTracking().Where(v => v.CourseId == courseId && v.CancelledBecause == null).Select(v => v.NumberInCourse).ToListAsync(cancel);
        var visits = order.Days.Select((day, index) => (Number: index + 1, Day: course.FirstDay.AddDays(day)))
            .Where(x => !existing.Contains(x.Number))
            .Select(x => new Visit
            {
                PatientId = course.PatientId,
                CourseId = courseId,
                NumberInCourse = x.Number,
                ScheduledAt = settings.MomentOf(x.Day, at),
                Chair = chair,
            }).ToList();
        if (visits.Exists(v => v.NumberInCourse == 1))
            await EligibilityDesk.RequireForFirstInfusion(db, course.PatientId, Clock.Now(time), cancel);
        foreach (var visit in visits)
        {
            db.Visits.Add(visit);
            db.Record(actor, time, AuditKind.VisitScheduled, course.PatientId, visit.Id);
        }

        await SaveSchedule(cancel);
        return visits;
    }

    /// <summary>Moves a visit that has not started to another time or chair.</summary>
    public async Task<Visit> Reschedule(Guid visitId, DateOnly day, TimeOnly at, string chair, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var settings = await ChairSettings(chair, cancel);
        var visit = await LoadUnstarted(visitId, cancel);
        db.Attach(visit);
        visit.ScheduledAt = settings.MomentOf(day, at);
        visit.Chair = chair;
        db.Record(actor, time, AuditKind.VisitScheduled, visit.PatientId, visitId);
        await SaveSchedule(cancel);
        return visit;
    }

    /// <summary>Cancels a visit that has not started; the reason is kept and the infusion can be scheduled again.</summary>
    public async Task Cancel(Guid visitId, string reason, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var errors = new FieldErrors();
        var because = ClinicText.Check(errors, "reason", reason, ClinicText.LineLength, required: true);
        errors.ThrowIfAny();
        var visit = await LoadUnstarted(visitId, cancel);
        var state = VisitFold.Of(visit, visit.Events, Clock.Now(time));
        if (DrugLedger.Judge(state, await RulesOf(visit, cancel), state.At).Any(r => r.Stops))
            throw ClinicRuleException.Invalid("", "ledger_open", $"Drug was taken for this visit: {DrugLedger.Of(state).Open} are not accounted for. Waste it before a witness or return it first.");
        db.Attach(visit).Property(v => v.CancelledBecause).CurrentValue = because;
        db.Record(actor, time, AuditKind.VisitCancelled, visit.PatientId, visitId);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
    }

    /// <summary>
    /// The day's visits by chair, in the order of the clinic's list of chairs; visits that still run from an earlier day are among them.
    /// Chairs without a visit are listed empty.
    /// </summary>
    public async Task<IReadOnlyList<TodayChair>> Today(DateOnly? day = null, CancellationToken cancel = default)
    {
        var chairs = await Room(day, cancel);
        foreach (var patientId in chairs.SelectMany(c => c.Visits).Select(v => v.Visit.PatientId).Distinct())
            db.Record(actor, time, AuditKind.TodayRead, patientId);
        await db.SaveChangesAsync(cancel);
        return chairs;
    }

    /// <summary>The same for a page that this person has opened and keeps in sight: its opening was audited (<see cref="Today"/>).</summary>
    public async Task<IReadOnlyList<TodayChair>> Room(DateOnly? day = null, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var settings = await new ClinicOffice(db).Settings(cancel);
        var rules = await RuleHistory.Read(db, cancel);
        var now = Clock.Now(time);
        var wanted = day ?? settings.DayOf(now);
        var from = settings.MomentOf(wanted, TimeOnly.MinValue);
        var to = settings.MomentOf(wanted.AddDays(1), TimeOnly.MinValue);
        var visits = await db.Visits.AsNoTracking().Include(v => v.Events.OrderBy(e => e.Number))
            .Where(v => (v.ScheduledAt >= from && v.ScheduledAt < to) || (day == null && v.RunningPatientId != null))
            .OrderBy(v => v.ScheduledAt).ThenBy(v => v.Id).ToListAsync(cancel);
        var patients = await Patients(visits, cancel);
        var courses = visits.Select(v => v.CourseId).Distinct().ToList();
        var orders = (await db.Orders.AsNoTracking().Where(o => courses.Contains(o.CourseId)).ToListAsync(cancel))
            .GroupBy(o => o.CourseId).ToDictionary(g => g.Key, g => g.MaxBy(o => o.Version)!);
        var ids = visits.ConvertAll(v => v.Id);
        var alarms = (await Alarms(f => ids.Contains(f.SubjectId)).ToListAsync(cancel)).ToLookup(f => f.SubjectId);
        var unwatched = await Unwatched(ids, cancel);

        var lines = visits.ConvertAll(v => new TodayVisit(v, patients[v.PatientId].FullName, patients[v.PatientId].ClinicNumber, orders[v.CourseId], VisitFold.Now(v, [.. v.Events], now, rules.For(v)))
        {
            Alarms = Sorted(alarms[v.Id]),
            Unwatched = [.. unwatched[v.Id]],
        });
        return [.. settings.Chairs.Union(lines.Select(l => l.Visit.Chair), StringComparer.Ordinal)
            .Select(chair => new TodayChair(chair, [.. lines.Where(l => string.Equals(l.Visit.Chair, chair, StringComparison.Ordinal))]))];
    }

    /// <summary>The visits of a course in order of number, with their states.</summary>
    public async Task<IReadOnlyList<(Visit Visit, VisitState State)>> OfCourse(Guid courseId, CancellationToken cancel = default)
    {
        var visits = await VisitsOf(courseId, cancel);
        foreach (var patientId in visits.Select(v => v.PatientId).Distinct())
        {
            actor.RequireAccessTo(patientId);
            db.Record(actor, time, AuditKind.VisitRead, patientId, courseId);
        }

        await db.SaveChangesAsync(cancel);
        var now = Clock.Now(time);
        return [.. visits.Select(v => (v, VisitFold.Of(v, v.Events, now)))];
    }

    /// <summary>The infusions of a course as they were given, in order of time; those not started are absent.</summary>
    public async Task<IReadOnlyList<GivenInfusion>> Given(Guid courseId, CancellationToken cancel = default)
    {
        var weight = (await CurrentOrder(courseId, cancel)).Weight;
        var orders = await db.Orders.AsNoTracking().Where(o => o.CourseId == courseId).ToDictionaryAsync(o => o.Id, o => o.Weight, cancel);
        return [.. (await OfCourse(courseId, cancel))
            .Where(x => x.State is { StartedAt: not null, DoseGiven.Value: > 0 })
            .Select(x => Given(x.Visit, x.State, WeightAtStart(x.State, orders, weight)))
            .OrderBy(g => g.StartedAt)];
    }

    /// <summary>The regimen that was given, for the engine: segments of rate counted from the start of the first infusion. Null when nothing was given.</summary>
    public async Task<Regimen?> GivenRegimen(Guid courseId, CancellationToken cancel = default)
    {
        var given = await Given(courseId, cancel);
        if (given.Count == 0)
            return null;
        return new Regimen(given.Select(g => g.State.Given(given[0].StartedAt)).OfType<Infusion>());
    }

    private static GivenInfusion Given(Visit visit, VisitState state, Kilograms weight) =>
        new(visit.Id, visit.NumberInCourse, state.StartedAt!.Value, state.EndedAt ?? state.At, state.DoseGiven, state.DoseGiven / weight, state);

    private static Kilograms WeightAtStart(VisitState state, Dictionary<Guid, Kilograms> orders, Kilograms current)
    {
        var started = state.Log.Select(l => l.Entry).OfType<InfusionStarted>().FirstOrDefault();
        return state.Sheets.Weight ?? (started is not null && orders.TryGetValue(started.OrderId, out var weight) ? weight : current);
    }

    private Task<List<Visit>> VisitsOf(Guid courseId, CancellationToken cancel) =>
        db.Visits.AsNoTracking().Include(v => v.Events.OrderBy(e => e.Number)).Where(v => v.CourseId == courseId)
            .OrderBy(v => v.NumberInCourse).ThenBy(v => v.ScheduledAt).ToListAsync(cancel);

    private async Task<Dictionary<Guid, Patient>> Patients(List<Visit> visits, CancellationToken cancel)
    {
        var ids = visits.Select(v => v.PatientId).Distinct().ToList();
        return await db.Patients.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel);
    }

    private async Task<ClinicSettings> ChairSettings(string chair, CancellationToken cancel)
    {
        var settings = await new ClinicOffice(db).Settings(cancel);
        return settings.Chairs.Contains(chair, StringComparer.Ordinal)
            ? settings
            : throw ClinicRuleException.Invalid("chair", "chair_unknown", $"Choose one of the clinic's chairs: {string.Join(", ", settings.Chairs)}.");
    }

    private async Task<Visit> LoadUnstarted(Guid visitId, CancellationToken cancel)
    {
        var visit = await Load(visitId, cancel);
        if (visit.CancelledBecause is not null)
            throw ClinicRuleException.Invalid("", "visit_cancelled", "This visit was cancelled. Schedule a new one.");
        if (visit.Events.Any(e => e.Entry is InfusionStarted))
            throw ClinicRuleException.Invalid("", "already_started", "The infusion has already been started.");
        return visit;
    }

    // The unique key of chair and time decides.
    private async Task SaveSchedule(CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            throw ChairTaken();
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private static ClinicRuleException ChairTaken() =>
        new(RefusalKind.Conflict, "chair", "chair_taken", "This chair is taken at that time. Choose another time or chair.");
}
