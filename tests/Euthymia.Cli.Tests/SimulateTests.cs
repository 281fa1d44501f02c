using System.Text.Json;

namespace Euthymia.Cli.Tests;

public sealed class SimulateTests
{
    private const string Course = "0.5 mg/kg over 40 min on days 0,2,4,7,9,11";

    [Fact]
    public async Task It_prints_exposure_of_ketamine_and_norketamine()
    {
        var run = await CommandLine.Run("simulate", "--regimen", Course, "--patients", "200", "--seed", "1");

        Assert.Equal(0, run.ExitCode);
        foreach (var expected in new[] { "Cmax", "Tmax", "AUC", "half-life", "Ketamine, arterial plasma", "Norketamine, plasma", "200 virtual patients" })
            Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_numbers_on_one_thread_and_on_two()
    {
        string[] arguments = ["simulate", "--regimen", Course, "--patients", "500", "--at", "0:24:1", "--json", "--threads"];
        var one = await CommandLine.Run([.. arguments, "1"]);
        var two = await CommandLine.Run([.. arguments, "2"]);
        var other = await CommandLine.Run([.. arguments, "2", "--seed", "2"]);

        Assert.Equal(one.Output, two.Output);
        Assert.NotEqual(one.Output, other.Output, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Json_carries_every_band_at_the_times_asked_for()
    {
        var run = await CommandLine.Run("simulate", "--regimen", "35 mg over 40 min", "--weight", "70", "--patients", "100", "--at", "0,0.5,1:3:1", "--json");
        var root = JsonDocument.Parse(run.Output).RootElement;

        Assert.Equal([0, 0.5, 1, 2, 3], root.GetProperty("timesHours").EnumerateArray().Select(time => time.GetDouble()));
        foreach (var name in new[] { "arterial", "venous", "norketamine" })
            Assert.Equal(5, root.GetProperty("bands").GetProperty(name).GetProperty("median").GetArrayLength());
    }

    [Theory]
    [InlineData("--parameters", "CL=5")]
    [InlineData("--carry", "WT=forward")]
    public async Task An_option_for_event_files_is_refused_with_a_regimen(string option, string value)
    {
        var run = await CommandLine.Run("simulate", "--regimen", Course, "--patients", "5", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"{option} goes with --events only", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_for_regimens_is_refused_with_an_event_file()
    {
        var run = await CommandLine.Run("simulate", "--events", "doses.csv", "--plot", "course.svg");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--plot goes with --regimen only", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("course.svg", "<svg")]
    [InlineData("course.png", "PNG")]
    public async Task It_draws_the_course(string name, string expected)
    {
        using TemporaryFolder folder = new();
        var run = await CommandLine.Run("simulate", "--regimen", Course, "--patients", "50", "--plot", folder.File(name));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(expected, await File.ReadAllTextAsync(folder.File(name), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--regimen", "0.5 mg/kg", "over 40 min")]
    [InlineData("--weight", "0", "1000 kg")]
    [InlineData("--weight", "heavy", "--weight")]
    [InlineData("--patients", "0", "1,000,000")]
    [InlineData("--model", "propofol", "ketamine")]
    [InlineData("--population", "children", "adults")]
    [InlineData("--at", "0,one", "0,0.5,1:24:1")]
    [InlineData("--at", "0:1e9:1", "0,0.5,1:24:1")]
    [InlineData("--threads", "0", "1024")]
    [InlineData("--plot", "course.bmp", ".svg or .png")]
    [InlineData("--plot", "no/such/folder/course.svg", "make it first")]
    [InlineData("--dose", "3", "--dose")]
    public async Task Bad_input_ends_with_code_2_and_names_the_option_and_the_remedy(string option, string value, string remedy)
    {
        string[] arguments = string.Equals(option, "--regimen", StringComparison.Ordinal) ? ["simulate", option, value] : ["simulate", "--regimen", Course, option, value];
        var run = await CommandLine.Run(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(option, run.Errors, StringComparison.Ordinal);
        Assert.Contains(remedy, run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_missing_regimen_is_named()
    {
        var run = await CommandLine.Run("simulate");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--regimen", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_shows_examples()
    {
        var run = await CommandLine.Run("simulate", "--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_venous_concentration_that_does_not_hold_is_said_to_be_missing()
    {
        var run = await CommandLine.Run("simulate", "--regimen", "0.5 mg/kg over 2 min", "--patients", "10");

        Assert.Contains("No venous concentration", run.Output, StringComparison.Ordinal);
    }
}
