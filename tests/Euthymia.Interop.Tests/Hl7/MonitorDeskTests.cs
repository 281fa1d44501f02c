using CsCheck;
using Euthymia.Interop.Hl7;
using Microsoft.Extensions.Time.Testing;

namespace Euthymia.Interop.Tests.Hl7;

public sealed class MonitorDeskTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(Samples.Now);
    private readonly List<MonitorReading> _stored = [];
    private readonly List<FeedChange> _changes = [];
    private readonly MonitorDesk _desk;
    private Func<MonitorReading, Delivery> _store = _ => Delivery.Stored;

    public MonitorDeskTests()
        => _desk = new MonitorDesk([new MonitorBinding("3", Samples.Device, TimeSpan.FromSeconds(5))], Store, _changes.Add, _time);

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task A_stored_reading_is_accepted_and_carries_its_chair()
    {
        var answer = await Send(Samples.Reading);

        Assert.Equal((AckCode.AA, "1001"), (answer.Code, answer.ControlId));
        Assert.Equal("3", Assert.Single(_stored).Chair);
    }

    [Fact]
    public async Task A_message_sent_again_gets_the_first_answer_and_is_stored_once()
    {
        var first = await Raw(Samples.Reading);
        _time.Advance(TimeSpan.FromSeconds(20));
        var second = await Raw(Samples.Reading);

        Assert.Equal(first, second);
        Assert.Single(_stored);
    }

    [Fact]
    public async Task A_control_id_used_for_another_message_is_refused()
    {
        await Send(Samples.Reading);
        var answer = await Send(Samples.Reading with { HeartRate = 90 });

        Assert.Equal((AckCode.AE, 205), (answer.Code, answer.ErrorCode));
        Assert.Single(_stored);
    }

    [Fact]
    public async Task A_reading_that_could_not_be_stored_may_be_sent_again()
    {
        _store = _ => throw new InvalidOperationException("disk full at /secret/path");
        var failed = await Send(Samples.Reading);
        _store = _ => Delivery.Stored;
        var again = await Send(Samples.Reading);

        Assert.Equal((AckCode.AE, 207), (failed.Code, failed.ErrorCode));
        Assert.DoesNotContain("secret", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(AckCode.AA, again.Code);
        Assert.Single(_stored);
    }

    [Fact]
    public async Task A_chair_nobody_confirmed_rejects_with_the_reason_and_accepts_later()
    {
        _store = _ => Delivery.Refused("Nobody has confirmed the patient at this chair.");
        var refused = await Send(Samples.Reading);
        _store = _ => Delivery.Stored;

        Assert.Equal((AckCode.AR, "Nobody has confirmed the patient at this chair."), (refused.Code, refused.Reason));
        Assert.Equal(AckCode.AA, (await Send(Samples.Reading)).Code);
    }

    [Fact]
    public async Task A_device_that_is_not_bound_is_rejected()
    {
        var answer = await Send(Samples.Reading with { DeviceId = "stranger" });

        Assert.Equal((AckCode.AR, 204), (answer.Code, answer.ErrorCode));
        Assert.Empty(_stored);
    }

    [Fact]
    public async Task A_message_without_measurements_is_accepted_and_not_delivered()
    {
        var answer = await Send(new MonitorReading(Samples.Device, "7", Samples.Now));

        Assert.Equal(AckCode.AA, answer.Code);
        Assert.Empty(_stored);
    }

    [Fact]
    public async Task Old_answers_are_forgotten_so_that_memory_stays_bounded()
    {
        for (var i = 0; i <= MonitorDesk.RememberedAnswers; i++)
            await Send(Samples.Reading with { ControlId = $"{i}" });
        var before = _stored.Count;
        await Send(Samples.Reading with { ControlId = "0" });
        await Send(Samples.Reading with { ControlId = "5" });

        Assert.Equal(before + 1, _stored.Count);
    }

    [Fact]
    public void Any_frame_gets_exactly_one_answer()
        => Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 3]).Sample((noise, kind) =>
        {
            var good = MonitorFrame.Write(Samples.Reading);
            byte[] frame = kind switch
            {
                0 => noise,
                1 => [.. good, .. noise],
                2 => [.. good[..(noise.Length % good.Length)]],
                _ => [.. good.Select((value, i) => i == noise.Length ? (byte)(value ^ 0x15) : value)],
            };
            var answer = Acknowledgement.Parse(_desk.Answer(frame, CancellationToken.None).GetAwaiter().GetResult());

            Assert.True(answer.Code == AckCode.AA || answer.ErrorCode is >= 100 and <= 207);
        });

    [Fact]
    public async Task The_third_missed_frame_raises_one_alarm_and_the_next_frame_ends_it()
    {
        _desk.Watch("3");
        await Send(Samples.Reading);
        _time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.Empty(_changes);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        _time.Advance(TimeSpan.FromMinutes(5));
        var lost = Assert.Single(_changes);
        Assert.Equal(("3", true, Samples.Now), (lost.Chair, lost.Lost, lost.LastFrameAt));

        await Send(Samples.Reading with { ControlId = "1002" });
        Assert.Equal([true, false], _changes.Select(change => change.Lost));
    }

    [Fact]
    public void A_monitor_that_never_sends_is_missed_too_until_the_watch_ends()
    {
        _desk.Watch("3");
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Null(Assert.Single(_changes).LastFrameAt);

        _desk.Watch("3");
        _desk.Release("3");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(_changes);
    }

    [Fact]
    public void A_chair_without_a_monitor_cannot_be_watched()
        => Assert.Throws<KeyNotFoundException>(() => _desk.Watch("4"));

    private Task<Delivery> Store(MonitorReading reading, CancellationToken cancel)
    {
        var delivery = _store(reading);
        if (delivery.Accepted)
            _stored.Add(reading);
        return Task.FromResult(delivery);
    }

    private Task<byte[]> Raw(MonitorReading reading) => _desk.Answer(MonitorFrame.Write(reading), TestContext.Current.CancellationToken);

    private async Task<Acknowledgement> Send(MonitorReading reading) => Acknowledgement.Parse(await Raw(reading));
}
