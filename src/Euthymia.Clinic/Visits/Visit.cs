using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>One appointment of a course at a chair. What happened is in its events; the state is a fold over them.</summary>
public sealed class Visit
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    public Guid CourseId { get; init; }

    /// <summary>1 for the first infusion of the course.</summary>
    public int NumberInCourse { get; init; }

    public DateTimeOffset ScheduledAt { get; set; }

    public string Chair { get; set; } = "";

    /// <summary>Null unless the visit was cancelled before it started.</summary>
    public string? CancelledBecause { get; set; }

    /// <summary>
    /// The patient while the visit runs, null before and after. It is unique, so that the database itself refuses to run
    /// two visits of one patient at once.
    /// </summary>
    public Guid? RunningPatientId { get; set; }

    /// <summary>The account of the nurse who watches the patient, from the sheet before the infusion; null until somebody says so.</summary>
    public Guid? WatchedBy { get; set; }

    public IList<VisitEvent> Events { get; init; } = [];

    /// <summary>When the server stored the start that holds; null before it. From then on the visit keeps the rule settings of that moment.</summary>
    public DateTimeOffset? StartRecordedAt => Events.LastOrDefault(e => e.Entry is InfusionStarted
        && Events.LastOrDefault(a => a.Entry is Amended amended && amended.EventId == e.Id) is not { Entry: Amended { Replacement: null } })?.RecordedAt;
}

/// <summary>One entry of a visit's log; never changed after it was stored.</summary>
public sealed class VisitEvent
{
    /// <summary>Made by the device that wrote the entry, so that sending it twice stores it once.</summary>
    public Guid Id { get; init; }

    public Guid VisitId { get; init; }

    /// <summary>1, 2, 3... in the order of recording; unique within the visit.</summary>
    public int Number { get; init; }

    public DateTimeOffset ObservedAt { get; init; }

    public DateTimeOffset RecordedAt { get; init; }

    public Guid AuthorId { get; init; }

    public string AuthorName { get; init; } = "";

    public VisitEntry Entry { get; init; } = null!;

    /// <summary>It says something about an earlier entry, which holds from that entry's own time on: an amendment or a doubt.</summary>
    public bool IsAboutAnother => Entry is Amended or ReadingDoubted;

    /// <summary>SHA-256 over this event and the hash of the one before it: a changed or missing event shows.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Recorded later after it was observed than rule DQ-07 allows, for instance after a lost connection.</summary>
    public bool IsLate => RecordedAt - ObservedAt > VisitProtocol.Current.LateAfter;

    /// <summary>
    /// Recorded after the server's clock had been set back: it was observed by the visit's own time (<see cref="VisitClock"/>),
    /// while the clock said <see cref="RecordedAt"/>. No device's clock may be so far ahead.
    /// </summary>
    public bool IsAfterClockStep => ObservedAt - RecordedAt > VisitProtocol.Current.ClockSkew;
}

/// <summary>One set of readings. What was not measured stays null: missing is not normal.</summary>
/// <param name="Systolic">mmHg.</param>
/// <param name="Diastolic">mmHg.</param>
/// <param name="HeartRate">Beats per minute.</param>
/// <param name="OxygenSaturation">SpO2, %.</param>
/// <param name="Sedation">MOAA/S, 5 (awake) to 0.</param>
/// <param name="Dissociation">Observer's rating, 0 to 4.</param>
/// <param name="Nausea">0 to 10.</param>
/// <param name="Dizziness">0 to 10.</param>
/// <param name="RespiratoryRate">Breaths per minute.</param>
/// <param name="NoSymptoms">True when the patient was asked and has none; null when nobody asked.</param>
public sealed record Readings(
    int? Systolic = null,
    int? Diastolic = null,
    int? HeartRate = null,
    int? OxygenSaturation = null,
    int? Sedation = null,
    int? Dissociation = null,
    int? Nausea = null,
    int? Dizziness = null,
    int? RespiratoryRate = null,
    bool? NoSymptoms = null)
{
    public bool IsEmpty => this == new Readings();

    /// <summary>Blood pressure, heart rate and oxygen saturation: what the schedule of readings asks for.</summary>
    public bool HasVitals => Systolic is not null && Diastolic is not null && HeartRate is not null && OxygenSaturation is not null;
}
