using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Euthymia.Clinic.Storage;

/// <summary>
/// Recognises that somebody else wrote at the same moment and the database chose them: a key already taken, a row changed
/// meanwhile, or two transactions that waited for each other. Nothing of this transaction is stored; trying again helps.
/// </summary>
internal static class Contention
{
    public static bool Is(Exception failure) => failure switch
    {
        DbUpdateConcurrencyException => true,
        DbUpdateException update when UniqueViolation.Is(update) => true,
        _ => failure.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure },
    };
}
