using System.Globalization;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>The structured intake of referred patients: sections that are saved one by one, resumed and amended. Each version is kept with who and when.</summary>
public sealed class IntakeBook(ClinicDb db, TimeProvider time, Actor actor)
{
    public async Task<PatientIntake> Of(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var patient = await db.Patients.AsNoTracking().Include(p => p.Weights).SingleOrDefaultAsync(p => p.Id == patientId, cancel) ?? throw ClinicRuleException.NotFound("patient");
        var versions = await Versions(patientId, cancel);
        db.Record(actor, time, AuditKind.IntakeRead, patientId);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return new PatientIntake(patient, versions);
    }

    /// <summary>
    /// Stores a section as its next version. <paramref name="version"/> is the version that the form was filled from, 0 for the first;
    /// refused when somebody has stored a newer one. Saving what is stored already changes nothing.
    /// </summary>
    public async Task<IntakeSection> Save(Guid patientId, string section, int version, IntakeAnswers answers, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var form = IntakeQuestions.Current[section];
        var patient = await db.Patients.AsNoTracking().SingleOrDefaultAsync(p => p.Id == patientId, cancel) ?? throw ClinicRuleException.NotFound("patient");
        var today = (await new ClinicOffice(db).Settings(cancel)).DayOf(time.GetUtcNow());
        var errors = new FieldErrors();
        var kept = IntakeChecks.Check(errors, form, answers, today, patient.DateOfBirth);
        var last = (await Versions(patientId, cancel)).Where(v => string.Equals(v.Section, section, StringComparison.Ordinal)).MaxBy(v => v.Version);
        if ((last?.Version ?? 0) != version)
            throw Conflict(last);
        if (last is null && kept.IsEmpty && !errors.Any)
            errors.Add("", "section_empty", "Answer at least one question.");
        errors.ThrowIfAny();
        if (last is not null && string.Equals(last.Answers.ToJson(), kept.ToJson(), StringComparison.Ordinal))
            return last;

        var next = new IntakeSection
        {
            PatientId = patientId,
            Section = section,
            Version = version + 1,
            Answers = kept,
            RecordedAt = Clock.Now(time),
            RecordedBy = actor.AccountId,
            RecordedByName = actor.Name,
        };
        db.IntakeSections.Add(next);
        db.Record(actor, time, AuditKind.IntakeRecorded, patientId, next.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
            return next;
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            db.ChangeTracker.Clear();
            throw Conflict((await Versions(patientId, cancel)).Last(v => string.Equals(v.Section, section, StringComparison.Ordinal)));
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private Task<List<IntakeSection>> Versions(Guid patientId, CancellationToken cancel) =>
        db.IntakeSections.AsNoTracking().Where(s => s.PatientId == patientId).OrderBy(s => s.RecordedAt).ThenBy(s => s.Version).ToListAsync(cancel);

    private static ClinicRuleException Conflict(IntakeSection? current) => new(RefusalKind.Conflict, "", "changed_by_another", current is null
        ? "This section was not stored before. Load the page again."
        : string.Create(CultureInfo.InvariantCulture, $"{current.RecordedByName} saved this section at {current.RecordedAt:yyyy-MM-dd HH:mm} UTC (version {current.Version}). Open it again and repeat your change."));
}
