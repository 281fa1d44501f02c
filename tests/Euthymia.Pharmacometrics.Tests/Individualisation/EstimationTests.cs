using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Pharmacometrics.Tests.Individualisation;

/// <summary>The search and the sampler against posteriors that are known exactly.</summary>
public sealed class EstimationTests
{
    [Fact]
    public void Residuals_have_the_slopes_of_their_values()
    {
        Residual[] residuals =
        [
            Residual.Normal(12, 2), Residual.Normal(12, 1, 0.3), Residual.Normal(12, 0, 0.15), Residual.LogNormal(12, 0.28), Residual.LogInterval(0, 5, 0.3),
            Residual.LogInterval(4, 12, 0.5), Residual.LogInterval(45, double.PositiveInfinity, 0.5), Residual.Score(9, 27, 3, 0.4, 35),
            Residual.BoundedNormal(0, 0, 92, 3, 0.35), Residual.BoundedNormal(92, 0, 92, 3, 0.35), Residual.Score(0, 27, 3, 0.4, 35), Residual.Score(27, 27, 3, 0.4, 35),
        ];
        foreach (var residual in residuals)
        {
            foreach (var f in new[] { 0.5, 4.0, 8.0, 12.6, 30.0 })
            {
                var value = residual.Terms(f, out var slope, out var information);
                var numeric = (residual.Value(f * (1 + 1e-6)) - residual.Value(f * (1 - 1e-6))) / (2e-6 * f);
                Assert.Equal(residual.Value(f), value, 1e-10);
                Assert.Equal(numeric, slope, 1e-4 * Math.Max(1, Math.Abs(numeric)));
                Assert.True(information >= 0);
            }
        }
    }

    [Fact]
    public void Information_is_the_expected_curvature()
    {
        // Mean of slope^2 / 2 over draws of the observation is the expected second derivative of -2 ln L (Fisher's identity).
        foreach (var make in new Func<double, Residual>[] { y => Residual.Normal(y, 1, 0.3), y => Residual.LogNormal(y, 0.28), y => Residual.Score(y, 1000, 3, 0.4, 35) })
        {
            const double f = 9;
            var mean = 0.0;
            for (var i = 0; i < 20_000; i++)
            {
                make(make(1).Draw(f, NormalQuantile.Of((i + 0.5) / 20_000))).Terms(f, out var slope, out _);
                mean += slope * slope / 2 / 20_000;
            }

            make(9).Terms(f, out _, out var information);
            Assert.Equal(information, mean, 0.005 * information);
        }
    }

    [Fact]
    public void A_linear_model_gives_the_exact_posterior()
    {
        // y = X z + e, z ~ N(0, I), e ~ N(0, s^2): the posterior is normal with precision I + X'X / s^2.
        double[,] design = { { 1, 0.5, -0.3 }, { 0.2, -1, 0.8 }, { 0.7, 0.7, 0.7 }, { -1.2, 0.1, 0.4 } };
        double[] observed = [1.5, -0.4, 2.1, 0.3];
        const double sd = 0.5;
        var model = new LinearModel(design);
        Residual[] residuals = [.. observed.Select(value => Residual.Normal(value, sd))];
        var effects = new double[3];

        var search = new FisherScoring(3, 4);
        var end = search.Search(model, residuals, effects);

        // Reference: the normal equations, solved by Cramer's rule.
        var (a, b) = (new double[3, 3], new double[3]);
        for (var i = 0; i < 3; i++)
        {
            a[i, i] = 1;
            for (var row = 0; row < 4; row++)
            {
                b[i] += design[row, i] * observed[row] / (sd * sd);
                for (var j = 0; j < 3; j++)
                    a[i, j] += design[row, i] * design[row, j] / (sd * sd);
            }
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Determinant(Replaced(a, b, i)) / Determinant(a), effects[i], 1e-9);
            for (var j = 0; j < 3; j++)
                Assert.Equal(2 * a[i, j], search.Hessian[i * 3 + j], 1e-6);
        }

        Assert.True(end.Converged);
        var posterior = new ImportanceSampler(() => new LinearModel(design), residuals, 3, 5, TestContext.Current.CancellationToken)
            .Sample([new PosteriorMode(effects, Factor(a))], 4000, 8000, 2);
        var mean = Enumerable.Range(0, 4000).Average(i => posterior[i][1]);
        var variance = Enumerable.Range(0, 4000).Average(i => (posterior[i][1] - effects[1]) * (posterior[i][1] - effects[1]));
        var exact = Determinant(new[,] { { a[0, 0], a[0, 2] }, { a[2, 0], a[2, 2] } }) / Determinant(a);
        Assert.Equal(effects[1], mean, 4 * Math.Sqrt(exact / 4000));
        Assert.Equal(exact, variance, 0.1 * exact);
        Assert.True(posterior.ParetoShape < 0.5, $"k {posterior.ParetoShape}");
        Assert.True(posterior.EffectiveSampleSize > 4000);
    }

    [Fact]
    public void Several_starts_find_the_lower_of_two_optima()
    {
        // f = z^2 + z / 2 observed as 9: both z = -3 and z = 3 almost explain it, and the way from 0 leads to either.
        var model = new QuadraticModel();
        Residual[] residuals = [Residual.Normal(9, 0.5), Residual.Normal(9.2, 0.5)];

        var modes = Individualiser.FindModes(new FisherScoring(1, 2), model, residuals, new IndividualOptions(Starts: 12), TestContext.Current.CancellationToken);

        var best = Enumerable.Range(-5000, 10_001).Min(i => Objective(i / 1000.0));
        Assert.Equal(best, modes[0].End.Objective, 1e-3);
        Assert.Equal(2, modes.Count);

        double Objective(double z) => z * z + residuals.Sum(residual => residual.Value(z * z + z / 2));
    }

    [Fact]
    public void Both_optima_are_in_the_posterior()
    {
        Residual[] residuals = [Residual.Normal(9, 0.5), Residual.Normal(9.2, 0.5)];
        var search = new FisherScoring(1, 2);
        var modes = Individualiser.FindModes(search, new QuadraticModel(), residuals, new IndividualOptions(Starts: 12), TestContext.Current.CancellationToken);
        PosteriorMode[] proposal = [.. modes.Select(mode =>
        {
            search.Curvature(new QuadraticModel(), residuals, mode.Effects);
            return new PosteriorMode(mode.Effects, [Math.Sqrt(search.Hessian[0] / 2)]);
        })];

        var posterior = new ImportanceSampler(() => new QuadraticModel(), residuals, 1, 5, TestContext.Current.CancellationToken).Sample(proposal, 2000, 4000, 1);

        var (positive, total) = (0.0, 0.0);
        for (var i = -6000; i <= 6000; i++)
        {
            var z = i / 1000.0;
            var weight = Math.Exp(-0.5 * (z * z + residuals.Sum(residual => residual.Value(z * z + z / 2))));
            (positive, total) = (positive + (z > 0 ? weight : 0), total + weight);
        }

        Assert.Equal(positive / total, Enumerable.Range(0, 2000).Count(i => posterior[i][0] > 0) / 2000.0, 0.04);
    }

    [Fact]
    public void A_poor_proposal_is_noticed_and_mended()
    {
        Residual[] residuals = [Residual.Normal(1.5, 0.1), Residual.Normal(-0.4, 0.1), Residual.Normal(2.1, 0.1), Residual.Normal(0.3, 0.1)];
        double[,] design = { { 1, 0.5, -0.3 }, { 0.2, -1, 0.8 }, { 0.7, 0.7, 0.7 }, { -1.2, 0.1, 0.4 } };
        var sampler = new ImportanceSampler(() => new LinearModel(design), residuals, 3, 5, TestContext.Current.CancellationToken);

        var posterior = sampler.Sample([new PosteriorMode(new double[3], [1, 0, 0, 0, 1, 0, 0, 0, 1])], 1000, 2000, 1);

        Assert.True(posterior.Rounds > 1);
        // Of a linear model the search gives the exact mean and precision.
        var (search, exact) = (new FisherScoring(3, 4), new double[3]);
        search.Search(new LinearModel(design), residuals, exact);
        double[] factor = [.. search.Hessian.ToArray().Select(value => value / 2)];
        Cholesky.Factor(factor, 3);
        for (var k = 0; k < 3; k++)
        {
            var unit = new double[3];
            unit[k] = 1;
            Cholesky.Solve(factor, unit, 3);
            var mean = Enumerable.Range(0, 1000).Average(i => posterior[i][k]);
            var variance = Enumerable.Range(0, 1000).Average(i => (posterior[i][k] - exact[k]) * (posterior[i][k] - exact[k]));
            Assert.Equal(exact[k], mean, 5 * Math.Sqrt(unit[k] / 300));
            Assert.Equal(unit[k], variance, 0.3 * unit[k]);
        }
    }

    [Fact]
    public void Moves_leave_the_posterior_as_it_is()
    {
        // Both modes of the quadratic, drawn exactly from a grid, are still there in their shares after the moves.
        Residual[] residuals = [Residual.Normal(2, 0.8), Residual.Normal(1.5, 0.8)];
        double[] grid = [.. Enumerable.Range(-4000, 8001).Select(i => i / 1000.0)];
        double[] weights = [.. grid.Select(z => Math.Exp(-0.5 * (z * z + residuals.Sum(residual => residual.Value(z * z + z / 2)))))];
        var total = weights.Sum();
        var draws = new double[2000];
        var (sum, at) = (weights[0] / total, 0);
        for (var i = 0; i < draws.Length; i++)
        {
            while (sum < (i + 0.5) / draws.Length)
                sum += weights[++at] / total;
            draws[i] = grid[at];
        }

        var exactMean = grid.Zip(weights, (z, weight) => z * weight).Sum() / total;
        var exactSquare = grid.Zip(weights, (z, weight) => z * z * weight).Sum() / total;
        new EllipticalSlice(() => new QuadraticModel(), residuals, 1, 3, new PosteriorMode([1], [2])).Move(draws, 20, 2, TestContext.Current.CancellationToken);

        Assert.Equal(exactMean, draws.Average(), 0.1);
        Assert.Equal(exactSquare, draws.Average(z => z * z), 0.1);
        Assert.True(draws.Distinct().Count() > 1900);
    }

    private static double[] Factor(double[,] matrix)
    {
        double[] factor = [.. matrix.Cast<double>()];
        Cholesky.Factor(factor, matrix.GetLength(0));
        return factor;
    }

    private static double[,] Replaced(double[,] matrix, double[] column, int index)
    {
        var copy = (double[,])matrix.Clone();
        for (var i = 0; i < column.Length; i++)
            copy[i, index] = column[i];
        return copy;
    }

    private static double Determinant(double[,] m) => m.GetLength(0) == 2
        ? m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0]
        : m[0, 0] * (m[1, 1] * m[2, 2] - m[1, 2] * m[2, 1]) - m[0, 1] * (m[1, 0] * m[2, 2] - m[1, 2] * m[2, 0]) + m[0, 2] * (m[1, 0] * m[2, 1] - m[1, 1] * m[2, 0]);

    private sealed class LinearModel(double[,] design) : IndividualModel
    {
        public override int EffectCount => design.GetLength(1);

        public override int ObservationCount => design.GetLength(0);

        public override void Predict(ReadOnlySpan<double> effects, Span<double> predictions)
        {
            for (var row = 0; row < ObservationCount; row++)
            {
                for (var lane = 0; lane < Lanes; lane++)
                {
                    predictions[row * Lanes + lane] = 0;
                    for (var k = 0; k < EffectCount; k++)
                        predictions[row * Lanes + lane] += design[row, k] * effects[k * Lanes + lane];
                }
            }
        }
    }

    private sealed class QuadraticModel : IndividualModel
    {
        public override int EffectCount => 1;

        public override int ObservationCount => 2;

        public override void Predict(ReadOnlySpan<double> effects, Span<double> predictions)
        {
            for (var i = 0; i < predictions.Length; i++)
                predictions[i] = effects[i % Lanes] * effects[i % Lanes] + effects[i % Lanes] / 2;
        }
    }
}
