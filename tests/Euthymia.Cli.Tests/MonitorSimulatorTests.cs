using System.Net;
using Euthymia.Interop.Hl7;

namespace Euthymia.Cli.Tests;

public sealed class MonitorSimulatorTests
{
    [Fact]
    public async Task It_sends_readings_that_a_listener_stores()
    {
        List<MonitorReading> stored = [];
        using var desk = new MonitorDesk(
            [new MonitorBinding("1", "SIM-1", TimeSpan.FromSeconds(5))],
            (reading, _) =>
            {
                stored.Add(reading);
                return Task.FromResult(Delivery.Stored);
            },
            _ => { },
            TimeProvider.System);
        using var listener = new MonitorListener(desk, TimeProvider.System);
        using CancellationTokenSource stop = new();
        listener.Open(new IPEndPoint(IPAddress.Loopback, 0));
        var running = listener.Run(stop.Token);

        var run = await CommandLine.Run("monitor-simulator", "--port", $"{listener.EndPoint!.Port}", "--frames", "3", "--period", "0.05");
        var refused = await CommandLine.Run("monitor-simulator", "--port", $"{listener.EndPoint.Port}", "--frames", "1", "--device", "other");
        await stop.CancelAsync();
        await running;

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(3, stored.Count);
        Assert.Equal("1", stored[0].Chair);
        Assert.True(stored[0].Systolic > stored[0].Diastolic);
        Assert.Equal(3, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.TrimEnd().EndsWith(" AA", StringComparison.Ordinal)));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("AR 204", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_listener_it_says_what_to_do()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var run = await CommandLine.Run("monitor-simulator", "--port", $"{port}", "--frames", "1");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--port", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--period", "0")]
    [InlineData("--port", "70000")]
    [InlineData("--frames", "-1")]
    [InlineData("--speed", "0.5")]
    [InlineData("--device", " ")]
    public async Task An_option_outside_its_range_is_named(string option, string value)
    {
        var run = await CommandLine.Run("monitor-simulator", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(option, run.Errors, StringComparison.Ordinal);
    }
}
