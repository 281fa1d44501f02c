namespace Euthymia.Clinic.Forecasts;

/// <summary>What was forecast.</summary>
public enum ForecastQuantity
{
    /// <summary>A depression score, in points of its scale.</summary>
    Score,

    /// <summary>mmHg.</summary>
    Systolic,

    /// <summary>mmHg.</summary>
    Diastolic,

    /// <summary>Level 0 to 4 at the chair.</summary>
    Dissociation,
}

/// <summary>
/// A forecast of one observation, from what was on record before it came, and the observation. One observation has one
/// forecast of each quantity, whichever server made it: a unique key decides.
/// </summary>
public sealed class KeptForecast
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    /// <summary>The visit of a reading at the chair; null for a score.</summary>
    public Guid? VisitId { get; init; }

    /// <summary>The assessment, or the event of the visit.</summary>
    public Guid SourceId { get; init; }

    public ForecastQuantity Quantity { get; init; }

    /// <summary>The scale of a score; empty where the quantity says all.</summary>
    public string Measure { get; init; } = "";

    public DateTimeOffset ObservedAt { get; init; }

    /// <summary>What was observed, as it holds now; null when it was withdrawn or moved to another time, and then it does not count.</summary>
    public double? Observed { get; set; }

    /// <summary>5th percentile; null without a forecast.</summary>
    public double? Low { get; init; }

    /// <summary>50th percentile.</summary>
    public double? Median { get; init; }

    /// <summary>95th percentile.</summary>
    public double? High { get; init; }

    /// <summary>Why there is no forecast of it; null when there is.</summary>
    public string? Withheld { get; init; }

    public string ModelVersion { get; init; } = "";

    /// <summary>Observations of this patient that it rests on; 0: population only.</summary>
    public int Observations { get; init; }

    public string Basis { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }
}

/// <summary>How far the log of a visit has been looked through for readings to forecast. A note of work done; the forecasts' own key keeps the record right.</summary>
public sealed class CheckedVisit
{
    public Guid VisitId { get; init; }

    /// <summary>Number of the last event looked at.</summary>
    public int LastNumber { get; set; }
}
