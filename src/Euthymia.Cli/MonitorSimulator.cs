using Euthymia.Interop.Hl7;
using Euthymia.Numerics.Random;

namespace Euthymia.Cli;

/// <summary>
/// A made-up patient on a made-up monitor, to try the monitor feed: blood pressure and heart rate climb over the
/// infusion, peak at its end and fall back. The shape is for display only; it is no prediction and no evidence.
/// </summary>
/// <param name="device">Sent in MSH-3; the clinic binds it to a chair.</param>
/// <param name="chair">Sent in PV1-3.</param>
/// <param name="seed">The same seed gives the same readings.</param>
internal sealed class MonitorSimulator(string device, string chair, ulong seed)
{
    private const double InfusionMinutes = 40;
    private const double HalfLifeMinutes = 20;

    /// <summary>Blood pressure is measured with every twelfth frame, the rest with every frame.</summary>
    private const int FramesPerPressure = 12;

    public MonitorReading Frame(int number, double minute, DateTimeOffset at)
    {
        var noise = new Deviates(seed, (ulong)number);
        var effect = Effect(minute);
        var withPressure = number % FramesPerPressure == 0;
        var systolic = Round(122 + (22 * effect) + (3 * noise.Normal(0)));
        var diastolic = Round(76 + (13 * effect) + (2 * noise.Normal(1)));
        return new MonitorReading(device, $"{seed:x}-{at.ToUnixTimeMilliseconds():x}-{number}", at)
        {
            Chair = chair,
            DeviceTime = at,
            Systolic = withPressure ? systolic : null,
            Diastolic = withPressure ? diastolic : null,
            Mean = withPressure ? diastolic + ((systolic - diastolic) / 3) : null,
            HeartRate = Round(70 + (10 * effect) + (2 * noise.Normal(2))),
            OxygenSaturation = Math.Min(100, Round(97.5 + (0.7 * noise.Normal(3)))),
            RespiratoryRate = Round(14 + noise.Normal(4)),
        };
    }

    /// <summary>0 before the start, 1 at the end of the infusion, halved every half-life after it.</summary>
    private static double Effect(double minute) => minute switch
    {
        <= 0 => 0,
        <= InfusionMinutes => minute / InfusionMinutes,
        _ => Math.Pow(0.5, (minute - InfusionMinutes) / HalfLifeMinutes),
    };

    private static int Round(double value) => (int)Math.Round(value, MidpointRounding.AwayFromZero);
}
