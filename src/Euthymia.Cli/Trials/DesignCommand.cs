using System.CommandLine;
using System.Text.Json;
using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Designs;

namespace Euthymia.Cli.Trials;

/// <summary><c>trials design</c>: power and expected outcomes of trials that are being planned.</summary>
internal static class DesignCommand
{
    private const int MostDesigns = 24;

    private const string Help =
        """
        Forecasts designs and compares them in one table: power for the MADRS change, sample size, response, remission, relapse,
        adverse events. Several --arm, --control or --n are combined, each with each.

        Examples:
          euthymia trials design --arm "0.5 mg/kg over 40 min" --control midazolam --n 40 --at-hours 24
          euthymia trials design --arm "0.5 mg/kg over 40 min" --control saline --control midazolam --power 0.9 --plot power.svg
          euthymia trials design --arm "0.5 mg/kg over 40 min on days 0,2,4,7,9,11" --n 30 --n 60 --at-hours 288 --baseline 34 --json
        """;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Option<string[]> arms = new("--arm") { Description = "A ketamine regimen, as for 'simulate'. Several are compared.", Required = true };
        Option<KetamineForm> form = new("--form") { Description = "racemic, esketamine or arketamine.", DefaultValueFactory = _ => KetamineForm.Racemic };
        Option<ControlKind[]> control = new("--control") { Description = "saline, midazolam or placeboSpray; several are compared.", DefaultValueFactory = _ => [ControlKind.Midazolam] };
        Option<int[]> n = new("--n") { Description = "Patients in each arm; several are compared.", DefaultValueFactory = _ => [40] };
        Option<double> dropOut = new("--drop-out") { Description = "Share lost before the primary outcome.", DefaultValueFactory = _ => 0.05 };
        Option<double> hours = new("--at-hours") { Description = "Time of the primary outcome from the first infusion.", DefaultValueFactory = _ => 24 };
        Option<double?> baseline = new("--baseline") { Description = "Population: mean MADRS at entry; drawn without it." };
        Option<double?> baselineSd = new("--baseline-sd") { Description = "Population: its standard deviation; drawn without it." };
        Option<double?> weight = new("--weight") { Description = "Population: mean body weight in kg; 75 without it." };
        Option<bool> antidepressant = new("--new-antidepressant") { Description = "Both arms start a conventional antidepressant with the first session." };
        Option<double> power = new("--power") { Description = "Power to find the sample size for.", DefaultValueFactory = _ => 0.8 };
        Option<int> replicates = new("--replicates") { Description = "Simulated trials.", DefaultValueFactory = _ => 500 };
        Option<ulong> seed = new("--seed") { Description = "Seed of the random numbers.", DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = "Print JSON instead of a table." };
        Option<FileInfo?> plot = new("--plot") { Description = "Also draw power against size, response and remission into this .svg or .png file." };
        Command command = new("design", Help) { arms, form, control, n, dropOut, hours, baseline, baselineSd, weight, antidepressant, power, replicates, seed, json, plot };
        command.SetAction((parsed, cancel) =>
        {
            var image = ImageFile.Check(parsed.GetValue(plot));
            if (!(parsed.GetValue(power) is > 0 and < 1))
                throw new InvalidInputException("design-power", "power", "Give the wanted power as a share, such as 0.8.");
            if (parsed.GetValue(replicates) is < 20 or > 100_000)
                throw new InvalidInputException("replicates-out-of-range", "replicates", "Give 20 to 100000 replicates.");
            var designs = (from text in parsed.GetValue(arms)!
                           from kind in parsed.GetValue(control)!.Distinct()
                           from size in parsed.GetValue(n)!.Distinct()
                           select new TrialDesign(
                               text, RegimenText.Parse(text), parsed.GetValue(form), kind, size, parsed.GetValue(dropOut), parsed.GetValue(hours),
                               parsed.GetValue(baseline), parsed.GetValue(baselineSd), parsed.GetValue(weight), parsed.GetValue(antidepressant)).Checked()).ToList();
            if (designs.Count > MostDesigns)
                throw new InvalidInputException("design-count", "arm", $"{designs.Count} designs: give at most {MostDesigns} combinations of arm, control and n.");
            var forecasts = Progress.Run(errors, designs.Count, "designs", step => designs.ConvertAll(design =>
            {
                var forecast = TrialPlanner.Forecast(design, ResponseParameters.Default, parsed.GetValue(power), parsed.GetValue(replicates), parsed.GetValue(seed), cancel);
                step(1);
                return forecast;
            }));
            if (parsed.GetValue(json))
                output.WriteLine(JsonSerializer.Serialize(DesignTable.Json(forecasts, parsed.GetValue(power)), DesignTable.JsonOptions));
            else
                DesignTable.Print(forecasts, parsed.GetValue(power), output);
            if (image is not null)
                DesignPlots.Write(image, forecasts);
            return Task.FromResult(0);
        });
        return command;
    }
}
