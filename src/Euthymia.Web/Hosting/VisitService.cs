using System.Data.Common;
using Euthymia.Clinic;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Web.Hosting;

/// <summary>Runs the recorder of this server and, by the server's clock, looks for what time has made due.</summary>
public sealed class VisitService(VisitRecorder recorder, TimeProvider time, ILogger<VisitService> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not on the thread that starts the server.
        await Task.WhenAll(Task.Run(() => recorder.Run(stoppingToken), CancellationToken.None), Task.Run(() => Watch(stoppingToken), CancellationToken.None));
    }

    private async Task Watch(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
                await WatchOnce(cancel);
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task WatchOnce(CancellationToken cancel)
    {
        try
        {
            await recorder.Watch(cancel);
        }
        catch (Exception failure) when (failure is DbException or DbUpdateException or TimeoutException or InvalidOperationException)
        {
            log.LogError(failure, "Looking for overdue readings failed; the next turn tries again.");
        }
    }
}
