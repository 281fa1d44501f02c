using Euthymia.Numerics.Cascades;

namespace Euthymia.Numerics.Tests.Cascades;

public class ScheduleTests
{
    [Theory]
    [InlineData(double.NaN, 1, 1, 0, "doses[0].start")]
    [InlineData(-1, 1, 1, 0, "doses[0].start")]
    [InlineData(0, -1, 1, 0, "doses[0].duration")]
    [InlineData(0, double.PositiveInfinity, 1, 0, "doses[0].duration")]
    [InlineData(0, 1, -1, 0, "doses[0].amount")]
    [InlineData(0, 1, double.NaN, 0, "doses[0].amount")]
    [InlineData(0, 1, 1, -1, "doses[0].input")]
    public void A_dose_that_is_none_is_refused(double start, double duration, double amount, int input, string field)
    {
        var failure = Assert.Throws<NumericsException>(() => new Schedule([new(start, duration, amount, input)], [1]));
        Assert.Equal("dose-invalid", failure.Code);
        Assert.Equal(field, failure.Field);
    }

    [Theory]
    [InlineData("time-invalid", -1.0)]
    [InlineData("time-invalid", double.NaN)]
    [InlineData("times-unsorted", 2.0, 1.0)]
    [InlineData("times-unsorted", 1.0, 1.0)]
    public void Times_must_ascend(string code, params double[] times) =>
        Assert.Equal(code, Assert.Throws<NumericsException>(() => new Schedule([], times)).Code);

    [Fact]
    public void An_input_that_the_model_lacks_is_refused() =>
        Assert.Equal("dose-invalid", Assert.Throws<NumericsException>(() =>
            Solve.Cascade<DepotModel>((double[])[1, 1, 1, 1], new Schedule([new(0, 1, 1, 2)], [1]))).Code);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e12)]
    public void A_rate_that_is_none_is_refused(double rate)
    {
        var failure = Assert.Throws<NumericsException>(() =>
            Solve.Cascade<DepotModel>((double[])[1, 1, 1, 1, 1, rate, 1, 1], new Schedule([], [1])));
        Assert.Equal(("parameters-invalid", "patient[1]"), (failure.Code, failure.Field));
    }

    [Fact]
    public void A_row_too_short_is_refused() =>
        Assert.Equal("parameters-length", Assert.Throws<NumericsException>(() =>
            Solve.Cascade<DepotModel>((double[])[1, 1, 1], new Schedule([], [1]))).Code);

    [Theory]
    [InlineData(1e-13, 1e-8, 0, 0)]
    [InlineData(1e-6, 0, 0, 0)]
    [InlineData(1e-6, 1e-8, -1, 0)]
    [InlineData(1e-6, 1e-8, 0, 3)]
    public void Options_out_of_range_are_refused(double relative, double absolute, int threads, int lanes) =>
        Assert.Equal("option-invalid", Assert.Throws<NumericsException>(() => Solve.Cascade<DepotModel>(
            (double[])[1, 1, 1, 1],
            new Schedule([], [1]),
            new() { RelativeTolerance = relative, AbsoluteTolerance = absolute, Threads = threads, Lanes = lanes })).Code);

    [Fact]
    public void Nothing_asked_is_nothing_answered()
    {
        using var nobody = Solve.Cascade<DepotModel>(Array.Empty<double>(), new Schedule([], [1]));
        Assert.Equal((0, 1), (nobody.Patients, nobody.Times));
        using var never = Solve.Cascade<DepotModel>((double[])[1, 1, 1, 1], new Schedule([new(0, 1, 1)], []));
        Assert.Equal((1, 0), (never.Patients, never.Times));
        Assert.Throws<ArgumentOutOfRangeException>(() => never[0, 0, 0]);
    }

    [Fact]
    public void A_caller_can_stop()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            CascadeSimulation.Run<DepotModel>(new double[4000], new Schedule([], [1]), cancellation: stop.Token));
    }
}
