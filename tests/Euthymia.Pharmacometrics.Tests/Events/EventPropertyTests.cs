using CsCheck;

namespace Euthymia.Pharmacometrics.Tests.Events;

/// <summary>What must hold for every event file, each in 10,000 random cases.</summary>
public sealed class EventPropertyTests
{
    private const int Cases = 10_000;

    [Fact]
    public void Every_file_agrees_with_the_sum_of_its_single_inputs_in_closed_form()
        => Subject.Any.Sample(subject => Close(subject.BySuperposition(), subject.Run(), 1e-10), iter: Cases);

    [Fact]
    public void No_concentration_is_negative_or_not_a_number()
        => Subject.Any.Sample(
            subject =>
            {
                var values = EventFile.Run(subject.Text, subject.Model.Name, subject.Model.Parameters, quantities: Amounts(subject.Model));
                Assert.DoesNotContain(values, value => !(value >= 0 && double.IsFinite(value)));
            },
            iter: Cases);

    [Fact]
    public void Without_elimination_all_that_was_given_is_there()
        => Gen.Select(Subject.Any, Gen.Double[0, 90]).Sample(
            (subject, later) =>
            {
                Line[] doses = [.. subject.Lines.Where(line => line.Evid is 1).Select(line => line with { SteadyState = 0 })];
                var end = (doses.Length == 0 ? 0 : doses.Max(line => line.Time)) + 200 + later;
                var text = Line.Heading + string.Concat(doses.Select(line => line.Text())) + new Line(end, 0).Text();
                var parameters = subject.Model with { Clearance = 0 };
                var values = EventFile.Run(text, subject.Model.Name, parameters.Parameters, quantities: Amounts(subject.Model));
                var given = doses.Sum(line => line.Amount * subject.Model.FOf(Math.Max(line.Compartment - 1, 0)) * (line.Additional + 1));
                Assert.Equal(given, values[^subject.Model.Compartments..].Sum(), 1e-10 * given);
            },
            iter: Cases);

    [Fact]
    public void Twice_the_amounts_and_rates_are_twice_the_concentrations()
        => Gen.Select(Subject.Any, Gen.Double[0.001, 1000]).Sample(
            (subject, factor) =>
            {
                var more = subject with
                {
                    Model = subject.Model with { R = subject.Model.R * factor },
                    Lines = [.. subject.Lines.Select(line => line with { Amount = line.Amount * factor, Rate = line.Rate > 0 ? line.Rate * factor : line.Rate })],
                };
                Close([.. subject.Run().Select(value => value * factor)], more.Run(), 1e-11);
            },
            iter: Cases);

    [Fact]
    public void Doses_together_are_the_sum_of_each_alone()
        => Subject.Any.Sample(
            subject =>
            {
                Line[] lines = [.. subject.Lines.Select(line => line with { Evid = line.Evid is 3 or 4 ? 2 : line.Evid, Amount = line.Evid == 1 ? line.Amount : 0, SteadyState = line.SteadyState == 1 ? 2 : line.SteadyState })];
                var together = (subject with { Lines = lines }).Run();
                var sum = new double[lines.Length];
                foreach (var dose in lines.Where(line => line.Evid == 1))
                {
                    var alone = (subject with { Lines = [.. lines.Select(line => line.Evid == 1 && !ReferenceEquals(line, dose) ? new Line(line.Time, 2) : line)] }).Run();
                    for (var i = 0; i < sum.Length; i++)
                        sum[i] += alone[i];
                }

                Close(sum, together, 1e-11);
            },
            iter: Cases);

    [Fact]
    public void A_later_start_shifts_the_course()
        => Gen.Select(Subject.Any, Gen.Int[-1000, 1000]).Sample(
            (subject, quarters) =>
            {
                var late = subject with { Lines = [.. subject.Lines.Select(line => line with { Time = line.Time + quarters * 0.25 })] };
                Close(subject.Run(), late.Run(), 1e-10);
            },
            iter: Cases);

    [Fact]
    public void Doses_at_one_time_may_stand_in_any_order()
        => Subject.Any.Sample(
            subject =>
            {
                Line[] doses = [.. subject.Lines.Where(line => line.Evid == 1).Select(line => line with { Time = 1, SteadyState = line.SteadyState == 1 ? 2 : line.SteadyState })];
                Line[] after = [.. Enumerable.Range(0, 12).Select(i => new Line(1 + i * i * 0.5, 0))];
                var forth = (subject with { Lines = [.. doses, .. after] }).Run();
                var back = (subject with { Lines = [.. doses.Reverse(), .. after] }).Run();
                Close(forth[doses.Length..], back[doses.Length..], 1e-12);
            },
            iter: Cases);

    /// <summary>Steady state is where a long run of the same doses arrives: the same engine by the other way.</summary>
    [Fact]
    public void Steady_state_equals_a_long_run()
        => Subject.Any.Sample(
            subject =>
            {
                if (subject.Lines.FirstOrDefault(line => line.Evid == 1) is not { } dose)
                    return;
                var runIn = Math.Ceiling((36 / subject.Model.ClosedForm().Slowest + 60) / dose.Interval);
                double[] times = [0.03, 0.37, 0.71, 1.13, 2.59, 5.41];
                Line[] Lines(double start, int steady, int additional) => [
                    dose with { Time = 0, SteadyState = steady, Additional = additional },
                    .. times.Select(time => new Line(start + time * dose.Interval, 0))];
                var steady = (subject with { Lines = Lines(0, 1, 3) }).Run();
                var run = (subject with { Lines = Lines(runIn * dose.Interval, 0, (int)runIn + 3) }).Run();
                Close(run[1..], steady[1..], 1e-10);
            },
            iter: Cases);

    /// <summary>The area by Gauss and Legendre's rule between the switches, the tail after them by panels that grow.</summary>
    [Fact]
    public void The_area_under_the_curve_is_dose_over_clearance()
        => Gen.Select(Model.Any, Gen.Double[1, 100], Gen.Double[0.1, 30], Gen.Bool).Sample(
            (model, amount, duration, infused) =>
            {
                model = model with { Lag = 0, F = 0.8 };
                // Widths in units of the fastest and the slowest rate that the model may have.
                List<double> edges = [0];
                double[] starts = infused ? [0, duration] : [0];
                foreach (var (start, end) in starts.Zip([.. starts.Skip(1), starts[^1] + 45 / model.ClosedForm().Slowest]))
                    for (var width = 0.2; edges[^1] < end; width *= 1.7)
                        edges.Add(Math.Min(edges[^1] + width, end));
                (double Time, double Weight)[] nodes = [.. edges.Zip(edges.Skip(1)).SelectMany(panel => Gauss.Nodes(panel.First, panel.Second))];
                var text = Line.Heading + new Line(0, 1, amount, Duration: infused ? duration : 0).Text() + string.Concat(nodes.Select(node => new Line(node.Time, 0).Text()));
                var values = EventFile.Run(text, model.Name, model.Parameters);
                var area = nodes.Select((node, i) => node.Weight * values[i + 1]).Sum();
                Assert.Equal(0.8 * amount / model.Clearance, area, 1e-8 * area);
            },
            iter: Cases);

    [Fact]
    public void A_subject_alone_among_ten_thousand_and_on_two_threads_has_the_same_numbers_bit_for_bit()
    {
        // Every twentieth has a weight that moves along a line, which takes many small steps.
        static string Rows(int i)
        {
            var (weight, later) = (40 + i % 83, i % 20 == 0 ? 41 + i % 89 : 40 + i % 83);
            return FormattableString.Invariant($"{i},0,1,{10 + i % 97},-2,3,7,{i % 3},{weight}\n{i},{1 + i % 11 * 0.3:R},0,.,.,.,.,.,{later}\n{i},{9 + i % 5},0,.,.,.,.,.,.\n");
        }

        const string heading = "ID,TIME,EVID,AMT,RATE,ADDL,II,SS,WT\n";
        const string parameters = "CL=5*(WT/70)^0.75,V2=20*WT/70,Q=8,V3=60,KA=1.1,D1=2,ALAG1=0.4";
        var all = heading + string.Concat(Enumerable.Range(0, Cases).Select(Rows));
        var one = EventFile.Run(all, "oral2", parameters, "WT=linear", threads: 1);
        var two = EventFile.Run(all, "oral2", parameters, "WT=linear", threads: 2);

        Assert.Equal(one.Select(BitConverter.DoubleToInt64Bits), two.Select(BitConverter.DoubleToInt64Bits));
        for (var i = 0; i < Cases; i++)
            Assert.Equal(one[(3 * i)..(3 * i + 3)], EventFile.Run(heading + Rows(i), "oral2", parameters, "WT=linear"));
    }

    private static string Amounts(Model model) => string.Join(',', Enumerable.Range(1, model.Compartments).Select(i => $"A{i}"));

    /// <summary>Each value to a tolerance relative to the largest; amounts are of the order of one.</summary>
    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = tolerance * Math.Max(1e-3, Math.Max(expected.Max(), actual.Max()));
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= scale, $"record {i}: expected {expected[i]:R}, got {actual[i]:R}, largest {expected.Max():R}");
    }
}

/// <summary>Ten nodes of Gauss and Legendre on a panel.</summary>
internal static class Gauss
{
    private static readonly double[] Node = [0.1488743389816312, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717];
    private static readonly double[] Weight = [0.2955242247147529, 0.2692667193099964, 0.2190863625159820, 0.1494513491505806, 0.0666713443086881];

    public static IEnumerable<(double Time, double Weight)> Nodes(double from, double to)
        => Enumerable.Range(-5, 10).Select(i => i < 0 ? (-Node[-i - 1], Weight[-i - 1]) : (Node[i], Weight[i]))
            .Select(node => ((from + to) / 2 + node.Item1 * (to - from) / 2, node.Item2 * (to - from) / 2));
}
