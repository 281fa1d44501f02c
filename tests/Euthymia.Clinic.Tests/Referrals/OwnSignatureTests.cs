using Euthymia.Clinic.Rules;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Referrals;

/// <summary>The patient signs on their own page; it is consent when a clinician has signed, too.</summary>
public sealed class OwnSignatureTests
{
    private static Actor Self(Patient patient) => new(patient.Id, "M. Birch", ClinicRole.Patient, patient.Id);

    private static OwnSignature Signature => new(Guid.CreateVersion7(), ConsentForm.Current.Version, "Mona Birch", Means: true);

    private static ConsentEntry Beside(ConsentSignature own) => new(
        ConsentEvent.Signed, CourseId: null, Enum.GetValues<ConsentClause>(), ConsentForm.Current.Version, ClinicianMeans: true, PatientSignatureId: own.Id);

    private static async Task<(Patient Patient, ReadDocument Read)> Reader(TestClinic clinic)
    {
        var patient = await clinic.AddPatient();
        return (patient, await clinic.As(Self(patient), (db, a) => new ReadDocuments(db, clinic.Time, a).Understood(patient.Id, EducationText.Current.Id, EducationText.Current.Version, TestClinic.Cancel)));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Signed_at_home_it_waits_for_the_clinicians_signature_and_holds_from_then(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, read) = await Reader(clinic);
        var signedAt = clinic.Time.GetUtcNow();
        var entry = Signature;
        var own = await clinic.Consents(c => c.Sign(patient.Id, entry), Self(patient));
        Assert.Equal(own.Id, (await clinic.Consents(c => c.Sign(patient.Id, entry), Self(patient))).Id); // sent twice
        Assert.Equal(("Mona Birch", ConsentForm.Current.PatientMeaning, 1, read.Id), (own.PatientName, own.PatientMeaning, own.FormVersion, own.ReadDocumentId));
        Assert.All(ConsentForm.Current.Clauses, clause => Assert.Contains(clause.Text, own.FormText, StringComparison.Ordinal));
        Assert.Equal(own.Id, Assert.Single(await clinic.Consents(c => c.Waiting())).Signature.Id);
        Assert.Equal(RuleOutcome.NotAssessed, (await clinic.Consents(c => c.Of(patient.Id))).Report["CON-01"].Outcome); // one signature is no consent

        clinic.Time.Advance(TimeSpan.FromHours(20));
        await Refused.With("meaning_missing", () => clinic.Consents(c => c.Record(patient.Id, Beside(own) with { ClinicianMeans = false })));
        await Refused.With("clause_missing", () => clinic.Consents(c => c.Record(patient.Id, Beside(own) with { Explained = [] })));
        var record = await clinic.Consents(c => c.Record(patient.Id, Beside(own)));
        Assert.Equal(("Mona Birch", signedAt, "Dr. Rowan", own.Id, read.Id), (record.PatientName, record.SignedAt, record.ClinicianName, record.PatientSignatureId, record.ReadDocumentId));
        Assert.Equal(RuleOutcome.Clear, (await clinic.Consents(c => c.Of(patient.Id))).Report["CON-01"].Outcome);
        Assert.Empty(await clinic.Consents(c => c.Waiting()));
        await Refused.With("signature_gone", () => clinic.Consents(c => c.Record(patient.Id, Beside(own))), RefusalKind.Conflict);
        await Refused.With("signed_already", () => clinic.Consents(c => c.Sign(patient.Id, Signature), Self(patient)));
        var paper = ConsentPaper.Of(record, patient, new ClinicSettings { Name = "Test clinic", TimeZone = "Europe/Berlin" });
        Assert.Contains("Mona Birch, 2 Mar 2026, 10:00, on their own page", paper.Sections[1].Facts[0].Value, StringComparison.Ordinal);
        Assert.Contains(ConsentForm.Current.Clauses[0].Text, string.Join(' ', paper.Sections[0].Sentences), StringComparison.Ordinal);

        await using var db = clinic.Db();
        await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("UPDATE \"ConsentSignatures\" SET \"PatientName\" = 'x'", TestClinic.Cancel));
        await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM \"ConsentSignatures\"", TestClinic.Cancel));
    }

    [Fact]
    public async Task Nothing_is_signed_without_name_sentence_the_text_read_or_the_present_form()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        await Refused.With("text_not_read", () => clinic.Consents(c => c.Sign(patient.Id, Signature), Self(patient)));
        await clinic.As(Self(patient), (db, a) => new ReadDocuments(db, clinic.Time, a).Understood(patient.Id, EducationText.Current.Id, EducationText.Current.Version, TestClinic.Cancel));
        await Refused.With("required", () => clinic.Consents(c => c.Sign(patient.Id, Signature with { PatientName = " " }), Self(patient)));
        await Refused.With("meaning_missing", () => clinic.Consents(c => c.Sign(patient.Id, Signature with { Means = false }), Self(patient)));
        await Refused.With("form_changed", () => clinic.Consents(c => c.Sign(patient.Id, Signature with { FormVersion = 0 }), Self(patient)));
        await Refused.With("forbidden", () => clinic.Consents(c => c.Sign(patient.Id, Signature)), RefusalKind.Forbidden); // staff sign for nobody
        var other = await clinic.AddPatient("T-2");
        await Refused.With("not_found", () => clinic.Consents(c => c.Sign(patient.Id, Signature), Self(other)), RefusalKind.NotFound);
        await Refused.With("not_found", () => clinic.Consents(c => c.Own(patient.Id), Self(other)), RefusalKind.NotFound);
        Assert.Null((await clinic.Consents(c => c.Own(patient.Id), Self(patient))).Pending);
    }

    [Fact]
    public async Task A_refusal_recorded_after_the_signature_takes_its_place()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (patient, _) = await Reader(clinic);
        var own = await clinic.Consents(c => c.Sign(patient.Id, Signature), Self(patient));
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Consents(c => c.Record(patient.Id, new ConsentEntry(ConsentEvent.Declined, null, [], ConsentForm.Current.Version, Note: "Changed their mind.")));
        Assert.Empty(await clinic.Consents(c => c.Waiting()));
        await Refused.With("signature_gone", () => clinic.Consents(c => c.Record(patient.Id, Beside(own))), RefusalKind.Conflict);
        Assert.True((await clinic.Consents(c => c.Own(patient.Id), Self(patient))).MaySign); // and may change it back
    }
}
