namespace Euthymia.Pharmacometrics.Tests;

/// <summary>
/// The default model's equations written out by hand and integrated by classical Runge-Kutta of order 4 with a fixed
/// step: an oracle that shares nothing with the engine but the numbers.
/// </summary>
internal sealed class RungeKutta(double weightKg, double clearanceFactor = 1)
{
    private readonly double _v1 = 25 * weightKg / 70;
    private readonly double _v2 = 56 * weightKg / 70;
    private readonly double _v3 = 157 * weightKg / 70;
    private readonly double _cl = 84 * clearanceFactor * Math.Pow(weightKg / 70, 0.75);
    private readonly double _q2 = 161 * Math.Pow(weightKg / 70, 0.75);
    private readonly double _q3 = 79 * Math.Pow(weightKg / 70, 0.75);
    private readonly double _vn = 70 * weightKg / 70;
    private readonly double _vpn = 115 * weightKg / 70;
    private readonly double _cln = 38 * Math.Pow(weightKg / 70, 0.75);
    private readonly double _qn = 26.1 * Math.Pow(weightKg / 70, 0.75);

    /// <summary>Ketamine and norketamine in ng/mL at the end of a list of (hours, mg/h).</summary>
    public (double Ketamine, double Norketamine) Integrate(IEnumerable<(double Hours, double Rate)> segments, double step = 1.0 / 2048)
    {
        var y = new double[5];
        foreach (var (hours, rate) in segments)
        {
            var steps = (int)Math.Ceiling(hours / step);
            for (var i = 0; i < steps; i++)
                y = Step(y, rate, hours / steps);
        }

        // Norketamine is kept in umol: one mole of ketamine becomes one mole of it.
        return (1000 * y[0] / _v1, 223.7 * y[3] / _vn);
    }

    private double[] Step(double[] y, double rate, double h)
    {
        var k1 = Derivative(y, rate);
        var k2 = Derivative(Add(y, k1, h / 2), rate);
        var k3 = Derivative(Add(y, k2, h / 2), rate);
        var k4 = Derivative(Add(y, k3, h), rate);
        return [.. y.Select((value, i) => value + h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]))];
    }

    private double[] Derivative(double[] y, double rate)
    {
        var (c1, c2, c3, n1, n2) = (y[0] / _v1, y[1] / _v2, y[2] / _v3, y[3] / _vn, y[4] / _vpn);
        return
        [
            rate - _cl * c1 - _q2 * (c1 - c2) - _q3 * (c1 - c3),
            _q2 * (c1 - c2),
            _q3 * (c1 - c3),
            0.714 * _cl * c1 * 1000 / 237.725 - _cln * n1 - _qn * (n1 - n2),
            _qn * (n1 - n2),
        ];
    }

    private static double[] Add(double[] y, double[] k, double h) => [.. y.Select((value, i) => value + h * k[i])];
}
