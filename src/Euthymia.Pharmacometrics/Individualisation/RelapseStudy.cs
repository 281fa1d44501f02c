using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>One virtual patient who responded on the PHQ-9, watched after a course. Days count from the last infusion.</summary>
/// <param name="TrueDay">When the true expected score had lost half of its best fall; null when not within the watch and <see cref="RelapseStudy.LongestEarly"/> days after it.</param>
/// <param name="PlainDay">First PHQ-9 that had lost half of its best fall.</param>
/// <param name="ConfirmedDay">Second of two PHQ-9 at or above 10 and 5 above the best, five days apart or more (rule MNT-05).</param>
/// <param name="Signals">At [horizon index][day], what <see cref="RelapseWatch"/> compares with its threshold on that day; zero where a response is not probable.</param>
public sealed record WatchedPatient(int? TrueDay, int? PlainDay, int? ConfirmedDay, IReadOnlyList<double[]> Signals)
{
    /// <summary>The first day on which the watch sees a relapse, or null.</summary>
    /// <param name="horizon">Index into <see cref="RelapseStudy.Horizons"/>.</param>
    /// <param name="probability">Least probability.</param>
    public int? SeenDay(int horizon, double probability) => Array.FindIndex(Signals[horizon], signal => signal >= probability) is >= 0 and var day ? day : null;
}

/// <summary>How a rule did among watched patients.</summary>
/// <param name="Relapses">Patients whose true score relapsed within the watch.</param>
/// <param name="Found">Of these, alarmed for on the true day, up to <see cref="RelapseStudy.LongestEarly"/> days before it, or later within the watch.</param>
/// <param name="Before">Of these, alarmed for before the true day and not too early.</param>
/// <param name="False">Patients alarmed for more than <see cref="RelapseStudy.LongestEarly"/> days before a relapse, or without one.</param>
/// <param name="Patients">All watched.</param>
/// <param name="LeadDays">5th, 50th and 95th percentile of true day less alarm day among the found; negative is after it. Null when none was found.</param>
public sealed record WatchResult(int Relapses, int Found, int Before, int False, int Patients, Spread? LeadDays);

/// <summary>
/// Measures the relapse watch on virtual patients of the same models: a course of six, check-ins as the clinic plans them, answers with
/// the models' scatter. It says what the rule can do if the models are right, not whether they are.
/// </summary>
public static class RelapseStudy
{
    /// <summary>An alarm earlier than this before the relapse is false.</summary>
    public const int LongestEarly = 14;

    /// <summary>The last day of the watch after the last infusion.</summary>
    public const int LastDay = 84;

    private const double ConfirmedFrom = 10;
    private const double ConfirmedRise = 5;
    private const double ConfirmedApart = 5;
    private const int PhqEveryDays = 14;
    private const double BaselineHours = -48;
    private const ulong AnswerSeed = 0xA5A5_0000_1234_9876;
    private static readonly int[] CourseDays = [0, 2, 4, 7, 9, 11];

    // The plan of check-ins: the day after, densest to day 28, weekly to day 56, then every two weeks.
    private static readonly int[] AnswerDays = [1, 7, 10, 14, 17, 21, 24, 28, 35, 42, 49, 56, 70, LastDay];

    /// <summary>Horizons measured, days.</summary>
    public static IReadOnlyList<int> Horizons { get; } = [0, 3, 7, 14];

    /// <summary>Simulates patients and watches those who respond.</summary>
    /// <param name="patients">Treated, 100 to 20,000; those whose PHQ-9 shows a response after the course are watched.</param>
    /// <param name="seed">The same seed gives the same patients and answers.</param>
    /// <param name="done">Told after each patient.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    public static IReadOnlyList<WatchedPatient> Run(int patients, ulong seed, Action<int>? done = null, CancellationToken cancellation = default)
    {
        var covariates = new Covariates(new Kilograms(75), 45);
        Infusion[] given = [.. CourseDays.Select(day => Infusion.Constant(TimeSpan.FromDays(day), new Milligrams(37.5m), TimeSpan.FromMinutes(40)))];
        // Without observations the posterior is the population: each draw is a patient of it.
        var population = Individualiser.Estimate(new PatientRecord(covariates, [], []), options: new IndividualOptions(patients, Starts: 1, Seed: seed), cancellation: cancellation);
        double[] times = [.. Enumerable.Range(0, CourseDays[^1] + LastDay + LongestEarly + 1).Select(day => 24.0 * day)];
        var truth = new CourseSimulation(population, 0, times, Environment.ProcessorCount).Run([IndividualForecast.Future(given)], cancellation)[0];
        var watched = new WatchedPatient?[patients];
        Parallel.For(0, patients, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            double[] logits = [.. Enumerable.Range(0, times.Length).Select(day => truth.Logits[day * patients + i])];
            watched[i] = Watch(new VirtualAnswers(logits, truth.Baselines[i], new Deviates(seed ^ AnswerSeed, (ulong)i)), covariates, given, cancellation);
            done?.Invoke(1);
        });
        return [.. watched.OfType<WatchedPatient>()];
    }

    /// <summary>Holds a rule's alarms against the truth.</summary>
    /// <param name="patients">As watched.</param>
    /// <param name="alarm">The rule's day, or null when it stays silent.</param>
    public static WatchResult Judge(IReadOnlyList<WatchedPatient> patients, Func<WatchedPatient, int?> alarm)
    {
        var (relapses, before, early) = (0, 0, 0);
        List<double> leads = [];
        foreach (var patient in patients)
        {
            var relapsed = patient.TrueDay is <= LastDay;
            relapses += relapsed ? 1 : 0;
            if (alarm(patient) is not { } day)
                continue;
            if (patient.TrueDay is not { } true_ || true_ - day > LongestEarly)
            {
                early++;
                continue;
            }

            before += relapsed && day < true_ ? 1 : 0;
            if (relapsed)
                leads.Add(true_ - day);
        }

        var sorted = leads.Order().ToArray();
        Spread? spread = sorted.Length == 0 ? null : new Spread(sorted[(int)(0.05 * (sorted.Length - 1))], sorted[(sorted.Length - 1) / 2], sorted[(int)(0.95 * (sorted.Length - 1))]);
        return new WatchResult(relapses, sorted.Length, before, early, patients.Count, spread);
    }

    private static WatchedPatient? Watch(VirtualAnswers answers, Covariates covariates, Infusion[] given, CancellationToken cancellation)
    {
        var last = CourseDays[^1];
        var baseline = answers.Phq9(BaselineHours);
        List<PatientObservation> known = [new(BaselineHours, ObservedKind.Score, baseline, "PHQ-9"), .. CourseDays[..^1].Select(day => answers.Mood(day + 1))];
        List<(int Day, double Score)> phq = [];
        double[][] signals = [.. Horizons.Select(_ => new double[LastDay + 1])];
        for (var a = 0; a < AnswerDays.Length; a++)
        {
            var day = AnswerDays[a];
            known.Add(answers.Mood(last + day));
            if (phq.Count == 0 || day - phq[^1].Day >= PhqEveryDays)
            {
                phq.Add((day, answers.Phq9((last + day) * 24)));
                known.Add(new((last + day) * 24, ObservedKind.Score, phq[^1].Score, "PHQ-9"));
            }

            if (a == 0 && phq[0].Score > baseline / 2)
                return null; // no response: nothing to relapse from
            var until = a + 1 < AnswerDays.Length ? AnswerDays[a + 1] : LastDay + 1;
            var outlook = RelapseWatch.Of(Individualiser.Estimate(new PatientRecord(covariates, given, known), options: RelapseWatch.Options, cancellation: cancellation), (last + day) * 24, until - day + Horizons[^1]);
            for (var h = 0; h < signals.Length; h++)
                for (var d = day; d < until && RelapseWatch.Sees(outlook, 0, Horizons[h]); d++)
                    signals[h][d] = RelapseWatch.ProbabilityBy(outlook, Horizons[h], d - day);
        }

        return new WatchedPatient(answers.TrueRelapse(last), Plain(phq, baseline), Confirmed(phq), signals);
    }

    private static int? Plain(List<(int Day, double Score)> phq, double baseline)
    {
        var best = double.PositiveInfinity;
        foreach (var (day, score) in phq)
        {
            if (score > RelapseWatch.Limit(baseline, best))
                return day;
            best = Math.Min(best, score);
        }

        return null;
    }

    private static int? Confirmed(List<(int Day, double Score)> phq)
    {
        var best = phq[0].Score;
        int? since = null;
        foreach (var (day, score) in phq)
        {
            best = Math.Min(best, score);
            since = score >= ConfirmedFrom && score >= best + ConfirmedRise ? since ?? day : null;
            if (day - since >= ConfirmedApart)
                return day;
        }

        return null;
    }

    /// <summary>What a virtual patient truly is and answers. Logits are one a day from the first infusion.</summary>
    private sealed class VirtualAnswers(double[] logits, double baseline, Deviates deviates)
    {
        private static readonly DepressionScale Phq = DepressionScale.Named("PHQ-9")!;
        private static readonly double VisitSd = ResponseParameters.Default["visit_sd"];

        /// <summary>A PHQ-9 total; before the first infusion it is the baseline's.</summary>
        public double Phq9(double hours) => Answer(Phq, hours, 0);

        /// <summary>The mood question of a check-in, a day count from the first infusion.</summary>
        public PatientObservation Mood(int day) => new(24 * day, ObservedKind.Score, Answer(DepressionScale.CheckInMood, 24 * day, 1000), DepressionScale.CheckInMood.Name);

        /// <summary>The first day after the last infusion on which the expected score has lost half of its best fall.</summary>
        public int? TrueRelapse(int last)
        {
            var best = CourseDays.Min(day => MoodModel.Madrs(logits[day + 1]));
            for (var day = 1; last + day < logits.Length; day++)
                if (MoodModel.Madrs(logits[last + day]) > RelapseWatch.Limit(baseline, best))
                    return day;
            return null;
        }

        private double Answer(DepressionScale scale, double hours, uint stream)
        {
            var moment = stream + 2 * (uint)(2 + hours / 24);
            var logit = hours < 0 ? MoodModel.Logit(baseline) : logits[(int)(hours / 24)] + VisitSd * deviates.Normal(10 + moment);
            var slope = scale.Slope * Math.Exp(scale.SlopeCv * deviates.Normal(stream == 0 ? 0u : 1u));
            return Math.Clamp(Math.Round(slope * MoodModel.Madrs(logit) + scale.ScatterSd * deviates.Normal(11 + moment)), 0, scale.Maximum);
        }
    }
}
