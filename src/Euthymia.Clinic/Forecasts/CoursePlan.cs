using System.Globalization;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Pharmacometrics.Planning;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Clinic.Forecasts;

/// <summary>How the dose of one infusion is spread over its duration.</summary>
public enum ProfileShape
{
    /// <summary>One rate: the only shape that an order can hold.</summary>
    Constant,

    /// <summary>A sixth, two sixths and three sixths of the dose in three equal parts of the time.</summary>
    Stepped,

    /// <summary>Rates that hold an effect-site concentration of this patient's model, changed every five minutes.</summary>
    TargetControlled,
}

/// <summary>What is compared beside what the order itself says.</summary>
/// <param name="Route">How the entered plan is given; the alternatives are infusions.</param>
/// <param name="Shape">Of the entered plan's infusions.</param>
/// <param name="TargetNanograms">Effect-site target of a target-controlled infusion, ng/mL.</param>
/// <param name="SystolicLimit">mmHg.</param>
public sealed record PlanLevers(Route Route = Route.IntravenousInfusion, ProfileShape Shape = ProfileShape.Constant, double TargetNanograms = 150, double SystolicLimit = 180)
{
    /// <summary>CADSS total that counts as strong dissociation: level 4 of 4 at the chair.</summary>
    public static double StrongDissociation { get; } = IndividualParameters.Default["level_4_from"];
}

/// <summary>One option of a plan and the order that it would be.</summary>
/// <param name="Regimen">What to expect of it.</param>
/// <param name="Form">The order form with its values; null where an order cannot hold it.</param>
public sealed record PlanOption(PlannedRegimen Regimen, OrderForm? Form);

/// <summary>A course weighed against its alternatives on one patient's own model: options, never an order.</summary>
/// <param name="Start">Day 0: the next infusion.</param>
/// <param name="Own">What is entered.</param>
/// <param name="Others">Alternatives to it, the efficient ones first, those of most benefit before the others.</param>
/// <param name="First">The next infusion; null for a route that has no curve.</param>
/// <param name="Score">The weeks ahead with what is entered.</param>
/// <param name="Basis">Models, data, assumptions, one sentence each.</param>
/// <param name="WhatWouldChange">What would change the choice, one sentence each.</param>
/// <param name="Remarks">What has to stand beside the numbers.</param>
public sealed record CoursePlan(
    DateTimeOffset Start, PlanOption Own, IReadOnlyList<PlanOption> Others, InfusionForecast? First, ScoreForecast Score,
    IReadOnlyList<string> Basis, IReadOnlyList<string> WhatWouldChange, IReadOnlyList<string> Remarks)
{
    /// <summary>Days on which response is given.</summary>
    public const int EarlyDay = 14;

    /// <inheritdoc cref="EarlyDay"/>
    public const int LateDay = 28;

    private const int ScoreDays = 56;
    private static readonly decimal[] Steps = [1, 2, 3];
    private static readonly TimeSpan PumpStep = TimeSpan.FromMinutes(5);

    /// <summary>Compares what is entered with its neighbours.</summary>
    /// <param name="estimate">The patient's model.</param>
    /// <param name="data">What it was made from.</param>
    /// <param name="form">As entered.</param>
    /// <param name="order">The same worked out; infusions already given are its first ones.</param>
    /// <param name="given">How many of its infusions have been given.</param>
    /// <param name="start">Of the next infusion.</param>
    /// <param name="levers">Route, profile, limit.</param>
    /// <param name="scale">On which the score is shown.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidInputException">The patient is outside the models' range, or the plan cannot be simulated.</exception>
    public static CoursePlan Of(
        IndividualEstimate estimate, ModelData data, OrderForm form, InfusionOrder order, int given, DateTimeOffset start, PlanLevers levers, DepressionScale scale, CancellationToken cancel = default)
    {
        if (given >= order.Days.Count)
            throw new InvalidInputException("nothing-to-come", "days", "Every infusion of this order has been given. Add days to compare what comes next, or plan another course.");
        var own = OwnOption(order, given, levers);
        var alternatives = PlanAlternatives.Around(form, order, given);
        var days = Math.Max(LateDay, (int)Math.Ceiling(alternatives.Select(a => a.Option.StartDays[^1]).Append(own.StartDays[^1]).Max()) + 1);
        var request = new PlanRequest([own, .. alternatives.Select(a => a.Option)], data.HoursAt(start), days, PlanObjective.ResponseAtDay, LateDay, new PlanConstraints(levers.SystolicLimit, CadssLimit: PlanLevers.StrongDissociation))
        {
            ReportDays = [EarlyDay, LateDay],
        };
        var plan = Planner.Compare(estimate, request, null, cancel);
        PlanOption[] others = [.. plan.Regimens.Skip(1).Select((regimen, i) => new PlanOption(regimen, alternatives[i].Form))];
        var planned = Planned(plan.Regimens[0], data, start);
        return new CoursePlan(
            start,
            new PlanOption(plan.Regimens[0], levers is { Route: Route.IntravenousInfusion, Shape: ProfileShape.Constant } ? form : null),
            [.. others.OrderByDescending(o => o.Regimen.IsEfficient).ThenByDescending(o => o.Regimen.Response)],
            planned.Count > 0 ? IndividualForecast.Of(estimate, data.HoursAt(start), [planned[0]], days: 1, cancellation: cancel).Infusion : null,
            ScoreForecast.Of(estimate, data, start, planned, ScoreDays, scale, cancel),
            plan.Basis, plan.WhatWouldChange, ScoreForecast.RemarksOf(estimate, data));
    }

    private static RegimenOption OwnOption(InfusionOrder order, int given, PlanLevers levers)
    {
        double[] days = [.. order.Days.Skip(given).Select(day => (double)(day - order.Days[given]))];
        var (dose, third) = (order.DosePerKilogram.Value, order.Duration / 3);
        DoseProfile profile = levers.Shape switch
        {
            _ when levers.Route != Route.IntravenousInfusion => new ConstantDose(order.DosePerKilogram, null, order.Duration),
            ProfileShape.Stepped => new SteppedDose([.. Steps.Select(part => (new MilligramsPerKilogram(dose * part / 6), third))]),
            ProfileShape.TargetControlled => new EffectSiteTarget(levers.TargetNanograms, order.Duration, MostMilligramsPerHour, PumpStep),
            _ => new ConstantDose(order.DosePerKilogram, null, order.Duration),
        };
        return new RegimenOption($"as entered: {PlanAlternatives.Name(order.DosePerKilogram, order.Duration, [.. order.Days.Skip(given)])}", levers.Route, profile, days);
    }

    /// <summary>The pump's limit of a plan: the usual upper speed of giving.</summary>
    public static MilligramsPerHour MostMilligramsPerHour { get; } = new(DoseLimits.Current.All.Single(l => string.Equals(l.Id, "dose-rate", StringComparison.Ordinal)).SoftHigh * 60);

    private static IReadOnlyList<Infusion> Planned(PlannedRegimen regimen, ModelData data, DateTimeOffset start) => regimen.Segments.Count == 0 ? [] :
    [
        .. regimen.Option.StartDays.Select(day => new Infusion(regimen.Segments.Select(s => new RateSegment(
            start - data.Origin + TimeSpan.FromDays(day) + TimeSpan.FromHours(s.Start), TimeSpan.FromHours(s.End - s.Start), new MilligramsPerHour((decimal)s.Rate))))),
    ];
}

/// <summary>The neighbours of an order that are worth comparing with it.</summary>
internal static class PlanAlternatives
{
    private static readonly decimal[] DoseSteps = [-0.1m, 0m, 0.1m, 0.25m];
    private static readonly decimal[] Minutes = [40, 60, 100];

    /// <summary>Doses, durations and days around an order, each within the usual limits, without the order itself.</summary>
    public static IReadOnlyList<(RegimenOption Option, OrderForm Form)> Around(OrderForm form, InfusionOrder order, int given)
    {
        var limits = DoseLimits.Current;
        var own = order.DosePerKilogram.Value;
        var ownMinutes = (decimal)order.Duration.Ticks / TimeSpan.TicksPerMinute;
        decimal[] doses = [.. DoseSteps.Select(step => own + step).Append(0.5m).Where(dose => dose > 0 && limits.Check("dose-per-kilogram", dose).Level == LimitLevel.Within).Distinct().Order()];
        decimal[] minutes = [.. Minutes.Append(ownMinutes).Where(m => limits.Check("duration", m).Level == LimitLevel.Within).Distinct().Order()];
        List<(RegimenOption, OrderForm)> options = [];
        foreach (var days in Schedules([.. order.Days], given, limits))
        {
            foreach (var dose in doses)
            {
                foreach (var length in minutes.Where(length => dose != own || length != ownMinutes || !days.SequenceEqual(order.Days)))
                {
                    var (perKilogram, duration) = (new MilligramsPerKilogram(dose), TimeSpan.FromTicks((long)(length * TimeSpan.TicksPerMinute)));
                    int[] ahead = [.. days.Skip(given)];
                    options.Add((
                        new RegimenOption(Name(perKilogram, duration, ahead), Route.IntravenousInfusion, new ConstantDose(perKilogram, null, duration), [.. ahead.Select(day => (double)(day - ahead[0]))]),
                        form with { DosePerKilogram = Text(dose), DurationMinutes = Text(length), Days = string.Join(",", days) }));
                }
            }
        }

        return options;
    }

    /// <summary>Such as "0.5 mg/kg over 40 min, 6 in 12 days".</summary>
    public static string Name(MilligramsPerKilogram dose, TimeSpan duration, IReadOnlyList<int> days)
    {
        var length = days[^1] - days[0] + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{dose} over {duration.TotalMinutes:0.##} min, {(days.Count == 1 ? "1 infusion" : $"{days.Count} in {length} days")}");
    }

    // What was given stays; of what is to come: as entered, two fewer, and twice a week.
    private static IEnumerable<int[]> Schedules(int[] days, int given, DoseLimits limits)
    {
        List<int[]> schedules = [days];
        var ahead = days.Length - given;
        if (ahead > 2)
            schedules.Add(days[..^2]);
        if (ahead > 1)
            schedules.Add([.. days[..given], .. Enumerable.Range(0, ahead).Select(i => days[given] + (7 * (i / 2)) + (i % 2 == 0 ? 0 : 3))]);
        return schedules.Where(s => s[^1] <= limits.MaximumDay).DistinctBy(s => string.Join(',', s), StringComparer.Ordinal);
    }

    private static string Text(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
