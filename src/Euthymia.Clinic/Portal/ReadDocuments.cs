using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>A text that a patient has read and, as they said themselves, understood. The consent refers to it; it is not the consent.</summary>
public sealed class ReadDocument
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    public string DocumentId { get; init; } = "";

    public int DocumentVersion { get; init; }

    public DateTimeOffset ReadAt { get; init; }

    public Guid ReadBy { get; init; }

    public string ReadByName { get; init; } = "";
}

/// <summary>What patients have read and understood.</summary>
public sealed class ReadDocuments(ClinicDb db, TimeProvider time, Actor actor)
{
    /// <summary>Records it once for each version; only the patient can say it.</summary>
    public async Task<ReadDocument> Understood(Guid patientId, string documentId, int version, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        if (actor.Role != ClinicRole.Patient)
            throw ClinicRuleException.Forbidden("Only the patient can say that they have understood.");
        if (await Stored(patientId, documentId, version, cancel) is { } known)
            return known;
        var read = new ReadDocument
        {
            PatientId = patientId,
            DocumentId = documentId,
            DocumentVersion = version,
            ReadAt = Clock.Now(time),
            ReadBy = actor.AccountId,
            ReadByName = actor.Name,
        };
        db.ReadDocuments.Add(read);
        db.Record(actor, time, AuditKind.DocumentUnderstood, patientId, read.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
            return read;
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            db.ChangeTracker.Clear();
            return (await Stored(patientId, documentId, version, cancel))!;
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>Everything that a patient has said to have understood, newest first.</summary>
    public async Task<IReadOnlyList<ReadDocument>> OfPatient(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        return await db.ReadDocuments.AsNoTracking().Where(r => r.PatientId == patientId).OrderByDescending(r => r.ReadAt).ToListAsync(cancel);
    }

    private Task<ReadDocument?> Stored(Guid patientId, string documentId, int version, CancellationToken cancel) => db.ReadDocuments.AsNoTracking()
        .SingleOrDefaultAsync(r => r.PatientId == patientId && r.DocumentId == documentId && r.DocumentVersion == version, cancel);
}
