using System.Runtime.ExceptionServices;

namespace Euthymia.Numerics;

/// <summary>Shares groups of patients out to threads, each with work memory of its own.</summary>
internal static class GroupWork
{
    /// <summary>Runs every group once. Which thread takes which group is left to chance and must not matter.</summary>
    public static void Run<TWorker>(int groups, int threads, Func<TWorker> makeWorker, Action<TWorker, int> run, CancellationToken cancellation)
        where TWorker : IDisposable
    {
        var next = -1;
        threads = Math.Min(threads, groups);
        if (threads <= 1)
        {
            Work();
            return;
        }
        try
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => Work());
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.Flatten().InnerExceptions[0]);
        }

        void Work()
        {
            using var worker = makeWorker();
            for (var group = Interlocked.Increment(ref next); group < groups; group = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                run(worker, group);
            }
        }
    }
}
