using Euthymia.Pharmacometrics.Kernel;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.DosingRules;

/// <summary>One virtual patient's course under dosing rules.</summary>
/// <param name="Sessions">Given.</param>
/// <param name="Dose">Of the whole course, mg.</param>
/// <param name="Baseline">Observed MADRS before the first session.</param>
/// <param name="Score">Observed MADRS on the day of evaluation.</param>
/// <param name="Applied">By rule: whether it applied.</param>
public sealed record RuledPatient(int Sessions, double Dose, double Baseline, double Score, bool[] Applied);

/// <summary>
/// A course whose dosing answers to observations, in virtual patients: exposure of each session, mood by the response model,
/// observed scores in whole points with their variation between visits, rules in the order of their days. Patients know that it is
/// ketamine. The response model is a stated hypothesis; see docs/methods/response.md.
/// </summary>
public static class RuledCourse
{
    // Draws of a patient's stream beside the kinetics; visits follow by the hour.
    private const uint FirstDraw = 1 << 20;
    private const uint FirstVisit = FirstDraw + 16;
    private const double LowestEntry = 8;
    private const double HighestEntry = 58;

    /// <summary>Simulates virtual patients.</summary>
    /// <param name="order">Infusions of racemic ketamine.</param>
    /// <param name="rules">In any order; none for the course as planned.</param>
    /// <param name="population">Whom the virtual patients stand for.</param>
    /// <param name="patients">From 1 to 1,000,000.</param>
    /// <param name="seed">Virtual patient i of a seed is always the same patient, under any rules.</param>
    /// <param name="evaluationDay">When scores are compared, in days from the first session.</param>
    /// <param name="control">Threads, progress and cancellation, if wanted.</param>
    /// <exception cref="InvalidInputException">Something is out of range; the field is named.</exception>
    public static IReadOnlyList<RuledPatient> Simulate(
        RegimenOrder order, IReadOnlyList<DosingRule> rules, Population population, int patients, ulong seed, double evaluationDay, SimulationControl? control = null)
    {
        SimulationControl.CheckPatients(patients);
        if (order.Parts.Any(part => part.Route != Route.IntravenousInfusion || part.Drug is not (null or "ketamine")))
            throw new InvalidInputException("rule-route", "rule", "Dosing rules are simulated for infusions of racemic ketamine only.");
        if (!(evaluationDay is >= 0 and <= 3660) || rules.Any(rule => rule.Day > evaluationDay))
            throw new InvalidInputException("evaluation-day", "score-day", "The day of evaluation must be within ten years and not before the day of a rule.");
        var plan = new Plan(order, rules, ResponseParameters.Default, evaluationDay);
        var results = new RuledPatient[patients];
        var options = new ParallelOptions { CancellationToken = control?.Cancellation ?? CancellationToken.None, MaxDegreeOfParallelism = control?.Threads ?? -1 };
        Parallel.For(0, patients, options, () => new PatientStream(seed, Sampling.Philox, 2), (patient, _, stream) =>
        {
            stream.MoveTo(patient);
            results[patient] = new Patient(plan, population.Draw(stream).WeightKg, stream).Run();
            control?.PatientsDone?.Invoke(1);
            return stream;
        }, _ => { });
        return results;
    }

    /// <summary>What is the same for every patient.</summary>
    private sealed class Plan
    {
        public Plan(RegimenOrder order, IReadOnlyList<DosingRule> rules, ResponseParameters parameters, double evaluationDay)
        {
            (Order, Parameters, Mood, EvaluationHours) = (order, parameters, new MoodParameters(parameters), evaluationDay * 24);
            Rules = [.. rules.Select((rule, i) => (rule, i)).OrderBy(pair => pair.rule.Day).ThenBy(pair => pair.i)];
            Sessions = [.. order.Parts.SelectMany((part, i) => part.Starts.Select(start => new PlannedSession(start.TotalHours, i, 1))).OrderBy(session => session.StartHours)];
        }

        public RegimenOrder Order { get; }

        public IReadOnlyList<(DosingRule Rule, int Index)> Rules { get; }

        public ResponseParameters Parameters { get; }

        public MoodParameters Mood { get; }

        public double EvaluationHours { get; }

        public IReadOnlyList<PlannedSession> Sessions { get; }
    }

    private sealed class Patient
    {
        private readonly Plan _plan;
        private readonly double _weightKg;
        private readonly PatientStream _stream;
        private readonly List<PlannedSession> _sessions;
        private readonly Dictionary<(int Part, double DoseFraction), double> _pulses = [];
        private readonly double _baseline;
        private readonly double _level;
        private readonly double _sensitivity;

        public Patient(Plan plan, double weightKg, PatientStream stream)
        {
            (_plan, _weightKg, _stream, _sessions) = (plan, weightKg, stream, [.. plan.Sessions]);
            var mean = plan.Parameters["baseline_mean"];
            var entry = Math.Clamp(mean + plan.Parameters["baseline_sd"] * stream.Normal(FirstDraw), LowestEntry, HighestEntry);
            _baseline = Points(entry);
            _level = MoodModel.UntreatedLogit(plan.Mood, mean, entry) + plan.Mood.BetweenPatientSd * stream.Normal(FirstDraw + 1);
            _sensitivity = MoodModel.Sensitivity(plan.Mood, stream.Normal(FirstDraw + 2));
        }

        public RuledPatient Run()
        {
            var applied = new bool[_plan.Rules.Count];
            foreach (var (rule, index) in _plan.Rules)
            {
                if (!rule.Holds(Observe(rule.Day * 24), _baseline))
                    continue;
                applied[index] = true;
                if (rule.Apply(_sessions))
                    break;
            }

            return new RuledPatient(_sessions.Count, _sessions.Sum(Dose), _baseline, Observe(_plan.EvaluationHours), applied);
        }

        /// <summary>The score that is observed at a time, in whole points. What is still to come does not change it.</summary>
        private double Observe(double hours)
        {
            var mood = _plan.Mood;
            PlannedSession[] given = [.. _sessions.Where(session => session.StartHours < hours)];
            double[] starts = [.. given.Select(session => session.StartHours)];
            var weights = MoodModel.DriveWeights(mood, starts, [hours]);
            var drive = 0.0;
            for (var i = 0; i < given.Length; i++)
                drive += weights[0, i] * Pulse(given[i]);
            var drug = drive > 0 ? _sensitivity * MoodModel.Effect(mood, drive) : 0;
            var expectancy = mood.Of(Expectancy.OpenLabel) * MoodModel.ExpectancyCourse(mood, starts, hours);
            // One visit at one time, whichever rule asks.
            var visit = mood.VisitSd * _stream.Normal(FirstVisit + (uint)Math.Round(hours));
            return Points(MoodModel.Madrs(_level - MoodModel.Improvement(mood, drug, expectancy) + visit));
        }

        private double Pulse(PlannedSession session)
        {
            if (_pulses.TryGetValue((session.Part, session.DoseFraction), out var known))
                return known;
            var exposure = SessionExposure.Of(
                new KetamineSession(KetamineForm.Racemic, Dose(session), _plan.Order.Parts[session.Part].Duration.TotalHours),
                _weightKg, _stream.Normal(PatientStream.FirstEffect), _stream.Normal(PatientStream.FirstEffect + 1), [], _plan.Parameters);
            return _pulses[(session.Part, session.DoseFraction)] = MoodModel.Pulse(_plan.Mood, exposure.OccupancyHours);
        }

        private double Dose(PlannedSession session)
        {
            var part = _plan.Order.Parts[session.Part];
            return session.DoseFraction * (part.Dose is { } fixedDose ? (double)fixedDose.Value : (double)part.DosePerKilogram!.Value.Value * _weightKg);
        }

        private static double Points(double madrs) => Math.Round(madrs, MidpointRounding.AwayFromZero);
    }
}
