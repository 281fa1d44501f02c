using System.Diagnostics;
using Spectre.Console;

namespace Euthymia.Cli.Output;

/// <summary>A progress bar with rate and time left, on the error stream, for work that lasts over a second.</summary>
internal static class Progress
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static T Run<T>(TextWriter errors, long total, string unit, Func<Action<int>, T> work)
    {
        var done = 0L;
        var task = Task.Run(() => work(patients => Interlocked.Add(ref done, patients)));
        // A redirected error stream is a log: no bar there.
        if (!ReferenceEquals(errors, Console.Error) || Console.IsErrorRedirected || Finished(task, Patience))
            return task.GetAwaiter().GetResult();

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(errors) });
        var clock = Stopwatch.StartNew();
        var before = Interlocked.Read(ref done);
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var bar = context.AddTask(unit, maxValue: total);
                while (!Finished(task, TimeSpan.FromMilliseconds(100)))
                {
                    var now = Interlocked.Read(ref done);
                    bar.Value = now;
                    bar.Description = FormattableString.Invariant($"{(now - before) / clock.Elapsed.TotalSeconds:N0} {unit}/s");
                }
            });
        return task.GetAwaiter().GetResult();
    }

    private static bool Finished(Task task, TimeSpan wait) => Task.WhenAny(task, Task.Delay(wait)).GetAwaiter().GetResult() == task;
}
