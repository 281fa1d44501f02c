using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.VirtualTrials;
using MathNet.Numerics.Distributions;

namespace Euthymia.Trials.Agreement;

/// <summary>
/// Whether publications lie on one side of the predictions for a time, a dose or a comparator. Each trial counts once, with
/// the mean of its normal scores: repeated outcomes are views of the same patients. Positive means less benefit than predicted.
/// </summary>
/// <param name="Aspect">time, exposure or comparator.</param>
/// <param name="TrialMeans">Mean score of each trial, in standard deviations of the prediction.</param>
/// <param name="Spread">Standard deviation of trials about the mean of their group, pooled over the groups of the aspect: two trials tell no spread of their own.</param>
/// <param name="Freedom">Degrees of freedom of that spread: trials less groups.</param>
public sealed record Bias(string Aspect, string Group, IReadOnlyList<double> TrialMeans, int Outcomes, double Spread, int Freedom)
{
    private const double Low = 0.7;
    private const double High = 1.3;

    private static readonly string[] Order =
        ["to 12 h", "12 to 30 h", "30 h to 5 d", "5 to 14 d", "from 14 d", "low", "usual", "high", "saline", "midazolam", "spray", "blinded ketamine", "open ketamine"];

    public double Mean => TrialMeans.Average();

    /// <summary>Standard error of the mean over trials; null when no group of the aspect has two.</summary>
    public double? StandardError => Freedom > 0 ? Spread / Math.Sqrt(TrialMeans.Count) : null;

    /// <summary>Half the width of the 95 % interval of the mean over trials, by Student's t; null without a standard error.</summary>
    public double? HalfWidth95 => StandardError * StudentT.InvCDF(0, 1, Math.Max(1, Freedom), 0.975);

    /// <summary>Scores, responses and remissions of single arms by time, exposure and comparator.</summary>
    public static IReadOnlyList<Bias> Of(IEnumerable<OutcomeAgreement> outcomes, ResponseParameters parameters)
    {
        var arms = outcomes.Where(outcome => outcome.Target is { IsContrast: false, Quantity: Quantity.Score or Quantity.Response or Quantity.Remission, Summary: Summary.Mean or Summary.Change or Summary.Percent }).ToList();
        var ketamine = arms.Where(outcome => outcome.Design.Dose is not null).ToList();
        return
        [
            .. Grouped("time", ketamine, outcome => outcome.TimeHours switch { <= 12 => "to 12 h", <= 30 => "12 to 30 h", <= 120 => "30 h to 5 d", < 336 => "5 to 14 d", _ => "from 14 d" }),
            .. Grouped("exposure", ketamine, outcome => Exposure(outcome.Design, parameters) switch { < Low => "low", <= High => "usual", _ => "high" }),
            .. Grouped("comparator", arms, outcome => (outcome.Design.Dose is null, outcome.Design.Expectancy) switch
            {
                (true, Expectancy.InertControl) => "saline",
                (true, Expectancy.PlaceboSpray) => "spray",
                (true, _) => "midazolam",
                (false, Expectancy.OpenLabel) => "open ketamine",
                _ => "blinded ketamine",
            }),
        ];
    }

    private static IEnumerable<Bias> Grouped(string aspect, List<OutcomeAgreement> outcomes, Func<OutcomeAgreement, string> group)
    {
        var groups = outcomes.GroupBy(group, StringComparer.Ordinal).OrderBy(items => Array.IndexOf(Order, items.Key))
            .Select(items => (items.Key, Means: items.GroupBy(item => item.Trial, StringComparer.Ordinal).Select(trial => trial.Average(LessBenefit)).ToArray(), Outcomes: items.Count())).ToList();
        var freedom = groups.Sum(one => one.Means.Length - 1);
        var spread = Math.Sqrt(groups.Sum(one => one.Means.Sum(mean => Math.Pow(mean - one.Means.Average(), 2))) / Math.Max(1, freedom));
        return groups.Select(one => new Bias(aspect, one.Key, one.Means, one.Outcomes, spread, freedom));
    }

    // A higher score is less benefit, a higher share of responders more.
    private static double LessBenefit(OutcomeAgreement outcome) => outcome.Target.Quantity is Quantity.Score ? outcome.NormalScore : -outcome.NormalScore;

    // Occupancy over the session relative to 0.5 mg/kg racemic over 40 min.
    private static double Exposure(ArmDesign arm, ResponseParameters parameters)
        => ExposurePool.Of(arm.Dose!, arm.WeightKg, [], parameters).OccupancyHours.Average() / parameters["reference_occupancy_hours"];
}
