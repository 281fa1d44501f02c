namespace Euthymia.Clinic.Tests;

/// <summary>A server's recorder at work on a clinic's database.</summary>
public sealed class RunningRecorder : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public RunningRecorder(TestClinic clinic, bool waiting = false, TimeProvider? time = null)
    {
        Recorder = new VisitRecorder(clinic.Db, time ?? clinic.Time);
        if (!waiting)
            Run();
    }

    public VisitRecorder Recorder { get; }

    /// <summary>Begins to store; what was queued before is one group.</summary>
    public void Run() => _running = Task.Run(() => Recorder.Run(_stop.Token));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }
}
