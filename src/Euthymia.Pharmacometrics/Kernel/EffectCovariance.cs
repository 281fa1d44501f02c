namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>The correlations of a model's random effects as a lower triangle L with L L' = R.</summary>
internal static class EffectCovariance
{
    /// <summary>L, row-major; empty when nothing is correlated, null when the correlations are not positive definite.</summary>
    public static double[]? Factor(DrugModel model)
    {
        if (model.Correlations is not { Count: > 0 } pairs)
            return [];
        string[] names = [.. model.RandomEffects.Select(effect => effect.Name)];
        var n = names.Length;
        var matrix = new double[n * n];
        for (var i = 0; i < n; i++)
            matrix[i * n + i] = 1;
        foreach (var pair in pairs)
        {
            var (i, j) = (Array.IndexOf(names, pair.First), Array.IndexOf(names, pair.Second));
            if (i < 0 || j < 0)
                return null;
            matrix[i * n + j] = matrix[j * n + i] = pair.Correlation;
        }

        return Cholesky(matrix, n);
    }

    /// <summary>L of a symmetric matrix, or null when it is not positive definite.</summary>
    public static double[]? Cholesky(ReadOnlySpan<double> matrix, int n)
    {
        var lower = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i * n + j];
                for (var k = 0; k < j; k++)
                    sum -= lower[i * n + k] * lower[j * n + k];
                if (i == j && sum <= 0)
                    return null;
                lower[i * n + j] = i == j ? Math.Sqrt(sum) : sum / lower[j * n + j];
            }
        }

        return lower;
    }

    /// <summary>Correlates independent deviates in place.</summary>
    public static void Apply(ReadOnlySpan<double> lower, Span<double> deviates)
    {
        if (lower.IsEmpty)
            return;
        var n = deviates.Length;
        // From the last row up: row i needs the deviates before it as they were drawn.
        for (var i = n - 1; i >= 0; i--)
        {
            var sum = 0.0;
            for (var j = 0; j <= i; j++)
                sum += lower[i * n + j] * deviates[j];
            deviates[i] = sum;
        }
    }
}
