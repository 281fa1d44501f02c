using System.Data.Common;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Euthymia.Clinic.Tests.Keeping;

/// <summary>A database that has no room left in the middle of visits (hazard H44): SQLite's own error of a full disk, by its limit of pages.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Nothing_acknowledged_is_lost_on_a_full_disk_and_recording_goes_on_when_there_is_room()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var visits = new List<Guid>();
        for (var i = 1; i <= 2; i++)
        {
            var (_, _, course) = await clinic.AddCourse($"T-{i}", $"Chair {i}");
            await clinic.Start(course[0].Id);
            visits.Add(course[0].Id);
        }

        var disk = new Room();
        var recorder = new VisitRecorder(() => new SqliteClinicDb(new DbContextOptionsBuilder<SqliteClinicDb>().UseSqlite(clinic.Connection).AddInterceptors(disk).Options), clinic.Time);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => recorder.Run(stop.Token), TestClinic.Cancel);
        await using (var db = clinic.Db())
            disk.Pages = await Pages(db) + 24; // a tenth of a megabyte
        List<(Guid Visit, Guid Entry)> acknowledged = [], refused = [];
        for (var i = 0; refused.Count < 20; i++)
        {
            Assert.True(i < 5000, "The disk was never full.");
            var entry = (Visit: visits[i % 2], Entry: Guid.CreateVersion7());
            if (await Record(recorder, clinic, entry))
                acknowledged.Add(entry);
            else
                refused.Add(entry);
        }

        Assert.InRange(acknowledged.Count, 10, int.MaxValue);
        Assert.Equal(acknowledged.Select(a => a.Entry).Order(), await Stored(clinic, acknowledged.Concat(refused)));
        await WholeAndSound(clinic, visits);

        // Room again, the same recorder: the device sends what it has kept, under the same ids.
        disk.Pages = int.MaxValue;
        foreach (var entry in refused)
            Assert.True(await Record(recorder, clinic, entry));
        Assert.Equal(acknowledged.Concat(refused).Select(a => a.Entry).Order(), await Stored(clinic, acknowledged.Concat(refused)));
        await WholeAndSound(clinic, visits);
        await stop.CancelAsync();
        await running;
    }

    private static async Task<bool> Record(VisitRecorder recorder, TestClinic clinic, (Guid Visit, Guid Entry) entry)
    {
        try
        {
            await recorder.Append(clinic.Nurse, entry.Visit, entry.Entry, new Noted($"{entry.Entry} {new string('x', 2000)}"), cancel: TestClinic.Cancel);
            return true;
        }
        catch (Exception failure) when (StorageFull.Is(failure))
        {
            return false;
        }
    }

    private static async Task<IEnumerable<Guid>> Stored(TestClinic clinic, IEnumerable<(Guid Visit, Guid Entry)> sent)
    {
        var ids = sent.Select(s => s.Entry).ToHashSet();
        await using var db = clinic.Db();
        return (await db.VisitEvents.AsNoTracking().Select(e => e.Id).ToListAsync(TestClinic.Cancel)).Where(ids.Contains).Order();
    }

    private static async Task WholeAndSound(TestClinic clinic, List<Guid> visits)
    {
        await using var db = clinic.Db();
        Assert.Equal("ok", (await db.Database.SqlQueryRaw<string>("PRAGMA integrity_check").ToListAsync(TestClinic.Cancel)).Single());
        foreach (var visit in visits)
        {
            var events = await db.VisitEvents.AsNoTracking().Where(e => e.VisitId == visit).ToListAsync(TestClinic.Cancel);
            Assert.Null(VisitSeal.FirstBroken(events));
            Assert.Equal(events.Count, await db.Audit.CountAsync(a => a.Kind == AuditKind.VisitEventRecorded && a.SubjectId == visit, TestClinic.Cancel));
        }
    }

    private static async Task<int> Pages(ClinicDb db) => (await db.Database.SqlQueryRaw<int>("PRAGMA page_count").ToListAsync(TestClinic.Cancel)).Single();

    /// <summary>How many pages the database may have, for every connection that is opened.</summary>
    private sealed class Room : DbConnectionInterceptor
    {
        public int Pages { get; set; } = int.MaxValue;

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA max_page_count={Math.Min(Pages, 1_000_000)}";
            await command.ExecuteScalarAsync(cancellationToken);
        }
    }
}
