using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>A fresh invitation with its code, which is shown once and never again.</summary>
public sealed record FreshInvitation(Invitation Invitation, string Code)
{
    /// <summary>A record's text would print the code into a log.</summary>
    public override string ToString() => $"Invitation {Invitation.Id}";
}

/// <summary>Makes and takes invitations. A code works once, for two days, together with the patient's date of birth.</summary>
public sealed class Invitations(ClinicDb db, TimeProvider time)
{
    /// <summary>How long a code works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(48);

    private const int MostWrongTries = 5;

    /// <summary>Makes a code for a patient who has no account yet. Codes made before stop working.</summary>
    public async Task<FreshInvitation> Make(Actor actor, Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        if (!await db.Patients.AnyAsync(p => p.Id == patientId, cancel))
            throw ClinicRuleException.NotFound("patient");
        if (await db.Users.AnyAsync(a => a.PatientId == patientId, cancel))
            throw new ClinicRuleException(RefusalKind.Conflict, "", "account_linked", "This patient has an account already. A lead can give it a new password.");
        var now = Clock.Now(time);
        foreach (var older in await db.Invitations.Where(i => i.PatientId == patientId && i.EndedAt == null).ToListAsync(cancel))
        {
            older.EndedAt = now;
            older.Revision++;
        }

        var code = OneTimeCode.New();
        var invitation = new Invitation
        {
            PatientId = patientId,
            CodeHash = OneTimeCode.HashOf(code)!,
            CreatedAt = now,
            CreatedByName = actor.Name,
            ExpiresAt = now + Lifetime,
        };
        db.Invitations.Add(invitation);
        db.Record(actor, time, AuditKind.InvitationMade, patientId, invitation.Id);
        await SaveOnce(cancel);
        return new FreshInvitation(invitation, code);
    }

    /// <summary>
    /// Uses a code up for a new account, which must already be stored in the same transaction, and links the account to the patient. The answer to
    /// a wrong code, a used one, a late one and a wrong date of birth is the same: nobody learns which codes exist.
    /// </summary>
    public async Task<Guid> Use(string? code, DateOnly? dateOfBirth, Account account, CancellationToken cancel = default)
    {
        var invitation = await Usable(code, dateOfBirth, cancel);
        var now = Clock.Now(time);
        invitation.EndedAt = now;
        invitation.WasUsed = true;
        invitation.Revision++;
        if (await db.Users.AnyAsync(a => a.PatientId == invitation.PatientId, cancel))
            throw Refused();
        account.PatientId = invitation.PatientId;
        var self = new Actor(account.Id, account.DisplayName, ClinicRole.Patient, invitation.PatientId);
        db.Record(self, time, AuditKind.InvitationUsed, invitation.PatientId, invitation.Id);
        db.Record(self, time, AuditKind.AccountLinked, invitation.PatientId);
        await SaveOnce(cancel);
        return invitation.PatientId;
    }

    /// <summary>The patient whom a code and a date of birth belong to. A wrong date is counted, outside of any transaction of the caller's.</summary>
    public async Task<Patient> Check(string? code, DateOnly? dateOfBirth, CancellationToken cancel = default)
    {
        var invitation = await Usable(code, dateOfBirth, cancel);
        db.ChangeTracker.Clear();
        return await db.Patients.AsNoTracking().SingleAsync(p => p.Id == invitation.PatientId, cancel);
    }

    private async Task<Invitation> Usable(string? code, DateOnly? dateOfBirth, CancellationToken cancel)
    {
        var now = Clock.Now(time);
        var hash = OneTimeCode.HashOf(code);
        var invitation = hash is null ? null : await db.Invitations.SingleOrDefaultAsync(i => i.CodeHash == hash, cancel);
        if (invitation is null || invitation.EndedAt is not null || invitation.ExpiresAt <= now)
            throw Refused();
        if (await db.Patients.AsNoTracking().Where(p => p.Id == invitation.PatientId).Select(p => p.DateOfBirth).SingleAsync(cancel) == dateOfBirth)
            return invitation;

        invitation.WrongTries++;
        invitation.Revision++;
        if (invitation.WrongTries >= MostWrongTries)
            invitation.EndedAt = now;
        db.Record(new Actor(Guid.Empty, "not signed in", ClinicRole.Patient), time, AuditKind.InvitationRefused, invitation.PatientId, invitation.Id);
        await SaveOnce(cancel);
        throw Refused();
    }

    // Two uses at the same moment: the revision lets one through.
    private async Task SaveOnce(CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (failure is DbUpdateConcurrencyException || UniqueViolation.Is(failure))
        {
            throw Refused();
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private static ClinicRuleException Refused() => ClinicRuleException.Invalid("code", "invitation_refused",
        "This code and date of birth do not belong together, or the code was used, is too old or was replaced. Check both, or ask the clinic for a new code.");
}
