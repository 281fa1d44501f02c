using System.CommandLine;
using Euthymia.Benchmarks;
using Euthymia.Numerics;

var individuals = new Option<FileInfo>("--individuals") { Description = "CSV of patients, one row each", Required = true };
var times = new Option<FileInfo>("--times") { Description = "CSV of output times in hours, one a row", Required = true };
var threads = new Option<int>("--threads") { Description = "Threads", DefaultValueFactory = _ => 1 };
var repeat = new Option<int>("--repeat") { Description = "Timed runs after one warm-up; the median is reported", DefaultValueFactory = _ => 5 };
var output = new Option<FileInfo?>("--out") { Description = "CSV that receives every state of every patient at every time" };
var course = new Command("course", "Time the six-infusion course for a file of patients and print one line of JSON.") { individuals, times, threads, repeat, output };
course.SetAction(parsed => Guarded(() => CourseBenchmark.Run(
    parsed.GetRequiredValue(individuals), parsed.GetRequiredValue(times), parsed.GetValue(threads), Math.Max(1, parsed.GetValue(repeat)), parsed.GetValue(output), Console.Out)));

return new RootCommand("Benchmarks of Euthymia's engine.") { course }.Parse(args).Invoke();

static int Guarded(Func<int> run)
{
    try
    {
        return run();
    }
    catch (Exception failure) when (failure is IOException or InvalidDataException or NumericsException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine(failure.Message);
        return 1;
    }
}
