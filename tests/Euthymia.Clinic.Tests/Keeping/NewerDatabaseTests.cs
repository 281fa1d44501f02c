using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Keeping;

/// <summary>An older program on the database of a newer one (hazard H45).</summary>
public sealed class NewerDatabaseTests
{
    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_database_of_a_later_version_is_refused_and_left_as_it_is(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        await using var db = clinic.Db();
        await ClinicSchema.BringUpToDate(db, TestClinic.Cancel); // its own is taken
        await db.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\") VALUES ('29991231235959_Later', '99.0')", TestClinic.Cancel);
        var before = await db.Database.GetAppliedMigrationsAsync(TestClinic.Cancel);
        var refusal = await Assert.ThrowsAsync<NewerDatabaseException>(() => ClinicSchema.BringUpToDate(db, TestClinic.Cancel));
        Assert.Contains("29991231235959_Later", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("later version", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await db.Database.GetAppliedMigrationsAsync(TestClinic.Cancel), StringComparer.Ordinal);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_visit_that_ran_before_an_upgrade_goes_on_after_it(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Start(visits[0].Id);
        await using (var db = clinic.Db())
        {
            // Back to the tables of before the last change, as an older version had left them; then up again while the visit runs.
            var migrations = db.Database.GetMigrations().ToList();
            await db.Database.MigrateAsync(migrations[^2], TestClinic.Cancel);
            Assert.Equal([migrations[^1]], await db.Database.GetPendingMigrationsAsync(TestClinic.Cancel), StringComparer.Ordinal);
            await ClinicSchema.BringUpToDate(db, TestClinic.Cancel);
        }

        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        var result = await clinic.Append(visits[0].Id, new Observed(PreparedVisit.Rest));
        Assert.Equal(VisitPhase.Running, result.State.Phase);
        Assert.Null(VisitSeal.FirstBroken((await clinic.Visits(v => v.State(visits[0].Id))).Visit.Events));
    }
}
