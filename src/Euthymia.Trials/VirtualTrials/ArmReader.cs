using System.Globalization;
using System.Text.RegularExpressions;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Evidence;

namespace Euthymia.Trials.VirtualTrials;

/// <summary>Reads an arm's published text into a design. What is not said is assumed and listed; what cannot be simulated gets a reason.</summary>
public sealed partial class ArmReader(EvidenceLibrary library, ResponseParameters parameters)
{
    private const int AssumedPatients = 20;
    private const int MostPatients = 20_000;
    private const double AssumedDose = 0.5;
    private const double AssumedMinutes = 40;

    private static readonly string[] Inert = ["saline", "placebo", "sodium chloride", "dextrose"];
    private static readonly string[] Psychoactive = ["midazolam", "lorazepam", "diphenhydramine", "fentanyl", "remifentanil", "active placebo"];
    private static readonly string[] Stimulation = ["ect", "electroconvulsive", "rtms", "tms"];
    private static readonly string[] OpenDesigns = ["open", "retrospective", "chart", "cohort", "observational", "survey", "real-world", "case series", "pooled single", "open-label"];

    public ReadArm Read(Trial trial, Arm arm)
    {
        var assumptions = new List<string>();
        var drug = arm.Drug.ToLowerInvariant();
        var stimulation = Names(drug, Stimulation);
        var ketamine = drug.Contains("ketamine", StringComparison.Ordinal) && !stimulation;
        var control = !ketamine && !stimulation && (Names(drug, Inert) || Names(drug, Psychoactive));
        if (!ketamine && !control)
        {
            return drug.Length > 0
                ? No($"'{arm.Drug}' is not modelled: only ketamine and its blinded controls are")
                : No("the arm's drug is not given");
        }

        OrderedDose? dose = null;
        if (ketamine && (dose = ReadDose(arm, drug, assumptions)) is null)
            return No($"the dose '{arm.Dose}' is not understood");
        var sessions = Schedule(arm, trial, assumptions);
        if (sessions is null)
            return No($"the schedule '{arm.Schedule}' has no fixed days");

        var (added, addedSd) = Combined(drug, arm);
        var scale = DepressionScale.Named(trial.BaselineScale) ?? DepressionScale.Madrs;
        var (baseline, baselineSd) = Baseline(trial, arm, assumptions);
        return new ReadArm(
            new ArmDesign(
                arm.Id, dose, sessions, Belief(trial, arm, drug, ketamine), StartsAntidepressant(trial, arm, drug), Patients(trial, arm, assumptions),
                baseline, baselineSd, Weight(arm), scale, added, addedSd, assumptions),
            null);
    }

    private static ReadArm No(string reason) => new(null, reason);

    private static bool Names(string text, string[] words) => words.Any(word => Regex.IsMatch(text, $@"\b{Regex.Escape(word)}", RegexOptions.None, TimeSpan.FromSeconds(1)));

    private OrderedDose? ReadDose(Arm arm, string drug, List<string> assumptions)
    {
        var form = drug.Contains("esketamine", StringComparison.Ordinal) || drug.Contains("s-ketamine", StringComparison.Ordinal) ? KetamineForm.Esketamine
            : drug.Contains("arketamine", StringComparison.Ordinal) || drug.Contains("r-ketamine", StringComparison.Ordinal) ? KetamineForm.Arketamine
            : KetamineForm.Racemic;
        var route = arm.Route.Trim().ToUpperInvariant();
        if (route.Length == 0)
        {
            route = "IV";
            assumptions.Add("route not given: intravenous assumed");
        }

        var text = arm.Dose.ToLowerInvariant();
        if (BolusThenRate().Match(text) is { Success: true } drip)
        {
            // The length of the drip is not printed with the dose; half an hour covers the scoring times seen.
            assumptions.Add("length of the drip not given: 30 min assumed");
            return new OrderedDose(form, true, Number(drip, "c") * 0.5, 0.5, 1, double.PositiveInfinity, Number(drip, "a"), Number(drip, "b") / 60);
        }
        if (RateForHours().Match(text) is { Success: true } rate)
            return new OrderedDose(form, true, Number(rate, "a") * Number(rate, "b"), Number(rate, "b"), 1, double.PositiveInfinity);

        var amounts = Numbers(text);
        var fixedDose = FixedMilligrams().IsMatch(text) && !text.Contains("mg/kg", StringComparison.Ordinal);
        if (amounts.Count == 0)
        {
            if (text.Length > 0 || route is not "IV")
                return null;
            amounts = [AssumedDose];
            assumptions.Add("dose not given: 0.5 mg/kg assumed");
        }
        var amount = amounts.Take(2).Average();
        if (!(amount > 0))
            return null;
        if (!fixedDose && amount > 5)
            fixedDose = true;
        return Entering(arm, route, form, fixedDose, amount, assumptions);
    }

    private OrderedDose? Entering(Arm arm, string route, KetamineForm form, bool fixedDose, double amount, List<string> assumptions)
    {
        var extended = route.Contains("ER", StringComparison.Ordinal) && route.Contains("PO", StringComparison.Ordinal);
        OrderedDose Absorbed(double fraction, double perHour) => new(form, !fixedDose, amount, 0, fraction, perHour);
        if (route.StartsWith("IV", StringComparison.Ordinal))
        {
            var minutes = Numbers(arm.InfusionMinutes.ToLowerInvariant());
            if (minutes.Count == 0)
                assumptions.Add("infusion time not given: 40 min assumed");
            return new OrderedDose(form, !fixedDose, amount, Math.Max(minutes.Count == 0 ? AssumedMinutes : minutes[0], 1) / 60, 1, double.PositiveInfinity);
        }
        if (route.StartsWith("IN", StringComparison.Ordinal) || route.Contains("NASAL", StringComparison.Ordinal))
            return Absorbed(NasalFraction(fixedDose ? amount : amount * 70), parameters["nasal_absorption"]);
        if (route.StartsWith("IM", StringComparison.Ordinal))
            return Absorbed(parameters["intramuscular_fraction"], parameters["parenteral_absorption"]);
        if (route.StartsWith("SC", StringComparison.Ordinal))
            return Absorbed(parameters["subcutaneous_fraction"], parameters["parenteral_absorption"]);
        if (route.StartsWith("SL", StringComparison.Ordinal))
            return Absorbed(parameters["sublingual_fraction"], parameters["oral_absorption"]);
        if (extended)
            return Absorbed(parameters["oral_fraction"], parameters["extended_release_absorption"]);
        return route.StartsWith("PO", StringComparison.Ordinal) || route.StartsWith("ORAL", StringComparison.Ordinal)
            ? Absorbed(parameters["oral_fraction"], parameters["oral_absorption"])
            : null;
    }

    private double NasalFraction(double milligrams)
    {
        const double Device = 28;
        var first = Math.Min(milligrams, Device);
        return (first * parameters["nasal_fraction_first"] + (milligrams - first) * parameters["nasal_fraction_later"]) / milligrams;
    }

    private static double[]? Schedule(Arm arm, Trial trial, List<string> assumptions)
    {
        var text = arm.Schedule.ToLowerInvariant().Trim();
        if (DayList().Match(text) is { Success: true } list)
        {
            var days = list.Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(day => double.Parse(day, CultureInfo.InvariantCulture)).Order().ToArray();
            return [.. days.Select(day => (day - days[0]) * 24)];
        }
        foreach (var (source, given) in new[] { (text, true), (trial.Design.ToLowerInvariant(), false) })
        {
            if (Repeated(source) is { } repeated)
            {
                assumptions.Add($"days of the sessions spread evenly from '{(given ? arm.Schedule : trial.Design)}'");
                return repeated;
            }
        }
        if (text.Length > 0 && !text.Contains("single", StringComparison.Ordinal) && !text.Contains("once", StringComparison.Ordinal))
            return null;
        if (text.Length == 0 && !trial.Design.Contains("single", StringComparison.OrdinalIgnoreCase))
            assumptions.Add("schedule not given: one session assumed");
        return [0];
    }

    private static double[]? Repeated(string text)
    {
        if (PerWeekForWeeks().Match(text) is { Success: true } weekly)
            return Evenly((int)Math.Round(Number(weekly, "a") * Number(weekly, "b")), 7 / Number(weekly, "a"), weekPattern: Number(weekly, "a"));
        if (SessionsWithinWeeks().Match(text) is { Success: true } within)
            return Evenly(Count(within.Groups["a"].Value), Number(within, "b") * 7 / Count(within.Groups["a"].Value), 0);
        if (SessionsPerWeek().Match(text) is { Success: true } sessions)
            return Evenly(Count(sessions.Groups["a"].Value), 7 / Number(sessions, "b"), Number(sessions, "b"));
        return null;
    }

    private static double[] Evenly(int sessions, double everyDays, double weekPattern)
    {
        // Three a week are given on days 0, 2, 4 of each week, two a week on days 0 and 3.
        double Day(int i) => weekPattern switch
        {
            3 => i / 3 * 7 + i % 3 * 2,
            2 => i / 2 * 7 + i % 2 * 3,
            _ => i * everyDays,
        };
        return [.. Enumerable.Range(0, Math.Clamp(sessions, 1, 200)).Select(i => Day(i) * 24)];
    }

    private static int Count(string text) => text switch
    {
        "four" => 4,
        "six" => 6,
        "eight" => 8,
        _ => int.TryParse(text, CultureInfo.InvariantCulture, out var count) ? count : 1,
    };

    private static Expectancy Belief(Trial trial, Arm arm, string drug, bool ketamine)
    {
        if (!ketamine)
        {
            return Names(drug, Psychoactive) ? Expectancy.Psychoactive
                : arm.Route.StartsWith("IN", StringComparison.OrdinalIgnoreCase) ? Expectancy.PlaceboSpray
                : Expectancy.InertControl;
        }
        // An arm may be open in a trial that is blind to something else, such as lithium after ketamine.
        if (drug.Contains("open-label", StringComparison.Ordinal))
            return Expectancy.OpenLabel;
        var design = trial.Design.ToLowerInvariant();
        var blind = design.Contains("blind", StringComparison.Ordinal) || design.Contains("placebo-controlled", StringComparison.Ordinal) || design.Contains("saline-controlled", StringComparison.Ordinal);
        return !blind && (Names(design, OpenDesigns) || trial.Comparator.Equals("none", StringComparison.OrdinalIgnoreCase)) ? Expectancy.OpenLabel : Expectancy.Psychoactive;
    }

    private static bool StartsAntidepressant(Trial trial, Arm arm, string drug)
    {
        var text = $"{arm.Schedule} {drug} {trial.Comparator}".ToLowerInvariant();
        return text.Contains("new oral ad", StringComparison.Ordinal) || text.Contains("oral ad ", StringComparison.Ordinal) || text.EndsWith("oral ad", StringComparison.Ordinal)
            || text.Contains("new antidepressant", StringComparison.Ordinal) || text.Contains("escitalopram", StringComparison.Ordinal) || text.Contains("duloxetine", StringComparison.Ordinal)
            || text.Contains("standard of care", StringComparison.Ordinal);
    }

    private (double Logit, double Sd) Combined(string drug, Arm arm)
    {
        var (sum, variance) = (0.0, 0.0);
        foreach (var (word, name) in new[] { ("lithium", "lithium_effect"), ("rapamycin", "rapamycin_effect"), ("naltrexone", "naltrexone_effect"), ("clonidine", "clonidine_effect"), ("cbt", "psychotherapy_effect"), ("psychotherapy", "psychotherapy_effect") })
        {
            if (!drug.Contains(word, StringComparison.Ordinal))
                continue;
            var effect = parameters.Parameter(name);
            sum += effect.Value;
            variance += effect.Uncertainty * effect.Uncertainty;
        }
        if (arm.BipolarPercent is > 0)
        {
            var bipolar = parameters.Parameter("bipolar_moderator");
            sum += bipolar.Value * arm.BipolarPercent.Value / 100;
            variance += Math.Pow(bipolar.Uncertainty * arm.BipolarPercent.Value / 100, 2);
        }
        return (sum, Math.Sqrt(variance));
    }

    private (double? Mean, double? Sd) Baseline(Trial trial, Arm arm, List<string> assumptions)
    {
        var measured = library.OutcomesOf(trial.Id).FirstOrDefault(outcome =>
            string.Equals(outcome.ArmId, arm.Id, StringComparison.Ordinal) && outcome is { TimeHours: 0, Value: not null } && outcome.Statistic is "mean" && DepressionScale.Named(outcome.Measure) is not null);
        var scale = measured is null ? DepressionScale.Named(trial.BaselineScale) ?? DepressionScale.Madrs : DepressionScale.Named(measured.Measure)!;
        var mean = (arm.BaselineMean ?? measured?.Value) / scale.Slope;
        if (mean is null)
            assumptions.Add("baseline not given: drawn as MADRS 32 (SD between trials 3)");
        if (mean is > 0 and < MoodModel.MaximumMadrs)
            return (mean, (arm.BaselineSd ?? measured?.Sd) / scale.Slope);
        if (mean is not null)
            assumptions.Add($"baseline {mean:0.#} is outside the scale: drawn instead");
        return (null, null);
    }

    private int Patients(Trial trial, Arm arm, List<string> assumptions)
    {
        if (arm.N is > MostPatients)
            assumptions.Add($"{MostPatients} patients simulated: more change nothing that can be seen");
        if (arm.N is >= 1)
            return (int)Math.Min(arm.N.Value, MostPatients);
        if (library.OutcomesOf(trial.Id).FirstOrDefault(outcome => string.Equals(outcome.ArmId, arm.Id, StringComparison.Ordinal) && outcome.N is >= 1) is { } outcome)
            return (int)Math.Min(outcome.N!.Value, MostPatients);
        var arms = Math.Max(1, library.ArmsOf(trial.Id).Count());
        var enrolled = Numbers(trial.Enrolled).FirstOrDefault();
        assumptions.Add(enrolled >= 1 ? "size of the arm not given: an even share of the trial" : $"size of the arm not given: {AssumedPatients} assumed");
        return enrolled >= 1 ? (int)Math.Clamp(enrolled / arms, 1, MostPatients) : AssumedPatients;
    }

    private static double? Weight(Arm arm)
        => arm.WeightOrBmi.Contains("kg", StringComparison.OrdinalIgnoreCase) && Numbers(arm.WeightOrBmi).FirstOrDefault() is var weight and >= 30 and <= 200 ? weight : null;

    internal static List<double> Numbers(string text)
        => [.. AnyNumber().Matches(text).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d+(?:\.\d+)?", RegexOptions.None, 1000)]
    private static partial Regex AnyNumber();

    [GeneratedRegex(@"\d\s*mg\b", RegexOptions.None, 1000)]
    private static partial Regex FixedMilligrams();

    [GeneratedRegex(@"^(?<a>[\d.]+)\s*(?:mg/kg\s*)?bolus/(?<b>\d+)\s*min then (?<c>[\d.]+)\s*mg/kg/h", RegexOptions.None, 1000)]
    private static partial Regex BolusThenRate();

    [GeneratedRegex(@"(?<a>[\d.]+)\s*mg/kg/h\s*x\s*(?<b>[\d.]+)\s*h", RegexOptions.None, 1000)]
    private static partial Regex RateForHours();

    [GeneratedRegex(@"^-?\d+(?:\.\d+)?(?:\s*;\s*-?\d+(?:\.\d+)?)*(?=\s*(?:$|\())", RegexOptions.None, 1000)]
    private static partial Regex DayList();

    [GeneratedRegex(@"(?<a>\d)\s*(?:x|times)\s*(?:/|a |per )?\s*(?:wk|week)(?:ly)?\s*(?:x|for|over)\s*(?<b>\d+)\s*(?:wk|week|w\b)", RegexOptions.None, 1000)]
    private static partial Regex PerWeekForWeeks();

    [GeneratedRegex(@"(?<a>\d+|four|six|eight) (?:infusions|sessions|doses) (?:with)?in (?:~|\d+-)?(?<b>\d+) (?:wk|week)", RegexOptions.None, 1000)]
    private static partial Regex SessionsWithinWeeks();

    [GeneratedRegex(@"(?<a>\d+|four|six|eight) infusions,? (?<b>\d)x/w", RegexOptions.None, 1000)]
    private static partial Regex SessionsPerWeek();
}
