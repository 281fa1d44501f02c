using System.Diagnostics;
using System.Text.Json;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Agreement;
using Euthymia.Trials.Calibration;
using Euthymia.Trials.Evidence;

namespace Euthymia.Benchmarks;

/// <summary>Times 'trials validate': every outcome of the evidence library held against simulated trials, all cores.</summary>
internal static class ValidationBenchmark
{
    /// <summary>One run, cold: what a user waits for, without the start of the process.</summary>
    public static int Run(int replicates, TextWriter report)
    {
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var agreement = TrialValidation.Run(EvidenceReader.ReadBuiltIn(), ResponseParameters.Default, replicates, seed: 1, LeftOutParameters.Shipped);
        report.WriteLine(JsonSerializer.Serialize(new
        {
            trials = agreement.ByTrial.Count(),
            outcomes = agreement.Overall.N,
            replicates,
            cores = Environment.ProcessorCount,
            wallSeconds = Math.Round(watch.Elapsed.TotalSeconds, 2),
            cpuSeconds = Math.Round((Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds, 2),
            coverage90 = Math.Round(agreement.Overall.Coverage90, 4),
        }));
        return 0;
    }
}
