using System.Text.Json;

namespace Euthymia.Cli.Tests.Trials;

public sealed class TrialsTests
{
    private const string TrialsCsv = "trial_id,citation,design,population,comparator\nNew1,Someone 2030,randomised double-blind single infusion,TRD,midazolam\n";
    private const string ArmsCsv = "trial_id,arm_id,drug,dose_mg_per_kg,infusion_min,route,schedule_days,n,baseline_mean,baseline_sd\nNew1,KET,ketamine racemic,0.5,40,IV,0,30,33,5\nNew1,MDZ,midazolam,0.045,40,IV,0,30,33,5\n";
    private const string OutcomesCsv = "trial_id,arm_id,outcome,statistic,time_h,value,n\nNew1,KET,MADRS,change,24,-14,30\nNew1,KET-MDZ,MADRS,diff,24,-7,60\nNew1,KET,SSI,change,24,-3,30\n";

    [Fact]
    public async Task It_lists_and_shows_the_evidence()
    {
        var list = await CommandLine.Run("trials", "list");
        var show = await CommandLine.Run("trials", "show", "murrough2013_rct");

        Assert.Equal(0, list.ExitCode);
        Assert.Contains("63 trials", list.Output, StringComparison.Ordinal);
        Assert.Contains("10.1176/appi.ajp.2013.13030392", show.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_trial_is_bad_input_with_a_code()
    {
        var run = await CommandLine.Run("trials", "show", "Murrough");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("[trial-unknown]", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Murrough2013_RCT", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_folder_of_evidence_is_held_against_the_engine_as_json()
    {
        using TemporaryFolder folder = new();
        await Write(folder, OutcomesCsv);

        var run = await CommandLine.Run("trials", "validate", "--evidence", folder.Path, "--replicates", "50", "--json");

        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        var outcomes = json.RootElement.GetProperty("outcomes").EnumerateArray().ToList();
        Assert.Equal(2, outcomes.Count);
        Assert.Equal("trial arm outcome statistic timeHours observed predicted low90 high90 z inside", Names(outcomes[0]));
        Assert.Equal("coverage90 rmsZ n", Names(json.RootElement.GetProperty("summary")));
        Assert.Equal(outcomes.Count, json.RootElement.GetProperty("n").GetInt32());
        Assert.InRange(json.RootElement.GetProperty("coverage90").GetDouble(), 0, 1);
        Assert.Equal("'SSI' is not modelled", json.RootElement.GetProperty("notPredicted")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_bad_cell_is_named_and_a_missing_column_is_an_error()
    {
        using TemporaryFolder folder = new();
        await Write(folder, OutcomesCsv.Replace("24,-14", "24,many", StringComparison.Ordinal));
        var cell = await CommandLine.Run("trials", "validate", "--evidence", folder.Path, "--replicates", "20");
        await Write(folder, OutcomesCsv.Replace("time_h", "time", StringComparison.Ordinal));
        var column = await CommandLine.Run("trials", "validate", "--evidence", folder.Path, "--replicates", "20");

        Assert.Contains("outcomes.csv, line 2, column value: 'many'", cell.Errors, StringComparison.Ordinal);
        Assert.Equal(2, column.ExitCode);
        Assert.Contains("[evidence-column-missing]", column.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_trial_is_run_and_the_same_seed_gives_the_same_numbers()
    {
        string[] arguments = ["trials", "run", "Murrough2013_RCT", "--replicates", "60", "--seed", "5"];

        var first = await CommandLine.Run(arguments);

        Assert.Contains("MADRS change", first.Output, StringComparison.Ordinal);
        Assert.Equal(first.Output, (await CommandLine.Run(arguments)).Output);
    }

    [Fact]
    public async Task Designs_are_compared_and_a_bad_one_is_refused_by_option()
    {
        var run = await CommandLine.Run("trials", "design", "--arm", "0.5 mg/kg over 40 min", "--arm", "0.2 mg/kg over 40 min", "--replicates", "40", "--n", "30");
        var bad = await CommandLine.Run("trials", "design", "--arm", "0.5 mg/kg over 40 min", "--drop-out", "1.5");

        Assert.Contains("design                        A                           B", run.Output, StringComparison.Ordinal);
        Assert.Single(run.Output.Split('\n'), line => line.StartsWith("power", StringComparison.Ordinal) && line.Count(letter => letter == '%') == 3);
        Assert.Equal(2, bad.ExitCode);
        Assert.Contains("--drop-out", bad.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arms_controls_and_sizes_are_combined_and_printed_as_json()
    {
        using TemporaryFolder folder = new();
        var run = await CommandLine.Run(
            "trials", "design", "--arm", "0.5 mg/kg over 40 min", "--control", "saline", "--control", "midazolam", "--n", "20", "--n", "50",
            "--replicates", "30", "--json", "--plot", folder.File("power.svg"));
        var many = await CommandLine.Run([
            "trials", "design", "--arm", "0.5 mg/kg over 40 min", .. Enumerable.Range(2, 30).SelectMany(n => new[] { "--n", n.ToString(System.Globalization.CultureInfo.InvariantCulture) })]);

        using var json = JsonDocument.Parse(run.Output);
        var designs = json.RootElement.GetProperty("designs").EnumerateArray().ToList();
        Assert.Equal(["saline 20", "saline 50", "midazolam 20", "midazolam 50"], designs.Select(design => $"{design.GetProperty("control").GetString()} {design.GetProperty("perArm").GetInt32()}"), StringComparer.Ordinal);
        Assert.True(designs[1].GetProperty("power").GetDouble() > designs[0].GetProperty("power").GetDouble());
        Assert.Contains("<svg", await File.ReadAllTextAsync(folder.File("power.svg"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("[design-count]", many.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_is_drawn_as_a_forest_and_nothing_predicted_cannot_be_drawn()
    {
        using TemporaryFolder folder = new();

        var run = await CommandLine.Run("trials", "run", "Murrough2013_RCT", "--replicates", "20", "--plot", folder.File("forest.svg"));
        var none = await CommandLine.Run("trials", "run", "Survey6630", "--replicates", "20", "--plot", folder.File("none.svg"));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("<svg", await File.ReadAllTextAsync(folder.File("forest.svg"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("[nothing-to-draw]", none.Errors, StringComparison.Ordinal);
    }

    private static string Names(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property => property.Name));

    private static async Task Write(TemporaryFolder folder, string outcomes)
    {
        await File.WriteAllTextAsync(folder.File("trials.csv"), TrialsCsv);
        await File.WriteAllTextAsync(folder.File("arms.csv"), ArmsCsv);
        await File.WriteAllTextAsync(folder.File("outcomes.csv"), outcomes);
    }
}
