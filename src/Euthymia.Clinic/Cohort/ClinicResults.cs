using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;

namespace Euthymia.Clinic;

/// <summary>The clinic's own results, for a lead.</summary>
public sealed class ClinicResults(ClinicDb db, TimeProvider time, Actor actor)
{
    /// <summary>
    /// Counts all courses inside a filter. That it was read is audited once, without a patient: nothing of one patient is shown.
    /// </summary>
    public async Task<CohortResults> Of(CohortFilter filter, CohortFactor? by = null, CancellationToken cancel = default)
    {
        actor.RequireLead();
        var clinic = await new ClinicOffice(db).Settings(cancel);
        var rules = await ClinicRules.Settings(db, cancel);
        var now = Clock.Now(time);
        var courses = await new CohortReader(db, clinic, rules, now).Read(only: null, done: null, cancel);
        db.Record(actor, time, AuditKind.ResultsRead, patientId: null);
        await db.SaveChangesAsync(cancel);
        return CohortResults.Of(courses, filter, by, rules, clinic.DayOf(now));
    }
}
