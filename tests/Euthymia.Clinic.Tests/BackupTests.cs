using Euthymia.Clinic.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

/// <summary>A copy made while the clinic records (docs/safety/backup.md) is whole and can be opened (hazard H46).</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task A_copy_made_while_a_visit_is_recorded_holds_every_entry_acknowledged_before_it()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        await using var server = new RunningRecorder(clinic);
        var copy = Path.Combine(Path.GetTempPath(), $"euthymia-copy-{Guid.CreateVersion7():N}.db");
        try
        {
            var acknowledged = 0;
            var isCopied = false;
            var recording = Task.Run(async () =>
            {
                for (var i = 0; i < 200 && !Volatile.Read(ref isCopied); i++)
                    acknowledged = (await server.Recorder.Append(clinic.Nurse, visit, Guid.CreateVersion7(), new Noted($"entry {i}"), cancel: TestClinic.Cancel)).Event.Number;
            }, TestClinic.Cancel);
            while (Volatile.Read(ref acknowledged) < 10 && !recording.IsCompleted)
                await Task.Delay(5, TestClinic.Cancel);
            var before = Volatile.Read(ref acknowledged);
            await using (var source = new SqliteConnection(clinic.Connection))
            {
                await source.OpenAsync(TestClinic.Cancel);
                await using var vacuum = source.CreateCommand();
                vacuum.CommandText = "VACUUM INTO $copy";
                vacuum.Parameters.AddWithValue("$copy", copy);
                await vacuum.ExecuteNonQueryAsync(TestClinic.Cancel);
            }

            Volatile.Write(ref isCopied, true);
            await recording;

            await using var restored = new SqliteClinicDb(new DbContextOptionsBuilder<SqliteClinicDb>().UseSqlite(new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ToString()).Options);
            Assert.Empty(await restored.Database.GetPendingMigrationsAsync(TestClinic.Cancel));
            Assert.Equal("ok", (await restored.Database.SqlQueryRaw<string>("PRAGMA integrity_check").ToListAsync(TestClinic.Cancel)).Single());
            var events = await restored.VisitEvents.AsNoTracking().Where(e => e.VisitId == visit).OrderBy(e => e.Number).ToListAsync(TestClinic.Cancel);
            Assert.InRange(events.Count, before, int.MaxValue);
            Assert.Null(VisitSeal.FirstBroken(events));
            Assert.Equal(events.Count, await restored.Audit.CountAsync(a => a.Kind == AuditKind.VisitEventRecorded && a.SubjectId == visit, TestClinic.Cancel));

            // The check can fail: an entry taken out of the copy breaks the chain.
            events.RemoveAt(events.Count / 2);
            Assert.NotNull(VisitSeal.FirstBroken(events));
        }
        finally
        {
            File.Delete(copy);
        }
    }
}
