using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Evidence;
using Euthymia.Trials.VirtualTrials;
using MathNet.Numerics.Distributions;

namespace Euthymia.Trials.Designs;

/// <summary>
/// Power and expected outcomes of a planned trial. Each replicate draws parameters and a trial, simulates large arms to get the
/// true difference and spread of that trial, and asks how often arms of the planned size would find it: the mean over
/// replicates is the power with uncertainty in it (assurance, O'Hagan, Stevens and Campbell 2005).
/// </summary>
public static class TrialPlanner
{
    private const int LargeArm = 300;
    private const int LargestPerArm = 2000;
    private const double SignificanceLevel = 0.05;
    private const double VisitEveryHours = 84;
    private const int FollowUpVisits = 26;
    private static readonly int[] Sizes = [10, 20, 30, 50, 75, 100, 150, 200, 300, 500];
    private static readonly string[] Terms = ["dissociation", "dizziness", "nausea", "headache", "sedation", "blood pressure increased"];

    /// <summary>Forecast of a design.</summary>
    /// <param name="wantedPower">Power to find a sample size for, such as 0.8.</param>
    public static DesignForecast Forecast(TrialDesign design, ResponseParameters parameters, double wantedPower, int replicates, ulong seed, CancellationToken cancel = default)
    {
        design.Checked();
        ArgumentOutOfRangeException.ThrowIfLessThan(replicates, 20);
        var (ketamine, control) = Arms(design);
        var times = Times(design, ketamine);
        var (treated, untreated) = (new ArmSimulator(ketamine, DepressionScale.Madrs, times, parameters), new ArmSimulator(control, DepressionScale.Madrs, times, parameters));
        var draws = new ParameterDraws(parameters, seed);
        var results = new Replicate[replicates];
        Parallel.For(0, replicates, new ParallelOptions { CancellationToken = cancel }, i => results[i] = Simulate(design, ketamine, treated, untreated, parameters, draws.Draw(i), seed, i));

        var analysed = Math.Max(2, (int)Math.Round(design.PerArm * (1 - design.DropOut)));
        return new DesignForecast(
            design,
            Power(results, analysed),
            [.. Sizes.Select(n => (n, Power(results, Math.Max(2, (int)Math.Round(n * (1 - design.DropOut))))))],
            Needed(results, wantedPower, design.DropOut),
            Band(results, result => result.Difference),
            Band(results, result => result.ResponseKetamine),
            Band(results, result => result.ResponseControl),
            Band(results, result => result.RemissionKetamine),
            Band(results, result => result.RemissionControl),
            Band(results, result => result.RelapseDays),
            [.. Terms.Select((term, i) => (term, Band(results, result => result.AdverseEvents[i])))]);
    }

    private sealed record Replicate(double Difference, double Sd, double ResponseKetamine, double ResponseControl, double RemissionKetamine, double RemissionControl, double RelapseDays, double[] AdverseEvents);

    private static (ArmDesign Ketamine, ArmDesign Control) Arms(TrialDesign design)
    {
        var part = design.Regimen.Parts[0];
        var amount = (double)(part.DosePerKilogram?.Value ?? part.Dose!.Value.Value);
        var dose = new OrderedDose(design.Form, part.DosePerKilogram is not null, amount, part.Duration.TotalHours, 1, double.PositiveInfinity);
        double[] sessions = [.. part.Starts.Select(start => start.TotalHours).Order()];
        ArmDesign Arm(string id, OrderedDose? drug, Expectancy expectancy) => new(
            id, drug, sessions, expectancy, design.NewAntidepressant, LargeArm, design.BaselineMean, design.BaselineSd, design.WeightKg, DepressionScale.Madrs, 0, 0, []);
        return (Arm("ketamine", dose, Expectancy.Psychoactive), Arm("control", null, design.Control switch
        {
            ControlKind.Midazolam => Expectancy.Psychoactive,
            ControlKind.PlaceboSpray => Expectancy.PlaceboSpray,
            _ => Expectancy.InertControl,
        }));
    }

    private static double[] Times(TrialDesign design, ArmDesign arm)
    {
        var last = arm.SessionHours[^1];
        var times = new SortedSet<double>(Enumerable.Range(0, FollowUpVisits).Select(visit => last + 24 + visit * VisitEveryHours)) { design.PrimaryHours };
        return [.. times];
    }

    private static Replicate Simulate(TrialDesign design, ArmDesign arm, ArmSimulator treated, ArmSimulator untreated, ResponseParameters parameters, ResponseParameters drawn, ulong seed, int replicate)
    {
        var mood = new MoodParameters(drawn);
        Deviates Stream(uint part) => new(seed, ((ulong)(0xD0000000u + part) << 32) | (uint)replicate);
        var trial = TrialEffects.Draw(Stream(0), 0, false, drawn);
        var ketamine = treated.Simulate(drawn, mood, trial, Stream(1), Stream(2), LargeArm);
        var control = untreated.Simulate(drawn, mood, trial, Stream(3), Stream(4), LargeArm);
        double Of(Quantity quantity, Summary summary, ArmScores scores, ArmSimulator simulator, double threshold)
            => TargetValue.Of(Target(design, quantity, summary, threshold), scores, null, simulator.TimesHours, [], arm.SessionHours[^1]);

        var changeKetamine = Of(Quantity.Score, Summary.Change, ketamine, treated, 0);
        var changeControl = Of(Quantity.Score, Summary.Change, control, untreated, 0);
        return new Replicate(
            changeKetamine - changeControl,
            Math.Sqrt((Variance(design, ketamine, treated) + Variance(design, control, untreated)) / 2),
            Of(Quantity.Response, Summary.Percent, ketamine, treated, 0.5),
            Of(Quantity.Response, Summary.Percent, control, untreated, 0.5),
            Of(Quantity.Remission, Summary.Percent, ketamine, treated, DepressionScale.Madrs.RemissionAtMost),
            Of(Quantity.Remission, Summary.Percent, control, untreated, DepressionScale.Madrs.RemissionAtMost),
            Of(Quantity.Relapse, Summary.MedianDays, ketamine, treated, 0.5),
            [.. Terms.Select(term => 100 * SafetyValue.Probability(Target(design, Quantity.AdverseEvent, Summary.Percent, 0) with { Term = term }, arm, parameters, drawn, trial))]);
    }

    private static Target Target(TrialDesign design, Quantity quantity, Summary summary, double threshold)
        => new(new Outcome("design", "ketamine", "", "", design.PrimaryHours, 0, null, null, null, null, null, "", "", 0, null), quantity, summary, DepressionScale.Madrs, threshold, "", "ketamine", null);

    private static double Variance(TrialDesign design, ArmScores scores, ArmSimulator simulator)
    {
        var after = scores.Scores[Array.IndexOf(simulator.TimesHours, design.PrimaryHours)];
        var changes = after.Select((score, i) => score - scores.Baseline[i]).ToArray();
        var mean = changes.Average();
        return changes.Sum(change => (change - mean) * (change - mean)) / (changes.Length - 1);
    }

    private static double Power(Replicate[] results, int analysed)
    {
        var critical = StudentT.InvCDF(0, 1, 2 * analysed - 2, 1 - SignificanceLevel / 2);
        return results.Average(result => Normal.CDF(0, 1, -result.Difference / (result.Sd * Math.Sqrt(2.0 / analysed)) - critical));
    }

    private static int? Needed(Replicate[] results, double wanted, double dropOut)
    {
        var (low, high) = (2, LargestPerArm);
        if (Power(results, high) < wanted)
            return null;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Power(results, middle) >= wanted)
                high = middle;
            else
                low = middle + 1;
        }
        return (int)Math.Ceiling(high / (1 - dropOut));
    }

    private static Expected Band(Replicate[] results, Func<Replicate, double> value)
    {
        var values = Array.FindAll(Array.ConvertAll(results, result => value(result)), double.IsFinite);
        if (values.Length == 0)
            return new Expected(0, 0, 0);
        var (low, median, high) = Quantile.Band(values);
        return new Expected(median, low, high);
    }
}
