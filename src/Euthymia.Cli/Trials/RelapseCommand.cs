using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using ScottPlot;
using PlotStyle = Euthymia.Cli.Output.PlotStyle;

namespace Euthymia.Cli.Trials;

/// <summary><c>trials relapse</c>: the relapse watch against the plain rules and the calendar, on virtual patients.</summary>
internal static class RelapseCommand
{
    private const string Help =
        """
        Watches virtual responders after a course of six, answers as the clinic asks for them, and compares when each rule asks for
        action with when the true score relapses: days of lead, relapses found and false alarms.

        Examples:
          euthymia trials relapse
          euthymia trials relapse --patients 2000 --seed 2 --json
          euthymia trials relapse --plot relapse.svg
        """;

    private static readonly double[] Thresholds = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    private static readonly int[] CalendarDays = [7, 14, 21, 28, 42];

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Option<int> patients = new("--patients", "-n") { Description = "Virtual patients treated; those who respond are watched.", DefaultValueFactory = _ => 400 };
        Option<ulong> seed = new("--seed", "-s") { Description = "The same seed gives the same patients and answers.", DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = "Print JSON instead of a table." };
        Option<FileInfo?> plot = new("--plot") { Description = "Also draw lead time against false alarms into this .svg or .png file." };
        Command command = new("relapse", Help) { patients, seed, json, plot };
        command.SetAction((parsed, cancel) =>
        {
            var image = ImageFile.Check(parsed.GetValue(plot));
            var count = parsed.GetValue(patients);
            if (count is < 100 or > 20_000)
                throw new InvalidInputException("patients-out-of-range", "patients", "Give 100 to 20000 virtual patients.");
            var watched = Progress.Run(errors, count, "patients", done => RelapseStudy.Run(count, parsed.GetValue(seed), done, cancel));
            var rows = Rows(watched);
            if (parsed.GetValue(json))
                output.WriteLine(JsonSerializer.Serialize(new { patients = count, seed = parsed.GetValue(seed), watched = watched.Count, rules = rows.Select(row => new { row.Name, row.Result }) }, DesignTable.JsonOptions));
            else
                Print(output, count, watched, rows);
            if (image is not null)
                ImageFile.Write(image, 900, [(Draw(rows), 520)]);
            return Task.FromResult(EuthymiaProgram.ExitCode.Success);
        });
        return command;
    }

    private static List<Row> Rows(IReadOnlyList<WatchedPatient> watched)
    {
        List<Row> rows =
        [
            new("PHQ-9 lost half of its fall, once", Series.Plain, RelapseStudy.Judge(watched, patient => patient.PlainDay)),
            new("PHQ-9 >= 10 and best + 5, twice (MNT-05)", Series.Plain, RelapseStudy.Judge(watched, patient => patient.ConfirmedDay)),
            .. CalendarDays.Select(day => new Row(FormattableString.Invariant($"calendar, day {day} for everyone"), Series.Calendar, RelapseStudy.Judge(watched, _ => day))),
        ];
        for (var h = 0; h < RelapseStudy.Horizons.Count; h++)
        {
            foreach (var threshold in Thresholds)
            {
                var horizon = h;
                rows.Add(new(FormattableString.Invariant($"watch, {100 * threshold:0} % within {RelapseStudy.Horizons[h]} days"), Series.Watch, RelapseStudy.Judge(watched, patient => patient.SeenDay(horizon, threshold)), RelapseStudy.Horizons[h]));
            }
        }

        return rows;
    }

    private static void Print(TextWriter output, int patients, IReadOnlyList<WatchedPatient> watched, List<Row> rows)
    {
        var relapses = rows[0].Result.Relapses;
        output.WriteLine(FormattableString.Invariant($"{patients} virtual patients treated, {watched.Count} with a response on PHQ-9 are watched for {RelapseStudy.LastDay} days; {relapses} relapse truly."));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"rule",-44}{"found",10}{"before it",12}{"false alarms",15}   days of lead, median (90 %)"));
        foreach (var (name, _, result, _) in rows)
        {
            var lead = result.LeadDays is { } days ? FormattableString.Invariant($"{days.Median:0} ({days.Low:0} to {days.High:0})") : "none found";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-44}{Percent(result.Found, relapses),10}{Percent(result.Before, relapses),12}{Percent(result.False, result.Patients),15}   {lead}"));
        }

        output.WriteLine();
        output.WriteLine(FormattableString.Invariant($"Found and before it: of the true relapses. False: of all watched, alarmed for more than {RelapseStudy.LongestEarly} days before a relapse or without one."));
        output.WriteLine("The patients come from the same models as the watch: this is what it can do if the models are right.");
    }

    private static string Percent(int part, int whole) => whole == 0 ? "-" : FormattableString.Invariant($"{100.0 * part / whole:0} %");

    private static Plot Draw(List<Row> rows)
    {
        var plot = new Plot();
        Curve(plot, rows.Where(row => row.Series == Series.Plain), Color.FromHex("#2b3137"), MarkerShape.FilledSquare, "plain rules on PHQ-9", joined: false);
        Curve(plot, rows.Where(row => row.Series == Series.Calendar), Color.FromHex("#8a8f94"), MarkerShape.FilledTriangleUp, "calendar: everyone on one day", joined: true);
        Color[] colours = [Color.FromHex("#9ecae1"), Color.FromHex("#6baed6"), Color.FromHex("#2a7ab8"), Color.FromHex("#0b3c6f")];
        for (var h = 0; h < RelapseStudy.Horizons.Count; h++)
        {
            var horizon = RelapseStudy.Horizons[h];
            Curve(plot, rows.Where(row => row.Series == Series.Watch && row.Horizon == horizon), colours[h], MarkerShape.FilledCircle, FormattableString.Invariant($"watch, {horizon} days ahead"), joined: true);
        }

        PlotStyle.Apply(plot, "Relapses seen before they come, against false alarms; along each line the threshold falls", "False alarms, % of watched patients", "Alarm before the relapse, % of relapses");
        plot.Axes.SetLimits(0, 100, 0, 100);
        plot.ShowLegend(Alignment.LowerRight);
        return plot;
    }

    private static void Curve(Plot plot, IEnumerable<Row> rows, Color colour, MarkerShape shape, string legend, bool joined)
    {
        var points = rows.Select(row => (X: 100.0 * row.Result.False / Math.Max(1, row.Result.Patients), Y: 100.0 * row.Result.Before / Math.Max(1, row.Result.Relapses))).ToList();
        var curve = plot.Add.Scatter(points.Select(point => point.X).ToArray(), points.Select(point => point.Y).ToArray());
        (curve.Color, curve.MarkerSize, curve.MarkerShape, curve.LegendText, curve.LineWidth) = (colour, 9, shape, legend, joined ? 2 : 0);
    }

    private enum Series
    {
        Plain,
        Calendar,
        Watch,
    }

    private sealed record Row(string Name, Series Series, WatchResult Result, int? Horizon = null);
}
