using System.Globalization;
using System.Text.RegularExpressions;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Evidence;

namespace Euthymia.Trials.VirtualTrials;

/// <summary>What is measured on a patient.</summary>
public enum Quantity
{
    Score,
    Response,
    Remission,
    Relapse,
    AdverseEvent,
    SystolicPressure,
    DiastolicPressure,
    HeartRate,
    Dissociation,
    PlasmaConcentration,
}

/// <summary>How an arm, or two, are summarised.</summary>
public enum Summary
{
    Mean,
    Change,
    PercentChange,
    Percent,
    PercentAnyTime,
    MedianDays,
    BaselineCorrelation,
    PrePostEffect,
    Difference,
    StandardisedDifference,
    OddsRatio,
    RiskRatio,
}

/// <summary>A published outcome as something that a virtual trial can produce.</summary>
/// <param name="Threshold">Fall for a response (0.5), score for a remission; else 0.</param>
/// <param name="Term">Adverse-event term.</param>
/// <param name="ArmA">The arm, or the first of a contrast.</param>
/// <param name="ArmB">The second of a contrast, or null.</param>
public sealed record Target(Outcome Outcome, Quantity Quantity, Summary Summary, DepressionScale Scale, double Threshold, string Term, string ArmA, string? ArmB)
{
    public double Hours => Outcome.TimeHours ?? 0;

    public bool IsContrast => ArmB is not null;
}

/// <summary>An outcome that can be predicted, or the reason why not.</summary>
public readonly record struct ReadTarget(Target? Target, string? Reason);

/// <summary>Reads what a published outcome asks for.</summary>
public sealed partial class TargetReader(ResponseParameters parameters)
{
    private const double LongestHours = 17520;

    private static readonly Dictionary<string, Summary> Single = new(StringComparer.OrdinalIgnoreCase)
    {
        ["mean"] = Summary.Mean,
        ["lsmean"] = Summary.Mean,
        ["change"] = Summary.Change,
        ["mean_change"] = Summary.Change,
        ["lsmean_change"] = Summary.Change,
        ["pct_change"] = Summary.PercentChange,
        ["percent_change"] = Summary.PercentChange,
        ["pct"] = Summary.Percent,
        ["percent"] = Summary.Percent,
        ["rate"] = Summary.Percent,
        ["pct_any_within"] = Summary.PercentAnyTime,
        ["pct_week1"] = Summary.Percent,
        ["median_days"] = Summary.MedianDays,
        ["corr_baseline_followup"] = Summary.BaselineCorrelation,
        ["cohen_d_pre_post"] = Summary.PrePostEffect,
        ["hedges_g_pre_post"] = Summary.PrePostEffect,
    };

    private static readonly Dictionary<string, Summary> Contrast = new(StringComparer.OrdinalIgnoreCase)
    {
        ["diff"] = Summary.Difference,
        ["md"] = Summary.Difference,
        ["lsmd"] = Summary.Difference,
        ["smd"] = Summary.StandardisedDifference,
        ["hedges_g"] = Summary.StandardisedDifference,
        ["cohen_d"] = Summary.StandardisedDifference,
        ["diff_cohen_d"] = Summary.StandardisedDifference,
        ["std_beta"] = Summary.StandardisedDifference,
        ["or"] = Summary.OddsRatio,
        ["rr"] = Summary.RiskRatio,
    };

    /// <summary>Terms that publications write in more than one way.</summary>
    public static string Canonical(string term)
    {
        var plain = Parenthesis().Replace(term.ToLowerInvariant(), "").Trim();
        return plain switch
        {
            "drowsiness" => "somnolence",
            "vision blurred" => "blurred vision",
            "increased blood pressure" or "hypertension" => "blood pressure increased",
            "dissociative symptoms" or "depersonalisation/derealisation" => "dissociation",
            _ => plain,
        };
    }

    public ReadTarget Read(Outcome outcome, Trial trial, IReadOnlyCollection<string> armIds)
    {
        if (outcome.Problem is not null)
            return No(outcome.Problem);
        if (outcome.Value is null)
            return No("no value is given");

        var scale = DepressionScale.Named(outcome.Measure) ?? DepressionScale.Named(outcome.Unit) ?? DepressionScale.Named(trial.BaselineScale) ?? DepressionScale.Madrs;
        if (!TryQuantity(outcome, scale, out var quantity, out var threshold, out var term))
            return No($"'{outcome.Measure}' is not modelled");
        var single = Single.TryGetValue(outcome.Statistic, out var summary);
        if (!single && !Contrast.TryGetValue(outcome.Statistic, out summary))
            return No(Unproduced(outcome.Statistic));
        if (summary is Summary.PrePostEffect && MetaAnalysisArms.Is(trial))
            return No("a change within groups pooled over unlike designs (single doses, courses, new antidepressants) has no one design to simulate");
        if (Mismatch(quantity, summary, outcome.Unit) is { } mismatch)
            return No(mismatch);
        if (quantity is Quantity.AdverseEvent && !parameters.SideEffects.Any(effect => string.Equals(effect.Term, term, StringComparison.Ordinal)))
            return No($"no rate of '{term}' is calibrated");
        if (outcome.TimeHours is null && quantity is not (Quantity.AdverseEvent or Quantity.PlasmaConcentration) && summary is not Summary.MedianDays)
            return No("the publication gives no time");
        if (outcome.TimeHours is > LongestHours)
            return No($"{outcome.TimeHours:0} h is more than two years: beyond what the models can say");
        if (outcome.TimeHours is < 0 || quantity is Quantity.Relapse && summary is Summary.Percent && outcome.TimeHours is <= 0)
            return No("the time lies before the first session");
        if (outcome.TimeHours is <= 0 && quantity is Quantity.Score or Quantity.Dissociation)
            return No("a baseline: given to the simulation, not predicted");

        if (single)
            return new ReadTarget(new Target(outcome, quantity, summary, scale, threshold, term, Match(outcome.ArmId, armIds) ?? outcome.ArmId, null), null);
        return (Split(outcome.ArmId, armIds) ?? AgainstPlacebo(outcome, trial, armIds)) is var (a, b)
            ? new ReadTarget(new Target(outcome, quantity, summary, scale, threshold, term, a, b), null)
            : No($"'{outcome.ArmId}' does not name two arms of the trial");
    }

    private static string Unproduced(string statistic) => statistic.ToLowerInvariant() switch
    {
        "pct_at_least" or "pct_max" => $"the statistic '{statistic}' is a bound, not a value that a prediction can be held against",
        "max_observed" or "pct_range" => $"the statistic '{statistic}' is an extreme or a range over patients, not a value of an arm",
        "hr" => "a hazard ratio: the models give shares and medians of relapse, no hazards",
        _ => $"the statistic '{statistic}' is not one that a virtual trial produces",
    };

    // A network of trials names the treatment alone; its effect is against the common placebo.
    private static (string A, string B)? AgainstPlacebo(Outcome outcome, Trial trial, IReadOnlyCollection<string> armIds)
        => MetaAnalysisArms.Is(trial) && Match(outcome.ArmId, armIds) is { } a && Match(MetaAnalysisArms.Placebo, armIds) is { } b && !string.Equals(a, b, StringComparison.Ordinal)
            ? (a, b)
            : null;

    private static ReadTarget No(string reason) => new(null, reason);

    private static string? Mismatch(Quantity quantity, Summary summary, string unit)
    {
        var binary = quantity is Quantity.Response or Quantity.Remission or Quantity.AdverseEvent;
        var fits = summary switch
        {
            Summary.Percent => binary || quantity is Quantity.Relapse,
            Summary.PercentAnyTime => quantity is Quantity.Response or Quantity.Remission,
            Summary.OddsRatio or Summary.RiskRatio => binary,
            Summary.MedianDays => quantity is Quantity.Relapse,
            Summary.Difference => quantity is Quantity.Score || binary,
            Summary.PercentChange or Summary.BaselineCorrelation or Summary.PrePostEffect or Summary.StandardisedDifference => quantity is Quantity.Score,
            Summary.Change => quantity is Quantity.Score or Quantity.SystolicPressure or Quantity.DiastolicPressure or Quantity.HeartRate,
            Summary.Mean => quantity is Quantity.Score or Quantity.Dissociation or Quantity.PlasmaConcentration,
            _ => false,
        };
        if (!fits)
            return $"a {quantity} has no '{summary}' in the models";
        // Percentages of something else than patients (sessions, hypertensives) have another denominator.
        return binary && (unit.Contains("session", StringComparison.OrdinalIgnoreCase) || unit.Contains("least", StringComparison.OrdinalIgnoreCase))
            ? $"the unit '{unit}' is not a share of patients"
            : null;
    }

    private static bool TryQuantity(Outcome outcome, DepressionScale scale, out Quantity quantity, out double threshold, out string term)
    {
        var measure = outcome.Measure.ToLowerInvariant();
        (threshold, term) = (0, "");
        if (measure.StartsWith("ae:", StringComparison.Ordinal))
        {
            (quantity, term) = (Quantity.AdverseEvent, Canonical(measure[3..]));
            return true;
        }
        (var known, quantity, threshold) = measure switch
        {
            "response" or "response50" => (true, Quantity.Response, 0.5),
            "response30" => (true, Quantity.Response, 0.3),
            "partial_response" or "response25" => (true, Quantity.Response, 0.25),
            "remission" => (true, Quantity.Remission, RemissionAt(outcome.Unit) ?? scale.RemissionAtMost),
            "relapse" => (true, Quantity.Relapse, 0.5),
            "depression" => (true, Quantity.Score, 0),
            "sbp" => (true, Quantity.SystolicPressure, 0),
            "dbp" => (true, Quantity.DiastolicPressure, 0),
            "hr" => (true, Quantity.HeartRate, 0),
            "cadss" => (true, Quantity.Dissociation, 0),
            "plasma_ketamine" => (true, Quantity.PlasmaConcentration, 0),
            _ when measure.StartsWith("response", StringComparison.Ordinal) && DepressionScale.Named(measure) is not null => (true, Quantity.Response, 0.5),
            _ when measure.StartsWith("remission", StringComparison.Ordinal) && DepressionScale.Named(measure) is { } named => (true, Quantity.Remission, RemissionAt(measure) ?? named.RemissionAtMost),
            _ when DepressionScale.Named(measure) is not null && !measure.Contains("response", StringComparison.Ordinal) => (true, Quantity.Score, 0),
            _ => (false, Quantity.Score, 0.0),
        };
        return known;
    }

    private static double? RemissionAt(string text)
        => Cutoff().Match(text) is { Success: true } cutoff
            ? double.Parse(cutoff.Groups["points"].Value, CultureInfo.InvariantCulture) - (cutoff.Groups["strict"].Success ? 1 : 0)
            : null;

    private static string? Match(string wanted, IReadOnlyCollection<string> armIds)
        => armIds.FirstOrDefault(id => string.Equals(id, wanted, StringComparison.OrdinalIgnoreCase))
            ?? (armIds.Where(id => wanted.Length >= 3 && id.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)).ToList() is [var only] ? only : null);

    private static (string A, string B)? Split(string name, IReadOnlyCollection<string> armIds)
    {
        foreach (var separator in new[] { "_vs_", " vs ", "/", "-", "_" })
        {
            for (var at = name.IndexOf(separator, StringComparison.Ordinal); at > 0; at = name.IndexOf(separator, at + 1, StringComparison.Ordinal))
            {
                if (Match(name[..at], armIds) is { } a && Match(name[(at + separator.Length)..], armIds) is { } b && !string.Equals(a, b, StringComparison.Ordinal))
                    return (a, b);
            }
        }
        return null;
    }

    [GeneratedRegex(@"\(.*?\)", RegexOptions.None, 1000)]
    private static partial Regex Parenthesis();

    [GeneratedRegex(@"(?:<=|≤|(?<strict><))\s*(?<points>\d+)", RegexOptions.None, 1000)]
    private static partial Regex Cutoff();
}
