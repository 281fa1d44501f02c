using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Pharmacometrics.Planning;

namespace Euthymia.Cli.Individuals;

/// <summary><c>euthymia plan</c>: regimens compared on one patient's posterior.</summary>
internal static class PlanCommand
{
    private const string Examples =
        """
        Compares regimens on one patient's own model: options to weigh, never an order. Benefit stands against burden, and what
        would change the choice is said.

        Examples:
          euthymia plan --data patient.csv
          euthymia plan --data patients.csv --id 7 --doses 0.3,0.5,0.75 --minutes 40,60 --every 2,3.5,7 --numbers 4,6,8
          euthymia plan --data patient.csv --objective days-in-remission --systolic-limit 160 --json
        """;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Option<FileInfo> data = new("--data", "-d") { Description = "The patient's records, as for individualise.", Required = true };
        Option<string?> id = new("--id") { Description = "Which subject, when the file has several." };
        Option<string> model = new("--model", "-m") { Description = "Drug model.", DefaultValueFactory = _ => DrugModels.Default.Id };
        Option<string> doses = new("--doses") { Description = "Doses in mg/kg.", DefaultValueFactory = _ => "0.3,0.4,0.5,0.6,0.75" };
        Option<string> minutes = new("--minutes") { Description = "Durations in min.", DefaultValueFactory = _ => "40,60" };
        Option<string> every = new("--every") { Description = "Intervals in days.", DefaultValueFactory = _ => "2.33,4" };
        Option<string> numbers = new("--numbers") { Description = "Numbers of infusions.", DefaultValueFactory = _ => "4,6" };
        Option<int> days = new("--days") { Description = "Length of the plan.", DefaultValueFactory = _ => 28 };
        Option<string> objective = new("--objective") { Description = "response, score-area or days-in-remission.", DefaultValueFactory = _ => "response" };
        objective.AcceptOnlyFromAmong("response", "score-area", "days-in-remission");
        Option<double> systolic = new("--systolic-limit") { Description = "mmHg.", DefaultValueFactory = _ => 180 };
        Option<double> cadss = new("--cadss-limit") { Description = "Points.", DefaultValueFactory = _ => 45 };
        Option<double> risk = new("--most-risk") { Description = "Largest probability of passing either limit.", DefaultValueFactory = _ => 0.1 };
        Option<bool> json = new("--json") { Description = "Print everything as JSON instead of a table." };
        Command command = new("plan", Examples) { data, id, model, doses, minutes, every, numbers, days, objective, systolic, cadss, risk, json };
        command.SetAction((parsed, cancellation) =>
        {
            var (subject, record) = One(PatientFile.Read(parsed.GetValue(data)!), parsed.GetValue(id));
            var estimate = IndividualiseCommand.Of(subject, () => Individualiser.Estimate(record, DrugModels.Get(parsed.GetValue(model)!), null, cancellation));
            var now = Math.Max(IndividualForecast.EarliestHours(estimate), record.Observations.Select(observation => observation.Hours).DefaultIfEmpty(0).Max());
            var request = new PlanRequest(
                RegimenOption.Grid(
                    [.. Numbers("doses", parsed.GetValue(doses)!).Select(dose => new MilligramsPerKilogram((decimal)dose))],
                    [.. Numbers("minutes", parsed.GetValue(minutes)!).Select(value => (int)value)],
                    Numbers("every", parsed.GetValue(every)!),
                    [.. Numbers("numbers", parsed.GetValue(numbers)!).Select(value => (int)value)]),
                now,
                parsed.GetValue(days),
                parsed.GetValue(objective) switch { "score-area" => PlanObjective.ScoreArea, "days-in-remission" => PlanObjective.DaysInRemission, _ => PlanObjective.ResponseAtDay },
                Constraints: new PlanConstraints(parsed.GetValue(systolic), parsed.GetValue(risk), parsed.GetValue(cadss), parsed.GetValue(risk)));
            var clock = Stopwatch.StartNew();
            var plan = Planner.Compare(estimate, request, null, cancellation);
            if (parsed.GetValue(json))
                output.WriteLine(JsonSerializer.Serialize(new { subject, plan.Basis, plan.WhatWouldChange, plan.Range, regimens = plan.Regimens.Select(ForJson) }, IndividualiseCommand.Json));
            else
                Print(output, subject, plan, request, clock.Elapsed.TotalSeconds);
            return Task.FromResult(EuthymiaProgram.ExitCode.Success);
        });
        return command;
    }

    private static (string Id, PatientRecord Record) One(IReadOnlyList<(string Id, PatientRecord Record)> patients, string? id)
    {
        if (id is null)
            return patients.Count == 1 ? patients[0] : throw new InvalidInputException("subject-missing", "id", $"The file has {patients.Count} subjects: say which with --id.");
        var found = patients.FirstOrDefault(patient => string.Equals(patient.Id, id, StringComparison.Ordinal));
        return found.Record is null ? throw new InvalidInputException("subject-unknown", "id", $"There is no subject \"{id}\" in the file.") : found;
    }

    private static double[] Numbers(string field, string list)
        => [.. list.Split(',', StringSplitOptions.TrimEntries).Select(item => double.TryParse(item, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 1e6
            ? value
            : throw new InvalidInputException("number-not-understood", field, $"\"{item}\" is no number above zero. Write numbers like 0.3,0.5."))];

    private static object ForJson(PlannedRegimen regimen) => new
    {
        regimen.Option.Name,
        regimen.Option.Route,
        regimen.Option.StartDays,
        regimen.Withheld,
        segments = regimen.Segments.Select(segment => new { startHours = segment.Start, endHours = segment.End, milligramsPerHour = segment.Rate }),
        regimen.Response,
        regimen.Remission,
        regimen.ScoreArea,
        regimen.DaysInRemission,
        regimen.SystolicRisk,
        regimen.CadssRisk,
        regimen.Cmax,
        totalMilligrams = regimen.TotalDose.Value,
        regimen.Visits,
        regimen.VisitsPerWeek,
        regimen.Score,
        regimen.Broken,
        regimen.IsEfficient,
    };

    private static void Print(TextWriter output, string subject, Plan plan, PlanRequest request, double seconds)
    {
        output.WriteLine($"Subject {subject}: options that no other beats in benefit and every burden");
        output.WriteLine("  response  remission  days in rem.  BP risk  dissoc. risk  Cmax (95 %)  total mg  visits  regimen");
        foreach (var regimen in plan.Efficient)
            output.WriteLine(Text($"  {regimen.Response,8:P0} {regimen.Remission,10:P0} {regimen.DaysInRemission,13:0.0} {regimen.SystolicRisk,8:P0} {regimen.CadssRisk,13:P0} {regimen.Cmax.High,12:0} {regimen.TotalDose.Value,9:0} {regimen.Visits,7}  {regimen.Option.Name}"));
        if (plan.Efficient.Count == 0)
            output.WriteLine("  None keeps the constraints.");
        var broken = plan.Regimens.Count(regimen => regimen.Broken.Count > 0);
        output.WriteLine(Text($"{plan.Regimens.Count} regimens compared to day {request.Days} in {seconds:0.00} s; {broken} break a constraint."));
        output.WriteLine("What would change the choice:");
        foreach (var sentence in plan.WhatWouldChange)
            output.WriteLine($"  {sentence}");
        output.WriteLine("Basis:");
        foreach (var sentence in plan.Basis)
            output.WriteLine($"  {sentence}");
        foreach (var finding in plan.Range)
            output.WriteLine($"  {finding.Text}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
