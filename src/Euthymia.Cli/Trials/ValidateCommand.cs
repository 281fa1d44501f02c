using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Agreement;
using Euthymia.Trials.Calibration;
using Euthymia.Trials.Evidence;

namespace Euthymia.Cli.Trials;

/// <summary><c>trials run</c> and <c>trials validate</c>: virtual trials beside what was published.</summary>
internal static class ValidateCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Run(TextWriter output, TextWriter errors)
    {
        Argument<string> id = new("id") { Description = "The trial, as 'trials list' prints it." };
        return Build("run", "Simulates one trial as designed and holds its outcomes against the prediction interval.", id, output, errors);
    }

    public static Command Validate(TextWriter output, TextWriter errors)
        => Build("validate", "Simulates every trial of the evidence and reports how many published outcomes lie inside the 90 % prediction interval.", null, output, errors);

    private static Command Build(string name, string help, Argument<string>? id, TextWriter output, TextWriter errors)
    {
        var evidence = TrialsCommand.EvidenceOption();
        Option<int> replicates = new("--replicates") { Description = "Simulated trials.", DefaultValueFactory = _ => 1000 };
        Option<ulong> seed = new("--seed") { Description = "Seed of the random numbers.", DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = "Print JSON instead of a table." };
        Option<FileInfo?> parameters = new("--parameters") { Description = "Parameter file written by 'trials calibrate'; the shipped one without it." };
        Option<FileInfo?> leftOut = new("--left-out") { Description = "File written by 'trials calibrate --left-out' with those parameters; the shipped one with the shipped parameters." };
        Option<FileInfo?> plot = new("--plot") { Description = "Also draw predicted against observed into this .svg or .png file." };
        Option<DirectoryInfo?> folder = new("--out") { Description = "Also write response-agreement.md and its plots into this folder." };
        Command command = new(name, help) { evidence, replicates, seed, json, parameters, leftOut, plot, folder };
        if (id is not null)
            command.Add(id);
        command.SetAction((parsed, cancel) =>
        {
            if (parsed.GetValue(replicates) is < 20 or > 100_000)
                throw new InvalidInputException("replicates-out-of-range", "replicates", "Give 20 to 100000 replicates.");
            var image = ImageFile.Check(parsed.GetValue(plot));
            var library = TrialsCommand.Evidence(parsed.GetValue(evidence));
            IReadOnlyList<Trial> trials = id is null ? library.Trials : [TrialsCommand.Guard(() => library.Trial(parsed.GetValue(id)!))];
            var report = Progress.Run(errors, trials.Count, "trials", step => TrialValidation.Run(
                library, trials, Parameters(parsed.GetValue(parameters)), parsed.GetValue(replicates), parsed.GetValue(seed),
                LeftOut(parsed.GetValue(leftOut), parsed.GetValue(parameters)), (_, _) => step(1), cancel));
            if (parsed.GetValue(json))
                PrintJson(report, output);
            else
                PrintText(report, output);
            foreach (var problem in library.Problems)
                errors.WriteLine("problem: " + problem);
            if (image is not null)
                TrialPlots.Write(image, report, Parameters(parsed.GetValue(parameters)), forest: id is not null);
            if (parsed.GetValue(folder) is { } reportFolder)
                ResponseReport.Write(reportFolder, Parameters(parsed.GetValue(parameters)), report);
            return Task.FromResult(0);
        });
        return command;
    }

    public static ResponseParameters Parameters(FileInfo? file)
    {
        if (file is null)
            return ResponseParameters.Default;
        if (!file.Exists)
            throw new InvalidInputException("parameters-missing", "parameters", $"The file \"{file.FullName}\" is not there.");
        return ResponseParameters.Parse(File.ReadAllText(file.FullName));
    }

    // Without its own sets a parameter file predicts what it was fitted to.
    private static LeftOutParameters? LeftOut(FileInfo? file, FileInfo? parameters)
    {
        if (file is null)
            return parameters is null ? LeftOutParameters.Shipped : null;
        if (!file.Exists)
            throw new InvalidInputException("left-out-missing", "left-out", $"The file \"{file.FullName}\" is not there.");
        return LeftOutParameters.Parse(File.ReadAllText(file.FullName));
    }

    private static void PrintJson(ValidationReport report, TextWriter output)
    {
        var summary = report.Overall;
        var leftOut = AgreementSummary.Of([.. report.Outcomes.Where(outcome => outcome.LeftOut)]);
        var document = new
        {
            outcomes = report.Outcomes,
            summary = new { coverage90 = summary.Coverage90, rmsZ = summary.RmsZ, n = summary.N },
            coverage90 = summary.Coverage90,
            rmsZ = summary.RmsZ,
            n = summary.N,
            leftOut = new { coverage90 = leftOut.Coverage90, rmsZ = leftOut.RmsZ, n = leftOut.N },
            byTrial = report.ByTrial.Select(item => new { trial = item.Trial, coverage90 = item.Summary.Coverage90, rmsZ = item.Summary.RmsZ, n = item.Summary.N }),
            notPredicted = report.NotPredicted.Select(item => new
            {
                trial = item.Outcome.TrialId,
                arm = item.Outcome.ArmId,
                outcome = item.Outcome.Measure,
                statistic = item.Outcome.Statistic,
                timeHours = item.Outcome.TimeHours,
                reason = item.Reason,
            }),
            replicates = report.Replicates,
            seed = report.Seed,
            parameters = report.ParameterVersion,
        };
        output.WriteLine(JsonSerializer.Serialize(document, Json));
    }

    private static void PrintText(ValidationReport report, TextWriter output)
    {
        foreach (var trial in report.Outcomes.GroupBy(outcome => outcome.Trial, StringComparer.Ordinal))
        {
            output.WriteLine(trial.Key);
            foreach (var outcome in trial)
                output.WriteLine($"  {outcome.Arm,-12} {$"{outcome.Outcome} {outcome.Statistic}",-34} {Hours(outcome.TimeHours),9}  observed {Number(outcome.Observed),8}  predicted {Number(outcome.Predicted),8} ({Number(outcome.Low90)} to {Number(outcome.High90)})  z {outcome.Z.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture)}{(outcome.Inside ? "" : "  outside")}");
            var summary = AgreementSummary.Of([.. trial]);
            output.WriteLine($"  {summary.N} outcomes, {Percent(summary.Coverage90)} inside the 90 % interval, rms z {Number(summary.RmsZ)}");
        }
        if (report.NotPredicted.Count > 0)
        {
            output.WriteLine("Not predicted");
            foreach (var item in report.NotPredicted)
                output.WriteLine($"  {item.Outcome.TrialId} {item.Outcome.ArmId} {item.Outcome.Measure} {item.Outcome.Statistic} {Hours(item.Outcome.TimeHours)}: {item.Reason}");
        }
        var overall = report.Overall;
        output.WriteLine($"All: {overall.N} outcomes predicted, {report.NotPredicted.Count} not; {Percent(overall.Coverage90)} inside the 90 % interval, rms z {Number(overall.RmsZ)}; {report.Replicates} replicates, seed {report.Seed}, parameters {report.ParameterVersion}.");
        if (AgreementSummary.Of([.. report.Outcomes.Where(outcome => outcome.LeftOut)]) is { N: > 0 } leftOut)
            output.WriteLine($"Of them {leftOut.N} mood outcomes of calibration trials, each predicted by parameters calibrated without its trial: {Percent(leftOut.Coverage90)} inside, rms z {Number(leftOut.RmsZ)}.");
    }

    private static string Hours(double? hours) => hours is { } value ? value.ToString("0.##", CultureInfo.InvariantCulture) + " h" : "no time";

    private static string Number(double value) => value.ToString(Math.Abs(value) < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
