using Euthymia.Clinic;
using Euthymia.Pharmacometrics;

namespace Euthymia.Web.Pages.Visits;

/// <summary>A stored state carried on to the present second: the pump runs at a constant rate between two events.</summary>
public sealed record LiveVisit(VisitState State, DateTimeOffset Now)
{
    private TimeSpan Since => Now > State.At ? Now - State.At : TimeSpan.Zero;

    private TimeSpan Running => State is { Phase: VisitPhase.Running, TimeLeft: { } left } ? (Since < left ? Since : left) : TimeSpan.Zero;

    /// <summary>Time that the pump has run.</summary>
    public TimeSpan Elapsed => State.Segments.Aggregate(TimeSpan.Zero, (sum, segment) => sum + (segment.End - segment.Start)) + Running;

    /// <summary>Running time left at the present rate; null unless running or paused.</summary>
    public TimeSpan? Left => State.TimeLeft - Running;

    public Milligrams Given => State is { Rate: { } rate, Concentration: { } concentration } ? State.DoseGiven + (rate * concentration * Running) : State.DoseGiven;

    public Milligrams? DoseLeft => State.DosePlanned - Given;

    /// <summary>The volume is in by now: the stored state has to be read again.</summary>
    public bool HasRunOut => State.Phase == VisitPhase.Running && Left <= TimeSpan.Zero;

    public TimeSpan? DueIn => State.NextReadingDue - Now;

    public bool IsOverdue => State.StartedAt is not null && DueIn + VisitProtocol.Current.OverdueGrace < TimeSpan.Zero;

    public TimeSpan Age(LastReading reading) => Now - reading.ObservedAt;

    /// <summary>Older than readings may be while the patient is watched; such a value must not look current.</summary>
    public bool IsOld(LastReading reading)
    {
        var interval = State.Phase == VisitPhase.Recovery ? VisitProtocol.Current.ReadingsAfter : VisitProtocol.Current.ReadingsDuring;
        return Age(reading) > interval + VisitProtocol.Current.OverdueGrace;
    }
}
