namespace Euthymia.Cli.Tests;

public sealed class EventsTests
{
    private const string Doses = "ID,TIME,EVID,AMT,RATE,ADDL,II,WT\n1,0,1,100,-2,2,12,70\n1,6,0,.,.,.,.,70\nB,0,1,50,0,0,0,70\nB,1,2,.,.,.,.,80\n";

    [Fact]
    public async Task Each_record_is_a_row_in_the_order_of_the_file()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("doses.csv"), Doses, TestContext.Current.CancellationToken);
        var run = await CommandLine.Run("simulate", "--events", folder.File("doses.csv"), "--model", "iv1", "--parameters", "CL=5,V1=20,D1=2");
        var lines = run.Output.TrimEnd('\n').Split('\n');

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("ID,TIME,EVID,CP", lines[0]);
        Assert.Equal(["1,0,1,0", "B,0,1,2.5"], [lines[1], lines[3]]);
        Assert.StartsWith("1,6,0,", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("B,1,2,", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rows_are_printed_as_json_when_asked_for()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("doses.csv"), Doses, TestContext.Current.CancellationToken);
        var run = await CommandLine.Run("simulate", "--events", folder.File("doses.csv"), "--model", "iv1", "--parameters", "CL=5,V1=20,D1=2", "--json");
        using var json = System.Text.Json.JsonDocument.Parse(run.Output);
        var rows = json.RootElement.EnumerateArray().ToList();

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["1", "1", "B", "B"], rows.Select(row => row.GetProperty("ID").GetString()!), StringComparer.Ordinal);
        Assert.Equal(2.5, rows[2].GetProperty("CP").GetDouble(), 1e-12);
    }

    [Theory]
    [InlineData("result.csv")]
    [InlineData("result.parquet")]
    public async Task Results_are_written_to_a_file(string name)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("doses.csv"), Doses, TestContext.Current.CancellationToken);
        var run = await CommandLine.Run(
            "simulate", "--events", folder.File("doses.csv"), "--model", "iv1", "--parameters", "CL=5*WT/70,V1=20,D1=2", "--carry", "WT=backward", "--quantities", "CP,A1", "--out", folder.File(name));

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Output);
        var bytes = await File.ReadAllBytesAsync(folder.File(name), TestContext.Current.CancellationToken);
        Assert.Equal(name.EndsWith(".csv", StringComparison.Ordinal) ? "ID,T" : "PAR1", System.Text.Encoding.ASCII.GetString(bytes, 0, 4));
    }

    [Theory]
    [InlineData("--model", "iv9", "iv9")]
    [InlineData("--parameters", "CL=5", "V1")]
    [InlineData("--carry", "WT=sideways", "forward")]
    [InlineData("--carry", "HT=forward", "HT")]
    [InlineData("--quantities", "CX", "CP")]
    [InlineData("--weight", "70", "takes no weight")]
    [InlineData("--out", "result.xlsx", ".parquet")]
    [InlineData("--events", "nowhere.csv", "no file")]
    public async Task Bad_input_ends_with_code_2_and_the_remedy(string option, string value, string remedy)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("doses.csv"), Doses, TestContext.Current.CancellationToken);
        var options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--events"] = folder.File("doses.csv"),
            ["--model"] = "iv1",
            ["--parameters"] = "CL=5,V1=20,D1=2",
            [option] = value,
        };
        var run = await CommandLine.Run(["simulate", .. options.SelectMany(pair => new[] { pair.Key, pair.Value })]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(remedy, run.Errors, StringComparison.Ordinal);
        Assert.Contains(option, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_record_names_its_file_line_and_column()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("doses.csv"), "ID,TIME,AMT\n1,0,100\n1,noon,.\n", TestContext.Current.CancellationToken);
        var run = await CommandLine.Run("simulate", "--events", folder.File("doses.csv"), "--model", "iv1", "--parameters", "CL=5,V1=20");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("doses.csv, line 3, column TIME", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>The commands of docs/guide.md, on the event file that stands there.</summary>
    [Fact]
    public async Task The_commands_of_the_guide_run()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "docs", "guide.md"), TestContext.Current.CancellationToken);
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("doses.csv"), Block(guide, "csv").Single(), TestContext.Current.CancellationToken);
        string[] commands = [.. Block(guide, "sh").SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            // Words as a shell sees them; quotes hold a word together.
            string[] words = [.. command.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
            var run = await CommandLine.Run([.. words.Skip(1).Select(word => word is "doses.csv" ? folder.File(word) : word)]);

            Assert.Equal("", run.Errors);
            Assert.Equal(0, run.ExitCode);
            Assert.Equal(["ID,TIME,EVID,CP", "1,0,1,0"], run.Output.Split('\n')[..2]);
            Assert.Equal(7, run.Output.Split('\n').Length);
        }
    }

    private static IEnumerable<string> Block(string page, string language)
        => page.ReplaceLineEndings("\n").Split($"```{language}\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]);

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Euthymia.slnx")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
