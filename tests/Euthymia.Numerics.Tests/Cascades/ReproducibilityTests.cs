using Euthymia.Benchmarks;
using Euthymia.Numerics.Cascades;

namespace Euthymia.Numerics.Tests.Cascades;

public class ReproducibilityTests
{
    private static readonly double[] Times = [.. Enumerable.Range(1, 60).Select(i => i * 5.5)];

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(4)]
    [InlineData(1)]
    public void A_patient_alone_and_in_a_crowd_has_the_same_numbers_bit_for_bit(int lanes)
    {
        var crowd = Crowd(300);
        using var together = Run(crowd, new() { Lanes = lanes, Threads = 1 });
        for (var patient = 0; patient < 300; patient += 7)
        {
            using var alone = Run(crowd[(patient * 19)..((patient + 1) * 19)], new() { Lanes = lanes, Threads = 1 });
            AssertSame(together, patient, alone, 0);
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        var crowd = Crowd(500);
        using var one = Run(crowd, new() { Threads = 1 });
        using var three = Run(crowd, new() { Threads = 3 });
        for (var patient = 0; patient < 500; patient++)
            AssertSame(one, patient, three, patient);
    }

    [Fact]
    public void The_order_of_patients_does_not_change_a_bit()
    {
        var crowd = Crowd(101);
        double[] backwards = [.. Enumerable.Range(0, 101).Reverse().SelectMany(i => crowd[(i * 19)..((i + 1) * 19)])];
        using var forth = Run(crowd, new());
        using var back = Run(backwards, new());
        for (var patient = 0; patient < 101; patient++)
            AssertSame(forth, patient, back, 100 - patient);
    }

    [Fact]
    public void Two_vectors_at_once_do_not_change_a_bit()
    {
        var crowd = Crowd(70);
        using var eight = Run(crowd, new() { Lanes = 8 });
        using var sixteen = Run(crowd, new() { Lanes = 16 });
        for (var patient = 0; patient < 70; patient++)
            AssertSame(eight, patient, sixteen, patient);
    }

    [Fact]
    public void Lane_widths_agree_far_below_the_tolerance()
    {
        var crowd = Crowd(100);
        using var eight = Run(crowd, new() { Lanes = 8 });
        using var four = Run(crowd, new() { Lanes = 4 });
        using var one = Run(crowd, new() { Lanes = 1 });
        for (var patient = 0; patient < 100; patient++)
        {
            for (var t = 0; t < Times.Length; t++)
            {
                for (var s = 0; s < 9; s++)
                {
                    var scale = Math.Max(1e-3, Math.Abs(one[patient, t, s]));
                    Assert.InRange(Math.Abs(eight[patient, t, s] - one[patient, t, s]) / scale, 0, 1e-7);
                    Assert.InRange(Math.Abs(four[patient, t, s] - one[patient, t, s]) / scale, 0, 1e-7);
                }
            }
        }
    }

    [Fact]
    public void Memory_used_again_leaves_no_trace()
    {
        var crowd = Crowd(40);
        using var fresh = Run(crowd, new());
        var used = Solve.Cascade<CourseModel>(Crowd(90), CourseReferenceTests.Course(Times));
        using var again = Solve.Cascade<CourseModel>(crowd, CourseReferenceTests.Course(Times), reuse: used);
        for (var patient = 0; patient < 40; patient++)
            AssertSame(fresh, patient, again, patient);
    }

    // The 20 reference patients, varied by factors that repeat only after long.
    internal static double[] Crowd(int patients)
    {
        var typical = CourseReferenceTests.Individuals();
        return [.. Enumerable.Range(0, patients).SelectMany(i =>
            Enumerable.Range(0, 19).Select(p => typical[(i % 20 * 19) + p] * (p == 18 ? 1 : 0.8 + (0.4 * ((i + 1) * (p + 3) * 0.6180339887 % 1)))))];
    }

    private static Trajectories Run(double[] parameters, SimulationOptions options) =>
        Solve.Cascade<CourseModel>(parameters, CourseReferenceTests.Course(Times), options);

    private static void AssertSame(Trajectories a, int patientOfA, Trajectories b, int patientOfB)
    {
        for (var t = 0; t < a.Times; t++)
        {
            for (var s = 0; s < a.States; s++)
                Assert.Equal(BitConverter.DoubleToInt64Bits(a[patientOfA, t, s]), BitConverter.DoubleToInt64Bits(b[patientOfB, t, s]));
        }
    }
}
