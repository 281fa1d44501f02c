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
        _structure = _patientModel.Structure();
        _schedule = Schedule.Of(dosing.Inputs, timesHours);
        (_population, _seed, _times) = (population, seed, timesHours.Count);
    }

    /// <summary>Concentrations in ng/mL at [(observation x times + time) x patients + patient].</summary>
    public double[] Concentrations(int patients, SimulationControl? control)
    {
        var output = new double[_patientModel.ObservedCompartments.Length * _times * patients];
        ForEachPatient(patients, control, () =>
        {
            var solver = new PatientSolver(_patientModel, _structure, _schedule);
            return (patient, weight, parameters) => solver.Solve(parameters, weight, output, _times, patients, patient);
        });
        return output;
    }

    /// <summary>Exposures at [observation x patients + patient].</summary>
    public Exposure[] Exposures(int patients, Dosing dosing, SimulationControl? control)
    {
        var output = new Exposure[_patientModel.ObservedCompartments.Length * patients];
        ForEachPatient(patients, control, () =>
        {
            var solver = new ExposureSolver(_patientModel, _structure, dosing);
            return (patient, weight, parameters) => solver.Solve(parameters, weight, output, patients, patient);
        });
        return output;
    }

    private void ForEachPatient(int patients, SimulationControl? control, Func<Action<int, double, double[]>> makeSolver)
    {
        // Chunks of eight patients or more share cache lines of the output; 256 keep threads from waiting on each other.
        var chunks = Partitioner.Create(0, patients, Math.Clamp(patients / 8, 8, 256));
        var options = new ParallelOptions
        {
            CancellationToken = control?.Cancellation ?? CancellationToken.None,
            MaxDegreeOfParallelism = control?.Threads ?? -1,
        };
        Parallel.ForEach(chunks, options, range =>
        {
            var solve = makeSolver();
            var parameters = new double[_patientModel.ParameterCount];
            var deviates = new double[_patientModel.EffectCount];
            for (var patient = range.Item1; patient < range.Item2; patient++)
                solve(patient, Draw(patient, deviates, parameters), parameters);
            control?.PatientsDone?.Invoke(range.Item2 - range.Item1);
        });
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
