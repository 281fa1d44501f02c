using Euthymia.Numerics.Random;

namespace Euthymia.Numerics.Tests.Random;

public sealed class PhiloxTests
{
    /// <summary>Known answers published with the Random123 library for philox4x32 with ten rounds.</summary>
    public static TheoryData<uint[], uint[], uint[]> KnownAnswers => new()
    {
        { [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
        {
            [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff],
            [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]
        },
        {
            [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0],
            [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]
        },
    };

    [Theory]
    [MemberData(nameof(KnownAnswers))]
    public void It_gives_the_published_answers(uint[] counter, uint[] key, uint[] expected)
    {
        var block = Philox.Generate(new PhiloxBlock(counter[0], counter[1], counter[2], counter[3]), key[0], key[1]);

        Assert.Equal(expected, new[] { block.X0, block.X1, block.X2, block.X3 });
    }

    [Fact]
    public void A_deviate_depends_on_seed_stream_and_index_only()
    {
        var stream = new Deviates(7, 3);
        var backwards = Enumerable.Range(0, 100).Reverse().Select(i => stream.Uniform((uint)i)).Reverse();

        Assert.Equal(Enumerable.Range(0, 100).Select(i => new Deviates(7, 3).Uniform((uint)i)), backwards);
        Assert.Equal(4, new HashSet<double> { stream.Uniform(0), stream.Uniform(1), new Deviates(8, 3).Uniform(0), new Deviates(7, 4).Uniform(0) }.Count);
    }

    [Fact]
    public void Uniforms_and_normals_have_the_moments_of_their_distributions()
    {
        const int n = 200_000;
        var uniforms = new double[n];
        var normals = new double[n];
        for (var i = 0; i < n; i++)
            (uniforms[i], normals[i]) = (new Deviates(1, (ulong)i).Uniform(0), new Deviates(1, (ulong)i).Normal(1));

        // Five standard errors of each mean.
        Assert.Equal(0.5, uniforms.Average(), 5 * Math.Sqrt(1 / 12.0 / n));
        Assert.Equal(0, normals.Average(), 5 / Math.Sqrt(n));
        Assert.Equal(1, normals.Average(x => x * x), 5 * Math.Sqrt(2.0 / n));
        Assert.Equal(0, normals.Average(x => x * x * x), 5 * Math.Sqrt(15.0 / n));
        Assert.Equal(0, normals.Zip(uniforms, (x, u) => x * (u - 0.5)).Average(), 5 * Math.Sqrt(1 / 12.0 / n));
        Assert.All(uniforms, u => Assert.True(u is > 0 and < 1));
    }
}

public sealed class NormalQuantileTests
{
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.25, -0.674489750196081743)]
    [InlineData(0.975, 1.959963984540054236)]
    [InlineData(0.001, -3.090232306167813541)]
    [InlineData(1e-20, -9.262340089798407717)]
    public void It_gives_the_published_quantiles(double probability, double expected)
        => Assert.Equal(expected, NormalQuantile.Of(probability), 2e-15 * Math.Max(1, Math.Abs(expected)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_probability_that_is_none_is_refused(double probability)
        => Assert.Throws<ArgumentOutOfRangeException>(() => NormalQuantile.Of(probability));
}
