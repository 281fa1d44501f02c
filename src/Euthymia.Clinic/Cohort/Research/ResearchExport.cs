using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>How many of an export's patients have been read.</summary>
public readonly record struct ExportProgress(int Done, int Of);

/// <summary>Who could be exported now.</summary>
/// <param name="Ready">Patients who would be in it.</param>
/// <param name="Waiting">Patients who consented and wait until enough others have, too.</param>
public sealed record ExportOutlook(int Ready, int Waiting)
{
    public bool IsPossible => Ready >= SmallCells.Least;
}

/// <summary>The de-identified export for research. Only a lead makes one; each patient in it is audited with it.</summary>
public sealed class ResearchExport(ClinicDb db, TimeProvider time, Actor actor)
{
    public async Task<ExportOutlook> Outlook(CancellationToken cancel = default)
    {
        actor.RequireLead();
        var (consents, _) = await Treated(await Settings(cancel), progress: null, cancel);
        db.Record(actor, time, AuditKind.ResultsRead, patientId: null);
        await db.SaveChangesAsync(cancel);
        var waiting = consents.Count(c => c.Wave is null);
        return waiting >= SmallCells.Least ? new ExportOutlook(consents.Count, 0) : new ExportOutlook(consents.Count - waiting, waiting);
    }

    /// <summary>Makes the tables. Consents that wait become a wave of their own when they are enough.</summary>
    /// <exception cref="ClinicRuleException">Not a lead; or fewer patients than may be exported (code "too_few").</exception>
    public async Task<ResearchData> Make(IProgress<ExportProgress>? progress = null, CancellationToken cancel = default)
    {
        actor.RequireLead();
        var settings = await Settings(cancel);
        var (consents, courses) = await Treated(settings, progress, cancel);
        var waiting = consents.Where(c => c.Wave is null).ToList();
        if (waiting.Count >= SmallCells.Least)
        {
            var wave = 1 + (await db.ResearchConsents.MaxAsync(c => c.Wave, cancel) ?? 0);
            waiting.ForEach(c => c.Wave = wave);
        }

        var included = consents.Where(c => c.Wave is not null).ToList();
        if (included.Count < SmallCells.Least)
        {
            db.ChangeTracker.Clear();
            throw ClinicRuleException.Invalid("", "too_few", $"An export needs at least {SmallCells.Least} consenting patients who have had an infusion: fewer could be recognised.");
        }

        var data = Deidentified.Of([.. included.Select(c => (c, (IReadOnlyList<CohortCourse>)[.. courses[c.PatientId].OrderBy(course => course.Number)]))], settings.Clinic, settings.Rules);
        foreach (var consent in included)
            db.Record(actor, time, AuditKind.ResearchExported, consent.PatientId);
        db.Record(actor, time, AuditKind.ResearchExportMade, patientId: null);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return data;
    }

    private async Task<(ClinicSettings Clinic, RuleSettings Rules)> Settings(CancellationToken cancel) =>
        (await new ClinicOffice(db).Settings(cancel), await ClinicRules.Settings(db, cancel));

    /// <summary>The consents that hold, of patients who have had an infusion: the others have nothing to export, and nobody can hide among them.</summary>
    private async Task<(List<ResearchConsent> Consents, ILookup<Guid, CohortCourse> Courses)> Treated(
        (ClinicSettings Clinic, RuleSettings Rules) settings, IProgress<ExportProgress>? progress, CancellationToken cancel)
    {
        var consents = await db.ResearchConsents.Where(c => c.WithdrawnOn == null).ToListAsync(cancel);
        var reader = new CohortReader(db, settings.Clinic, settings.Rules, Clock.Now(time));
        var courses = (await reader.Read([.. consents.Select(c => c.PatientId)], done => progress?.Report(new ExportProgress(done, consents.Count)), cancel)).ToLookup(c => c.PatientId);
        return ([.. consents.Where(c => courses.Contains(c.PatientId))], courses);
    }
}
