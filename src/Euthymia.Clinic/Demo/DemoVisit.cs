using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic.Demo;

/// <summary>Records an invented infusion visit minute by minute through the visit log, up to a given moment.</summary>
internal sealed class DemoVisit(DemoClock clock, VisitLog log, Deviates deviates)
{
    private const int StopMinute = 40;

    private static readonly Guid Namespace = new("5f1a2c58-6a0c-4c53-9a64-0d0f3a8b9e11");

    private uint _draw;
    private int _events;

    /// <summary>Returns the dose given per kg. Nothing is recorded after <paramref name="until"/>.</summary>
    public async Task<MilligramsPerKilogram> Run(Visit visit, InfusionOrder order, DateTimeOffset until, string? twist)
    {
        var start = visit.ScheduledAt;
        var detailed = until - start < TimeSpan.FromHours(4);
        var steps = Steps(visit, order, twist, detailed).Where(s => start.AddMinutes(s.Minute) <= until);
        var state = (VisitState?)null;
        foreach (var (minute, entry) in steps)
        {
            clock.Now = start.AddMinutes(minute);
            var result = entry is null
                ? await log.Start(visit.Id, NextId(visit), order.Arithmetic.PumpRate)
                : await log.Append(visit.Id, NextId(visit), entry);
            state = result.State;
            await Acknowledge(visit, result, until);
        }

        return state is null ? default : state.DoseGiven / order.Weight;
    }

    // The demo's nurse takes on every alarm within half a minute, so that none of an old visit still waits.
    private async Task Acknowledge(Visit visit, AppendResult result, DateTimeOffset until)
    {
        clock.Now += TimeSpan.FromSeconds(25);
        foreach (var alarm in result.Opened.Where(f => f.Latches && clock.Now <= until))
            await log.Append(visit.Id, NextId(visit), new AlarmAcknowledged(alarm.Id, "Stayed at the chair and spoke with the patient"));
    }

    // A null entry is the start. Today's readings follow the protocol, older visits have half of them so that the demo starts
    // quickly; a pause shifts what comes after it.
    private IEnumerable<(int Minute, VisitEntry? Entry)> Steps(Visit visit, InfusionOrder order, string? twist, bool detailed)
    {
        var paused = string.Equals(twist, DemoPatients.PausedOnce, StringComparison.Ordinal) && visit.NumberInCourse == 2;
        var stopped = string.Equals(twist, DemoPatients.StoppedEarly, StringComparison.Ordinal) && visit.NumberInCourse == 4;
        var shift = paused ? 6 : 0;
        var stop = stopped ? 26 : StopMinute + shift;
        yield return (-12, Reading(0));
        yield return (0, null);
        if (detailed)
            yield return (10, Reading(0.4));
        if (paused)
        {
            yield return (16, new InfusionPaused("Nausea 6 of 10"));
            yield return (17, new Noted("Ondansetron offered, declined. Settled lying back."));
            yield return (22, new InfusionResumed());
        }

        if (visit.NumberInCourse == 3)
            yield return (18, new RateChanged(decimal.Round(order.Arithmetic.PumpRate.Value * 0.9m, DoseArithmetic.PumpDecimals), "Strong dissociation, slowed a little"));
        yield return (20 + shift, Reading(0.8));
        if (stopped)
        {
            yield return (stop, new InfusionStopped("Anxious, asked to stop"));
        }
        else
        {
            if (detailed)
                yield return (30 + shift, Reading(1));
            yield return (stop, new InfusionStopped(visit.NumberInCourse == 3 ? "Planned end" : "Volume infused"));
            yield return (stop + 1, Reading(1));
        }

        if (detailed)
            yield return (stop + 15, Reading(0.5));
        yield return (stop + 30, Reading(0.2));
        yield return (stop + 60, new VisitCompleted());
    }

    // Effect 0 is baseline, 1 the peak; pressures rise by about 20/12 mmHg at the peak.
    private Observed Reading(double effect) => new(new Readings(
        Systolic: 122 + Drawn(20 * effect, 6),
        Diastolic: 76 + Drawn(12 * effect, 4),
        HeartRate: 70 + Drawn(8 * effect, 5),
        OxygenSaturation: 98 - Math.Clamp(Drawn(effect, 0.7), 0, 4),
        Sedation: effect > 0.7 ? 4 : 5,
        Dissociation: Math.Clamp(Drawn(2 * effect, 0.6), 0, 4),
        Nausea: Math.Clamp(Drawn(2 * effect, 1), 0, 10),
        Dizziness: Math.Clamp(Drawn(3 * effect, 1), 0, 10)));

    private int Drawn(double mean, double sd) => (int)Math.Round(mean + (sd * Math.Clamp(deviates.Normal(_draw++), -2.5, 2.5)));

    // Made from the visit and a counter, as a device makes them: repeating the demo's steps would store nothing twice.
    private Guid NextId(Visit visit)
    {
        Span<byte> bytes = stackalloc byte[36];
        Namespace.TryWriteBytes(bytes);
        visit.Id.TryWriteBytes(bytes[16..]);
        BitConverter.TryWriteBytes(bytes[32..], ++_events);
        return new Guid(System.Security.Cryptography.SHA256.HashData(bytes).AsSpan(0, 16));
    }
}

/// <summary>A clock that the demo sets to the time of what it records.</summary>
internal sealed class DemoClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
