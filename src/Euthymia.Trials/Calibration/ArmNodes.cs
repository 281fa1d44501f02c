using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.VirtualTrials;

namespace Euthymia.Trials.Calibration;

/// <summary>How an arm differs from the typical one: multiples of its parts, and of what fades with time.</summary>
internal readonly record struct ArmFactors(double Visit, double Nonspecific, double Drug, double Duration)
{
    public static ArmFactors Typical { get; } = new(1, 1, 1, 1);
}

/// <summary>
/// An arm's patients as a fixed Latin hypercube of deviates, so that an expected outcome is a smooth function of the
/// parameters: the same nodes for every parameter set, and thresholds rounded by a narrow logistic.
/// </summary>
internal sealed class ArmNodes
{
    public const int Count = 256;

    private const double ThresholdWidth = 0.08;
    private const int FixedDimensions = 4;

    private readonly ArmDesign _design;
    private readonly double[] _times;
    private readonly double[][] _deviates;
    private readonly double[]? _occupancy;

    public ArmNodes(ArmDesign design, double[] times, ResponseParameters parameters, ulong seed)
    {
        (_design, _times) = (design, times);
        _deviates = [.. Enumerable.Range(0, FixedDimensions + times.Length).Select(dimension => Hypercube(seed, (ulong)dimension))];
        _occupancy = design.Dose is null ? null : ExposurePool.Of(design.Dose, design.WeightKg, [], parameters).OccupancyHours;
    }

    public int IndexOf(double hours) => Array.IndexOf(_times, hours);

    /// <summary>Latent levels by time, then node, and the baseline.</summary>
    public (double[] Baseline, double[][] Logits) Levels(in MoodParameters mood, double baselineMean, double baselineSd, in ArmFactors factors)
    {
        var baseline = new double[Count];
        var logits = new double[_times.Length][];
        var drive = DriveSums(mood);
        var (shifts, second, antidepressant) = (new double[_times.Length], new double[_times.Length], new double[_times.Length]);
        for (var t = 0; t < _times.Length; t++)
        {
            logits[t] = new double[Count];
            var course = factors.Nonspecific * MoodModel.ExpectancyCourse(mood, _design.SessionHours, _times[t]);
            shifts[t] = mood.Of(_design.Expectancy, _design.Dose is null) * course;
            second[t] = mood.Of(_design.SecondExpectancy ?? _design.Expectancy, _design.Dose is null) * course;
            antidepressant[t] = _design.NewAntidepressant ? factors.Nonspecific * MoodModel.AntidepressantCourse(mood, _times[t]) : 0;
        }
        for (var i = 0; i < Count; i++)
        {
            var entry = Math.Clamp(baselineMean + baselineSd * _deviates[0][i], 8, 58);
            baseline[i] = entry;
            var level = MoodModel.UntreatedLogit(mood, baselineMean, entry) + mood.BetweenPatientSd * _deviates[1][i];
            var conventional = MoodModel.AntidepressantFactor(mood, -_deviates[1][i]);
            var pulse = 0.0;
            var sensitivity = 0.0;
            if (_occupancy is not null)
            {
                pulse = MoodModel.Pulse(mood, _occupancy[i % _occupancy.Length]);
                sensitivity = MoodModel.Sensitivity(mood, _deviates[2][i]) * factors.Drug;
            }
            for (var t = 0; t < _times.Length; t++)
            {
                var drug = pulse > 0 ? sensitivity * MoodModel.Effect(mood, pulse * drive[t]) : 0;
                logits[t][i] = level - factors.Visit * (MoodModel.Improvement(mood, drug, (i % 2 == 0 ? shifts : second)[t] + antidepressant[t] * conventional) + _design.AddedLogit) + mood.VisitSd * _deviates[FixedDimensions + t][i];
            }
        }
        return (baseline, logits);
    }

    /// <summary>Smooth indicator of a response or remission.</summary>
    public static double Reached(Target target, double logit, double baselineMadrs)
    {
        var limit = target.Quantity is Quantity.Remission
            ? (target.Threshold + 0.5) / target.Scale.Slope
            : baselineMadrs * (1 - target.Threshold);
        return 1 / (1 + Math.Exp((logit - MoodModel.Logit(limit)) / ThresholdWidth));
    }

    private double[] DriveSums(in MoodParameters mood)
    {
        var weights = MoodModel.DriveWeights(mood, _design.SessionHours, _times);
        return [.. Enumerable.Range(0, _times.Length).Select(t => Enumerable.Range(0, _design.SessionHours.Length).Sum(j => weights[t, j]))];
    }

    // One node in each of Count equal strata, in an order shuffled by the dimension (McKay, Beckman, Conover 1979).
    private static double[] Hypercube(ulong seed, ulong dimension)
    {
        var deviates = new Deviates(seed, dimension);
        var order = Enumerable.Range(0, Count).OrderBy(i => deviates.Uniform((uint)i)).ToArray();
        return [.. order.Select(stratum => NormalQuantile.Of((stratum + 0.5) / Count))];
    }
}
