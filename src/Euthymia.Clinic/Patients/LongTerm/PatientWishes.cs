using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Patients.LongTerm;

/// <summary>What a patient would like of the next treatment.</summary>
public enum Wish
{
    Sooner,
    MoreOften,
    Stronger,
}

/// <summary>A wish as a patient sends it.</summary>
/// <param name="Id">Made by the form, so that sending it twice stores it once.</param>
/// <param name="Wishes">At least one.</param>
/// <param name="Words">In the patient's own words.</param>
public sealed record WishForm(Guid Id, IReadOnlyList<Wish> Wishes, string? Words = null);

/// <summary>A wish that a patient sent, for the staff's list.</summary>
public sealed record WishLine(WatchRecord Record, string PatientName);

/// <summary>What patients ask for themselves between visits. It is stored, seen by staff and counted by rule MNT-15; nothing is answered but that the team decides.</summary>
public sealed class PatientWishes(ClinicDb db, TimeProvider time, Actor actor)
{
    private const int WordsLength = 1000;
    private static readonly TimeSpan Listed = TimeSpan.FromDays(14);

    /// <summary>Stores a wish of the signed-in patient.</summary>
    public async Task<WatchRecord> Send(Guid patientId, WishForm form, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        if (actor.Role != ClinicRole.Patient)
            throw ClinicRuleException.Forbidden("Only the patient can say this here. Record what a patient asked for under the long-term watch.");
        var errors = new FieldErrors();
        List<Wish> wishes = [.. form.Wishes.Where(Enum.IsDefined).Distinct().Order()];
        if (wishes.Count == 0)
            errors.Add("wishes", "required", "Choose at least one.");
        var words = ClinicText.Check(errors, "words", form.Words, WordsLength, lines: true);
        errors.ThrowIfAny();
        var note = $"The next treatment {string.Join(", ", wishes.Select(Said))}, please.{(words is null ? "" : $" In own words: {words}")}";
        return await new LongTermWatch(db, time, actor).Record(patientId, new WatchForm(WatchKind.RequestForMore, Note: note, Id: form.Id), cancel);
    }

    /// <summary>What a patient has sent, newest first.</summary>
    public async Task<IReadOnlyList<WatchRecord>> Of(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        var sent = await db.WatchRecords.AsNoTracking().Where(r => r.PatientId == patientId && r.Kind == WatchKind.RequestForMore && r.IsSelfReport).OrderByDescending(r => r.At).ToListAsync(cancel);
        db.Record(actor, time, AuditKind.WatchRead, patientId);
        await db.SaveChangesAsync(cancel);
        return sent;
    }

    /// <summary>What patients have sent in the last two weeks, newest first.</summary>
    public async Task<IReadOnlyList<WishLine>> Recent(CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var since = Clock.Now(time) - Listed;
        var sent = await (from record in db.WatchRecords.AsNoTracking()
                          where record.Kind == WatchKind.RequestForMore && record.IsSelfReport && record.At > since
                          join patient in db.Patients.AsNoTracking() on record.PatientId equals patient.Id
                          orderby record.At descending
                          select new { record, patient }).ToListAsync(cancel);
        foreach (var patientId in sent.Select(x => x.record.PatientId).Distinct())
            db.Record(actor, time, AuditKind.WatchRead, patientId);
        await db.SaveChangesAsync(cancel);
        return sent.ConvertAll(x => new WishLine(x.record, x.patient.FullName));
    }

    private static string Said(Wish wish) => wish switch
    {
        Wish.Sooner => "sooner",
        Wish.MoreOften => "more often",
        Wish.Stronger => "stronger",
        _ => throw new ArgumentOutOfRangeException(nameof(wish), wish, "Not a wish."),
    };
}
