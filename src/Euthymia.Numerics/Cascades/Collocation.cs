namespace Euthymia.Numerics.Cascades;

/// <summary>
/// Coefficients of the collocation method on the five nodes 0, 1/4, 1/2, 3/4, 1 of a step (Newton-Cotes; order 6 at the
/// end of the step, 5 within it). Its equations are solved by a fixed number of sweeps from an extrapolated guess: the
/// parallel iterated Runge-Kutta method of van der Houwen and Sommeijer, J. Comput. Appl. Math. 29 (1990) 111-127.
/// The four evaluations of a sweep do not wait for one another, which keeps the units of a processor busy where the
/// stages of an explicit Runge-Kutta method form one chain; and since the nodes are dyadic, the drive at every node
/// comes from propagators of lengths h, h/2, h/4 that steps of other sizes need anyway.
/// </summary>
internal static class Collocation
{
    /// <summary>Nodes of a step, first one included.</summary>
    public const int Nodes = 5;

    /// <summary>Sweeps of a refined step, whose guess comes from the step that failed.</summary>
    public const int HalfSweeps = 2;

    // A sweep divides the error of the guess by about the time constants of the response that a step spans: found by trial,
    // so that few steps are refined only because the sweeps have not settled.
    private const double ThreeSweepsFrom = 0.08, FourSweepsFrom = 0.35;

    // Lagrange polynomials on the nodes, integrated from 0, in powers of theta: Integrals[j][k] multiplies theta^(k+1).
    private static readonly double[][] Integrals = BasisIntegrals([0, 0.25, 0.5, 0.75, 1]);
    private static readonly double[][] Parabola = BasisIntegrals([0, 0.5, 1]);
    private static readonly double[] WholeEven = Even(Weights(1)), HalfOdd = Odd(Weights(0.5)), QuarterEven = Even(Weights(0.25)), QuarterOdd = Odd(Weights(0.25));
    private static readonly double[] FirstHalf = HalfGuess(0), SecondHalf = HalfGuess(1);

    /// <summary>
    /// Sweeps of a step by its length as a share of the longest step; one more where the guess is no extrapolation but a straight
    /// line, as in the first step after a switch.
    /// </summary>
    public static int Sweeps(double share, bool isExtrapolated) => (isExtrapolated ? 0 : 1) + Sweeps(share);

    private static int Sweeps(double share) => share > FourSweepsFrom ? 4 : share > ThreeSweepsFrom ? 3 : 2;

    /// <summary>
    /// Weights that lead from the start of a step of a given size to its nodes. With the derivatives f0 to f4 taken as
    /// even parts f2, f1 + f3, f0 + f4 and odd parts f3 - f1, f4 - f0 about the middle of the step: three of the even part over
    /// the whole step, two of the odd part over its first half, three and two over its first quarter. The other nodes follow
    /// by symmetry.
    /// </summary>
    public static double[] Correction(double size) => Scaled(
        [.. WholeEven, .. HalfOdd, .. QuarterEven, .. QuarterOdd], size);

    /// <summary>Weights as of <see cref="HalfGuess"/> for a whole step of a given size.</summary>
    public static double[][] HalfGuesses(double size) => [Scaled(FirstHalf, size), Scaled(SecondHalf, size)];

    /// <summary>Weights multiplied by a size of step.</summary>
    public static double[] Scaled(double[] weights, double size) => [.. weights.Select(weight => weight * size)];

    /// <summary>Weights of the five derivatives, per unit of step, that lead from the start of a step to start + theta h.</summary>
    public static double[] Weights(double theta)
    {
        var weights = new double[Nodes];
        Weights(theta, weights);
        return weights;
    }

    /// <summary>The same without allocating.</summary>
    public static void Weights(double theta, Span<double> weights)
    {
        for (var j = 0; j < Nodes; j++)
            weights[j] = Evaluate(Integrals[j], theta);
    }

    /// <summary>
    /// Weights (node 1 to 4 of the new step by derivative of the last step) that continue the last step over a new one,
    /// <paramref name="ratio"/> times as long, per unit of the last step. A growing step is extrapolated by the parabola
    /// through nodes 0, 1/2, 1, because extrapolation amplifies what the polynomial does not resolve.
    /// </summary>
    public static double[] Extrapolation(double ratio)
    {
        var weights = new double[(Nodes - 1) * Nodes];
        for (var i = 1; i < Nodes; i++)
        {
            var theta = 1 + (0.25 * i * ratio);
            for (var j = 0; j < Nodes; j++)
            {
                weights[((i - 1) * Nodes) + j] = ratio > 1.25
                    ? (j % 2 == 0 ? Evaluate(Parabola[j / 2], theta) - Evaluate(Parabola[j / 2], 1) : 0)
                    : Evaluate(Integrals[j], theta) - Evaluate(Integrals[j], 1);
            }
        }
        return weights;
    }

    /// <summary>
    /// Weights (node 1 to 4 of one half by derivative of the whole step) that guess the nodes of the first or second half of
    /// a step from the step itself, per unit of the whole step.
    /// </summary>
    public static double[] HalfGuess(int half)
    {
        var weights = new double[(Nodes - 1) * Nodes];
        for (var i = 1; i < Nodes; i++)
        {
            for (var j = 0; j < Nodes; j++)
                weights[((i - 1) * Nodes) + j] = Evaluate(Integrals[j], (0.5 * half) + (0.125 * i)) - Evaluate(Integrals[j], 0.5 * half);
        }
        return weights;
    }

    private static double[] Even(double[] weights) => [weights[2], (weights[1] + weights[3]) / 2, (weights[0] + weights[4]) / 2];

    private static double[] Odd(double[] weights) => [(weights[3] - weights[1]) / 2, (weights[4] - weights[0]) / 2];

    private static double Evaluate(double[] integral, double theta)
    {
        var sum = 0.0;
        for (var k = integral.Length - 1; k >= 0; k--)
            sum = (sum + integral[k]) * theta;
        return sum;
    }

    private static double[][] BasisIntegrals(double[] nodes) =>
        [.. nodes.Select((node, j) =>
        {
            double[] polynomial = [1];
            foreach (var other in nodes.Where((_, i) => i != j))
            {
                var product = new double[polynomial.Length + 1];
                for (var k = 0; k < polynomial.Length; k++)
                {
                    product[k] -= polynomial[k] * other / (node - other);
                    product[k + 1] += polynomial[k] / (node - other);
                }
                polynomial = product;
            }
            return polynomial.Select((coefficient, k) => coefficient / (k + 1)).ToArray();
        })];
}
