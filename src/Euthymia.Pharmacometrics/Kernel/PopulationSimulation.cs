using System.Collections.Concurrent;

namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// Many virtual patients through one schedule, on all cores. A patient's numbers depend on the seed and the patient's
/// number only, so chunks and threads do not show in the result.
/// </summary>
internal sealed class PopulationSimulation
{
    private readonly DrugModel _model;
    private readonly PatientModel _patientModel;
    private readonly LinearStructure _structure;
    private readonly Dosing _dosing;
    private readonly Population _population;
    private readonly ulong _seed;
    private readonly Variability _variability;
    private readonly IReadOnlyList<double> _times;

    public PopulationSimulation(
        DrugModel model, Dosing dosing, Population population, ulong seed, IReadOnlyList<double> timesHours, Variability? variability = null)
    {
        (_model, _dosing, _population, _seed, _times, _variability) = (model, dosing, population, seed, timesHours, variability ?? new Variability());
        _patientModel = new PatientModel(model);
        _structure = _patientModel.Structure();
    }

    /// <summary>Concentrations in ng/mL at [(observation x times + time) x patients + patient].</summary>
    public double[] Concentrations(int patients, SimulationControl? control)
    {
        var schedule = Schedule.Of(_dosing.Inputs, _times);
        var output = new double[(long)_patientModel.ObservedCompartments.Length * _times.Count * patients];
        ForEachPatient(patients, control, worker =>
        {
            var solver = new PatientSolver(_patientModel, _structure, schedule);
            return (patient, weight) =>
            {
                solver.Solve(worker.Parameters, weight, output, _times.Count, patients, patient, worker.Individual);
                if (_variability.Residual)
                    AddResiduals(worker.Stream, output, patients, patient);
            };
        });
        return output;
    }

    /// <summary>Exposures at [observation x patients + patient].</summary>
    public Exposure[] Exposures(int patients, SimulationControl? control, double level = double.NaN)
    {
        if (_variability.OccasionCv > 0)
            throw new InvalidInputException("exposure-between-occasions", "iov", "Exposures over a whole course are those of a patient who stays the same: leave --iov out, or ask for concentrations.");
        var output = new Exposure[_patientModel.ObservedCompartments.Length * patients];
        ForEachPatient(patients, control, worker =>
        {
            var solver = new ExposureSolver(_patientModel, _structure, _dosing, level);
            return (patient, weight) => solver.Solve(worker.Parameters, weight, output, patients, patient);
        });
        return output;
    }

    private void ForEachPatient(int patients, SimulationControl? control, Func<Worker, Action<int, double>> makeSolver)
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
            var worker = new Worker(_patientModel, _population, _seed, _variability);
            var solve = makeSolver(worker);
            for (var patient = range.Item1; patient < range.Item2; patient++)
                solve(patient, worker.MoveTo(patient));
            control?.PatientsDone?.Invoke(range.Item2 - range.Item1);
        });
    }

    // A log-normal error multiplies what would be measured; the effect site, whose log SD is 0, is never measured.
    private void AddResiduals(PatientStream stream, double[] output, int patients, int patient)
    {
        for (var observation = 0; observation < _model.Observations.Count; observation++)
        {
            var logSd = _model.Observations[observation].ResidualLogSd;
            for (var time = 0; time < _times.Count && logSd > 0; time++)
            {
                var place = observation * _times.Count + time;
                output[(long)place * patients + patient] *= Math.Exp(logSd * stream.Normal(PatientStream.FirstResidual + (uint)place));
            }
        }
    }

    /// <summary>One thread's virtual patient: draws and parameters, reused from patient to patient.</summary>
    private sealed class Worker
    {
        private readonly PatientModel _model;
        private readonly Population _population;
        private readonly double _occasionLogSd;
        private readonly double[] _deviates;
        private readonly double[] _occasion;
        private readonly double[] _scale;
        private VirtualPatient _patient;

        public Worker(PatientModel model, Population population, ulong seed, Variability variability)
        {
            (_model, _population) = (model, population);
            Stream = new PatientStream(seed, variability.Sampling, model.EffectCount);
            Parameters = new double[model.ParameterCount];
            _deviates = new double[model.EffectCount];
            _occasion = new double[model.EffectCount];
            _occasionLogSd = Math.Sqrt(Math.Log(1 + variability.OccasionCv * variability.OccasionCv));
            _scale = [.. Enumerable.Range(0, model.EffectCount).Select(effect => model.LogSd(effect) > 0 ? _occasionLogSd / model.LogSd(effect) : 0)];
            Individual = variability.OccasionCv > 0 ? Occasion : null;
        }

        public PatientStream Stream { get; }

        public double[] Parameters { get; }

        /// <summary>Writes the parameters of an occasion, or null when there is no variability between them.</summary>
        public Action<int>? Individual { get; }

        /// <summary>Makes a virtual patient and returns the weight in kg.</summary>
        public double MoveTo(int patient)
        {
            Stream.MoveTo(patient);
            _patient = _population.Draw(Stream);
            for (var effect = 0; effect < _deviates.Length; effect++)
                _deviates[effect] = Stream.Normal(PatientStream.FirstEffect + (uint)effect);
            EffectCovariance.Apply(_model.Covariance, _deviates);
            if (Individual is null)
                _model.Individualise(_patient.WeightKg, _patient.AgeYears ?? double.NaN, _deviates, Parameters);
            else
                Occasion(0);
            return _patient.WeightKg;
        }

        // Every effect that varies between patients varies between a patient's occasions by one CV.
        private void Occasion(int occasion)
        {
            for (var effect = 0; effect < _deviates.Length; effect++)
                _occasion[effect] = _deviates[effect]
                    + _scale[effect] * Stream.Normal(PatientStream.FirstOccasion + (uint)(occasion * _deviates.Length + effect));
            _model.Individualise(_patient.WeightKg, _patient.AgeYears ?? double.NaN, _occasion, Parameters);
        }
    }
}
