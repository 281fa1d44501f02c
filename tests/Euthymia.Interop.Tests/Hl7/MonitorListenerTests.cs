using System.Net;
using System.Net.Sockets;
using Euthymia.Interop.Hl7;
using Microsoft.Extensions.Time.Testing;

namespace Euthymia.Interop.Tests.Hl7;

/// <summary>Real sockets on this machine.</summary>
public sealed class MonitorListenerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(Samples.Now);
    private readonly List<MonitorReading> _stored = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly MonitorDesk _desk;
    private readonly MonitorListener _listener;
    private Task _running = Task.CompletedTask;

    public MonitorListenerTests()
    {
        _desk = new MonitorDesk([new MonitorBinding("3", Samples.Device, TimeSpan.FromSeconds(5))], Store, _ => { }, _time);
        _listener = new MonitorListener(_desk, _time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _listener.Open(new IPEndPoint(IPAddress.Loopback, 0));
        _running = _listener.Run(_stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        _listener.Dispose();
        _desk.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_frame_sent_byte_by_byte_is_one_reading_with_one_answer()
    {
        using var monitor = await Connect();
        foreach (var value in MllpDecoder.Encode(MonitorFrame.Write(Samples.Reading)))
            await monitor.GetStream().WriteAsync(new[] { value }, Cancel);

        Assert.Equal(AckCode.AA, Assert.Single(await Answers(monitor, 1)).Code);
        Assert.Single(_stored);
    }

    [Fact]
    public async Task Two_frames_in_one_segment_get_two_answers_in_order()
    {
        using var monitor = await Connect();
        await Send(monitor, [.. Frame("1"), .. Frame("2")]);

        Assert.Equal(["1", "2"], (await Answers(monitor, 2)).Select(answer => answer.ControlId), StringComparer.Ordinal);
        Assert.Equal(["1", "2"], _stored.Select(reading => reading.ControlId), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_frame_without_end_is_cut_off_after_its_time()
    {
        using var monitor = await Connect();
        await Send(monitor, Frame("1")[..^2]);
        var closed = Closed(monitor);
        while (!closed.IsCompleted)
        {
            _time.Advance(MonitorListener.FrameTimeout);
            await Task.Delay(20, Cancel);
        }

        Assert.True(await closed);
        Assert.Empty(_stored);
    }

    [Fact]
    public async Task A_quiet_connection_between_frames_stays_open()
    {
        using var monitor = await Connect();
        await Send(monitor, Frame("1"));
        await Answers(monitor, 1);
        _time.Advance(10 * MonitorListener.FrameTimeout);
        await Send(monitor, Frame("2"));

        Assert.Equal("2", Assert.Single(await Answers(monitor, 1)).ControlId);
    }

    [Fact]
    public async Task A_frame_too_large_is_rejected_and_the_connection_closed()
    {
        using var monitor = await Connect();
        var flood = SendUntilClosed(monitor);
        var answer = Assert.Single(await Answers(monitor, 1));

        Assert.Equal(AckCode.AR, answer.Code);
        Assert.Contains("larger", answer.Reason, StringComparison.Ordinal);
        await flood;
        Assert.Empty(_stored);
    }

    [Fact]
    public async Task A_wrong_header_is_rejected_and_the_connection_stays()
    {
        using var monitor = await Connect();
        await Send(monitor, [.. MllpDecoder.Encode("GET / HTTP/1.1"u8), .. Frame("2")]);
        var answers = await Answers(monitor, 2);

        Assert.Equal([AckCode.AR, AckCode.AA], answers.Select(answer => answer.Code));
    }

    [Fact]
    public async Task Monitors_are_served_side_by_side()
    {
        using var one = await Connect();
        using var two = await Connect();
        await Send(one, Frame("1")[..20]);
        await Send(two, Frame("2"));

        Assert.Equal("2", Assert.Single(await Answers(two, 1)).ControlId);
        await Send(one, Frame("1")[20..]);
        Assert.Equal("1", Assert.Single(await Answers(one, 1)).ControlId);
    }

    [Fact]
    public void It_listens_on_this_machine_only_unless_told_otherwise()
    {
        Assert.Equal(IPAddress.Loopback, _listener.EndPoint!.Address);
        Assert.Equal(2575, MonitorListener.UsualPort);
    }

    private static byte[] Frame(string controlId) => MllpDecoder.Encode(MonitorFrame.Write(Samples.Reading with { ControlId = controlId }));

    private static async Task Send(TcpClient monitor, byte[] bytes) => await monitor.GetStream().WriteAsync(bytes, Cancel);

    private static async Task<List<Acknowledgement>> Answers(TcpClient monitor, int count)
    {
        MllpDecoder decoder = new();
        List<byte[]> frames = [];
        var buffer = new byte[4096];
        while (frames.Count < count)
        {
            var read = await monitor.GetStream().ReadAsync(buffer, Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel);
            Assert.NotEqual(0, read);
            decoder.Feed(buffer.AsSpan(0, read), frames);
        }

        return frames.ConvertAll(frame => Acknowledgement.Parse(frame));
    }

    private static async Task<bool> Closed(TcpClient monitor)
    {
        try
        {
            return await monitor.GetStream().ReadAsync(new byte[16], Cancel) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>A sender that claims more than there is room for; the listener hangs up long before.</summary>
    private static async Task SendUntilClosed(TcpClient monitor)
    {
        var block = new byte[64 * 1024];
        Array.Fill(block, (byte)'A');
        try
        {
            await Send(monitor, [MllpDecoder.StartBlock]);
            for (var sent = 0; sent <= MllpDecoder.MaximumFrame; sent += block.Length)
                await Send(monitor, block);
        }
        catch (IOException)
        {
            // Hung up, as it should.
        }
    }

    private async Task<TcpClient> Connect()
    {
        TcpClient monitor = new();
        await monitor.ConnectAsync(_listener.EndPoint!, Cancel);
        return monitor;
    }

    private Task<Delivery> Store(MonitorReading reading, CancellationToken cancel)
    {
        lock (_stored)
            _stored.Add(reading);
        return Task.FromResult(Delivery.Stored);
    }
}
