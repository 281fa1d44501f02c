using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Tests.Lanes;

/// <summary>Every operation on a vector is the scalar operation on each of its lanes, whatever stands in the others.</summary>
public unsafe class LaneTests
{
    [Fact]
    public void Four_lanes_compute_what_one_lane_computes() => AssertLikeOneLane<Lanes4>();

    [Fact]
    public void Eight_lanes_compute_what_one_lane_computes() => AssertLikeOneLane<Lanes8>();

    [Fact]
    public void Sixteen_lanes_compute_what_one_lane_computes() => AssertLikeOneLane<Lanes16>();

    [Fact]
    public void A_number_becomes_every_lane()
    {
        Lanes16 seven = 7.0;
        Assert.All(Enumerable.Range(0, 16), lane => Assert.Equal(7.0, seven[lane]));
    }

    private static void AssertLikeOneLane<T>()
        where T : unmanaged, ILane<T>
    {
        double[] left = [1.5, -2, 0, 1e-300, 1e9, double.NaN, 3, 0.1, 7, double.PositiveInfinity, 2, 0.3, 1e-9, 5, 4, 12];
        double[] right = [2, 3, -1, 1e300, 1e-9, 1, double.NaN, 0.2, 7, 2, 0.5, -0.3, 1, 5, 4.5, -1e5];
        double[] third = [.. left.Zip(right, (a, b) => (a * 0.25) - b)];
        for (var first = 0; first < 16; first += T.Width)
        {
            T a = Load<T>(left, first), b = Load<T>(right, first), c = Load<T>(third, first);
            AssertEach(first, left, right, third, a + b, (x, y, _) => x + y);
            AssertEach(first, left, right, third, a - b, (x, y, _) => x - y);
            AssertEach(first, left, right, third, a * b, (x, y, _) => x * y);
            AssertEach(first, left, right, third, a / b, (x, y, _) => x / y);
            AssertEach(first, left, right, third, -a, (x, _, _) => -x);
            AssertEach(first, left, right, third, T.Abs(a), (x, _, _) => Math.Abs(x));
            AssertEach(first, left, right, third, T.Sqrt(a), (x, _, _) => Math.Sqrt(x));
            AssertEach(first, left, right, third, T.Max(a, b), (x, y, _) => Math.Max(x, y));
            AssertEach(first, left, right, third, T.Min(a, b), (x, y, _) => Math.Min(x, y));
            AssertEach(first, left, right, third, T.MultiplyAdd(a, b, c), Math.FusedMultiplyAdd);
            AssertEach(first, left, right, third, T.MultiplyAddNegated(a, b, c), (x, y, z) => Math.FusedMultiplyAdd(-x, y, z));
            AssertEach(first, left, right, third, T.Select(T.AtMost(a, b), b, c), (x, y, z) => x <= y ? y : z);
            AssertStreamed(a);
        }
        for (var bits = 0u; bits < 1u << T.Width; bits += T.Width > 8 ? 37u : 1u)
            Assert.Equal(bits, T.Bits(T.Mask(bits)));
    }

    private static void AssertStreamed<T>(T value)
        where T : unmanaged, ILane<T>
    {
        var memory = (T*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)sizeof(T), 64);
        T.Stream(value, memory);
        for (var lane = 0; lane < T.Width; lane++)
            Assert.Equal(value[lane], (*memory)[lane]);
        System.Runtime.InteropServices.NativeMemory.AlignedFree(memory);
    }

    private static T Load<T>(double[] numbers, int first)
        where T : unmanaged, ILane<T>
    {
        fixed (double* start = numbers)
            return *(T*)(start + first);
    }

    private static void AssertEach<T>(int first, double[] left, double[] right, double[] third, T value, Func<double, double, double, double> expected)
        where T : unmanaged, ILane<T>
    {
        for (var lane = 0; lane < T.Width; lane++)
            Assert.Equal(expected(left[first + lane], right[first + lane], third[first + lane]), value[lane]);
    }
}
