using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Clinic.Forecasts;
using Euthymia.Pharmacometrics;

namespace Euthymia.Web.Pages.Visits;

/// <summary>A visit for the eye: what the page's script carries on from second to second, and until when a value counts as current.</summary>
public sealed record LiveVisit(VisitView View, ClinicSettings Clinic, DateTimeOffset Now)
{
    public VisitState State => View.State;

    /// <summary>The band of this infusion; null while it is worked out.</summary>
    public ChairForecast? Forecast { get; init; }

    /// <summary>Now in the visit's own time; the server's, unless its clock was set back.</summary>
    public DateTimeOffset VisitTime => State.VisitTime(Now);

    public bool IsRunning => State.Phase == VisitPhase.Running;

    /// <summary>Time that the pump has run.</summary>
    public TimeSpan Elapsed => State.Segments.Aggregate(TimeSpan.Zero, (sum, segment) => sum + (segment.End - segment.Start));

    public MilligramsPerHour? DrugRate => State is { Rate: { } rate, Concentration: { } concentration } ? rate * concentration : null;

    public TimeSpan? DueIn => State.NextReadingDue - VisitTime;

    public TimeSpan Age(LastReading reading) => State.AgeOf(reading, Now);

    /// <summary>Older than readings may be while the patient is watched; such a value must not look current.</summary>
    public bool IsOld(LastReading reading) => !State.IsCurrent(reading, Now);

    public bool Sounds(Finding alarm) => alarm.SoundsAt(VisitTime, State.Session);

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    public static string Number(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
