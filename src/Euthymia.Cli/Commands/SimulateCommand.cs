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
        Simulates a regimen in virtual patients (exposure as a table, concentrations as a plot), or the doses and
        observations of an event file (one row per record).

        Examples:
          euthymia simulate --regimen "0.5 mg/kg over 40 min on days 0,2,4,7,9,11" --plot course.svg
          euthymia simulate --regimen "35 mg over 40 min" --weight 70 --patients 10000 --seed 7
          euthymia simulate --regimen "0.5 mg/kg over 40 min; 0.75 mg/kg over 60 min on day 3" --at "0,0.5,1:24:1" --json
          euthymia simulate --events doses.csv --model oral1 --parameters CL=5,V1=40,KA=1.2,F1=0.8,ALAG1=0.25
          euthymia simulate --events doses.csv --model iv2 --parameters "CL=5*(WT/70)^0.75,V1=20,Q2=8,V2=60" --carry WT=forward --out result.parquet
          euthymia simulate --events doses.csv --model ketamine --weight 70 --quantities arterial,norketamine
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Option<string?> regimen = new("--regimen", "-r") { Description = "What is given, such as \"0.5 mg/kg over 40 min on days 0,2,4\". Needed unless --events is given." };
        Option<FileInfo?> events = new("--events", "-e") { Description = "NONMEM-style event records in CSV: ID, TIME, EVID, AMT, RATE, DUR, CMT, ADDL, II, SS and covariates." };
        Option<string?> parameters = new("--parameters") { Description = "Parameters of a generic model: numbers, or arithmetic over covariate columns." };
        Option<string?> quantities = new("--quantities", "-q") { Description = "With --events, what to give, such as CP,A1." };
        Option<string?> carry = new("--carry") { Description = "With --events, how changing covariates are carried: WT=forward, backward or linear." };
        Option<FileInfo?> file = new("--out", "-o") { Description = "With --events, write to this .csv or .parquet file instead of printing." };
        Option<string> model = new("--model", "-m") { Description = "Drug model, or with --events also iv1, iv2, iv3, oral1, oral2, oral3.", DefaultValueFactory = _ => DrugModels.Default.Id };
        Option<decimal?> weight = new("--weight", "-w") { Description = "Weight in kg of every virtual patient; without it weights vary as in --population." };
        Option<string> population = new("--population") { Description = "Population that covariates are drawn from.", DefaultValueFactory = _ => "adults" };
        Option<int> patients = new("--patients", "-n") { Description = "Number of virtual patients.", DefaultValueFactory = _ => 1000 };
        Option<ulong> seed = new("--seed", "-s") { Description = "Seed: the same seed gives the same patients.", DefaultValueFactory = _ => 1 };
        Option<string?> at = new("--at") { Description = "Times in hours for --json: numbers and start:end:step, such as \"0,0.5,1:24:1\"." };
        Option<FileInfo?> plot = new("--plot", "-p") { Description = "Write a plot to this .svg or .png file." };
        Option<int?> threads = new("--threads") { Description = "At most this many threads; one per core without it." };
        Option<bool> json = new("--json") { Description = "Print everything as JSON instead of a table." };

        Command command = new("simulate", Examples) { regimen, events, model, parameters, quantities, carry, file, weight, population, patients, seed, at, plot, threads, json };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(events) is { } table)
            {
                RequireUnused(parsed, "--regimen", regimen, population, patients, seed, at, plot, json);
                if (parsed.GetValue(file) is { } result)
                    ResultTable.Check(result);
                EventsRun.Run(
                    new EventsRun.Request(
                        table, parsed.GetValue(model)!, parsed.GetValue(parameters), parsed.GetValue(weight), parsed.GetValue(quantities),
                        parsed.GetValue(carry), parsed.GetValue(file), CheckThreads(parsed.GetValue(threads))),
                    output, errors, cancellation);
                return Task.FromResult(EuthymiaProgram.ExitCode.Success);
            }

            RequireUnused(parsed, "--events", parameters, quantities, carry, file);
            var request = new Request(
                RegimenText.Parse(parsed.GetValue(regimen)
                    ?? throw new InvalidInputException("regimen-missing", "regimen", "Give --regimen, such as \"0.5 mg/kg over 40 min on days 0,2,4\", or --events.")),
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
        var (course, exposures) = Progress.Run(errors, request.Patients * 2L, "patients", patientsDone =>
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

    // An option that would do nothing is refused: silence would be taken for consent.
    private static void RequireUnused(ParseResult parsed, string mode, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            if (parsed.GetResult(option) is { Implicit: false })
                throw new InvalidInputException("option-of-other-mode", option.Name.TrimStart('-'), $"{option.Name} goes with {mode} only. Leave it out.");
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
