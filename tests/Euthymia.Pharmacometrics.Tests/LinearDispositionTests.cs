using CsCheck;
using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics.Tests;

public sealed class LinearDispositionTests
{
    [Fact]
    public void Modes_and_the_matrix_exponential_agree()
        => Gen.Double[0.01, 20].Array[9].Sample(
            k =>
            {
                // depot -> central <-> two peripherals, central -> metabolite <-> its peripheral
                var matrix = Matrix(6, (0, 1, k[0]), (1, 2, k[1]), (2, 1, k[2]), (1, 3, k[3]), (3, 1, k[4]), (1, 4, k[5]), (4, 5, k[6]), (5, 4, k[7]), (4, -1, k[8]));
                var disposition = new LinearDisposition(new LinearStructure(matrix, 6));
                disposition.Decompose(matrix);
                if (!disposition.IsModal)
                    return;
                var (e, g) = (new double[36], new double[36]);
                MatrixExponential.Compute(matrix, 0.7, 6, e, g);
                for (var i = 0; i < 6; i++)
                    for (var j = 0; j < 6; j++)
                        Assert.Equal(e[i * 6 + j], ModalExponential(disposition, 6, i, j, 0.7), 1e-9);
            },
            iter: 10_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1e-12)]
    [InlineData(1e-7)]
    [InlineData(1e-3)]
    public void Coinciding_rates_are_solved_to_the_limit(double difference)
    {
        // One compartment with ka = ke (1 + difference): the limit is ka t exp(-ka t).
        const double rate = 1.3;
        var matrix = Matrix(2, (0, 1, rate), (1, -1, rate * (1 + difference)));
        var disposition = new LinearDisposition(new LinearStructure(matrix, 2));
        disposition.Decompose(matrix);
        var (e, g) = (new double[4], new double[4]);
        MatrixExponential.Compute(matrix, 2, 2, e, g);

        var expected = 2 * rate * Math.Exp(-rate * 2) * Phi1(-2 * rate * difference);
        Assert.Equal(expected, e[2], 1e-13);
        Assert.Equal(difference >= 1e-3, disposition.IsModal);
        if (disposition.IsModal)
            Assert.Equal(expected, ModalExponential(disposition, 2, 1, 0, 2), 1e-11);
    }

    [Fact]
    public void Equal_rates_inside_a_block_need_no_exception()
    {
        // Two peripherals alike: a repeated pattern whose symmetric form has well separated vectors all the same.
        var matrix = Matrix(3, (0, 1, 2), (1, 0, 1), (0, 2, 2), (2, 0, 1), (0, -1, 1));
        var disposition = new LinearDisposition(new LinearStructure(matrix, 3));
        disposition.Decompose(matrix);
        var (e, g) = (new double[9], new double[9]);
        MatrixExponential.Compute(matrix, 1.5, 3, e, g);

        Assert.True(disposition.IsModal);
        Assert.Equal(e[0], ModalExponential(disposition, 3, 0, 0, 1.5), 1e-13);
        Assert.Equal(e[1], e[2], 1e-14);
    }

    [Fact]
    public void Exchange_round_a_loop_is_refused()
    {
        var matrix = Matrix(3, (0, 1, 1), (1, 0, 1), (1, 2, 1), (2, 1, 1), (2, 0, 1), (0, 2, 1));

        Assert.Equal("model-inconsistent", Assert.Throws<InvalidInputException>(() => new LinearStructure(matrix, 3)).Code);
    }

    private static double ModalExponential(LinearDisposition disposition, int n, int row, int column, double time)
        => Enumerable.Range(0, n).Sum(mode =>
            disposition.Modes[row * n + mode] * Math.Exp(disposition.Rates[mode] * time) * disposition.InverseModes[mode * n + column]);

    private static double Phi1(double x) => Math.Abs(x) < 1e-5 ? 1 + x / 2 + x * x / 6 : (Math.Exp(x) - 1) / x;

    private static double[] Matrix(int n, params (int From, int To, double Rate)[] flows)
    {
        var matrix = new double[n * n];
        foreach (var (from, to, rate) in flows)
        {
            matrix[from * n + from] -= rate;
            if (to >= 0)
                matrix[to * n + from] += rate;
        }

        return matrix;
    }
}
