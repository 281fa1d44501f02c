using System.Globalization;
using Euthymia.Clinic;

namespace Euthymia.Web.Hosting;

/// <summary>How much room the disk of the data has.</summary>
public enum DiskState
{
    /// <summary>The database is on another machine, or the disk does not say.</summary>
    NotAssessed,
    Enough,

    /// <summary>Staff are told; work goes on.</summary>
    Low,

    /// <summary>No new infusion starts; running visits go on.</summary>
    NoStart,
}

/// <summary>Bytes of a disk.</summary>
/// <param name="Free">That this program may still write.</param>
/// <param name="Total">In all.</param>
public readonly record struct DiskSpace(long Free, long Total);

/// <summary>Reads the room on the disk of a folder; null when it cannot be read.</summary>
public delegate DiskSpace? DiskReader(string folder);

/// <summary>From which room on the disk counts as low, and too low to start; from the settings under "Disk".</summary>
/// <param name="LowPercent">Of the disk, free.</param>
/// <param name="NoStartPercent">Of the disk, free.</param>
/// <param name="ReserveMegabytes">Size of the file that is given up when room is short; 0 for none.</param>
public sealed record DiskOptions(double LowPercent = 10, double NoStartPercent = 5, int ReserveMegabytes = 64)
{
    /// <summary>However large the disk, less than this is low. A day of a clinic takes some ten megabytes.</summary>
    public const long LowBytes = 512L << 20;

    /// <summary>However large the disk, with less than this nothing starts.</summary>
    public const long NoStartBytes = 128L << 20;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A value is none, or the two are the wrong way round.</exception>
    public static DiskOptions Read(IConfiguration configuration)
    {
        var read = new DiskOptions();
        read = new DiskOptions(
            configuration.GetValue("Disk:LowPercent", read.LowPercent), configuration.GetValue("Disk:NoStartPercent", read.NoStartPercent), configuration.GetValue("Disk:ReserveMegabytes", read.ReserveMegabytes));
        return read is { NoStartPercent: >= 0, LowPercent: <= 90, ReserveMegabytes: >= 0 and <= 4096 } && read.LowPercent >= read.NoStartPercent
            ? read
            : throw new InvalidOperationException("The settings under Disk cannot be: LowPercent up to 90 and not below NoStartPercent, ReserveMegabytes 0 to 4096.");
    }
}

/// <summary>
/// Watches the room on the disk that holds the data. A reserve file is given up when room is short, so that running visits go on
/// recording; it does not count as room when a start is judged, and is made again when there is enough.
/// </summary>
public sealed class DiskWatch(HostingOptions hosting, DiskOptions options, DiskReader reader, ILogger<DiskWatch> log)
{
    private readonly Lock _gate = new();
    private bool _isReleased;

    private string ReserveFile => Path.Combine(hosting.DataFolder, "reserve");

    private long ReserveBytes => (long)options.ReserveMegabytes << 20;

    public DiskState State { get; private set; }

    /// <summary>As last read; null when not assessed.</summary>
    public DiskSpace? Space { get; private set; }

    /// <summary>The room in words, such as "8 % free, 1.2 of 15.0 GB"; or why it is not known.</summary>
    public string Words => Space is { } space
        ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * space.Free / Math.Max(1, space.Total):0.#} % free, {Gigabytes(space.Free)} of {Gigabytes(space.Total)} GB")
        : hosting.PostgresConnection is null ? "not assessed: the disk does not say" : "not assessed: PostgreSQL keeps the data; watch the disk of its machine";

    /// <summary>Reads the room, and gives up or makes the reserve.</summary>
    public DiskState Look()
    {
        lock (_gate)
        {
            Space = hosting.PostgresConnection is null ? reader(hosting.DataFolder) : null;
            if (Space is not { } space)
                return State = DiskState.NotAssessed;
            State = Judge(space with { Free = space.Free - (_isReleased ? ReserveBytes : 0) });
            if (State == DiskState.NoStart)
                ReleaseReserve();
            else if (State == DiskState.Enough)
                MakeReserve();
            return State;
        }
    }

    /// <summary>The database found no room: whatever the disk says, the reserve is given up.</summary>
    public void Full()
    {
        lock (_gate)
            ReleaseReserve();
    }

    /// <summary>Refuses to start an infusion whose record might not fit on the disk.</summary>
    /// <exception cref="ClinicRuleException">There is too little room.</exception>
    public void RequireRoomToStart()
    {
        if (Look() == DiskState.NoStart)
            throw ClinicRuleException.Invalid("", "disk_space", $"The server's disk is almost full ({Words}): the record of this infusion might not fit. Free some room on it first; running visits go on.");
    }

    private DiskState Judge(DiskSpace space)
    {
        var percent = 100.0 * space.Free / Math.Max(1, space.Total);
        if (percent < options.NoStartPercent || space.Free < DiskOptions.NoStartBytes)
            return DiskState.NoStart;
        return percent < options.LowPercent || space.Free < DiskOptions.LowBytes ? DiskState.Low : DiskState.Enough;
    }

    private void ReleaseReserve()
    {
        if (!_isReleased && File.Exists(ReserveFile))
        {
            File.Delete(ReserveFile);
            _isReleased = true;
            log.LogError("Little room on the disk of the data: {Room}. The reserve of {Megabytes} MB was given up.", Words, options.ReserveMegabytes);
        }
    }

    private void MakeReserve()
    {
        if (options.ReserveMegabytes == 0 || (!_isReleased && File.Exists(ReserveFile)))
            return;
        try
        {
            // Allocated and not only named: a file with holes would keep nothing free.
            using var file = new FileStream(ReserveFile, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, PreallocationSize = ReserveBytes });
            file.SetLength(ReserveBytes);
            _isReleased = false;
        }
        catch (IOException failure)
        {
            log.LogError(failure, "The reserve of the disk could not be made.");
        }
    }

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture);
}

/// <summary>Looks at the disk every few seconds.</summary>
public sealed class DiskService(DiskWatch watch, TimeProvider time, ILogger<DiskService> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>The room on the disk of a folder, as the system tells it.</summary>
    public static DiskSpace? Read(string folder)
    {
        try
        {
            // The longest mount point that holds the folder; a drive's name where there are drives.
            var drive = new DriveInfo(Path.GetFullPath(folder));
            return new DiskSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                try
                {
                    watch.Look();
                }
                catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
                {
                    log.LogError(failure, "Looking at the disk failed; the next turn tries again.");
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }
}
