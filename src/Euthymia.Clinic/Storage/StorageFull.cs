using Microsoft.Data.Sqlite;
using Npgsql;

namespace Euthymia.Clinic.Storage;

/// <summary>Recognises that the database has no room left: nothing of this transaction is stored, and trying again helps once there is room.</summary>
public static class StorageFull
{
    private const int SqliteFull = 13;

    public static bool Is(Exception failure) => failure.GetBaseException() switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteFull,
        PostgresException postgres => string.Equals(postgres.SqlState, PostgresErrorCodes.DiskFull, StringComparison.Ordinal),
        _ => false,
    };
}
