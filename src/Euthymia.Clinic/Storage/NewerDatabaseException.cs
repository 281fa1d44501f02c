using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Storage;

/// <summary>The database was made by a later version of the program. It is left as it is: this version would misread or damage it.</summary>
[SuppressMessage("Roslynator", "RCS1194", Justification = "Without the migration there is nothing to say.")]
public sealed class NewerDatabaseException(string migration) : Exception(
    $"This database was made by a later version of Euthymia (its last change is {migration}). Nothing was changed. Start that version or a later one, or put back a copy that this version has made.");

/// <summary>Brings a database to the shape that this version of the program knows.</summary>
public static class ClinicSchema
{
    /// <summary>Makes the tables of a fresh database, or brings those of an earlier version up to date.</summary>
    /// <exception cref="NewerDatabaseException">A later version has already changed it.</exception>
    public static async Task BringUpToDate(ClinicDb db, CancellationToken cancel = default)
    {
        var unknown = (await db.Database.GetAppliedMigrationsAsync(cancel)).Except(db.Database.GetMigrations(), StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            throw new NewerDatabaseException(unknown[^1]);
        await db.Database.MigrateAsync(cancel);
    }
}
