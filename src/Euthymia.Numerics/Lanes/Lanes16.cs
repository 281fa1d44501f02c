using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Euthymia.Numerics.Lanes;

/// <summary>
/// Sixteen patients in two 512-bit vectors: each operation is two that do not wait for each other, which fills a processor
/// that a single chain of dependent operations leaves idle.
/// </summary>
public record struct Lanes16 : ILane<Lanes16>
{
    private Vector512<double> _low;
    private Vector512<double> _high;

    /// <inheritdoc/>
    public static int Width => 16;

    /// <inheritdoc/>
    public readonly double this[int lane] => lane < 8 ? _low[lane] : _high[lane - 8];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Lanes16(double value) => new() { _low = Vector512.Create(value), _high = Vector512.Create(value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator +(Lanes16 left, Lanes16 right) => new() { _low = left._low + right._low, _high = left._high + right._high };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator -(Lanes16 left, Lanes16 right) => new() { _low = left._low - right._low, _high = left._high - right._high };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator *(Lanes16 left, Lanes16 right) => new() { _low = left._low * right._low, _high = left._high * right._high };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator /(Lanes16 left, Lanes16 right) => new() { _low = left._low / right._low, _high = left._high / right._high };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator -(Lanes16 value) => new() { _low = -value._low, _high = -value._high };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 MultiplyAdd(Lanes16 a, Lanes16 b, Lanes16 c) => new()
    {
        _low = Vector512.FusedMultiplyAdd(a._low, b._low, c._low),
        _high = Vector512.FusedMultiplyAdd(a._high, b._high, c._high),
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 MultiplyAddNegated(Lanes16 a, Lanes16 b, Lanes16 c) => new()
    {
        _low = Avx512F.IsSupported ? Avx512F.FusedMultiplyAddNegated(a._low, b._low, c._low) : Vector512.FusedMultiplyAdd(-a._low, b._low, c._low),
        _high = Avx512F.IsSupported ? Avx512F.FusedMultiplyAddNegated(a._high, b._high, c._high) : Vector512.FusedMultiplyAdd(-a._high, b._high, c._high),
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Exp(Lanes16 value) => new() { _low = Vector512.Exp(value._low), _high = Vector512.Exp(value._high) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Log(Lanes16 value) => new() { _low = Vector512.Log(value._low), _high = Vector512.Log(value._high) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Sqrt(Lanes16 value) => new() { _low = Vector512.Sqrt(value._low), _high = Vector512.Sqrt(value._high) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Abs(Lanes16 value) => new() { _low = Vector512.Abs(value._low), _high = Vector512.Abs(value._high) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Max(Lanes16 a, Lanes16 b) => new() { _low = Vector512.Max(a._low, b._low), _high = Vector512.Max(a._high, b._high) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Min(Lanes16 a, Lanes16 b) => new() { _low = Vector512.Min(a._low, b._low), _high = Vector512.Min(a._high, b._high) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 AtMost(Lanes16 a, Lanes16 b) => new() { _low = Vector512.LessThanOrEqual(a._low, b._low), _high = Vector512.LessThanOrEqual(a._high, b._high) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Select(Lanes16 mask, Lanes16 yes, Lanes16 no) => new()
    {
        _low = Vector512.ConditionalSelect(mask._low, yes._low, no._low),
        _high = Vector512.ConditionalSelect(mask._high, yes._high, no._high),
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(Lanes16 mask) => (uint)mask._low.ExtractMostSignificantBits() | ((uint)mask._high.ExtractMostSignificantBits() << 8);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Mask(uint bits)
    {
        var low = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);
        var high = low << 8;
        var all = Vector512.Create((long)bits);
        return new() { _low = Vector512.Equals(all & low, low).AsDouble(), _high = Vector512.Equals(all & high, high).AsDouble() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Stream(Lanes16 value, Lanes16* destination)
    {
        Vector512.StoreAlignedNonTemporal(value._low, (double*)destination);
        Vector512.StoreAlignedNonTemporal(value._high, (double*)destination + 8);
    }
}
