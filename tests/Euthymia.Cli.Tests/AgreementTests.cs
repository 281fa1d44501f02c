namespace Euthymia.Cli.Tests;

public sealed class AgreementTests
{
    [Fact]
    public async Task It_prints_and_writes_the_comparison()
    {
        using TemporaryFolder folder = new();
        var run = await CommandLine.Run("agreement", "--out", folder.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("MdAPE", run.Output, StringComparison.Ordinal);
        Assert.Contains("arterial ketamine", await File.ReadAllTextAsync(folder.File("pharmacokinetics-agreement.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("<svg", await File.ReadAllTextAsync(folder.File("pharmacokinetics-agreement.svg"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_committed_comparison_is_what_the_command_writes()
    {
        using TemporaryFolder folder = new();
        await CommandLine.Run("agreement", "--out", folder.Path);
        var committed = Path.Combine(RepositoryRoot(), "docs", "methods", "pharmacokinetics-agreement.md");

        Assert.Equal(
            await File.ReadAllTextAsync(committed, TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(folder.File("pharmacokinetics-agreement.md"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_refused()
    {
        var run = await CommandLine.Run("agreement", "--out", "no/such/folder");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--out", run.Errors, StringComparison.Ordinal);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Euthymia.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Run the tests inside the repository: Euthymia.slnx was not found above them.");
    }
}
