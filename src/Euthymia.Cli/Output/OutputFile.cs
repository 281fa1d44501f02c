using Euthymia.Pharmacometrics;

namespace Euthymia.Cli.Output;

/// <summary>A file that is either written whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a file that could not be written, before any work.</summary>
    /// <exception cref="InvalidInputException">Another ending than .csv or .parquet, or a folder that is not there; field <c>out</c>.</exception>
    public static void Check(FileInfo file)
    {
        if (file.Extension.ToUpperInvariant() is not (".CSV" or ".PARQUET"))
            throw new InvalidInputException("out-kind", "out", $"\"{file.Name}\" must end in .csv or .parquet.");
        if (file.Directory is not { Exists: true })
            throw new InvalidInputException("out-folder", "out", $"The folder of \"{file.FullName}\" is not there: make it first.");
    }

    public static bool IsParquet(FileInfo file) => file.Extension.Equals(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes beside the file and moves it there at the end.</summary>
    public static void Write(FileInfo file, Action<Stream> write)
    {
        var part = file.FullName + ".part";
        try
        {
            using (var stream = File.Create(part))
                write(stream);
            File.Move(part, file.FullName, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
