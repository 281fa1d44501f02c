using System.Collections.Concurrent;

namespace Euthymia.Web.Pages.Cohort;

/// <summary>
/// Where an export that was made lies until it is fetched: in memory, for its maker alone, for a few minutes. It is lost with the server,
/// and made again then; nothing of it is written to a disk.
/// </summary>
public sealed class ExportShelf(TimeProvider time)
{
    private const int Most = 8;
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Guid, Parcel> _parcels = new();

    /// <summary>Puts a file on the shelf and returns the id that it is fetched by.</summary>
    public Guid Put(Guid accountId, byte[] file, string name)
    {
        var now = time.GetUtcNow();
        foreach (var (old, _) in _parcels.Where(p => now - p.Value.At > Keep).Concat(_parcels.OrderBy(p => p.Value.At).Take(_parcels.Count - Most + 1)).ToList())
            _parcels.TryRemove(old, out _);
        var id = Guid.NewGuid();
        _parcels[id] = new Parcel(accountId, file, name, now);
        return id;
    }

    /// <summary>The file, for the account that made it; null for others, and when it is gone.</summary>
    public (byte[] File, string Name)? Find(Guid id, Guid accountId) =>
        _parcels.TryGetValue(id, out var parcel) && parcel.AccountId == accountId && time.GetUtcNow() - parcel.At <= Keep ? (parcel.File, parcel.Name) : null;

    private sealed record Parcel(Guid AccountId, byte[] File, string Name, DateTimeOffset At);
}
