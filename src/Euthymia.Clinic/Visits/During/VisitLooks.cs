using System.Collections.Concurrent;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>
/// Keeps for all servers when the open pages last asked for a visit. Pages ask every few seconds; that is kept in memory and
/// stored for all visits together, each at most every <see cref="Every"/>, apart from the recorder's commits.
/// </summary>
/// <param name="open">Makes a context; disposed of here.</param>
/// <param name="time">The clock.</param>
public sealed class VisitLooks(Func<ClinicDb> open, TimeProvider time)
{
    /// <summary>A visit's row is written at most so often. Well under the limit of rule MON-28, which pages that ask every 3 s must not reach.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, byte> _seen = [];
    private readonly Dictionary<Guid, long> _stored = [];

    /// <summary>A person's page has just asked for this visit.</summary>
    public void Seen(Guid visitId) => _seen[visitId] = 0;

    /// <summary>Stores what was seen since the last turn. Called by one thread of a server.</summary>
    public async Task Store(CancellationToken cancel = default)
    {
        var turn = time.GetTimestamp();
        foreach (var old in _stored.Where(s => time.GetElapsedTime(s.Value, turn) >= Every).Select(s => s.Key).ToList())
            _stored.Remove(old);
        var seen = _seen.Keys.Where(id => _seen.TryRemove(id, out _)).Where(id => !_stored.ContainsKey(id)).ToList();
        if (seen.Count == 0)
            return;
        await using var db = open();
        var running = await db.Visits.Where(v => seen.Contains(v.Id) && v.RunningPatientId != null).Select(v => v.Id).ToListAsync(cancel);
        var looks = await db.Looks.Where(l => running.Contains(l.VisitId)).ToDictionaryAsync(l => l.VisitId, cancel);
        var now = Clock.Now(time);
        foreach (var id in running)
        {
            if (looks.TryGetValue(id, out var look))
                look.At = now;
            else
                db.Looks.Add(new VisitLook { VisitId = id, At = now });
        }

        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (Contention.Is(failure))
        {
            return; // another server has made a row just now; the pages ask again in a moment
        }

        foreach (var id in seen)
            _stored[id] = turn;
    }
}
