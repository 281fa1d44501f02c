namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// Which compartments exchange with which. Compartments that reach each other form a block; blocks feed one another one
/// way only (a depot feeds the drug, the drug feeds its metabolite), so K is block-triangular in their order.
/// A block exchanges along a tree; then a diagonal scaling makes it symmetric, and its eigenvalues are real with a
/// well-conditioned basis.
/// </summary>
internal sealed class LinearStructure
{
    /// <summary>Finds the blocks.</summary>
    /// <exception cref="InvalidInputException">Compartments exchange round a loop.</exception>
    /// <param name="matrix">A rate matrix K, row-major, whose zeros are the structure.</param>
    /// <param name="size">Number of compartments.</param>
    public LinearStructure(ReadOnlySpan<double> matrix, int size)
    {
        Size = size;
        Feeds = Reachability(matrix, size);
        Blocks = Partition(Feeds, size);
        BlockOf = new int[size];
        for (var block = 0; block < Blocks.Length; block++)
            foreach (var compartment in Blocks[block])
                BlockOf[compartment] = block;
        foreach (var block in Blocks)
            if (!IsTree(block, matrix, size))
                throw new InvalidInputException("model-inconsistent", "flows", "Compartments that exchange must do so along a tree, without a loop.");
    }

    public int Size { get; }

    /// <summary>Compartments of each block, feeding blocks first.</summary>
    public int[][] Blocks { get; }

    /// <summary>The block of each compartment.</summary>
    public int[] BlockOf { get; }

    /// <summary>Whether drug in the first compartment can come to the second.</summary>
    public bool[,] Feeds { get; }

    private static bool[,] Reachability(ReadOnlySpan<double> matrix, int size)
    {
        var reaches = new bool[size, size];
        for (var from = 0; from < size; from++)
            for (var to = 0; to < size; to++)
                reaches[from, to] = from == to || matrix[to * size + from] != 0;
        for (var middle = 0; middle < size; middle++)
            for (var from = 0; from < size; from++)
                for (var to = 0; to < size; to++)
                    reaches[from, to] |= reaches[from, middle] && reaches[middle, to];
        return reaches;
    }

    private static int[][] Partition(bool[,] reaches, int size)
    {
        var blocks = Enumerable.Range(0, size)
            .GroupBy(compartment => Enumerable.Range(0, size).First(other => reaches[compartment, other] && reaches[other, compartment]))
            .Select(group => group.ToArray())
            .ToList();
        // A block that is fed by others is reached from more compartments than its feeders are.
        return [.. blocks.OrderBy(block => Enumerable.Range(0, size).Count(from => reaches[from, block[0]]))];
    }

    private static bool IsTree(int[] block, ReadOnlySpan<double> matrix, int size)
    {
        var links = 0;
        foreach (var one in block)
        {
            foreach (var other in block)
            {
                if (one >= other)
                    continue;
                var there = matrix[other * size + one] != 0;
                var back = matrix[one * size + other] != 0;
                if (there != back)
                    return false;
                links += there ? 1 : 0;
            }
        }

        return links == block.Length - 1;
    }
}
