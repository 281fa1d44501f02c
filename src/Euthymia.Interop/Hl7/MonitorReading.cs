using System.Security.Cryptography;
using System.Text;

namespace Euthymia.Interop.Hl7;

/// <summary>
/// What a monitor measured, as one message told it. A null part was not in the message. Pressures in mmHg, rates per
/// minute, saturation in percent.
/// </summary>
/// <param name="DeviceId">The sender (MSH-3): its unique id where it gives one, else its name.</param>
/// <param name="ControlId">The sender's id of the message (MSH-10).</param>
/// <param name="ReceivedAt">This server's time, the only one that alarms and order rest on.</param>
public sealed record MonitorReading(string DeviceId, string ControlId, DateTimeOffset ReceivedAt)
{
    /// <summary>The chair that this device is bound to.</summary>
    public string Chair { get; init; } = "";

    /// <summary>The device's own time, shown beside the server's; null when it gave none with an offset.</summary>
    public DateTimeOffset? DeviceTime { get; init; }

    public int? Systolic { get; init; }

    public int? Diastolic { get; init; }

    public int? Mean { get; init; }

    public int? HeartRate { get; init; }

    public int? OxygenSaturation { get; init; }

    public int? RespiratoryRate { get; init; }

    /// <summary>Codes that are not of this list and were left aside.</summary>
    public int Ignored { get; init; }

    public bool IsEmpty => (Systolic ?? Diastolic ?? Mean ?? HeartRate ?? OxygenSaturation ?? RespiratoryRate) is null;

    /// <summary>
    /// The same for the same message for ever, so that a message sent again after a restart is still stored once: the
    /// first 16 bytes of SHA-256 over device and control id.
    /// </summary>
    public Guid EventId => new(SHA256.HashData(Encoding.UTF8.GetBytes($"hl7:{DeviceId}\n{ControlId}"))[..16]);
}
