using System.Globalization;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>What to expect of the next infusion: readings with their scatter, 5th, 50th and 95th percentile.</summary>
/// <param name="HoursFromStart">From its start.</param>
/// <param name="Plasma">Concentration in the compartment infused into, ng/mL, without assay error.</param>
/// <param name="Cadss">CADSS total.</param>
/// <param name="Systolic">mmHg.</param>
/// <param name="Diastolic">mmHg.</param>
public sealed record InfusionForecast(double[] HoursFromStart, Band Plasma, Band Cadss, Band Systolic, Band Diastolic);

/// <summary>Relapse if nothing more is given, among courses of the posterior in which the patient responds at the start.</summary>
/// <param name="Responding">Probability of responding now, without which there is nothing to relapse from.</param>
/// <param name="ByDay">Probability of relapse by each day of the forecast.</param>
/// <param name="Day">5th, 50th and 95th percentile of the day of relapse; infinity where it lies beyond the forecast; null when no draw responds.</param>
public sealed record RelapseForecast(double Responding, double[] ByDay, Spread? Day);

/// <summary>
/// What is to be expected of one patient, with every uncertainty of the models and of the patient in it. A pure function of the
/// estimate and what is asked.
/// </summary>
/// <param name="Infusion">Of the next infusion, or null when none is planned.</param>
/// <param name="Days">From now.</param>
/// <param name="Score">Observed MADRS at each day.</param>
/// <param name="Response">Probability of response at a visit on each day.</param>
/// <param name="Remission">Probability of remission at a visit on each day.</param>
/// <param name="Relapse">If nothing at all is given from now on.</param>
/// <param name="Basis">What it rests on.</param>
/// <param name="Range">Where the patient lies outside the models.</param>
public sealed record IndividualForecast(
    InfusionForecast? Infusion,
    double[] Days,
    Band Score,
    double[] Response,
    double[] Remission,
    RelapseForecast Relapse,
    string Basis,
    IReadOnlyList<RangeFinding> Range)
{
    private const int LongestDays = 730;
    private const double RelapseStepDays = 3.5;
    private const int InfusionReadings = 37;

    /// <summary>Forecasts from one moment on.</summary>
    /// <param name="estimate">The patient.</param>
    /// <param name="nowHours">From the start of the course; not before the last infusion given ended.</param>
    /// <param name="planned">Infusions to come, from the start of the course; none for "nothing more".</param>
    /// <param name="days">Length, 1 to 730.</param>
    /// <param name="threads">At most this many at once; null for one per core.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidInputException">The patient is outside the models' range, or a time is.</exception>
    public static IndividualForecast Of(IndividualEstimate estimate, double nowHours, IReadOnlyList<Infusion> planned, int days = 28, int? threads = null, CancellationToken cancellation = default)
    {
        ModelRange.Require(estimate.Range);
        if (days is < 1 or > LongestDays)
            throw new InvalidInputException("days-out-of-range", "days", $"A forecast is from 1 to {LongestDays} days long.");
        CheckNow(estimate, nowHours);
        if (planned.Any(infusion => infusion.Start.TotalHours < nowHours))
            throw new InvalidInputException("planned-in-past", "planned", "A planned infusion starts before now: give what was given as given.");

        var count = threads ?? Environment.ProcessorCount;
        var visitSd = estimate.Context.Response["visit_sd"];
        var draws = estimate.Posterior.Count;
        double[] times = [.. Enumerable.Range(0, days + 1).Select(day => nowHours + 24.0 * day)];
        var course = Future(planned);
        var outcome = new CourseSimulation(estimate, nowHours, times, count).Run([course], cancellation)[0];
        double[] visits = [.. Enumerable.Range(0, (int)Math.Floor(days / RelapseStepDays) + 2).Select(visit => nowHours + 24 * RelapseStepDays * visit)];
        var untreated = new CourseSimulation(estimate, nowHours, visits, count).Run([new FutureCourse([], [])], cancellation)[0];
        return new IndividualForecast(
            course.StartHours.Length > 0 ? InfusionOf(estimate, course, nowHours) : null,
            [.. Enumerable.Range(0, days + 1).Select(day => (double)day)],
            CourseScores.ObservedBand(outcome, times.Length, draws, visitSd),
            ByTime(times.Length, draws, (t, i) => CourseScores.Response(outcome.Baselines[i], outcome.Logits[t * draws + i], visitSd)),
            ByTime(times.Length, draws, (t, i) => CourseScores.Remission(outcome.Logits[t * draws + i], visitSd)),
            RelapseOf(CourseScores.RelapseDays(untreated, visits, draws, visitSd), days),
            estimate.Basis,
            estimate.Range);
    }

    /// <summary>The first moment at which a forecast may stand: when the last infusion given ended.</summary>
    /// <param name="estimate">The patient.</param>
    public static double EarliestHours(IndividualEstimate estimate)
        => estimate.Record.Given.Count == 0 ? 0 : estimate.Record.Given.Max(infusion => infusion.End.TotalHours);

    internal static void CheckNow(IndividualEstimate estimate, double nowHours)
    {
        if (!(nowHours >= EarliestHours(estimate) && nowHours < 1e6))
            throw new InvalidInputException("now-out-of-range", "now", string.Create(CultureInfo.InvariantCulture, $"A forecast starts when the last infusion given has ended, at {EarliestHours(estimate):0.##} h, or later: {nowHours} h is not."));
    }

    /// <summary>Infusions as sessions to come.</summary>
    internal static FutureCourse Future(IReadOnlyList<Infusion> infusions)
    {
        Infusion[] ordered = [.. infusions.OrderBy(infusion => infusion.Start)];
        var patterns = new Dictionary<string, SessionPattern>(StringComparer.Ordinal);
        return new FutureCourse(
            [.. ordered.Select(infusion => infusion.Start.TotalHours)],
            [.. ordered.Select(infusion =>
            {
                (double, double, double)[] segments = [.. infusion.Segments.Where(segment => segment.Rate.Value > 0)
                    .Select(segment => ((segment.Start - infusion.Start).TotalHours, (segment.End - infusion.Start).TotalHours, (double)segment.Rate.Value))];
                var key = string.Join(';', segments);
                return patterns.TryGetValue(key, out var pattern) ? pattern : patterns[key] = new SessionPattern(segments);
            })]);
    }

    private static double[] ByTime(int times, int draws, Func<int, int, double> probability)
        => [.. Enumerable.Range(0, times).Select(t => Enumerable.Range(0, draws).Average(i => probability(t, i)))];

    private static RelapseForecast RelapseOf(double[] relapse, int days)
    {
        double[] responding = [.. relapse.Where(day => !double.IsNaN(day))];
        double[] byDay = [.. Enumerable.Range(0, days + 1).Select(day => responding.Length == 0 ? 0 : responding.Count(relapseDay => relapseDay <= day) / (double)responding.Length)];
        if (responding.Length == 0)
            return new RelapseForecast(0, byDay, null);
        Array.Sort(responding);
        // Order statistics, not interpolated: a relapse beyond the forecast has no number.
        double At(double probability) => responding[(int)(probability * (responding.Length - 1))] is var day && day <= days ? day : double.PositiveInfinity;
        return new RelapseForecast(responding.Length / (double)relapse.Length, byDay, new Spread(At(0.05), At(0.5), At(0.95)));
    }

    private static InfusionForecast InfusionOf(IndividualEstimate estimate, FutureCourse course, double nowHours)
    {
        var (context, draws, pattern) = (estimate.Context, estimate.Posterior.Count, course.Patterns[0]);
        var last = pattern.Segments.Select(segment => segment.End).DefaultIfEmpty(0).Max() + 1.5;
        double[] hours = [.. Enumerable.Range(0, InfusionReadings).Select(i => last * i / (InfusionReadings - 1))];
        var values = new double[4][];
        for (var kind = 0; kind < values.Length; kind++)
            values[kind] = new double[hours.Length * draws];
        var simulation = new CourseSimulation(estimate, nowHours, [], 1);
        var model = new KetamineIndividual(context);
        var session = context.Sessions.Count + 1;
        for (var group = 0; group * IndividualModel.Lanes < draws; group++)
        {
            model.Patient.Set(simulation.Points(group));
            var (exposure, pressor) = simulation.Deviates(group, 0);
            var multiplier = Lanes8.Exp(exposure * context.Layout.OccasionExposureSd);
            for (var t = 0; t < hours.Length; t++)
                StoreReadings(context, model.Patient, pattern, hours, t, group, session, multiplier, pressor, values, draws);
        }

        Band BandOf(int kind)
        {
            var band = new Band(new double[hours.Length], new double[hours.Length], new double[hours.Length]);
            for (var t = 0; t < hours.Length; t++)
                (band.Low[t], band.Median[t], band.High[t]) = Quantile.Band(values[kind].AsSpan(t * draws, draws));
            return band;
        }

        return new InfusionForecast(hours, BandOf(0), BandOf(1), BandOf(2), BandOf(3));
    }

    private static void StoreReadings(
        IndividualContext context, LanePatient patient, SessionPattern pattern, double[] hours, int t, int group, int session, Lanes8 multiplier, Lanes8 pressor, double[][] values, int draws)
    {
        var (individual, kinetics) = (context.Individual, patient.Kinetics);
        var plasma = Lanes8.Max(pattern.At(hours[t], kinetics, kinetics.CentralCurve), 0.0) * multiplier;
        var effectSite = Lanes8.Max(pattern.At(hours[t], kinetics, kinetics.Curves), 0.0) * multiplier;
        var relative = effectSite / context.Response["reference_peak"];
        var cadss = patient.Cadss(effectSite, session);
        var systolic = patient.BaseSystolic + (patient.RiseSystolic + pressor * KetamineIndividual.SessionSd(context, isSystolic: true)) * relative;
        var diastolic = patient.BaseDiastolic + (patient.RiseDiastolic + pressor * KetamineIndividual.SessionSd(context, isSystolic: false)) * relative;
        for (var lane = 0; lane < IndividualModel.Lanes && group * IndividualModel.Lanes + lane < draws; lane++)
        {
            var draw = group * IndividualModel.Lanes + lane;
            var at = t * draws + draw;
            var scatter = CourseSimulation.VisitDeviate(draw, 10_000 + 3 * t);
            values[0][at] = plasma[lane];
            values[1][at] = Math.Clamp(Residual.Normal(0, individual["cadss_scatter"], individual["cadss_scatter_fraction"]).Draw(cadss[lane], scatter), 0, Responses.DissociationModel.MaximumScore);
            values[2][at] = systolic[lane] + individual["systolic_reading_sd"] * CourseSimulation.VisitDeviate(draw, 10_001 + 3 * t);
            values[3][at] = diastolic[lane] + individual["diastolic_reading_sd"] * CourseSimulation.VisitDeviate(draw, 10_002 + 3 * t);
        }
    }
}
