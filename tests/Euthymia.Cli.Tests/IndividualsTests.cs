using System.Text.Json;

namespace Euthymia.Cli.Tests;

public sealed class IndividualsTests
{
    private const string Patients =
        """
        ID,TIME,EVID,AMT,RATE,DV,DVID,CENS,WT,AGE
        1,-2,0,.,.,34,MADRS,0,70,40
        1,0,1,35,52.5,.,.,0,70,40
        1,0.7,0,.,.,14,CADSS,0,70,40
        1,24,0,.,.,9,MADRS,0,70,40
        1,48,1,35,52.5,.,.,0,70,40
        1,48.7,0,.,.,138,SYSTOLIC,0,70,40
        1,72,0,.,.,6,MADRS,0,70,40
        2,10,1,40,60,.,.,0,80,.
        2,11,0,.,.,95,1,0,80,.
        2,12,0,.,.,0.05,arterial,0,80,.
        2,13,0,.,.,40,arterial,0,80,.
        2,18,0,.,.,10,arterial,1,80,.
        2,34,0,.,.,.,MADRS,0,80,.
        """;

    [Fact]
    public async Task Individualise_prints_each_subject_with_its_basis_and_what_was_set_aside()
    {
        using TemporaryFolder folder = new();
        var run = await CommandLine.Run("individualise", "--data", Write(folder, Patients), "--draws", "200");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Subject 1", run.Output, StringComparison.Ordinal);
        Assert.Contains("baseline MADRS 34", run.Output, StringComparison.Ordinal);
        Assert.Contains("set aside", run.Output, StringComparison.Ordinal);
        Assert.Contains("eta_CL", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_holds_etas_errors_quantiles_and_forecast()
    {
        using TemporaryFolder folder = new();
        var run = await CommandLine.Run("individualise", "--data", Write(folder, Patients), "--draws", "200", "--days", "14", "--json");

        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        var first = json.RootElement[0];
        Assert.Equal("1", first.GetProperty("id").GetString());
        Assert.True(first.GetProperty("converged").GetBoolean());
        var sensitivity = first.GetProperty("etas").EnumerateArray().Single(effect => effect.GetProperty("name").GetString() is "sensitivity");
        Assert.True(sensitivity.GetProperty("deviate").GetDouble() > 0);
        Assert.InRange(sensitivity.GetProperty("standardError").GetDouble(), 0.05, 1);
        Assert.True(sensitivity.GetProperty("posterior").GetProperty("high").GetDouble() > sensitivity.GetProperty("posterior").GetProperty("low").GetDouble());
        Assert.Equal(15, first.GetProperty("forecast").GetProperty("response").GetArrayLength());
        Assert.Equal(72, first.GetProperty("forecastFromHours").GetDouble());
        var second = json.RootElement[1];
        // Times shift so that the first dose is at 0.
        Assert.Equal(8, second.GetProperty("forecastFromHours").GetDouble());
        Assert.Contains(second.GetProperty("observations").EnumerateArray(), observation => observation.GetProperty("observation").GetProperty("belowLimit").GetBoolean());
    }

    [Theory]
    [InlineData("1,24,0,.,.,70,MADRS,0,70,40", "value-out-of-range", "line 2")]
    [InlineData("1,24,0,.,.,20,GAF,0,70,40", "measure-unknown", "line 2")]
    [InlineData("1,0,1,3500,52.5,.,.,0,70,40", "amount-implausible", "mg/kg")]
    [InlineData("1,0,1,35,0,.,.,0,70,40", "rate-missing", "RATE")]
    [InlineData("1,x,0,.,.,20,MADRS,0,70,40", "value-not-understood", "TIME")]
    [InlineData("1,0,4,35,52.5,.,.,0,70,40", "evid-unknown", "EVID")]
    [InlineData("1,0,0,.,.,20,MADRS,0,.,40", "weight-missing", "WT")]
    [InlineData("1,0,0,.,.,20", "columns-differ", "6 values below 10 headings")]
    public async Task Bad_records_are_refused_with_line_and_column(string record, string code, string part)
    {
        using TemporaryFolder folder = new();
        var run = await CommandLine.Run("individualise", "--data", Write(folder, Patients.Split('\n')[0].Trim() + "\n" + record));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(code, run.Errors, StringComparison.Ordinal);
        Assert.Contains(part, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_compares_regimens_of_one_subject()
    {
        using TemporaryFolder folder = new();
        var file = Write(folder, Patients);

        var several = await CommandLine.Run("plan", "--data", file);
        var plan = await CommandLine.Run("plan", "--data", file, "--id", "1", "--doses", "0.3,0.5", "--minutes", "40", "--every", "2", "--numbers", "2,4");
        var json = await CommandLine.Run("plan", "--data", file, "--id", "1", "--doses", "0.3,0.5", "--minutes", "40", "--every", "2", "--numbers", "2", "--json");

        Assert.Equal(2, several.ExitCode);
        Assert.Contains("subject-missing", several.Errors, StringComparison.Ordinal);
        Assert.Equal(0, plan.ExitCode);
        Assert.Contains("4 regimens compared to day 28", plan.Output, StringComparison.Ordinal);
        Assert.Contains("What would change the choice", plan.Output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal(2, document.RootElement.GetProperty("regimens").GetArrayLength());
        Assert.Equal(29, document.RootElement.GetProperty("regimens")[0].GetProperty("score").GetProperty("median").GetArrayLength());
    }

    private static string Write(TemporaryFolder folder, string text)
    {
        var file = folder.File("patients.csv");
        File.WriteAllText(file, text);
        return file;
    }
}
