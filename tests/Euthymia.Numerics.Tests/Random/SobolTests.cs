namespace Euthymia.Numerics.Tests.Random;

public class SobolTests
{
    // From scipy.stats.qmc 1.10, which uses the same direction numbers in the same order; coordinates 1, 2, 3, 10, 32, 64.
    [Theory]
    [InlineData(1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)]
    [InlineData(2, 0.75, 0.25, 0.25, 0.75, 0.25, 0.75)]
    [InlineData(3, 0.25, 0.75, 0.75, 0.25, 0.75, 0.25)]
    [InlineData(5, 0.875, 0.875, 0.125, 0.125, 0.625, 0.625)]
    [InlineData(100, 0.4140625, 0.2578125, 0.7734375, 0.6953125, 0.4140625, 0.6484375)]
    [InlineData(1023, 0.0009765625, 0.7529296875, 0.6123046875, 0.8505859375, 0.6142578125, 0.0400390625)]
    public void The_plain_sequence_has_the_published_values(uint index, params double[] expected)
    {
        var sobol = new Sobol(64);
        int[] dimensions = [0, 1, 2, 9, 31, 63];
        Assert.Equal(expected, dimensions.Select(d => sobol.Integer(index, d) / 4294967296.0));
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(20250607ul)]
    public void A_scrambled_block_of_two_to_the_ten_fills_every_stratum_once(ulong seed)
    {
        var sobol = new Sobol(64, seed);
        for (var dimension = 0; dimension < 64; dimension++)
            Assert.Equal(1024, Enumerable.Range(2048, 1024).Select(i => sobol.Integer((uint)i, dimension) >> 22).Distinct().Count());
    }

    [Fact]
    public void Scrambled_averages_are_right_on_average_and_far_better_than_random()
    {
        // The mean of the product of (1 + (x - 1/2)) over 8 coordinates is 1.
        var errors = Enumerable.Range(0, 40).Select(seed =>
        {
            var sobol = new Sobol(8, (ulong)seed);
            var point = new double[8];
            var sum = 0.0;
            for (var i = 0u; i < 4096; i++)
            {
                sobol.Point(i, point);
                sum += point.Aggregate(1.0, (product, x) => product * (0.5 + x));
            }
            return (sum / 4096) - 1;
        }).ToArray();
        // Plain Monte Carlo has a standard error of 0.015 here.
        Assert.InRange(Math.Sqrt(errors.Average(e => e * e)), 0, 0.0015);
        Assert.InRange(Math.Abs(errors.Average()), 0, 0.0005);
    }

    [Fact]
    public void A_point_depends_on_its_index_and_seed_alone()
    {
        var (a, b, other) = (new Sobol(5, 7), new Sobol(64, 7), new Sobol(5, 8));
        Assert.Equal(a.Integer(12345, 4), b.Integer(12345, 4));
        Assert.NotEqual(a.Integer(12345, 4), other.Integer(12345, 4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void Dimensions_out_of_range_are_refused(int dimensions) =>
        Assert.Equal("dimensions-invalid", Assert.Throws<NumericsException>(() => new Sobol(dimensions, 1)).Code);
}
