using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics.Tests;

/// <summary>A' = K(t) A + r, where the answer is known.</summary>
public sealed class LinearRadauTests
{
    [Fact]
    public void Steps_converge_at_order_five()
    {
        // Amounts that exchange at a rate that grows: sum and difference follow closed forms.
        double[] errors = [.. new[] { 8, 16, 32 }.Select(steps =>
        {
            var amounts = Solve(2, [1, 0], [0, 0], 2, steps, (t, k) => (k[0], k[1], k[2], k[3]) = (-1 - t, 1 + t, 1 + t, -1 - t));
            return Math.Abs(amounts[0] - (1 + Math.Exp(-2 * (2 + 2))) / 2);
        })];

        Assert.InRange(Math.Log2(errors[0] / errors[1]), 4.7, 6);
        Assert.InRange(Math.Log2(errors[1] / errors[2]), 4.7, 6);
    }

    [Fact]
    public void A_constant_input_over_a_rate_that_moves_is_exact_where_the_answer_is_a_polynomial()
    {
        // With k = 1/(1 + t), A = 3 (1 + t) solves A' = -k A + 6, and one step of any length finds it.
        var amounts = Solve(1, [3], [6], 4, 1, (t, k) => k[0] = -1 / (1 + t));

        Assert.Equal(15, amounts[0], 1e-12);
    }

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e9)]
    public void Fast_exchange_is_damped_whatever_the_step(double rate)
    {
        var amounts = Solve(2, [1, 0], [0, 0], 10, 3, (t, k) => (k[0], k[1], k[2], k[3]) = (-rate * (1 + t), rate * (1 + t), rate * (1 + t), -rate * (1 + t)));

        Assert.Equal(0.5, amounts[0], 1e-7);
        Assert.Equal(1, amounts[0] + amounts[1], 1e-7);
    }

    private static double[] Solve(int size, double[] amounts, double[] rates, double until, int steps, Action<double, double[]> matrix)
    {
        var radau = new LinearRadau(size);
        var h = until / steps;
        for (var step = 0; step < steps; step++)
        {
            for (var i = 0; i < 3; i++)
                matrix((step + LinearRadau.Nodes[i]) * h, radau.Matrices[i]);
            radau.Step(amounts, rates, h);
        }

        return amounts;
    }
}
