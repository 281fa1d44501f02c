using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>A patient's consent as the page shows it.</summary>
/// <param name="Patient">Who.</param>
/// <param name="Records">Every event, newest first.</param>
/// <param name="Courses">Newest first.</param>
/// <param name="Holding">The event that holds for the latest course, or for the next one while none is ordered; null when there is none.</param>
/// <param name="Read">The patient's own "read and understood" of the present education text; null when there is none.</param>
/// <param name="Report">The consent rules.</param>
/// <param name="Pending">The patient's own signature under the present form that waits for a clinician's; null when there is none.</param>
public sealed record ConsentView(
    Patient Patient, IReadOnlyList<ConsentRecord> Records, IReadOnlyList<Course> Courses, ConsentRecord? Holding, ReadDocument? Read, StageReport Report, ConsentSignature? Pending);

/// <summary>A patient's consent as their own page shows it.</summary>
/// <param name="Patient">Who.</param>
/// <param name="Holding">The event that holds; null when there is none.</param>
/// <param name="Read">The "read and understood" of the present education text; null when there is none.</param>
/// <param name="Pending">The patient's signature that waits for a clinician's; null when there is none.</param>
public sealed record OwnConsent(Patient Patient, ConsentRecord? Holding, ReadDocument? Read, ConsentSignature? Pending)
{
    /// <summary>True while there is something to sign.</summary>
    public bool MaySign => Holding?.Event != ConsentEvent.Signed && Pending is null;
}

/// <summary>A patient's signature that waits for a clinician's.</summary>
public sealed record WaitingSignature(ConsentSignature Signature, string PatientName);

/// <summary>Consent to a course: what was explained, by whom, and who signed what, when. Refusals and withdrawals are events of their own.</summary>
public sealed class ConsentBook(ClinicDb db, TimeProvider time, Actor actor)
{
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(365);

    public async Task<ConsentView> Of(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var record = await ReferralRecord.ReadOne(db, patientId, Clock.Now(time), cancel);
        var read = await Read(patientId, cancel);
        db.Record(actor, time, AuditKind.ConsentRead, patientId);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return new ConsentView(record.Patient, [.. record.Consents.Reverse()], [.. record.Courses.Reverse()], record.Consent, read, Consent.Evaluate(record.ConsentFacts(), record.Rules, record.Now), await Pending(record, cancel));
    }

    /// <summary>For the patient's own page.</summary>
    public async Task<OwnConsent> Own(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        var record = await ReferralRecord.ReadOne(db, patientId, Clock.Now(time), cancel);
        var own = new OwnConsent(record.Patient, record.Consent, await Read(patientId, cancel), await Pending(record, cancel));
        db.Record(actor, time, AuditKind.ConsentRead, patientId);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return own;
    }

    /// <summary>Patients who have signed and wait for a clinician's signature, the longest waiting first.</summary>
    public async Task<IReadOnlyList<WaitingSignature>> Waiting(CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var version = ConsentForm.Current.Version;
        var waiting = await (from signature in db.ConsentSignatures.AsNoTracking()
                             where signature.FormVersion == version && !db.Consents.Any(c => c.PatientId == signature.PatientId && c.RecordedAt >= signature.SignedAt)
                             join patient in db.Patients.AsNoTracking() on signature.PatientId equals patient.Id
                             orderby signature.SignedAt
                             select new { signature, patient }).ToListAsync(cancel);
        foreach (var line in waiting)
            db.Record(actor, time, AuditKind.ConsentRead, line.patient.Id);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return waiting.ConvertAll(x => new WaitingSignature(x.signature, x.patient.FullName));
    }

    /// <summary>The patient signs on their own page, under the words that were shown there. It becomes consent when a clinician has signed, too.</summary>
    public async Task<ConsentSignature> Sign(Guid patientId, OwnSignature entry, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        if (actor.Role != ClinicRole.Patient)
            throw ClinicRuleException.Forbidden("Only the patient can sign here.");
        if (await db.ConsentSignatures.AsNoTracking().SingleOrDefaultAsync(s => s.Id == entry.Id, cancel) is { } stored)
            return stored.PatientId == patientId ? stored : throw ClinicRuleException.NotFound("signature");
        var own = await Own(patientId, cancel);
        var form = ConsentForm.Current;
        var errors = new FieldErrors();
        var name = ClinicText.Check(errors, "patientName", entry.PatientName, ClinicText.NameLength, required: true);
        if (!entry.Means)
            errors.Add("means", "meaning_missing", "Tick the sentence if it is true. If it is not, talk with your clinic first.");
        if (entry.FormVersion != form.Version)
            errors.Add("", "form_changed", "The form has changed since it was shown. Load the page again and read it.");
        if (own.Read is null)
            errors.Add("", "text_not_read", "Read the page about the treatment first, and say there that you have read and understood it.");
        if (!own.MaySign)
            errors.Add("", "signed_already", "You have signed already.");
        errors.ThrowIfAny();
        var signature = new ConsentSignature
        {
            Id = entry.Id,
            PatientId = patientId,
            FormId = form.Id,
            FormVersion = form.Version,
            FormText = form.Text([.. form.Clauses.Select(c => c.Clause)]),
            PatientName = name!,
            PatientMeaning = form.PatientMeaning,
            SignedAt = Clock.Now(time),
            ReadDocumentId = own.Read!.Id,
            ByAccountId = actor.AccountId,
        };
        db.ConsentSignatures.Add(signature);
        db.Record(actor, time, AuditKind.ConsentSignedByPatient, patientId, signature.Id);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return signature;
    }

    /// <summary>The last signature of the patient under the present form, unless something was recorded since.</summary>
    private async Task<ConsentSignature?> Pending(ReferralRecord record, CancellationToken cancel)
    {
        var version = ConsentForm.Current.Version;
        var last = await db.ConsentSignatures.AsNoTracking().Where(s => s.PatientId == record.Patient.Id && s.FormVersion == version).OrderByDescending(s => s.SignedAt).FirstOrDefaultAsync(cancel);
        return last is not null && record.Consents.All(c => c.RecordedAt < last.SignedAt) ? last : null;
    }

    /// <summary>Stores an event about consent. A signature is taken only when every clause was explained (CON-02) and both signatures say who, when and what they mean (CON-04).</summary>
    public async Task<ConsentRecord> Record(Guid patientId, ConsentEntry entry, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var now = Clock.Now(time);
        var record = await ReferralRecord.ReadOne(db, patientId, now, cancel);
        var read = await Read(patientId, cancel);
        var form = ConsentForm.Current;
        var own = await Countersigned(entry, record, cancel);
        var signedAt = own?.SignedAt ?? Clock.Cut(entry.SignedAt ?? now);
        if (own is not null)
            entry = entry with { PatientName = own.PatientName, PatientMeans = true, FormVersion = own.FormVersion };
        var errors = new FieldErrors();
        var note = ClinicText.Check(errors, "note", entry.Note, ClinicText.NoteLength, required: entry.Event != ConsentEvent.Signed, lines: true);
        var name = entry.Event == ConsentEvent.Signed ? ClinicText.Check(errors, "patientName", entry.PatientName, ClinicText.NameLength, required: true) : null;
        Check(errors, entry, record, read, signedAt);
        errors.ThrowIfAny();
        var signed = entry.Event == ConsentEvent.Signed;
        var stored = new ConsentRecord
        {
            PatientId = patientId,
            CourseId = entry.CourseId,
            Event = entry.Event,
            FormId = form.Id,
            FormVersion = form.Version,
            ExplainedClauses = [.. entry.Explained.Distinct().Order().Select(c => c.ToString())],
            FormText = form.Text([.. entry.Explained]),
            PatientName = name,
            PatientMeaning = signed ? own?.PatientMeaning ?? form.PatientMeaning : null,
            PatientSignatureId = own?.Id,
            ClinicianId = actor.AccountId,
            ClinicianName = actor.Name,
            ClinicianMeaning = signed ? form.ClinicianMeaning : null,
            SignedAt = signedAt,
            RecordedAt = now,
            ReadDocumentId = signed ? read?.Id : null,
            Note = note,
        };
        db.Consents.Add(stored);
        db.Record(actor, time, AuditKind.ConsentRecorded, patientId, stored.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
            return stored;
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            throw SignatureGone();
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>The patient's own signature that this entry signs beside; null when the patient signs in the clinic.</summary>
    private async Task<ConsentSignature?> Countersigned(ConsentEntry entry, ReferralRecord record, CancellationToken cancel)
    {
        if (entry.PatientSignatureId is not { } id || entry.Event != ConsentEvent.Signed)
            return null;
        return await Pending(record, cancel) is { } pending && pending.Id == id ? pending : throw SignatureGone();
    }

    private static ClinicRuleException SignatureGone() =>
        new(RefusalKind.Conflict, "", "signature_gone", "The patient's own signature does not wait any more: somebody has signed beside it, or something else was recorded. Load the page again.");

    private static void Check(FieldErrors errors, ConsentEntry entry, ReferralRecord record, ReadDocument? read, DateTimeOffset signedAt)
    {
        if (!Enum.IsDefined(entry.Event))
            errors.Add("event", "required", "Choose what happened.");
        if (entry.CourseId is { } course && !record.Courses.Any(c => c.Id == course))
            errors.Add("course", "course_unknown", "Choose one of this patient's courses.");
        if (signedAt > record.Now + VisitProtocol.Current.ClockSkew)
            errors.Add("signedAt", "date_in_future", "This moment is in the future.");
        else if (signedAt < record.Now - Oldest)
            errors.Add("signedAt", "date_too_old", "This is more than a year ago. Have the form signed anew.");
        if (entry.Event == ConsentEvent.Withdrawn && record.Consent?.Event != ConsentEvent.Signed)
            errors.Add("event", "nothing_signed", "There is no signed consent that could be withdrawn.");
        if (entry.Event != ConsentEvent.Signed)
            return;

        if (entry.FormVersion != ConsentForm.Current.Version)
            errors.Add("", "form_changed", "The form has changed since it was shown. Load the page again and go through it.");
        var facts = new ConsentFacts { Clauses = [.. entry.Explained.Distinct()] };
        if (Consent.Evaluate(facts, record.Rules, record.Now)["CON-02"] is { Outcome: not RuleOutcome.Clear } missing)
            errors.Add("explained", "clause_missing", $"Every clause has to be explained before the form is signed (CON-02). Missing: {string.Join(", ", ConsentForm.Current.Clauses.Where(c => !entry.Explained.Contains(c.Clause)).Select(c => c.Title.ToLowerInvariant()))}.");
        if (!entry.PatientMeans)
            errors.Add("patientMeans", "meaning_missing", "The patient's signature needs its meaning (CON-04): read the sentence out and mark it.");
        if (!entry.ClinicianMeans)
            errors.Add("clinicianMeans", "meaning_missing", "Your signature needs its meaning (CON-04): mark the sentence.");
        if (read is null && !entry.TextGoneThrough)
            errors.Add("textGoneThrough", "text_not_read", "The patient has not said on their own page that they read and understood the text about the treatment. Go through it together and mark that.");
    }

    private Task<ReadDocument?> Read(Guid patientId, CancellationToken cancel) => db.ReadDocuments.AsNoTracking()
        .SingleOrDefaultAsync(r => r.PatientId == patientId && r.DocumentId == EducationText.Current.Id && r.DocumentVersion == EducationText.Current.Version, cancel);

    /// <summary>The last event that is about a course, or about the next one when <paramref name="course"/> is null. Oldest first in both lists.</summary>
    internal static ConsentRecord? Holding(IReadOnlyList<ConsentRecord> records, IReadOnlyList<Course> courses, Course? course) =>
        records.LastOrDefault(r => (r.CourseId ?? courses.FirstOrDefault(c => c.OrderedAt >= r.RecordedAt)?.Id) == course?.Id);

    /// <summary>True when consent to a course is signed, false when it was refused or withdrawn, null when nothing is recorded.</summary>
    internal static async Task<bool?> OnRecord(ClinicDb db, Guid patientId, Guid courseId, CancellationToken cancel)
    {
        var records = await db.Consents.AsNoTracking().Where(c => c.PatientId == patientId).OrderBy(c => c.RecordedAt).ThenBy(c => c.Id).ToListAsync(cancel);
        if (records.Count == 0)
            return null;
        var courses = await db.Courses.AsNoTracking().Where(c => c.PatientId == patientId).OrderBy(c => c.OrderedAt).ToListAsync(cancel);
        return Holding(records, courses, courses.Single(c => c.Id == courseId)) is { } holding ? holding.Event == ConsentEvent.Signed : null;
    }
}
