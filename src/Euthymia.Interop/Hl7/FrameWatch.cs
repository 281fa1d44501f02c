namespace Euthymia.Interop.Hl7;

/// <summary>A change of a watched feed, for the chair's technical alarm (rule MON-24).</summary>
/// <param name="Chair">The chair.</param>
/// <param name="Lost">True when frames are missing, false when they came back.</param>
/// <param name="At">This server's time.</param>
/// <param name="LastFrameAt">The last frame's time; null when none came since the watch began.</param>
public sealed record FeedChange(string Chair, bool Lost, DateTimeOffset At, DateTimeOffset? LastFrameAt);

/// <summary>Tells once when a chair's monitor has missed three frames, and once when it is back.</summary>
internal sealed class FrameWatch : IDisposable
{
    public const int MissedFrames = 3;

    private readonly Lock _lock = new();
    private readonly string _chair;
    private readonly TimeSpan _silence;
    private readonly Action<FeedChange> _changed;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private DateTimeOffset? _lastFrameAt;
    private bool _lost;
    private bool _disposed;

    /// <summary>Begins to wait for the first frame.</summary>
    /// <param name="chair">The chair.</param>
    /// <param name="period">Time between two frames.</param>
    /// <param name="changed">Called on loss and return, never twice in a row for the same.</param>
    /// <param name="time">The clock; durations are its timers', so a step of the wall clock neither alarms nor hides.</param>
    public FrameWatch(string chair, TimeSpan period, Action<FeedChange> changed, TimeProvider time)
    {
        _chair = chair;
        _silence = MissedFrames * period;
        _changed = changed;
        _time = time;
        _timer = time.CreateTimer(_ => OnSilence(), null, _silence, Timeout.InfiniteTimeSpan);
    }

    public void Frame(DateTimeOffset at)
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            var wasLost = _lost;
            _lastFrameAt = at;
            _lost = false;
            _timer.Change(_silence, Timeout.InfiniteTimeSpan);
            if (wasLost)
                _changed(new FeedChange(_chair, Lost: false, at, at));
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        _timer.Dispose();
    }

    private void OnSilence()
    {
        lock (_lock)
        {
            if (_lost || _disposed)
                return;
            _lost = true;
            _changed(new FeedChange(_chair, Lost: true, _time.GetUtcNow(), _lastFrameAt));
        }
    }
}
