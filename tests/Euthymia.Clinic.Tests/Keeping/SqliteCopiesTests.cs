using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Keeping;

/// <summary>The copies that the program makes by itself, looked through before an older one gives way (hazard H46).</summary>
public sealed class SqliteCopiesTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"euthymia-copies-{Guid.CreateVersion7():N}");

    [Fact]
    public async Task Copies_made_while_a_visit_is_recorded_are_whole_and_the_newest_stay()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var visit = await Running(clinic);
        await using var server = new RunningRecorder(clinic);
        var isDone = false;
        var recording = Task.Run(async () =>
        {
            for (var i = 0; !Volatile.Read(ref isDone); i++)
                await server.Recorder.Append(clinic.Nurse, visit, Guid.CreateVersion7(), new Noted($"entry {i}"), cancel: TestClinic.Cancel);
        }, TestClinic.Cancel);
        List<DatabaseCopy> copies = [];
        for (var night = 0; night < 5; night++)
            copies.Add(await Make(clinic, clinic.Time.GetUtcNow().AddDays(night), keep: 3));
        Volatile.Write(ref isDone, true);
        await recording;

        Assert.All(copies, c => Assert.Equal(0, c.BrokenVisits));
        Assert.True(copies[0].Events >= 6 && copies[^1].Events >= copies[0].Events);
        Assert.Equal(copies.TakeLast(3).Reverse().Select(c => (c.File, c.At)), SqliteCopies.In(_folder));
        Assert.Equal(3, Directory.GetFiles(_folder).Length); // nothing half done beside them
        Assert.Equal(copies[^1] with { At = default }, await SqliteCopies.Check(copies[^1].File, TestClinic.Cancel));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copies[^1].File));
    }

    [Fact]
    public async Task A_damaged_copy_is_found_and_costs_no_older_one()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await Running(clinic);
        var good = await Make(clinic, clinic.Time.GetUtcNow(), keep: 1);
        var damaged = Path.Combine(_folder, "damaged.db");
        var bytes = await File.ReadAllBytesAsync(good.File, TestClinic.Cancel);
        Array.Fill(bytes, (byte)0x5A, bytes.Length / 2, bytes.Length / 4);
        await File.WriteAllBytesAsync(damaged, bytes, TestClinic.Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => SqliteCopies.Check(damaged, TestClinic.Cancel));

        // A copy that fails on the way (no such database, no room) leaves the older ones.
        await using var nowhere = new SqliteClinicDb(new DbContextOptionsBuilder<SqliteClinicDb>().UseSqlite($"Data Source={Path.Combine(_folder, "none", "none.db")}").Options);
        await Assert.ThrowsAnyAsync<Exception>(() => SqliteCopies.Make(nowhere, _folder, clinic.Time.GetUtcNow().AddDays(1), keep: 1, TestClinic.Cancel));
        Assert.Equal([good.File], SqliteCopies.In(_folder).Select(c => c.File), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_record_that_was_altered_is_told_and_the_copy_is_kept()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var visit = await Running(clinic);
        await using (var db = clinic.Db())
        {
            await db.Database.ExecuteSqlRawAsync("DROP TRIGGER \"VisitEvents_refuse_DELETE\"", TestClinic.Cancel);
            await db.VisitEvents.Where(e => e.VisitId == visit && e.Number == 3).ExecuteDeleteAsync(TestClinic.Cancel);
        }

        var copy = await Make(clinic, clinic.Time.GetUtcNow(), keep: 3);
        Assert.Equal(1, copy.BrokenVisits);
        Assert.True(File.Exists(copy.File));
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private async Task<DatabaseCopy> Make(TestClinic clinic, DateTimeOffset at, int keep)
    {
        await using var db = clinic.Db();
        return await SqliteCopies.Make((SqliteClinicDb)db, _folder, at, keep, TestClinic.Cancel);
    }

    private static async Task<Guid> Running(TestClinic clinic)
    {
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Start(visits[0].Id);
        return visits[0].Id;
    }
}
