namespace Euthymia.Clinic.Rules;

/// <summary>One observation at entry. A null part was not entered; an observation without any part is not assessed.</summary>
public sealed record ObservationFacts
{
    public int? Systolic { get; init; }

    public int? Diastolic { get; init; }

    public int? HeartRate { get; init; }

    public int? OxygenSaturation { get; init; }

    public int? RespiratoryRate { get; init; }

    /// <summary>Degrees Celsius.</summary>
    public decimal? Temperature { get; init; }

    public ReadingMethod? Method { get; init; }

    public string? EnteredBy { get; init; }

    public string? DeviceId { get; init; }

    public DateTimeOffset? ObservedAt { get; init; }

    public DateTimeOffset? RecordedAt { get; init; }
}

/// <summary>Data quality (DQ-*): impossible is not the same as critical.</summary>
public static class DataQuality
{
    private static readonly StageRules<ObservationFacts> Rules = new("data_quality", new(StringComparer.Ordinal)
    {
        ["DQ-04"] = (f, see) => Impossible(f, see),
        ["DQ-07"] = (f, see) => ProvenanceIncomplete(f, see),
    });

    public static StageReport Evaluate(ObservationFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static bool? Impossible(ObservationFacts f, Inputs see)
    {
        (decimal? Value, string Name, string Limit)[] parts =
        [
            (f.Systolic, "systolic", "systolic"), (f.Diastolic, "diastolic", "diastolic"), (f.HeartRate, "heart rate", "heart_rate"),
            (f.OxygenSaturation, "oxygen saturation", "saturation"), (f.RespiratoryRate, "respiratory rate", "respiratory_rate"), (f.Temperature, "temperature", "temperature"),
        ];
        var entered = Array.FindAll(parts, part => part.Value is not null);
        if (entered.Length == 0)
        {
            see.See<int?>(null, "observation");
            return null;
        }

        var outside = entered.Select(part => see.Below(part.Value, $"{part.Limit}_min", part.Name) | see.Above(part.Value, $"{part.Limit}_max", part.Name)).ToList();
        return outside.Contains(true) || f.Systolic <= f.Diastolic || f.Systolic is null != f.Diastolic is null;
    }

    private static bool? ProvenanceIncomplete(ObservationFacts f, Inputs see)
    {
        var empty = string.IsNullOrWhiteSpace(see.See(f.EnteredBy));
        var late = TimeSpan.FromSeconds((double)see.Limit("late"));
        return see.See(f.Method) is not { } method || see.See(f.ObservedAt) is not { } observed || see.See(f.RecordedAt) is not { } recorded
            ? null
            : (method == ReadingMethod.Manual && empty)
                || (method == ReadingMethod.Device && string.IsNullOrWhiteSpace(see.See(f.DeviceId)))
                || recorded - observed > late || observed > recorded;
    }
}
