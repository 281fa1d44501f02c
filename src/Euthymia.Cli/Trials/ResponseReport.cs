using System.Globalization;
using System.Text;
using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Agreement;
using Euthymia.Trials.Calibration;
using Euthymia.Trials.VirtualTrials;

namespace Euthymia.Cli.Trials;

/// <summary>The agreement and the parameters as Markdown with plots, for docs/methods.</summary>
internal static class ResponseReport
{
    public static void Write(DirectoryInfo folder, ResponseParameters parameters, ValidationReport report)
    {
        if (!folder.Exists)
            throw new InvalidInputException("folder-missing", "out", $"The folder \"{folder.FullName}\" is not there: make it first.");
        File.WriteAllText(Path.Combine(folder.FullName, "response-agreement.md"), Markdown(parameters, report));
        TrialPlots.WritePair(Path.Combine(folder.FullName, "response-agreement.png"), Path.Combine(folder.FullName, "response-bias.png"), report, parameters);
        ImageFile.Write(Path.Combine(folder.FullName, "response-course.svg"), 900, [.. TimeCoursePlots.Panels(parameters, report, report.Seed)]);
    }

    private static void Biases(StringBuilder text, ResponseParameters parameters, IEnumerable<OutcomeAgreement> outcomes)
    {
        text.AppendLine("## Bias by time, exposure and comparator").AppendLine();
        text.AppendLine("Each trial counts once, with the mean of its outcomes' normal scores in the group (the standard normal deviate of the published number's rank among the replicates, so that a skewed prediction is no bias); positive is less benefit than predicted. The interval takes the spread of trials about their group's mean, pooled over the groups of an aspect: two trials tell no spread of their own. Exposure is occupancy over the session relative to 0.5 mg/kg racemic over 40 min: low below 0.7, high above 1.3.").AppendLine();
        text.AppendLine("| aspect | group | trials | outcomes | mean score | 95 % |").AppendLine("| --- | --- | ---: | ---: | ---: | ---: |");
        foreach (var bias in Bias.Of(outcomes, parameters))
            text.AppendLine(CultureInfo.InvariantCulture, $"| {bias.Aspect} | {bias.Group} | {bias.TrialMeans.Count} | {bias.Outcomes} | {bias.Mean:+0.00;-0.00;0.00} | {(bias.HalfWidth95 is { } half ? FormattableString.Invariant($"{bias.Mean - half:+0.00;-0.00;0.00} to {bias.Mean + half:+0.00;-0.00;0.00}") : "")} |");
        text.AppendLine();
    }

    private static string Markdown(ResponseParameters parameters, ValidationReport report)
    {
        StringBuilder text = new();
        text.AppendLine("# Response models: parameters and agreement").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Written by `euthymia trials validate --out docs/methods`; do not edit by hand. {report.Replicates} replicates, seed {report.Seed}, parameters {report.ParameterVersion}.{(report.Outcomes.Any(outcome => outcome.LeftOut) ? " Mood outcomes of a calibration trial are predicted by parameters that were calibrated without that trial." : "")}").AppendLine();
        text.AppendLine("![Published against predicted](response-agreement.png)").AppendLine();
        text.AppendLine("![Predicted courses](response-course.svg)").AppendLine();
        text.AppendLine("![Calibration, residuals and bias](response-bias.png)").AppendLine();
        Groups(text, report);
        Biases(text, parameters, report.Outcomes.Where(outcome => CalibrationUse.IsMood(outcome.Trial)));
        Trials(text, report);
        NotPredicted(text, report);
        Parameters(text, parameters);
        return text.Replace("\r\n", "\n").ToString();
    }

    private static void Groups(StringBuilder text, ValidationReport report)
    {
        text.AppendLine("## By group").AppendLine();
        text.AppendLine("Mean z shows bias: positive means that the publication is above the prediction. The repeated outcomes of a trial are correlated, so these counts are not independent.").AppendLine();
        text.AppendLine("| group | outcomes | inside 90 % | rms z | mean z |").AppendLine("| --- | ---: | ---: | ---: | ---: |");
        bool Mood(OutcomeAgreement outcome) => outcome.Target.Quantity is Quantity.Score or Quantity.Response or Quantity.Remission or Quantity.Relapse;
        bool Change(OutcomeAgreement outcome) => outcome.Target is { Quantity: Quantity.Score, Summary: Summary.Change or Summary.Mean };
        void Row(string name, Func<OutcomeAgreement, bool> group)
        {
            var items = report.Outcomes.Where(group).ToList();
            if (items.Count == 0)
                return;
            var summary = AgreementSummary.Of(items);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {summary.N} | {100 * summary.Coverage90:0.0} % | {summary.RmsZ:0.00} | {items.Average(item => item.Z):+0.00;-0.00;0.00} |");
        }
        Row("all", _ => true);
        Row(report.Outcomes.Any(outcome => outcome.LeftOut) ? "mood, calibration trials, each predicted by the others" : "mood, calibration trials", outcome => Mood(outcome) && CalibrationUse.IsMood(outcome.Trial));
        Row("mood, other trials and meta-analyses", outcome => Mood(outcome) && !CalibrationUse.IsMood(outcome.Trial));
        Row("safety", outcome => !Mood(outcome));
        Row("scores, control arms", outcome => Change(outcome) && TrialPlots.IsControl(outcome));
        Row("scores, ketamine to 12 h", outcome => Change(outcome) && !TrialPlots.IsControl(outcome) && outcome.TimeHours <= 12);
        Row("scores, ketamine 12 to 30 h", outcome => Change(outcome) && !TrialPlots.IsControl(outcome) && outcome.TimeHours is > 12 and <= 30);
        Row("scores, ketamine 30 h to 14 d", outcome => Change(outcome) && !TrialPlots.IsControl(outcome) && outcome.TimeHours is > 30 and < 336);
        Row("scores, ketamine from 14 d", outcome => Change(outcome) && !TrialPlots.IsControl(outcome) && outcome.TimeHours >= 336);
        Row("response and remission, control arms", outcome => outcome.Target.Quantity is Quantity.Response or Quantity.Remission && TrialPlots.IsControl(outcome));
        Row("response and remission, ketamine arms", outcome => outcome.Target.Quantity is Quantity.Response or Quantity.Remission && !TrialPlots.IsControl(outcome) && !outcome.Target.IsContrast);
        Row("low dose arms", outcome => Mood(outcome) && outcome.Arm is "K02" or "E02" or "E28" or "E28_P2" or "Rac-Low" or "Esket-Low");
        text.AppendLine();
    }

    private static void Trials(StringBuilder text, ValidationReport report)
    {
        text.AppendLine("## By trial").AppendLine();
        text.AppendLine("| trial | outcomes | inside 90 % | rms z | used to calibrate |").AppendLine("| --- | ---: | ---: | ---: | --- |");
        foreach (var (trial, summary) in report.ByTrial)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {trial} | {summary.N} | {100 * summary.Coverage90:0} % | {summary.RmsZ:0.00} | {string.Join(", ", CalibrationUse.All.Where(use => string.Equals(use.TrialId, trial, StringComparison.Ordinal)).Select(use => use.Use))} |");
        text.AppendLine().AppendLine("## Outside the interval").AppendLine();
        text.AppendLine("| trial | arm | outcome | hours | published | predicted (90 %) | z |").AppendLine("| --- | --- | --- | ---: | ---: | ---: | ---: |");
        foreach (var item in report.Outcomes.Where(outcome => !outcome.Inside))
            text.AppendLine(CultureInfo.InvariantCulture, $"| {item.Trial} | {item.Arm} | {item.Outcome} {item.Statistic} | {item.TimeHours:0.##} | {item.Observed:0.##} | {item.Predicted:0.#} ({item.Low90:0.#} to {item.High90:0.#}) | {item.Z:+0.0;-0.0} |");
        text.AppendLine();
    }

    private static void NotPredicted(StringBuilder text, ValidationReport report)
    {
        text.AppendLine("## Not predicted").AppendLine();
        foreach (var reason in report.NotPredicted.GroupBy(item => item.Reason, StringComparer.Ordinal).OrderByDescending(group => group.Count()))
            text.AppendLine(CultureInfo.InvariantCulture, $"- {reason.Count()}: {reason.Key} ({string.Join(", ", reason.Select(item => item.Outcome.TrialId).Distinct(StringComparer.Ordinal))})");
        text.AppendLine();
    }

    private static void Parameters(StringBuilder text, ResponseParameters parameters)
    {
        text.AppendLine("## Parameters").AppendLine();
        if (parameters.Provenance is { } provenance)
            text.AppendLine(CultureInfo.InvariantCulture, $"Calibrated by {provenance.Method}; {provenance.Outcomes} outcomes of {provenance.Trials.Count} trials, seed {provenance.Seed}, minus log posterior {provenance.Objective:0.0}.").AppendLine();
        text.AppendLine("| parameter | value | 90 % | unit | meaning | status | source |").AppendLine("| --- | ---: | ---: | --- | --- | --- | --- |");
        foreach (var parameter in parameters.Parameters)
        {
            var centre = parameter.Transform(parameter.Value);
            var range = parameter.Uncertainty > 0 ? FormattableString.Invariant($"{parameter.Natural(centre - 1.645 * parameter.Uncertainty):0.###} to {parameter.Natural(centre + 1.645 * parameter.Uncertainty):0.###}") : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"| `{parameter.Name}` | {parameter.Value:0.####} | {range} | {parameter.Unit} | {parameter.Description} | {parameter.Status} | {parameter.Source} |");
        }
        text.AppendLine().AppendLine("| side effect | background of a course, % | first session at the reference peak, % | calibrated on |").AppendLine("| --- | ---: | ---: | --- |");
        foreach (var effect in parameters.SideEffects)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {effect.Term} | {100 * (1 - Math.Exp(-effect.Background)):0.0} | {100 * (1 - Math.Exp(-effect.PerSession)):0.0} | {effect.Source} |");
        text.AppendLine().AppendLine("| scale | points per MADRS point | uncertainty | scatter, points | remission at most | status | source |").AppendLine("| --- | ---: | ---: | ---: | ---: | --- | --- |");
        foreach (var scale in DepressionScale.All)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {scale.Name} | {scale.Slope:0.###} | {100 * scale.SlopeCv:0} % | {scale.ScatterSd:0.#} | {scale.RemissionAtMost:0} | {scale.Status} | {scale.Source} |");
    }
}
