using System.Runtime.ExceptionServices;

namespace Euthymia.Numerics;

/// <summary>Shares groups of patients out to threads, each with work memory of its own.</summary>
internal static class GroupWork
{
    // Counters lie in cache lines of their own.
    private const int Spacing = 32;

    /// <summary>Runs every group once. Which thread takes which group is left to chance and must not matter.</summary>
    public static void Run<TWorker>(int groups, int threads, Func<TWorker> makeWorker, Action<TWorker, int> run, CancellationToken cancellation)
        where TWorker : IDisposable
    {
        threads = Math.Min(threads, groups);
        if (threads <= 1)
        {
            using var worker = makeWorker();
            for (var group = 0; group < groups; group++)
                Work(worker, group);
            return;
        }
        // Neighbouring groups share plans: each thread has a range of its own and helps with the others' when that is done.
        var next = new int[threads * Spacing];
        try
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
            {
                using var worker = makeWorker();
                for (var i = 0; i < threads; i++)
                {
                    var range = (thread + i) % threads;
                    var (start, end) = (Start(range), Start(range + 1));
                    for (int group; (group = start + Interlocked.Increment(ref next[range * Spacing]) - 1) < end;)
                        Work(worker, group);
                }
                // Streamed results are ordered before whatever tells the caller that the work is done.
                Interlocked.MemoryBarrier();
            });
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.Flatten().InnerExceptions[0]);
        }

        int Start(int range) => (int)((long)groups * range / threads);

        void Work(TWorker worker, int group)
        {
            cancellation.ThrowIfCancellationRequested();
            run(worker, group);
        }
    }
}
