namespace Euthymia.Clinic;

/// <summary>When readings are due and which values are possible at all; from the data file, with its sources.</summary>
public sealed class VisitProtocol
{
    private VisitProtocol(ProtocolFile file)
    {
        Version = file.Version;
        ReadingsDuring = TimeSpan.FromMinutes(file.Readings.DuringMinutes);
        ReadingsAfter = TimeSpan.FromMinutes(file.Readings.AfterMinutes);
        ReadingsSource = file.Readings.Source;
        OverdueGrace = TimeSpan.FromMinutes(file.Overdue.GraceMinutes);
        LateAfter = TimeSpan.FromMinutes(file.Late.Minutes);
        ClockSkew = TimeSpan.FromMinutes(file.ClockSkew.Minutes);
        Oldest = TimeSpan.FromHours(file.Oldest.Hours);
        BaselineHolds = TimeSpan.FromMinutes(file.Sheet.BaselineMinutes);
        RecoveryHolds = TimeSpan.FromMinutes(file.Sheet.RecoveryMinutes);
        Possible = file.Possible;
    }

    public static VisitProtocol Current { get; } = new(EmbeddedData.Read<ProtocolFile>("Visits.visit-protocol.json"));

    public int Version { get; }

    /// <summary>Interval between readings while the infusion runs or is paused.</summary>
    public TimeSpan ReadingsDuring { get; }

    /// <summary>Interval between readings after the infusion.</summary>
    public TimeSpan ReadingsAfter { get; }

    public string ReadingsSource { get; }

    /// <summary>How long after it was due a reading counts as overdue.</summary>
    public TimeSpan OverdueGrace { get; }

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

    private sealed record ProtocolFile(
        int Version, Intervals Readings, Grace Overdue, Minute Late, Minute ClockSkew, Hour Oldest, SheetTimes Sheet, Dictionary<string, PossibleRange> Possible);

    private sealed record Intervals(int DuringMinutes, int AfterMinutes, string Source);

    private sealed record Grace(int GraceMinutes);

    private sealed record Minute(int Minutes);

    private sealed record SheetTimes(int BaselineMinutes, int RecoveryMinutes);

    private sealed record Hour(int Hours);
}

/// <summary>The values of a reading that can be; anything else is a typing error.</summary>
public sealed record PossibleRange(int Low, int High, string Unit);
