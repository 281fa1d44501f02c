using System.Diagnostics;
using System.Text.Json;
using Euthymia.Numerics.Cascades;
using Euthymia.Pharmacometrics;

namespace Euthymia.Benchmarks;

/// <summary>Simulates a course problem, or a shipped model, as often as asked and says how fast that was.</summary>
internal static class CourseBenchmark
{
    private static readonly double[] InfusionStarts = [0, 48, 96, 168, 216, 264];

    public static int Run(FileInfo individuals, FileInfo timesFile, int threads, int repeat, FileInfo? output, TextWriter report)
    {
        var (ids, parameters) = CourseFiles.ReadIndividuals(individuals);
        var times = CourseFiles.ReadTimes(timesFile);
        var schedule = new Schedule([.. InfusionStarts.Select(start => new Dose(start, 2.0 / 3, 0.5))], times);
        var options = new SimulationOptions { Threads = threads };

        // The memory of the results is used again from run to run.
        Trajectories? trajectories = null;
        Measure(ids.Length, threads, repeat, report, () => trajectories = CascadeSimulation.Run<CourseModel>(parameters, schedule, options, trajectories));
        using (trajectories)
        {
            if (output is not null)
                CourseFiles.Write(output, ids, times, trajectories!);
        }
        return 0;
    }

    /// <summary>Times a shipped model: virtual patients drawn, simulated and summed up as bands, daily over 28 days unless times are given.</summary>
    public static int RunModel(string name, int patients, FileInfo? timesFile, int threads, int repeat, TextWriter report)
    {
        var model = DrugModels.Get(name);
        var order = RegimenText.Parse("0.5 mg/kg over 40 min on days 0,2,4,7,9,11");
        double[] times = timesFile is null ? [.. Enumerable.Range(0, 29).Select(day => day * 24.0)] : CourseFiles.ReadTimes(timesFile);
        Measure(patients, threads, repeat, report, () =>
            ConcentrationForecast.Simulate(model, order, Population.Adults, patients, 1, times, new SimulationControl(threads)));
        return 0;
    }

    private static void Measure(int patients, int threads, int repeat, TextWriter report, Action run)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        run();
        var (wall, cpu) = (new double[repeat], new double[repeat]);
        for (var i = 0; i < repeat; i++)
        {
            // The garbage of one run, mostly plans, shall neither slow the next nor count as memory that a run needs.
            GC.Collect();
            var processor = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            run();
            wall[i] = watch.Elapsed.TotalSeconds;
            cpu[i] = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        }
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0;
        report.WriteLine(JsonSerializer.Serialize(new
        {
            patients,
            threads,
            patientsPerSecond = Math.Round(patients / Median(wall), 1),
            wallSeconds = Math.Round(Median(wall), 6),
            cpuSeconds = Math.Round(Median(cpu), 6),
            peakMiB = Math.Round(peak, 1),
        }));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
