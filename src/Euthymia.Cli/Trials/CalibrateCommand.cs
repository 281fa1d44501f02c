using System.CommandLine;
using System.Globalization;
using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Calibration;

namespace Euthymia.Cli.Trials;

/// <summary><c>trials calibrate</c>: the response parameters from the evidence.</summary>
internal static class CalibrateCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        var evidence = TrialsCommand.EvidenceOption();
        Option<FileInfo> file = new("--out") { Description = "Parameter file to write.", Required = true };
        Option<string> version = new("--parameters-version") { Description = "Version to write into the file.", DefaultValueFactory = _ => ResponseParameters.Default.Version };
        Option<ulong> seed = new("--seed") { Description = "Seed of the nodes.", DefaultValueFactory = _ => 1 };
        Option<FileInfo?> leftOut = new("--left-out") { Description = "Also calibrate without each trial in turn and write the sets into this file, so that 'validate' predicts each trial by the others. Takes minutes." };
        Option<FileInfo?> from = new("--parameters") { Description = "Parameter file with the priors and the start; the shipped one without it." };
        Command command = new("calibrate", "Fits the uncertain response parameters to the library's outcomes and writes the parameter file with its provenance. Takes minutes.") { evidence, file, leftOut, version, seed, from };
        command.SetAction((parsed, cancel) =>
        {
            var target = parsed.GetValue(file)!;
            CheckFolder(target, "out");
            if (parsed.GetValue(leftOut) is { } sets)
                CheckFolder(sets, "left-out");
            var library = TrialsCommand.Evidence(parsed.GetValue(evidence));
            var start = ValidateCommand.Parameters(parsed.GetValue(from));
            var fitted = TrialsCommand.Guard(() => CalibrationRun.Run(
                library, start, parsed.GetValue(version)!, parsed.GetValue(seed),
                (step, value) => errors.WriteLine(FormattableString.Invariant($"step {step}: minus log posterior {value:0.000}")), cancel));
            File.WriteAllText(target.FullName, fitted.ToJson());
            Print(fitted, output);
            output.WriteLine($"Wrote {target.FullName}");
            if (parsed.GetValue(leftOut) is { } leftOutFile)
            {
                var without = Progress.Run(errors, library.Trials.Count(trial => CalibrationUse.IsMood(trial.Id)), "trials left out", step => TrialsCommand.Guard(
                    () => LeftOutParameters.Run(library, fitted, parsed.GetValue(seed), () => step(1), cancel)));
                File.WriteAllText(leftOutFile.FullName, without.ToJson());
                output.WriteLine($"Wrote {leftOutFile.FullName}");
            }
            return Task.FromResult(0);
        });
        return command;
    }

    private static void CheckFolder(FileInfo file, string option)
    {
        if (file.Directory is not { Exists: true })
            throw new InvalidInputException($"{option}-folder", option, $"The folder of \"{file.FullName}\" is not there: make it first.");
    }

    private static void Print(ResponseParameters fitted, TextWriter output)
    {
        static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
        foreach (var parameter in fitted.Parameters.Where(parameter => parameter.IsCalibrated))
        {
            var centre = parameter.Transform(parameter.Value);
            output.WriteLine($"{parameter.Name,-26} {Number(parameter.Value),8} {parameter.Unit,-8} 90 % {Number(parameter.Natural(centre - 1.645 * parameter.Uncertainty))} to {Number(parameter.Natural(centre + 1.645 * parameter.Uncertainty))}, prior {Number(parameter.PriorValue!.Value)}, {Number(parameter.Uncertainty / parameter.PriorSd)} of its width");
        }
        output.WriteLine($"{fitted.Provenance!.Outcomes} outcomes of {fitted.Provenance.Trials.Count} trials; {fitted.SideEffects.Count} side effects.");
    }
}
