using System.Globalization;
using Euthymia.Clinic.Rules;

namespace Euthymia.Interop.Hl7;

/// <summary>
/// Reads an unsolicited observation (ORU^R01) with the numerics of IHE PCD-01 (device observation reporter). A message
/// is taken whole or refused whole.
/// </summary>
public static class Pcd01
{
    /// <summary>The sender of a message: the unique id in MSH-3 where it gives one, else its name.</summary>
    public static string DeviceOf(Er7Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var unique = message.Msh.Text(3, component: 2);
        return unique.Length > 0 ? unique : message.Msh.Text(3);
    }

    /// <summary>The reading that the message carries.</summary>
    /// <exception cref="Hl7Exception">Not an ORU^R01 of version 2, a field missing, or a numeric whose value, unit, status or time is not understood.</exception>
    public static MonitorReading Read(Er7Message message, DateTimeOffset receivedAt)
    {
        ArgumentNullException.ThrowIfNull(message);
        CheckHeader(message.Msh);
        Dictionary<Numeric, (int Rank, decimal Value, string Location)> found = [];
        var ignored = 0;
        foreach (var obx in message.All("OBX"))
            ignored += Take(obx, found) ? 0 : 1;

        var observed = message.All("OBR").FirstOrDefault();
        var reading = new MonitorReading(DeviceOf(message), message.Msh.Text(10), receivedAt)
        {
            DeviceTime = observed is not null && observed.Text(7).Length > 0 ? Time(observed, 7) : Time(message.Msh, 7),
            Systolic = Value(Numeric.Systolic),
            Diastolic = Value(Numeric.Diastolic),
            Mean = Value(Numeric.Mean),
            HeartRate = Value(Numeric.HeartRate),
            OxygenSaturation = Value(Numeric.OxygenSaturation),
            RespiratoryRate = Value(Numeric.RespiratoryRate),
            Ignored = ignored,
        };
        RefuseImpossible(reading);
        return reading;

        int? Value(Numeric numeric) => found.TryGetValue(numeric, out var one) ? (int)Math.Round(one.Value, MidpointRounding.AwayFromZero) : null;
    }

    private static void CheckHeader(Er7Segment msh)
    {
        if (msh.Text(9) is not "ORU")
            throw new Hl7Exception(AckCode.AR, 200, msh.Location(9), "Only ORU messages are received here.");
        if (msh.Text(9, component: 2) is not "R01")
            throw new Hl7Exception(AckCode.AR, 201, msh.Location(9), "Only the event R01 is received here.");
        if (msh.Text(11) is not "P")
            throw new Hl7Exception(AckCode.AR, 202, msh.Location(11), "Only production messages (P) are received here.");
        if (!msh.Text(12).StartsWith("2.", StringComparison.Ordinal))
            throw new Hl7Exception(AckCode.AR, 203, msh.Location(12), "Only HL7 version 2 is received here.");
        if (msh.Text(10).Length is 0 or > 199)
            throw new Hl7Exception(AckCode.AR, 101, msh.Location(10), "MSH-10 must hold a control id of at most 199 characters.");
        if (msh.Text(3).Length == 0 && msh.Text(3, component: 2).Length == 0)
            throw new Hl7Exception(AckCode.AR, 101, msh.Location(3), "MSH-3 must name the sending device.");
    }

    /// <summary>False when the segment carries a code that is not of the list.</summary>
    private static bool Take(Er7Segment obx, Dictionary<Numeric, (int Rank, decimal Value, string Location)> found)
    {
        // Segments without a value type describe the device, not the patient.
        if (obx.Text(2).Length == 0 && obx.Text(5).Length == 0)
            return true;
        if (obx.Text(3, component: 3) is not "MDC" || !NumericCodes.TryFind(obx.Text(3), out var numeric, out var rank))
            return false;
        if (obx.Text(5).Length == 0 || obx.Text(5) is "\"\"" || obx.Text(11) is "X")
            return true;

        if (obx.Text(2) is not "NM" || !decimal.TryParse(obx.Text(5), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || Math.Abs(value) > 100_000)
            throw new Hl7Exception(AckCode.AE, 102, obx.Location(5), "The value is not a number.");
        if (obx.Text(11) is not ("F" or "R" or "P" or "C"))
            throw new Hl7Exception(AckCode.AE, 103, obx.Location(11), "The result status is not F, R, P, C or X.");
        var factor = NumericCodes.Factor(numeric, obx.Text(6))
            ?? throw new Hl7Exception(AckCode.AE, 103, obx.Location(6), "The unit of this measurement is not understood.");
        value *= factor;

        if (found.TryGetValue(numeric, out var before))
        {
            if (before.Rank == rank && before.Value != value)
                throw new Hl7Exception(AckCode.AE, 205, obx.Location(5), "The same measurement comes twice with different values.");
            if (before.Rank <= rank)
                return true;
        }

        found[numeric] = (rank, value, obx.Location(5));
        return true;
    }

    /// <summary>HL7 time stamp: yyyyMMddHHmm[ss[.f]]+hhmm. Without an offset it is not a moment and is left out; malformed is refused.</summary>
    private static DateTimeOffset? Time(Er7Segment segment, int field)
    {
        var text = segment.Text(field);
        if (text.Length == 0)
            return null;
        string[] withOffset = ["yyyyMMddHHmmzzz", "yyyyMMddHHmmsszzz", "yyyyMMddHHmmss.fzzz", "yyyyMMddHHmmss.ffzzz", "yyyyMMddHHmmss.fffzzz", "yyyyMMddHHmmss.ffffzzz"];
        string[] withoutOffset = ["yyyy", "yyyyMM", "yyyyMMdd", "yyyyMMddHH", "yyyyMMddHHmm", "yyyyMMddHHmmss", "yyyyMMddHHmmss.f", "yyyyMMddHHmmss.ff", "yyyyMMddHHmmss.fff", "yyyyMMddHHmmss.ffff"];
        var sign = text.LastIndexOfAny(['+', '-']);
        var colon = sign > 0 && text.Length - sign == 5 ? $"{text[..(sign + 3)]}:{text[(sign + 3)..]}" : text;
        if (DateTimeOffset.TryParseExact(colon, withOffset, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
            return moment;
        if (DateTime.TryParseExact(text, withoutOffset, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return null;
        throw new Hl7Exception(AckCode.AE, 102, segment.Location(field), "The time is not an HL7 time stamp.");
    }

    /// <summary>The same limits as at the keyboard (rule DQ-04).</summary>
    private static void RefuseImpossible(MonitorReading reading)
    {
        var facts = new ObservationFacts
        {
            Systolic = reading.Systolic,
            Diastolic = reading.Diastolic,
            HeartRate = reading.HeartRate,
            OxygenSaturation = reading.OxygenSaturation,
            RespiratoryRate = reading.RespiratoryRate,
        };
        if (DataQuality.Evaluate(facts, RuleSettings.Shipped, reading.ReceivedAt)["DQ-04"].Outcome == RuleOutcome.Fired)
            throw new Hl7Exception(AckCode.AE, 102, "", "A value cannot be true (rule DQ-04): check units and channels.");
    }
}
