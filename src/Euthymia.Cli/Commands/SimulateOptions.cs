using System.CommandLine;
using System.CommandLine.Parsing;
using Euthymia.Pharmacometrics;

namespace Euthymia.Cli.Commands;

/// <summary>The options of <c>euthymia simulate</c>.</summary>
internal sealed class SimulateOptions
{
    public Option<string?> Regimen { get; } = new("--regimen", "-r") { Description = "What is given: \"0.5 mg/kg over 40 min on days 0,2,4\", \"0.2 mg/kg bolus\", \"0.5 mg/kg IM on days 0,3\", \"56 mg esketamine intranasal\" (also SC, oral, sublingual); parts joined by a semicolon." };

    public Option<FileInfo?> Events { get; } = new("--events", "-e") { Description = "NONMEM-style event records in CSV: ID, TIME, EVID, AMT, RATE, DUR, CMT, ADDL, II, SS and covariates." };

    public Option<string?> Model { get; } = new("--model", "-m") { Description = $"Drug model; without it {DrugModels.Default.Id}, or the first that takes the regimen's routes. With --events also iv1, iv2, iv3, oral1, oral2, oral3." };

    public Option<string?> Parameters { get; } = new("--parameters") { Description = "With --events, parameters of a generic model: numbers, or arithmetic over covariate columns." };

    public Option<string?> Quantities { get; } = new("--quantities", "-q") { Description = "What to give: arterial, venous, norketamine, effectSite, unbound, occupancy; or cmax, tmax, auc, halfLife, timeAbove (of one substance: auc:norketamine). With --events such as CP,A1." };

    public Option<double?> Above { get; } = new("--above") { Description = "Level in ng/mL for timeAbove." };

    public Option<string?> Carry { get; } = new("--carry") { Description = "With --events, how changing covariates are carried: WT=forward, backward or linear." };

    public Option<FileInfo?> Out { get; } = new("--out", "-o") { Description = "Write to this .csv or .parquet file: a row a virtual patient and time, or a row an event record. Columns carry their units." };

    public Option<decimal?> Weight { get; } = new("--weight", "-w") { Description = "Weight in kg of every virtual patient; without it weights vary as in --population." };

    public Option<double?> Age { get; } = new("--age") { Description = "With --weight, age in years; without it ages vary as between adults." };

    public Option<Sex?> Sex { get; } = new("--sex") { Description = "With --weight, female or male." };

    public Option<HepaticFunction> Hepatic { get; } = new("--hepatic") { Description = "Liver: normal, mild, moderate, severe or unknown." };

    public Option<Enantiomer> Enantiomer { get; } = new("--enantiomer") { Description = "In a model of the racemate: racemic, S or R." };

    public Option<string?> Interacting { get; } = new("--interacting") { Description = $"Other drugs, separated by commas, or none: {string.Join(", ", CovariateModel.InteractingDrugs)}." };

    public Option<string> Population { get; } = new("--population") { Description = $"Population that covariates are drawn from: {string.Join(", ", Pharmacometrics.Population.All.Select(population => population.Distributions!.Id))}.", DefaultValueFactory = _ => "adults" };

    public Option<int?> Patients { get; } = new("--patients", "-n") { Description = "Number of virtual patients; 1000 without it. With --events, simulate the file so many times with variability between patients (column REP); without it, typical patients." };

    public Option<ulong> Seed { get; } = new("--seed", "-s") { Description = "Seed: the same seed gives the same patients.", DefaultValueFactory = _ => 1 };

    public Option<Sampling> Sampling { get; } = new("--sampling") { Description = "Random numbers: philox (independent) or sobol (scrambled; percentiles settle sooner)." };

    public Option<double> Iov { get; } = new("--iov") { Description = "Variability between a patient's occasions, CV in % (your assumption: none is published here)." };

    public Option<bool> Residual { get; } = new("--residual") { Description = "Add the model's residual error to concentrations, as measured ones have it." };

    public Option<string?> At { get; } = new("--at") { Description = "Times in hours: numbers and start:end:step, such as \"0,0.5,1:24:1\"." };

    public Option<string[]> Rules { get; } = new("--rule") { Description = "A dosing rule that answers to scores: \"if MADRS at day 14 > 0.5 baseline then extend 2\"; also skip 1, reduce 25%, stop, extend 2 every 7 days. May be given several times." };

    public Option<double?> ScoreDay { get; } = new("--score-day") { Description = "With --rule, the day on which scores are compared; without it four weeks after the last planned session or rule." };

    public Option<FileInfo?> Plot { get; } = new("--plot", "-p") { Description = "Write a plot to this .svg or .png file." };

    public Option<int?> Threads { get; } = new("--threads") { Description = "At most this many threads; one per core without it." };

    public Option<bool> Json { get; } = new("--json") { Description = "Print everything as JSON instead of a table." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Regimen, Events, Model, Parameters, Quantities, Above, Carry, Out, Weight, Age, Sex, Hepatic, Enantiomer, Interacting, Population,
            Patients, Seed, Sampling, Iov, Residual, At, Rules, ScoreDay, Plot, Threads, Json])
            command.Options.Add(option);
    }

    // An option that would do nothing is refused: silence would be taken for consent.
    public static void RequireUnused(ParseResult parsed, string mode, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            if (parsed.GetResult(option) is { Implicit: false })
                throw new InvalidInputException("option-of-other-mode", option.Name.TrimStart('-'), $"{option.Name} goes with {mode} only. Leave it out.");
        }
    }

    public static int? CheckThreads(int? threads)
        => threads is null or (>= 1 and <= 1024)
            ? threads
            : throw new InvalidInputException("threads-out-of-range", "threads", "The number of threads must be from 1 to 1024.");

    public static string[] List(string? text)
        => text is null ? [] : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
