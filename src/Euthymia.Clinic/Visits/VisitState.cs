using Euthymia.Clinic.Rules;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

public enum VisitPhase
{
    Scheduled,
    Running,
    Paused,

    /// <summary>The infusion is over; the patient is still watched.</summary>
    Recovery,
    Completed,
    Cancelled,
}

/// <summary>A stretch of constant pump rate; open while it runs (<see cref="End"/> is then the moment of the state).</summary>
public sealed record PumpSegment(DateTimeOffset Start, DateTimeOffset End, MillilitresPerHour Rate);

/// <summary>The latest value of one kind of reading, with its age at the moment of the state.</summary>
public sealed record LastReading(int Value, DateTimeOffset ObservedAt, TimeSpan Age);

/// <summary>An event with what amendments have made of it. The stored entry stays visible next to it.</summary>
/// <param name="Event">As stored.</param>
/// <param name="Entry">What holds now; null when an amendment withdrew the event.</param>
/// <param name="ObservedAt">The time that holds now.</param>
/// <param name="AmendedBy">The amendment that holds; null when there is none.</param>
public sealed record LogLine(VisitEvent Event, VisitEntry? Entry, DateTimeOffset ObservedAt, VisitEvent? AmendedBy)
{
    /// <summary>The quality flags of this reading that hold, in the order of observation.</summary>
    public IReadOnlyList<LogLine> Doubts { get; init; } = [];

    /// <summary>What of this entry's readings counts: those that nobody doubts. Null when it is no reading, or withdrawn.</summary>
    public Readings? Sound => Entry is not Observed { Readings: var read } ? null
        : Doubts.Count == 0 ? read : Doubts.Aggregate(read, (left, doubt) => left.Without(((ReadingDoubted)doubt.Entry!).Part));

    /// <summary>The server's clock had been set back, and nobody has corrected or confirmed the time since: it may be later than it says.</summary>
    public bool IsTimeUncertain => Event.IsAfterClockStep && AmendedBy?.Entry is not Amended { ReplacementObservedAt: not null };
}

/// <summary>The state of a visit at a moment: a fold over its log.</summary>
public sealed record VisitState
{
    public required DateTimeOffset At { get; init; }

    public required VisitPhase Phase { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the infusion ended: it was stopped, or its volume was in.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>True when the infusion ended because its whole volume was in.</summary>
    public bool VolumeDelivered { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The pump's rate now; null unless it runs.</summary>
    public MillilitresPerHour? Rate { get; init; }

    public MilligramsPerMillilitre? Concentration { get; init; }

    public IReadOnlyList<PumpSegment> Segments { get; init; } = [];

    public Millilitres VolumeGiven { get; init; }

    public Milligrams DoseGiven { get; init; }

    /// <summary>What the pump was set to give in all; null before the start.</summary>
    public Milligrams? DosePlanned { get; init; }

    /// <summary>Running time left at the present rate (of the last rate while paused); null unless running or paused.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>When the next vital signs are due; null when the visit is over.</summary>
    public DateTimeOffset? NextReadingDue { get; init; }

    public bool ReadingOverdue { get; init; }

    /// <summary>A vital sign older than this must not look current: the interval in force and the grace after it.</summary>
    public TimeSpan ReadingLimit { get; init; }

    /// <summary>
    /// False for a value that is older than readings may be, and for one from the future: the clock was set back since, and how
    /// old the value is cannot be told.
    /// </summary>
    public bool IsCurrent(LastReading reading, DateTimeOffset now)
    {
        var age = AgeOf(reading, now);
        return age <= ReadingLimit && -age <= VisitProtocol.Current.ClockSkew;
    }

    /// <summary>How long ago a value was read, by the visit's time; negative when the server's clock was set back since, and nobody knows.</summary>
    /// <param name="reading">The value.</param>
    /// <param name="now">What the server's clock says.</param>
    public TimeSpan AgeOf(LastReading reading, DateTimeOffset now) =>
        (reading.ObservedAt < Clock?.AgesKnownFrom ? now : VisitTime(now)) - reading.ObservedAt;

    /// <summary>How closely sedation and breathing are watched; null of a state that was not asked for with the patient's record.</summary>
    public SedationWatch? SedationWatch { get; init; }

    /// <summary>The visit's own time; null of a state that was not asked for as it is now.</summary>
    public VisitClock? Clock { get; init; }

    /// <summary>What the server's clock says, in the visit's own time.</summary>
    public DateTimeOffset VisitTime(DateTimeOffset now) => now + (Clock?.SetBackBy ?? TimeSpan.Zero);

    /// <summary>True while the dose given rests on a time that nobody has confirmed after the server's clock was set back.</summary>
    public bool DoseIsUncertain => Log.Any(l => l is { Entry: PumpAction, IsTimeUncertain: true });

    /// <summary>Side effects, alarms' sound and the monitor.</summary>
    public VisitSession Session { get; init; } = VisitSession.Empty;

    /// <summary>The visit as the in-session rules see it.</summary>
    public SessionFacts Facts { get; init; } = new();

    /// <summary>Every reading since the start as it was recorded, whether somebody doubts it or not: an alarm has to be over by these, too.</summary>
    internal IReadOnlyList<Reading> ReadingsAsRecorded { get; init; } = [];

    /// <summary>The latest value of each reading that nobody doubts, by its field name ("systolic"); a reading never taken is absent.</summary>
    public IReadOnlyDictionary<string, LastReading> LastReadings { get; init; } = new Dictionary<string, LastReading>(StringComparer.Ordinal);

    /// <summary>The log in the order of observation, with amendments applied.</summary>
    public IReadOnlyList<LogLine> Log { get; init; } = [];

    /// <summary>What was recorded before the infusion, on its drug, and after it.</summary>
    public VisitSheets Sheets { get; init; } = VisitSheets.Empty;

    /// <summary>
    /// The infusion as it was given, for the engine; null when nothing was infused.
    /// Its times count from <paramref name="courseStart"/>, the start of the course's first infusion.
    /// </summary>
    public Infusion? Given(DateTimeOffset courseStart)
    {
        if (Concentration is not { } concentration || VolumeGiven.Value == 0)
            return null;
        return new Infusion(Segments.Where(s => s.End > s.Start)
            .Select(s => new RateSegment(s.Start - courseStart, s.End - s.Start, s.Rate * concentration)));
    }
}
