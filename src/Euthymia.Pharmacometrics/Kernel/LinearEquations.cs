namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>Small dense systems by Gaussian elimination with partial pivoting.</summary>
internal static class LinearEquations
{
    /// <summary>Solves A x = b in place: <paramref name="right"/> becomes x, <paramref name="matrix"/> (n x n, row-major) is used up.</summary>
    public static void Solve(Span<double> matrix, Span<double> right, int n)
    {
        for (var column = 0; column < n; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < n; row++)
                if (Math.Abs(matrix[row * n + column]) > Math.Abs(matrix[pivot * n + column]))
                    pivot = row;
            for (var j = column; j < n && pivot != column; j++)
                (matrix[column * n + j], matrix[pivot * n + j]) = (matrix[pivot * n + j], matrix[column * n + j]);
            (right[column], right[pivot]) = (right[pivot], right[column]);
            for (var row = column + 1; row < n; row++)
            {
                var factor = matrix[row * n + column] / matrix[column * n + column];
                for (var j = column; j < n; j++)
                    matrix[row * n + j] -= factor * matrix[column * n + j];
                right[row] -= factor * right[column];
            }
        }

        for (var row = n - 1; row >= 0; row--)
        {
            for (var j = row + 1; j < n; j++)
                right[row] -= matrix[row * n + j] * right[j];
            right[row] /= matrix[row * n + row];
        }
    }
}
