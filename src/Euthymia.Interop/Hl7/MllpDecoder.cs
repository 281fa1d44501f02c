namespace Euthymia.Interop.Hl7;

/// <summary>Why bytes on an MLLP connection were not a frame.</summary>
public enum MllpFault
{
    None,

    /// <summary>More bytes than <see cref="MllpDecoder.MaximumFrame"/> before the end block. The connection is to be closed.</summary>
    TooLarge,

    /// <summary>The end block's first byte was not followed by a carriage return. The connection is to be closed.</summary>
    BrokenEndBlock,
}

/// <summary>
/// Cuts a byte stream into HL7 messages: VT, message, FS, CR (HL7 minimal lower layer protocol, release 1). Fed any
/// way the network splits the stream. Memory is bounded by the largest frame, whatever a sender claims.
/// </summary>
public sealed class MllpDecoder
{
    public const byte StartBlock = 0x0B;
    public const byte EndBlock = 0x1C;
    public const byte CarriageReturn = 0x0D;

    /// <summary>1 MB: the largest message of a patient monitor is a few kilobytes.</summary>
    public const int MaximumFrame = 1024 * 1024;

    private readonly List<byte> _frame = new(4096);
    private bool _inFrame;
    private bool _endBlockSeen;

    /// <summary>True between a start block and its end: the moment to run a timeout.</summary>
    public bool InFrame => _inFrame;

    /// <summary>Frames begun so far. One that begins before the last one ended drops that one, which was never acknowledged.</summary>
    public long Begun { get; private set; }

    /// <summary>Complete messages are added to <paramref name="frames"/>. Bytes outside a frame are ignored.</summary>
    public MllpFault Feed(ReadOnlySpan<byte> bytes, ICollection<byte[]> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        foreach (var value in bytes)
        {
            var fault = Next(value, frames);
            if (fault != MllpFault.None)
                return fault;
        }

        return MllpFault.None;
    }

    /// <summary>The message between its blocks.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> message) => [StartBlock, .. message, EndBlock, CarriageReturn];

    private MllpFault Next(byte value, ICollection<byte[]> frames)
    {
        if (value == StartBlock)
        {
            Begun++;
            Begin(inFrame: true);
            return MllpFault.None;
        }

        if (!_inFrame)
            return MllpFault.None;

        if (_endBlockSeen)
        {
            if (value != CarriageReturn)
            {
                Begin(inFrame: false);
                return MllpFault.BrokenEndBlock;
            }

            frames.Add([.. _frame]);
            Begin(inFrame: false);
        }
        else if (value == EndBlock)
        {
            _endBlockSeen = true;
        }
        else if (_frame.Count == MaximumFrame)
        {
            Begin(inFrame: false);
            return MllpFault.TooLarge;
        }
        else
        {
            _frame.Add(value);
        }

        return MllpFault.None;
    }

    private void Begin(bool inFrame)
    {
        _frame.Clear();
        _inFrame = inFrame;
        _endBlockSeen = false;
    }
}
