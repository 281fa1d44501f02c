using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;

namespace Euthymia.Cli.Commands;

/// <summary><c>euthymia simulate</c>: a regimen in virtual patients, as a table and a plot.</summary>
internal static class SimulateCommand
{
    private const string Examples =
        """
        Simulates a regimen in virtual patients: exposure as a table, concentrations as a plot.

        Examples:
          euthymia simulate --regimen "0.5 mg/kg over 40 min on days 0,2,4,7,9,11" --plot course.svg
          euthymia simulate --regimen "35 mg over 40 min" --weight 70 --patients 10000 --seed 7
          euthymia simulate --regimen "0.5 mg/kg over 40 min; 0.75 mg/kg over 60 min on day 3" --at "0,0.5,1:24:1" --json
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Option<string> regimen = new("--regimen", "-r") { Description = "What is given, such as \"0.5 mg/kg over 40 min on days 0,2,4\".", Required = true };
        Option<string> model = new("--model", "-m") { Description = "Drug model.", DefaultValueFactory = _ => DrugModels.Default.Id };
        Option<decimal?> weight = new("--weight", "-w") { Description = "Weight in kg of every virtual patient; without it weights vary as in --population." };
        Option<string> population = new("--population") { Description = "Population that covariates are drawn from.", DefaultValueFactory = _ => "adults" };
        Option<int> patients = new("--patients", "-n") { Description = "Number of virtual patients.", DefaultValueFactory = _ => 1000 };
        Option<ulong> seed = new("--seed", "-s") { Description = "Seed: the same seed gives the same patients.", DefaultValueFactory = _ => 1 };
        Option<string?> at = new("--at") { Description = "Times in hours for --json: numbers and start:end:step, such as \"0,0.5,1:24:1\"." };
        Option<FileInfo?> plot = new("--plot", "-p") { Description = "Write a plot to this .svg or .png file." };
        Option<int?> threads = new("--threads") { Description = "At most this many threads; one per core without it." };
        Option<bool> json = new("--json") { Description = "Print everything as JSON instead of a table." };

        Command command = new("simulate", Examples) { regimen, model, weight, population, patients, seed, at, plot, threads, json };
        command.SetAction((parsed, cancellation) =>
        {
            var request = new Request(
                RegimenText.Parse(parsed.GetValue(regimen)!),
                DrugModels.Get(parsed.GetValue(model)!),
                parsed.GetValue(weight) is { } kilograms
                    ? Population.Of(new Covariates(new Kilograms(kilograms)))
                    : Population.Get(parsed.GetValue(population)!),
                parsed.GetValue(patients),
                parsed.GetValue(seed),
                parsed.GetValue(at) is { } times ? TimeList.Parse(times) : null,
                ImageFile.Check(parsed.GetValue(plot)),
                CheckThreads(parsed.GetValue(threads)),
                parsed.GetValue(json));
            Run(request, output, errors, cancellation);
            return Task.FromResult(EuthymiaProgram.ExitCode.Success);
        });
        return command;
    }

    private static void Run(Request request, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var (course, exposures) = Progress.Run(errors, request.Patients * 2L, patientsDone =>
        {
            var control = new SimulationControl(request.Threads, patientsDone, cancellation);
            var times = request.Times ?? CourseTimes.Of(request.Order);
            return (
                ConcentrationForecast.Simulate(request.Model, request.Order, request.Population, request.Patients, request.Seed, times, control),
                CourseExposure.Simulate(request.Model, request.Order, request.Population, request.Patients, request.Seed, control));
        });
        var seconds = clock.Elapsed.TotalSeconds;

        if (request.Json)
            output.WriteLine(JsonSerializer.Serialize(new { course.Basis, request.Seed, course.VenousUnavailable, exposures, course.TimesHours, course.Bands }, Json));
        else
            ExposureTable.Write(output, course, exposures, seconds);
        if (request.Plot is { } file)
        {
            var plotted = request.Times is null
                ? course
                : ConcentrationForecast.Simulate(request.Model, request.Order, request.Population, request.Patients, request.Seed, CourseTimes.Of(request.Order));
            CoursePlot.Write(file, plotted, request.Model, request.Order);
            errors.WriteLine($"Wrote {file}");
        }
    }

    private static int? CheckThreads(int? threads)
        => threads is null or (>= 1 and <= 1024)
            ? threads
            : throw new InvalidInputException("threads-out-of-range", "threads", "The number of threads must be from 1 to 1024.");

    private sealed record Request(
        RegimenOrder Order,
        DrugModel Model,
        Population Population,
        int Patients,
        ulong Seed,
        IReadOnlyList<double>? Times,
        string? Plot,
        int? Threads,
        bool Json);
}
