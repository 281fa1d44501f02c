using System.Globalization;
using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Pharmacometrics.Planning;

/// <summary>Compares regimens on one patient's posterior with common random numbers.</summary>
public static class Planner
{
    private const int MostOptions = 1000;
    private const int LongestDays = 365;

    // Differences below these are within the noise of a thousand draws.
    private const double ProbabilityGrain = 0.005;
    private const double AreaGrain = 2;
    private const double DayGrain = 0.1;

    /// <summary>Compares the options of a request.</summary>
    /// <param name="estimate">The patient.</param>
    /// <param name="request">Regimens, objective, constraints.</param>
    /// <param name="threads">At most this many at once; null for one per core. It never changes a result.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidInputException">The patient is outside the models' range, or the request cannot be answered.</exception>
    public static Plan Compare(IndividualEstimate estimate, PlanRequest request, int? threads = null, CancellationToken cancellation = default)
    {
        Check(estimate, request);
        var count = threads ?? Environment.ProcessorCount;
        var sessions = new SessionBook(estimate);
        SessionPattern?[] patterns = [.. request.Options.Select(option => sessions.PatternOf(option))];
        int[] simulated = [.. Enumerable.Range(0, patterns.Length).Where(i => patterns[i] is not null)];
        FutureCourse[] courses = [.. simulated.Select(i => new FutureCourse(
            [.. request.Options[i].StartDays.Select(day => request.NowHours + 24 * day)],
            [.. request.Options[i].StartDays.Select(_ => patterns[i]!)]))];
        double[] times = [.. Enumerable.Range(0, request.Days + 1).Select(day => request.NowHours + 24.0 * day)];
        var outcomes = courses.Length == 0 ? [] : new CourseSimulation(estimate, request.NowHours, times, count).Run(courses, cancellation);

        var regimens = new PlannedRegimen[request.Options.Count];
        for (var i = 0; i < regimens.Length; i++)
            if (patterns[i] is null)
                regimens[i] = Withhold(request.Options[i]);
        Parallel.For(0, simulated.Length, new ParallelOptions { MaxDegreeOfParallelism = count, CancellationToken = cancellation }, c =>
            regimens[simulated[c]] = Summarise(estimate, request, request.Options[simulated[c]], patterns[simulated[c]]!, outcomes[c]));
        MarkEfficient(regimens, request.Objective);
        PlannedRegimen[] efficient = [.. regimens.Where(regimen => regimen.IsEfficient).OrderByDescending(regimen => regimen.Benefit(request.Objective))];
        return new Plan(regimens, Basis(estimate, request), Sensitivity.Of(estimate, request, regimens, simulated, outcomes), estimate.Range) { Efficient = efficient };
    }

    private static void Check(IndividualEstimate estimate, PlanRequest request)
    {
        ModelRange.Require(estimate.Range);
        IndividualForecast.CheckNow(estimate, request.NowHours);
        if (request.Options.Count is < 1 or > MostOptions)
            throw new InvalidInputException("options-out-of-range", "options", $"Give from 1 to {MostOptions:N0} regimens to compare.");
        if (request.Days is < 1 or > LongestDays)
            throw new InvalidInputException("days-out-of-range", "days", $"A plan is from 1 to {LongestDays} days long.");
        if (request.ObjectiveDay is { } day && !(day >= 1 && day <= request.Days))
            throw new InvalidInputException("objective-day-out-of-range", "objective-day", $"The day of the objective must be from 1 to {request.Days}.");
        if (request.ReportDays.Any(reported => reported < 0 || reported > request.Days))
            throw new InvalidInputException("report-day-out-of-range", "report-days", $"Days to report are from 0 to {request.Days}.");
        foreach (var option in request.Options)
            option.Check(request.Days);
    }

    private static PlannedRegimen Withhold(RegimenOption option)
        => new(option, SessionBook.WhyWithheld(option.Route), [], double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, new Spread(double.NaN, double.NaN, double.NaN), new Milligrams(0), VisitsPerWeek(option), new Band([], [], []), [], false);

    private static PlannedRegimen Summarise(IndividualEstimate estimate, PlanRequest request, RegimenOption option, SessionPattern pattern, CourseOutcome outcome)
    {
        var (draws, times, visitSd) = (estimate.Posterior.Count, request.Days + 1, estimate.Context.Response["visit_sd"]);
        var constraints = request.Constraints ?? new();
        var day = request.ObjectiveDay ?? request.Days;
        var (response, remission) = OnDay(outcome, day, draws, visitSd);
        double area = 0, days = 0;
        for (var i = 0; i < draws; i++)
        {
            for (var t = 0; t < times; t++)
            {
                var share = (t == 0 || t == times - 1 ? 0.5 : 1) / draws;
                area += share * CourseScores.Mean(outcome.Logits[t * draws + i], visitSd);
                days += share * CourseScores.Remission(outcome.Logits[t * draws + i], visitSd);
            }
        }

        var (low, median, high) = Quantile.Band([.. outcome.Cmax]);
        var planned = new PlannedRegimen(
            option, null, pattern.Segments, response, remission, area, days,
            outcome.Systolic.Count(value => value > constraints.SystolicLimit) / (double)draws,
            outcome.Cadss.Count(value => value > constraints.CadssLimit) / (double)draws,
            new Spread(low, median, high),
            new Milligrams(Math.Round((decimal)(SessionBook.Given(option, pattern, estimate.Context) * option.StartDays.Count), 2)),
            VisitsPerWeek(option),
            CourseScores.ObservedBand(outcome, times, draws, visitSd),
            [], false)
        {
            OnDays = [.. from reported in request.ReportDays let at = OnDay(outcome, reported, draws, visitSd) select new DayOutcome(reported, at.Response, at.Remission)],
        };
        return planned with { Broken = Broken(planned, constraints) };
    }

    private static (double Response, double Remission) OnDay(CourseOutcome outcome, int day, int draws, double visitSd)
    {
        double response = 0, remission = 0;
        for (var i = 0; i < draws; i++)
        {
            response += CourseScores.Response(outcome.Baselines[i], outcome.Logits[day * draws + i], visitSd) / draws;
            remission += CourseScores.Remission(outcome.Logits[day * draws + i], visitSd) / draws;
        }

        return (response, remission);
    }

    private static int VisitsPerWeek(RegimenOption option)
        => option.StartDays.Max(start => option.StartDays.Count(day => day >= start && day < start + 7));

    private static string[] Broken(PlannedRegimen planned, PlanConstraints constraints)
    {
        List<string> broken = [];
        if (planned.SystolicRisk > constraints.MostSystolicProbability)
            broken.Add(Text($"systolic pressure above {constraints.SystolicLimit:0} mmHg with probability {planned.SystolicRisk:P0}, more than {constraints.MostSystolicProbability:P0}"));
        if (planned.CadssRisk > constraints.MostCadssProbability)
            broken.Add(Text($"CADSS above {constraints.CadssLimit:0} with probability {planned.CadssRisk:P0}, more than {constraints.MostCadssProbability:P0}"));
        if (planned.Cmax.High > constraints.MostCmax)
            broken.Add(Text($"95th percentile of Cmax {planned.Cmax.High:0} ng/mL, more than {constraints.MostCmax:0}"));
        if (planned.TotalDose.Value > constraints.MostTotalDose?.Value)
            broken.Add(Text($"total dose {planned.TotalDose}, more than {constraints.MostTotalDose}"));
        if (planned.VisitsPerWeek > constraints.MostVisitsPerWeek)
            broken.Add(Text($"{planned.VisitsPerWeek} visits in a week, more than {constraints.MostVisitsPerWeek}"));
        return [.. broken];
    }

    private static void MarkEfficient(PlannedRegimen[] regimens, PlanObjective objective)
    {
        var grain = objective switch { PlanObjective.ResponseAtDay => ProbabilityGrain, PlanObjective.ScoreArea => AreaGrain, _ => DayGrain };
        var points = regimens.Select(regimen => regimen.Withheld is null && regimen.Broken.Count == 0
            ? new[]
            {
                -Math.Round(regimen.Benefit(objective) / grain),
                Math.Round(regimen.SystolicRisk / ProbabilityGrain),
                Math.Round(regimen.CadssRisk / ProbabilityGrain),
                regimen.Visits,
                (double)regimen.TotalDose.Value,
            }
            : null).ToArray();
        for (var i = 0; i < regimens.Length; i++)
            if (points[i] is { } own)
                regimens[i] = regimens[i] with { IsEfficient = !points.Any(other => other is not null && Dominates(other, own)) };
    }

    private static bool Dominates(double[] other, double[] own)
    {
        var isBetter = false;
        for (var k = 0; k < own.Length; k++)
        {
            if (other[k] > own[k])
                return false;
            isBetter |= other[k] < own[k];
        }

        return isBetter;
    }

    private static string[] Basis(IndividualEstimate estimate, PlanRequest request)
    {
        var posterior = estimate.Posterior;
        var quality = posterior.Moves == 0
            ? Text($"worth {posterior.EffectiveSampleSize:N0} independent ones")
            : Text($"moved {posterior.Moves} times each because their weights were uneven");
        return
        [
            estimate.Basis,
            Text($"{posterior.Count:N0} draws of this patient's posterior, {quality}, each under every regimen with the same chance."),
            Text($"Assumed: treatment is open label, no other treatment changes in {request.Days} days, no benefit is lost by repetition, and between infusions concentrations vary by {estimate.Context.Individual["occasion_exposure_sd"]:P0}."),
            "Response is a fall of at least half from baseline at one visit, remission a MADRS of 10 or less. Pressure and dissociation are those expected at each session's peak, without the scatter of readings.",
            "The response model is calibrated on trials of groups and says little about one patient without scores of their own.",
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The session of each option as the model takes it, each distinct one once.</summary>
internal sealed class SessionBook(IndividualEstimate estimate)
{
    private readonly Dictionary<string, SessionPattern> _known = new(StringComparer.Ordinal);

    /// <summary>Why a route has no numbers, or null when it has.</summary>
    public static string? WhyWithheld(Route route) => route switch
    {
        Route.IntravenousInfusion or Route.Intramuscular or Route.Subcutaneous => null,
        Route.IntravenousBolus => "No numbers: a bolus passes through concentrations that the models were never held against.",
        _ => $"No numbers: the individual model has no data for {route.ToString().ToLowerInvariant()} racemic ketamine, whose norketamine and absorption differ too much.",
    };

    /// <summary>mg of one session as drawn up, before what does not arrive.</summary>
    public static double Given(RegimenOption option, SessionPattern pattern, IndividualContext context)
        => pattern.AbsorptionPerHour > 0 ? DoseOf((ConstantDose)option.Profile, context) : pattern.Milligrams;

    /// <summary>The pattern, or null for a route without numbers.</summary>
    public SessionPattern? PatternOf(RegimenOption option)
    {
        if (WhyWithheld(option.Route) is not null)
            return null;
        if (option.Route != Route.IntravenousInfusion)
            return Depot(option);
        var segments = Segments(option.Profile);
        var key = string.Join(';', segments);
        return _known.TryGetValue(key, out var pattern) ? pattern : _known[key] = new SessionPattern(segments);
    }

    private SessionPattern Depot(RegimenOption option)
    {
        if (option.Profile is not ConstantDose constant)
            throw new InvalidInputException("profile-not-applicable", "options", $"\"{option.Name}\": only an infusion can be stepped or target-controlled.");
        var (context, response) = (estimate.Context, estimate.Context.Response);
        var fraction = response[option.Route == Route.Intramuscular ? "intramuscular_fraction" : "subcutaneous_fraction"];
        var key = string.Create(CultureInfo.InvariantCulture, $"{option.Route} {DoseOf(constant, context)}");
        return _known.TryGetValue(key, out var pattern) ? pattern : _known[key] = new SessionPattern(DoseOf(constant, context) * fraction, response["parenteral_absorption"]);
    }

    private (double Start, double End, double Rate)[] Segments(DoseProfile profile)
    {
        switch (profile)
        {
            case ConstantDose constant:
                return [(0, constant.Duration.TotalHours, DoseOf(constant, estimate.Context) / constant.Duration.TotalHours)];
            case SteppedDose stepped:
                var now = 0.0;
                List<(double, double, double)> segments = [];
                foreach (var (dose, duration) in stepped.Steps)
                {
                    if (dose.Value > 0)
                        segments.Add((now, now + duration.TotalHours, (double)dose.Value * estimate.Context.WeightKg / duration.TotalHours));
                    now += duration.TotalHours;
                }

                return [.. segments];
            default:
                return TargetControl.Rates(KineticsAtEstimate(), (EffectSiteTarget)profile);
        }
    }

    private LaneKinetics KineticsAtEstimate()
    {
        var patient = new LanePatient(estimate.Context);
        var points = new double[estimate.Effects.Count * IndividualModel.Lanes];
        for (var k = 0; k < estimate.Effects.Count; k++)
            points.AsSpan(k * IndividualModel.Lanes, IndividualModel.Lanes).Fill(estimate.Effects[k].Deviate);
        patient.Set(points);
        return patient.Kinetics;
    }

    private static double DoseOf(ConstantDose constant, IndividualContext context)
        => constant.Dose is { } dose ? (double)dose.Value : (double)constant.DosePerKilogram!.Value.Value * context.WeightKg;
}
