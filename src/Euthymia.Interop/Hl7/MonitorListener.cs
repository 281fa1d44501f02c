using System.Net;
using System.Net.Sockets;

namespace Euthymia.Interop.Hl7;

/// <summary>
/// Listens for patient monitors (HL7 over MLLP on TCP). MLLP has no sign-in and no encryption, so it listens on this
/// machine only unless told otherwise; on a network it belongs behind the clinic's device segment.
/// </summary>
public sealed class MonitorListener(MonitorDesk desk, TimeProvider time) : IDisposable
{
    /// <summary>More than the chairs of a large clinic; a further connection is closed at once.</summary>
    public const int MaximumConnections = 64;

    /// <summary>A frame that has begun must end within this time, or the connection is closed.</summary>
    public static readonly TimeSpan FrameTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Usual port of HL7 over MLLP.</summary>
    public const int UsualPort = 2575;

    private TcpListener? _listener;
    private int _connections;

    /// <summary>Where it listens, with the port that was found when 0 was asked for.</summary>
    public IPEndPoint? EndPoint => (IPEndPoint?)_listener?.LocalEndpoint;

    /// <summary>Opens the port.</summary>
    /// <param name="endPoint">Default: this machine only, the usual port.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public void Open(IPEndPoint? endPoint = null)
    {
        _listener = new TcpListener(endPoint ?? new IPEndPoint(IPAddress.Loopback, UsualPort));
        _listener.Start();
    }

    /// <summary>Serves connections until cancelled; then closes them all.</summary>
    public async Task Run(CancellationToken cancel)
    {
        var listener = _listener ?? throw new InvalidOperationException("Open the port first.");
        List<Task> open = [];
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(cancel);
                open.RemoveAll(task => task.IsCompleted);
                if (Volatile.Read(ref _connections) >= MaximumConnections)
                    client.Dispose();
                else
                    open.Add(Serve(client, cancel));
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
        finally
        {
            listener.Stop();
            await Task.WhenAll(open);
        }
    }

    public void Dispose() => _listener?.Dispose();

    private async Task Serve(TcpClient client, CancellationToken cancel)
    {
        Interlocked.Increment(ref _connections);
        try
        {
            using (client)
                await Serve(client.GetStream(), cancel);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The sender went away, a frame did not end in time, or the listener stops: nothing unacknowledged is lost, the sender still has it.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task Serve(NetworkStream stream, CancellationToken cancel)
    {
        MllpDecoder decoder = new();
        List<byte[]> frames = [];
        var buffer = new byte[8192];
        using var deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        long begun = 0;
        while (true)
        {
            // The deadline runs from a frame's begin to its end, however slowly its bytes drip in.
            if (!decoder.InFrame)
                deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            else if (decoder.Begun != begun)
                deadline.CancelAfter(FrameTimeout);
            begun = decoder.Begun;

            var count = await stream.ReadAsync(buffer, either.Token);
            if (count == 0)
                return;
            var fault = decoder.Feed(buffer.AsSpan(0, count), frames);
            foreach (var frame in frames)
                await stream.WriteAsync(MllpDecoder.Encode(await desk.Answer(frame, cancel)), cancel);
            if (fault != MllpFault.None)
            {
                await stream.WriteAsync(MllpDecoder.Encode(desk.Answer(fault)), cancel);
                await HangUp(stream, buffer, either.Token);
                return;
            }

            frames.Clear();
        }
    }

    /// <summary>Reads on for a while before closing: closing with unread bytes would reset the connection and the answer with it.</summary>
    private static async Task HangUp(NetworkStream stream, byte[] buffer, CancellationToken cancel)
    {
        stream.Socket.Shutdown(SocketShutdown.Send);
        var count = 0;
        for (var left = MllpDecoder.MaximumFrame; left > 0; left -= count)
        {
            count = await stream.ReadAsync(buffer, cancel);
            if (count == 0)
                return;
        }
    }
}
