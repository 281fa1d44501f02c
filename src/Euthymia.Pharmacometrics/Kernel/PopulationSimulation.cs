using System.Collections.Concurrent;
using Euthymia.Numerics.Random;

namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// Many virtual patients through one schedule, on all cores. A patient's numbers depend on the seed and the patient's
/// number only, so chunks and threads do not show in the result.
/// </summary>
internal sealed class PopulationSimulation
{
    // Draws 0 to 15 of a patient's stream are covariates; random effects follow in the order of the model file.
    private const uint FirstEffect = 16;

    private readonly PatientModel _patientModel;
    private readonly LinearStructure _structure;
    private readonly Schedule _schedule;
    private readonly Population _population;
    private readonly ulong _seed;
    private readonly int _times;

    public PopulationSimulation(DrugModel model, Dosing dosing, Population population, ulong seed, IReadOnlyList<double> timesHours)
    {
        _patientModel = new PatientModel(model);
        var n = _patientModel.CompartmentCount;
        var typical = new double[_patientModel.ParameterCount];
        var matrix = new double[n * n];
        _patientModel.Individualise(model.ReferenceWeightKg, [], typical);
        _patientModel.RateMatrix(typical, matrix);
        _structure = new LinearStructure(matrix, n);
        _schedule = Schedule.Of(dosing.Inputs, timesHours);
        (_population, _seed, _times) = (population, seed, timesHours.Count);
    }

    /// <summary>Concentrations in ng/mL at [(observation x times + time) x patients + patient].</summary>
    public double[] Run(int patients)
    {
        var output = new double[_patientModel.ObservedCompartments.Length * _times * patients];
        // Chunks of eight patients share cache lines of the output; larger ones keep threads from waiting on each other.
        Parallel.ForEach(Partitioner.Create(0, patients, Math.Max(8, Math.Min(256, patients / 8))), range =>
        {
            var solver = new PatientSolver(_patientModel, _structure, _schedule);
            var parameters = new double[_patientModel.ParameterCount];
            var deviates = new double[_patientModel.EffectCount];
            for (var patient = range.Item1; patient < range.Item2; patient++)
            {
                var weight = Draw(patient, deviates, parameters);
                solver.Solve(parameters, weight, output, _times, patients, patient);
            }
        });
        return output;
    }

    private double Draw(int patient, double[] deviates, double[] parameters)
    {
        var stream = new Deviates(_seed, (ulong)patient);
        var weight = _population.Draw(stream).WeightKg;
        for (var effect = 0; effect < deviates.Length; effect++)
            deviates[effect] = stream.Normal(FirstEffect + (uint)effect);
        _patientModel.Individualise(weight, deviates, parameters);
        return weight;
    }
}
