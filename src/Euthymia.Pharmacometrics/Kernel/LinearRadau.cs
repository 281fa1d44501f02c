namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// One step of dA/dt = K(t) A + r where K changes with time: Radau IIA with three stages, order 5, L-stable, so that fast
/// exchange does not limit the step. The equations are linear, so the stages need one solution and no iteration.
/// Source: Hairer and Wanner, Solving Ordinary Differential Equations II, 2nd ed. (1996), section IV.5, table 5.6.
/// </summary>
internal sealed class LinearRadau(int size)
{
    private const double Root6 = 2.449489742783178;

    private static readonly double[] Weights =
    [
        (88 - 7 * Root6) / 360, (296 - 169 * Root6) / 1800, (-2 + 3 * Root6) / 225,
        (296 + 169 * Root6) / 1800, (88 + 7 * Root6) / 360, (-2 - 3 * Root6) / 225,
        (16 - Root6) / 36, (16 + Root6) / 36, 1.0 / 9,
    ];

    private readonly double[] _system = new double[9 * size * size];
    private readonly double[] _stages = new double[3 * size];

    /// <summary>Where in the step K is needed, as fractions of it.</summary>
    public static ReadOnlySpan<double> Nodes => [(4 - Root6) / 10, (4 + Root6) / 10, 1];

    /// <summary>K at the nodes, row-major, to be filled before <see cref="Step"/>.</summary>
    public double[][] Matrices { get; } = [new double[size * size], new double[size * size], new double[size * size]];

    /// <summary>A(t + step) from A(t), in place.</summary>
    public void Step(Span<double> amounts, ReadOnlySpan<double> rates, double step)
    {
        // Y_i = A + h sum_j a_ij (K_j Y_j + r); the last stage is the end of the step.
        var width = 3 * size;
        for (var i = 0; i < 3; i++)
        {
            for (var row = 0; row < size; row++)
            {
                for (var j = 0; j < 3; j++)
                    for (var column = 0; column < size; column++)
                        _system[(i * size + row) * width + j * size + column] =
                            (i == j && row == column ? 1 : 0) - step * Weights[i * 3 + j] * Matrices[j][row * size + column];
                _stages[i * size + row] = amounts[row] + step * Nodes[i] * rates[row];
            }
        }

        LinearEquations.Solve(_system, _stages, width);
        _stages.AsSpan(2 * size).CopyTo(amounts);
    }
}
