using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// Which entries of a model's propagator exp(K t) can differ from 0: the transitive closure of the rate matrix. The
/// kernels hold those entries only, row by row, and multiply propagators by a list of pairs.
/// </summary>
internal sealed unsafe class CascadeStructure<TModel>
    where TModel : ICascadeModel
{
    private CascadeStructure()
    {
        var n = TModel.CompartmentCount;
        var used = Probe();
        for (var k = 0; k < n; k++)
        {
            used[k, k] = true;
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                    used[i, j] |= used[i, k] && used[k, j];
            }
        }
        var index = new int[n, n];
        var columns = new List<int>();
        RowStart = new int[n + 1];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                index[i, j] = used[i, j] ? columns.Count : -1;
                if (used[i, j])
                    columns.Add(j);
            }
            RowStart[i + 1] = columns.Count;
        }
        Columns = [.. columns];
        var pairs = new List<int>();
        PairStart = new int[columns.Count + 1];
        for (int i = 0, entry = 0; i < n; i++)
        {
            for (; entry < RowStart[i + 1]; entry++)
            {
                for (var k = 0; k < n; k++)
                {
                    if (index[i, k] >= 0 && index[k, columns[entry]] >= 0)
                        pairs.AddRange([index[i, k], index[k, columns[entry]]]);
                }
                PairStart[entry + 1] = pairs.Count;
            }
        }
        Pairs = [.. pairs];
        Dense = [.. columns.Select((j, entry) => (Array.FindIndex(RowStart, start => start > entry) - 1) * n + j)];
    }

    /// <summary>The structure of the model, made once.</summary>
    public static CascadeStructure<TModel> Instance { get; } = new();

    /// <summary>Number of entries held.</summary>
    public int Entries => Columns.Length;

    /// <summary>First entry of each row, and the number of entries at the end.</summary>
    public int[] RowStart { get; }

    /// <summary>Column of each entry.</summary>
    public int[] Columns { get; }

    /// <summary>Where each entry's pairs begin in <see cref="Pairs"/>.</summary>
    public int[] PairStart { get; }

    /// <summary>For each entry of a product, the entries of left and right factor whose products add up to it.</summary>
    public int[] Pairs { get; }

    /// <summary>Index of each entry in the dense matrix.</summary>
    public int[] Dense { get; }

    // Two sets of unlike parameters: an entry that is 0 for both is 0 by structure.
    private static bool[,] Probe()
    {
        var n = TModel.CompartmentCount;
        var used = new bool[n, n];
        foreach (var seed in new[] { 0.3819660112501051, 0.7548776662466927 })
        {
            var parameters = new Lanes1[TModel.ParameterCount + 1];
            for (var i = 0; i < parameters.Length; i++)
                parameters[i] = 1 + (seed * (i + 1) % 1);
            var rates = new Lanes1[n * n];
            fixed (Lanes1* p = parameters, k = rates)
                TModel.Disposition(new Row<Lanes1>(p), new RateMatrix<Lanes1>(k, n));
            for (var i = 0; i < n * n; i++)
                used[i / n, i % n] |= rates[i].Value != 0;
        }
        return used;
    }
}
