namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// Eigenvalues and eigenvectors of small symmetric matrices by cyclic Jacobi rotations: each is as exact as rounding
/// allows, equal eigenvalues included. Source: Golub and Van Loan, Matrix Computations, 4th ed., section 8.5.
/// </summary>
internal static class SymmetricEigen
{
    /// <summary>Turns <paramref name="matrix"/> (m x m, row-major) diagonal; the columns of <paramref name="vectors"/> are its eigenvectors.</summary>
    public static void Jacobi(Span<double> matrix, Span<double> vectors, int m)
    {
        for (var i = 0; i < m; i++)
            for (var j = 0; j < m; j++)
                vectors[i * m + j] = i == j ? 1 : 0;

        // Convergence is quadratic: five or six sweeps are the rule, sixty cannot be needed.
        for (var sweep = 0; sweep < 60; sweep++)
        {
            var rotated = false;
            for (var p = 0; p < m - 1; p++)
                for (var q = p + 1; q < m; q++)
                    rotated |= Rotate(matrix, vectors, m, p, q);
            if (!rotated)
                return;
        }
    }

    private static bool Rotate(Span<double> a, Span<double> vectors, int m, int p, int q)
    {
        var off = a[p * m + q];
        if (Math.Abs(off) <= 1e-17 * Math.Sqrt(Math.Abs(a[p * m + p] * a[q * m + q])))
            return false;

        var theta = (a[q * m + q] - a[p * m + p]) / (2 * off);
        var tangent = Math.Abs(theta) > 1e150
            ? 1 / (2 * theta)
            : Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        var cosine = 1 / Math.Sqrt(tangent * tangent + 1);
        var sine = tangent * cosine;

        a[p * m + p] -= tangent * off;
        a[q * m + q] += tangent * off;
        a[p * m + q] = a[q * m + p] = 0;
        for (var k = 0; k < m; k++)
        {
            if (k != p && k != q)
            {
                var (kp, kq) = (a[k * m + p], a[k * m + q]);
                a[k * m + p] = a[p * m + k] = cosine * kp - sine * kq;
                a[k * m + q] = a[q * m + k] = sine * kp + cosine * kq;
            }

            var (vp, vq) = (vectors[k * m + p], vectors[k * m + q]);
            vectors[k * m + p] = cosine * vp - sine * vq;
            vectors[k * m + q] = sine * vp + cosine * vq;
        }

        return true;
    }
}
