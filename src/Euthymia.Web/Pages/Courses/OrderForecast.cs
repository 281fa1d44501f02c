using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Pharmacometrics;
using Euthymia.Web.Components.Charts;

namespace Euthymia.Web.Pages.Courses;

/// <summary>
/// What an order is predicted to do in a population of the patient's weight: the first infusion hour by hour and the whole
/// course day by day, each ready to be drawn.
/// </summary>
public sealed record OrderForecast(DrugModel Model, string Basis, string? VenousUnavailable, ForecastPicture First, ForecastPicture Course)
{
    public const int Patients = 1000;

    // Any fixed seed will do: the same order of the same weight then shows the same picture every time.
    private const ulong Seed = 1;
    private const double FirstHours = 6;
    private const double AfterLastDays = 2;
    private const int MostTimes = 400;

    /// <summary>Simulates <see cref="Patients"/> virtual patients. Takes tens of milliseconds; call it off the page's own thread.</summary>
    public static OrderForecast Of(InfusionOrder order, Covariates covariates)
    {
        var model = DrugModels.Get("ketamine");
        var population = Population.Of(covariates);
        var regimen = order.Regimen();
        var first = ConcentrationForecast.Simulate(model, regimen, population, Patients, Seed, FirstTimes(order.Duration.TotalHours));
        var whole = order.Days.Count == 1 ? first : ConcentrationForecast.Simulate(model, regimen, population, Patients, Seed, CourseTimes(order));
        var lastDay = order.Days[^1] - order.Days[0] + AfterLastDays;
        return new OrderForecast(
            model,
            first.Basis,
            first.VenousUnavailable,
            Picture(first, new TimeAxis(TimeAxisKind.Hours, 0, Math.Max(FirstHours, order.Duration.TotalHours + 4), "hours from the start of the first infusion"), 1),
            Picture(whole, new TimeAxis(TimeAxisKind.Days, 0, order.Days.Count == 1 ? FirstHours / 24 : lastDay, "days from the start of the course"), 24));
    }

    private static double[] FirstTimes(double duration)
    {
        var end = Math.Max(FirstHours, duration + 4);
        // Dense where the curve bends: every 2 minutes until an hour after the pump stops, then every 6.
        var times = Enumerable.Range(0, (int)((duration + 1) * 30) + 1).Select(i => i / 30.0)
            .Concat(Enumerable.Range(0, (int)(end * 10) + 1).Select(i => i / 10.0))
            .Append(duration).Append(end);
        return [.. times.Distinct().Order()];
    }

    private static double[] CourseTimes(InfusionOrder order)
    {
        double[] around = [0, 0.2, 0.4, 0.6, 0.8, 1];
        double[] after = [0.25, 0.5, 1, 2, 3, 5, 8, 12, 18, 24, 36, 48];
        var duration = order.Duration.TotalHours;
        var times = order.Days.SelectMany(day =>
        {
            var start = (day - order.Days[0]) * 24.0;
            return around.Select(part => start + (part * duration)).Concat(after.Select(hours => start + duration + hours));
        });
        var sorted = times.Append((order.Days[^1] - order.Days[0] + AfterLastDays) * 24).Distinct().Order().ToArray();
        // Long courses keep every nth time; the moments the pump stops stay, since the peaks are there.
        if (sorted.Length <= MostTimes)
            return sorted;
        var every = (int)Math.Ceiling(sorted.Length / (double)MostTimes);
        var peaks = order.Days.Select(day => ((day - order.Days[0]) * 24.0) + duration);
        return [.. sorted.Where((_, i) => i % every == 0).Concat(peaks).Distinct().Order()];
    }

    private static ForecastPicture Picture(ConcentrationForecast forecast, TimeAxis time, double hoursPerUnit)
    {
        double[] times = [.. forecast.TimesHours.Select(t => t / hoursPerUnit)];
        List<Panel> panels = [PanelOf(Quantity.Arterial, "Ketamine, arterial", times, forecast.Arterial)];
        if (forecast.Venous is { } venous)
            panels.Add(PanelOf(Quantity.Venous, "Ketamine, venous", times, venous));
        panels.Add(PanelOf(Quantity.Norketamine, "Norketamine", times, forecast.Norketamine));
        var peaks = panels.Select(p => Peak(p, hoursPerUnit)).ToList();
        return new ForecastPicture(time, panels, $"Highest median and its 90 % band: {string.Join("; ", peaks)}.", Table(panels, time));
    }

    private static Panel PanelOf(Quantity quantity, string label, double[] times, Band band) =>
        new(quantity, label, "ng/mL") { Predicted = new PredictedBand(times, band.Low, band.Median, band.High), Weight = quantity == Quantity.Norketamine ? 0.7 : 1 };

    private static string Peak(Panel panel, double hoursPerUnit)
    {
        var band = panel.Predicted!;
        var at = Enumerable.Range(0, band.Median.Count).MaxBy(i => band.Median[i]);
        var hours = band.Times[at] * hoursPerUnit;
        var when = hours < 3 ? $"{Round(hours * 60)} min" : hours < 48 ? $"{hours.ToString("0.#", CultureInfo.InvariantCulture)} h" : $"day {band.Times[at].ToString("0.#", CultureInfo.InvariantCulture)}";
        return $"{char.ToLowerInvariant(panel.Label[0])}{panel.Label[1..]} {Round(band.Median[at])} ({Round(band.Low[at])} to {Round(band.High[at])}) ng/mL at {when}";
    }

    private static ChartTable Table(List<Panel> panels, TimeAxis time)
    {
        var all = panels[0].Predicted!.Times;
        var step = Math.Max(1, all.Count / 30);
        var rows = Enumerable.Range(0, all.Count).Where(i => i % step == 0 || i == all.Count - 1)
            .Select(i => (IReadOnlyList<string>)[
                all[i].ToString("0.##", CultureInfo.InvariantCulture),
                .. panels.Select(p => $"{Round(p.Predicted!.Median[i])} ({Round(p.Predicted.Low[i])} to {Round(p.Predicted.High[i])})"),
            ]);
        return new ChartTable("Predicted concentration in ng/mL: median (5th to 95th percentile)", [char.ToUpperInvariant(time.Label[0]) + time.Label[1..], .. panels.Select(p => p.Label)], [.. rows]);
    }

    // Two figures are all the spread between patients carries.
    private static string Round(double value) => value.ToString(value < 10 ? "0.#" : "0", CultureInfo.InvariantCulture);
}

/// <summary>A forecast as a chart wants it.</summary>
public sealed record ForecastPicture(TimeAxis Time, IReadOnlyList<Panel> Panels, string Sentence, ChartTable Table);
