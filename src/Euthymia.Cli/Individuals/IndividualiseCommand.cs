using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Cli.Individuals;

/// <summary><c>euthymia individualise</c>: patients' own models and forecasts from their records.</summary>
internal static class IndividualiseCommand
{
    private const string Examples =
        """
        Estimates each patient's own model from doses and observations (plasma, scores, dissociation, blood pressure) and
        forecasts the weeks ahead if nothing more is given.

        The file is comma-separated with the columns ID, TIME (h), WT (kg), DV and, where they apply, EVID, AMT (mg), RATE
        (mg/h) or DUR (h), DVID (what was observed: MADRS, PHQ-9, QIDS, HAM-D17, CADSS, DISSOCIATION, SYSTOLIC, DIASTOLIC,
        arterial, venous, norketamine), CENS (1: below the limit in DV), MDV and AGE.

        Examples:
          euthymia individualise --data patients.csv
          euthymia individualise --data patients.csv --model ketamine --days 56 --json
        """;

    // Beyond the forecast a relapse has no day: "Infinity" as text, as JSON has no such number.
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Option<FileInfo> data = new("--data", "-d") { Description = "Event records in CSV: ID, TIME, WT, DV, EVID, AMT, RATE or DUR, DVID, CENS.", Required = true };
        Option<string> model = new("--model", "-m") { Description = "Drug model.", DefaultValueFactory = _ => DrugModels.Default.Id };
        Option<int> days = new("--days") { Description = "Length of the forecast, from the last record.", DefaultValueFactory = _ => 28 };
        Option<int> draws = new("--draws", "-n") { Description = "Posterior draws of each patient.", DefaultValueFactory = _ => 1000 };
        Option<ulong> seed = new("--seed", "-s") { Description = "The same seed gives the same draws.", DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = "Print everything as JSON instead of a summary." };
        Command command = new("individualise", Examples) { data, model, days, draws, seed, json };
        command.SetAction((parsed, cancellation) =>
        {
            var patients = PatientFile.Read(parsed.GetValue(data)!);
            var drug = DrugModels.Get(parsed.GetValue(model)!);
            var options = new IndividualOptions(parsed.GetValue(draws), Seed: parsed.GetValue(seed), Threads: 1);
            var results = Progress.Run(errors, patients.Count, "subjects", done => Estimate(patients, drug, options, parsed.GetValue(days), done, cancellation));
            if (parsed.GetValue(json))
                output.WriteLine(JsonSerializer.Serialize(results.Select(ForJson), Json));
            else
                foreach (var result in results)
                    Print(output, result);
            return Task.FromResult(EuthymiaProgram.ExitCode.Success);
        });
        return command;
    }

    private static Result[] Estimate(IReadOnlyList<(string Id, PatientRecord Record)> patients, DrugModel drug, IndividualOptions options, int days, Action<int> done, CancellationToken cancellation)
    {
        var results = new Result[patients.Count];
        try
        {
            Parallel.For(0, patients.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
            {
                var (id, record) = patients[i];
                var estimate = Of(id, () => Individualiser.Estimate(record, drug, options, cancellation));
                var withheld = string.Join(' ', estimate.Range.Where(finding => finding.WithholdsNumbers).Select(finding => finding.Text));
                var now = Math.Max(IndividualForecast.EarliestHours(estimate), record.Observations.Select(observation => observation.Hours).DefaultIfEmpty(0).Max());
                results[i] = new Result(id, estimate, now, withheld.Length > 0 ? null : IndividualForecast.Of(estimate, now, [], days, 1, cancellation), withheld);
                done(1);
            });
        }
        catch (AggregateException errors) when (errors.InnerExceptions.OfType<InvalidInputException>().FirstOrDefault() is { } error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }

        return results;
    }

    internal static IndividualEstimate Of(string id, Func<IndividualEstimate> estimate)
    {
        try
        {
            return estimate();
        }
        catch (InvalidInputException error)
        {
            throw new InvalidInputException(error.Code, error.Field is "observations" or "given" ? "data" : error.Field, $"Subject {id}: {error.Message}");
        }
    }

    private static object ForJson(Result result)
    {
        var (estimate, posterior) = (result.Estimate, result.Estimate.Posterior);
        return new
        {
            result.Id,
            estimate.Objective,
            estimate.Converged,
            estimate.Iterations,
            estimate.Modes,
            estimate.Basis,
            range = estimate.Range,
            etas = estimate.Effects.Select(effect => new
            {
                effect.Effect.Name,
                effect.Effect.Description,
                effect.Effect.Unit,
                eta = effect.Deviate * effect.Effect.Sd,
                effect.Deviate,
                effect.StandardError,
                effect.Estimate,
                effect.Posterior,
            }),
            observations = estimate.Observations,
            estimate.Notes,
            posterior = new { posterior.Count, posterior.EffectiveSampleSize, posterior.ParetoShape, posterior.Drawn, posterior.Rounds, posterior.Moves },
            forecastFromHours = result.NowHours,
            result.Withheld,
            result.Forecast,
        };
    }

    private static void Print(TextWriter output, Result result)
    {
        var (estimate, posterior) = (result.Estimate, result.Estimate.Posterior);
        output.WriteLine($"Subject {result.Id}");
        output.WriteLine($"  {estimate.Basis}");
        foreach (var finding in estimate.Range)
            output.WriteLine($"  {finding.Text}");
        foreach (var note in estimate.Notes)
            output.WriteLine($"  {note}");
        foreach (var observation in estimate.Observations.Where(observation => !observation.IsExplained))
            output.WriteLine($"  {observation.Remark}");
        output.WriteLine(Text($"  objective {estimate.Objective:0.0000}{(estimate.Converged ? "" : " (the search did not settle)")}; {posterior.Count} draws, effective sample size {posterior.EffectiveSampleSize:0} of {posterior.Drawn}, Pareto k {posterior.ParetoShape:0.00}{(posterior.Moves > 0 ? Text($", then {posterior.Moves} moves each") : "")}"));
        output.WriteLine("  effect                      estimate  deviate    s.e.     5 %   50 %    95 %  unit");
        foreach (var effect in estimate.Effects)
            output.WriteLine(Text($"  {effect.Effect.Name,-26} {effect.Estimate,9:0.###} {effect.Deviate,8:0.00} {effect.StandardError,7:0.00} {effect.Posterior.Low,7:0.##} {effect.Posterior.Median,6:0.##} {effect.Posterior.High,7:0.##}  {effect.Effect.Unit}"));
        if (result.Forecast is not { } forecast)
        {
            output.WriteLine();
            return;
        }

        output.WriteLine(Text($"  If nothing more is given, from hour {result.NowHours:0.#}:"));
        output.WriteLine("  day   MADRS 50 %  (5 to 95 %)   response  remission  relapse");
        for (var day = 0; day < forecast.Days.Length; day += 7)
            output.WriteLine(Text($"  {day,3}   {forecast.Score.Median[day],10:0}  ({forecast.Score.Low[day]:0} to {forecast.Score.High[day]:0}){"",6} {forecast.Response[day],8:P0} {forecast.Remission[day],10:P0} {forecast.Relapse.ByDay[day],8:P0}"));
        output.WriteLine();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Result(string Id, IndividualEstimate Estimate, double NowHours, IndividualForecast? Forecast, string Withheld);
}
