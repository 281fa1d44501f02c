using System.Globalization;
using System.Text.RegularExpressions;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Evidence;

namespace Euthymia.Trials.VirtualTrials;

/// <summary>
/// A meta-analysis publishes groups, not arms: each name stands for the usual design of the trials it pools
/// (0.5 mg/kg racemic over 40 min and so on), simulated as that many trials, each with its own random effects.
/// </summary>
public static partial class MetaAnalysisArms
{
    private const int AssumedTrials = 6;
    private const int AssumedPatientsPerArm = 20;
    private const int LargestTrials = 80;

    public static bool Is(Trial trial) => trial.Design.Contains("meta-analysis", StringComparison.OrdinalIgnoreCase);

    /// <summary>The group that single treatments of a network are compared with.</summary>
    public const string Placebo = "PBO";

    /// <summary>How many trials are pooled, as the design or population says.</summary>
    public static int Trials(Trial trial)
        => TrialCount().Match($"{trial.Design} {trial.Population}") is { Success: true } match
            ? Math.Clamp(int.Parse(match.Groups["k"].Value, CultureInfo.InvariantCulture), 1, LargestTrials)
            : AssumedTrials;

    /// <summary>The groups that a contrast or a single name of the publication may mean.</summary>
    public static IEnumerable<string> Names(string armId)
    {
        yield return armId;
        foreach (var separator in new[] { "_vs_", "/", "-" })
        {
            for (var at = armId.IndexOf(separator, StringComparison.Ordinal); at > 0; at = armId.IndexOf(separator, at + 1, StringComparison.Ordinal))
            {
                yield return armId[..at];
                yield return armId[(at + separator.Length)..];
            }
        }
    }

    /// <summary>The usual design behind a group's name, or null when the name says too little.</summary>
    public static ArmDesign? Design(string id, Trial trial, double? lastHours, bool separateMidazolam, ResponseParameters parameters)
    {
        var name = id.ToUpperInvariant();
        var patients = PatientsPerArm(trial);
        var text = $"{trial.Population} {trial.Design}".ToLowerInvariant();
        var nasal = text.Contains("intranasal", StringComparison.Ordinal);
        var comparator = $"{text} {trial.Comparator}".ToLowerInvariant();
        var active = comparator.Contains("psychoactive", StringComparison.Ordinal) || comparator.Contains("midazolam", StringComparison.Ordinal);
        var inert = comparator.Contains("inert", StringComparison.Ordinal) || comparator.Contains("saline", StringComparison.Ordinal);
        ArmDesign Arm(OrderedDose? dose, Expectancy expectancy, double[] sessions) => new(
            id, dose, sessions, expectancy, nasal && lastHours > 168, patients, null, null, null, DepressionScale.Madrs, 0, 0,
            [$"a group of a meta-analysis: {Trials(trial)} trials of {patients} a group with the usual design"]);
        OrderedDose Infusion(KetamineForm form, double perKilogram) => new(form, true, perKilogram, 40.0 / 60, 1, double.PositiveInfinity);

        var repeated = name.Contains("REP", StringComparison.Ordinal) || lastHours > 300;
        var sessions = repeated ? [.. Enumerable.Range(0, 6).Select(i => (i / 3 * 7.0 + i % 3 * 2) * 24)] : new double[] { 0 };
        if (nasal)
            sessions = lastHours > 24 ? [.. Enumerable.Range(0, 8).Select(i => (i / 2 * 7.0 + i % 2 * 3) * 24)] : [0];
        if (Starts(name, "MDZ", "MIDAZOLAM"))
            return Arm(null, Expectancy.Psychoactive, sessions);
        if (Starts(name, "PBO", "PLACEBO", "SALINE", "CONTROL"))
        {
            if (nasal)
                return Arm(null, Expectancy.PlaceboSpray, sessions);
            // Saline where the name or the publication says so, or where midazolam is a group of its own; else both kinds are pooled.
            var saline = name.StartsWith("SALINE", StringComparison.Ordinal) || separateMidazolam || inert && !active;
            return saline ? Arm(null, Expectancy.InertControl, sessions)
                : active && !inert ? Arm(null, Expectancy.Psychoactive, sessions)
                : Arm(null, Expectancy.InertControl, sessions) with { SecondExpectancy = Expectancy.Psychoactive };
        }
        if (name is "IN" or "ESK_IN")
        {
            var fraction = (parameters["nasal_fraction_first"] + 2 * parameters["nasal_fraction_later"]) / 3;
            return Arm(new OrderedDose(KetamineForm.Esketamine, false, 84, 0, fraction, parameters["nasal_absorption"]), Expectancy.Psychoactive, sessions);
        }
        // A network that does not say how esketamine was given pools infusions and sprays: no one design stands for it.
        if (Starts(name, "ESK") && !comparator.Contains("intravenous", StringComparison.Ordinal))
            return null;
        if (Starts(name, "ESK"))
            return Arm(Infusion(KetamineForm.Esketamine, name.Contains("LOW", StringComparison.Ordinal) ? 0.2 : 0.4), Expectancy.Psychoactive, sessions);
        return Starts(name, "KET", "RAC", "ANY")
            ? Arm(Infusion(KetamineForm.Racemic, name.Contains("LOW", StringComparison.Ordinal) ? 0.2 : 0.5), Expectancy.Psychoactive, sessions)
            : null;
    }

    private static bool Starts(string name, params string[] words) => words.Any(word => name.StartsWith(word, StringComparison.Ordinal));

    private static int PatientsPerArm(Trial trial)
        => ArmReader.Numbers(trial.Enrolled).FirstOrDefault() is >= 10 and var total
            ? Math.Clamp((int)(total / (2 * Trials(trial))), 8, 150)
            : AssumedPatientsPerArm;

    [GeneratedRegex(@"(?:k\s*=\s*(?<k>\d+))|(?<k>\d+)\s+(?:ketamine |crossover |placebo-controlled )*(?:RCTs?|studies|trials)", RegexOptions.None, 1000)]
    private static partial Regex TrialCount();
}
