namespace Euthymia.Pharmacometrics;

/// <summary>Sample quantiles, type 7 of Hyndman and Fan (The American Statistician 50 (1996) 361-365): linear between order statistics.</summary>
public static class Quantile
{
    /// <summary>The quantile of values in any order, which it reorders.</summary>
    /// <param name="values">At least one, none of them NaN.</param>
    /// <param name="probability">From 0 to 1.</param>
    public static double InPlace(Span<double> values, double probability)
    {
        if (values.IsEmpty)
            throw new ArgumentException("A quantile needs at least one value.", nameof(values));
        var position = (values.Length - 1) * probability;
        var lower = Math.Min((int)position, values.Length - 1);
        var value = Select(values, lower);
        var fraction = position - lower;
        if (fraction <= 0 || lower + 1 >= values.Length)
            return value;
        var above = double.PositiveInfinity;
        foreach (var candidate in values[(lower + 1)..])
            above = Math.Min(above, candidate);
        return value + fraction * (above - value);
    }

    /// <summary>The 5th, 50th and 95th percentile.</summary>
    public static (double Low, double Median, double High) Band(Span<double> values)
        => (InPlace(values, 0.05), InPlace(values, 0.5), InPlace(values, 0.95));

    /// <summary>
    /// The order statistic of a rank, with everything smaller before it and everything larger after it.
    /// Source: Hoare, Communications of the ACM 4 (1961) 321-322, with the median of three as pivot.
    /// </summary>
    private static double Select(Span<double> values, int rank)
    {
        var (low, high) = (0, values.Length - 1);
        while (high > low)
        {
            var pivot = MedianOfThree(values[low], values[(low + high) / 2], values[high]);
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (values[i] < pivot)
                    i++;
                while (values[j] > pivot)
                    j--;
                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }

            if (rank <= j)
                high = j;
            else if (rank >= i)
                low = i;
            else
                break;
        }

        return values[rank];
    }

    private static double MedianOfThree(double a, double b, double c)
        => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
