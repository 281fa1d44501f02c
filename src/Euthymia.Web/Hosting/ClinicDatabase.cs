using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Euthymia.Web.Hosting;

/// <summary>Makes a database context of its own for a page that lives longer than a request (the chair, the planner).</summary>
public sealed class ClinicDbFactory(Func<ClinicDb> create)
{
    /// <summary>A new context; the caller disposes of it.</summary>
    public ClinicDb Create() => create();
}

/// <summary>The clinic's database of this server: SQLite unless a PostgreSQL connection is configured.</summary>
public static class ClinicDatabase
{
    public static IServiceCollection AddClinicDatabase(this IServiceCollection services, HostingOptions hosting)
    {
        if (hosting.PostgresConnection is { } connection)
        {
            services.AddDbContextFactory<PostgresClinicDb>(options => options.UseNpgsql(connection));
            services.AddSingleton(provider => new ClinicDbFactory(provider.GetRequiredService<IDbContextFactory<PostgresClinicDb>>().CreateDbContext));
        }
        else
        {
            services.AddDbContextFactory<SqliteClinicDb>(options => options.UseSqlite($"Data Source={hosting.DatabaseFile}"));
            services.AddSingleton(provider => new ClinicDbFactory(provider.GetRequiredService<IDbContextFactory<SqliteClinicDb>>().CreateDbContext));
        }

        return services.AddScoped(provider => provider.GetRequiredService<ClinicDbFactory>().Create());
    }

    /// <summary>What watches over the data and the machine: the disk, the copies, and how much is computed at once.</summary>
    public static IServiceCollection AddKeeping(this IServiceCollection services, DiskOptions disk, BackupOptions backup) => services
        .AddSingleton(disk).AddSingleton<DiskReader>(DiskService.Read).AddSingleton<DiskWatch>().AddHostedService<DiskService>()
        .AddSingleton(backup).AddSingleton<BackupWatch>().AddSingleton<BackupService>().AddHostedService(provider => provider.GetRequiredService<BackupService>())
        .AddSingleton<HeavyWork>();

    /// <summary>Brings the database to this version's shape.</summary>
    /// <exception cref="NewerDatabaseException">A later version has made it.</exception>
    public static async Task PrepareDatabase(this WebApplication app, HostingOptions hosting)
    {
        if (hosting.PostgresConnection is null)
            Directory.CreateDirectory(hosting.DataFolder);
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        await ClinicSchema.BringUpToDate(db);
    }
}

/// <summary>Healthy when the database answers.</summary>
public sealed class DatabaseHealth(ClinicDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await db.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The database does not answer.");
}
