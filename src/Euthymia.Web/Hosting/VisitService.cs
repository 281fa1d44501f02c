using System.Data.Common;
using Euthymia.Clinic;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Web.Hosting;

/// <summary>Runs the recorder of this server and, by the server's clock, looks for what time has made due.</summary>
public sealed class VisitService(VisitRecorder recorder, VisitLooks looks, TimeProvider time, ILogger<VisitService> log) : BackgroundService
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
            {
                await Once(looks.Store, "Storing which visits are in sight", cancel);
                await Once(recorder.Watch, "Looking for overdue readings", cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task Once(Func<CancellationToken, Task> turn, string what, CancellationToken cancel)
    {
        try
        {
            await turn(cancel);
        }
        catch (Exception failure) when (failure is DbException or DbUpdateException or TimeoutException or InvalidOperationException)
        {
            log.LogError(failure, "{What} failed; the next turn tries again.", what);
        }
    }
}
