using Euthymia.Cli;

namespace Euthymia.Cli.Tests;

/// <summary>One run of the command line in this process, with what it printed.</summary>
internal sealed record CommandLine(int ExitCode, string Output, string Errors)
{
    public static async Task<CommandLine> Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        var code = await EuthymiaProgram.RunAsync(arguments, output, errors);
        return new CommandLine(code, output.ToString(), errors.ToString());
    }
}

/// <summary>A folder of its own for each test, gone at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("euthymia-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
