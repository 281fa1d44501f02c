using Euthymia.Numerics.Random;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>A mode of the posterior: its place and the precision of the normal approximation there.</summary>
/// <param name="Centre">Standard normal deviates.</param>
/// <param name="Factor">L of precision = L L', row-major.</param>
/// <param name="Weight">Share of the proposal, in any unit.</param>
internal sealed record PosteriorMode(double[] Centre, double[] Factor, double Weight = 1)
{
    /// <summary>ln det of the precision.</summary>
    public double LogDeterminant { get; } = Cholesky.LogDeterminant(Factor, Centre.Length);

    /// <summary>Mahalanobis distance squared.</summary>
    public double SquaredDistance(ReadOnlySpan<double> point)
    {
        var (square, size) = (0.0, Centre.Length);
        for (var column = 0; column < size; column++)
        {
            var sum = 0.0;
            for (var row = column; row < size; row++)
                sum += Factor[row * size + column] * (point[row] - Centre[row]);
            square += sum * sum;
        }

        return square;
    }
}

/// <summary>
/// Draws from a posterior by importance sampling. The proposal is a mixture over the modes: mostly the normal approximation, a
/// little wider, and a multivariate t with five degrees of freedom that bounds the weights in the tails. When the effective
/// sample size is low or the weights' tail heavy, the weighted draws' own mean and covariance join the mixture and twice as many are drawn (Cappé et al,
/// Statistics and Computing 18 (2008) 447-459). When that does not help, the draws are moved by <see cref="EllipticalSlice"/>.
/// </summary>
internal sealed class ImportanceSampler
{
    private const int Lanes = IndividualModel.Lanes;
    private const double TailShare = 0.3;
    private const double TailFreedom = 5;
    private const double Widening = 1.05;
    private const double LargestShape = 0.7;
    private const int MostRounds = 3;
    private const int Moves = 30;
    private const uint FirstDeviate = 8;

    private readonly Func<IndividualModel> _models;
    private readonly Residual[] _residuals;
    private readonly int _size;
    private readonly ulong _seed;
    private readonly CancellationToken _cancellation;
    private readonly double _logTail;

    public ImportanceSampler(Func<IndividualModel> models, Residual[] residuals, int size, ulong seed, CancellationToken cancellation)
    {
        (_models, _residuals, _size, _seed, _cancellation) = (models, residuals, size, seed, cancellation);
        _logTail = LogGammaOfHalf((int)TailFreedom + size) - LogGammaOfHalf((int)TailFreedom) - 0.5 * size * Math.Log(TailFreedom * Math.PI);
    }

    /// <summary>Equally weighted draws, and how good they are.</summary>
    /// <param name="modes">At least one.</param>
    /// <param name="kept">Draws to return.</param>
    /// <param name="drawn">Draws of the first round.</param>
    /// <param name="threads">At most this many at once.</param>
    public IndividualPosterior Sample(IReadOnlyList<PosteriorMode> modes, int kept, int drawn, int threads)
    {
        List<PosteriorMode> proposal = [.. modes];
        for (var round = 1; ; round++)
        {
            var (draws, logWeights) = Draw(proposal, drawn, round, threads);
            var weights = Normalise(logWeights);
            var effective = 1 / weights.Sum(weight => weight * weight);
            var shape = ParetoShape(weights);
            var isGood = effective >= kept * 0.5 && shape < LargestShape;
            if (isGood || round == MostRounds)
            {
                var resampled = Resample(draws, weights, kept);
                if (!isGood)
                    new EllipticalSlice(_models, _residuals, _size, _seed, Refit(draws, Temper(weights), proposal[0])).Move(resampled, Moves, threads, _cancellation);
                return new IndividualPosterior(resampled, kept, _size, effective, shape, drawn, round, isGood ? 0 : Moves);
            }

            proposal.Add(Refit(draws, Temper(weights), proposal[0]) with { Weight = proposal.Sum(mode => mode.Weight) });
            drawn *= 2;
        }
    }

    private (double[] Draws, double[] LogWeights) Draw(List<PosteriorMode> proposal, int count, int round, int threads)
    {
        var groups = (count + Lanes - 1) / Lanes;
        var draws = new double[groups * Lanes * _size];
        var logWeights = new double[groups * Lanes];
        Parallel.For(
            0, groups,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = _cancellation },
            () => (Model: _models(), Effects: new double[_size * Lanes], Predictions: new double[_residuals.Length * Lanes]),
            (group, _, work) =>
            {
                DrawGroup(group, round, proposal, work.Model, work.Effects, work.Predictions, draws, logWeights);
                return work;
            },
            _ => { });
        return (draws, logWeights);
    }

    private void DrawGroup(int group, int round, List<PosteriorMode> proposal, IndividualModel model, double[] effects, double[] predictions, double[] draws, double[] logWeights)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            var index = group * Lanes + lane;
            var draw = draws.AsSpan(index * _size, _size);
            DrawOne(Component(proposal, index), new Deviates(_seed, ((ulong)round << 32) + (ulong)index), draw);
            for (var k = 0; k < _size; k++)
                effects[k * Lanes + lane] = draw[k];
        }

        model.Predict(effects, predictions);
        for (var lane = 0; lane < Lanes; lane++)
        {
            var index = group * Lanes + lane;
            var draw = draws.AsSpan(index * _size, _size);
            var objective = 0.0;
            foreach (var effect in draw)
                objective += effect * effect;
            for (var j = 0; j < _residuals.Length; j++)
                objective += _residuals[j].Value(predictions[j * Lanes + lane]);
            logWeights[index] = double.IsFinite(objective) ? -0.5 * objective - LogDensity(proposal, draw) : double.NegativeInfinity;
        }
    }

    // Each component its share, spread evenly over the draws by the golden ratio.
    private static PosteriorMode Component(List<PosteriorMode> proposal, int index)
    {
        var left = (0.5 + index * 0.6180339887498949) % 1 * proposal.Sum(mode => mode.Weight);
        foreach (var mode in proposal)
        {
            left -= mode.Weight;
            if (left < 0)
                return mode;
        }

        return proposal[^1];
    }

    private void DrawOne(PosteriorMode mode, Deviates deviates, Span<double> draw)
    {
        var scale = Widening;
        if (deviates.Uniform(0) < TailShare)
        {
            var chiSquare = 0.0;
            for (var i = 1u; i <= TailFreedom; i++)
                chiSquare += deviates.Normal(i) * deviates.Normal(i);
            scale = Math.Sqrt(TailFreedom / chiSquare);
        }

        for (var k = 0; k < _size; k++)
            draw[k] = scale * deviates.Normal(FirstDeviate + (uint)k);
        Cholesky.SolveTransposed(mode.Factor, draw, _size);
        for (var k = 0; k < _size; k++)
            draw[k] += mode.Centre[k];
    }

    private double LogDensity(List<PosteriorMode> proposal, ReadOnlySpan<double> draw)
    {
        Span<double> parts = stackalloc double[2 * proposal.Count];
        for (var c = 0; c < proposal.Count; c++)
        {
            var mode = proposal[c];
            var square = mode.SquaredDistance(draw);
            var share = Math.Log(mode.Weight);
            parts[2 * c] = share + Math.Log(1 - TailShare) + 0.5 * (mode.LogDeterminant - _size * Math.Log(2 * Math.PI * Widening * Widening) - square / (Widening * Widening));
            parts[2 * c + 1] = share + Math.Log(TailShare) + _logTail + 0.5 * (mode.LogDeterminant - (TailFreedom + _size) * Math.Log(1 + square / TailFreedom));
        }

        var largest = double.NegativeInfinity;
        foreach (var part in parts)
            largest = Math.Max(largest, part);
        var total = 0.0;
        foreach (var part in parts)
            total += Math.Exp(part - largest);
        return largest + Math.Log(total);
    }

    private static double[] Normalise(double[] logWeights)
    {
        var largest = logWeights.Max();
        if (double.IsNegativeInfinity(largest))
            throw new InvalidInputException("posterior-not-found", "observations", "No set of parameters explains these observations: check their units and times.");
        double[] weights = [.. logWeights.Select(log => Math.Exp(log - largest))];
        var total = weights.Sum();
        for (var i = 0; i < weights.Length; i++)
            weights[i] /= total;
        return weights;
    }

    // Weights to the largest power up to one at which enough draws share them for a covariance.
    private double[] Temper(double[] weights)
    {
        var wanted = Math.Min(10.0 * _size, weights.Length / 4.0);
        for (var power = 1.0; ; power *= 0.8)
        {
            double[] tempered = [.. weights.Select(weight => Math.Pow(weight, power))];
            var total = tempered.Sum();
            for (var i = 0; i < tempered.Length; i++)
                tempered[i] /= total;
            if (1 / tempered.Sum(weight => weight * weight) >= wanted || power < 1e-3)
                return tempered;
        }
    }

    // The draws' own covariance, held up by the first approximation where they are few.
    private PosteriorMode Refit(double[] draws, double[] weights, PosteriorMode first)
    {
        var effective = 1 / weights.Sum(weight => weight * weight);
        var mean = new double[_size];
        for (var i = 0; i < weights.Length; i++)
            for (var k = 0; k < _size; k++)
                mean[k] += weights[i] * draws[i * _size + k];
        var covariance = new double[_size * _size];
        Span<double> column = stackalloc double[_size];
        var share = effective / (effective + 0.5 * _size);
        for (var k = 0; k < _size; k++)
        {
            column.Clear();
            column[k] = 1;
            Cholesky.Solve(first.Factor, column, _size);
            for (var l = 0; l < _size; l++)
                covariance[k * _size + l] = (1 - share) * column[l];
        }

        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] < 1e-9)
                continue;
            for (var k = 0; k < _size; k++)
                for (var l = 0; l < _size; l++)
                    covariance[k * _size + l] += share * weights[i] * (draws[i * _size + k] - mean[k]) * (draws[i * _size + l] - mean[l]);
        }

        Cholesky.Factor(covariance, _size);
        var precision = new double[_size * _size];
        for (var k = 0; k < _size; k++)
        {
            column.Clear();
            column[k] = 1;
            Cholesky.Solve(covariance, column, _size);
            for (var l = 0; l < _size; l++)
                precision[l * _size + k] = column[l];
        }

        Cholesky.Factor(precision, _size);
        return new PosteriorMode(mean, precision);
    }

    // Systematic resampling with the middle of each stratum: no random number, the least noise.
    private double[] Resample(double[] draws, double[] weights, int kept)
    {
        var resampled = new double[kept * _size];
        var (sum, index) = (weights[0], 0);
        for (var i = 0; i < kept; i++)
        {
            var target = (i + 0.5) / kept;
            while (sum < target && index < weights.Length - 1)
                sum += weights[++index];
            draws.AsSpan(index * _size, _size).CopyTo(resampled.AsSpan(i * _size));
        }

        return resampled;
    }

    /// <summary>
    /// Shape k of the generalised Pareto tail of the weights; above 0.7 the sample is not to be trusted. Source: Zhang and
    /// Stephens, Technometrics 51 (2009) 316-325, as used by Vehtari et al, J Mach Learn Res 25 (2024) paper 72.
    /// </summary>
    public static double ParetoShape(double[] weights)
    {
        double[] sorted = [.. weights.OrderDescending()];
        var tail = (int)Math.Min(0.2 * sorted.Length, 3 * Math.Sqrt(sorted.Length));
        if (tail < 5 || !(sorted[tail] > 0))
            return double.PositiveInfinity;
        double[] excess = [.. sorted.Take(tail).Select(weight => weight - sorted[tail]).Where(value => value > 0).Order()];
        if (excess.Length < 5)
            return 0;
        var n = excess.Length;
        var quarter = excess[(int)(n / 4.0 + 0.5) - 1];
        var grid = 30 + (int)Math.Sqrt(n);
        var theta = new double[grid];
        var logLikelihood = new double[grid];
        for (var j = 0; j < grid; j++)
        {
            theta[j] = 1 / excess[^1] + (1 - Math.Sqrt(grid / (j + 0.5))) / (3 * quarter);
            var shape = excess.Average(value => Math.Log(1 - theta[j] * value));
            logLikelihood[j] = n * (Math.Log(-theta[j] / shape) - shape - 1);
        }

        var mean = 0.0;
        for (var j = 0; j < grid; j++)
            mean += theta[j] / logLikelihood.Sum(other => Math.Exp(other - logLikelihood[j]));
        return excess.Average(value => Math.Log(1 - mean * value));
    }

    private static double LogGammaOfHalf(int halves)
    {
        var log = halves % 2 == 0 ? 0 : 0.5 * Math.Log(Math.PI);
        for (var x = halves % 2 == 0 ? 1 : 0.5; x < halves / 2.0 - 0.25; x++)
            log += Math.Log(x);
        return log;
    }
}
