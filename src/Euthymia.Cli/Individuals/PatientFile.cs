using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Cli.Individuals;

/// <summary>A file of patients, read or refused.</summary>
internal static class PatientFile
{
    public static IReadOnlyList<(string Id, PatientRecord Record)> Read(FileInfo file)
    {
        if (!file.Exists)
            throw new InvalidInputException("data-missing", "data", $"There is no file \"{file.FullName}\".");
        using var reader = file.OpenText();
        return PatientTable.Read(reader, file.Name);
    }
}
