using System.CommandLine;
using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.DosingRules;

namespace Euthymia.Cli.Commands;

/// <summary><c>euthymia simulate</c>: a regimen in virtual patients, a course under dosing rules, or event records.</summary>
internal static class SimulateCommand
{
    private const int DefaultPatients = 1000;

    private const string Examples =
        """
        Simulates a regimen in virtual patients (exposure as a table, concentrations as a plot, every patient as CSV or
        Parquet), a course whose dosing answers to scores, or the doses and observations of an event file (one row per record).

        Examples:
          euthymia simulate --regimen "0.5 mg/kg over 40 min on days 0,2,4,7,9,11" --plot course.svg
          euthymia simulate --regimen "35 mg over 40 min" --weight 70 --age 71 --hepatic moderate --interacting rifampicin
          euthymia simulate --regimen "0.5 mg/kg IM on days 0,3" --quantities effectSite,occupancy --at "0,0.25,0.5,1:6:1"
          euthymia simulate --regimen "56 mg esketamine intranasal" --quantities cmax,auc,timeAbove --above 50 --out patients.csv
          euthymia simulate --regimen "0.5 mg/kg over 40 min" --sampling sobol --residual --patients 4096 --out course.parquet
          euthymia simulate --regimen "0.5 mg/kg over 40 min on days 0,3,7,10" --rule "if MADRS at day 14 > 0.5 baseline then extend 2"
          euthymia simulate --events doses.csv --model oral1 --parameters CL=5,V1=40,KA=1.2,F1=0.8,ALAG1=0.25
          euthymia simulate --events doses.csv --model iv2 --parameters "CL=5*(WT/70)^0.75,V1=20,Q2=8,V2=60" --carry WT=forward --out result.parquet
          euthymia simulate --events doses.csv --model ketamine --weight 70 --patients 500 --quantities arterial,norketamine

        Exit codes: 0 done, 1 a file could not be read or written, 2 input that cannot be used (the message names the option
        and the remedy), 130 stopped by Ctrl-C, nothing written.
        """;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        SimulateOptions options = new();
        Command command = new("simulate", Examples);
        options.AddTo(command);
        // On another thread: Ctrl-C is listened to only once the action has given its task back.
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, options, output, errors, cancellation), cancellation));
        return command;
    }

    private static int Run(ParseResult parsed, SimulateOptions options, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        if (parsed.GetValue(options.Out) is { } file)
            OutputFile.Check(file);
        if (parsed.GetValue(options.Events) is { } events)
            RunEvents(parsed, options, events, output, errors, cancellation);
        else
            RunRegimen(parsed, options, output, errors, cancellation);
        return EuthymiaProgram.ExitCode.Success;
    }

    private static void RunEvents(ParseResult parsed, SimulateOptions options, FileInfo events, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        SimulateOptions.RequireUnused(
            parsed, "--regimen", options.Regimen, options.Population, options.At, options.Plot, options.Above, options.Age, options.Sex, options.Hepatic,
            options.Enantiomer, options.Interacting, options.Iov, options.Residual, options.Rules, options.ScoreDay);
        if (parsed.GetValue(options.Patients) is null)
            SimulateOptions.RequireUnused(parsed, "--patients", options.Seed, options.Sampling);
        EventsRun.Run(
            new EventsRun.Request(
                events, parsed.GetValue(options.Model) ?? DrugModels.Default.Id, parsed.GetValue(options.Parameters), parsed.GetValue(options.Weight),
                parsed.GetValue(options.Quantities), parsed.GetValue(options.Carry), parsed.GetValue(options.Out),
                SimulateOptions.CheckThreads(parsed.GetValue(options.Threads)), parsed.GetValue(options.Patients), parsed.GetValue(options.Seed), parsed.GetValue(options.Sampling), parsed.GetValue(options.Json)),
            output, errors, cancellation);
    }

    private static void RunRegimen(ParseResult parsed, SimulateOptions options, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        SimulateOptions.RequireUnused(parsed, "--events", options.Parameters, options.Carry);
        var order = RegimenText.Parse(parsed.GetValue(options.Regimen)
            ?? throw new InvalidInputException("regimen-missing", "regimen", "Give --regimen, such as \"0.5 mg/kg over 40 min on days 0,2,4\", or --events."));
        if (parsed.GetValue(options.Rules) is { Length: > 0 } rules)
        {
            RunRules(parsed, options, order, rules, output, errors, cancellation);
            return;
        }

        SimulateOptions.RequireUnused(parsed, "--rule", options.ScoreDay);
        var covariates = CovariatesOf(parsed, options);
        var model = parsed.GetValue(options.Model) is { } name ? DrugModels.Get(name) : DrugModels.For(order);
        var factors = new ClinicalFactors(parsed.GetValue(options.Hepatic), parsed.GetValue(options.Enantiomer), Interacting(parsed.GetValue(options.Interacting)));
        var adjusted = CovariateModel.Adjust(model, order, factors, covariates);
        var quantities = SimulateOptions.List(parsed.GetValue(options.Quantities));
        if (quantities.Length == 0)
            SimulateOptions.RequireUnused(parsed, "--quantities", options.Above);
        RegimenRun.Run(
            new RegimenRun.Request(
                order,
                adjusted,
                PopulationOf(parsed, options, covariates),
                parsed.GetValue(options.Patients) ?? DefaultPatients,
                parsed.GetValue(options.Seed),
                VariabilityOf(parsed, options),
                quantities.Length == 0 ? null : CourseQuantities.Parse(adjusted.Model, quantities),
                parsed.GetValue(options.Above) ?? double.NaN,
                parsed.GetValue(options.At) is { } times ? TimeList.Parse(times) : null,
                parsed.GetValue(options.Out),
                ImageFile.Check(parsed.GetValue(options.Plot)),
                SimulateOptions.CheckThreads(parsed.GetValue(options.Threads)),
                parsed.GetValue(options.Json)),
            output, errors, cancellation);
    }

    private static void RunRules(
        ParseResult parsed, SimulateOptions options, RegimenOrder order, string[] rules, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        SimulateOptions.RequireUnused(
            parsed, "a regimen without --rule", options.Model, options.Quantities, options.Above, options.Out, options.Age, options.Sex, options.Hepatic, options.Enantiomer, options.Interacting,
            options.Sampling, options.Iov, options.Residual, options.At, options.Plot);
        RulesRun.Run(
            new RulesRun.Request(
                order, [.. rules.Select(DosingRule.Parse)], PopulationOf(parsed, options, CovariatesOf(parsed, options)), parsed.GetValue(options.Patients) ?? DefaultPatients,
                parsed.GetValue(options.Seed), parsed.GetValue(options.ScoreDay), SimulateOptions.CheckThreads(parsed.GetValue(options.Threads)), parsed.GetValue(options.Json)),
            output, errors, cancellation);
    }

    private static Covariates? CovariatesOf(ParseResult parsed, SimulateOptions options)
    {
        if (parsed.GetValue(options.Weight) is { } weight)
        {
            SimulateOptions.RequireUnused(parsed, "virtual patients of different weights (no --weight)", options.Population);
            return new Covariates(new Kilograms(weight), parsed.GetValue(options.Age), parsed.GetValue(options.Sex));
        }

        SimulateOptions.RequireUnused(parsed, "--weight", options.Age, options.Sex);
        return null;
    }

    private static Population PopulationOf(ParseResult parsed, SimulateOptions options, Covariates? covariates)
        => covariates is null ? Population.Get(parsed.GetValue(options.Population)!) : Population.Of(covariates);

    private static Variability VariabilityOf(ParseResult parsed, SimulateOptions options)
        => parsed.GetValue(options.Iov) is >= 0 and <= 200 and var percent
            ? new Variability(parsed.GetValue(options.Sampling), percent / 100, parsed.GetValue(options.Residual))
            : throw new InvalidInputException("iov-out-of-range", "iov", "The variability between occasions must be from 0 to 200 %.");

    private static string[]? Interacting(string? text)
        => text is null ? null : text.Trim().Equals("none", StringComparison.OrdinalIgnoreCase) ? [] : SimulateOptions.List(text);
}
