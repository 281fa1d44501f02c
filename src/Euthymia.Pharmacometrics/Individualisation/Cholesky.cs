namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>The factorisation A = L L' of a symmetric positive definite matrix, row-major, in place in its lower triangle.</summary>
internal static class Cholesky
{
    /// <summary>Replaces the lower triangle by L. A pivot lost to rounding is raised to a tiny one.</summary>
    public static void Factor(Span<double> matrix, int size)
    {
        for (var i = 0; i < size; i++)
        {
            var rowI = matrix.Slice(i * size, i + 1);
            for (var j = 0; j < i; j++)
            {
                var rowJ = matrix.Slice(j * size, j + 1);
                var sum = rowI[j];
                for (var k = 0; k < j; k++)
                    sum -= rowI[k] * rowJ[k];
                rowI[j] = sum / rowJ[j];
            }

            var pivot = rowI[i];
            for (var k = 0; k < i; k++)
                pivot -= rowI[k] * rowI[k];
            rowI[i] = Math.Sqrt(Math.Max(pivot, 1e-12));
        }
    }

    /// <summary>Solves L L' x = b in place.</summary>
    public static void Solve(ReadOnlySpan<double> factor, Span<double> vector, int size)
    {
        for (var i = 0; i < size; i++)
        {
            var sum = vector[i];
            for (var k = 0; k < i; k++)
                sum -= factor[i * size + k] * vector[k];
            vector[i] = sum / factor[i * size + i];
        }

        SolveTransposed(factor, vector, size);
    }

    /// <summary>Solves L' x = b in place: deviates b become deviates of covariance A^-1.</summary>
    public static void SolveTransposed(ReadOnlySpan<double> factor, Span<double> vector, int size)
    {
        for (var i = size - 1; i >= 0; i--)
        {
            var sum = vector[i];
            for (var k = i + 1; k < size; k++)
                sum -= factor[k * size + i] * vector[k];
            vector[i] = sum / factor[i * size + i];
        }
    }

    /// <summary>ln det A.</summary>
    public static double LogDeterminant(ReadOnlySpan<double> factor, int size)
    {
        var sum = 0.0;
        for (var i = 0; i < size; i++)
            sum += 2 * Math.Log(factor[i * size + i]);
        return sum;
    }
}
