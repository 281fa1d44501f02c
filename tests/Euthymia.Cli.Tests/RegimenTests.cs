using System.Globalization;
using System.Text.Json;

namespace Euthymia.Cli.Tests;

public sealed class RegimenTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0.5 mg/kg IM on days 0,3", "ketamine-routes")]
    [InlineData("56 mg esketamine intranasal on days 0,3", "esketamine")]
    [InlineData("0.2 mg/kg bolus", "model ketamine 1")]
    public async Task The_model_follows_from_the_regimen_and_is_named(string regimen, string model)
    {
        var run = await CommandLine.Run("simulate", "--regimen", regimen, "--patients", "50");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(model, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantities_are_a_table_by_time_and_occupancy_says_that_it_is_derived()
    {
        var run = await CommandLine.Run("simulate", "--regimen", "0.5 mg/kg over 40 min", "--patients", "50", "--quantities", "effectSite,occupancy", "--at", "0.25,0.5");

        Assert.Equal(0, run.ExitCode);
        foreach (var expected in new[] { "Effect site, ng/mL", "occupancy", "0.25", "Derived, not measured" })
            Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_names_quantities_with_their_units()
    {
        var run = await CommandLine.Run("simulate", "--regimen", "35 mg over 40 min", "--patients", "20", "--quantities", "auc:arterial,timeAbove", "--above", "70", "--json");
        var bands = JsonDocument.Parse(run.Output).RootElement.GetProperty("bands");

        Assert.Equal(1, bands.GetProperty("auc_arterial_ng_h_per_mL").GetProperty("median").GetArrayLength());
        Assert.True(bands.GetProperty("timeAbove_arterial_h").GetProperty("median")[0].GetDouble() > 0.5);
    }

    [Fact]
    public async Task Every_patient_is_written_with_units_and_covariates_and_is_the_same_in_a_larger_run()
    {
        using TemporaryFolder folder = new();
        var few = await Rows("3", "--quantities", "arterial,norketamine", "--at", "0.5,1");
        var many = await Rows("40", "--quantities", "arterial,norketamine", "--at", "0.5,1", "--threads", "1");

        Assert.Equal("ID,TIME_h,arterial_ng_per_mL,norketamine_ng_per_mL,WT_kg,AGE_y,SEX", few[0]);
        Assert.Equal(1 + 3 * 2, few.Length);
        Assert.Equal(few, many[..few.Length]);

        async Task<string[]> Rows(string patients, params string[] more)
        {
            var run = await CommandLine.Run(["simulate", "--regimen", "0.5 mg/kg over 40 min", "--patients", patients, "--out", folder.File("out.csv"), .. more]);
            Assert.Equal(0, run.ExitCode);
            Assert.False(File.Exists(folder.File("out.csv.part")));
            return await File.ReadAllLinesAsync(folder.File("out.csv"), Cancel);
        }
    }

    [Theory]
    [InlineData("out.csv", "ID,cm", "cmax,auc")]
    [InlineData("out.parquet", "PAR1", "cmax,auc")]
    [InlineData("out.parquet", "PAR1", "arterial,venous,occupancy")]
    public async Task Files_are_csv_or_parquet(string name, string start, string quantities)
    {
        using TemporaryFolder folder = new();
        var run = await CommandLine.Run("simulate", "--regimen", "0.5 mg/kg over 40 min", "--patients", "10", "--quantities", quantities, "--out", folder.File(name));

        Assert.Equal(0, run.ExitCode);
        var bytes = await File.ReadAllBytesAsync(folder.File(name), Cancel);
        Assert.Equal(start, System.Text.Encoding.ASCII.GetString(bytes, 0, start.Length));
    }

    [Fact]
    public async Task What_moves_parameters_and_what_is_not_known_is_said()
    {
        var run = await CommandLine.Run(
            "simulate", "--regimen", "0.5 mg/kg over 40 min", "--patients", "10", "--weight", "70", "--age", "71", "--sex", "female", "--hepatic", "moderate", "--interacting", "rifampicin");

        Assert.Equal(0, run.ExitCode);
        foreach (var expected in new[] { "rifampicin: CL x 1.1628", "Child-Pugh B", "widens eta_CL", "Age moves nothing", "Sex moves nothing" })
            Assert.Contains(expected, run.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_are_compared_with_the_course_as_planned()
    {
        var run = await CommandLine.Run(
            "simulate", "--regimen", "0.5 mg/kg over 40 min on days 0,3,7,10", "--patients", "60", "--rule", "if MADRS at day 7 <= 10 then stop", "--rule", "if MADRS at day 14 > 0.5 baseline then extend 2");

        Assert.Equal(0, run.ExitCode);
        foreach (var expected in new[] { "As planned", "With the rules", "MADRS on day 42", "then extend 2", "stated hypothesis" })
            Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--weight", "-1")]
    [InlineData("--weight", "NaN")]
    [InlineData("--weight", "1e9")]
    [InlineData("--patients", "1000001")]
    [InlineData("--patients", "-1")]
    [InlineData("--seed", "-1")]
    [InlineData("--at", "")]
    [InlineData("--at", "-1")]
    [InlineData("--at", "NaN")]
    [InlineData("--quantities", "bound")]
    [InlineData("--above", "70")]
    [InlineData("--age", "40")]
    [InlineData("--hepatic", "severe")]
    [InlineData("--hepatic", "bad")]
    [InlineData("--interacting", "aspirin")]
    [InlineData("--iov", "-5")]
    [InlineData("--iov", "NaN")]
    [InlineData("--sampling", "dice")]
    [InlineData("--out", "result.xlsx")]
    [InlineData("--rule", "if MADRS then stop")]
    [InlineData("--score-day", "5")]
    public async Task Input_that_cannot_be_used_ends_with_code_2_and_names_the_option(string option, string value)
    {
        var run = await CommandLine.Run("simulate", "--regimen", "0.5 mg/kg over 40 min", "--patients", "5", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(option, run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("-1 mg/kg over 40 min", 2)]
    [InlineData("1000000 mg over 40 min", 0)]
    [InlineData("1000001 mg over 40 min", 2)]
    [InlineData("0.5 mg/kg over 0 min", 2)]
    [InlineData("0.5 mg/kg over 0.000001 s", 0)]
    [InlineData("0.5 mg/kg over 1e-9 min", 2)]
    [InlineData("0.5 mg/kg over 100000 h", 2)]
    [InlineData("0.5 mg/kg over 80000 h", 0)]
    [InlineData("1 mg over 10 h every 0.01 hours x 1000", 0)]
    [InlineData("0.5 mg/kg over 40 min every 7 days x 520", 0)]
    [InlineData("0.5 mg/kg over 40 min on days 7,0,3", 0)]
    [InlineData("0.5 mg/kg IM over 40 min", 2)]
    public async Task Extreme_regimens_end_in_a_finite_answer_or_a_refusal(string regimen, int exitCode)
    {
        var run = await CommandLine.Run("simulate", "--regimen", regimen, "--patients", "4", "--json");

        Assert.Equal(exitCode, run.ExitCode);
        if (exitCode != 0)
            Assert.Contains("--regimen", run.Errors, StringComparison.Ordinal);
        else
            Assert.All(
                JsonDocument.Parse(run.Output).RootElement.GetProperty("bands").GetProperty("arterial").GetProperty("high").EnumerateArray(),
                value => Assert.True(value.GetDouble() >= 0));
    }

    [Fact]
    public async Task Replicates_of_an_event_file_have_a_column_and_do_not_depend_on_how_many_there_are()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("doses.csv"), "ID,TIME,EVID,AMT,RATE,WT\n1,0,1,35,52.5,70\n1,1,0,.,.,70\nB,0,1,35,52.5,90\nB,1,0,.,.,90\n", Cancel);
        var few = await Rows("2", "1");
        var many = await Rows("5", "2");

        Assert.Equal("REP,ID,TIME,EVID,arterial", few[0]);
        Assert.Equal(1 + 2 * 4, few.Length);
        Assert.Equal(few, many[..few.Length]);
        Assert.Equal(10, many.Skip(1).Select(row => row.Split(',')).Where(row => row[2] is "1").Select(row => double.Parse(row[4], CultureInfo.InvariantCulture)).Distinct().Count());

        async Task<string[]> Rows(string patients, string threads)
        {
            var run = await CommandLine.Run("simulate", "--events", folder.File("doses.csv"), "--quantities", "arterial", "--patients", patients, "--threads", threads);
            Assert.Equal(0, run.ExitCode);
            return run.Output.TrimEnd('\n').Split('\n');
        }
    }

    [Theory]
    [InlineData("--patients", "5", "--model", "iv1")]
    [InlineData("--seed", "5", "--model", "ketamine")]
    public async Task Replicates_need_a_model_with_variability_and_seeds_need_replicates(string option, string value, string other, string name)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("doses.csv"), "ID,TIME,EVID,AMT,WT\n1,0,1,35,70\n", Cancel);
        string[] parameters = name is "iv1" ? ["--parameters", "CL=5,V1=20"] : [];
        var run = await CommandLine.Run(["simulate", "--events", folder.File("doses.csv"), option, value, other, name, .. parameters]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(option, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_shows_its_routes_covariates_and_effect_site()
    {
        var run = await CommandLine.Run("models", "ketamine-routes");

        foreach (var expected in new[] { "subcutaneous (Assumed", "Effect site: half-time 6.1 min", "St John's wort", "F_po x 0.42", "Sex moves nothing" })
            Assert.Contains(expected, run.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }
}
