using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Storage;

/// <summary>A copy of the database as it was looked through after it was made.</summary>
/// <param name="File">Its path.</param>
/// <param name="At">The moment that it holds.</param>
/// <param name="Events">Entries of visits in it.</param>
/// <param name="BrokenVisits">Visits whose chain of hashes tells a missing or changed entry. The copy is as whole as its source; the record is not.</param>
public sealed record DatabaseCopy(string File, DateTimeOffset At, int Events, int BrokenVisits);

/// <summary>Copies of the SQLite database, made while it is in use, each looked through before an older one gives way.</summary>
public static class SqliteCopies
{
    private const string Prefix = "euthymia-";
    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>The copies in a folder, newest first. A file that was not finished is not among them.</summary>
    public static IReadOnlyList<(string File, DateTimeOffset At)> In(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.GetFiles(folder, $"{Prefix}*.db").Select(file => (File: file, At: TimeOf(file))).Where(c => c.At is not null).Select(c => (c.File, c.At!.Value)).OrderByDescending(c => c.Value)];

    /// <summary>Makes a copy, looks through it, and deletes all but the newest.</summary>
    /// <param name="source">The database.</param>
    /// <param name="folder">Where the copies are; made if need be.</param>
    /// <param name="at">Now.</param>
    /// <param name="keep">How many are kept, the new one among them.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidOperationException">The copy is not whole. It is deleted, and no older one.</exception>
    public static async Task<DatabaseCopy> Make(SqliteClinicDb source, string folder, DateTimeOffset at, int keep, CancellationToken cancel = default)
    {
        Directory.CreateDirectory(folder);
        foreach (var unfinished in Directory.GetFiles(folder, $"{Prefix}*.part*"))
            File.Delete(unfinished);
        var file = Path.Combine(folder, $"{Prefix}{at.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}.db");
        var part = $"{file}.part";
        try
        {
            source.Database.SetCommandTimeout(TimeSpan.FromHours(1));
            await source.Database.ExecuteSqlAsync($"VACUUM INTO {part}", cancel);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(part, UnixFileMode.UserRead | UnixFileMode.UserWrite); // it holds the whole clinic
            var copy = await Check(part, cancel) with { File = file, At = at };
            await using (var written = new FileStream(part, FileMode.Open, FileAccess.ReadWrite))
                written.Flush(flushToDisk: true);
            File.Move(part, file, overwrite: true);
            foreach (var (old, _) in In(folder).Skip(keep))
                File.Delete(old);
            return copy;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>Looks through a copy: the database's own check, and the chain of hashes of every visit.</summary>
    /// <exception cref="InvalidOperationException">The copy is not whole.</exception>
    public static async Task<DatabaseCopy> Check(string file, CancellationToken cancel = default)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString();
        await using var db = new SqliteClinicDb(new DbContextOptionsBuilder<SqliteClinicDb>().UseSqlite(connection).Options);
        try
        {
            if (await db.Database.SqlQueryRaw<string>("PRAGMA integrity_check").ToListAsync(cancel) is not ["ok"])
                throw new InvalidOperationException("The copy is damaged: the database's own check has found faults in it.");
        }
        catch (SqliteException failure)
        {
            throw new InvalidOperationException("The copy is damaged: it cannot be read.", failure);
        }

        var (events, broken) = (0, 0);
        List<VisitEvent> visit = [];
        await foreach (var e in db.VisitEvents.AsNoTracking().OrderBy(e => e.VisitId).ThenBy(e => e.Number).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (visit.Count > 0 && visit[0].VisitId != e.VisitId)
                Close();
            visit.Add(e);
        }

        Close();
        return new DatabaseCopy(file, default, events, broken);

        void Close()
        {
            events += visit.Count;
            broken += VisitSeal.FirstBroken(visit) is null ? 0 : 1;
            visit.Clear();
        }
    }

    private static DateTimeOffset? TimeOf(string file) =>
        DateTimeOffset.TryParseExact(Path.GetFileNameWithoutExtension(file)[Prefix.Length..], Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
