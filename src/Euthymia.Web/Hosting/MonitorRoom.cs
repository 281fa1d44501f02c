using System.Net;
using System.Security.Cryptography;
using System.Text;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Interop.Hl7;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Web.Hosting;

/// <summary>A monitor that belongs to a chair, for the page that confirms its patient.</summary>
public sealed record MonitorView(string DeviceId, int PeriodSeconds);

/// <summary>Which monitors belong to which chairs and where they are listened to. Off unless a port is configured.</summary>
public sealed record MonitorOptions(IPEndPoint? EndPoint, IReadOnlyList<MonitorBinding> Bindings)
{
    private const int UsualPeriodSeconds = 5;

    /// <summary>Reads the section "Monitors": Port, Address (this machine unless told), Bindings of Chair, Device and PeriodSeconds.</summary>
    /// <exception cref="InvalidOperationException">A value cannot be used; the message names it.</exception>
    public static MonitorOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Monitors");
        if (section.GetValue<int?>("Port") is not { } port)
            return new MonitorOptions(null, []);
        if (port is < 0 or > 65535)
            throw new InvalidOperationException("Monitors:Port must be a port from 0 to 65535.");
        if (!IPAddress.TryParse(section["Address"] ?? "127.0.0.1", out var address))
            throw new InvalidOperationException("Monitors:Address must be an IP address of this machine.");
        var bindings = section.GetSection("Bindings").GetChildren().Select(b => new MonitorBinding(
            Required(b, "Chair"), Required(b, "Device"), TimeSpan.FromSeconds(Math.Clamp(b.GetValue("PeriodSeconds", UsualPeriodSeconds), 1, 600)))).ToList();
        foreach (var twice in bindings.GroupBy(b => b.Chair, StringComparer.Ordinal).Concat(bindings.GroupBy(b => b.DeviceId, StringComparer.Ordinal)).Where(g => g.Count() > 1))
            throw new InvalidOperationException($"Monitors:Bindings names {twice.Key} twice: a chair has one monitor, a monitor one chair.");
        return new MonitorOptions(new IPEndPoint(address, port), bindings);
    }

    private static string Required(IConfigurationSection binding, string name) =>
        binding[name] is { Length: > 0 and <= 200 } value ? value : throw new InvalidOperationException($"{binding.Path} needs a {name}.");
}

/// <summary>
/// The monitors of this server: their readings go into the visit at their chair, once a person there has confirmed that the
/// monitor shows its patient, and through the same door as a nurse's. A reading is acknowledged only when it is stored.
/// </summary>
public sealed class MonitorRoom(MonitorOptions options, VisitRecorder recorder, ClinicDbFactory databases, TimeProvider time, ILogger<MonitorRoom> log) : BackgroundService
{
    /// <summary>Where it listens; null while it does not.</summary>
    public IPEndPoint? EndPoint { get; private set; }

    /// <summary>The monitor of a chair; null when there is none.</summary>
    public MonitorView? At(string chair) => options.EndPoint is not null && options.Bindings.FirstOrDefault(b => string.Equals(b.Chair, chair, StringComparison.Ordinal)) is { } binding
        ? new MonitorView(binding.DeviceId, (int)binding.Period.TotalSeconds)
        : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.EndPoint is not { } endPoint)
            return;
        // Silence is found by the recorder's watch (rule MON-24), from what is stored: it survives a restart of this server.
        using var desk = new MonitorDesk(options.Bindings, Deliver, _ => { }, time);
        using var listener = new MonitorListener(desk, time);
        listener.Open(endPoint);
        EndPoint = listener.EndPoint;
        log.LogInformation("Listening for {Count} patient monitors on {EndPoint}.", options.Bindings.Count, EndPoint);
        await listener.Run(stoppingToken);
    }

    private async Task<Delivery> Deliver(MonitorReading reading, CancellationToken cancel)
    {
        Visit? visit;
        await using (var db = databases.Create())
        {
            var since = time.GetUtcNow().AddHours(-24);
            visit = (await db.Visits.AsNoTracking().Include(v => v.Events.OrderBy(e => e.Number))
                .Where(v => v.Chair == reading.Chair && v.CancelledBecause == null && v.ScheduledAt > since).ToListAsync(cancel))
                .Where(v => IsConfirmed(v, reading.DeviceId)).MaxBy(v => v.ScheduledAt);
        }

        if (visit is null)
            return Delivery.Refused("Nobody at the chair has confirmed this monitor's patient.");
        // A lone systolic or diastolic value is no blood pressure.
        var isWhole = reading is { Systolic: not null, Diastolic: not null };
        var readings = new Readings(
            isWhole ? reading.Systolic : null, isWhole ? reading.Diastolic : null, reading.HeartRate, reading.OxygenSaturation, RespiratoryRate: reading.RespiratoryRate);
        if (readings.IsEmpty)
            return Delivery.Stored;
        try
        {
            await recorder.Append(Device(reading.DeviceId), visit.Id, reading.EventId, new Observed(readings, reading.DeviceId), reading.ReceivedAt, cancel);
            return Delivery.Stored;
        }
        catch (ClinicRuleException refusal) when (refusal.Errors.Any(e => string.Equals(e.Code, "event_id_reused", StringComparison.Ordinal)))
        {
            return Delivery.Stored; // sent again after a restart: the same content under its first time
        }
        catch (ClinicRuleException refusal)
        {
            return Delivery.Refused(refusal.Errors[0].Message);
        }
    }

    private bool IsConfirmed(Visit visit, string deviceId)
    {
        var confirmed = false;
        foreach (var e in visit.Events.Where(e => e.ObservedAt <= time.GetUtcNow() + VisitProtocol.Current.ClockSkew))
        {
            confirmed = e.Entry switch
            {
                MonitorConfirmed by => string.Equals(by.DeviceId, deviceId, StringComparison.Ordinal),
                MonitorReleased or VisitCompleted => false,
                _ => confirmed,
            };
        }

        return confirmed;
    }

    /// <summary>A device is an author of its own: its name and an id that stays the same.</summary>
    private static Actor Device(string deviceId) => new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"monitor:{deviceId}"))[..16]), $"Monitor {deviceId}", ClinicRole.Nurse);
}
