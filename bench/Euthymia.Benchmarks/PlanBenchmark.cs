using System.Diagnostics;
using System.Text.Json;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Pharmacometrics.Planning;

namespace Euthymia.Benchmarks;

/// <summary>How long a plan takes: a patient after two infusions, 40 regimens, 1,000 posterior draws, 28 days.</summary>
internal static class PlanBenchmark
{
    public static int Run(int repeat, TextWriter report)
    {
        var record = new PatientRecord(
            new Covariates(new Kilograms(74), 44),
            [Infusion.Constant(TimeSpan.Zero, new Milligrams(37), TimeSpan.FromMinutes(40)), Infusion.Constant(TimeSpan.FromHours(48), new Milligrams(37), TimeSpan.FromMinutes(40))],
            [
                new(-1, ObservedKind.Score, 34, "MADRS"), new(24, ObservedKind.Score, 25, "MADRS"), new(72, ObservedKind.Score, 22, "MADRS"), new(73, ObservedKind.Score, 11, "PHQ-9"),
                new(0.7, ObservedKind.DissociationLevel, 2), new(48.7, ObservedKind.DissociationLevel, 1),
                new(-0.5, ObservedKind.SystolicPressure, 128), new(0.65, ObservedKind.SystolicPressure, 143), new(48.65, ObservedKind.SystolicPressure, 139),
            ]);
        var options = RegimenOption.Grid([new(0.3m), new(0.4m), new(0.5m), new(0.6m), new(0.75m)], [40, 60], [2, 7], [4, 6]);
        var (estimates, comparisons) = (new List<double>(), new List<double>());
        for (var run = -2; run < repeat; run++)
        {
            var watch = Stopwatch.StartNew();
            var estimate = Individualiser.Estimate(record);
            var estimated = watch.Elapsed.TotalMilliseconds;
            // Six weekly infusions end on day 35: only what lies within the plan is given.
            Planner.Compare(estimate, new PlanRequest([.. options.Select(option => option with { StartDays = [.. option.StartDays.Where(day => day < 28)] })], 96));
            if (run < 0)
                continue;
            estimates.Add(estimated);
            comparisons.Add(watch.Elapsed.TotalMilliseconds - estimated);
        }

        estimates.Sort();
        comparisons.Sort();
        report.WriteLine(JsonSerializer.Serialize(new
        {
            regimens = options.Count,
            draws = 1000,
            days = 28,
            comparisonMilliseconds = Math.Round(comparisons[repeat / 2], 1),
            estimateMilliseconds = Math.Round(estimates[repeat / 2], 1),
        }));
        return 0;
    }
}
