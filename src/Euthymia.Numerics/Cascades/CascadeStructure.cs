using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// Which entries of a model's propagators can differ from 0. A propagator acts on the inputs' rates (held constant, so their
/// rows are the identity's and nobody computes them) followed by the compartments; kernels work on pairs of compartments'
/// rows and pairs of columns, and the size is padded to an even number of columns. With compartments in the order in which mass
/// passes through them the matrix is nearly lower triangular, and the kernels skip what lies above.
/// </summary>
internal static class CascadeStructure<TModel>
    where TModel : ICascadeModel
{
    private static readonly bool[,] Used = Closure();

    /// <summary>For each pair of compartments' rows (a last row may stand alone), the end of the columns that can differ from 0.</summary>
    public static int[] Reach { get; } = [.. Enumerable.Range(0, (TModel.CompartmentCount + 1) / 2).Select(pair =>
        Enumerable.Range(0, Size).Last(column => IsUsed(FirstRow(pair), column) || IsUsed(FirstRow(pair) + 1, column)) + 1)];

    /// <summary>For each pair of columns, the first row that can differ from 0.</summary>
    public static int[] First { get; } = [.. Enumerable.Range(0, Size / 2).Select(pair =>
        Enumerable.Range(0, Size).First(row => IsUsed(row, 2 * pair) || IsUsed(row, (2 * pair) + 1)))];

    private static int Size => Propagators<Lanes1, TModel>.Size;

    private static int FirstRow(int pair) => TModel.Inputs.Length + (2 * pair);

    private static bool IsUsed(int row, int column) => row < TModel.Inputs.Length + TModel.CompartmentCount && (row == column || Used[row, column]);

    private static bool[,] Closure()
    {
        int n = TModel.CompartmentCount, inputs = TModel.Inputs.Length;
        var used = new bool[Size, Size];
        for (var input = 0; input < inputs; input++)
            used[inputs + TModel.Inputs[input], input] = true;
        Probe(used, n, inputs);
        for (var k = 0; k < Size; k++)
        {
            for (var i = 0; i < Size; i++)
            {
                for (var j = 0; j < Size; j++)
                    used[i, j] |= used[i, k] && used[k, j];
            }
        }
        return used;
    }

    // Two sets of unlike parameters: an entry that is 0 for both is 0 by structure.
    private static unsafe void Probe(bool[,] used, int n, int inputs)
    {
        foreach (var seed in new[] { 0.3819660112501051, 0.7548776662466927 })
        {
            var parameters = new Lanes1[TModel.ParameterCount + 1];
            for (var i = 0; i < parameters.Length; i++)
                parameters[i] = 1 + (seed * (i + 1) % 1);
            var rates = new Lanes1[n * n];
            fixed (Lanes1* p = parameters, k = rates)
                TModel.Disposition(new Row<Lanes1>(p), new RateMatrix<Lanes1>(k, n));
            for (var i = 0; i < n * n; i++)
                used[inputs + (i / n), inputs + (i % n)] |= rates[i].Value != 0;
        }
    }
}
