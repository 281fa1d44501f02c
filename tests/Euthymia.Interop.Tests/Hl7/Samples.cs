using System.Text;
using Euthymia.Interop.Hl7;

namespace Euthymia.Interop.Tests.Hl7;

internal static class Samples
{
    public const string Device = "080019FFFE134535";

    public static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    public static readonly MonitorReading Reading = new(Device, "1001", Now)
    {
        Chair = "3",
        Systolic = 128,
        Diastolic = 79,
        Mean = 95,
        HeartRate = 72,
        OxygenSaturation = 98,
        RespiratoryRate = 14,
    };

    public static string Text(params string[] observations) => string.Join('\r',
        [
            @"MSH|^~\&|VSP^080019FFFE134535^EUI-64|Clinic|||20260302100000+0000||ORU^R01^ORU_R01|1001|P|2.6|||NE|AL",
            "PID|||X1", "PV1||O|3", "OBR|1|||182777000^monitoring of patient^SCT|||20260302095958+0000",
            "OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X", .. observations,
        ]) + "\r";

    public static MonitorReading Read(params string[] observations) => Pcd01.Read(Er7Message.Parse(Text(observations)), Now);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
