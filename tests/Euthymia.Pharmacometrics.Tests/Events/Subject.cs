using CsCheck;

namespace Euthymia.Pharmacometrics.Tests.Events;

/// <summary>One line of an event file.</summary>
internal sealed record Line(double Time, int Evid, double Amount = 0, double Rate = 0, double Duration = 0, int Compartment = 0, int Additional = 0, double Interval = 0, int SteadyState = 0)
{
    public const string Heading = "ID,TIME,EVID,AMT,RATE,DUR,CMT,ADDL,II,SS\n";

    public string Text(string id = "1")
        => FormattableString.Invariant($"{id},{Time:R},{Evid},{Amount:R},{Rate:R},{Duration:R},{Compartment},{Additional},{Interval:R},{SteadyState}\n");
}

/// <summary>Times of a grid that adds without rounding: so observations may fall on arrivals, and both ways of counting agree on it.</summary>
internal static class Grid
{
    public static double Round(double time) => Math.Round(time * 1024) / 1024;

    public static Gen<double> Time(double lowest, double highest) => Gen.Double[lowest, highest].Select(Round);
}

/// <summary>A random generic model with dose modifiers that differ between compartments.</summary>
internal sealed record Model(string Name, double Clearance, double[] Volumes, double[] Flows, double? Absorption, double F, double Lag, double D, double R)
{
    // An odd factor, because the closed form has no answer where absorption and elimination are the same.
    private static readonly Gen<double> Absorptions = Gen.Double[0.3, 3].Select(rate => rate * 1.0173);

    public static readonly Gen<Model> Any = Gen.Select(
        Gen.Int[0, 5], Gen.Double[4, 10], Gen.Double[5, 30].Array[3], Gen.Double[4, 10].Array[2], Absorptions,
        Gen.Select(Gen.Double[0.2, 1.2], Grid.Time(0, 20), Gen.Double[0.1, 25], Gen.Double[2, 40]),
        (kind, clearance, volumes, flows, absorption, dose) => new Model(
            (kind < 3 ? "iv" : "oral") + (kind % 3 + 1), clearance, volumes[..(kind % 3 + 1)], flows[..(kind % 3)], kind < 3 ? null : absorption,
            dose.Item1, dose.Item2, dose.Item3, dose.Item4));

    public int Compartments => Volumes.Length + (Absorption is null ? 0 : 1);

    public double FOf(int compartment) => F * (1 - 0.1 * compartment);

    public double LagOf(int compartment) => Grid.Round(Lag * (1 - 0.2 * compartment));

    public double DOf(int compartment) => D * (1 + 0.1 * compartment);

    public double ROf(int compartment) => R * (1 + 0.3 * compartment);

    public string Parameters
    {
        get
        {
            var t = EventFile.Text;
            return string.Join(',', [
                $"CL={t(Clearance)}", .. Absorption is { } ka ? [$"KA={t(ka)}"] : Array.Empty<string>(),
                .. Volumes.Select((v, i) => $"V{i + 1}={t(v)}"), .. Flows.Select((q, i) => $"Q{i + 2}={t(q)}"),
                .. Enumerable.Range(0, Compartments).Select(c => $"F{c + 1}={t(FOf(c))},ALAG{c + 1}={t(LagOf(c))},D{c + 1}={t(DOf(c))},R{c + 1}={t(ROf(c))}")]);
        }
    }

    public ClosedForm ClosedForm() => new(Clearance, Volumes, Flows, Absorption);
}

/// <summary>A model and lines of one subject in the order of time, and the answer by adding up single inputs.</summary>
internal sealed record Subject(Model Model, Line[] Lines)
{
    private static readonly Gen<Line> Dose = Gen.Select(
        Grid.Time(0, 40), Gen.Int[0, 9], Gen.Int[0, 4], Gen.Double[1, 100], Gen.Double[0.1, 30],
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5], Grid.Time(3, 12), Gen.Int[0, 5]),
        (time, kind, way, amount, duration, more) => new Line(
            time, kind == 0 ? 3 : kind == 1 ? 4 : kind == 2 ? 2 : 1, kind is 0 or 2 ? 0 : amount,
            way switch { 1 => amount / duration, 2 => -1, 3 => -2, _ => 0 }, way == 4 ? duration : 0,
            more.Item1, more.Item2, more.Item3, more.Item4 is 1 or 2 ? more.Item4 : 0));

    public static readonly Gen<Subject> Any = Gen.Select(Model.Any, Dose.Array[1, 4], Grid.Time(0, 60).Array[2, 6]).Select((model, doses, times) => new Subject(
        model,
        [.. doses.Select(dose => dose with { Compartment = dose.Compartment % (model.Compartments + 1) })
            // An observation before and one after each dose at its own time, and some between.
            .SelectMany(dose => new[] { new Line(dose.Time, 0), dose, new Line(dose.Time, 0) })
            .Concat(times.Select(time => new Line(time, 0)))
            .OrderBy(line => line.Time)]));

    public string Text => Line.Heading + string.Concat(Lines.Select(line => line.Text()));

    public double[] Run() => EventFile.Run(Text, Model.Name, Model.Parameters);

    /// <summary>CP at every line: each dose is written out as inputs, a steady state as all earlier doses that still count.</summary>
    public double[] BySuperposition()
    {
        var form = Model.ClosedForm();
        var history = 45 / form.Slowest;
        List<(int Compartment, double Start, double Amount, double Duration)> inputs = [];
        var values = new double[Lines.Length];
        for (var i = 0; i < Lines.Length; i++)
        {
            var line = Lines[i];
            if (line.Evid is 3 or 4 || line is { Evid: 1, SteadyState: 1 })
                inputs.Clear();
            if (line.Evid is 1 or 4)
            {
                var c = Math.Max(line.Compartment - 1, 0);
                var (amount, lag) = (line.Amount * Model.FOf(c), Model.LagOf(c));
                var duration = line.Rate switch { > 0 => amount / line.Rate, -1 => amount / Model.ROf(c), -2 => Model.DOf(c), _ => line.Duration };
                var earlier = line.SteadyState == 0 ? 0 : (int)Math.Ceiling((history + lag + duration) / line.Interval);
                for (var k = -earlier; k <= line.Additional; k++)
                    inputs.Add((c, line.Time + k * line.Interval + lag, amount, duration));
            }

            values[i] = inputs.Sum(input => input.Amount * form.Central(input.Compartment, line.Time - input.Start, input.Duration)) / Model.Volumes[0];
        }

        return values;
    }
}
