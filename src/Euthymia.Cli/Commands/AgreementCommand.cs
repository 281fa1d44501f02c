using System.CommandLine;
using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Spectre.Console;

namespace Euthymia.Cli.Commands;

/// <summary><c>euthymia agreement</c>: the shipped models held against published observations.</summary>
internal static class AgreementCommand
{
    private const string Help =
        """
        Holds the drug models against published observations that ship with the engine.

        Examples:
          euthymia agreement
          euthymia agreement --out docs/methods
        """;

    public static Command Create(TextWriter output)
    {
        Option<DirectoryInfo?> folder = new("--out", "-o") { Description = "Also write pharmacokinetics-agreement.md and .svg into this folder." };
        Command command = new("agreement", Help) { folder };
        command.SetAction(parsed => Run(parsed.GetValue(folder), output));
        return command;
    }

    private static void Run(DirectoryInfo? folder, TextWriter output)
    {
        if (folder is { Exists: false })
            throw new InvalidInputException("folder-missing", "out", $"The folder \"{folder.FullName}\" is not there: make it first.");
        Agreement[] agreements = [.. ObservedData.All.Select(Agreement.Of)];
        Print(agreements, output);
        if (folder is null)
            return;
        File.WriteAllText(Path.Combine(folder.FullName, "pharmacokinetics-agreement.md"), AgreementReport.Markdown(agreements));
        AgreementPlot.Write(Path.Combine(folder.FullName, "pharmacokinetics-agreement.svg"), agreements);
        output.WriteLine($"Wrote pharmacokinetics-agreement.md and pharmacokinetics-agreement.svg to {folder.FullName}");
    }

    private static void Print(IReadOnlyList<Agreement> agreements, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (Console.IsOutputRedirected || !ReferenceEquals(output, Console.Out))
            console.Profile.Width = 140;
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        table.AddColumn("Data");
        foreach (var heading in new[] { "Model", "Points", "Observed", "Predicted", "MdPE %", "MdAPE %" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var agreement in agreements)
            table.AddRow([.. AgreementReport.Cells(agreement).Select(cell => new Text(cell))]);
        console.Write(table);
        console.WriteLine("Typical patient of the stated weight. Error = (observed - predicted) / predicted; MdPE bias, MdAPE inaccuracy.");
    }
}
