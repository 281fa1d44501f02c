namespace Euthymia.Clinic;

/// <summary>
/// A visit's own time: the server's, except that it never runs backwards. When the server's clock lies before what the log
/// already holds, the clock was set back; the visit's time then goes on from the latest time of the log, so that a stop is
/// never before its start, readings stay in their order and alarms are judged on the latest. It is a lower bound: how long ago
/// the latest entry was, nobody can tell. An event that got such a time shows it by both its times (<see cref="VisitEvent.IsAfterClockStep"/>).
/// </summary>
/// <param name="Now">The visit's time.</param>
/// <param name="SetBackBy">How far it is ahead of the server's clock; zero as long as that has not been set back.</param>
/// <param name="AgesKnownFrom">What was observed before this has an age that nobody knows; null when the clock was not set back.</param>
public sealed record VisitClock(DateTimeOffset Now, TimeSpan SetBackBy, DateTimeOffset? AgesKnownFrom)
{
    /// <summary>A device that has not yet heard of the server's new time still sends the old one, so far past the latest entry at most.</summary>
    private static readonly TimeSpan DeviceAheadAtMost = TimeSpan.FromHours(1);

    private static TimeSpan Skew => VisitProtocol.Current.ClockSkew;

    /// <summary>The time of a visit by its log.</summary>
    /// <param name="events">The log.</param>
    /// <param name="serverNow">What the server's clock says.</param>
    public static VisitClock Of(IEnumerable<VisitEvent> events, DateTimeOffset serverNow)
    {
        var latest = DateTimeOffset.MinValue;
        var shift = TimeSpan.Zero;
        DateTimeOffset? from = null;
        foreach (var e in events.OrderBy(e => e.Number))
        {
            if (e.IsAfterClockStep)
                (shift, from) = (e.ObservedAt - e.RecordedAt, from ?? e.ObservedAt);
            else if (e.RecordedAt >= latest)
                (shift, from) = (TimeSpan.Zero, null); // the clock has caught up
            var known = e.IsAfterClockStep ? e.ObservedAt : e.RecordedAt;
            latest = known > latest ? known : latest;
        }

        if (latest == DateTimeOffset.MinValue || latest - serverNow <= Skew)
            return new VisitClock(serverNow, TimeSpan.Zero, null);
        // Just after the latest, so that what comes now can be told from what was there when the clock was set.
        var now = shift > TimeSpan.Zero && serverNow + shift >= latest ? serverNow + shift : latest.AddMilliseconds(1);
        return new VisitClock(now, now - serverNow, from ?? DateTimeOffset.MaxValue);
    }

    /// <summary>The visit's time of something that was observed at a time by the server's clock or by a device that has it from there.</summary>
    public DateTimeOffset TimeOf(DateTimeOffset observed) =>
        SetBackBy == TimeSpan.Zero || IsByTheOldClock(observed) ? observed : observed + SetBackBy;

    /// <summary>Whether a time, as <see cref="TimeOf"/> gives it, is later than can be.</summary>
    internal bool IsInFuture(DateTimeOffset moment) => moment > Now + (SetBackBy == TimeSpan.Zero ? Skew : DeviceAheadAtMost);

    private bool IsByTheOldClock(DateTimeOffset observed) => observed > Now - SetBackBy + Skew;
}
