using System.Globalization;
using System.Text.Json;
using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.DosingRules;
using Spectre.Console;
using Progress = Euthymia.Cli.Output.Progress;

namespace Euthymia.Cli.Commands;

/// <summary><c>euthymia simulate --rule</c>: a course as planned beside the same patients under rules.</summary>
internal static class RulesRun
{
    private const double AfterDays = 28;
    private const double Remission = 10;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public sealed record Request(
        RegimenOrder Order, IReadOnlyList<DosingRule> Rules, Population Population, int Patients, ulong Seed, double? ScoreDay, int? Threads, bool Json);

    /// <summary>What a course came to.</summary>
    public sealed record Outcome(Spread Sessions, Spread DoseMg, Spread Score, double ResponsePercent, double RemissionPercent);

    public static void Run(Request request, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        var day = request.ScoreDay
            ?? Math.Max(request.Order.Parts.SelectMany(part => part.Starts).Max().TotalDays, request.Rules.Max(rule => rule.Day)) + AfterDays;
        var (planned, ruled) = Progress.Run(errors, request.Patients * 2L, "patients", done =>
        {
            var control = new SimulationControl(request.Threads, done, cancellation);
            return (Simulate([], control), Simulate(request.Rules, control));
        });
        double[] applied = [.. request.Rules.Select((_, i) => 100.0 * ruled.Count(patient => patient.Applied[i]) / ruled.Count)];
        var basis = string.Create(CultureInfo.InvariantCulture, $"{request.Patients:N0} virtual patients, {request.Population.Description}; seed {request.Seed}; scores in whole points as observed, open label. The response model is a stated hypothesis calibrated to published trials.");
        if (request.Json)
            output.WriteLine(JsonSerializer.Serialize(
                new { Basis = basis, ScoreDay = day, Rules = request.Rules.Select((rule, i) => new { rule.Text, AppliedPercent = applied[i] }), Planned = OutcomeOf(planned), WithRules = OutcomeOf(ruled) }, Json));
        else
            Print(output, request, day, applied, OutcomeOf(planned), OutcomeOf(ruled), basis);

        IReadOnlyList<RuledPatient> Simulate(IReadOnlyList<DosingRule> rules, SimulationControl control)
            => RuledCourse.Simulate(request.Order, rules, request.Population, request.Patients, request.Seed, day, control);
    }

    private static Outcome OutcomeOf(IReadOnlyList<RuledPatient> patients)
        => new(
            SpreadOf(patients, patient => patient.Sessions),
            SpreadOf(patients, patient => patient.Dose),
            SpreadOf(patients, patient => patient.Score),
            100.0 * patients.Count(patient => patient.Score <= patient.Baseline / 2) / patients.Count,
            100.0 * patients.Count(patient => patient.Score <= Remission) / patients.Count);

    private static Spread SpreadOf(IReadOnlyList<RuledPatient> patients, Func<RuledPatient, double> value)
    {
        var (low, median, high) = Quantile.Band(patients.Select(value).ToArray());
        return new Spread(low, median, high);
    }

    private static void Print(TextWriter output, Request request, double day, double[] applied, Outcome planned, Outcome ruled, string basis)
    {
        var console = CourseTable.ConsoleOn(output);
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        table.AddColumn("");
        table.AddColumn(new TableColumn("As planned").RightAligned());
        table.AddColumn(new TableColumn("With the rules").RightAligned());
        Row("Sessions", outcome => Whole(outcome.Sessions));
        Row("Dose of the course, mg", outcome => Cell(outcome.DoseMg));
        Row(string.Create(CultureInfo.InvariantCulture, $"MADRS on day {day:0.##}, points"), outcome => Whole(outcome.Score));
        Row("Response (half of baseline or less), %", outcome => outcome.ResponsePercent.ToString("0.0", CultureInfo.InvariantCulture));
        Row("Remission (10 points or less), %", outcome => outcome.RemissionPercent.ToString("0.0", CultureInfo.InvariantCulture));
        console.Write(table);
        for (var i = 0; i < applied.Length; i++)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Applied to {applied[i]:0.0} %: {request.Rules[i].Text}"));
        console.WriteLine("Median (5 to 95 % between patients); the same virtual patients in both columns.");
        console.WriteLine(basis);

        void Row(string name, Func<Outcome, string> cell) => table.AddRow(new Text(name), new Text(cell(planned)), new Text(cell(ruled)));
    }

    private static string Whole(Spread spread)
        => string.Create(CultureInfo.InvariantCulture, $"{spread.Median:0} ({spread.Low:0} to {spread.High:0})");

    private static string Cell(Spread spread) => $"{ExposureTable.Number(spread.Median)} ({ExposureTable.Number(spread.Low)} to {ExposureTable.Number(spread.High)})";
}
