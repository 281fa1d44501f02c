namespace Euthymia.Clinic;

internal static class Clock
{
    /// <summary>
    /// The present moment in UTC, cut to whole milliseconds: both databases store those exactly (PostgreSQL keeps microseconds,
    /// .NET counts 100 ns), so that what is read back equals what was written.
    /// </summary>
    public static DateTimeOffset Now(TimeProvider time) => Cut(time.GetUtcNow());

    public static DateTimeOffset Cut(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
