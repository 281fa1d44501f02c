using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Forecasts;

/// <summary>What the clinic has on record of one patient, as far as a model can use it.</summary>
/// <param name="Patient">With every weight.</param>
/// <param name="Visits">Of all courses, with their logs; cancelled ones left out.</param>
/// <param name="Assessments">Every completed instrument, oldest first.</param>
public sealed record RecordedHistory(Patient Patient, IReadOnlyList<Visit> Visits, IReadOnlyList<Assessment> Assessments)
{
    /// <summary>Reads it. The caller audits what it is read for.</summary>
    /// <exception cref="ClinicRuleException">There is no such patient.</exception>
    internal static async Task<RecordedHistory> Read(ClinicDb db, Guid patientId, CancellationToken cancel) => new(
        await db.Patients.AsNoTracking().Include(p => p.Weights).SingleOrDefaultAsync(p => p.Id == patientId, cancel) ?? throw ClinicRuleException.NotFound("patient"),
        await db.Visits.AsNoTracking().Include(v => v.Events.OrderBy(e => e.Number)).Where(v => v.PatientId == patientId && v.CancelledBecause == null).OrderBy(v => v.ScheduledAt).ToListAsync(cancel),
        await db.Assessments.AsNoTracking().Where(a => a.PatientId == patientId).OrderBy(a => a.CompletedAt).ThenBy(a => a.Id).ToListAsync(cancel));

    /// <summary>The same as it was known when an observation came: nothing observed at or after it, nothing recorded later.</summary>
    /// <param name="at">When it was observed.</param>
    /// <param name="knownAt">When it was recorded.</param>
    public RecordedHistory Before(DateTimeOffset at, DateTimeOffset knownAt) => new(
        new Patient
        {
            Id = Patient.Id,
            DateOfBirth = Patient.DateOfBirth,
            Sex = Patient.Sex,
            Diagnosis = Patient.Diagnosis,
            Medication = Patient.Medication,
            Weights = [.. Patient.Weights.Where(w => w.RecordedAt <= knownAt)],
        },
        [.. Visits.Select(visit => new Visit
        {
            Id = visit.Id,
            PatientId = visit.PatientId,
            CourseId = visit.CourseId,
            NumberInCourse = visit.NumberInCourse,
            ScheduledAt = visit.ScheduledAt,
            Chair = visit.Chair,
            Events = [.. visit.Events.Where(e => e.RecordedAt <= knownAt && (e.ObservedAt < at || e.IsAboutAnother))],
        })],
        [.. Assessments.Where(a => a.CompletedAt < at && a.RecordedAt <= knownAt)]);
}
