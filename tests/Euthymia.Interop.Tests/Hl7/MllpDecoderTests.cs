using CsCheck;
using Euthymia.Interop.Hl7;

namespace Euthymia.Interop.Tests.Hl7;

public sealed class MllpDecoderTests
{
    /// <summary>Any bytes but the block characters, which a message cannot hold.</summary>
    private static readonly Gen<byte[]> Message = Gen.Byte.Where(b => b is not (MllpDecoder.StartBlock or MllpDecoder.EndBlock)).Array[0, 300];

    [Fact]
    public void Messages_come_out_as_they_went_in_however_the_network_splits_them()
        => Gen.Select(Message.Array[0, 6], Gen.Int[1, 50]).Sample((messages, size) =>
        {
            byte[] wire = [.. messages.SelectMany(message => MllpDecoder.Encode(message))];
            MllpDecoder decoder = new();
            List<byte[]> frames = [];
            foreach (var piece in wire.Chunk(size))
                Assert.Equal(MllpFault.None, decoder.Feed(piece, frames));

            Assert.Equal(messages, frames);
            Assert.False(decoder.InFrame);
        });

    [Fact]
    public void Any_bytes_are_survived_and_memory_stays_bounded()
        => Gen.Byte.Array[0, 2_000].Sample(bytes =>
        {
            MllpDecoder decoder = new();
            List<byte[]> frames = [];
            decoder.Feed(bytes, frames);

            Assert.True(frames.Sum(frame => frame.Length) <= bytes.Length);
        });

    [Fact]
    public void Bytes_between_frames_are_ignored()
    {
        List<byte[]> frames = [];
        new MllpDecoder().Feed([1, 2, 3, .. MllpDecoder.Encode("a"u8), 13, 10, .. MllpDecoder.Encode("b"u8)], frames);

        Assert.Equal(2, frames.Count);
    }

    [Fact]
    public void A_frame_without_its_end_block_is_dropped_when_the_next_begins()
    {
        List<byte[]> frames = [];
        MllpDecoder decoder = new();
        decoder.Feed([MllpDecoder.StartBlock, 1, 2, .. MllpDecoder.Encode("whole"u8)], frames);

        Assert.Equal("whole"u8.ToArray(), Assert.Single(frames));
        Assert.Equal(2, decoder.Begun);
    }

    [Fact]
    public void A_broken_end_block_is_a_fault()
        => Assert.Equal(MllpFault.BrokenEndBlock, new MllpDecoder().Feed([MllpDecoder.StartBlock, 65, MllpDecoder.EndBlock, 66], []));

    [Theory]
    [InlineData(MllpDecoder.MaximumFrame, MllpFault.None)]
    [InlineData(MllpDecoder.MaximumFrame + 1, MllpFault.TooLarge)]
    public void A_frame_is_bounded(int length, MllpFault expected)
    {
        MllpDecoder decoder = new();
        List<byte[]> frames = [];
        decoder.Feed([MllpDecoder.StartBlock], frames);

        Assert.Equal(expected, decoder.Feed(Enumerable.Repeat((byte)65, length).ToArray(), frames));
        Assert.Empty(frames);
    }
}
