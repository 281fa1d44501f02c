using System.Data.Common;
using Euthymia.Clinic.Forecasts;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Web.Hosting;

/// <summary>
/// Keeps the forecasts of the model in use behind the recording of observations. It begins a little after the server, and looks at
/// everything once an hour, at the latest days in between.
/// </summary>
public sealed class ModelCheckService(ModelCheck check, DemoHost demo, TimeProvider time, ILogger<ModelCheckService> log) : BackgroundService
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Latest = TimeSpan.FromDays(2);
    private const int TurnsBetweenFull = 360;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(After, time, stoppingToken);
            await demo.Filled.WaitAsync(stoppingToken);
            using var timer = new PeriodicTimer(Every, time);
            for (var turn = 0; ; turn++)
            {
                await Once(turn % TurnsBetweenFull == 0 ? null : time.GetUtcNow() - Latest, stoppingToken);
                await timer.WaitForNextTickAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what is missing is made after its next start.
        }
    }

    private async Task Once(DateTimeOffset? since, CancellationToken cancel)
    {
        try
        {
            await check.Run(since, cancel);
        }
        catch (Exception failure) when (failure is DbException or DbUpdateException or TimeoutException or InvalidOperationException)
        {
            log.LogError(failure, "Keeping the model's forecasts failed; the next turn tries again.");
        }
    }
}
