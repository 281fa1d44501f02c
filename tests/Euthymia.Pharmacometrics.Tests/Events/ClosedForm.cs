namespace Euthymia.Pharmacometrics.Tests.Events;

/// <summary>
/// The textbook solution of one to three compartments with or without a depot: residues of the transfer function, with the
/// roots of its denominator in closed form. Source: Gibaldi and Perrier, Pharmacokinetics, 2nd ed. (1982), appendix B.
/// </summary>
internal sealed class ClosedForm
{
    private readonly double[] _roots;
    private readonly double[] _back;
    private readonly double _absorption;

    /// <summary>Volumes of the central and peripheral compartments, clearances to the latter; no absorption rate without a depot.</summary>
    public ClosedForm(double clearance, double[] volumes, double[] flows, double? absorption)
    {
        _back = [.. flows.Select((q, i) => q / volumes[i + 1])];
        var leave = (clearance + flows.Sum()) / volumes[0];
        _roots = _back.Length switch
        {
            0 => [leave],
            1 => Quadratic(leave + _back[0], clearance / volumes[0] * _back[0]),
            _ => Cubic(
                leave + _back[0] + _back[1],
                clearance / volumes[0] * (_back[0] + _back[1]) + _back[0] * _back[1] + (flows[0] * _back[1] + flows[1] * _back[0]) / volumes[0],
                clearance / volumes[0] * _back[0] * _back[1]),
        };
        _absorption = absorption ?? 0;
    }

    /// <summary>The slowest rate, 1/h.</summary>
    public double Slowest => _absorption > 0 ? Math.Min(_roots.Min(), _absorption) : _roots.Min();

    /// <summary>Central amount at a time after an input of one unit began, over a duration or at once.</summary>
    public double Central(int compartment, double time, double duration)
    {
        if (time < 0)
            return 0;
        var depot = _absorption > 0;
        var part = depot ? compartment - 1 : compartment;
        var (sum, last) = (0.0, 0.0);
        for (var j = 0; j < _roots.Length; j++)
        {
            var residue = part <= 0 ? 1.0 : _back[part - 1];
            for (var i = 0; i < _back.Length; i++)
                residue *= part <= 0 || i != part - 1 ? _back[i] - _roots[j] : 1;
            for (var m = 0; m < _roots.Length; m++)
                residue /= m == j ? 1 : _roots[m] - _roots[j];
            if (part < 0)
            {
                residue *= _absorption / (_absorption - _roots[j]);
                last -= residue;
            }

            sum += residue * Mode(_roots[j], time, duration);
        }

        return part < 0 ? sum + last * Mode(_absorption, time, duration) : sum;
    }

    private static double Mode(double rate, double time, double duration)
        => duration == 0
            ? Math.Exp(-rate * time)
            : (Math.Exp(-rate * Math.Max(time - duration, 0)) - Math.Exp(-rate * time)) / (rate * duration);

    private static double[] Quadratic(double sum, double product)
    {
        var large = (sum + Math.Sqrt(sum * sum - 4 * product)) / 2;
        return [large, product / large];
    }

    /// <summary>Three real roots of s^3 - a s^2 + b s - c, by Viete's cosines and one Newton step.</summary>
    private static double[] Cubic(double a, double b, double c)
    {
        var (p, q) = (b - a * a / 3, a * b / 3 - 2 * a * a * a / 27 - c);
        var angle = Math.Acos(Math.Clamp(1.5 * q / p * Math.Sqrt(-3 / p), -1, 1)) / 3;
        return [.. Enumerable.Range(0, 3).Select(k =>
        {
            var root = 2 * Math.Sqrt(-p / 3) * Math.Cos(angle - 2 * Math.PI * k / 3) + a / 3;
            for (var i = 0; i < 3; i++)
                root -= (((root - a) * root + b) * root - c) / ((3 * root - 2 * a) * root + b);
            return root;
        })];
    }
}
