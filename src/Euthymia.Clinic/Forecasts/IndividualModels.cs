using System.Collections.Concurrent;
using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Clinic.Forecasts;

/// <summary>
/// Estimates of patients' own models, each computed once for the same data. A cache in memory and nothing more: what falls out of
/// it is computed again, to the same numbers.
/// </summary>
/// <param name="threads">Of one estimate at most; null for one per core. It never changes a result.</param>
public sealed class IndividualModels(int? threads = null)
{
    private const int Kept = 48;

    private readonly ConcurrentDictionary<string, Lazy<Task<IndividualEstimate>>> _estimates = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    /// <summary>The patient's model. Takes a tenth of a second to seconds, never on the caller's thread.</summary>
    /// <exception cref="Pharmacometrics.InvalidInputException">The data cannot be right.</exception>
    public Task<IndividualEstimate> Estimate(ModelData data, CancellationToken cancel = default)
    {
        var key = data.Key;
        var estimate = _estimates.GetOrAdd(key, _ =>
        {
            _order.Enqueue(key);
            return new Lazy<Task<IndividualEstimate>>(() => Task.Run(() => Individualiser.Estimate(data.Record, options: new IndividualOptions(Threads: threads)), CancellationToken.None));
        });
        while (_order.Count > Kept && _order.TryDequeue(out var oldest))
            _estimates.TryRemove(oldest, out _);
        return estimate.Value.WaitAsync(cancel);
    }
}
