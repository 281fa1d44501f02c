namespace Euthymia.Pharmacometrics.Responses;

/// <summary>
/// The exact step of dx/dt = K x + b r with constant r: x(t + h) = exp(K h) x(t) + r (integral of exp(K s) b ds, s from 0 to h),
/// both from one exponential of the augmented matrix [K b; 0 0] (Van Loan 1978).
/// </summary>
internal sealed class LinearStep(int size, double[] transition, double[] input)
{
    private const int TaylorTerms = 14;

    public static LinearStep Of(double[,] rates, int inputState, double step)
    {
        var n = rates.GetLength(0) + 1;
        var augmented = new double[n * n];
        for (var i = 0; i < n - 1; i++)
        {
            for (var j = 0; j < n - 1; j++)
                augmented[i * n + j] = rates[i, j] * step;
        }
        augmented[inputState * n + n - 1] = step;

        var exponential = Exponential(augmented, n);
        var size = n - 1;
        var transition = new double[size * size];
        var input = new double[size];
        for (var i = 0; i < size; i++)
        {
            input[i] = exponential[i * n + n - 1];
            for (var j = 0; j < size; j++)
                transition[i * size + j] = exponential[i * n + j];
        }
        return new LinearStep(size, transition, input);
    }

    public void Advance(ReadOnlySpan<double> state, Span<double> next, double rate)
    {
        for (var i = 0; i < size; i++)
        {
            var sum = input[i] * rate;
            for (var j = 0; j < size; j++)
                sum += transition[i * size + j] * state[j];
            next[i] = sum;
        }
    }

    // Scaling and squaring with a Taylor series: the norm is brought below 1/2, where 14 terms leave less than 1e-15.
    private static double[] Exponential(double[] matrix, int n)
    {
        var norm = 0.0;
        for (var i = 0; i < n; i++)
            norm = Math.Max(norm, Enumerable.Range(0, n).Sum(j => Math.Abs(matrix[i * n + j])));
        var squarings = Math.Max(0, (int)Math.Ceiling(Math.Log2(Math.Max(norm, 1e-300) * 2)));
        var scale = Math.Pow(2, -squarings);
        var scaled = matrix.Select(value => value * scale).ToArray();

        var result = Identity(n);
        var term = Identity(n);
        for (var k = 1; k <= TaylorTerms; k++)
        {
            term = Multiply(term, scaled, n, 1.0 / k);
            for (var i = 0; i < result.Length; i++)
                result[i] += term[i];
        }
        for (var i = 0; i < squarings; i++)
            result = Multiply(result, result, n, 1);
        return result;
    }

    private static double[] Identity(int n)
    {
        var identity = new double[n * n];
        for (var i = 0; i < n; i++)
            identity[i * n + i] = 1;
        return identity;
    }

    private static double[] Multiply(double[] left, double[] right, int n, double factor)
    {
        var product = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < n; k++)
            {
                var value = left[i * n + k] * factor;
                for (var j = 0; j < n; j++)
                    product[i * n + j] += value * right[k * n + j];
            }
        }
        return product;
    }
}
