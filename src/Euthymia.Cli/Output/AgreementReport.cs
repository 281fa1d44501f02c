using System.Globalization;
using System.Text;
using Euthymia.Pharmacometrics;

namespace Euthymia.Cli.Output;

/// <summary>The agreement of models with published observations, as rows and as Markdown.</summary>
internal static class AgreementReport
{
    /// <summary>Data, model, points, observed, predicted, MdPE, MdAPE.</summary>
    public static string[] Cells(Agreement agreement)
    {
        var counted = agreement.Points.Where(point => point.Point.Excluded is null).ToArray();
        return
        [
            agreement.Dataset.Title,
            agreement.Dataset.Model,
            counted.Length.ToString(CultureInfo.InvariantCulture),
            $"{Range(counted.Select(point => point.Point.Value))} {agreement.Dataset.Unit}",
            $"{Range(counted.Select(point => point.Predicted))} {agreement.Dataset.Unit}",
            agreement.MdPePercent.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture),
            agreement.MdApePercent.ToString("0.0", CultureInfo.InvariantCulture),
        ];
    }

    public static string Markdown(IReadOnlyList<Agreement> agreements)
    {
        StringBuilder text = new();
        text.AppendLine("# Agreement with published observations");
        text.AppendLine();
        text.AppendLine("Written by `euthymia agreement --out docs/methods`; do not edit by hand.");
        text.AppendLine("Predictions are the typical patient's. Error = (observed - predicted) / predicted; MdPE is its median (bias), MdAPE the median of its size (inaccuracy).");
        text.AppendLine();
        text.AppendLine("| data | model | points | observed | predicted | MdPE % | MdAPE % |");
        text.AppendLine("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var agreement in agreements)
            text.AppendLine($"| {string.Join(" | ", Cells(agreement))} |");
        text.AppendLine();
        text.AppendLine("![Observed and predicted concentrations](pharmacokinetics-agreement.svg)");
        text.AppendLine();
        text.AppendLine("## The data");
        foreach (var dataset in agreements.Select(agreement => agreement.Dataset))
        {
            text.AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"**{dataset.Title}.** {dataset.Citation}{(dataset.Doi is { } doi ? $" DOI {doi}." : "")} {Who(dataset)}, {dataset.Sampling} sampling; {dataset.Regimen}. Status: {dataset.Status.ToString().ToLowerInvariant()}. {dataset.Note}");
            foreach (var excluded in dataset.Points.Where(point => point.Excluded is not null).GroupBy(point => point.Excluded, StringComparer.Ordinal))
                text.AppendLine(CultureInfo.InvariantCulture, $"Not counted: {string.Join(", ", excluded.Select(point => $"{point.TimeHours:0.###} h"))} ({excluded.Key}).");
        }

        return text.Replace("\r\n", "\n").ToString();
    }

    private static string Who(ObservedDataset dataset)
        => dataset.Subjects is { } subjects ? $"{subjects} {dataset.Participants}" : char.ToUpperInvariant(dataset.Participants[0]) + dataset.Participants[1..];

    private static string Range(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var (low, high) = (ExposureTable.Number(sorted[0]), ExposureTable.Number(sorted[^1]));
        return string.Equals(low, high, StringComparison.Ordinal) ? low : $"{low} to {high}";
    }
}
