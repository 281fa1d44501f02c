using System.CommandLine;
using Euthymia.Pharmacometrics;
using Euthymia.Trials.Evidence;

namespace Euthymia.Cli.Trials;

/// <summary><c>euthymia trials</c>: the published evidence and the engine held against it.</summary>
internal static class TrialsCommand
{
    private const string Help =
        """
        Published trials: browse them, simulate them, hold the engine against them, design a new one; measure the relapse watch.

        Examples:
          euthymia trials list
          euthymia trials show Murrough2013_RCT
          euthymia trials run Murrough2013_RCT --replicates 1000
          euthymia trials validate --json
          euthymia trials validate --evidence other-trials --plot agreement.svg
          euthymia trials design --arm "0.5 mg/kg over 40 min" --control midazolam --n 47
          euthymia trials relapse
        """;

    public static Command Create(TextWriter output, TextWriter errors) => new("trials", Help)
    {
        EvidenceCommands.List(output),
        EvidenceCommands.Show(output),
        ValidateCommand.Run(output, errors),
        ValidateCommand.Validate(output, errors),
        CalibrateCommand.Create(output, errors),
        DesignCommand.Create(output, errors),
        RelapseCommand.Create(output, errors),
    };

    /// <summary>The option that every command on evidence has.</summary>
    public static Option<DirectoryInfo?> EvidenceOption() => new("--evidence") { Description = "Folder with trials.csv, arms.csv and outcomes.csv; the built-in library without it." };

    /// <summary>The evidence asked for; its faults become faults of the option.</summary>
    public static EvidenceLibrary Evidence(DirectoryInfo? folder)
        => Guard(() => folder is null ? EvidenceReader.ReadBuiltIn() : EvidenceReader.ReadFolder(folder.FullName));

    public static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (EvidenceException error)
        {
            throw new InvalidInputException(error.Code, "evidence", error.Message);
        }
    }
}
