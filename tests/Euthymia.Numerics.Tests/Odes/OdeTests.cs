using Euthymia.Numerics.Cascades;
using Euthymia.Numerics.Lanes;
using Euthymia.Numerics.Odes;

namespace Euthymia.Numerics.Tests.Odes;

public class OdeTests
{
    [Theory]
    [InlineData(OdeMethod.BogackiShampine3, 3, 3)]
    [InlineData(OdeMethod.DormandPrince5, 5, 4)]
    [InlineData(OdeMethod.Rodas4, 4, 3)]
    public void A_method_has_the_order_it_claims_at_steps_and_between(OdeMethod method, int order, int between)
    {
        AssertOrder(method, order, time: 2);
        AssertOrder(method, between, time: 2 - (2.0 / 160));
    }

    // The ends are the published ones of the test set, and were found again by other means: HIRES, OREGO and VDPOL with SciPy's
    // Radau IIA of order 5 (solve_ivp, rtol 1e-12, atol 1e-18, which agrees to 5e-13), ROBER with linearly implicit Euler
    // extrapolation of up to 13 columns in 34 decimal digits (mpmath, relative tolerance 1e-13, which agrees to 5e-13).
    [Fact]
    public void Hires_ends_where_the_test_set_says() => AssertEnd<Hires>(
        [1], 321.8122, 1e-5,
        0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2, 0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2);

    [Fact]
    public void The_oregonator_ends_where_the_test_set_says() => AssertEnd<Orego>(
        [1], 360, 1e-5, 0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3);

    [Fact]
    public void Robertson_s_reaction_ends_where_the_test_set_says() => AssertEnd<Rober>(
        [1], 1e11, 1e-5, 0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050);

    [Fact]
    public void Van_der_Pol_s_oscillator_ends_where_the_test_set_says() => AssertEnd<VanDerPol>(
        [1e-6], 2, 1e-5, 0.1706167732170483e1, -0.8928097010247975);

    [Theory]
    [InlineData(OdeMethod.BogackiShampine3)]
    [InlineData(OdeMethod.DormandPrince5)]
    [InlineData(OdeMethod.Rodas4)]
    public void A_patient_alone_and_in_a_crowd_has_the_same_numbers_bit_for_bit(OdeMethod method)
    {
        double[] crowd = [.. Enumerable.Range(0, 50).SelectMany(i => new[] { 0.3 + (i * 0.37), 30 + i })];
        var schedule = new Schedule([new(1, 0.5, 2), new(3, 0, 1)], [0.3, 1, 1.2, 2.9, 3, 3.1, 10]);
        using var together = Solve.Ode<Forced>(crowd, schedule, new() { Method = method, Threads = 2 });
        for (var patient = 0; patient < 50; patient++)
        {
            using var alone = Solve.Ode<Forced>(crowd.AsMemory(2 * patient, 2), schedule, new() { Method = method, Threads = 1 });
            for (var t = 0; t < 7; t++)
            {
                for (var s = 0; s < 2; s++)
                    Assert.Equal(BitConverter.DoubleToInt64Bits(alone[0, t, s]), BitConverter.DoubleToInt64Bits(together[patient, t, s]));
            }
        }
    }

    [Theory]
    [InlineData(OdeMethod.DormandPrince5)]
    [InlineData(OdeMethod.Rodas4)]
    public void Infusions_and_doses_given_at_once_land_exactly(OdeMethod method)
    {
        const double k = 0.7;
        using var states = Solve.Ode<Forced>(
            (double[])[k, 1e9], new Schedule([new(1, 0.5, 2), new(3, 0, 1)], [2.9, 3, 5]), new() { Method = method, RelativeTolerance = 1e-9, AbsoluteTolerance = 1e-11 });
        double Base(double t) => (Math.Exp(-k * t) * (1 - (k / (k - 1)))) + (k / (k - 1) * Math.Exp(-t));
        double Infused(double t) => 4 / k * (1 - Math.Exp(-k * 0.5)) * Math.Exp(-k * (t - 1.5));
        Assert.Equal(Base(2.9) + Infused(2.9), states[0, 0, 0], 1e-7);
        Assert.Equal(Base(3) + Infused(3) + 1, states[0, 1, 0], 1e-7);
        Assert.Equal(Base(5) + Infused(5) + Math.Exp(-k * 2), states[0, 2, 0], 1e-7);
    }

    [Fact]
    public void A_solution_that_ends_is_an_error_that_names_the_patient()
    {
        var failure = Assert.Throws<NumericsException>(() => Solve.Ode<Forced>((double[])[1, 100, 1, 1.5], new Schedule([], [2])));
        Assert.Equal(("step-vanished", "patient[1]"), (failure.Code, failure.Field));
    }

    [Fact]
    public void Work_is_bounded()
    {
        var failure = Assert.Throws<NumericsException>(() =>
            Solve.Ode<VanDerPol>((double[])[1e-6], new Schedule([], [2]), new() { MaximumSteps = 1000 }));
        Assert.Equal("steps-exhausted", failure.Code);
    }

    [Fact]
    public void A_parameter_that_is_no_number_is_refused() =>
        Assert.Equal("parameters-invalid", Assert.Throws<NumericsException>(() =>
            Solve.Ode<Forced>((double[])[1, double.NaN], new Schedule([], [2]))).Code);

    [Fact]
    public void Dual_numbers_carry_exact_slopes()
    {
        static Dual<Lanes1> F(Dual<Lanes1> x) => (Dual<Lanes1>.Exp(x) / (x + 2.0)) - Dual<Lanes1>.Log(Dual<Lanes1>.Sqrt(x)) + Dual<Lanes1>.Abs(-x) + Dual<Lanes1>.Max(x, x * x);
        const double x = 1.7;
        var slope = (Math.Exp(x) * (x + 1) / ((x + 2) * (x + 2))) - (0.5 / x) + 1 + (2 * x);
        Assert.Equal(slope, F(new(x, 1.0)).Slope.Value, 1e-13);
    }

    private static void AssertEnd<TModel>(double[] parameters, double time, double bound, params double[] expected)
        where TModel : IOdeModel
    {
        using var states = Solve.Ode<TModel>(
            parameters, new Schedule([], [time]), new() { Method = OdeMethod.Rodas4, RelativeTolerance = 1e-8, AbsoluteTolerance = 1e-16 });
        for (var s = 0; s < expected.Length; s++)
        {
            var error = Math.Abs(states[0, 0, s] - expected[s]) / Math.Abs(expected[s]);
            Assert.True(error <= bound, $"state {s}: {states[0, 0, s]:R} differs by {error:E2}");
        }
    }

    // y' = k (e^-t - y), y(0) = 1; z' = z^2/p, z = p/(p - t).
    private static void AssertOrder(OdeMethod method, double order, double time)
    {
        var errors = new[] { 10, 20, 40, 80 }.Select(steps =>
        {
            using var states = Solve.Ode<Forced>(
                (double[])[3, 4], new Schedule([], time < 2 ? [time, 2] : [2]), new() { Method = method, FixedStep = 2.0 / steps });
            var y = (Math.Exp(-3 * time) * -0.5) + (1.5 * Math.Exp(-time));
            return Math.Abs(states[0, 0, 0] - y) + Math.Abs(states[0, 0, 1] - (4 / (4 - time)));
        }).ToArray();
        var slope = Math.Log2(errors[0] / errors[3]) / 3;
        Assert.True(slope > order - 0.35, $"{slope:F2}: {errors[0]:E3} {errors[1]:E3} {errors[2]:E3} {errors[3]:E3}");
    }
}
