using MathNet.Numerics;

namespace Euthymia.Trials.Statistics;

/// <summary>Successes among the members of one group.</summary>
public readonly record struct GroupCount(int Successes, int N);

/// <summary>
/// Proportions of groups of one whole, each drawn toward the whole by as much as its own size leaves open (Gelman and Hill 2007, chapters
/// 12 and 14): successes are binomial, the log odds of the groups are normal around a common value with a spread tau that the data decide.
/// A group of five says little about itself and stays near the whole; a group of five hundred keeps its own proportion.
/// </summary>
/// <param name="Groups">Posterior mean of each group's proportion with equal-tailed limits, in the order given.</param>
/// <param name="Whole">The same for a group of which nothing is known but that it belongs to the whole's typical value.</param>
/// <param name="Spread">Posterior mean of tau, in log odds.</param>
public sealed record PartialPooling(IReadOnlyList<Interval> Groups, Interval Whole, double Spread)
{
    /// <summary>Standard deviation of the normal prior of the common log odds: nearly uniform as a proportion.</summary>
    public const double PriorOfCommon = 1.5;

    /// <summary>Scale of the half-normal prior of tau, as usual for log odds (Röver et al 2021, Research Synthesis Methods 12:448).</summary>
    public const double PriorOfSpread = 0.5;

    private const int CommonNodes = 201;
    private const int SpreadNodes = 35;
    private const int DeviateNodes = 61;
    private const double CommonReach = 5; // standard deviations of the common value, generously reckoned
    private const double SpreadReach = 2.5;
    private const double DeviateReach = 5;
    private const int Bins = 4000;

    /// <summary>
    /// The posterior by sums over a grid of common value, spread and deviate. The trapezoid rule is exact to rounding for smooth integrands
    /// that fade at both ends (Trefethen and Weideman 2014); the one in the spread is even, so that its end at zero does no harm.
    /// </summary>
    /// <exception cref="ArgumentException">No group, or a group without members or with more successes than members.</exception>
    public static PartialPooling Fit(IReadOnlyList<GroupCount> groups, double confidence = 0.95)
    {
        if (groups.Count == 0 || groups.Any(group => group.N < 1 || group.Successes < 0 || group.Successes > group.N))
            throw new ArgumentException("Partial pooling needs at least one group, each with members and no more successes than members.", nameof(groups));
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The confidence is a fraction between 0 and 1, such as 0.95.");

        var grid = new Grid(groups);
        var posterior = grid.Posterior();
        var whole = new Density();
        var spread = 0.0;
        foreach (var (node, weight) in posterior)
        {
            whole.Add(SpecialFunctions.Logistic(grid.Common(node)), weight);
            spread += weight * grid.Spread(node);
        }

        return new PartialPooling([.. Enumerable.Range(0, groups.Count).Select(g => grid.Group(g, posterior).Limits(confidence))], whole.Limits(confidence), spread);
    }

    /// <summary>The nodes of (common value, spread), and the likelihood of each group at each of them.</summary>
    private sealed class Grid
    {
        private readonly IReadOnlyList<GroupCount> _groups;
        private readonly double[][] _likelihood;
        private readonly double[] _highest;
        private readonly double _centre;
        private readonly double _reach;
        private readonly double[] _deviateWeights = new double[DeviateNodes];

        // Log odds, proportion and log(1 + odds) at every point: all groups look at the same points.
        private readonly (double LogOdds, double Proportion, double LogOnePlusOdds)[] _points = new (double, double, double)[CommonNodes * SpreadNodes * DeviateNodes];

        public Grid(IReadOnlyList<GroupCount> groups)
        {
            _groups = groups;
            double successes = groups.Sum(group => group.Successes), n = groups.Sum(group => group.N);
            var typical = (successes + 1) / (n + 2);
            _centre = SpecialFunctions.Logit(typical);
            _reach = CommonReach * Math.Min(PriorOfCommon, Math.Sqrt((1 / (n * typical * (1 - typical))) + (1.0 / groups.Count)));
            for (var k = 0; k < DeviateNodes; k++)
                _deviateWeights[k] = Math.Exp(-Deviate(k) * Deviate(k) / 2);
            for (var i = 0; i < _points.Length; i++)
            {
                var node = i / DeviateNodes;
                var logOdds = Common(node) + (Spread(node) * Deviate(i % DeviateNodes));
                _points[i] = (logOdds, SpecialFunctions.Logistic(logOdds), LogOnePlusOdds(logOdds));
            }

            _highest = [.. groups.Select(group => Highest(group))];
            _likelihood = [.. groups.Select((_, g) => Marginal(g))];
        }

        public double Common(int node) => _centre - _reach + (2 * _reach * (node / SpreadNodes) / (CommonNodes - 1));

        public double Spread(int node) => SpreadReach * (node % SpreadNodes) / (SpreadNodes - 1);

        /// <summary>The nodes that carry weight, normalised.</summary>
        public List<(int Node, double Weight)> Posterior()
        {
            var logs = new double[CommonNodes * SpreadNodes];
            for (var node = 0; node < logs.Length; node++)
            {
                var (common, spread) = (Common(node), Spread(node));
                var end = node % SpreadNodes is 0 or SpreadNodes - 1 ? Math.Log(0.5) : 0;
                logs[node] = end - (common * common / (2 * PriorOfCommon * PriorOfCommon)) - (spread * spread / (2 * PriorOfSpread * PriorOfSpread))
                    + _likelihood.Sum(likelihood => Math.Log(likelihood[node]));
            }

            var top = logs.Max();
            var sum = logs.Sum(log => Math.Exp(log - top));
            return [.. logs.Select((log, node) => (node, Math.Exp(log - top) / sum)).Where(item => item.Item2 > 1e-10)];
        }

        /// <summary>The posterior of one group's proportion: the mixture over the nodes of what each says about it.</summary>
        public Density Group(int g, List<(int Node, double Weight)> posterior)
        {
            var density = new Density();
            foreach (var (node, weight) in posterior)
            {
                var marginal = _likelihood[g][node];
                for (var k = 0; k < DeviateNodes; k++)
                    density.Add(_points[(node * DeviateNodes) + k].Proportion, weight * Likelihood(g, node, k) / marginal);
            }

            return density;
        }

        private double[] Marginal(int g)
        {
            var marginal = new double[CommonNodes * SpreadNodes];
            for (var node = 0; node < marginal.Length; node++)
            {
                var sum = 0.0;
                for (var k = 0; k < DeviateNodes; k++)
                    sum += Likelihood(g, node, k);
                marginal[node] = Math.Max(sum, 1e-300); // far from the data; its logarithm must stay finite
            }

            return marginal;
        }

        private static double Deviate(int k) => -DeviateReach + (2 * DeviateReach * k / (DeviateNodes - 1));

        // Relative to the group's own best, times the weight of the deviate.
        private double Likelihood(int g, int node, int k)
        {
            var (logOdds, _, logOnePlusOdds) = _points[(node * DeviateNodes) + k];
            return _deviateWeights[k] * Math.Exp((_groups[g].Successes * logOdds) - (_groups[g].N * logOnePlusOdds) - _highest[g]);
        }

        private static double Highest(GroupCount group)
        {
            var best = SpecialFunctions.Logit(Math.Clamp((double)group.Successes / group.N, 1e-9, 1 - 1e-9));
            return (group.Successes * best) - (group.N * LogOnePlusOdds(best));
        }

        private static double LogOnePlusOdds(double logOdds) => logOdds > 0 ? logOdds + Math.Log(1 + Math.Exp(-logOdds)) : Math.Log(1 + Math.Exp(logOdds));
    }

    /// <summary>A distribution on 0 to 1: its mean exactly, its quantiles by fine bins.</summary>
    private sealed class Density
    {
        private readonly double[] _bins = new double[Bins];
        private double _mass;
        private double _moment;

        public void Add(double proportion, double weight)
        {
            // Shared between the two nearest bin centres, which keeps the mean and halves the grain.
            var place = Math.Clamp((proportion * Bins) - 0.5, 0, Bins - 1);
            var low = Math.Min((int)place, Bins - 2);
            _bins[low] += weight * (low + 1 - place);
            _bins[low + 1] += weight * (place - low);
            _mass += weight;
            _moment += weight * proportion;
        }

        public Interval Limits(double confidence) => new(_moment / _mass, Quantile((1 - confidence) / 2), Quantile((1 + confidence) / 2));

        private double Quantile(double probability)
        {
            var wanted = probability * _mass;
            var below = 0.0;
            for (var i = 0; i < Bins; i++)
            {
                if (below + _bins[i] >= wanted)
                    return (i + ((wanted - below) / _bins[i])) / Bins;
                below += _bins[i];
            }

            return 1;
        }
    }
}
