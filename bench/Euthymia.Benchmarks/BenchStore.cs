using System.Data.Common;
using System.Diagnostics;
using Euthymia.Clinic.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Euthymia.Benchmarks;

/// <summary>A database of the benchmark's own, gone afterwards.</summary>
internal sealed class BenchStore : IAsyncDisposable
{
    private readonly Func<ClinicDb> _open;
    private readonly Func<Task> _drop;

    private BenchStore(string name, Func<ClinicDb> open, Func<Task> drop) => (Name, _open, _drop) = (name, open, drop);

    public string Name { get; }

    public ClinicDb Open() => _open();

    /// <summary>In the working folder, not in /tmp, which may be memory: the disk is what is measured.</summary>
    public static BenchStore OnSqlite()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Environment.CurrentDirectory, "artifacts", $"bench-{Guid.NewGuid():N}"));
        var options = new DbContextOptionsBuilder<SqliteClinicDb>().UseSqlite($"Data Source={Path.Combine(folder.FullName, "bench.db")}").Options;
        var store = new BenchStore("SQLite", () => new SqliteClinicDb(options), () =>
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
            return Task.CompletedTask;
        });
        using var db = store.Open();
        db.Database.Migrate();
        return store;
    }

    public static async Task<BenchStore> OnPostgres(string server)
    {
        var name = $"euthymia_bench_{Guid.NewGuid():N}";
        async Task Administer(string sql)
        {
            await using var connection = new NpgsqlConnection(server);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }

        await Administer($"CREATE DATABASE {name}");
        var options = new DbContextOptionsBuilder<PostgresClinicDb>().UseNpgsql(new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString()).Options;
        var store = new BenchStore("PostgreSQL", () => new PostgresClinicDb(options), async () =>
        {
            NpgsqlConnection.ClearAllPools();
            await Administer($"DROP DATABASE {name} WITH (FORCE)");
        });
        await using var db = store.Open();
        await db.Database.MigrateAsync();
        return store;
    }

    public async ValueTask DisposeAsync() => await _drop();
}

/// <summary>What the database itself stores durably on this disk: rows of about an event's size, without any of our code.</summary>
internal static class RawDatabase
{
    /// <summary>Rows in a commit of the grouped measurement.</summary>
    public const int Group = 16;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(3);

    public static async Task<(double PerSecond, double CommitsPerSecond)> Rate(BenchStore store)
    {
        await using var db = store.Open();
        await db.Database.OpenConnectionAsync();
        var connection = db.Database.GetDbConnection();
        await Execute(connection, "CREATE TABLE \"Raw\" (\"Id\" TEXT PRIMARY KEY, \"Text\" TEXT)");
        var single = await Measure(connection, 1);
        var grouped = await Measure(connection, Group);
        await Execute(connection, "DROP TABLE \"Raw\"");
        return (Math.Round(grouped), Math.Round(single));
    }

    private static async Task<double> Measure(DbConnection connection, int group)
    {
        var text = new string('x', 400);
        var clock = Stopwatch.StartNew();
        var rows = 0;
        while (clock.Elapsed < Long)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "INSERT INTO \"Raw\" VALUES (@id, @text)";
            var id = command.CreateParameter();
            id.ParameterName = "@id";
            var value = command.CreateParameter();
            (value.ParameterName, value.Value) = ("@text", text);
            command.Parameters.Add(id);
            command.Parameters.Add(value);
            for (var i = 0; i < group; i++)
            {
                id.Value = Guid.CreateVersion7().ToString();
                await command.ExecuteNonQueryAsync();
                rows++;
            }

            await transaction.CommitAsync();
        }

        return rows / clock.Elapsed.TotalSeconds;
    }

    private static async Task Execute(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
