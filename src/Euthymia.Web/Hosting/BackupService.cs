using System.Data.Common;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Web.Hosting;

/// <summary>Where and when the nightly copy is made; from the settings under "Backup".</summary>
/// <param name="IsOn">False for PostgreSQL, which has its own means, for the demo, and where it is turned off.</param>
/// <param name="Folder">Better on another disk, or fetched from there by another machine.</param>
/// <param name="At">On the clinic's clock.</param>
/// <param name="Keep">How many copies stay.</param>
public sealed record BackupOptions(bool IsOn, string Folder, TimeOnly At, int Keep)
{
    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A value is none.</exception>
    public static BackupOptions Read(IConfiguration configuration, HostingOptions hosting)
    {
        var keep = configuration.GetValue("Backup:Keep", 14);
        if (!TimeOnly.TryParseExact(configuration["Backup:At"] ?? "02:00", "HH:mm", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var at) || keep is < 1 or > 1000)
            throw new InvalidOperationException("The settings under Backup cannot be: At like 02:00, Keep 1 to 1000.");
        return new BackupOptions(
            !hosting.IsDemo && hosting.PostgresConnection is null && configuration.GetValue("Backup:IsOn", true),
            Path.GetFullPath(configuration["Backup:Folder"] is { Length: > 0 } folder ? folder : Path.Combine(hosting.DataFolder, "copies")),
            at, keep);
    }
}

/// <summary>Whether a copy is due, when the last was made, and what went wrong.</summary>
public sealed class BackupWatch(BackupOptions options, TimeProvider time)
{
    /// <summary>A copy older than this is told to staff.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromHours(26);

    private readonly DateTimeOffset _since = time.GetUtcNow();
    private string? _failure;

    public BackupOptions Options => options;

    /// <summary>The newest copy; null when there is none.</summary>
    public DateTimeOffset? Last => SqliteCopies.In(options.Folder) is [var newest, ..] ? newest.At : null;

    /// <summary>What staff have to know; null when all is well or copies are not this program's task.</summary>
    public string? Problem
    {
        get
        {
            if (!options.IsOn)
                return null;
            if (_failure is not null)
                return _failure;
            var now = time.GetUtcNow();
            // A server that was off makes its copy soon after it has started.
            return now - _since > BackupService.After + BackupService.Every && !(now - Last < Oldest)
                ? Last is null ? "There is no copy of the database." : $"The last copy of the database is older than {Oldest.TotalHours:0} hours."
                : null;
        }
    }

    /// <summary>True when no copy was made since the last time of day for one.</summary>
    public bool IsDue(ClinicSettings clinic)
    {
        var now = time.GetUtcNow();
        var today = clinic.MomentOf(clinic.DayOf(now), options.At);
        var wanted = today <= now ? today : clinic.MomentOf(clinic.DayOf(now).AddDays(-1), options.At);
        return !(Last >= wanted);
    }

    public void Succeeded(DatabaseCopy copy) =>
        _failure = copy.BrokenVisits == 0 ? null : $"A copy was made, but the logs of {copy.BrokenVisits} visits in it are not whole: entries are missing or were changed. Keep the older copies.";

    public void Failed(string why) => _failure = why;
}

/// <summary>Makes the nightly copy of the SQLite database and looks through it.</summary>
public sealed class BackupService(BackupWatch watch, DiskWatch disk, ClinicDbFactory databases, TimeProvider time, ILogger<BackupService> log) : BackgroundService
{
    /// <summary>After the start of the server.</summary>
    public static readonly TimeSpan After = TimeSpan.FromMinutes(2);

    /// <summary>Between two looks whether a copy is due; a failed one is tried again then.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    /// <summary>Makes a copy if one is due.</summary>
    public async Task Once(CancellationToken cancel)
    {
        try
        {
            await using var db = databases.Create();
            if (db is not SqliteClinicDb sqlite || !watch.IsDue(await new ClinicOffice(db).Settings(cancel)))
                return;
            if (disk.Look() == DiskState.NoStart)
                throw new IOException($"There is no room for it: {disk.Words}.");
            watch.Succeeded(await SqliteCopies.Make(sqlite, watch.Options.Folder, time.GetUtcNow(), watch.Options.Keep, cancel));
        }
        catch (Exception failure) when (failure is DbException or DbUpdateException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            log.LogError(failure, "The copy of the database failed.");
            watch.Failed($"The copy of the database failed. {(failure is IOException or InvalidOperationException ? failure.Message : "The server's log says why.")}");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!watch.Options.IsOn)
            return;
        try
        {
            await Task.Delay(After, time, stoppingToken);
            using var timer = new PeriodicTimer(Every, time);
            do
                await Once(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }
}
