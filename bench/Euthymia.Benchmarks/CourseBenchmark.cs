using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Euthymia.Numerics.Cascades;
using Euthymia.Pharmacometrics;

namespace Euthymia.Benchmarks;

/// <summary>Reads a course problem, simulates it as often as asked, and says how fast that was.</summary>
internal static class CourseBenchmark
{
    private static readonly string[] Columns =
        ["ID", "WT", "CL", "V1", "Q2", "V2", "Q3", "V3", "CLN", "VN1", "QN", "VN2", "KE0", "EC50", "KTOL", "KPIN", "KPOUT", "KOUT", "BASE", "IMAX"];

    private static readonly double[] InfusionStarts = [0, 48, 96, 168, 216, 264];

    public static int Run(FileInfo individuals, FileInfo timesFile, int threads, int repeat, FileInfo? output, TextWriter report)
    {
        var (ids, parameters) = ReadIndividuals(individuals);
        var times = ReadTimes(timesFile);
        var schedule = new Schedule([.. InfusionStarts.Select(start => new Dose(start, 2.0 / 3, 0.5))], times);
        var options = new SimulationOptions { Threads = threads };

        Trajectories? trajectories = null;
        Measure(ids.Length, threads, repeat, report, () => trajectories = CascadeSimulation.Run<CourseModel>(parameters, schedule, options, trajectories));
        using (trajectories)
        {
            if (output is not null)
                Write(output, ids, times, trajectories!);
        }
        return 0;
    }

    /// <summary>Times a shipped model: virtual patients drawn, simulated and summed up as bands, daily over 28 days unless times are given.</summary>
    public static int RunModel(string name, int patients, FileInfo? timesFile, int threads, int repeat, TextWriter report)
    {
        var model = DrugModels.Get(name);
        var order = RegimenText.Parse("0.5 mg/kg over 40 min on days 0,2,4,7,9,11");
        double[] times = timesFile is null ? [.. Enumerable.Range(0, 29).Select(day => day * 24.0)] : ReadTimes(timesFile);
        Measure(patients, threads, repeat, report, () =>
            ConcentrationForecast.Simulate(model, order, Population.Adults, patients, 1, times, new SimulationControl(threads)));
        return 0;
    }

    private static void Measure(int patients, int threads, int repeat, TextWriter report, Action run)
    {
        run();
        var (wall, cpu) = (new double[repeat], new double[repeat]);
        for (var i = 0; i < repeat; i++)
        {
            var processor = Process.GetCurrentProcess().TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            run();
            wall[i] = watch.Elapsed.TotalSeconds;
            cpu[i] = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds;
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

    private static (string[] Ids, double[] Parameters) ReadIndividuals(FileInfo file)
    {
        using var reader = file.OpenText();
        var header = reader.ReadLine()?.Split(',') ?? [];
        var position = Columns.Select(name => Array.FindIndex(header, h => string.Equals(h.Trim().Trim('"'), name, StringComparison.Ordinal))).ToArray();
        var missing = Columns.Where((_, i) => position[i] < 0).ToArray();
        if (missing.Length > 0)
            throw new InvalidDataException($"{file.Name}, line 1: no column {string.Join(", ", missing)}.");
        var ids = new List<string>();
        var parameters = new List<double>();
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
                continue;
            var cells = text.Split(',');
            if (cells.Length < header.Length)
                throw new InvalidDataException($"{file.Name}, line {line}: {cells.Length} cells, but the header names {header.Length}.");
            ids.Add(cells[position[0]].Trim());
            for (var i = 1; i < Columns.Length; i++)
                parameters.Add(Number(file, line, Columns[i], cells[position[i]]));
        }
        return ([.. ids], [.. parameters]);
    }

    private static double[] ReadTimes(FileInfo file)
    {
        using var reader = file.OpenText();
        var times = new List<double>();
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            if (line > 1 && !string.IsNullOrWhiteSpace(text))
                times.Add(Number(file, line, "time", text));
        }
        return [.. times];
    }

    private static double Number(FileInfo file, int line, string column, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new InvalidDataException($"{file.Name}, line {line}, column {column}: '{text}' is not a number.");

    private static void Write(FileInfo file, string[] ids, double[] times, Trajectories trajectories)
    {
        using var writer = file.CreateText();
        writer.WriteLine("ID,time,A1,A2,A3,N1,N2,CE,M,P,R");
        for (var patient = 0; patient < ids.Length; patient++)
        {
            for (var t = 0; t < times.Length; t++)
            {
                writer.Write($"{ids[patient]},{times[t].ToString("R", CultureInfo.InvariantCulture)}");
                for (var state = 0; state < trajectories.States; state++)
                    writer.Write($",{trajectories[patient, t, state].ToString("G17", CultureInfo.InvariantCulture)}");
                writer.WriteLine();
            }
        }
    }
}
