using System.CommandLine;
using System.Globalization;
using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Designs;
using ScottPlot;
using PlotStyle = Euthymia.Cli.Output.PlotStyle;

namespace Euthymia.Cli.Trials;

/// <summary><c>trials design</c>: power and expected outcomes of trials that are being planned.</summary>
internal static class DesignCommand
{
    private const string Help =
        """
        Forecasts one or more designs: power for the MADRS change, sample size, response, remission, relapse, adverse events.

        Examples:
          euthymia trials design --arm "0.5 mg/kg over 40 min" --control midazolam --n 40 --at-hours 24
          euthymia trials design --arm "0.5 mg/kg over 40 min" --arm "1 mg/kg over 40 min" --power 0.9 --plot power.svg
        """;

    public static Command Create(TextWriter output)
    {
        Option<string[]> arms = new("--arm") { Description = "A ketamine regimen, as for 'simulate'. Give several to compare.", Required = true };
        Option<KetamineForm> form = new("--form") { Description = "racemic, esketamine or arketamine.", DefaultValueFactory = _ => KetamineForm.Racemic };
        Option<ControlKind> control = new("--control") { Description = "saline, midazolam or placeboSpray.", DefaultValueFactory = _ => ControlKind.Midazolam };
        Option<int> n = new("--n") { Description = "Patients in each arm.", DefaultValueFactory = _ => 40 };
        Option<double> dropOut = new("--drop-out") { Description = "Share lost before the primary outcome.", DefaultValueFactory = _ => 0.05 };
        Option<double> hours = new("--at-hours") { Description = "Time of the primary outcome from the first infusion.", DefaultValueFactory = _ => 24 };
        Option<double?> baseline = new("--baseline") { Description = "Mean MADRS at entry; drawn without it." };
        Option<double> power = new("--power") { Description = "Power to find the sample size for.", DefaultValueFactory = _ => 0.8 };
        Option<int> replicates = new("--replicates") { Description = "Simulated trials.", DefaultValueFactory = _ => 500 };
        Option<ulong> seed = new("--seed") { Description = "Seed of the random numbers.", DefaultValueFactory = _ => 1 };
        Option<FileInfo?> plot = new("--plot") { Description = "Also draw power against size into this .svg or .png file." };
        Command command = new("design", Help) { arms, form, control, n, dropOut, hours, baseline, power, replicates, seed, plot };
        command.SetAction(parsed =>
        {
            var image = ImageFile.Check(parsed.GetValue(plot));
            if (!(parsed.GetValue(power) is > 0 and < 1))
                throw new InvalidInputException("design-power", "power", "Give the wanted power as a share, such as 0.8.");
            if (parsed.GetValue(replicates) is < 20 or > 100_000)
                throw new InvalidInputException("replicates-out-of-range", "replicates", "Give 20 to 100000 replicates.");
            var forecasts = parsed.GetValue(arms)!
                .Select(text => new TrialDesign(text, RegimenText.Parse(text), parsed.GetValue(form), parsed.GetValue(control), parsed.GetValue(n), parsed.GetValue(dropOut), parsed.GetValue(hours), parsed.GetValue(baseline)).Checked())
                .ToList()
                .ConvertAll(design => TrialPlanner.Forecast(design, ResponseParameters.Default, parsed.GetValue(power), parsed.GetValue(replicates), parsed.GetValue(seed)));
            foreach (var forecast in forecasts)
                Print(forecast, parsed.GetValue(power), output);
            output.WriteLine("Intervals are 90 %: parameter uncertainty and differences between trials. A forecast of a hypothesis calibrated to published trials, not a promise.");
            if (image is not null)
                Draw(image, forecasts);
        });
        return command;
    }

    private static void Print(DesignForecast forecast, double wanted, TextWriter output)
    {
        static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
        static string Range(Expected value, string unit) => $"{Number(value.Median)}{unit} ({Number(value.Low)} to {Number(value.High)})";
        var design = forecast.Design;
        output.WriteLine(FormattableString.Invariant($"{design.Name} against {design.Control.ToString().ToLowerInvariant()}, {design.PerArm} an arm, outcome at {design.PrimaryHours:0.#} h"));
        output.WriteLine(FormattableString.Invariant($"  power                {100 * forecast.Power:0} % (two-sided 5 %)"));
        output.WriteLine(forecast.NeededPerArm is { } needed
            ? FormattableString.Invariant($"  for {100 * wanted:0} % power     {needed} an arm, drop-out included")
            : FormattableString.Invariant($"  for {100 * wanted:0} % power     no size up to 2000 an arm: the uncertainty about the effect itself limits the power"));
        output.WriteLine($"  MADRS difference     {Range(forecast.Difference, " points")}");
        output.WriteLine($"  response             {Range(forecast.ResponseKetamine, " %")} against {Range(forecast.ResponseControl, " %")}");
        output.WriteLine($"  remission            {Range(forecast.RemissionKetamine, " %")} against {Range(forecast.RemissionControl, " %")}");
        output.WriteLine($"  relapse, median      {Range(forecast.RelapseDays, " days")} after the last infusion, responders");
        foreach (var (term, percent) in forecast.AdverseEvents)
            output.WriteLine($"  {term,-20} {Range(percent, " %")}");
    }

    private static void Draw(string image, List<DesignForecast> forecasts)
    {
        var plot = new Plot();
        foreach (var forecast in forecasts)
        {
            var line = plot.Add.ScatterLine(forecast.PowerByN.Select(point => (double)point.PerArm).ToArray(), forecast.PowerByN.Select(point => 100 * point.Power).ToArray());
            line.LineWidth = 2;
            line.LegendText = forecast.Design.Name;
        }
        PlotStyle.Apply(plot, "Power by patients in each arm", "Patients in each arm", "Power, %");
        plot.Axes.SetLimitsY(0, 100);
        plot.ShowLegend(Alignment.LowerRight);
        ImageFile.Write(image, 900, [(plot, 420)]);
    }
}
