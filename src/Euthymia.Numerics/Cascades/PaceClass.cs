using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// The patients who can share a plan: those whose fastest disposition rate and whose fastest response rate lie in the same
/// bands. Both come from the patient's own parameters.
/// </summary>
/// <param name="Disposition">Band of the largest rate constant, in half octaves.</param>
/// <param name="Response">Band of the response's own rate, in half octaves.</param>
internal readonly record struct PaceClass(int Disposition, int Response)
{
    // Found by trial on courses of infusions at a tolerance of 1e-6, so that few steps need refinement: the first step after a
    // switch spans one time constant of the fastest rate, the longest 0.7 of one of the response.
    private const double LongestShare = 0.7;
    private const double Growth = 0.5;

    // Bands lie between -60 and 60.
    private const int Offset = 128, Bits = 8;

    /// <summary>
    /// A number that sorts patients by class. Within a class they keep their own order, so that grouping does not depend on the
    /// sort.
    /// </summary>
    public long SortKey(int patient) => ((((long)Disposition + Offset) << Bits | (long)(Response + Offset)) << 32) | (uint)patient;

    /// <summary>The patient of a <see cref="SortKey"/>.</summary>
    public static int Patient(long key) => (int)key;

    /// <summary>The class of a <see cref="SortKey"/>.</summary>
    public static PaceClass Class(long key) => new((int)(key >> (32 + Bits)) - Offset, (int)((key >> 32) & ((1 << Bits) - 1)) - Offset);

    /// <summary>Steps of the class. The order of the method is 5 inside a step, hence the fifth root of the tolerance.</summary>
    public Pace Pace(double tolerance, double refinement)
    {
        var scale = Math.Pow(tolerance / 1e-6, 0.2) / refinement;
        return new(Math.Min(1, scale) / Math.Pow(2, Disposition / 2.0), LongestShare * scale / Math.Pow(2, Response / 2.0), Math.Min(1, Growth * scale));
    }

    /// <summary>The sort key of each patient.</summary>
    /// <exception cref="NumericsException">A parameter or a rate is not finite, or a rate is too large.</exception>
    public static unsafe long[] KeysOf<T, TModel>(ReadOnlySpan<double> parameters, int patients)
        where T : unmanaged, ILane<T>
        where TModel : ICascadeModel
    {
        int n = TModel.CompartmentCount, m = TModel.ResponseCount, count = TModel.ParameterCount;
        var memory = Propagators<T, TModel>.Allocate(count + (n * n) + n + TModel.Drivers.Length + (4 * m));
        try
        {
            T* rates = memory + count, x = rates + (n * n), drivers = x + n, y = drivers + TModel.Drivers.Length, f = y + m, shifted = f + m, moved = shifted + m;
            var keys = new long[patients];
            for (var first = 0; first < patients; first += T.Width)
            {
                for (var lane = 0; lane < T.Width; lane++)
                {
                    for (var i = 0; i < count; i++)
                        ((double*)memory)[(i * T.Width) + lane] = parameters[(Math.Min(first + lane, patients - 1) * count) + i];
                }
                var row = new Row<T>(memory);
                System.Runtime.InteropServices.NativeMemory.Clear(rates, (nuint)(n * n * sizeof(T)));
                TModel.Disposition(row, new RateMatrix<T>(rates, n));
                T fastest = 0.0;
                for (var i = 0; i < n; i++)
                    fastest = T.Max(fastest, T.Abs(rates[(i * n) + i]));
                T response = 0.0;
                if (m > 0)
                {
                    System.Runtime.InteropServices.NativeMemory.Clear(x, (nuint)((n + m) * sizeof(T)));
                    System.Runtime.InteropServices.NativeMemory.Clear(y, (nuint)(m * sizeof(T)));
                    TModel.Start(row, new Row<T>(x), new Row<T>(y));
                    for (var d = 0; d < TModel.Drivers.Length; d++)
                        drivers[d] = x[TModel.Drivers[d]];
                    TModel.Response(0, row, new Row<T>(drivers), new Row<T>(y), new Row<T>(f));
                    for (var s = 0; s < m; s++)
                    {
                        var kept = y[s];
                        var step = (T.Abs(kept) * 1e-3) + 1e-3;
                        y[s] = kept + step;
                        TModel.Response(0, row, new Row<T>(drivers), new Row<T>(y), new Row<T>(moved));
                        y[s] = kept;
                        response = T.Max(response, T.Abs((moved[s] - f[s]) / step));
                    }
                }
                for (var lane = 0; lane < T.Width && first + lane < patients; lane++)
                    keys[first + lane] = Classify(fastest[lane], response[lane], first + lane).SortKey(first + lane);
            }
            return keys;
        }
        finally
        {
            System.Runtime.InteropServices.NativeMemory.AlignedFree(memory);
        }
    }

    private static PaceClass Classify(double fastest, double response, int patient)
    {
        if (!double.IsFinite(fastest) || fastest > 1e9)
            throw new NumericsException("parameters-invalid", $"patient[{patient}]", $"Patient {patient} has a disposition rate of {fastest}: volumes must be above 0 and clearances finite.");
        if (!double.IsFinite(response) || response > 1e9)
            throw new NumericsException("parameters-invalid", $"patient[{patient}]", $"The response of patient {patient} has a rate of {response} at the start: check the parameters.");
        return new((int)Math.Ceiling(2 * Math.Log2(Math.Max(fastest, 1e-9))), (int)Math.Ceiling(2 * Math.Log2(Math.Max(response, 1e-6))));
    }
}
