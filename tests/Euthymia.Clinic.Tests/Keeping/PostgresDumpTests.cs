using System.Diagnostics;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Euthymia.Clinic.Tests.Keeping;

/// <summary>pg_dump while the clinic records, and pg_restore into a fresh database, as docs/safety/backup.md says (hazard H46).</summary>
public sealed class PostgresDumpTests
{
    [Fact]
    public async Task A_dump_made_while_a_visit_is_recorded_can_be_restored_and_is_whole()
    {
        var (dump, restore) = (Tool("pg_dump"), Tool("pg_restore"));
        Assert.SkipUnless(dump is not null && restore is not null, "pg_dump and pg_restore are not here.");
        await using var clinic = await TestClinic.Open(Store.Postgres);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        await using var server = new RunningRecorder(clinic);
        var (acknowledged, isDumped) = (0, false);
        var recording = Task.Run(async () =>
        {
            for (var i = 0; !Volatile.Read(ref isDumped); i++)
                Volatile.Write(ref acknowledged, (await server.Recorder.Append(clinic.Nurse, visit, Guid.CreateVersion7(), new Noted($"entry {i}"), cancel: TestClinic.Cancel)).Event.Number);
        }, TestClinic.Cancel);
        while (Volatile.Read(ref acknowledged) < 10 && !recording.IsCompleted)
            await Task.Delay(5, TestClinic.Cancel);
        var before = Volatile.Read(ref acknowledged);

        var from = new NpgsqlConnectionStringBuilder(clinic.Connection);
        var to = new NpgsqlConnectionStringBuilder(clinic.Connection) { Database = $"{from.Database}_restored" };
        var file = Path.Combine(Path.GetTempPath(), $"{from.Database}.dump");
        try
        {
            await Run(dump!, from, ["--format=custom", $"--file={file}", from.Database!]);
            Volatile.Write(ref isDumped, true);
            await recording;
            await Administer(from, $"CREATE DATABASE \"{to.Database}\" TEMPLATE template0");
            await Run(restore!, from, ["--exit-on-error", $"--dbname={to.Database}", file]);

            await using var db = new PostgresClinicDb(new DbContextOptionsBuilder<PostgresClinicDb>().UseNpgsql(to.ToString()).Options);
            await ClinicSchema.BringUpToDate(db, TestClinic.Cancel);
            var events = await db.VisitEvents.AsNoTracking().Where(e => e.VisitId == visit).ToListAsync(TestClinic.Cancel);
            Assert.InRange(events.Count, before, int.MaxValue);
            Assert.Null(VisitSeal.FirstBroken(events));
            Assert.Equal(events.Count, await db.Audit.CountAsync(a => a.Kind == AuditKind.VisitEventRecorded && a.SubjectId == visit, TestClinic.Cancel));

            // What guards the record came along, and the clinic goes on from there.
            var refusal = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM \"VisitEvents\"", TestClinic.Cancel));
            Assert.Contains("append-only", refusal.Message, StringComparison.Ordinal);
            await new VisitLog(db, clinic.Time, clinic.Nurse).Append(visit, Guid.CreateVersion7(), new Noted("after the restore"), cancel: TestClinic.Cancel);
        }
        finally
        {
            File.Delete(file);
            await Administer(from, $"DROP DATABASE IF EXISTS \"{to.Database}\" WITH (FORCE)");
        }
    }

    private static string? Tool(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Reverse().Select(d => Path.Combine(d, "bin")) : [])
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static async Task Run(string tool, NpgsqlConnectionStringBuilder server, string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardError = true, UseShellExecute = false };
        start.Environment["PGHOST"] = server.Host;
        start.Environment["PGPORT"] = $"{server.Port}";
        start.Environment["PGUSER"] = server.Username;
        start.Environment["PGPASSWORD"] = server.Password ?? "";
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync(TestClinic.Cancel);
        await process.WaitForExitAsync(TestClinic.Cancel);
        Assert.True(process.ExitCode == 0, said);
    }

    private static async Task Administer(NpgsqlConnectionStringBuilder server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ToString()) { Database = "postgres" }.ToString());
        await connection.OpenAsync(TestClinic.Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestClinic.Cancel);
    }
}
