namespace Euthymia.Numerics.Random;

/// <summary>
/// The standard normal distribution function, about 15 significant digits also in the lower tail.
/// Source: the series of Marsaglia, Journal of Statistical Software 11 (2004) issue 4; in the tail the continued fraction of
/// Laplace (Abramowitz and Stegun 26.2.14).
/// </summary>
public static class NormalProbability
{
    private const double InverseRootTwoPi = 0.3989422804014326779;
    private const double Tail = 5;

    /// <summary>The density at x.</summary>
    /// <param name="x">Any number.</param>
    public static double Density(double x) => InverseRootTwoPi * Math.Exp(-0.5 * x * x);

    /// <summary>P(X &lt;= x).</summary>
    /// <param name="x">Any number, infinities too.</param>
    public static double Of(double x)
    {
        if (x > Tail)
            return 1 - Of(-x);
        if (x < -Tail)
            return x < -40 ? 0 : Density(x) / Fraction(-x);
        var (term, sum, square) = (x, x, x * x);
        for (var i = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); i += 2)
            sum += term *= square / i;
        return 0.5 + sum * Density(x);
    }

    /// <summary>ln P(X &lt;= x), finite for any finite x.</summary>
    /// <param name="x">Any number.</param>
    public static double Log(double x)
        => x < -Tail ? -0.5 * x * x + Math.Log(InverseRootTwoPi / Fraction(-x)) : Math.Log(Of(x));

    // x + 1/(x + 2/(x + 3/(x + ...))), from the inside out.
    private static double Fraction(double x)
    {
        var fraction = x;
        for (var i = 120; i >= 1; i--)
            fraction = x + i / fraction;
        return fraction;
    }
}
