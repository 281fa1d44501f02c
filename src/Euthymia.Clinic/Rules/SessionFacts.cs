using System.Text.Json.Serialization;

namespace Euthymia.Clinic.Rules;

public enum Medicine
{
    /// <summary>Racemic ketamine into the vein.</summary>
    KetamineInfusion,

    /// <summary>Esketamine nasal spray (its own observation and reporting rules).</summary>
    EsketamineSpray,
}

public enum ReadingMethod
{
    /// <summary>Entered by a person who looked at the patient and the probe: counts at once.</summary>
    Manual,

    /// <summary>Sent by a monitor: has to be sustained before it alarms.</summary>
    Device,
}

/// <summary>What was read at one moment; what was not read is null. Pressures in mmHg, rates per minute, saturation in percent.</summary>
public sealed record Reading(DateTimeOffset At)
{
    public ReadingMethod Method { get; init; }

    public int? Systolic { get; init; }

    public int? Diastolic { get; init; }

    public int? HeartRate { get; init; }

    public int? OxygenSaturation { get; init; }

    public int? RespiratoryRate { get; init; }

    /// <summary>MOAA/S: 5 awake to 0 no response to pain.</summary>
    public int? Sedation { get; init; }

    /// <summary>Observer's rating of dissociation, 0 to 4.</summary>
    public int? Dissociation { get; init; }

    /// <summary>Patient's rating of nausea, 0 to 10.</summary>
    public int? Nausea { get; init; }

    public bool HasBloodPressure => Systolic is not null && Diastolic is not null;
}

/// <summary>What a person at the chair can record as present.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Sign>))]
public enum Sign
{
    ChestPain,
    Dyspnoea,
    SevereHeadache,
    VisualChange,
    Seizure,
    ReducedConsciousness,
    FocalDeficit,
    AirwayEvent,
    Apnoea,
    Laryngospasm,
    Anaphylaxis,
    Distress,
    AgitationNotSettling,
    Vomiting,
    InfusionSiteProblem,
}

/// <summary>When somebody last had the visit in sight, and how long ago that is by a clock that nobody sets.</summary>
public sealed record Look(DateTimeOffset At, TimeSpan Age);

public sealed record OpenAlarm(AlarmPriority Priority, DateTimeOffset RaisedAt, DateTimeOffset? AcknowledgedAt);

/// <summary>A visit in progress as the in-session rules see it. Null means not assessed or not known.</summary>
public sealed record SessionFacts
{
    public Medicine? Medicine { get; init; }

    /// <summary>1 for the first infusion of the course.</summary>
    public int? InfusionNumber { get; init; }

    /// <summary>Null: not started.</summary>
    public DateTimeOffset? InfusionStart { get; init; }

    /// <summary>Null while the infusion runs.</summary>
    public DateTimeOffset? InfusionEnd { get; init; }

    public int? BaselineSystolic { get; init; }

    public int? BaselineDiastolic { get; init; }

    /// <summary>All readings since the start that nobody doubts, in any order.</summary>
    public IReadOnlyList<Reading> Readings { get; init; } = [];

    /// <summary>Since when a value of the set is doubted and has not been taken anew; null when there is none.</summary>
    public DateTimeOffset? RetakeSince { get; init; }

    /// <summary>Signs present now. Null: not asked; empty: asked, none.</summary>
    public IReadOnlyList<Sign>? Signs { get; init; }

    /// <summary>Alarms still open. Null: not known.</summary>
    public IReadOnlyList<OpenAlarm>? OpenAlarms { get; init; }

    /// <summary>False when no monitor is bound to the chair; null when that is not known.</summary>
    public bool? MonitorBound { get; init; }

    public TimeSpan? MonitorPeriod { get; init; }

    public DateTimeOffset? LastMonitorFrameAt { get; init; }

    /// <summary>Last time a member of staff recorded anything at the chair or confirmed a look.</summary>
    public DateTimeOffset? LastStaffContactAt { get; init; }

    /// <summary>Null: not known, for instance of a visit that no page has shown yet.</summary>
    public Look? LastLook { get; init; }

    /// <summary>A benzodiazepine, an opioid or another sedative is on record or was told before the infusion.</summary>
    public bool? SedatedBesides { get; init; }

    /// <summary>How far the server's clock lies behind the visit's log; zero when it does not.</summary>
    public TimeSpan? ClockSetBackBy { get; init; }
}
