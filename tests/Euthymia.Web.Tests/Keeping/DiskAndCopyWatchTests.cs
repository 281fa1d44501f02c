using System.Diagnostics;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Euthymia.Web.Tests.Keeping;

/// <summary>What the watches make of the disk, of the copies and of a database from the future (hazards H44, H45, H46).</summary>
public sealed class DiskAndCopyWatchTests : IDisposable
{
    private const long Gigabyte = 1L << 30;

    private readonly string _folder = Directory.CreateTempSubdirectory("euthymia-keep-").FullName;
    private DiskSpace? _space;

    private string Reserve => Path.Combine(_folder, "reserve");

    [Theory]
    [InlineData(50 * Gigabyte, 100 * Gigabyte, DiskState.Enough)]
    [InlineData(10 * Gigabyte, 100 * Gigabyte, DiskState.Enough)] // at
    [InlineData((10 * Gigabyte) - 1, 100 * Gigabyte, DiskState.Low)] // below
    [InlineData(5 * Gigabyte, 100 * Gigabyte, DiskState.Low)]
    [InlineData((5 * Gigabyte) - 1, 100 * Gigabyte, DiskState.NoStart)]
    [InlineData(0, 100 * Gigabyte, DiskState.NoStart)]
    [InlineData(DiskOptions.LowBytes, Gigabyte, DiskState.Enough)] // the floors, on a small disk
    [InlineData(DiskOptions.LowBytes - 1, Gigabyte, DiskState.Low)]
    [InlineData(DiskOptions.NoStartBytes, Gigabyte, DiskState.Low)]
    [InlineData(DiskOptions.NoStartBytes - 1, Gigabyte, DiskState.NoStart)]
    public void The_room_is_judged_at_below_and_above_its_limits(long free, long total, DiskState state)
    {
        _space = new DiskSpace(free, total);
        var watch = Watch(new DiskOptions(ReserveMegabytes: 0));
        Assert.Equal(state, watch.Look());
        if (state == DiskState.NoStart)
            Assert.Contains("disk_space", Assert.Throws<ClinicRuleException>(watch.RequireRoomToStart).Errors.Select(e => e.Code), StringComparer.Ordinal);
        else
            watch.RequireRoomToStart();
    }

    [Fact]
    public void What_cannot_be_read_is_not_assessed_and_holds_up_nothing()
    {
        var watch = Watch(new DiskOptions());
        Assert.Equal(DiskState.NotAssessed, watch.Look());
        Assert.StartsWith("not assessed", watch.Words, StringComparison.Ordinal);
        watch.RequireRoomToStart();
        Assert.False(File.Exists(Reserve));

        _space = new DiskSpace(0, 100 * Gigabyte);
        var elsewhere = new DiskWatch(Hosting() with { PostgresConnection = "Host=elsewhere" }, new DiskOptions(), _ => _space, NullLogger<DiskWatch>.Instance);
        Assert.Equal(DiskState.NotAssessed, elsewhere.Look());
        Assert.Contains("PostgreSQL", elsewhere.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reserve_is_given_up_when_room_is_short_and_does_not_count_as_room()
    {
        _space = new DiskSpace(50 * Gigabyte, 100 * Gigabyte);
        var watch = Watch(new DiskOptions(ReserveMegabytes: 8));
        watch.Look();
        Assert.Equal(8 << 20, new FileInfo(Reserve).Length);

        _space = new DiskSpace((5 * Gigabyte) - 1, 100 * Gigabyte);
        Assert.Equal(DiskState.NoStart, watch.Look());
        Assert.False(File.Exists(Reserve));
        _space = new DiskSpace((5 * Gigabyte) - 1 + (8 << 20), 100 * Gigabyte); // the room that the reserve has left
        Assert.Equal(DiskState.NoStart, watch.Look());
        _space = new DiskSpace((5 * Gigabyte) + (8 << 20), 100 * Gigabyte);
        Assert.Equal(DiskState.Low, watch.Look());
        Assert.False(File.Exists(Reserve)); // not before there is enough
        _space = new DiskSpace(50 * Gigabyte, 100 * Gigabyte);
        Assert.Equal(DiskState.Enough, watch.Look());
        Assert.True(File.Exists(Reserve));

        watch.Full(); // whatever the disk says
        Assert.False(File.Exists(Reserve));
    }

    [Fact]
    public void The_disk_of_a_folder_is_read()
    {
        var space = DiskService.Read(_folder);
        Assert.True(space is { Free: > 0, Total: > 0 } && space.Value.Free <= space.Value.Total);
    }

    [Theory]
    [InlineData("2026-11-24T20:00Z", "2026-11-25T00:30Z", false)] // 01:30 in Berlin, before the hour
    [InlineData("2026-11-24T20:00Z", "2026-11-25T01:00Z", true)] // 02:00
    [InlineData("2026-11-25T01:00Z", "2026-11-25T23:00Z", false)] // made tonight
    [InlineData("2026-11-22T01:00Z", "2026-11-25T12:00Z", true)] // the server was off for days
    [InlineData(null, "2026-11-25T12:00Z", true)]
    public void A_copy_is_due_once_a_night(string? last, string now, bool isDue)
    {
        var watch = CopiesAt(last, now, out _);
        Assert.Equal(isDue, watch.IsDue(new ClinicSettings { TimeZone = "Europe/Berlin" }));
    }

    [Fact]
    public void A_copy_older_than_26_hours_is_told()
    {
        var watch = CopiesAt("2026-11-25T01:00Z", "2026-11-25T02:00Z", out var clock);
        Assert.Null(watch.Problem);
        clock.Advance(TimeSpan.FromHours(25) - TimeSpan.FromMinutes(1));
        Assert.Null(watch.Problem);
        clock.Advance(TimeSpan.FromMinutes(1)); // 26 hours old
        Assert.Contains("older than 26 hours", watch.Problem, StringComparison.Ordinal);
        watch.Failed("no room");
        Assert.Equal("no room", watch.Problem);
    }

    [Fact]
    public async Task The_program_does_not_start_on_the_database_of_a_later_version()
    {
        var file = Path.Combine(_folder, "euthymia.db");
        await using (var db = new SqliteClinicDb(new DbContextOptionsBuilder<SqliteClinicDb>().UseSqlite($"Data Source={file};Pooling=false").Options))
        {
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
            await db.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29991231235959_Later', '99.0')", TestContext.Current.CancellationToken);
        }

        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Euthymia.Web", configuration, "Euthymia.Web.dll"));
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0", "--DataFolder", _folder]) { RedirectStandardError = true, UseShellExecute = false })!;
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, process.ExitCode);
        Assert.Contains("made by a later version of Euthymia", said, StringComparison.Ordinal);
        Assert.DoesNotContain(" at Euthymia.", said, StringComparison.Ordinal); // words, not a stack
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private DiskWatch Watch(DiskOptions options) => new(Hosting(), options, _ => _space, NullLogger<DiskWatch>.Instance);

    private HostingOptions Hosting() => new(IsDemo: false, _folder, PostgresConnection: null, RequireHttps: false);

    private BackupWatch CopiesAt(string? last, string now, out FakeTimeProvider clock)
    {
        if (last is not null)
            File.WriteAllText(Path.Combine(_folder, $"euthymia-{At(last).UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.db"), "");
        clock = new FakeTimeProvider(At(now));
        return new BackupWatch(new BackupOptions(IsOn: true, _folder, new TimeOnly(2, 0), Keep: 3), clock);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
