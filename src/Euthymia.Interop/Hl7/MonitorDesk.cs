using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Euthymia.Interop.Hl7;

/// <summary>A monitor that belongs to a chair.</summary>
/// <param name="Chair">The chair.</param>
/// <param name="DeviceId">What the monitor sends in MSH-3: its unique id, else its name.</param>
/// <param name="Period">Time between two frames.</param>
public sealed record MonitorBinding(string Chair, string DeviceId, TimeSpan Period);

/// <summary>What the clinic did with a reading.</summary>
/// <param name="Accepted">True only when it is stored durably.</param>
/// <param name="Reason">Why not; goes back to the monitor, so it never holds patient data.</param>
public sealed record Delivery(bool Accepted, string Reason = "")
{
    public static Delivery Stored { get; } = new(true);

    /// <summary>For example: no visit at this chair, or nobody has confirmed the patient yet.</summary>
    public static Delivery Refused(string reason) => new(false, reason);
}

/// <summary>
/// Turns frames into readings of chairs and answers each with one acknowledgement: accepted only after the clinic has
/// stored the reading. A message sent again is answered as the first time and not delivered again.
/// </summary>
public sealed class MonitorDesk : IDisposable
{
    /// <summary>Answers remembered per device; a monitor that resends does so at once, not thousands of messages later.</summary>
    public const int RememberedAnswers = 1_000;

    private readonly Func<MonitorReading, CancellationToken, Task<Delivery>> _deliver;
    private readonly Action<FeedChange> _feedChanged;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Device> _devices;
    private readonly ConcurrentDictionary<string, FrameWatch> _watches = new(StringComparer.Ordinal);

    /// <summary>A desk for the clinic's monitors.</summary>
    /// <param name="bindings">Which monitor belongs to which chair.</param>
    /// <param name="deliver">Stores a reading of a chair; completes after it is durable.</param>
    /// <param name="feedChanged">Told when a watched chair's feed is lost or back.</param>
    /// <param name="time">The clock.</param>
    public MonitorDesk(
        IEnumerable<MonitorBinding> bindings,
        Func<MonitorReading, CancellationToken, Task<Delivery>> deliver,
        Action<FeedChange> feedChanged,
        TimeProvider time)
    {
        _devices = bindings.ToDictionary(binding => binding.DeviceId, binding => new Device(binding), StringComparer.Ordinal);
        _deliver = deliver;
        _feedChanged = feedChanged;
        _time = time;
    }

    /// <summary>Begins to watch a chair's feed: once a person has confirmed patient and chair.</summary>
    /// <exception cref="KeyNotFoundException">No monitor is bound to the chair.</exception>
    public void Watch(string chair)
    {
        var binding = _devices.Values.Select(device => device.Binding).FirstOrDefault(one => string.Equals(one.Chair, chair, StringComparison.Ordinal))
            ?? throw new KeyNotFoundException($"No monitor is bound to chair {chair}.");
        Release(chair);
        _watches[chair] = new FrameWatch(chair, binding.Period, _feedChanged, _time);
    }

    /// <summary>Ends the watch with the visit.</summary>
    public void Release(string chair)
    {
        if (_watches.TryRemove(chair, out var watch))
            watch.Dispose();
    }

    /// <summary>The answer to one frame, without its MLLP blocks. Never throws for what a sender can cause.</summary>
    public async Task<byte[]> Answer(byte[] frame, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        var controlId = "";
        try
        {
            var message = Er7Message.Parse(frame);
            controlId = message.Msh.Text(10);
            var device = _devices.GetValueOrDefault(Pcd01.DeviceOf(message))
                ?? throw new Hl7Exception(AckCode.AR, 204, message.Msh.Location(3), "This device is not bound to a chair.");
            return await device.Once(controlId, SHA256.HashData(frame), () => Deliver(message, device.Binding, now, cancel), cancel);
        }
        catch (Hl7Exception refusal)
        {
            return Bytes(Acknowledgement.Of(refusal, controlId));
        }
    }

    /// <summary>The answer to bytes that were not a frame.</summary>
    public byte[] Answer(MllpFault fault) => Bytes(new Acknowledgement(AckCode.AR, "")
    {
        ErrorCode = 207,
        Reason = fault == MllpFault.TooLarge ? $"The frame is larger than {MllpDecoder.MaximumFrame} bytes." : "The end block is broken.",
    });

    public void Dispose()
    {
        foreach (var chair in _watches.Keys)
            Release(chair);
        foreach (var device in _devices.Values)
            device.Dispose();
    }

    private async Task<(byte[] Answer, bool Remember)> Deliver(Er7Message message, MonitorBinding binding, DateTimeOffset now, CancellationToken cancel)
    {
        var reading = Pcd01.Read(message, now) with { Chair = binding.Chair };
        if (_watches.TryGetValue(binding.Chair, out var watch))
            watch.Frame(now);
        if (reading.IsEmpty)
            return (Bytes(new Acknowledgement(AckCode.AA, reading.ControlId)), true);

        Delivery delivery;
        try
        {
            delivery = await _deliver(reading, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The store failed, not the sender: not remembered, so that sending it again tries again.
            return (Bytes(new Acknowledgement(AckCode.AE, reading.ControlId) { ErrorCode = 207, Reason = "The reading could not be stored. Send it again." }), false);
        }

        return delivery.Accepted
            ? (Bytes(new Acknowledgement(AckCode.AA, reading.ControlId)), true)
            : (Bytes(new Acknowledgement(AckCode.AR, reading.ControlId) { ErrorCode = 207, Reason = delivery.Reason }), false);
    }

    private byte[] Bytes(Acknowledgement answer) => answer.ToBytes(_time.GetUtcNow(), Guid.CreateVersion7());

    /// <summary>One monitor: its messages are handled one after the other, each control id once.</summary>
    private sealed class Device(MonitorBinding binding) : IDisposable
    {
        private readonly SemaphoreSlim _turn = new(1, 1);
        private readonly Dictionary<string, (byte[] Content, byte[] Answer)> _answers = new(StringComparer.Ordinal);
        private readonly Queue<string> _order = new();

        public MonitorBinding Binding { get; } = binding;

        public async Task<byte[]> Once(string controlId, byte[] content, Func<Task<(byte[] Answer, bool Remember)>> handle, CancellationToken cancel)
        {
            await _turn.WaitAsync(cancel);
            try
            {
                if (_answers.TryGetValue(controlId, out var first))
                {
                    return first.Content.AsSpan().SequenceEqual(content)
                        ? first.Answer
                        : throw new Hl7Exception(AckCode.AE, 205, "MSH^1^10", "This control id was used for another message.");
                }

                var (answer, remember) = await handle();
                if (remember)
                    Remember(controlId, content, answer);
                return answer;
            }
            finally
            {
                _turn.Release();
            }
        }

        public void Dispose() => _turn.Dispose();

        private void Remember(string controlId, byte[] content, byte[] answer)
        {
            _answers.Add(controlId, (content, answer));
            _order.Enqueue(controlId);
            if (_order.Count > RememberedAnswers)
                _answers.Remove(_order.Dequeue());
        }
    }
}
