using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Euthymia.Clinic;
using Euthymia.Clinic.Demo;
using Euthymia.Clinic.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Web.Tests;

/// <summary>The built server as a process of its own on a database of its own, so that it can be killed like a power cut would.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("euthymia-web-").FullName;
    private Process? _process;

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}");

    /// <summary>A context on the server's database.</summary>
    public ClinicDb Database() =>
        new SqliteClinicDb(new DbContextOptionsBuilder<SqliteClinicDb>().UseSqlite($"Data Source={Path.Combine(_folder, "euthymia.db")}").Options);

    /// <summary>Makes the database with the demo clinic's patients and accounts.</summary>
    public async Task Fill(CancellationToken cancel)
    {
        await using var db = Database();
        await db.Database.MigrateAsync(cancel);
        await new DemoClinic(db, TimeProvider.System, new PasswordHasher<Account>()).Fill(cancel);
    }

    /// <summary>Starts the server and waits until it is healthy.</summary>
    public async Task Start(CancellationToken cancel)
    {
        // artifacts/bin/Euthymia.Web.Tests/<configuration>/ is beside artifacts/bin/Euthymia.Web/<configuration>/.
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Euthymia.Web", configuration, "Euthymia.Web.dll"));
        var start = new ProcessStartInfo("dotnet", [program, "--urls", Address.ToString(), "--DataFolder", _folder])
        {
            WorkingDirectory = Path.GetDirectoryName(program)!,
            UseShellExecute = false,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var category in new[] { "Default", "Microsoft.Hosting.Lifetime" })
            start.Environment[$"Logging__LogLevel__{category}"] = "Error";
        _process = Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
        using var http = new HttpClient { BaseAddress = Address };
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (TimeProvider.System.GetUtcNow() < deadline && !_process.HasExited)
        {
            try
            {
                if ((await http.GetAsync(new Uri("/health", UriKind.Relative), cancel)).StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
        }

        throw new InvalidOperationException("The server did not become healthy.");
    }

    /// <summary>SIGKILL: no shutdown, no flush.</summary>
    public async Task Kill()
    {
        if (_process is not { HasExited: false })
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: the server stands still, its connections stay open and nothing answers.</summary>
    public Task Freeze() => Signal("STOP");

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public Task Thaw() => Signal("CONT");

    private async Task Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _process?.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
