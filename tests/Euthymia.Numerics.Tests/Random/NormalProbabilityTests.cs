using Euthymia.Numerics.Random;

namespace Euthymia.Numerics.Tests.Random;

public sealed class NormalProbabilityTests
{
    // Reference values: erfc(-x / sqrt 2) / 2 of the C library.
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.8413447460685429)]
    [InlineData(-1.959963984540054, 0.025)]
    [InlineData(-3, 0.0013498980316300946)]
    [InlineData(-6, 9.865876450376946e-10)]
    [InlineData(-10, 7.619853024160527e-24)]
    [InlineData(6, 0.9999999990134123)]
    public void Agrees_with_reference_values(double x, double expected)
    {
        Assert.Equal(expected, NormalProbability.Of(x), 2e-13 * expected);
        Assert.Equal(Math.Log(expected), NormalProbability.Log(x), 1e-12 * Math.Max(1, Math.Abs(Math.Log(expected))));
    }

    [Fact]
    public void Inverts_the_quantile()
    {
        for (var i = 1; i < 400; i++)
            Assert.Equal(i / 400.0, NormalProbability.Of(NormalQuantile.Of(i / 400.0)), 1e-14);
    }

    [Fact]
    public void Has_no_jump_where_the_tail_begins()
        => Assert.Equal(NormalProbability.Log(-5 + 1e-9), NormalProbability.Log(-5 - 1e-9), 2e-8);

    [Theory]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.PositiveInfinity, 1)]
    public void Takes_infinities(double x, double expected) => Assert.Equal(expected, NormalProbability.Of(x));

    [Fact]
    public void The_logarithm_is_finite_far_out() => Assert.Equal(-0.5 * 1e6 - Math.Log(1000 * Math.Sqrt(2 * Math.PI)), NormalProbability.Log(-1000), 1e-5);
}
