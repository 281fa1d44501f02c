using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic.Demo;

/// <summary>Records an invented infusion visit minute by minute through the visit log, up to a given moment.</summary>
internal sealed class DemoVisit(DemoClock clock, VisitLog log, VisitLog leadsLog, Deviates deviates)
{
    private const int StopMinute = 40;
    private const int LeaveMinutes = 62;

    private static readonly Guid Namespace = new("5f1a2c58-6a0c-4c53-9a64-0d0f3a8b9e11");

    private uint _draw;
    private int _events;
    private DateTimeOffset _until;
    private VisitState? _state;

    /// <summary>Returns the dose given per kg. Nothing is recorded after <paramref name="until"/>.</summary>
    public async Task<MilligramsPerKilogram> Run(Visit visit, Patient patient, InfusionOrder order, DateTimeOffset until, string? twist)
    {
        (_until, _state) = (until, null);
        var detailed = until - visit.ScheduledAt < TimeSpan.FromHours(4);
        await Prepare(visit, patient, order, string.Equals(twist, DemoPatients.PausedOnce, StringComparison.Ordinal) && visit.NumberInCourse == 2);
        var last = Guid.Empty;
        foreach (var (minute, entry) in Steps(visit, order, twist, detailed))
        {
            if (entry is null)
                await At(visit, minute, () => log.Start(visit.Id, NextId(visit), order.Arithmetic.PumpRate));
            else
                last = await Record(visit, minute, entry is ReadingDoubted doubted ? doubted with { EventId = last } : entry) ?? last;
        }

        await Leave(visit, order);
        return _state is null ? default : _state.DoseGiven / order.Weight;
    }

    private async Task Prepare(Visit visit, Patient patient, InfusionOrder order, bool ateLate)
    {
        var start = visit.ScheduledAt;
        var dose = order.Arithmetic;
        await Record(visit, -30, new CheckedBefore(DemoSheets.Before(start, patient, ateLate)));
        await Record(visit, -28, new Weighed(order.Weight.Value));
        if (ateLate && start <= _until)
        {
            clock.Now = start.AddMinutes(-25);
            var line = (await leadsLog.Before(visit.Id)).Sheet["PRE-08"]!;
            await Record(visit, -25, new StopOverridden("PRE-08", line.Result.Version, line.Found, "Light breakfast four hours ago, no nausea before; seen and accepted."), byLead: true);
        }

        await Record(visit, -20, DemoSheets.Prepared(visit, dose, DateOnly.FromDateTime(start.UtcDateTime)));
        await Record(visit, -18, DemoSheets.Pump(dose));
        await Record(visit, -16, DemoSheets.Pump(dose), byLead: true);
    }

    private async Task Leave(Visit visit, InfusionOrder order)
    {
        if (_state?.EndedAt is not { } ended)
            return;
        var stop = (int)Math.Ceiling((ended - visit.ScheduledAt).TotalMinutes);
        // After the last of the readings: a record goes forward.
        await Record(visit, stop + 31, DemoSheets.Returned(DemoSheets.Prepared(visit, order.Arithmetic, default)));
        if (_state.Phase == VisitPhase.Recovery && DemoSheets.Wasted(_state) is { } wasted && await Record(visit, stop + 32, wasted) is { } waste)
            await Record(visit, stop + 33, new Witnessed(waste), byLead: true);
        await Record(visit, stop + LeaveMinutes, Reading(0));
        await Record(visit, stop + LeaveMinutes + 1, new RecoveryScored(2, 2, 2, 2, 2));
        await Record(visit, stop + LeaveMinutes + 2, new HomeReadinessScored(2, 2, 2, 2, 2));
        await Record(visit, stop + LeaveMinutes + 3, new CheckedAfter(DemoSheets.After));
        await Record(visit, stop + LeaveMinutes + 5, new VisitCompleted());
        await Record(visit, stop + LeaveMinutes + 6, new SignedOff(SignatureMeaning.Recorded));
        await Record(visit, stop + LeaveMinutes + 30, new SignedOff(SignatureMeaning.Reviewed), byLead: true);
    }

    /// <summary>Appends an entry at its minute and returns its id; null when that minute has not come.</summary>
    private async Task<Guid?> Record(Visit visit, int minute, VisitEntry entry, bool byLead = false)
    {
        var id = NextId(visit);
        return await At(visit, minute, () => (byLead ? leadsLog : log).Append(visit.Id, id, entry)) ? id : null;
    }

    private async Task<bool> At(Visit visit, int minute, Func<Task<AppendResult>> act)
    {
        var at = visit.ScheduledAt.AddMinutes(minute);
        if (at > _until)
            return false;
        clock.Now = at;
        var result = await act();
        _state = result.State;
        await Acknowledge(visit, result);
        return true;
    }

    // The demo's nurse takes on every alarm within half a minute, so that none of an old visit still waits.
    private async Task Acknowledge(Visit visit, AppendResult result)
    {
        clock.Now += TimeSpan.FromSeconds(25);
        foreach (var alarm in result.Opened.Where(f => f.Latches && clock.Now <= _until))
            await log.Append(visit.Id, NextId(visit), new AlarmAcknowledged(alarm.Id, "Stayed at the chair and spoke with the patient"));
    }

    // A null entry is the start; a doubt is about the entry before it. Today's readings follow the protocol, older visits have half of them so that the demo starts
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
            yield return (16, new SideEffectSeen("Nausea", null, SideEffectGrade.Moderate, "Paused", SideEffectOutcome.Resolved, OnsetMinutesBefore: 5));
            yield return (17, new Noted("Ondansetron offered, declined. Settled lying back."));
            yield return (22, new InfusionResumed());
        }

        if (visit.NumberInCourse == 3)
        {
            if (!detailed)
            {
                yield return (14, new Observed(new Readings(171, 98)));
                yield return (15, new ReadingDoubted(Guid.Empty, ReadingPart.Pressure, DoubtReason.Motion, "arm bent while the cuff was filling"));
            }

            yield return (18, new RateChanged(decimal.Round(order.Arithmetic.PumpRate.Value * 0.9m, DoseArithmetic.PumpDecimals), "Strong dissociation, slowed a little"));
            yield return (18, new SideEffectSeen("Dissociation", null, SideEffectGrade.Moderate, "Rate lowered", SideEffectOutcome.Resolved));
        }

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
    }

    // Effect 0 is baseline, 1 the peak; pressures rise by about 20/12 mmHg at the peak.
    private Observed Reading(double effect) => new(new Readings(
        Systolic: 122 + Drawn(20 * effect, 6),
        Diastolic: 76 + Drawn(12 * effect, 4),
        HeartRate: 70 + Drawn(8 * effect, 5),
        OxygenSaturation: 98 - Math.Clamp(Drawn(effect, 0.7), 0, 4),
        Sedation: effect > 0.7 ? 4 : 5,
        Dissociation: effect == 0 ? 0 : Math.Clamp(Drawn(2 * effect, 0.6), 0, 4),
        Nausea: effect == 0 ? 0 : Math.Clamp(Drawn(2 * effect, 1), 0, 10),
        Dizziness: Math.Clamp(Drawn(3 * effect, 1), 0, 10),
        RespiratoryRate: 14 + Drawn(effect, 1)));

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
