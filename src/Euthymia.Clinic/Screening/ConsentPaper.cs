using System.Globalization;

namespace Euthymia.Clinic;

/// <summary>A consent on record as a paper: the words that were signed, and the signatures.</summary>
/// <param name="Title">Its name.</param>
/// <param name="About">Whom it is about, one line.</param>
/// <param name="Sections">What was explained, and who signed.</param>
/// <param name="Foot">Which form it was.</param>
public sealed record ConsentPaper(string Title, string About, IReadOnlyList<DocumentSection> Sections, string Foot) : Paper(Title, About, Sections, Foot)
{
    public static ConsentPaper Of(ConsentRecord record, Patient patient, ClinicSettings clinic)
    {
        var signed = record.Event == ConsentEvent.Signed;
        string[] words = signed ? record.FormText.Split('\n') : [];
        (string, string)[] patientSigned = record.PatientName is { } name
            ? [("Patient", $"{name}, {Moment(clinic, record.SignedAt)}{(record.PatientSignatureId is null ? "" : ", on their own page")}. {record.PatientMeaning}")] : [];
        return new ConsentPaper(
            ConsentForm.Current.Title,
            $"{clinic.Name}. {patient.FullName}, born {patient.DateOfBirth.ToString("d MMM yyyy", CultureInfo.InvariantCulture)}, {patient.ClinicNumber}",
            [
                new DocumentSection(record.Event switch { ConsentEvent.Signed => "What was explained", ConsentEvent.Declined => "Declined", _ => "Withdrawn" })
                {
                    Sentences = [.. words, .. record.Note is { } note ? [signed ? $"Questions asked: {note}" : note] : Array.Empty<string>()],
                },
                new DocumentSection(signed ? "Signatures" : "Recorded") { Facts = [.. patientSigned, ("Clinician", $"{record.ClinicianName}, {Moment(clinic, record.RecordedAt)}. {record.ClinicianMeaning}".TrimEnd())] },
            ],
            $"Form {record.FormId}, version {record.FormVersion}. Text about the treatment: {(record.ReadDocumentId is null ? "gone through together" : "read and understood on the patient's own page")}.");
    }

    private static string Moment(ClinicSettings clinic, DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, clinic.Zone).ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);
}
