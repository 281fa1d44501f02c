using System.CommandLine;
using Euthymia.Cli.Commands;
using Euthymia.Pharmacometrics;

namespace Euthymia.Cli;

/// <summary>The command line, with its output as arguments so that a test can read it.</summary>
public static class EuthymiaProgram
{
    /// <summary>What the shell sees.</summary>
    public static class ExitCode
    {
        public const int Success = 0;
        public const int Failure = 1;
        public const int BadInput = 2;
        public const int Stopped = 130;
    }

    /// <summary>Runs one command. Results go to <paramref name="output"/>, everything else to <paramref name="errors"/>.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        RootCommand root = new(
            "Euthymia's engine on the command line: concentrations of ketamine and its metabolites in virtual patients.\n\n"
            + "Decision support for licensed professionals. Predictions come from published models; see docs/methods.")
        {
            SimulateCommand.Create(output, errors),
            Individuals.IndividualiseCommand.Create(output, errors),
            Individuals.PlanCommand.Create(output, errors),
            ModelsCommand.Create(output),
            AgreementCommand.Create(output),
            MonitorSimulatorCommand.Create(output),
            Trials.TrialsCommand.Create(output, errors),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await errors.WriteLineAsync($"error: {error.Message}");
            await errors.WriteLineAsync($"Run \"{Path(parsed)} --help\" for the options and examples.");
            return ExitCode.BadInput;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = errors,
                EnableDefaultExceptionHandler = false,
            });
        }
        catch (InvalidInputException error)
        {
            await errors.WriteLineAsync($"error: --{error.Field}: {error.Message} [{error.Code}]");
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("Stopped. Nothing was written.");
            return ExitCode.Stopped;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"error: {error.Message}");
            return ExitCode.Failure;
        }
    }

    private static string Path(ParseResult parsed)
        => parsed.CommandResult.Command is RootCommand ? "euthymia" : $"euthymia {parsed.CommandResult.Command.Name}";
}
