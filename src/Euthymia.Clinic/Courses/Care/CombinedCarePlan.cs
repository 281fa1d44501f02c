using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Courses.Care;

/// <summary>An item of the plan with its reports, newest first, and when it is meant next where it hangs on infusions.</summary>
/// <param name="Item">As it holds.</param>
/// <param name="Reports">Newest first, of every version of the item.</param>
/// <param name="NextAt">After the next infusion planned; null where none is planned or it does not hang on infusions.</param>
/// <param name="AsPlanned">Reports "as planned".</param>
public sealed record CareLine(CareItem Item, IReadOnlyList<CareReport> Reports, DateTimeOffset? NextAt, int AsPlanned);

/// <summary>The combined care of a course.</summary>
public sealed record CareView(Course Course, Patient Patient, IReadOnlyList<CareLine> Lines, IReadOnlyList<CareItem> Ended);

/// <summary>An item as typed.</summary>
public sealed record CareForm(CareKind? Kind, string? What, string? HoursAfterInfusion = null, string? Note = null, Guid? Replaces = null);

/// <summary>A report as typed.</summary>
public sealed record CareReportForm(Guid Item, Adherence? Adherence, DateOnly? Day = null, string? Note = null);

/// <summary>What accompanies the infusions of a course, as part of the plan, with its own record of adherence.</summary>
public sealed class CombinedCarePlan(ClinicDb db, TimeProvider time, Actor actor)
{
    private const int LatestHours = 14 * 24;

    public async Task<CareView> Of(Guid courseId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var course = await Load(courseId, cancel);
        var items = await db.CareItems.AsNoTracking().Where(c => c.CourseId == courseId).OrderBy(c => c.At).ToListAsync(cancel);
        var ids = items.ConvertAll(i => i.Id);
        var reports = await db.CareReports.AsNoTracking().Where(r => ids.Contains(r.CareItemId)).OrderByDescending(r => r.Day).ThenByDescending(r => r.At).ToListAsync(cancel);
        var now = time.GetUtcNow();
        var next = await db.Visits.AsNoTracking().Where(v => v.CourseId == courseId && v.CancelledBecause == null && v.ScheduledAt > now).OrderBy(v => v.ScheduledAt).Select(v => (DateTimeOffset?)v.ScheduledAt).FirstOrDefaultAsync(cancel);
        var patient = await db.Patients.AsNoTracking().SingleAsync(p => p.Id == course.PatientId, cancel);
        db.Record(actor, time, AuditKind.CareRead, course.PatientId, courseId);
        await db.SaveChangesAsync(cancel);

        var replaced = items.Select(i => i.Replaces).OfType<Guid>().ToHashSet();
        List<CareItem> holding = [.. items.Where(i => !replaced.Contains(i.Id))];
        return new CareView(course, patient, [.. holding.Where(i => !i.Ends).Select(i => LineOf(i, items, reports, next + course.Order.Duration))], [.. holding.Where(i => i.Ends)]);
    }

    /// <summary>Adds an item, or puts it in the place of another.</summary>
    public async Task<CareItem> Plan(Guid courseId, CareForm form, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var course = await Load(courseId, cancel);
        var errors = new FieldErrors();
        if (form.Kind is not { } kind || !Enum.IsDefined(kind))
            errors.Add("kind", "required", "Choose what kind of care it is.");
        var what = ClinicText.Check(errors, "what", form.What, ClinicText.LineLength, required: true);
        var note = ClinicText.Check(errors, "note", form.Note, ClinicText.NoteLength, lines: true);
        var hours = Hours(errors, form.HoursAfterInfusion);
        errors.ThrowIfAny();
        return await Store(course, new CareItem
        {
            CourseId = courseId,
            PatientId = course.PatientId,
            Kind = form.Kind!.Value,
            What = what!,
            HoursAfterInfusion = hours,
            Note = note,
            Replaces = form.Replaces,
            At = Clock.Now(time),
            ByAccountId = actor.AccountId,
            ByName = actor.Name,
        }, cancel);
    }

    /// <summary>Ends an item with a reason; it stays in the record.</summary>
    public async Task<CareItem> End(Guid courseId, Guid itemId, string? reason, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var course = await Load(courseId, cancel);
        var errors = new FieldErrors();
        var why = ClinicText.Check(errors, "reason", reason, ClinicText.NoteLength, required: true, lines: true);
        errors.ThrowIfAny();
        var item = await Item(courseId, itemId, cancel);
        return await Store(course, new CareItem
        {
            CourseId = courseId,
            PatientId = course.PatientId,
            Kind = item.Kind,
            What = item.What,
            HoursAfterInfusion = item.HoursAfterInfusion,
            Note = why,
            Ends = true,
            Replaces = itemId,
            At = Clock.Now(time),
            ByAccountId = actor.AccountId,
            ByName = actor.Name,
        }, cancel);
    }

    /// <summary>Records how far an item was done.</summary>
    public async Task<CareReport> Report(Guid courseId, CareReportForm form, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var course = await Load(courseId, cancel);
        var item = await Item(courseId, form.Item, cancel);
        var today = (await new ClinicOffice(db).Settings(cancel)).DayOf(time.GetUtcNow());
        var errors = new FieldErrors();
        if (form.Adherence is not { } adherence || !Enum.IsDefined(adherence))
            errors.Add("adherence", "required", "Choose how far it was done.");
        if (form.Day > today)
            errors.Add("day", "date_in_future", "The day is in the future.");
        if (form.Day < today.AddYears(-1))
            errors.Add("day", "date_too_old", "The day is more than a year ago. Check the year.");
        var note = ClinicText.Check(errors, "reportNote", form.Note, ClinicText.NoteLength, lines: true);
        errors.ThrowIfAny();
        var report = new CareReport
        {
            CareItemId = item.Id,
            PatientId = course.PatientId,
            Day = form.Day ?? today,
            Adherence = form.Adherence!.Value,
            Note = note,
            At = Clock.Now(time),
            ByAccountId = actor.AccountId,
            ByName = actor.Name,
        };
        db.CareReports.Add(report);
        db.Record(actor, time, AuditKind.CareReported, course.PatientId, report.Id);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return report;
    }

    private static CareLine LineOf(CareItem item, List<CareItem> all, List<CareReport> reports, DateTimeOffset? nextEnd)
    {
        // What was reported on an earlier version of the item belongs to it, too.
        List<Guid> versions = [item.Id];
        while (all.Find(i => i.Id == all.Find(v => v.Id == versions[^1])!.Replaces) is { } earlier)
            versions.Add(earlier.Id);
        List<CareReport> own = [.. reports.Where(r => versions.Contains(r.CareItemId))];
        return new CareLine(item, own, item.HoursAfterInfusion is { } hours ? nextEnd?.AddHours(hours) : null, own.Count(r => r.Adherence == Adherence.AsPlanned));
    }

    private async Task<CareItem> Store(Course course, CareItem item, CancellationToken cancel)
    {
        if (item.Replaces is { } replaced)
            _ = await Item(course.Id, replaced, cancel);
        db.CareItems.Add(item);
        db.Record(actor, time, AuditKind.CarePlanned, course.PatientId, item.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
            return item;
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            throw new ClinicRuleException(RefusalKind.Conflict, "", "care_changed", "Somebody has changed this meanwhile. Open the page again.");
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private async Task<CareItem> Item(Guid courseId, Guid itemId, CancellationToken cancel) =>
        await db.CareItems.AsNoTracking().SingleOrDefaultAsync(c => c.Id == itemId && c.CourseId == courseId && !c.Ends, cancel) ?? throw ClinicRuleException.NotFound("part of the plan");

    private async Task<Course> Load(Guid courseId, CancellationToken cancel) =>
        await db.Courses.AsNoTracking().Include(c => c.Orders.OrderBy(o => o.Version)).SingleOrDefaultAsync(c => c.Id == courseId, cancel) ?? throw ClinicRuleException.NotFound("course");

    private static int? Hours(FieldErrors errors, string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (!ClinicalNumber.TryParse(typed, out var value, out var problem))
            errors.Add("hours", "number_format", problem);
        else if (value != decimal.Truncate(value) || value > LatestHours)
            errors.Add("hours", "hours_range", $"Enter whole hours after the end of an infusion, 0 to {LatestHours}.");
        else
            return (int)value;
        return null;
    }
}
