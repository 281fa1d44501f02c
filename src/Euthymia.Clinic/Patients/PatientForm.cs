namespace Euthymia.Clinic;

/// <summary>What is entered about a patient; checked as a whole before anything is stored.</summary>
public sealed record PatientForm
{
    public string? ClinicNumber { get; init; }

    public string? NationalId { get; init; }

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    public DateOnly? DateOfBirth { get; init; }

    public RecordedSex? Sex { get; init; }

    /// <summary>Height in cm, as typed.</summary>
    public string? HeightCentimetres { get; init; }

    public Diagnosis? Diagnosis { get; init; }

    public RecordedList PriorTreatments { get; init; } = RecordedList.NotRecorded;

    public RecordedList Medication { get; init; } = RecordedList.NotRecorded;

    public RecordedList Allergies { get; init; } = RecordedList.NotRecorded;

    /// <summary>A new weight in kg, as typed; empty leaves the weights as they are.</summary>
    public string? WeightKilograms { get; init; }

    /// <summary>The day of the new weight; today when left out.</summary>
    public DateOnly? WeighedOn { get; init; }

    /// <summary>Codes of questions that the user has answered with "yes, this is right".</summary>
    public IReadOnlySet<string> Confirmed { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The form that would leave a patient as they are; editing starts from it.</summary>
    public static PatientForm Of(Patient patient) => new()
    {
        ClinicNumber = patient.ClinicNumber,
        NationalId = patient.NationalId,
        GivenName = patient.GivenName,
        FamilyName = patient.FamilyName,
        DateOfBirth = patient.DateOfBirth,
        Sex = patient.Sex,
        HeightCentimetres = patient.HeightCentimetres?.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture),
        Diagnosis = patient.Diagnosis,
        PriorTreatments = patient.PriorTreatments,
        Medication = patient.Medication,
        Allergies = patient.Allergies,
    };
}
