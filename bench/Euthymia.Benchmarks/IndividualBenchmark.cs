using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Benchmarks;

/// <summary>Maximum a posteriori estimates of the benchmark's patients: how long they take, one thread, and what they are.</summary>
internal static class IndividualBenchmark
{
    private const double KetamineCv = 0.15;
    private const double MadrsSd = 2;

    // The last step is taken without a look at where it leads: that leaves less than half of this.
    private const double Tolerance = 5e-5;

    public static int Run(FileInfo data, string problem, int repeat, FileInfo? output, TextWriter report)
    {
        var patients = Read(data);
        var isCourse = string.Equals(problem, "b2", StringComparison.Ordinal);
        var residuals = patients.Select(patient => patient.Values.Select((value, j) => patient.Compartments[j] == 1
            ? Residual.Normal(value, 0, KetamineCv)
            : Residual.Normal(value, MadrsSd)).ToArray()).ToArray();
        var estimates = new double[patients.Count][];
        var times = new List<double>();
        var warmUp = Stopwatch.StartNew();
        while (times.Count < repeat)
        {
            var watch = Stopwatch.StartNew();
            IndividualModel[] models = isCourse ? CourseIndividual.Of(patients, 1e-6, 1e-8) : [.. patients.Select(patient => new TwoCompartmentIndividual(patient))];
            var search = new FisherScoring(4, 8);
            for (var i = 0; i < models.Length; i++)
            {
                if (residuals[i].Length != 8)
                    search = new FisherScoring(4, residuals[i].Length);
                var effects = new double[4];
                search.Search(models[i], residuals[i], effects, Tolerance);
                estimates[i] = effects;
            }
            // The compiler has nothing left to improve after a second or two.
            if (warmUp.Elapsed.TotalSeconds > 2)
                times.Add(watch.Elapsed.TotalMilliseconds / patients.Count);
        }
        times.Sort();
        report.WriteLine(JsonSerializer.Serialize(new { patients = patients.Count, millisecondsPerPatient = Math.Round(times[times.Count / 2], 6) }));
        if (output is not null)
            Write(output, patients, isCourse, residuals, estimates);
        return 0;
    }

    // Objective values of the file come from predictions a thousand times more accurate than those of the search.
    private static void Write(FileInfo file, List<BenchmarkPatient> patients, bool isCourse, Residual[][] residuals, double[][] estimates)
    {
        IndividualModel[] exact = isCourse ? CourseIndividual.Of(patients, 1e-10, 1e-12) : [.. patients.Select(patient => new TwoCompartmentIndividual(patient))];
        using var writer = file.CreateText();
        writer.WriteLine("ID,eta1,eta2,eta3,eta4,ofv");
        for (var i = 0; i < patients.Count; i++)
        {
            var objective = new FisherScoring(4, residuals[i].Length).Curvature(exact[i], residuals[i], estimates[i]);
            var effects = estimates[i].Select((deviate, k) => (isCourse ? CourseIndividual.Effect(k, deviate) : TwoCompartmentIndividual.Effect(k, deviate)).ToString("G12", CultureInfo.InvariantCulture));
            writer.WriteLine($"{patients[i].Id},{string.Join(',', effects)},{objective.ToString("G12", CultureInfo.InvariantCulture)}");
        }
    }

    private static List<BenchmarkPatient> Read(FileInfo file)
    {
        var lines = File.ReadAllLines(file.FullName);
        if (lines.Length < 2)
            throw new InvalidDataException($"{file.Name}: a heading line and records are needed.");
        string[] header = [.. lines[0].Split(',').Select(name => name.Trim().Trim('"'))];
        string[] needed = ["ID", "time", "evid", "amt", "rate", "cmt", "DV", "WT"];
        var at = needed.Select(name => Array.IndexOf(header, name)).ToArray();
        if (at.Contains(-1))
            throw new InvalidDataException($"{file.Name}, line 1: no column {needed[Array.IndexOf(at, -1)]}.");
        var rows = lines.Skip(1).Where(line => line.Length > 0).Select((line, i) => (Line: i + 2, Cells: line.Split(','))).ToList();
        foreach (var row in rows.Where(row => row.Cells.Length != header.Length))
            throw new InvalidDataException($"{file.Name}, line {row.Line}: {row.Cells.Length} cells, but the header names {header.Length}.");
        double Number((int Line, string[] Cells) row, int column)
            => double.TryParse(row.Cells[at[column]], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value
                : throw new InvalidDataException($"{file.Name}, line {row.Line}, column {needed[column]}: '{row.Cells[at[column]]}' is not a number.");
        return [.. rows.GroupBy(row => row.Cells[at[0]], StringComparer.Ordinal).Select(patient =>
        {
            var doses = patient.Where(row => Number(row, 2) == 1).ToList();
            var observations = patient.Where(row => Number(row, 2) == 0).ToList();
            return new BenchmarkPatient(
                patient.Key,
                Number(patient.First(), 7),
                [.. doses.Select(row => new BenchmarkDose(Number(row, 1), Number(row, 3), Number(row, 3) / Number(row, 4)))],
                [.. observations.Select(row => Number(row, 1))],
                [.. observations.Select(row => (int)Number(row, 5))],
                [.. observations.Select(row => Number(row, 6))]);
        })];
    }
}
