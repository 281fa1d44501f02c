using System.CommandLine;
using Euthymia.Benchmarks;
using Euthymia.Numerics;
using Euthymia.Pharmacometrics;

var individuals = new Option<FileInfo?>("--individuals") { Description = "CSV of patients, one row each" };
var times = new Option<FileInfo?>("--times") { Description = "CSV of output times in hours, one a row" };
var model = new Option<string?>("--model") { Description = "Time a shipped drug model instead, e.g. ketamine, on virtual patients" };
var patients = new Option<int>("--patients") { Description = "Virtual patients for --model", DefaultValueFactory = _ => 10_000 };
var threads = new Option<int>("--threads") { Description = "Threads", DefaultValueFactory = _ => 1 };
var repeat = new Option<int>("--repeat") { Description = "Timed runs after one warm-up; the median is reported", DefaultValueFactory = _ => 5 };
var output = new Option<FileInfo?>("--out") { Description = "CSV that receives every state of every patient at every time" };
var course = new Command("course", "Time the six-infusion course and print one line of JSON.") { individuals, times, model, patients, threads, repeat, output };
course.Validators.Add(parsed =>
{
    if (parsed.GetValue(model) is null && (parsed.GetValue(individuals) is null || parsed.GetValue(times) is null))
        parsed.AddError("Give --individuals and --times, or --model.");
    if (parsed.GetValue(model) is not null && (parsed.GetValue(individuals) is not null || parsed.GetValue(output) is not null))
        parsed.AddError("--model makes its own virtual patients: give it neither --individuals nor --out.");
    foreach (var count in new[] { threads, repeat, patients })
    {
        // Defaults are filled in after the validators have run.
        if (parsed.GetResult(count) is { Implicit: false } && parsed.GetValue(count) < 1)
            parsed.AddError($"{count.Name} is {parsed.GetValue(count)}: give 1 or more.");
    }
});
course.SetAction(parsed => Guarded(() => parsed.GetValue(model) is { } name
    ? CourseBenchmark.RunModel(name, parsed.GetValue(patients), parsed.GetValue(times), parsed.GetValue(threads), parsed.GetValue(repeat), Console.Out)
    : CourseBenchmark.Run(parsed.GetValue(individuals)!, parsed.GetValue(times)!, parsed.GetValue(threads), parsed.GetValue(repeat), parsed.GetValue(output), Console.Out)));
var kernels = new Command("kernels", "Run the BenchmarkDotNet micro-benchmarks of the kernels.");
kernels.SetAction(_ =>
{
    BenchmarkDotNet.Running.BenchmarkRunner.Run<KernelBenchmarks>();
    return 0;
});
var replicates = new Option<int>("--replicates") { Description = "Simulated trials of every arm", DefaultValueFactory = _ => 1000 };
var validate = new Command("validate", "Time the evidence library held against simulated trials and print one line of JSON.") { replicates };
validate.SetAction(parsed => Guarded(() => ValidationBenchmark.Run(Math.Max(20, parsed.GetValue(replicates)), Console.Out)));

var data = new Option<FileInfo>("--data") { Description = "CSV of doses and observations, NONMEM style", Required = true };
var problem = new Option<string>("--problem") { Description = "b1: two compartments; b2: the nine-state course", Required = true };
problem.AcceptOnlyFromAmong("b1", "b2");
var individual = new Command("individual", "Time maximum a posteriori estimates, one thread, and print one line of JSON.") { data, problem, repeat, output };
individual.SetAction(parsed => Guarded(() => IndividualBenchmark.Run(
    parsed.GetValue(data)!, parsed.GetValue(problem)!, Math.Max(1, parsed.GetValue(repeat)), parsed.GetValue(output), Console.Out)));

var plan = new Command("plan", "Time the comparison of 40 regimens on one patient's posterior to day 28 and print one line of JSON.") { repeat };
plan.SetAction(parsed => Guarded(() => PlanBenchmark.Run(Math.Max(1, parsed.GetValue(repeat)), Console.Out)));

var sessions = new Option<int>("--sessions") { Description = "Chairs with a running infusion", DefaultValueFactory = _ => 6_000 };
var rate = new Option<int>("--rate") { Description = "Observations a second", DefaultValueFactory = _ => 1_200 };
var seconds = new Option<int>("--seconds") { Description = "Length of the load", DefaultValueFactory = _ => 180 };
var postgres = new Option<string?>("--postgres") { Description = "Connection to a PostgreSQL server; SQLite in the working folder when left out" };
var visits = new Command("visits", "Record at many chairs at once on one node and print one line of JSON.") { sessions, rate, seconds, postgres };
visits.SetAction((parsed, _) => VisitBenchmark.Run(
    Math.Max(1, parsed.GetValue(sessions)), Math.Max(1, parsed.GetValue(rate)), Math.Max(1, parsed.GetValue(seconds)), parsed.GetValue(postgres), Console.Out));

return await new RootCommand("Benchmarks of Euthymia's engine and records.") { course, individual, plan, kernels, validate, visits }.Parse(args).InvokeAsync();

static int Guarded(Func<int> run)
{
    try
    {
        return run();
    }
    catch (Exception failure) when (failure is IOException or InvalidDataException or NumericsException or InvalidInputException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine(failure.Message);
        return 1;
    }
}
