using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Pharmacometrics.Planning;

/// <summary>What one interval between maintenance infusions leads to.</summary>
/// <param name="IntervalDays">Between infusions, the first so long after now.</param>
/// <param name="Visits">Infusions within the horizon.</param>
/// <param name="Relapse">Probability of relapse within it, among courses in which the patient responds now.</param>
/// <param name="DaysInRemission">Expected.</param>
/// <param name="MeanScore">Mean MADRS over the horizon.</param>
public sealed record MaintenanceInterval(double IntervalDays, int Visits, double Relapse, double DaysInRemission, double MeanScore);

/// <summary>Relapse against interval, for the decision when to give the next infusion.</summary>
/// <param name="Responding">Probability of responding now: of the others nothing can relapse.</param>
/// <param name="Intervals">In the order asked for.</param>
/// <param name="Without">The same with nothing more given.</param>
/// <param name="Basis">What it rests on.</param>
public sealed record Maintenance(double Responding, IReadOnlyList<MaintenanceInterval> Intervals, MaintenanceInterval Without, string Basis)
{
    private const double VisitDays = 3.5;
    private const int LongestDays = 365;

    /// <summary>Compares intervals on one patient's posterior.</summary>
    /// <param name="estimate">The patient.</param>
    /// <param name="nowHours">From the start of the course.</param>
    /// <param name="profile">Of each infusion.</param>
    /// <param name="intervalsDays">1 to 100 intervals, each 1 day to the horizon.</param>
    /// <param name="days">Horizon, 7 to 365.</param>
    /// <param name="threads">At most this many at once; null for one per core.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidInputException">The patient is outside the models' range, or a number is out of range.</exception>
    public static Maintenance Of(
        IndividualEstimate estimate, double nowHours, DoseProfile profile, IReadOnlyList<double> intervalsDays, int days = 84, int? threads = null, CancellationToken cancellation = default)
    {
        Check(estimate, nowHours, days);
        if (intervalsDays.Count is < 1 or > 100 || intervalsDays.Any(interval => !(interval >= 1 && interval <= days)))
            throw new InvalidInputException("interval-out-of-range", "intervals", $"Give from 1 to 100 intervals, each from 1 to {days} days.");

        List<double[]> schedules = [.. intervalsDays.Select(interval => Starts(interval, days)), []];
        var outcomes = Simulate(estimate, nowHours, profile, schedules, days, threads, cancellation, out var visits);
        MaintenanceInterval[] intervals = [.. outcomes.Select((outcome, c) => Summarise(estimate, outcome, visits, c < intervalsDays.Count ? intervalsDays[c] : double.PositiveInfinity, schedules[c].Length))];
        var relapse = CourseScores.RelapseDays(outcomes[^1], visits, estimate.Posterior.Count, estimate.Context.Response["visit_sd"]);
        return new Maintenance(relapse.Count(day => !double.IsNaN(day)) / (double)relapse.Length, intervals[..^1], intervals[^1], estimate.Basis);
    }

    /// <summary>What infusions on given days lead to, such as a taper of growing intervals.</summary>
    /// <param name="estimate">The patient.</param>
    /// <param name="nowHours">From the start of the course.</param>
    /// <param name="profile">Of each infusion.</param>
    /// <param name="startDays">Days from now, ascending, within the horizon.</param>
    /// <param name="days">Horizon, 7 to 365.</param>
    /// <param name="threads">At most this many at once; null for one per core.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The outcome; its interval is the mean of those asked for.</returns>
    /// <exception cref="InvalidInputException">The patient is outside the models' range, or a number is out of range.</exception>
    public static MaintenanceInterval OfSchedule(
        IndividualEstimate estimate, double nowHours, DoseProfile profile, IReadOnlyList<double> startDays, int days = 84, int? threads = null, CancellationToken cancellation = default)
    {
        Check(estimate, nowHours, days);
        if (startDays.Count is < 1 or > 100 || startDays.Any(day => !(day > 0 && day < days)) || startDays.Zip(startDays.Skip(1)).Any(pair => pair.Second <= pair.First))
            throw new InvalidInputException("interval-out-of-range", "intervals", $"Give from 1 to 100 days, ascending and within {days} days.");
        double[] starts = [.. startDays];
        var outcome = Simulate(estimate, nowHours, profile, [starts], days, threads, cancellation, out var visits)[0];
        return Summarise(estimate, outcome, visits, starts[^1] / starts.Length, starts.Length);
    }

    private static void Check(IndividualEstimate estimate, double nowHours, int days)
    {
        ModelRange.Require(estimate.Range);
        IndividualForecast.CheckNow(estimate, nowHours);
        if (days is < 7 or > LongestDays)
            throw new InvalidInputException("days-out-of-range", "days", $"The horizon of maintenance is from 7 to {LongestDays} days.");
    }

    private static double[] Starts(double intervalDays, int days) => [.. Enumerable.Range(1, (int)Math.Ceiling(days / intervalDays) - 1).Select(i => intervalDays * i)];

    private static CourseOutcome[] Simulate(
        IndividualEstimate estimate, double nowHours, DoseProfile profile, IReadOnlyList<double[]> schedules, int days, int? threads, CancellationToken cancellation, out double[] visits)
    {
        var book = new SessionBook(estimate);
        List<FutureCourse> courses = [];
        foreach (var starts in schedules)
        {
            if (starts.Length == 0)
            {
                courses.Add(new FutureCourse([], []));
                continue;
            }

            var option = new RegimenOption("maintenance", Route.IntravenousInfusion, profile, starts);
            option.Check(days);
            var pattern = book.PatternOf(option)!;
            courses.Add(new FutureCourse([.. starts.Select(start => nowHours + 24 * start)], [.. starts.Select(_ => pattern)]));
        }

        visits = [.. Enumerable.Range(0, (int)Math.Floor(days / VisitDays) + 1).Select(visit => nowHours + 24 * VisitDays * visit)];
        return new CourseSimulation(estimate, nowHours, visits, threads ?? Environment.ProcessorCount).Run(courses, cancellation);
    }

    private static MaintenanceInterval Summarise(IndividualEstimate estimate, CourseOutcome outcome, double[] visits, double interval, int sessions)
    {
        var (draws, visitSd) = (estimate.Posterior.Count, estimate.Context.Response["visit_sd"]);
        double[] responding = [.. CourseScores.RelapseDays(outcome, visits, draws, visitSd).Where(day => !double.IsNaN(day))];
        double remission = 0, score = 0;
        for (var t = 0; t < visits.Length; t++)
        {
            for (var i = 0; i < draws; i++)
            {
                remission += CourseScores.Remission(outcome.Logits[t * draws + i], visitSd) / draws;
                score += CourseScores.Mean(outcome.Logits[t * draws + i], visitSd) / draws;
            }
        }

        return new MaintenanceInterval(
            interval, sessions,
            responding.Length == 0 ? 0 : responding.Count(double.IsFinite) / (double)responding.Length,
            remission * VisitDays,
            score / visits.Length);
    }
}
