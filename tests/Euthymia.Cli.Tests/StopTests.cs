using System.Diagnostics;

namespace Euthymia.Cli.Tests;

/// <summary>Ctrl-C on the command line as a process of its own.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task Ctrl_C_ends_a_simulation_with_code_130_and_prints_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "kill -INT is of Linux.");
        var cancel = TestContext.Current.CancellationToken;
        // A test run in the background of a shell inherits an ignored SIGINT; env takes that back.
        ProcessStartInfo start = new("env")
        {
            ArgumentList =
            {
                "--default-signal=INT", "dotnet", typeof(EuthymiaProgram).Assembly.Location, "simulate", "--regimen", "0.5 mg/kg over 40 min on days 0,2,4", "--patients", "1000000", "--rule", "if MADRS at day 7 > 10 then stop",
            },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            // The work has begun, and with it the listening, when the process has used the processor for a while.
            while (!process.HasExited && process.TotalProcessorTime < TimeSpan.FromSeconds(3))
            {
                await Task.Delay(100, cancel);
                process.Refresh();
            }

            using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync(cancel).WaitAsync(TimeSpan.FromMinutes(2), cancel);

            Assert.Equal(130, process.ExitCode);
            Assert.Contains("Stopped", await process.StandardError.ReadToEndAsync(cancel), StringComparison.Ordinal);
            Assert.Empty(await process.StandardOutput.ReadToEndAsync(cancel));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
