using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>
/// Unfinished questionnaires. A draft is no assessment: it has no score, no rule looks at it and staff do not see it. It is thrown away
/// when it is older than a day, because the questions are about the days before the answer.
/// </summary>
public sealed class Drafts(ClinicDb db, TimeProvider time, Actor actor)
{
    /// <summary>How long unfinished answers are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>The draft of an instrument; a new, empty one (not stored) where there is none that is still good.</summary>
    public async Task<AssessmentDraft> Get(Guid patientId, Instrument instrument, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        var stored = await Stored(patientId, instrument, cancel);
        return IsGood(stored, instrument) ? stored! : Empty(patientId, instrument);
    }

    /// <summary>Keeps the answers given so far. Checks that each is one of the instrument's.</summary>
    public async Task<AssessmentDraft> Keep(Guid patientId, Instrument instrument, IReadOnlyList<int?> answers, int? difficulty, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        _ = InstrumentLibrary.Shipped[instrument.Id].Score(answers);
        var stored = await Stored(patientId, instrument, cancel);
        if (stored is not null && !IsGood(stored, instrument))
        {
            db.Drafts.Remove(stored);
            await db.SaveChangesAsync(cancel);
            stored = null;
        }

        if (stored is null)
            db.Drafts.Add(stored = Empty(patientId, instrument));
        else
            db.Attach(stored);
        stored.Answers = [.. answers];
        stored.Difficulty = difficulty;
        stored.ChangedAt = Clock.Now(time);
        db.Record(actor, time, AuditKind.DraftSaved, patientId, stored.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure) || failure is DbUpdateConcurrencyException)
        {
            throw new ClinicRuleException(RefusalKind.Conflict, "", "draft_changed", "These answers were changed on another device at the same moment. Load the page again.");
        }
        finally
        {
            db.ChangeTracker.Clear();
        }

        return stored;
    }

    private bool IsGood(AssessmentDraft? draft, Instrument instrument) =>
        draft is not null && draft.InstrumentVersion == instrument.Version && draft.Answers.Count == instrument.Items.Count && time.GetUtcNow() - draft.ChangedAt < Kept;

    private static AssessmentDraft Empty(Guid patientId, Instrument instrument) => new()
    {
        PatientId = patientId,
        InstrumentId = instrument.Id,
        InstrumentVersion = instrument.Version,
        Answers = [.. Enumerable.Repeat<int?>(null, instrument.Items.Count)],
    };

    private Task<AssessmentDraft?> Stored(Guid patientId, Instrument instrument, CancellationToken cancel) =>
        db.Drafts.AsNoTracking().SingleOrDefaultAsync(d => d.PatientId == patientId && d.InstrumentId == instrument.Id, cancel);
}
