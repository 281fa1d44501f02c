using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>
/// Which values and times of an entry are possible at all. Vital signs and lateness are rows of the rule book (DQ-04, DQ-07);
/// the ratings' scales and the tolerances of clocks come from the data file, with their sources.
/// </summary>
public sealed class VisitProtocol
{
    private VisitProtocol(ProtocolFile file)
    {
        Version = file.Version;
        LateAfter = TimeSpan.FromSeconds((double)RuleBook.Get("DQ-07").Parameters["late"].Value);
        ClockSkew = TimeSpan.FromMinutes(file.ClockSkew.Minutes);
        Oldest = TimeSpan.FromHours(file.Oldest.Hours);
        BaselineHolds = TimeSpan.FromMinutes(file.Sheet.BaselineMinutes);
        RecoveryHolds = TimeSpan.FromMinutes(file.Sheet.RecoveryMinutes);
        Possible = new Dictionary<string, PossibleRange>(file.Possible, StringComparer.Ordinal)
        {
            ["systolic"] = OfRule("systolic"),
            ["diastolic"] = OfRule("diastolic"),
            ["heartRate"] = OfRule("heart_rate"),
            ["oxygenSaturation"] = OfRule("saturation"),
            ["respiratoryRate"] = OfRule("respiratory_rate"),
        };
    }

    public static VisitProtocol Current { get; } = new(EmbeddedData.Read<ProtocolFile>("Visits.visit-protocol.json"));

    public int Version { get; }

    public TimeSpan LateAfter { get; }

    public TimeSpan ClockSkew { get; }

    public TimeSpan Oldest { get; }

    /// <summary>How long before the start a reading still counts as the patient's baseline; an older one is not assessed.</summary>
    public TimeSpan BaselineHolds { get; }

    /// <summary>How long a reading counts for the discharge.</summary>
    public TimeSpan RecoveryHolds { get; }

    /// <summary>The possible values of each reading by its field name ("systolic").</summary>
    public IReadOnlyDictionary<string, PossibleRange> Possible { get; }

    /// <summary>Reports every reading that cannot be.</summary>
    internal void Check(FieldErrors errors, Readings readings)
    {
        if (readings.IsEmpty)
            errors.Add("", "reading_empty", "Record at least one value.");
        foreach (var (field, value) in ByField(readings))
        {
            var range = Possible[field];
            if (value < range.Low || value > range.High)
                errors.Add(field, "reading_impossible", $"{value} is not possible here. Enter {range.Low} to {range.High} {range.Unit}.");
        }

        if (readings.Systolic is null != readings.Diastolic is null)
            errors.Add(readings.Systolic is null ? "systolic" : "diastolic", "pressure_incomplete", "A blood pressure has two numbers. Enter both, or none.");
        if (readings.Diastolic >= readings.Systolic)
            errors.Add("diastolic", "diastolic_not_below_systolic", "The diastolic pressure must be below the systolic one.");
    }

    internal static IEnumerable<(string Field, int Value)> ByField(Readings readings)
    {
        (string Field, int? Value)[] all =
        [
            ("systolic", readings.Systolic), ("diastolic", readings.Diastolic), ("heartRate", readings.HeartRate),
            ("oxygenSaturation", readings.OxygenSaturation), ("sedation", readings.Sedation), ("dissociation", readings.Dissociation),
            ("nausea", readings.Nausea), ("dizziness", readings.Dizziness), ("respiratoryRate", readings.RespiratoryRate),
        ];
        return all.Where(x => x.Value is not null).Select(x => (x.Field, x.Value!.Value));
    }

    private static PossibleRange OfRule(string parameter)
    {
        var parameters = RuleBook.Get("DQ-04").Parameters;
        var (low, high) = (parameters[$"{parameter}_min"], parameters[$"{parameter}_max"]);
        return new PossibleRange((int)low.Value, (int)high.Value, low.Unit);
    }

    private sealed record ProtocolFile(int Version, Minute ClockSkew, Hour Oldest, SheetTimes Sheet, Dictionary<string, PossibleRange> Possible);

    private sealed record Minute(int Minutes);

    private sealed record SheetTimes(int BaselineMinutes, int RecoveryMinutes);

    private sealed record Hour(int Hours);
}

/// <summary>The values of a reading that can be; anything else is a typing error.</summary>
public sealed record PossibleRange(int Low, int High, string Unit);
