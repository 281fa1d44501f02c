using BenchmarkDotNet.Attributes;
using Euthymia.Numerics;
using Euthymia.Numerics.Cascades;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Benchmarks;

/// <summary>The parts of a simulation, each on 64 patients or 4,096 numbers, on 1, 4, 8 and 16 lanes.</summary>
[ShortRunJob]
public class KernelBenchmarks
{
    private readonly double[] _numbers = [.. Enumerable.Range(0, 4096).Select(i => (i - 2048) * 0.005)];
    private readonly Schedule _daily = new([.. new double[] { 0, 48, 96, 168, 216, 264 }.Select(start => new Dose(start, 2.0 / 3, 0.5))], [.. Enumerable.Range(1, 28).Select(day => day * 24.0)]);
    private double[] _patients = [];

    /// <summary>Lanes of a vector.</summary>
    [Params(1, 4, 8, 16)]
    public int Lanes { get; set; }

    [GlobalSetup]
    public void MakePatients()
    {
        double[] typical = [75, 79, 25, 150, 75, 60, 150, 60, 60, 90, 150, 6, 100, 0.03, 0.15, 0.005, 0.03, 32, 0.85];
        _patients = [.. Enumerable.Range(0, 64).SelectMany(i => typical.Select((value, p) => p == 18 ? value : value * (0.8 + (0.4 * ((i + 1) * (p + 3) * 0.618 % 1)))))];
    }

    [Benchmark(Description = "exponentials of 4,096 numbers")]
    public double Exponentials() => Lanes switch { 16 => SumOfExp<Lanes16>(), 8 => SumOfExp<Lanes8>(), 4 => SumOfExp<Lanes4>(), _ => SumOfExp<Lanes1>() };

    [Benchmark(Description = "64 patients through the course, daily outputs")]
    public double Course()
    {
        using var states = CascadeSimulation.Run<CourseModel>(_patients, _daily, new() { Lanes = Lanes, Threads = 1 });
        return states[0, 27, 8];
    }

    [Benchmark(Description = "4,096 scrambled Sobol coordinates")]
    public uint SobolPoints()
    {
        var sobol = new Sobol(1, 7);
        var sum = 0u;
        for (var i = 0u; i < 4096; i++)
            sum += sobol.Integer(i, 0);
        return sum;
    }

    private unsafe double SumOfExp<T>()
        where T : unmanaged, ILane<T>
    {
        T sum = 0.0;
        fixed (double* numbers = _numbers)
        {
            for (var i = 0; i < _numbers.Length; i += T.Width)
                sum += T.Exp(*(T*)(numbers + i));
        }
        return sum[0];
    }
}
