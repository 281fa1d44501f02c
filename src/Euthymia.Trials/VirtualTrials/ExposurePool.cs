using System.Collections.Concurrent;
using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Trials.VirtualTrials;

/// <summary>
/// Exposures of a fixed set of virtual patients to one dose. The fast part of the model, minutes to hours, is integrated once
/// for each dose and patient; the slow part, days to weeks, then needs only the session's integral.
/// </summary>
public sealed record ExposurePool(double[] OccupancyHours, double[] Peaks, double[] PlasmaPeaks, double[][] Concentrations)
{
    public const int Patients = 192;

    private const double MeanWeightKg = 75;
    private const double WeightLogSd = 0.2;
    private const ulong PoolSeed = 20261123;
    private static readonly ConcurrentDictionary<string, ExposurePool> Cache = new(StringComparer.Ordinal);

    public double MeanPeak { get; } = Peaks.Average();

    /// <summary>Exposures to an ordered dose; concentrations at the given times, by time then patient.</summary>
    public static ExposurePool Of(OrderedDose dose, double? weightKg, double[] timesHours, ResponseParameters parameters)
        => Cache.GetOrAdd(
            FormattableString.Invariant($"{parameters.Version}|{dose}|{weightKg}|{string.Join(';', timesHours)}"),
            _ => Simulate(dose, weightKg, timesHours, parameters));

    private static ExposurePool Simulate(OrderedDose dose, double? weightKg, double[] timesHours, ResponseParameters parameters)
    {
        var exposures = new SessionExposure[Patients];
        for (var i = 0; i < Patients; i++)
        {
            var deviates = new Deviates(PoolSeed, (ulong)i);
            var weight = (weightKg ?? MeanWeightKg) * Math.Exp(WeightLogSd * deviates.Normal(0));
            exposures[i] = SessionExposure.Of(dose.For(weight), weight, deviates.Normal(1), deviates.Normal(2), timesHours, parameters);
        }
        return new ExposurePool(
            [.. exposures.Select(exposure => exposure.OccupancyHours)],
            [.. exposures.Select(exposure => exposure.PeakConcentration)],
            [.. exposures.Select(exposure => exposure.PeakPlasma)],
            [.. Enumerable.Range(0, timesHours.Length).Select(t => exposures.Select(exposure => exposure.Concentrations[t]).ToArray())]);
    }
}
