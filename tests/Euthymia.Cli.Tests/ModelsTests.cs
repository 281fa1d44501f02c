namespace Euthymia.Cli.Tests;

public sealed class ModelsTests
{
    [Fact]
    public async Task The_models_are_listed()
    {
        var run = await CommandLine.Run("models");

        Assert.Equal(0, run.ExitCode);
        foreach (var expected in new[] { "ketamine (default)", "esketamine", "domino", "clements", "ketamine-hnk", "oral3" })
            Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_shown_with_its_sources_and_limits()
    {
        var run = await CommandLine.Run("models", "ketamine");

        Assert.Equal(0, run.ExitCode);
        foreach (var expected in new[] { "Qmix", "885", "derived", "CV 23 %", "10.1097/ALN.0000000000003577", "Limits:" })
            Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_model_is_refused()
    {
        var run = await CommandLine.Run("models", "propofol");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("ketamine", run.Errors, StringComparison.Ordinal);
    }
}
