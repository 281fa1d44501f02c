namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// E = exp(K h) and G = integral of exp(K s) over 0..h for any K, by scaling and squaring of the Taylor series:
/// E(2h) = E(h)^2, G(2h) = G(h) + E(h) G(h). Slower than modes and indifferent to coinciding eigenvalues.
/// Source: Moler and Van Loan, SIAM Review 45 (2003) 3-49, method 3.
/// </summary>
internal static class MatrixExponential
{
    /// <summary>Fills <paramref name="e"/> and <paramref name="g"/> (n x n, row-major).</summary>
    public static void Compute(ReadOnlySpan<double> matrix, double step, int n, Span<double> e, Span<double> g)
    {
        var norm = 0.0;
        foreach (var value in matrix)
            norm = Math.Max(norm, Math.Abs(value));
        norm *= n * step;
        var doublings = norm > 0.5 ? (int)Math.Ceiling(Math.Log2(norm / 0.5)) : 0;
        var h = Math.ScaleB(step, -doublings);

        Span<double> term = stackalloc double[n * n];
        Span<double> next = stackalloc double[n * n];
        g.Clear();
        term.Clear();
        for (var i = 0; i < n; i++)
            term[i * n + i] = h;
        for (var order = 1; order <= 20; order++)
        {
            for (var i = 0; i < n * n; i++)
                g[i] += term[i];
            Product(term, matrix, next, n, h / (order + 1));
            next.CopyTo(term);
        }

        Product(matrix, g, e, n, 1);
        for (var i = 0; i < n; i++)
            e[i * n + i] += 1;
        for (var doubling = 0; doubling < doublings; doubling++)
        {
            Product(e, g, term, n, 1);
            for (var i = 0; i < n * n; i++)
                g[i] += term[i];
            Product(e, e, next, n, 1);
            next.CopyTo(e);
        }
    }

    private static void Product(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result, int n, double factor)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < n; k++)
                    sum += left[i * n + k] * right[k * n + j];
                result[i * n + j] = sum * factor;
            }
        }
    }
}
