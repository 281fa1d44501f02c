using System.Numerics;

namespace Euthymia.Numerics.Lanes;

/// <summary>
/// A fixed number of doubles computed side by side, one patient in each: the scalar type of every kernel.
/// A model or method is written once over <typeparamref name="T"/> and runs on 8, 4 or 1 lanes.
/// No operation mixes lanes, so the numbers of one patient never depend on the neighbours in its vector.
/// </summary>
/// <typeparam name="T">The implementing type.</typeparam>
public interface ILane<T> :
    IAdditionOperators<T, T, T>,
    ISubtractionOperators<T, T, T>,
    IMultiplyOperators<T, T, T>,
    IDivisionOperators<T, T, T>,
    IUnaryNegationOperators<T, T>
    where T : unmanaged, ILane<T>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Width { get; }

    /// <summary>The same number in every lane.</summary>
    static abstract implicit operator T(double value);

    /// <summary>The number in one lane, counted from 0.</summary>
    /// <param name="lane">Index of the lane.</param>
    double this[int lane] { get; }

    /// <summary>a x b + c with one rounding.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>c - a x b with one rounding.</summary>
    static abstract T MultiplyAddNegated(T a, T b, T c);

    /// <summary>Exponential, within 2 units in the last place.</summary>
    static abstract T Exp(T value);

    /// <summary>Natural logarithm, within 2 units in the last place.</summary>
    static abstract T Log(T value);

    /// <summary>Square root.</summary>
    static abstract T Sqrt(T value);

    /// <summary>Magnitude.</summary>
    static abstract T Abs(T value);

    /// <summary>The larger of two numbers.</summary>
    static abstract T Max(T a, T b);

    /// <summary>The smaller of two numbers.</summary>
    static abstract T Min(T a, T b);

    /// <summary>A mask that is set in the lanes where a is not greater than b; a NaN on either side leaves the lane unset.</summary>
    static abstract T AtMost(T a, T b);

    /// <summary>Lane by lane, <paramref name="yes"/> where the mask is set and <paramref name="no"/> where it is not.</summary>
    static abstract T Select(T mask, T yes, T no);

    /// <summary>The lanes in which a mask is set, as bits: bit 0 for lane 0.</summary>
    static abstract uint Bits(T mask);

    /// <summary>The mask whose lanes are given as bits.</summary>
    static abstract T Mask(uint bits);

    /// <summary>
    /// Stores past the caches, for results that nobody reads soon: their lines need not be fetched first and push nothing out.
    /// </summary>
    /// <param name="value">The vector.</param>
    /// <param name="destination">Memory aligned to the size of a vector.</param>
    static abstract unsafe void Stream(T value, T* destination);
}
