namespace Euthymia.Numerics.Random;

/// <summary>
/// Philox 4x32-10: a random number is a function of a key and a counter, so that number <c>n</c> of stream <c>i</c>
/// of seed <c>s</c> is the same on any machine, in any order, on any thread.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).
/// </summary>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>The four 32-bit words of one counter under one key, after ten rounds.</summary>
    public static PhiloxBlock Generate(PhiloxBlock counter, uint key0, uint key1)
    {
        var (x0, x1, x2, x3) = counter;
        for (var round = 0; round < 10; round++)
        {
            var product0 = (ulong)Multiplier0 * x0;
            var product1 = (ulong)Multiplier1 * x2;
            x0 = (uint)(product1 >> 32) ^ x1 ^ key0;
            x2 = (uint)(product0 >> 32) ^ x3 ^ key1;
            x1 = (uint)product1;
            x3 = (uint)product0;
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return new PhiloxBlock(x0, x1, x2, x3);
    }
}

/// <summary>Four 32-bit words: a counter going in, random bits coming out.</summary>
public readonly record struct PhiloxBlock(uint X0, uint X1, uint X2, uint X3);

/// <summary>
/// The numbered deviates of one stream (one virtual patient) of a seed. Deviate <c>index</c> never depends on which
/// others were asked for. The seed is Philox's key; the counter is (stream, index / 2), two 53-bit uniforms to a block.
/// </summary>
public readonly record struct Deviates(ulong Seed, ulong Stream)
{
    /// <summary>A uniform deviate strictly between 0 and 1, on the grid (k + 1/2) / 2^52.</summary>
    public double Uniform(uint index)
    {
        var block = Philox.Generate(
            new PhiloxBlock((uint)Stream, (uint)(Stream >> 32), index >> 1, 0),
            (uint)Seed,
            (uint)(Seed >> 32));
        var bits = (index & 1) == 0 ? ((ulong)block.X0 << 32) | block.X1 : ((ulong)block.X2 << 32) | block.X3;
        // 52 bits, so that k + 1/2 is exact and the largest value stays below one.
        return ((bits >> 12) + 0.5) * (1.0 / (1UL << 52));
    }

    /// <summary>A standard normal deviate by inversion of <see cref="Uniform"/>: one uniform, one normal.</summary>
    public double Normal(uint index) => NormalQuantile.Of(Uniform(index));
}
