using System.Globalization;
using System.Text;

namespace Euthymia.Interop.Hl7;

/// <summary>Writes a reading as a monitor would send it (ORU^R01, IHE PCD-01 numerics), for the simulator and for tests.</summary>
public static class MonitorFrame
{
    /// <summary>The message without its frame. Parts that are null are left out.</summary>
    public static byte[] Write(MonitorReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var usual = Er7Delimiters.Usual;
        var at = (reading.DeviceTime ?? reading.ReceivedAt).ToUniversalTime();
        var time = at.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + "+0000";
        var device = usual.Escaped(reading.DeviceId);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"MSH|^~\\&|{device}||||{time}||ORU^R01^ORU_R01|{usual.Escaped(reading.ControlId)}|P|2.6|||NE|AL||UNICODE UTF-8|||IHE_PCD_ORU_R01^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO\r");
        text.Append("PID|||\r");
        text.Append(CultureInfo.InvariantCulture, $"PV1||O|{usual.Escaped(reading.Chair)}\r");
        text.Append(CultureInfo.InvariantCulture, $"OBR|1|||182777000^monitoring of patient^SCT|||{time}\r");
        text.Append("OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X\r");
        (int? Value, string Code, string Place, string Unit)[] parts =
        [
            (reading.Systolic, "150021^MDC_PRESS_BLD_NONINV_SYS^MDC", "1.1.1.1", "266016^MDC_DIM_MMHG^MDC"),
            (reading.Diastolic, "150022^MDC_PRESS_BLD_NONINV_DIA^MDC", "1.1.1.2", "266016^MDC_DIM_MMHG^MDC"),
            (reading.Mean, "150023^MDC_PRESS_BLD_NONINV_MEAN^MDC", "1.1.1.3", "266016^MDC_DIM_MMHG^MDC"),
            (reading.HeartRate, "147842^MDC_ECG_HEART_RATE^MDC", "1.2.1.1", "264864^MDC_DIM_BEAT_PER_MIN^MDC"),
            (reading.OxygenSaturation, "150456^MDC_PULS_OXIM_SAT_O2^MDC", "1.3.1.1", "262688^MDC_DIM_PERCENT^MDC"),
            (reading.RespiratoryRate, "151562^MDC_RESP_RATE^MDC", "1.4.1.1", "264928^MDC_DIM_RESP_PER_MIN^MDC"),
        ];
        var number = 1;
        foreach (var (value, code, place, unit) in parts)
        {
            if (value is { } known)
                text.Append(CultureInfo.InvariantCulture, $"OBX|{++number}|NM|{code}|{place}|{known}|{unit}|||||R|||{time}\r");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
