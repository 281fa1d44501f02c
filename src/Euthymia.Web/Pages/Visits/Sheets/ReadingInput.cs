using Euthymia.Clinic;

namespace Euthymia.Web.Pages.Visits.Sheets;

/// <summary>A reading as typed.</summary>
public sealed class ReadingInput
{
    public string? Systolic { get; set; }

    public string? Diastolic { get; set; }

    public string? HeartRate { get; set; }

    public string? OxygenSaturation { get; set; }

    public string? RespiratoryRate { get; set; }

    public string? Sedation { get; set; }

    public string? Dissociation { get; set; }

    public string? Nausea { get; set; }

    public string? ByName(string field) => field switch
    {
        "systolic" => Systolic,
        "diastolic" => Diastolic,
        "heartRate" => HeartRate,
        "oxygenSaturation" => OxygenSaturation,
        "respiratoryRate" => RespiratoryRate,
        "sedation" => Sedation,
        "dissociation" => Dissociation,
        "nausea" => Nausea,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "No such reading."),
    };

    public Observed ToEntry(Func<string, string?, int?> whole) => new(new Readings(
        whole("systolic", Systolic), whole("diastolic", Diastolic), whole("heartRate", HeartRate), whole("oxygenSaturation", OxygenSaturation),
        whole("sedation", Sedation), whole("dissociation", Dissociation), whole("nausea", Nausea), RespiratoryRate: whole("respiratoryRate", RespiratoryRate)));
}
