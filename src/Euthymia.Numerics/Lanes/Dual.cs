using System.Runtime.CompilerServices;

namespace Euthymia.Numerics.Lanes;

/// <summary>
/// A lane vector with its derivative along one direction: a model evaluated on it yields an exact column of its Jacobian
/// (forward-mode automatic differentiation), so stiff methods ask nothing more of a model than its equations.
/// </summary>
/// <typeparam name="T">The lane type.</typeparam>
internal readonly record struct Dual<T>(T Value, T Slope) : ILane<Dual<T>>
    where T : unmanaged, ILane<T>
{
    /// <inheritdoc/>
    public static int Width => T.Width;

    /// <inheritdoc/>
    public double this[int lane] => Value[lane];

    /// <inheritdoc/>
    public static implicit operator Dual<T>(double value) => new(value, 0.0);

    /// <inheritdoc/>
    public static Dual<T> operator +(Dual<T> left, Dual<T> right) => new(left.Value + right.Value, left.Slope + right.Slope);

    /// <inheritdoc/>
    public static Dual<T> operator -(Dual<T> left, Dual<T> right) => new(left.Value - right.Value, left.Slope - right.Slope);

    /// <inheritdoc/>
    public static Dual<T> operator *(Dual<T> left, Dual<T> right) => new(left.Value * right.Value, (left.Slope * right.Value) + (left.Value * right.Slope));

    /// <inheritdoc/>
    public static Dual<T> operator /(Dual<T> left, Dual<T> right)
    {
        var quotient = left.Value / right.Value;
        return new(quotient, (left.Slope - (quotient * right.Slope)) / right.Value);
    }

    /// <inheritdoc/>
    public static Dual<T> operator -(Dual<T> value) => new(-value.Value, -value.Slope);

    /// <inheritdoc/>
    public static Dual<T> MultiplyAdd(Dual<T> a, Dual<T> b, Dual<T> c) =>
        new(T.MultiplyAdd(a.Value, b.Value, c.Value), T.MultiplyAdd(a.Slope, b.Value, T.MultiplyAdd(a.Value, b.Slope, c.Slope)));

    /// <inheritdoc/>
    public static Dual<T> MultiplyAddNegated(Dual<T> a, Dual<T> b, Dual<T> c) => MultiplyAdd(-a, b, c);

    /// <inheritdoc/>
    public static Dual<T> Exp(Dual<T> value)
    {
        var exp = T.Exp(value.Value);
        return new(exp, exp * value.Slope);
    }

    /// <inheritdoc/>
    public static Dual<T> Log(Dual<T> value) => new(T.Log(value.Value), value.Slope / value.Value);

    /// <inheritdoc/>
    public static Dual<T> Sqrt(Dual<T> value)
    {
        var root = T.Sqrt(value.Value);
        return new(root, value.Slope / (root + root));
    }

    /// <inheritdoc/>
    public static Dual<T> Abs(Dual<T> value) => Select(AtMost(0.0, value), value, -value);

    /// <inheritdoc/>
    public static Dual<T> Max(Dual<T> a, Dual<T> b) => Select(AtMost(b, a), a, b);

    /// <inheritdoc/>
    public static Dual<T> Min(Dual<T> a, Dual<T> b) => Select(AtMost(a, b), a, b);

    /// <inheritdoc/>
    public static Dual<T> AtMost(Dual<T> a, Dual<T> b)
    {
        var mask = T.AtMost(a.Value, b.Value);
        return new(mask, mask);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> Select(Dual<T> mask, Dual<T> yes, Dual<T> no) =>
        new(T.Select(mask.Value, yes.Value, no.Value), T.Select(mask.Value, yes.Slope, no.Slope));

    /// <inheritdoc/>
    public static uint Bits(Dual<T> mask) => T.Bits(mask.Value);

    /// <inheritdoc/>
    public static Dual<T> Mask(uint bits) => new(T.Mask(bits), T.Mask(bits));

    /// <inheritdoc/>
    public static unsafe void Stream(Dual<T> value, Dual<T>* destination) => *destination = value;
}
