using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Euthymia.Interop.Hl7;
using Euthymia.Pharmacometrics;

namespace Euthymia.Cli;

/// <summary><c>euthymia monitor-simulator</c>: sends a made-up patient's readings as a bedside monitor would.</summary>
internal static class MonitorSimulatorCommand
{
    private const string Help =
        """
        Sends made-up readings as HL7 v2 (ORU^R01, IHE PCD-01 numerics) over MLLP and prints each answer.
        For trying the monitor feed; never point it at a clinic that treats patients.

        Examples:
          euthymia monitor-simulator --device SIM-1 --frames 3
          euthymia monitor-simulator --host 127.0.0.1 --port 2575 --device SIM-1 --period 5 --speed 60
        """;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    public static Command Create(TextWriter output)
    {
        Option<string> host = new("--host") { Description = "Where the listener is.", DefaultValueFactory = _ => "127.0.0.1" };
        Option<int> port = new("--port") { Description = "Its port.", DefaultValueFactory = _ => MonitorListener.UsualPort };
        Option<string> device = new("--device") { Description = "The monitor's id, as bound to a chair.", DefaultValueFactory = _ => "SIM-1" };
        Option<string> chair = new("--chair") { Description = "The chair's name on the monitor.", DefaultValueFactory = _ => "1" };
        Option<double> period = new("--period") { Description = "Seconds between two frames, 0.05 to 600.", DefaultValueFactory = _ => 5 };
        Option<int> frames = new("--frames") { Description = "Frames to send; 0 sends until stopped.", DefaultValueFactory = _ => 0 };
        Option<double> speed = new("--speed") { Description = "Simulated seconds per second, 1 to 3600.", DefaultValueFactory = _ => 1 };
        Option<ulong> seed = new("--seed") { Description = "The same seed gives the same readings.", DefaultValueFactory = _ => 1 };
        Command command = new("monitor-simulator", Help) { host, port, device, chair, period, frames, speed, seed };
        command.SetAction((parsed, cancel) => Run(
            parsed.GetValue(host)!,
            Within("port", parsed.GetValue(port), 1, 65535),
            new MonitorSimulator(Named("device", parsed.GetValue(device)!), parsed.GetValue(chair)!, parsed.GetValue(seed)),
            TimeSpan.FromSeconds(Within("period", parsed.GetValue(period), 0.05, 600)),
            Within("frames", parsed.GetValue(frames), 0, 1_000_000),
            Within("speed", parsed.GetValue(speed), 1, 3600),
            output,
            cancel));
        return command;
    }

    /// <summary>Exit code 0 when every frame was accepted.</summary>
    private static async Task<int> Run(
        string host, int port, MonitorSimulator simulator, TimeSpan period, int frames, double speed, TextWriter output, CancellationToken cancel)
    {
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(host, port, cancel);
        }
        catch (SocketException error)
        {
            throw new IOException($"No listener at {host}:{port} ({error.SocketErrorCode}). Start the web application with the monitor feed on, or name its port with --port.", error);
        }

        var time = TimeProvider.System;
        var refused = 0;
        for (var number = 0; frames == 0 || number < frames; number++)
        {
            if (number > 0)
                await Task.Delay(period, cancel);
            var reading = simulator.Frame(number, number * period.TotalMinutes * speed, time.GetUtcNow());
            await client.GetStream().WriteAsync(MllpDecoder.Encode(MonitorFrame.Write(reading)), cancel);
            var answer = await Answer(client.GetStream(), cancel);
            refused += answer.Code == AckCode.AA ? 0 : 1;
            await output.WriteLineAsync(Line(reading, answer));
        }

        return refused == 0 ? EuthymiaProgram.ExitCode.Success : EuthymiaProgram.ExitCode.Failure;
    }

    private static async Task<Acknowledgement> Answer(NetworkStream stream, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(AnswerTimeout);
        MllpDecoder decoder = new();
        List<byte[]> frames = [];
        var buffer = new byte[4096];
        try
        {
            while (frames.Count == 0)
            {
                var count = await stream.ReadAsync(buffer, deadline.Token);
                if (count == 0 || decoder.Feed(buffer.AsSpan(0, count), frames) != MllpFault.None)
                    throw new IOException("The listener closed the connection.");
            }

            return Acknowledgement.Parse(frames[0]);
        }
        catch (OperationCanceledException silence) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"No answer within {AnswerTimeout.TotalSeconds} s.", silence);
        }
        catch (Hl7Exception error)
        {
            throw new IOException($"The answer is not an HL7 acknowledgement: {error.Message}", error);
        }
    }

    private static string Line(MonitorReading reading, Acknowledgement answer)
    {
        var pressure = reading.Systolic is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{reading.Systolic}/{reading.Diastolic}");
        var reason = answer.Code == AckCode.AA ? "" : $" {answer.ErrorCode} {answer.Reason}";
        return string.Create(CultureInfo.InvariantCulture, $"{reading.ControlId}  BP {pressure}  HR {reading.HeartRate}  SpO2 {reading.OxygenSaturation} %  RR {reading.RespiratoryRate}  {answer.Code}{reason}");
    }

    private static T Within<T>(string option, T value, T low, T high)
        where T : IComparable<T>
        => value.CompareTo(low) >= 0 && value.CompareTo(high) <= 0
            ? value
            : throw new InvalidInputException("out-of-range", option, string.Create(CultureInfo.InvariantCulture, $"must be between {low} and {high}, not {value}."));

    private static string Named(string option, string value)
        => string.IsNullOrWhiteSpace(value) ? throw new InvalidInputException("empty", option, "must name the monitor.") : value.Trim();
}
