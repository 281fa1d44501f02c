using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>A visit as the in-session rules see it, made from its log alone: the same log gives the same facts after a restart.</summary>
internal static class ChairFacts
{
    public static SessionFacts Of(Visit visit, IReadOnlyList<LogLine> log, VisitSession session, DateTimeOffset? started, DateTimeOffset? ended)
    {
        List<Reading> readings = [];
        Readings? baseline = null;
        DateTimeOffset? contact = started;
        DateTimeOffset? frame = null;
        var askedAndNone = false;
        var begun = false;
        foreach (var line in log)
        {
            begun |= line.Entry is InfusionStarted;
            if (line is { Entry: Observed observed, Sound: { } read })
            {
                if (!begun)
                    baseline = read is { Systolic: not null, Diastolic: not null } ? read : baseline;
                else
                    readings.Add(Of(line.ObservedAt, observed.DeviceId, read));
                if (observed.DeviceId is not null)
                    frame = Latest(frame, line.ObservedAt);
                askedAndNone = read.NoSymptoms ?? askedAndNone;
            }

            if (line.Entry is not (null or Observed { DeviceId: not null }))
                contact = Latest(contact, line.ObservedAt);
        }

        return new SessionFacts
        {
            Medicine = Medicine.KetamineInfusion,
            InfusionNumber = visit.NumberInCourse,
            InfusionStart = started,
            InfusionEnd = ended,
            BaselineSystolic = baseline?.Systolic,
            BaselineDiastolic = baseline?.Diastolic,
            Readings = readings,
            Signs = session.SignsNow(askedAndNone),
            MonitorBound = session.Monitor is not null,
            MonitorPeriod = session.Monitor is { } monitor ? TimeSpan.FromSeconds(monitor.PeriodSeconds) : null,
            LastMonitorFrameAt = session.MonitorConfirmedAt is { } since ? Latest(since, frame ?? since) : null,
            LastStaffContactAt = contact,
            RetakeSince = ReadingParts.RetakeSince(log, started),
        };
    }

    private static Reading Of(DateTimeOffset at, string? deviceId, Readings read) => new(at)
    {
        Method = deviceId is null ? ReadingMethod.Manual : ReadingMethod.Device,
        Systolic = read.Systolic,
        Diastolic = read.Diastolic,
        HeartRate = read.HeartRate,
        OxygenSaturation = read.OxygenSaturation,
        RespiratoryRate = read.RespiratoryRate,
        Sedation = read.Sedation,
        Dissociation = read.Dissociation,
        Nausea = read.Nausea,
    };

    private static DateTimeOffset Latest(DateTimeOffset? one, DateTimeOffset other) => one > other ? one.Value : other;
}
