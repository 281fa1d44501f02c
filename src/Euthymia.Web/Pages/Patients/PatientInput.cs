using Euthymia.Clinic;
using Euthymia.Web.Shared;

namespace Euthymia.Web.Pages.Patients;

/// <summary>The patient form as posted; everything as typed, so that a refused form shows what was entered.</summary>
public sealed class PatientInput
{
    /// <summary>Choice of a list nobody has asked about yet.</summary>
    public const string NotRecorded = "not-recorded";

    /// <summary>Choice of a list that is known to be empty.</summary>
    public const string None = "none";

    /// <summary>Choice of a list with lines.</summary>
    public const string Listed = "listed";

    public string? ClinicNumber { get; set; }

    public string? NationalId { get; set; }

    public string? GivenName { get; set; }

    public string? FamilyName { get; set; }

    public string? DateOfBirth { get; set; }

    public RecordedSex? Sex { get; set; }

    public string? Height { get; set; }

    public Diagnosis? Diagnosis { get; set; }

    public string? Weight { get; set; }

    public string? WeighedOn { get; set; }

    public ListInput PriorTreatments { get; set => field = value ?? new(); } = new();

    public ListInput Medication { get; set => field = value ?? new(); } = new();

    public ListInput Allergies { get; set => field = value ?? new(); } = new();

    /// <summary>Codes of the questions answered with "this is right".</summary>
    public string[]? Confirmed { get; set; }

    public int Revision { get; set; }

    public static PatientInput Of(Patient patient)
    {
        var form = PatientForm.Of(patient);
        return new PatientInput
        {
            ClinicNumber = form.ClinicNumber,
            NationalId = form.NationalId,
            GivenName = form.GivenName,
            FamilyName = form.FamilyName,
            DateOfBirth = PostedDay.Of(form.DateOfBirth),
            Sex = form.Sex,
            Height = form.HeightCentimetres,
            Diagnosis = form.Diagnosis,
            PriorTreatments = ListInput.Of(form.PriorTreatments),
            Medication = ListInput.Of(form.Medication),
            Allergies = ListInput.Of(form.Allergies),
            Revision = patient.Revision,
        };
    }

    /// <summary>What the register takes; a day that cannot be read is added to the problems.</summary>
    public PatientForm ToForm(Problems problems) => new()
    {
        ClinicNumber = ClinicNumber,
        NationalId = NationalId,
        GivenName = GivenName,
        FamilyName = FamilyName,
        DateOfBirth = PostedDay.Read(problems, "dateOfBirth", DateOfBirth),
        Sex = Sex,
        HeightCentimetres = Height,
        Diagnosis = Diagnosis,
        WeightKilograms = Weight,
        WeighedOn = PostedDay.Read(problems, "weighedOn", WeighedOn),
        PriorTreatments = PriorTreatments.ToList(),
        Medication = Medication.ToList(),
        Allergies = Allergies.ToList(),
        Confirmed = (Confirmed ?? []).ToHashSet(StringComparer.Ordinal),
    };
}

/// <summary>A list that may be unasked, empty or filled, one line each.</summary>
public sealed class ListInput
{
    public string Choice { get; set; } = PatientInput.NotRecorded;

    public string? Lines { get; set; }

    public static ListInput Of(RecordedList list) => new()
    {
        Choice = !list.IsRecorded ? PatientInput.NotRecorded : list.IsNoneKnown ? PatientInput.None : PatientInput.Listed,
        Lines = string.Join('\n', list.Items),
    };

    /// <summary>
    /// Lines that were typed count, whatever the choice says: nothing typed is lost. Without lines only the choice "none" says that
    /// there are none; anything else is "not recorded", since a missing answer must not read as a negative one.
    /// </summary>
    public RecordedList ToList()
    {
        var lines = (Lines ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length > 0)
            return RecordedList.Of(lines);
        return string.Equals(Choice, PatientInput.None, StringComparison.Ordinal) ? RecordedList.NoneKnown : RecordedList.NotRecorded;
    }
}
