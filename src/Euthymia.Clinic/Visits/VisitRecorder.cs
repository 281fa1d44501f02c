using System.Threading.Channels;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>
/// Appends to visits for a whole server. A durable commit costs milliseconds, so entries that arrive while one is being
/// written are stored together by the next: each is judged by itself, refused by itself, and acknowledged only after the
/// commit that holds it. The database's unique keys stay the only guard; the visits kept here are a cache, read again
/// whenever the database refuses a number because somebody else has written.
/// </summary>
/// <param name="open">Makes a context; the recorder disposes of it.</param>
/// <param name="time">The clock.</param>
public sealed class VisitRecorder(Func<ClinicDb> open, TimeProvider time)
{
    /// <summary>Entries stored by one commit at most, so that the first of them does not wait for long.</summary>
    public const int LargestGroup = 256;

    private const int LongestQueue = 20_000;
    private const int Attempts = 50;
    private static readonly TimeSpan KeepIdle = TimeSpan.FromMinutes(10);
    private static readonly Actor Timer = new(Guid.Empty, "Euthymia", ClinicRole.Nurse);

    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(LongestQueue) { SingleReader = true });
    private readonly Dictionary<Guid, Cached> _visits = [];
    private readonly LookAges _looks = new(time);
    private long _commits;
    private long _entries;

    /// <summary>How many commits have stored entries, and how many entries.</summary>
    public (long Commits, long Entries) Written => (Interlocked.Read(ref _commits), Interlocked.Read(ref _entries));

    /// <inheritdoc cref="VisitLog.Append"/>
    /// <remarks>Once it is queued an entry is stored even if the caller stops waiting.</remarks>
    public async Task<AppendResult> Append(Actor actor, Guid visitId, Guid eventId, VisitEntry entry, DateTimeOffset? observedAt = null, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var work = new Work(visitId, new Entry(actor, eventId, entry, observedAt));
        await _queue.Writer.WriteAsync(work, cancel);
        return (await work.Done.Task.WaitAsync(cancel))!;
    }

    /// <summary>
    /// Judges what the passing of time means: a reading overdue, an alarm that nobody acknowledges, a monitor that fell silent,
    /// a visit that nobody looks at. Looks at every running visit whose next moment has come, and at those that another server has
    /// written to. Called by one thread of a server, every few seconds: after a longer gap looks count anew (<see cref="LookAges"/>).
    /// </summary>
    public async Task Watch(CancellationToken cancel = default)
    {
        var now = Clock.Now(time);
        List<RunningVisit> running;
        RuleHistory rules;
        await using (var db = open())
        {
            running = await db.Visits.AsNoTracking().Where(v => v.RunningPatientId != null)
                .Select(v => new RunningVisit(v.Id, db.VisitEvents.Where(e => e.VisitId == v.Id).Max(e => e.Number), db.Looks.Where(l => l.VisitId == v.Id).Select(l => (DateTimeOffset?)l.At).FirstOrDefault())).ToListAsync(cancel);
            rules = await RuleHistory.Read(db, cancel);
        }

        _looks.Read(running.Select(v => (v.Id, v.LookedAt)));

        List<Work> looks = [];
        lock (_visits)
        {
            foreach (var visit in running)
            {
                var isCached = _visits.TryGetValue(visit.Id, out var cached);
                if (isCached && cached!.Snapshot.LastNumber < visit.LastNumber)
                    cached.IsStale = true; // another server has written
                var look = _looks.Of(visit.Id);
                if (!isCached || cached!.IsStale || cached.NextCheck <= now || cached.UsedAt > now || (look is not null && ChairAlarms.IsChangedBy(look, cached.Snapshot.Findings, rules.For(cached.Snapshot.Visit))))
                    looks.Add(new Work(visit.Id, Entry: null, look));
            }

            var ids = running.Select(v => v.Id).ToHashSet();
            foreach (var idle in _visits.Where(v => !ids.Contains(v.Key) && now - v.Value.UsedAt > KeepIdle).Select(v => v.Key).ToList())
                _visits.Remove(idle);
        }

        foreach (var look in looks)
            await _queue.Writer.WriteAsync(look, cancel);
        await Task.WhenAll(looks.ConvertAll(l => l.Done.Task)).WaitAsync(cancel);
    }

    /// <summary>Stores what is queued until cancelled; what is queued then is stored before it returns.</summary>
    public async Task Run(CancellationToken cancel)
    {
        await using var registration = cancel.Register(() => _queue.Writer.TryComplete());
        List<Work> group = [];
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            group.Clear();
            while (group.Count < LargestGroup && _queue.Reader.TryRead(out var work))
                group.Add(work);
            await Store(group);
        }
    }

    private async Task Store(List<Work> group)
    {
        try
        {
            if (await TryStore(group))
                return;
        }
        catch (Exception failure)
        {
            // The store itself failed (disk full, no connection): nobody is told that anything was saved.
            Fail(group, failure);
            return;
        }

        // Somebody else's row was in the way of one of them: each by itself, so that none fails for its neighbour.
        foreach (var work in group.Where(w => !w.Done.Task.IsCompleted))
        {
            try
            {
                await StoreAlone(work);
            }
            catch (Exception failure)
            {
                Fail([work], failure);
            }
        }
    }

    private async Task StoreAlone(Work work)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await TryStore([work]))
                return;
            if (attempt == Attempts)
                throw new TimeoutException("Others were faster every time. Send it again.");
            if (work.Entry is { } entry)
            {
                await using var db = open();
                var log = new VisitLog(db, time, entry.Actor);
                var snapshot = await log.Snapshot(work.VisitId, CancellationToken.None);
                var starts = entry.What is InfusionStarted;
                await log.ExplainConflict(snapshot.Visit, entry.EventId, starts, CancellationToken.None);
            }
        }
    }

    /// <summary>False when the database refused a row that somebody else had stored; nothing is stored then, and the cache is dropped.</summary>
    private async Task<bool> TryStore(List<Work> group)
    {
        await using var db = open();
        var rules = await RuleHistory.Read(db);
        await Load(db, group);
        List<(Work Work, AppendResult? Result)> staged = [];
        foreach (var work in group.Where(w => !w.Done.Task.IsCompleted))
        {
            try
            {
                staged.Add((work, await Stage(db, work, rules)));
            }
            catch (ClinicRuleException refusal)
            {
                work.Done.TrySetException(refusal);
            }
            catch (Exception failure)
            {
                // Whatever it is, it is this entry's own: its neighbours go on, its visit is read again.
                Forget([work]);
                work.Done.TrySetException(failure);
            }
        }

        try
        {
            if (db.ChangeTracker.Entries().Any())
                await db.SaveChangesAsync();
        }
        catch (Exception failure)
        {
            Forget(group);
            if (Contention.Is(failure))
                return false;
            throw;
        }

        Interlocked.Increment(ref _commits);
        Interlocked.Add(ref _entries, staged.Count);
        Acknowledge(staged, rules);
        return true;
    }

    private async Task<AppendResult?> Stage(ClinicDb db, Work work, RuleHistory history)
    {
        Cached? cached;
        lock (_visits)
            cached = _visits.GetValueOrDefault(work.VisitId);
        if (cached is null)
            return work.Entry is null ? null : throw ClinicRuleException.NotFound("visit");
        var rules = history.For(cached.Snapshot.Visit);
        if (work.Entry is { } entry)
            return await new VisitLog(db, time, entry.Actor).Stage(cached.Snapshot, rules, entry.EventId, entry.What, entry.ObservedAt, CancellationToken.None);
        var log = new VisitLog(db, time, Timer);
        if (cached.Snapshot.LastNumber > 0)
            log.StageTime(cached.Snapshot, rules, work.Look);
        return null;
    }

    private void Acknowledge(List<(Work Work, AppendResult? Result)> staged, RuleHistory history)
    {
        var now = Clock.Now(time);
        lock (_visits)
        {
            foreach (var (id, state) in staged.Select(s => (s.Work.VisitId, s.Result?.State)))
            {
                if (_visits.TryGetValue(id, out var cached))
                {
                    var rules = history.For(cached.Snapshot.Visit);
                    cached.UsedAt = now;
                    var at = state ?? VisitFold.Now(cached.Snapshot.Visit, [.. cached.Snapshot.Visit.Events], now, rules);
                    var ahead = at.VisitTime(now) - now;
                    cached.NextCheck = ChairAlarms.NextCheck(at, cached.Snapshot.Findings, rules, now + ahead) - ahead;
                }
            }
        }

        foreach (var (work, result) in staged)
            work.Done.TrySetResult(result);
    }

    /// <summary>Reads the visits that are not in the cache, all together; also those that do not run, which may be moved or cancelled beside their log. A look reads anew what another server has written to.</summary>
    private async Task Load(ClinicDb db, List<Work> group)
    {
        List<Guid> wanted;
        lock (_visits)
            wanted = [.. group.Select(w => w.VisitId).Distinct().Where(id => !_visits.TryGetValue(id, out var cached) || cached.IsStale || cached.Snapshot.Visit.RunningPatientId is null)];
        if (wanted.Count == 0)
            return;
        var visits = await db.Visits.AsNoTracking().Include(v => v.Events.OrderBy(e => e.Number)).Where(v => wanted.Contains(v.Id)).ToListAsync();
        var findings = (await db.Findings.AsNoTracking().Where(f => wanted.Contains(f.SubjectId)).ToListAsync()).ToLookup(f => f.SubjectId);
        var medication = await MedicationOnRecord.Of(db, [.. visits.Select(v => v.PatientId).Distinct()], CancellationToken.None);
        lock (_visits)
        {
            foreach (var visit in visits)
                _visits[visit.Id] = new Cached(new VisitSnapshot(visit, [.. findings[visit.Id]], medication.GetValueOrDefault(visit.PatientId))) { UsedAt = Clock.Now(time) };
        }
    }

    private void Forget(List<Work> group)
    {
        lock (_visits)
        {
            foreach (var work in group)
                _visits.Remove(work.VisitId);
        }
    }

    private static void Fail(List<Work> group, Exception failure)
    {
        foreach (var work in group)
            work.Done.TrySetException(failure);
    }

    private sealed record RunningVisit(Guid Id, int LastNumber, DateTimeOffset? LookedAt);

    private sealed record Entry(Actor Actor, Guid EventId, VisitEntry What, DateTimeOffset? ObservedAt);

    /// <summary>One thing to do for a visit: an entry to store, or a look at what time has brought (without an entry).</summary>
    private sealed record Work(Guid VisitId, Entry? Entry, Look? Look = null)
    {
        public TaskCompletionSource<AppendResult?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Cached(VisitSnapshot snapshot)
    {
        public VisitSnapshot Snapshot { get; } = snapshot;

        public DateTimeOffset NextCheck { get; set; }

        public bool IsStale { get; set; }

        public DateTimeOffset UsedAt { get; set; }
    }
}
