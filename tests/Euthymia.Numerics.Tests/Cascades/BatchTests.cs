using CsCheck;
using Euthymia.Numerics.Cascades;

namespace Euthymia.Numerics.Tests.Cascades;

/// <summary>Ten thousand patients at once, each alone, on one and two threads; and whatever numbers a caller may pass.</summary>
public class BatchTests
{
    private const int Patients = 10_000;

    private static readonly double[] Times = [0.3, 2, 24];

    private static readonly Schedule Course = new([new(0, 0.7, 10, 0), new(1, 0, 3, 1)], Times);

    [Fact]
    public void A_patient_alone_among_ten_thousand_and_on_two_threads_has_the_same_numbers_bit_for_bit()
    {
        double[] crowd = [.. Enumerable.Range(0, Patients).SelectMany(i => new[] { 0.2 + (i % 97 * 0.03), 0.05 + (i % 89 * 0.01), 0.3 + (i % 83 * 0.02), 0.1 + (i % 79 * 0.01) })];
        using var one = Solve.Cascade<DepotModel>(crowd, Course, new() { Threads = 1 });
        using var two = Solve.Cascade<DepotModel>(crowd, Course, new() { Threads = 2 });
        for (var i = 0; i < Patients; i++)
        {
            using var alone = Solve.Cascade<DepotModel>(crowd.AsMemory(4 * i, 4), Course, new() { Threads = 1 });
            for (var t = 0; t < Times.Length; t++)
            {
                for (var s = 0; s < 3; s++)
                {
                    Assert.Equal(BitConverter.DoubleToInt64Bits(one[i, t, s]), BitConverter.DoubleToInt64Bits(two[i, t, s]));
                    Assert.Equal(BitConverter.DoubleToInt64Bits(one[i, t, s]), BitConverter.DoubleToInt64Bits(alone[0, t, s]));
                }
            }
        }
    }

    // A thousand schedules for 40 patients each; about one in six is allowed.
    [Fact]
    public void Extreme_numbers_give_a_typed_error_or_finite_amounts()
    {
        var rate = Gen.Int[0, 8].Select(i => new[] { 0, 1e-300, 1e-9, 1e-3, 0.3, 5, 1e3, 1e6, 1e9 }[i]);
        var time = Gen.Int[0, 7].Select(i => new[] { 0, 1e-9, 0.01, 1, 24, 87_600, 1e6, -1 }[i]);
        var amount = Gen.Int[0, 5].Select(i => new[] { 0, 1e-9, 1, 1e6, 1e300, double.NaN }[i]);
        Gen.Select(rate.Array[160], Gen.Select(time, time, amount, Gen.Int[0, 1]).Array[0, 4], Gen.Select(time, time)).Sample(
            (parameters, doses, times) =>
            {
                try
                {
                    var schedule = new Schedule([.. doses.Select(d => new Dose(d.Item1, d.Item2, d.Item3, d.Item4))], [times.Item1, times.Item2]);
                    using var states = Solve.Cascade<DepotModel>(parameters, schedule, new() { Threads = 1 });
                    for (var i = 0; i < 40; i++)
                        for (var t = 0; t < 2; t++)
                            for (var s = 0; s < 3; s++)
                                Assert.True(states[i, t, s] >= 0 && double.IsFinite(states[i, t, s]), $"patient {i} ({string.Join(' ', parameters[(4 * i)..(4 * i + 4)])}), state {s}: {states[i, t, s]:R}");
                }
                catch (NumericsException error)
                {
                    Assert.NotEmpty(error.Field);
                }
            },
            iter: 1000);
    }
}
