using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Hosting;
using Euthymia.Web.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Euthymia.Web.Tests.Keeping;

/// <summary>A site whose disk, whose database's room and whose results can be held by a test.</summary>
public sealed class KeepingSite : ClinicSite
{
    private readonly Trouble _trouble = new();
    private int _chairs;

    public Account Lead { get; private set; } = null!;

    public Account Nurse { get; private set; } = null!;

    public Actor NurseActor => new(Nurse.Id, Nurse.DisplayName, ClinicRole.Nurse);

    private Actor LeadActor => new(Lead.Id, Lead.DisplayName, ClinicRole.Lead);

    /// <summary>What the disk says.</summary>
    public DiskSpace? Space { get; set; } = Plenty;

    public static DiskSpace Plenty => new(50L << 30, 100L << 30);

    /// <summary>How many pages the database may have.</summary>
    public int Pages { get => _trouble.Pages; set => _trouble.Pages = value; }

    /// <summary>True when the database answers later and not at once, as PostgreSQL does and SQLite never.</summary>
    public bool IsSlow { get => _trouble.IsSlow; set => _trouble.IsSlow = value; }

    public string CopiesFolder { get; } = Path.Combine(Path.GetTempPath(), $"euthymia-copies-{Guid.NewGuid():N}");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await SetUp();
        Lead = await AddAccount("lead.one", ClinicRole.Lead);
        Nurse = await AddAccount("nurse.one", ClinicRole.Nurse);
    }

    /// <summary>Lets the pages of results wait in the middle of their work until it is disposed of.</summary>
    public IDisposable HoldResults() => _trouble.Hold();

    /// <summary>A visit that only has to be started, or one that runs.</summary>
    public Task<Visit> AddVisit(string number, bool starts) => With(async services =>
    {
        var (db, time) = (services.GetRequiredService<ClinicDb>(), TimeProvider.System);
        var settings = await new ClinicOffice(db).Settings();
        if (settings.DoseCapMilligrams is null)
        {
            settings.DoseCapMilligrams = 100;
            settings.Chairs = [.. Enumerable.Range(1, 20).Select(i => $"Chair {i}")];
            await new ClinicOffice(db).Save(settings, LeadActor);
        }

        var patient = await new PatientRegister(db, time, LeadActor).Add(AnyPatient(number));
        await Clinic.Tests.Admission.Of(db, time.GetUtcNow(), patient.Id);
        var course = await new CoursePlanner(db, time, LeadActor).Save(patient.Id, new OrderForm());
        var visit = (await new VisitLog(db, time, LeadActor).Schedule(course.Id, TimeOnly.FromDateTime(time.GetUtcNow().UtcDateTime), $"Chair {Interlocked.Increment(ref _chairs)}"))[0];
        await PreparedVisit.Fill(db, time, NurseActor, LeadActor, visit);
        if (starts)
            await PreparedVisit.Start(db, time, NurseActor, visit);
        return visit;
    });

    /// <summary>A device at a chair, signed in as the nurse.</summary>
    public async Task<Device> Device()
    {
        var cookies = new CookieContainer();
        cookies.SetCookies(Address, await SessionOf(Nurse));
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = Address };
        var token = (await http.GetFromJsonAsync<JsonElement>("/outbox/token")).GetProperty("token").GetString()!;
        return new Device(http, token, Nurse.Id);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(CopiesFolder))
            Directory.Delete(CopiesFolder, recursive: true);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseSetting("Disk:NoStartPercent", "5");
        builder.UseSetting("Backup:IsOn", "true");
        builder.UseSetting("Backup:Folder", CopiesFolder);
        builder.ConfigureTestServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<DiskReader>(_ => Space));
            services.AddSingleton<IStartupFilter>(_trouble);
            services.Replace(ServiceDescriptor.Singleton(provider => new ClinicDbFactory(() => new SqliteClinicDb(new DbContextOptionsBuilder<SqliteClinicDb>()
                .UseSqlite($"Data Source={provider.GetRequiredService<HostingOptions>().DatabaseFile}").AddInterceptors(_trouble.Connections, _trouble.Commands).Options))));
        });
    }

    private sealed class Trouble : IStartupFilter
    {
        private static readonly AsyncLocal<bool> IsResults = new();
        private TaskCompletionSource? _gate;

        public Trouble() => (Connections, Commands) = (new Room(this), new Gate(this));

        public int Pages { get; set; } = 1_000_000;

        public bool IsSlow { get; set; }

        public IInterceptor Connections { get; }

        public IInterceptor Commands { get; }

        public IDisposable Hold()
        {
            _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new Opening(this);
        }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                IsResults.Value = context.Request.Path.StartsWithSegments("/clinic/results", StringComparison.Ordinal);
                return rest(context);
            });
            next(app);
        };

        private sealed class Opening(Trouble trouble) : IDisposable
        {
            public void Dispose() => trouble._gate?.TrySetResult();
        }

        private sealed class Gate(Trouble trouble) : DbCommandInterceptor
        {
            public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
            {
                if (trouble.IsSlow)
                    await Task.Delay(1, cancellationToken);
                if (IsResults.Value && trouble._gate is { } gate)
                    await gate.Task.WaitAsync(cancellationToken);
                return result;
            }
        }

        private sealed class Room(Trouble trouble) : DbConnectionInterceptor
        {
            public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"PRAGMA max_page_count={trouble.Pages}";
                await command.ExecuteScalarAsync(cancellationToken);
            }
        }
    }
}

/// <summary>What the chair's script does, without a browser.</summary>
public sealed class Device(HttpClient http, string token, Guid author) : IDisposable
{
    public HttpClient Http => http;

    public async Task<HttpResponseMessage> Send(Guid visit, object entry, Guid? id = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/visits/{visit}/events")
        {
            Content = JsonContent.Create(new { id = id ?? Guid.CreateVersion7(), author, observedAt = TimeProvider.System.GetUtcNow(), entry }),
        };
        request.Headers.Add("RequestVerificationToken", token);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> Note(Guid visit, string text, Guid? id = null) => Send(visit, new { kind = "noted", text }, id);

    public void Dispose() => http.Dispose();
}
