using System.Globalization;
using Euthymia.Benchmarks;
using Euthymia.Numerics.Cascades;

namespace Euthymia.Numerics.Tests.Cascades;

/// <summary>
/// The six-infusion course against a reference made by Gragg-Bulirsch-Stoer extrapolation of order 20 in extended precision
/// (halving its step changes nothing above 1.4e-14): 20 patients, among them the extremes of 10,000, at 15 of its 161 times.
/// </summary>
public class CourseReferenceTests
{
    private static readonly double[] Floors = [1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-2, 1e-3, 1e-3, 1e-2];

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(4)]
    [InlineData(1)]
    public void Every_state_agrees_with_the_reference_to_1e_5_at_the_nominal_tolerance(int lanes) =>
        Assert.InRange(LargestError(new() { Lanes = lanes, Threads = 1 }), 0, 1e-5);

    [Fact]
    public void A_tighter_tolerance_is_honoured() =>
        Assert.InRange(LargestError(new() { RelativeTolerance = 1e-9, AbsoluteTolerance = 1e-11, Threads = 1 }), 0, 3e-8);

    internal static double[] Individuals() =>
        [.. Rows("course-individuals.csv").SelectMany(row => row.Skip(1))];

    internal static Schedule Course(params IReadOnlyList<double> times) =>
        new([.. new double[] { 0, 48, 96, 168, 216, 264 }.Select(start => new Dose(start, 2.0 / 3, 0.5))], times);

    private static double LargestError(SimulationOptions options)
    {
        var reference = Rows("course-reference.csv").ToList();
        var times = reference.Select(row => row[1]).Distinct().Order().ToList();
        var ids = Rows("course-individuals.csv").Select(row => row[0]).ToList();
        using var states = Solve.Cascade<CourseModel>(Individuals(), Course([.. times]), options);
        var largest = 0.0;
        foreach (var row in reference)
        {
            for (var s = 0; s < Floors.Length; s++)
            {
                var error = Math.Abs(states[ids.IndexOf(row[0]), times.IndexOf(row[1]), s] - row[2 + s]) / Math.Max(Math.Abs(row[2 + s]), Floors[s]);
                Assert.True(double.IsFinite(error));
                largest = Math.Max(largest, error);
            }
        }
        return largest;
    }

    private static IEnumerable<double[]> Rows(string resource)
    {
        using var reader = new StreamReader(typeof(CourseReferenceTests).Assembly.GetManifestResourceStream(resource)!);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
            yield return [.. line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
    }
}
