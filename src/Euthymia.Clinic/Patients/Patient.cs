using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>Sex as recorded in the chart. The kinetic model uses it where it is female or male.</summary>
public enum RecordedSex
{
    Female,
    Male,
    Other,
    Unknown,
}

public enum Diagnosis
{
    MajorDepressiveDisorder,

    /// <summary>
    /// Typed in records of an earlier version only. That a depression is resistant follows from the coded trials
    /// (<see cref="EligibilitySheet.IsTreatmentResistant"/>): the register takes this as <see cref="MajorDepressiveDisorder"/>.
    /// </summary>
    TreatmentResistantDepression,

    BipolarI,
    BipolarII,
}

/// <summary>A person treated at the clinic.</summary>
public sealed class Patient
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>The clinic's own number of the patient; unique.</summary>
    public string ClinicNumber { get; set; } = "";

    public string? NationalId { get; set; }

    public string GivenName { get; set; } = "";

    public string FamilyName { get; set; } = "";

    public DateOnly DateOfBirth { get; set; }

    public RecordedSex Sex { get; set; }

    /// <summary>Body height in cm; null when not recorded.</summary>
    public decimal? HeightCentimetres { get; set; }

    public Diagnosis Diagnosis { get; set; }

    public RecordedList PriorTreatments { get; set; } = RecordedList.NotRecorded;

    public RecordedList Medication { get; set; } = RecordedList.NotRecorded;

    public RecordedList Allergies { get; set; } = RecordedList.NotRecorded;

    /// <summary>Every weight ever recorded, oldest first when loaded by <see cref="PatientRegister"/>.</summary>
    public IList<WeightMeasurement> Weights { get; init; } = [];

    /// <summary>Names and identifiers folded for searching.</summary>
    public string SearchKey { get; set; } = "";

    /// <summary>Grows by one with every edit; an edit names the revision it was made from.</summary>
    public int Revision { get; set; } = 1;

    public DateTimeOffset ChangedAt { get; set; }

    public string ChangedByName { get; set; } = "";

    public string FullName => $"{GivenName} {FamilyName}";

    /// <summary>The latest weight, or null when none was recorded.</summary>
    public WeightMeasurement? CurrentWeight => Weights.OrderBy(w => w.MeasuredOn).ThenBy(w => w.RecordedAt).LastOrDefault();

    /// <summary>Completed years at a day.</summary>
    public int AgeOn(DateOnly day)
    {
        var years = day.Year - DateOfBirth.Year;
        return day < DateOfBirth.AddYears(years) ? years - 1 : years;
    }
}

/// <summary>One weighing: the weight in kg and the day it was taken.</summary>
public sealed class WeightMeasurement
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    public Kilograms Weight { get; init; }

    public DateOnly MeasuredOn { get; init; }

    public DateTimeOffset RecordedAt { get; init; }

    public string RecordedByName { get; init; } = "";
}
