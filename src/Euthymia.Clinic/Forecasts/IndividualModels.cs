using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Clinic.Forecasts;

/// <summary>
/// Estimates of patients' own models, each computed once for the same data. A cache in memory and nothing more: what falls out of
/// it is computed again, to the same numbers.
/// </summary>
/// <param name="threads">Of one estimate at most; null for one per core. It never changes a result.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for has nothing to give back.")]
public sealed class IndividualModels(int? threads = null)
{
    private const int Kept = 48;
    private const int AtOnce = 2; // each takes all the cores that it may

    private readonly ConcurrentDictionary<string, Lazy<Task<IndividualEstimate>>> _estimates = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>The patient's model. Takes a tenth of a second to seconds, never on the caller's thread.</summary>
    /// <exception cref="Pharmacometrics.InvalidInputException">The data cannot be right.</exception>
    public Task<IndividualEstimate> Estimate(ModelData data, CancellationToken cancel = default)
    {
        var key = data.Key;
        var estimate = _estimates.GetOrAdd(key, _ =>
        {
            _order.Enqueue(key);
            return new Lazy<Task<IndividualEstimate>>(() => Work(data));
        });
        while (_order.Count > Kept && _order.TryDequeue(out var oldest))
            _estimates.TryRemove(oldest, out _);
        return estimate.Value.WaitAsync(cancel);
    }

    private async Task<IndividualEstimate> Work(ModelData data)
    {
        await _turns.WaitAsync();
        try
        {
            return await Task.Factory.StartNew(
                () => Individualiser.Estimate(data.Record, options: new IndividualOptions(Threads: threads)),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default); // the pool's threads answer people
        }
        finally
        {
            _turns.Release();
        }
    }
}
