using Euthymia.Clinic;
using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Forecasts;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Accounts;
using Euthymia.Web.Components;
using Euthymia.Web.Hosting;
using Euthymia.Web.Mail;
using Euthymia.Web.Pages.Cohort;
using Euthymia.Web.Pages.Referrals;
using Euthymia.Web.Pages.Story;
using Euthymia.Web.Pages.Visits;
using Euthymia.Web.Pages.Visits.Sheets;
using Microsoft.AspNetCore.Http.Features;

// The program's own folder, not the caller's, holds its settings; and "--demo" is a switch, which the framework would
// take for the name of the value after it.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = [.. args.Where(argument => argument is not HostingOptions.DemoSwitch)],
    ContentRootPath = AppContext.BaseDirectory,
});
HostingOptions hosting;
MonitorOptions monitors;
DiskOptions disk;
BackupOptions backup;
try
{
    hosting = HostingOptions.Read(builder, args);
    monitors = MonitorOptions.Read(builder.Configuration);
    disk = DiskOptions.Read(builder.Configuration);
    backup = BackupOptions.Read(builder.Configuration, hosting);
}
catch (InvalidOperationException refusal)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 2;
}

// Outside of development, "dotnet run" would not find the framework's own script, which comes from a package.
builder.WebHost.UseStaticWebAssets();

builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = HostingOptions.LargestRequest;
});
// Addresses can hold the code of an invitation; the framework would log every address where a log level below "Warning" is set.
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.Configure<FormOptions>(form => form.ValueLengthLimit = HostingOptions.LargestRequest);
builder.Services.AddSingleton(hosting);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddClinicDatabase(hosting);
builder.Services.AddKeeping(disk, backup);
builder.Services.AddAccounts(hosting);
builder.Services.AddScoped<ClinicDesk>();
builder.Services.AddSingleton<RoundMemory>();
builder.Services.AddSingleton<OpenedPages>();
builder.Services.AddSingleton<ExportShelf>();
builder.Services.AddSingleton(provider => new VisitRecorder(provider.GetRequiredService<ClinicDbFactory>().Create, provider.GetRequiredService<TimeProvider>()));
builder.Services.AddSingleton(provider => new VisitLooks(provider.GetRequiredService<ClinicDbFactory>().Create, provider.GetRequiredService<TimeProvider>()));
builder.Services.AddHostedService<VisitService>();
builder.Services.AddSingleton(_ => new IndividualModels());
builder.Services.AddSingleton<ChairForecasts>();
builder.Services.AddSingleton(provider => new ModelCheck(provider.GetRequiredService<ClinicDbFactory>().Create, provider.GetRequiredService<TimeProvider>(), share: 0.2));
builder.Services.AddHostedService<ModelCheckService>();
builder.Services.AddSingleton(monitors);
builder.Services.AddSingleton<MonitorRoom>();
builder.Services.AddHostedService(provider => provider.GetRequiredService<MonitorRoom>());
try
{
    builder.Services.AddSingleton(hosting.ContentPack is { } pack ? ContentPack.Load(pack) : InstrumentLibrary.Shipped);
    builder.Services.AddMail(builder.Configuration, hosting);
}
catch (Exception refusal) when (refusal is ContentPackException or InvalidOperationException)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 2;
}

builder.Services.AddSingleton<DemoHost>();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database");

var app = builder.Build();
// Beside the rest of the start, which takes about as long; nothing is answered before both are done.
var database = Task.Run(() => app.PrepareDatabase(hosting));

app.UseExceptionHandler("/error", createScopeForErrors: true);
app.UseStatusCodePagesWithReExecute("/status/{0}", createScopeForStatusCodePages: true);
if (!hosting.IsDemo && hosting.RequireHttps)
    app.UseHsts();
app.UseMiddleware<SecurityHeaders>();
app.UseMiddleware<RequestSize>();
app.UseRateLimiter();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();

app.MapStaticAssets().AllowAnonymous();
app.MapHealthChecks("/health").AllowAnonymous();
app.MapAccountEndpoints();
app.MapPaperEndpoints();
app.MapStoryEndpoints();
app.MapConsentEndpoints();
app.MapExportEndpoints();
app.MapVisitEndpoints();
app.MapInvitationEndpoint();
app.MapRazorComponents<App>()
    .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = "'none'");

if (hosting.IsDemo)
    app.Lifetime.ApplicationStarted.Register(() => DemoHost.PrintWelcome(app));

try
{
    await database;
}
catch (NewerDatabaseException refusal)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 3;
}

if (hosting.IsDemo)
    app.Services.GetRequiredService<DemoHost>().BeginToFill();
await app.RunAsync();
return 0;

/// <summary>The web application's entry point; public so that the tests can host it.</summary>
public sealed partial class Program;
