using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Euthymia.Clinic.Storage;

/// <summary>The clinic's database on a PostgreSQL server.</summary>
public sealed class PostgresClinicDb(DbContextOptions<PostgresClinicDb> options) : ClinicDb(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
    }
}

/// <summary>Makes the context for the migration tools, which never open the database named here.</summary>
internal sealed class PostgresClinicDbDesign : IDesignTimeDbContextFactory<PostgresClinicDb>
{
    public PostgresClinicDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresClinicDb>().UseNpgsql("Host=design").Options);
}
