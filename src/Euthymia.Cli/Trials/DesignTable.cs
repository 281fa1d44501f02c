using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Euthymia.Trials.Designs;

namespace Euthymia.Cli.Trials;

/// <summary>Forecasts of designs side by side: one column a design, one line a number.</summary>
internal static class DesignTable
{
    private const int LabelWidth = 30;
    private const int ColumnWidth = 28;

    public static JsonSerializerOptions JsonOptions { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Print(List<DesignForecast> forecasts, double wanted, TextWriter output)
    {
        for (var i = 0; i < forecasts.Count; i++)
        {
            var design = forecasts[i].Design;
            output.WriteLine(FormattableString.Invariant($"{Letter(i)}  {design.Name} ({design.Form.ToString().ToLowerInvariant()}) against {Control(design)}{(design.NewAntidepressant ? ", both with a new antidepressant" : "")}; MADRS change at {design.PrimaryHours:0.#} h, drop-out {100 * design.DropOut:0.#} %"));
        }
        output.WriteLine();
        void Line(string name, Func<DesignForecast, string> cell)
            => output.WriteLine((name.PadRight(LabelWidth) + string.Concat(forecasts.Select(forecast => cell(forecast).PadRight(ColumnWidth)))).TrimEnd());
        output.WriteLine(("design".PadRight(LabelWidth) + string.Concat(forecasts.Select((_, i) => Letter(i).PadRight(ColumnWidth)))).TrimEnd());
        Line("patients an arm", forecast => forecast.Design.PerArm.ToString(CultureInfo.InvariantCulture));
        Line("power, two-sided 5 %", forecast => FormattableString.Invariant($"{100 * forecast.Power:0} %"));
        Line(FormattableString.Invariant($"an arm for {100 * wanted:0} % power"), forecast => forecast.NeededPerArm?.ToString(CultureInfo.InvariantCulture) ?? "over 2000");
        Line("MADRS difference, points", forecast => Range(forecast.Difference));
        Line("response, ketamine, %", forecast => Range(forecast.ResponseKetamine));
        Line("response, control, %", forecast => Range(forecast.ResponseControl));
        Line("remission, ketamine, %", forecast => Range(forecast.RemissionKetamine));
        Line("remission, control, %", forecast => Range(forecast.RemissionControl));
        Line("relapse, median days", forecast => Range(forecast.RelapseDays));
        foreach (var (term, at) in forecasts[0].AdverseEvents.Select((item, at) => (item.Term, at)))
            Line(term + ", ketamine, %", forecast => Range(forecast.AdverseEvents[at].Percent));
        output.WriteLine();
        output.WriteLine("Medians and 90 % intervals: parameter uncertainty and differences between trials. Sizes include drop-out; 'over 2000' means that");
        output.WriteLine("doubt about the effect itself limits the power. Relapse is of responders, from the last infusion.");
        output.WriteLine("A forecast of a hypothesis calibrated to published trials, not a promise.");
    }

    public static object Json(List<DesignForecast> forecasts, double wanted) => new
    {
        wantedPower = wanted,
        designs = forecasts.Select(forecast => new
        {
            arm = forecast.Design.Name,
            form = forecast.Design.Form.ToString(),
            control = Control(forecast.Design),
            perArm = forecast.Design.PerArm,
            dropOut = forecast.Design.DropOut,
            atHours = forecast.Design.PrimaryHours,
            power = forecast.Power,
            neededPerArm = forecast.NeededPerArm,
            madrsDifference = forecast.Difference,
            responsePercent = new { ketamine = forecast.ResponseKetamine, control = forecast.ResponseControl },
            remissionPercent = new { ketamine = forecast.RemissionKetamine, control = forecast.RemissionControl },
            relapseMedianDays = forecast.RelapseDays,
            adverseEventPercent = forecast.AdverseEvents.ToDictionary(item => item.Term, item => item.Percent, StringComparer.Ordinal),
            powerByN = forecast.PowerByN.Select(point => new { perArm = point.PerArm, power = point.Power }),
        }),
    };

    public static string Letter(int index) => ((char)('A' + index)).ToString();

    public static string Control(TrialDesign design) => design.Control switch
    {
        ControlKind.PlaceboSpray => "placebo spray",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static string Range(Expected value)
        => FormattableString.Invariant($"{value.Median:0.0} ({value.Low:0.0} to {value.High:0.0})");
}
