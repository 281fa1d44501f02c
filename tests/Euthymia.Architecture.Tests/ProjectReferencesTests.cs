using System.Xml.Linq;

namespace Euthymia.Architecture.Tests;

/// <summary>Which project may use which: the table of docs/architecture.md, held.</summary>
public sealed class ProjectReferencesTests
{
    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Euthymia.Numerics"] = [],
        ["Euthymia.Pharmacometrics"] = ["Euthymia.Numerics"],
        ["Euthymia.Trials"] = ["Euthymia.Numerics", "Euthymia.Pharmacometrics"],
        ["Euthymia.Clinic"] = ["Euthymia.Numerics", "Euthymia.Pharmacometrics", "Euthymia.Trials"],
        ["Euthymia.Interop"] = ["Euthymia.Numerics", "Euthymia.Pharmacometrics", "Euthymia.Clinic"],
        ["Euthymia.Web"] = ["Euthymia.Numerics", "Euthymia.Pharmacometrics", "Euthymia.Trials", "Euthymia.Clinic", "Euthymia.Interop"],
        ["Euthymia.Cli"] = ["Euthymia.Numerics", "Euthymia.Pharmacometrics", "Euthymia.Trials", "Euthymia.Interop"],
    };

    public static TheoryData<string> Projects => [.. SourceProjects().Keys];

    [Fact]
    public void Every_source_project_has_a_place_in_the_table()
        => Assert.Empty(SourceProjects().Keys.Except(MayUse.Keys, StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_what_the_table_allows(string project)
    {
        var used = XDocument.Load(SourceProjects()[project])
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));

        Assert.Empty(used.Except(MayUse[project], StringComparer.Ordinal));
    }

    private static Dictionary<string, string> SourceProjects()
        => Directory.EnumerateFiles(Path.Combine(RepositoryRoot(), "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal);

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Euthymia.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Run the tests inside the repository: Euthymia.slnx was not found above them.");
    }
}
