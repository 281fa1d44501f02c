using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>Records that a patient allows the research use of de-identified data, or no longer does.</summary>
public sealed class ResearchConsents(ClinicDb db, TimeProvider time, Actor actor)
{
    /// <summary>What is recorded; null when the patient was never asked, or the answer was not recorded.</summary>
    public async Task<ResearchConsent?> Of(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        await RequirePatient(patientId, cancel);
        var consent = await db.ResearchConsents.AsNoTracking().SingleOrDefaultAsync(c => c.PatientId == patientId, cancel);
        db.Record(actor, time, AuditKind.ResearchConsentRead, patientId);
        await db.SaveChangesAsync(cancel);
        return consent;
    }

    /// <summary>Records a consent given on a day, today at the latest. Given again after a withdrawal, it starts anew, under new secrets.</summary>
    public async Task Give(Guid patientId, DateOnly? givenOn, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var patient = await RequirePatient(patientId, cancel);
        var now = Clock.Now(time);
        var today = (await new ClinicOffice(db).Settings(cancel)).DayOf(now);
        var errors = new FieldErrors();
        if (givenOn is not { } day)
            errors.Add("givenOn", "required", "Enter the day on which the patient consented.");
        else if (day > today)
            errors.Add("givenOn", "date_in_future", "The day of the consent is in the future.");
        else if (day < patient.DateOfBirth.AddYears(18))
            errors.Add("givenOn", "date_before_birth", "The patient was not of age on that day. Check the year.");
        errors.ThrowIfAny();

        var consent = await db.ResearchConsents.SingleOrDefaultAsync(c => c.PatientId == patientId, cancel);
        if (consent is { Holds: true })
            throw new ClinicRuleException(RefusalKind.Conflict, "givenOn", "consent_exists", "A consent is already recorded. Withdraw it first if it was recorded by mistake.");
        if (consent is null)
            db.ResearchConsents.Add(consent = new ResearchConsent { PatientId = patientId });
        consent.DrawSecrets();
        (consent.GivenOn, consent.WithdrawnOn, consent.RecordedAt, consent.RecordedByName) = (givenOn!.Value, null, now, actor.Name);
        db.Record(actor, time, AuditKind.ResearchConsentGiven, patientId);
        await Save(cancel);
    }

    /// <summary>Withdraws a consent as of today. Nothing happens when there is none.</summary>
    public async Task Withdraw(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        await RequirePatient(patientId, cancel);
        if (await db.ResearchConsents.SingleOrDefaultAsync(c => c.PatientId == patientId, cancel) is not { Holds: true } consent)
            return;
        var now = Clock.Now(time);
        (consent.WithdrawnOn, consent.RecordedAt, consent.RecordedByName) = ((await new ClinicOffice(db).Settings(cancel)).DayOf(now), now, actor.Name);
        db.Record(actor, time, AuditKind.ResearchConsentWithdrawn, patientId);
        await Save(cancel);
    }

    private async Task<Patient> RequirePatient(Guid patientId, CancellationToken cancel) =>
        await db.Patients.AsNoTracking().SingleOrDefaultAsync(p => p.Id == patientId, cancel) ?? throw ClinicRuleException.NotFound("patient");

    private async Task Save(CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (failure is DbUpdateConcurrencyException || UniqueViolation.Is(failure))
        {
            throw new ClinicRuleException(RefusalKind.Conflict, "", "changed_by_another", "Somebody else has changed this at the same moment. Open the page again.");
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }
}
