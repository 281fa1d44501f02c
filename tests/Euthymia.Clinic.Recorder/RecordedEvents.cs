namespace Euthymia.Clinic.Recorder;

/// <summary>What chair and number stand for: the same after a restart, so that what was sent without an answer is sent again.</summary>
public static class RecordedEvents
{
    public static Guid Id(Guid visit, int number)
    {
        var bytes = visit.ToByteArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(12), number);
        return new Guid(bytes);
    }

    /// <summary>The heart rate names the chair, so that a reading under the wrong patient shows; every seventh and eighth pressure is an alarm.</summary>
    public static Observed Entry(int chair, int number) => new(IsHigh(number)
        ? new Readings(205, 125, 60 + chair, 98, 5)
        : new Readings(120 + (number % 30), 80, 60 + chair, 98, 5));

    public static bool IsHigh(int number) => number % 9 is 7 or 8;
}
