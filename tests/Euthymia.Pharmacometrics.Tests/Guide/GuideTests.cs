namespace Euthymia.Pharmacometrics.Tests.Guide;

/// <summary>What the guide says is what the code does.</summary>
public sealed class GuideTests
{
    public static TheoryData<string> Pages => ["docs/guide.md", "src/Euthymia.Numerics/README.md", "src/Euthymia.Pharmacometrics/README.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_block_of_csharp_is_in_the_examples_word_for_word(string page)
    {
        var text = await Repository.Read(page, TestContext.Current.CancellationToken);
        var examples = Lines(await Repository.Read("tests/Euthymia.Pharmacometrics.Tests/Guide/Examples.cs", TestContext.Current.CancellationToken));
        string[] blocks = [.. text.Split("```csharp\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])];

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(Lines(block), examples, StringComparison.Ordinal));
    }

    [Fact]
    public void A_course_has_an_exposure_for_each_substance()
    {
        using StringWriter writer = new();
        var exposures = Examples.Course(writer);

        Assert.Equal(exposures.Count, writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.InRange(exposures[0].Cmax.Median, 150, 350);
    }

    [Fact]
    public void A_forecast_peaks_at_the_end_of_the_infusion_and_says_what_it_rests_on()
    {
        using StringWriter writer = new();

        Assert.InRange(Examples.Concentrations(writer), 150, 350);
        Assert.Contains("200 virtual patients", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_that_is_none_is_named()
    {
        using StringWriter writer = new();
        Examples.Refusal(writer);

        Assert.StartsWith("weight: ", writer.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("(weight-out-of-range)\n", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_event_file_of_the_guide_has_a_value_for_each_record()
    {
        var guide = await Repository.Read("docs/guide.md", TestContext.Current.CancellationToken);
        var rest = guide[(guide.IndexOf("```csv\n", StringComparison.Ordinal) + 7)..];
        using StringReader reader = new(rest[..rest.IndexOf("```", StringComparison.Ordinal)]);
        using StringWriter writer = new();
        var values = Examples.Events(reader, writer);

        Assert.Equal(10, values.Length);
        Assert.Equal(0, values[0]);
        Assert.True(values[2] > 0 && values[6] > 0);
        Assert.StartsWith("1 0 0.0000\n1 2 ", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_ones_own_is_exact()
        => Assert.Equal(50 / 0.5 * (1 - Math.Exp(-1)) * Math.Exp(-2), Examples.OwnModel(), 1e-11);

    [Fact]
    public void Random_numbers_stay_the_same()
    {
        var (weight, point) = Examples.RandomNumbers();

        Assert.Equal((weight, point), Examples.RandomNumbers(), EqualityComparer<(double Weight, double[] Point)>.Create(
            (a, b) => a.Weight == b.Weight && a.Point.SequenceEqual(b.Point)));
        Assert.InRange(weight, 30, 160);
        Assert.All(point, coordinate => Assert.InRange(coordinate, 0, 1));
    }

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}

/// <summary>Files of this repository.</summary>
internal static class Repository
{
    private static readonly string Root = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    public static async Task<string> Read(string relative, CancellationToken cancellation)
        => (await File.ReadAllTextAsync(Path(relative), cancellation)).ReplaceLineEndings("\n");

    private static string Find(DirectoryInfo? folder)
        => folder is null ? throw new DirectoryNotFoundException("The tests run inside the repository: no Euthymia.slnx above them.")
            : File.Exists(System.IO.Path.Combine(folder.FullName, "Euthymia.slnx")) ? folder.FullName : Find(folder.Parent);
}
