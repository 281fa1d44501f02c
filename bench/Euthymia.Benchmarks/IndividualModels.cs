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
    private readonly Step[] _steps;

    public TwoCompartmentIndividual(BenchmarkPatient patient)
    {
        (_weight, ObservationCount) = (patient.WeightKg / 70, patient.Times.Length);
        _size = Math.Pow(_weight, 0.75);
        var steps = new Step[(2 * patient.Doses.Length) + patient.Times.Length];
        var (count, now, rate, dose, running, next) = (0, 0.0, 0.0, 0, false, 0);
        while (next < patient.Times.Length)
        {
            var change = dose == patient.Doses.Length ? double.PositiveInfinity
                : running ? patient.Doses[dose].Start + patient.Doses[dose].Hours : patient.Doses[dose].Start;
            var isOutput = patient.Times[next] <= change;
            var time = isOutput ? patient.Times[next] : change;
            steps[count++] = new(time - now, rate, isOutput ? next : -1);
            now = time;
            if (isOutput)
            {
                next++;
                continue;
            }
            (running, rate) = (!running, running ? 0 : patient.Doses[dose].Milligrams / patient.Doses[dose].Hours);
            dose += running ? 0 : 1;
        }
        _steps = steps[..count];
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
        foreach (var (length, rate, output) in _steps)
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

    private readonly record struct Step(double Length, double Rate, int Output);
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

    /// <summary>The individuals; neighbours with the same schedule per kilogram share their memory and plans.</summary>
    public static CourseIndividual[] Of(IReadOnlyList<BenchmarkPatient> patients, double relativeTolerance, double absoluteTolerance)
    {
        var individuals = new CourseIndividual[patients.Count];
        CascadeGroup<CourseModel>? group = null;
        for (var i = 0; i < individuals.Length; i++)
        {
            if (group is null || !SharesSchedule(patients[i - 1], patients[i]))
            {
                Dose[] doses = [.. patients[i].Doses.Select(dose => new Dose(dose.Start, dose.Hours, dose.Milligrams / patients[i].WeightKg))];
                group = new(new Schedule(doses, patients[i].Times), new() { RelativeTolerance = relativeTolerance, AbsoluteTolerance = absoluteTolerance });
            }
            individuals[i] = new CourseIndividual(patients[i], group);
        }
        return individuals;
    }

    private static bool SharesSchedule(BenchmarkPatient one, BenchmarkPatient other)
    {
        if (!one.Times.AsSpan().SequenceEqual(other.Times) || one.Doses.Length != other.Doses.Length)
            return false;
        for (var i = 0; i < one.Doses.Length; i++)
        {
            var (a, b) = (one.Doses[i], other.Doses[i]);
            if (a.Start != b.Start || Math.Abs(a.Hours - b.Hours) > 1e-12 || Math.Abs((a.Milligrams / one.WeightKg) - (b.Milligrams / other.WeightKg)) > 1e-12)
                return false;
        }
        return true;
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
