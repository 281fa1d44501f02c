using CsCheck;
using Euthymia.Numerics.Cascades;

namespace Euthymia.Numerics.Tests.Cascades;

public class LinearDispositionTests
{
    private static readonly double[] Times = [0, 0.1, 0.5, 1, 1.37, 2, 3, 5, 8, 13, 24, 47.3, 96];

    private static readonly Gen<double> Rate = Gen.Double[0.01, 20];

    // An infusion shorter than the rounding of its start is given at once, so that it differs at that one instant.
    private static readonly Gen<double> Duration = Gen.Double[1e-6, 5];

    [Fact]
    public void An_infusion_into_one_compartment_follows_its_closed_form()
    {
        const double elimination = 0.37, rate = 12.5, duration = 0.7;
        using var states = Run([1, elimination, 0, 1], new Dose(0, duration, rate * duration, 1));
        for (var t = 0; t < Times.Length; t++)
        {
            var expected = Times[t] <= duration
                ? rate / elimination * -Expm1(-elimination * Times[t])
                : rate / elimination * -Expm1(-elimination * duration) * Math.Exp(-elimination * (Times[t] - duration));
            AssertRelative(expected, states[0, t, 1], 1e-12);
        }
    }

    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(1.0, 1.0 + 1e-9)]
    [InlineData(1.0, 1.0001)]
    [InlineData(20.0, 0.05)]
    public void Absorption_and_elimination_may_be_equal_or_nearly_so(double absorption, double elimination)
    {
        using var states = Run([absorption, elimination, 0, 1], new Dose(0, 0, 10, 0));
        for (var t = 0; t < Times.Length; t++)
        {
            // Bateman's function, written so that it does not cancel when the rates agree.
            var difference = (absorption - elimination) * Times[t];
            var shape = Math.Abs(difference) < 1e-300 ? 1 : -Expm1(-difference) / difference;
            AssertRelative(10 * absorption * Times[t] * Math.Exp(-elimination * Times[t]) * shape, states[0, t, 1], 1e-10);
        }
    }

    // 250 schedules for 40 patients each: 10,000 cases.
    [Fact]
    public void Two_compartments_follow_their_closed_form() =>
        Gen.Select(Rate, Rate, Rate).Array[40].Sample(
            patients =>
            {
                using var states = Run([.. patients.SelectMany(p => new[] { 1, p.Item1, p.Item2, p.Item3 })], new Dose(0, 0, 1, 1));
                for (var i = 0; i < patients.Length; i++)
                {
                    var (k10, k12, k21) = patients[i];
                    var half = (k10 + k12 + k21) / 2;
                    var root = Math.Sqrt((half * half) - (k10 * k21));
                    var (fast, slow) = (half + root, k10 * k21 / (half + root));
                    for (var t = 0; t < Times.Length; t++)
                    {
                        var expected = (((fast - k21) * Math.Exp(-fast * Times[t])) + ((k21 - slow) * Math.Exp(-slow * Times[t]))) / (fast - slow);
                        Assert.InRange(Math.Abs(states[i, t, 1] - expected), 0, 1e-10);
                    }
                }
            },
            iter: 250);

    [Fact]
    public void Mass_is_conserved_without_elimination() =>
        Gen.Select(Gen.Select(Rate, Rate, Rate).Array[40], Gen.Double[0, 5], Gen.Double[0, 3]).Sample(
            (patients, start, duration) =>
            {
                using var states = Run([.. patients.SelectMany(p => new[] { p.Item1, 0, p.Item2, p.Item3 })], new Dose(start, duration, 7, 0), new Dose(0, 0, 3, 1));
                for (var i = 0; i < patients.Length; i++)
                {
                    var last = Times.Length - 1;
                    Assert.InRange(Math.Abs(states[i, last, 0] + states[i, last, 1] + states[i, last, 2] - 10), 0, 1e-9);
                }
            },
            iter: 250);

    [Fact]
    public void Doses_superpose_in_any_order() =>
        Gen.Select(Gen.Select(Rate, Rate).Array[40], Gen.Double[0, 20], Gen.Double[0, 20], Duration).Sample(
            (patients, first, second, duration) =>
            {
                double[] p = [.. patients.SelectMany(p => new[] { p.Item1, p.Item2, 1.3, 0.4 })];
                Dose a = new(first, duration, 5, 0), b = new(second, duration / 2, 2, 1);
                using var both = Run(p, a, b);
                using var swapped = Run(p, b, a);
                using var onlyA = Run(p, a);
                using var onlyB = Run(p, b);
                foreach (var (i, t, s) in All(patients.Length))
                {
                    Assert.InRange(Math.Abs(both[i, t, s] - onlyA[i, t, s] - onlyB[i, t, s]), 0, 1e-9);
                    Assert.Equal(both[i, t, s], swapped[i, t, s]);
                    Assert.True(both[i, t, s] >= 0);
                }
            },
            iter: 250);

    [Fact]
    public void A_shift_in_time_shifts_the_answer() =>
        Gen.Select(Gen.Select(Rate, Rate).Array[40], Gen.Double[0.001, 50], Duration).Sample(
            (patients, shift, duration) =>
            {
                double[] p = [.. patients.SelectMany(p => new[] { p.Item1, p.Item2, 0.5, 0.2 })];
                using var early = Run(p, new Dose(0, duration, 1, 0));
                using var late = Solve.Cascade<DepotModel>(p, new Schedule([new(shift, duration, 1, 0)], [.. Times.Select(t => t + shift)]), new() { Threads = 1 });
                foreach (var (i, t, s) in All(patients.Length))
                    Assert.InRange(Math.Abs(early[i, t, s] - late[i, t, s]), 0, 1e-10);
            },
            iter: 250);

    [Fact]
    public void A_constant_infusion_reaches_rate_over_clearance_and_stays()
    {
        using var states = Solve.Cascade<DepotModel>((double[])[1, 0.25, 0.5, 0.2], new Schedule([new(0, 90_000, 90_000, 1)], [10_000, 87_600]));
        AssertRelative(1 / 0.25, states[0, 0, 1], 1e-10);
        AssertRelative(1 / 0.25, states[0, 1, 1], 1e-10);
    }

    [Fact]
    public void A_thousand_overlapping_infusions_add_up()
    {
        using var states = Run([1, 0.3, 0, 1], [.. Enumerable.Range(0, 1000).Select(i => new Dose(i * 0.013, 5 + (i * 0.001), 0.5, 1))]);
        var expected = Enumerable.Range(0, 1000).Sum(i =>
        {
            double start = i * 0.013, duration = 5 + (i * 0.001), rate = 0.5 / duration;
            return rate / 0.3 * -Expm1(-0.3 * duration) * Math.Exp(-0.3 * (96 - start - duration));
        });
        AssertRelative(expected, states[0, Times.Length - 1, 1], 1e-10);
    }

    [Theory]
    [InlineData(1e-9)]
    [InlineData(1e-12)]
    public void A_very_short_infusion_is_a_bolus(double duration)
    {
        using var infused = Run([1, 0.3, 0.4, 0.5], new Dose(0.2, duration, 3, 1));
        using var given = Run([1, 0.3, 0.4, 0.5], new Dose(0.2, 0, 3, 1));
        for (var t = 0; t < Times.Length; t++)
            Assert.InRange(Math.Abs(infused[0, t, 1] - given[0, t, 1]), 0, 1e-8);
    }

    private static Trajectories Run(double[] parameters, params Dose[] doses) =>
        Solve.Cascade<DepotModel>(parameters, new Schedule(doses, Times), new() { Threads = 1 });

    private static IEnumerable<(int Patient, int Time, int State)> All(int patients) =>
        from i in Enumerable.Range(0, patients) from t in Enumerable.Range(0, Times.Length) from s in Enumerable.Range(0, 3) select (i, t, s);

    private static double Expm1(double x) => Math.Abs(x) < 1e-5 ? x + (x * x / 2) + (x * x * x / 6) : Math.Exp(x) - 1;

    private static void AssertRelative(double expected, double actual, double bound) =>
        Assert.InRange(Math.Abs(actual - expected) / Math.Max(1e-6, Math.Abs(expected)), 0, bound);
}
