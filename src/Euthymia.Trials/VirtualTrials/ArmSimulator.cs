using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Trials.VirtualTrials;

/// <summary>Scores of the simulated patients of an arm: MADRS at baseline and at each time, and on the trial's scale.</summary>
/// <param name="Baseline">By patient.</param>
/// <param name="Scores">By time, then patient.</param>
public sealed record ArmScores(double[] Baseline, double[][] Scores)
{
    /// <summary>Arms of several trials seen as one.</summary>
    public static ArmScores Join(IReadOnlyList<ArmScores> parts)
        => parts.Count == 1 ? parts[0] : new ArmScores(
            [.. parts.SelectMany(part => part.Baseline)],
            [.. Enumerable.Range(0, parts[0].Scores.Length).Select(t => parts.SelectMany(part => part.Scores[t]).ToArray())]);
}

/// <summary>Simulates one arm's patients: who they are, what the drug does to them, what is scored.</summary>
public sealed class ArmSimulator
{
    private const double LowestEntry = 8;
    private const double HighestEntry = 58;

    private readonly ArmDesign _design;
    private readonly DepressionScale _scale;
    private readonly ExposurePool? _pool;

    /// <summary>Prepares an arm.</summary>
    /// <param name="scale">The scale that scores are wanted on.</param>
    /// <param name="timesHours">Times of the visits from the first session.</param>
    public ArmSimulator(ArmDesign design, DepressionScale scale, double[] timesHours, ResponseParameters parameters)
    {
        (_design, _scale, TimesHours) = (design, scale, timesHours);
        _pool = design.Dose is null ? null : ExposurePool.Of(design.Dose, design.WeightKg, [], parameters);
    }

    public double[] TimesHours { get; }

    /// <summary>One replicate of the arm in one trial.</summary>
    /// <param name="patients">Deviates of the arm's patients; each patient has a block of its own.</param>
    /// <param name="armDeviates">Deviates of the arm as a whole.</param>
    public ArmScores Simulate(ResponseParameters parameters, in MoodParameters typical, TrialEffects trial, Deviates patients, Deviates armDeviates, int count)
    {
        var mood = typical.WithDuration(trial.DurationFactor);
        double[][] shifts = [Shifts(mood, trial, _design.Expectancy), _design.SecondExpectancy is { } second ? Shifts(mood, trial, second) : []];
        var added = _design.AddedLogit + _design.AddedLogitSd * armDeviates.Normal(0);
        var visits = VisitFactors(parameters, armDeviates);
        var antidepressant = Antidepressant(mood, trial);
        var drive = DriveSums(mood);
        var (mean, sd) = (_design.BaselineMean ?? trial.BaselineMean, _design.BaselineSd ?? parameters["baseline_sd"]);
        var slope = _scale.Slope * (1 + _scale.SlopeCv * trial.ScaleDeviate);
        var baseline = new double[count];
        var scores = new double[TimesHours.Length][];
        for (var t = 0; t < scores.Length; t++)
            scores[t] = new double[count];

        var stride = (uint)(5 + 2 * TimesHours.Length);
        for (var i = 0; i < count; i++)
        {
            var first = (uint)i * stride;
            var entry = Math.Clamp(mean + sd * patients.Normal(first), LowestEntry, HighestEntry);
            baseline[i] = OnScale(entry, slope, first + 4, patients);
            var own = patients.Normal(first + 1);
            var level = MoodModel.UntreatedLogit(mood, mean, entry) + mood.BetweenPatientSd * own;
            var conventional = MoodModel.AntidepressantFactor(mood, -own);
            var (pulse, sensitivity) = (0.0, 0.0);
            if (_pool is not null)
            {
                pulse = MoodModel.Pulse(mood, _pool.OccupancyHours[(int)(patients.Uniform(first + 2) * ExposurePool.Patients)]);
                sensitivity = MoodModel.Sensitivity(mood, patients.Normal(first + 3)) * trial.DrugFactor;
            }
            var believed = _design.SecondExpectancy is null ? shifts[0] : shifts[i % 2];
            for (var t = 0; t < scores.Length; t++)
            {
                var drug = pulse > 0 ? sensitivity * MoodModel.Effect(mood, pulse * drive[t]) : 0;
                var visit = mood.VisitSd * patients.Normal(first + 5 + 2 * (uint)t);
                scores[t][i] = OnScale(MoodModel.Madrs(level - visits[t] * (MoodModel.Improvement(mood, drug, believed[t] + antidepressant[t] * conventional) + added) + visit), slope, first + 6 + 2 * (uint)t, patients);
            }
        }
        return new ArmScores(baseline, scores);
    }

    /// <summary>What moves all patients of the arm alike at each time, in logits of improvement.</summary>
    private double[] Shifts(in MoodParameters mood, TrialEffects trial, Expectancy expectancy)
    {
        var shifts = new double[TimesHours.Length];
        for (var t = 0; t < shifts.Length; t++)
        {
            var course = MoodModel.ExpectancyCourse(mood, _design.SessionHours, TimesHours[t]);
            shifts[t] = trial.NonspecificFactor * mood.Of(expectancy, _design.Dose is null) * course;
        }
        return shifts;
    }

    // What nothing else explains at a visit scales with what there is to explain: arms in which nothing happens hardly differ.
    private double[] VisitFactors(ResponseParameters parameters, Deviates arm)
        => [.. Enumerable.Range(0, TimesHours.Length).Select(t => Math.Exp(parameters["arm_visit_sd"] * arm.Normal(1 + (uint)t)))];

    private double[] Antidepressant(in MoodParameters mood, TrialEffects trial)
    {
        var effects = new double[TimesHours.Length];
        for (var t = 0; _design.NewAntidepressant && t < effects.Length; t++)
            effects[t] = trial.NonspecificFactor * MoodModel.AntidepressantCourse(mood, TimesHours[t]);
        return effects;
    }

    // The pulse of a patient is the same at every session, so the weights of the sessions can be summed before.
    private double[] DriveSums(in MoodParameters mood)
    {
        var weights = MoodModel.DriveWeights(mood, _design.SessionHours, TimesHours);
        var sums = new double[TimesHours.Length];
        for (var t = 0; t < sums.Length; t++)
        {
            for (var j = 0; j < _design.SessionHours.Length; j++)
                sums[t] += weights[t, j];
        }
        return sums;
    }

    private double OnScale(double madrs, double slope, uint deviate, Deviates patients)
        => _scale.ScatterSd <= 0 ? madrs : Math.Clamp(slope * madrs + _scale.ScatterSd * patients.Normal(deviate), 0, _scale.Maximum);
}
