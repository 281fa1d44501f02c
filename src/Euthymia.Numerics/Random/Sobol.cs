using System.Numerics;

namespace Euthymia.Numerics;

/// <summary>
/// Sobol's low-discrepancy sequence in up to 64 dimensions with the direction numbers of Joe and Kuo (SIAM J. Sci. Comput. 30
/// (2008) 2635-2654, set "new-joe-kuo-6"), as it is or scrambled after Owen. Point <c>i</c> is computed from <c>i</c> alone, so
/// virtual patient <c>i</c> is the same in any batch and on any machine.
/// </summary>
/// <remarks>
/// Scrambling is nested and uniform (Owen, 1995), by hashing as in Laine and Karras (2011) with the constants of Vegdahl
/// (2021): each bit is flipped by a hash of the seed, the dimension and the bits above it, which keeps the
/// net's equidistribution and makes averages unbiased. The precision is 32 bits.
/// </remarks>
public sealed class Sobol
{
    /// <summary>Largest number of dimensions.</summary>
    public const int MaximumDimensions = SobolDirections.Count + 1;

    private readonly uint[] _directions;
    private readonly uint[]? _seeds;

    /// <summary>The plain sequence.</summary>
    /// <param name="dimensions">Number of coordinates of a point, 1 to 64.</param>
    /// <exception cref="NumericsException"><c>dimensions-invalid</c>.</exception>
    public Sobol(int dimensions)
    {
        if (dimensions is < 1 or > MaximumDimensions)
            throw new NumericsException("dimensions-invalid", nameof(dimensions), $"{dimensions} dimensions are not offered: ask for 1 to {MaximumDimensions}.");
        Dimensions = dimensions;
        _directions = new uint[dimensions * 32];
        for (var bit = 0; bit < 32; bit++)
            _directions[bit] = 1u << (31 - bit);
        for (var dimension = 1; dimension < dimensions; dimension++)
            SobolDirections.Expand(dimension, _directions.AsSpan(dimension * 32, 32));
    }

    /// <summary>The sequence scrambled by a seed; other seeds give independent randomisations.</summary>
    /// <param name="dimensions">Number of coordinates of a point, 1 to 64.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="NumericsException"><c>dimensions-invalid</c>.</exception>
    public Sobol(int dimensions, ulong seed)
        : this(dimensions)
    {
        _seeds = new uint[dimensions];
        for (var dimension = 0; dimension < dimensions; dimension++)
            _seeds[dimension] = (uint)(Mix(seed + (0x9E3779B97F4A7C15 * (ulong)(dimension + 1))) >> 32);
    }

    /// <summary>Number of coordinates of a point.</summary>
    public int Dimensions { get; }

    /// <summary>Computes one point, each coordinate in (0, 1): the centre of its cell of width 2^-32, so that neither 0 nor 1 occurs.</summary>
    /// <param name="index">Index of the point.</param>
    /// <param name="point">Receives <see cref="Dimensions"/> coordinates.</param>
    public void Point(uint index, Span<double> point)
    {
        for (var dimension = 0; dimension < Dimensions; dimension++)
            point[dimension] = (Integer(index, dimension) + 0.5) * (1.0 / 4294967296.0);
    }

    /// <summary>One coordinate of a point as the 32 bits after the binary point.</summary>
    /// <param name="index">Index of the point.</param>
    /// <param name="dimension">Index of the coordinate.</param>
    public uint Integer(uint index, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)dimension, (uint)Dimensions, nameof(dimension));
        // Antonov and Saleev's order visits the same points of each block of 2^k.
        var gray = index ^ (index >> 1);
        var value = 0u;
        for (; gray != 0; gray &= gray - 1)
            value ^= _directions[(dimension * 32) + BitOperations.TrailingZeroCount(gray)];
        return _seeds is null ? value : Scramble(value, _seeds[dimension]);
    }

    // On reversed bits "depends on the bits above" becomes "depends on the bits below", which is what + and x do.
    private static uint Scramble(uint value, uint seed)
    {
        var x = Reverse(value);
        x ^= x * 0x3D20ADEA;
        x += seed;
        x *= (seed >> 16) | 1;
        x ^= x * 0x05526C56;
        x ^= x * 0x53A22864;
        return Reverse(x);
    }

    private static uint Reverse(uint x)
    {
        x = ((x >> 1) & 0x55555555) | ((x & 0x55555555) << 1);
        x = ((x >> 2) & 0x33333333) | ((x & 0x33333333) << 2);
        x = ((x >> 4) & 0x0F0F0F0F) | ((x & 0x0F0F0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(x);
    }

    // SplitMix64's finaliser (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
