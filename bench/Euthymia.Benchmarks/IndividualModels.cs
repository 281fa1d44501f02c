using System.Runtime.InteropServices;
using Euthymia.Numerics.Cascades;
using Euthymia.Numerics.Lanes;
using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Benchmarks;

/// <summary>One infusion of the problem: mg at a constant rate.</summary>
internal readonly record struct BenchmarkDose(double Start, double Milligrams, double Hours);

/// <summary>One patient of the problem, records in order of time.</summary>
internal sealed record BenchmarkPatient(string Id, double WeightKg, BenchmarkDose[] Doses, double[] Times, int[] Compartments, double[] Values);

/// <summary>
/// Problem b1: two compartments, infusions, closed form. The central amount is a sum of two exponentials, each carried from
/// switch to switch and observation to observation.
/// </summary>
internal sealed class TwoCompartmentIndividual : IndividualModel
{
    private static readonly double[] Omega = [0.25, 0.3, 0.3, 0.25];
    private readonly double _size;
    private readonly double _weight;
    private readonly List<(double Length, double Rate, int Output)> _steps = [];

    public TwoCompartmentIndividual(BenchmarkPatient patient)
    {
        (_weight, ObservationCount) = (patient.WeightKg / 70, patient.Times.Length);
        _size = Math.Pow(_weight, 0.75);
        var marks = patient.Doses.SelectMany(dose => new[] { (Time: dose.Start, Output: -1), (Time: dose.Start + dose.Hours, Output: -1) })
            .Concat(patient.Times.Select((time, i) => (Time: time, Output: i)))
            .OrderBy(mark => mark.Time).ToList();
        var now = 0.0;
        foreach (var (time, output) in marks)
        {
            var middle = (now + time) / 2;
            _steps.Add((time - now, patient.Doses.Where(dose => middle > dose.Start && middle < dose.Start + dose.Hours).Sum(dose => dose.Milligrams / dose.Hours), output));
            now = time;
        }
    }

    public override int EffectCount => 4;

    public override int ObservationCount { get; }

    public static double Effect(int index, double deviate) => Omega[index] * deviate;

    public override void Predict(ReadOnlySpan<double> effects, Span<double> predictions)
    {
        var deviates = MemoryMarshal.Cast<double, Lanes8>(effects);
        var outputs = MemoryMarshal.Cast<double, Lanes8>(predictions);
        var clearance = 79 * _size * Lanes8.Exp(deviates[0] * Omega[0]);
        var central = 60 * _weight * Lanes8.Exp(deviates[1] * Omega[1]);
        var exchange = 120 * _size * Lanes8.Exp(deviates[2] * Omega[2]);
        var peripheral = 170 * _weight * Lanes8.Exp(deviates[3] * Omega[3]);
        Lanes8 k10 = clearance / central, k12 = exchange / central, k21 = exchange / peripheral;
        var sum = k10 + k12 + k21;
        var root = Lanes8.Sqrt((sum * sum) - (4.0 * k10 * k21));
        var fast = 0.5 * (sum + root);
        var slow = k10 * k21 / fast;
        // Amounts per mg/h at plateau, and the concentration that they give.
        Lanes8 fastGain = (fast - k21) / (root * fast), slowGain = (k21 - slow) / (root * slow), scale = 1000.0 / central;
        Lanes8 fastPart = 0.0, slowPart = 0.0;
        foreach (var (length, rate, output) in CollectionsMarshal.AsSpan(_steps))
        {
            if (length > 0)
            {
                Lanes8 plateauFast = fastGain * rate, plateauSlow = slowGain * rate;
                fastPart = Lanes8.MultiplyAdd(fastPart - plateauFast, Lanes8.Exp(fast * -length), plateauFast);
                slowPart = Lanes8.MultiplyAdd(slowPart - plateauSlow, Lanes8.Exp(slow * -length), plateauSlow);
            }
            if (output >= 0)
                outputs[output] = scale * (fastPart + slowPart);
        }
    }
}

/// <summary>Problem b2: the nine-state course, ketamine and score observed.</summary>
internal sealed class CourseIndividual : IndividualModel
{
    private static readonly double[] Omega = [0.25, 0.3, 0.5, 0.15];
    private static readonly int[] Varying = [1, 2, 12, 17];
    private readonly double[] _typical;
    private readonly CascadeGroup<CourseModel> _group;
    private readonly (int Time, int State, bool Concentration)[] _readings;

    private CourseIndividual(BenchmarkPatient patient, CascadeGroup<CourseModel> group)
    {
        _group = group;
        var weight = patient.WeightKg / 70;
        var size = Math.Pow(weight, 0.75);
        _typical = [patient.WeightKg, 79 * size, 25 * weight, 150 * size, 75 * weight, 60 * size, 150 * weight, 60 * size, 60 * weight, 90 * size, 150 * weight, 6, 100, 0.03, 0.15, 0.005, 0.03, 32, 0.85];
        _readings = [.. patient.Times.Select((_, i) => (i, patient.Compartments[i] == 1 ? 0 : 8, patient.Compartments[i] == 1))];
    }

    public override int EffectCount => 4;

    public override int ObservationCount => _readings.Length;

    public static double Effect(int index, double deviate) => Omega[index] * deviate;

    /// <summary>The individuals; those with the same schedule per kilogram share their memory and plans.</summary>
    public static CourseIndividual[] Of(IReadOnlyList<BenchmarkPatient> patients, double relativeTolerance, double absoluteTolerance)
    {
        var groups = new Dictionary<string, CascadeGroup<CourseModel>>(StringComparer.Ordinal);
        return [.. patients.Select(patient =>
        {
            Dose[] doses = [.. patient.Doses.Select(dose => new Dose(dose.Start, dose.Hours, Math.Round(dose.Milligrams / patient.WeightKg, 9)))];
            var key = string.Join(';', doses) + string.Join(';', patient.Times);
            if (!groups.TryGetValue(key, out var group))
                groups[key] = group = new(new Schedule(doses, patient.Times), new() { RelativeTolerance = relativeTolerance, AbsoluteTolerance = absoluteTolerance });
            return new CourseIndividual(patient, group);
        })];
    }

    public override void Predict(ReadOnlySpan<double> effects, Span<double> predictions)
    {
        var parameters = MemoryMarshal.Cast<double, Lanes8>(_group.Parameters);
        for (var i = 0; i < _typical.Length; i++)
            parameters[i] = _typical[i];
        var deviates = MemoryMarshal.Cast<double, Lanes8>(effects);
        for (var k = 0; k < Varying.Length; k++)
            parameters[Varying[k]] *= Lanes8.Exp(deviates[k] * Omega[k]);
        _group.Run();
        var states = MemoryMarshal.Cast<double, Lanes8>(_group.States);
        var outputs = MemoryMarshal.Cast<double, Lanes8>(predictions);
        var scale = 1000.0 / parameters[2];
        for (var j = 0; j < _readings.Length; j++)
        {
            var state = states[(_readings[j].Time * _group.StateCount) + _readings[j].State];
            outputs[j] = _readings[j].Concentration ? state * scale : state;
        }
    }
}
