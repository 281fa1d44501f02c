using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.VirtualTrials;
using MathNet.Numerics.Distributions;

namespace Euthymia.Trials.Agreement;

/// <summary>
/// Whether publications lie on one side of the predictions for a time, a dose or a comparator. Each trial counts once, with
/// the mean of its z: repeated outcomes are views of the same patients. Positive means less benefit than predicted.
/// </summary>
/// <param name="Aspect">time, exposure or comparator.</param>
/// <param name="TrialMeans">Mean z of each trial.</param>
public sealed record Bias(string Aspect, string Group, IReadOnlyList<double> TrialMeans, int Outcomes)
{
    private const double Low = 0.7;
    private const double High = 1.3;

    private static readonly string[] Order =
        ["to 12 h", "12 to 30 h", "30 h to 5 d", "5 to 14 d", "from 14 d", "low", "usual", "high", "saline", "midazolam", "spray", "blinded ketamine", "open ketamine"];

    public double Mean => TrialMeans.Average();

    /// <summary>Standard error over trials, or null for fewer than two.</summary>
    public double? StandardError
        => TrialMeans.Count < 2 ? null : Math.Sqrt(TrialMeans.Sum(mean => (mean - Mean) * (mean - Mean)) / (TrialMeans.Count - 1) / TrialMeans.Count);

    /// <summary>Half the width of the 95 % interval of the mean over trials, by Student's t; null for fewer than two.</summary>
    public double? HalfWidth95 => StandardError * StudentT.InvCDF(0, 1, Math.Max(1, TrialMeans.Count - 1), 0.975);

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
        => outcomes.GroupBy(group, StringComparer.Ordinal).OrderBy(items => Array.IndexOf(Order, items.Key)).Select(items => new Bias(
            aspect, items.Key, [.. items.GroupBy(item => item.Trial, StringComparer.Ordinal).Select(trial => trial.Average(LessBenefit))], items.Count()));

    // A higher score is less benefit, a higher share of responders more.
    private static double LessBenefit(OutcomeAgreement outcome) => outcome.Target.Quantity is Quantity.Score ? outcome.Z : -outcome.Z;

    // Occupancy over the session relative to 0.5 mg/kg racemic over 40 min.
    private static double Exposure(ArmDesign arm, ResponseParameters parameters)
        => ExposurePool.Of(arm.Dose!, arm.WeightKg, [], parameters).OccupancyHours.Average() / parameters["reference_occupancy_hours"];
}
