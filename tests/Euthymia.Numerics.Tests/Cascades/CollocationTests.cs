using Euthymia.Numerics.Cascades;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Tests.Cascades;

public class CollocationTests
{
    // x = e^-t; y' = x - y/2, y(0) = 0 gives y = 2 (e^-t/2 - e^-t); z' = -z^2, z(0) = 1 gives z = 1/(1 + t).
    [Fact]
    public void Constant_steps_converge_at_order_six_at_their_ends_and_five_within()
    {
        AssertOrder(5.5, time: 3);
        AssertOrder(4.6, time: 3 - 0.11);
    }

    [Fact]
    public void The_interpolating_weights_reproduce_polynomials_of_degree_five()
    {
        double[] nodes = [0, 0.25, 0.5, 0.75, 1];
        foreach (var theta in new[] { 0.1, 0.25, 0.618, 1 })
        {
            for (var degree = 0; degree <= 4; degree++)
            {
                var integral = Collocation.Weights(theta).Zip(nodes, (w, c) => w * Math.Pow(c, degree)).Sum();
                Assert.Equal(Math.Pow(theta, degree + 1) / (degree + 1), integral, 1e-13);
            }
        }
    }

    [Fact]
    public void The_error_control_refines_where_the_response_demands_it()
    {
        using var states = Solve.Cascade<FollowerModel>((double[])[1, 1000, 40], new Schedule([], [0.01, 0.1, 1, 2]));
        foreach (var (time, index) in new[] { (0.01, 0), (0.1, 1), (1.0, 2), (2.0, 3) })
        {
            var expected = 1000.0 / 39 * (Math.Exp(-time) - Math.Exp(-40 * time));
            Assert.InRange(Math.Abs(states[0, index, 1] - expected) / expected, 0, 1e-5);
            Assert.InRange(Math.Abs((states[0, index, 2] * (1 + time)) - 1), 0, 1e-5);
        }
    }

    [Fact]
    public void A_response_that_runs_away_is_an_error_that_names_the_patient()
    {
        double[] parameters = [1, 1, 1, 1, 1, double.MaxValue];
        var failure = Assert.Throws<NumericsException>(() => Solve.Cascade<FollowerModel>(parameters, new Schedule([], [1])));
        Assert.Equal("parameters-invalid", failure.Code);
        Assert.Equal("patient[1]", failure.Field);
    }

    [Fact]
    public void A_horizon_beyond_all_steps_is_an_error() =>
        Assert.Equal("steps-exhausted", Assert.Throws<NumericsException>(() =>
            Solve.Cascade<FollowerModel>((double[])[1, 1, 1], new Schedule([], [1e9]))).Code);

    private static void AssertOrder(double atLeast, double time)
    {
        var errors = new[] { 0.5, 0.25, 0.125 }.Select(step => Error(step, time)).ToArray();
        Assert.True(Math.Log2(errors[0] / errors[1]) > atLeast, $"{errors[0]} {errors[1]}");
        Assert.True(Math.Log2(errors[1] / errors[2]) > atLeast, $"{errors[1]} {errors[2]}");
    }

    private static unsafe double Error(double step, double time)
    {
        // A pace without growth makes equal steps, and a boundless tolerance switches refinement off.
        var plan = new CascadePlan(new Schedule([], time < 3 ? [time, 3] : [3]), 1, new Pace(step, step, 0), hasResponse: true);
        using var kernel = new CascadeKernel<Lanes1, FollowerModel>(1e30, 1e30);
        (kernel.Parameters[0], kernel.Parameters[1], kernel.Parameters[2]) = (1.0, 1.0, 0.5);
        var results = stackalloc double[6];
        Assert.Equal(0u, kernel.Run(plan, results));
        return Math.Abs(results[1] - (2 * (Math.Exp(-time / 2) - Math.Exp(-time)))) + Math.Abs(results[2] - (1 / (1 + time)));
    }
}
