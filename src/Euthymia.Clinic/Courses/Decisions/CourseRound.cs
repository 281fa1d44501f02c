using System.Collections.Concurrent;
using Euthymia.Clinic.Forecasts;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using Microsoft.EntityFrameworkCore;
using Mood = Euthymia.Pharmacometrics.Responses.DepressionScale;

namespace Euthymia.Clinic.Courses.Decisions;

/// <summary>What of each patient was judged last, so that a round of every minute only works where something is new. It may be lost at any time: the next round then judges everybody once.</summary>
public sealed class RoundMemory
{
    internal ConcurrentDictionary<Guid, (int Events, int Assessments, int Watch, DateOnly Day)> Judged { get; } = new();
}

/// <summary>
/// Looks for relapse, tolerance and futility in every patient who was infused in the last months: after each new answer or infusion, and once a
/// day, because a forecast changes by time alone. It may run twice, on two servers, or after a restart: each finding has a name that the
/// database keeps unique, one for each rule and infusion.
/// </summary>
public sealed class CourseRound(ClinicDb db, TimeProvider time, RoundMemory? memory = null)
{
    private static readonly Actor Self = new(Guid.Empty, "Euthymia", ClinicRole.Nurse);
    private static readonly TimeSpan Watched = TimeSpan.FromDays(120);
    private static readonly string[] CourseFindings = ["RSP-09"];
    private static readonly string[] MaintenanceFindings = ["MNT-04", "MNT-05", "MNT-06", "MNT-07", "MNT-12", "MNT-13", "MNT-14", "MNT-15"];

    /// <summary>Judges every watched patient and returns how many findings were opened.</summary>
    public async Task<int> Run(CancellationToken cancel = default)
    {
        var now = Clock.Now(time);
        var clinic = await new ClinicOffice(db).Settings(cancel);
        var opened = 0;
        foreach (var (patientId, stamp) in await Stamps(now, clinic.DayOf(now), cancel))
        {
            if (memory?.Judged.TryGetValue(patientId, out var judged) == true && judged == stamp)
                continue;
            opened += await Judge(patientId, clinic, now, cancel);
            if (memory is not null)
                memory.Judged[patientId] = stamp;
        }

        return opened;
    }

    /// <summary>The patient's outlook from doses and scores alone, as it was measured on virtual patients; null where there can be none.</summary>
    internal static RelapseOutlook? OutlookOf(RecordedHistory story, DateTimeOffset now, CancellationToken cancel)
    {
        if (story.Patient.CurrentWeight is null)
            return null;
        var data = ModelData.Of(story, now);
        // Mood before treatment is left out: as a baseline it would pull the scales' own one.
        var moods = story.Assessments.Where(a => a.InstrumentId is "CHECK-IN" && a.Answers.Count > 0 && a.Answers[0] is not null && a.CompletedAt > data.Origin && a.CompletedAt <= now)
            .Select(a => new PatientObservation(data.HoursAt(a.CompletedAt), ObservedKind.Score, Mood.CheckInMood.Maximum - a.Answers[0]!.Value, Mood.CheckInMood.Name));
        var record = data.Record with { Observations = [.. data.Record.Observations.Where(o => o.Kind == ObservedKind.Score && o.Hours <= data.HoursAt(now)), .. moods] };
        if (record.Given.Count == 0 || !record.Observations.Any(o => o.Hours > 0))
            return null;
        try
        {
            var estimate = Individualiser.Estimate(record, options: RelapseWatch.Options, cancellation: cancel);
            var nowHours = Math.Max(data.HoursAt(now), IndividualForecast.EarliestHours(estimate));
            return RelapseWatch.Of(estimate, nowHours, 28);
        }
        catch (InvalidInputException)
        {
            return null; // outside of the models' range, or data that cannot be right: not assessed
        }
    }

    private async Task<int> Judge(Guid patientId, ClinicSettings clinic, DateTimeOffset now, CancellationToken cancel)
    {
        // An admission or attempt has opened its finding with its own entry, which is once, not once for each infusion.
        var rules = await CourseRules.Read(db, patientId, now, cancel) with { Serious = [] };
        if (rules.History.Infusions.Count == 0)
            return 0;
        var last = rules.History.Infusions[^1];
        var outlook = last.EndedAt <= now ? OutlookOf(rules.Story, now, cancel) : null;
        var fired = rules.Course(last.CourseId, outlook is not null).Fired.Where(r => CourseFindings.Contains(r.Rule.Id, StringComparer.Ordinal))
            .Concat(rules.Maintenance(outlook).Fired.Where(r => MaintenanceFindings.Contains(r.Rule.Id, StringComparer.Ordinal))).ToList();
        var covered = fired.SelectMany(r => FindingRule.Get(r.Rule.Id).Covers ?? []).ToHashSet(StringComparer.Ordinal);
        var opened = 0;
        foreach (var result in fired.Where(r => !covered.Contains(r.Rule.Id)))
            opened += await Open(result, patientId, last, outlook, clinic, now, cancel);
        return opened;
    }

    private async Task<int> Open(RuleResult result, Guid patientId, InfusionEffect last, RelapseOutlook? outlook, ClinicSettings clinic, DateTimeOffset now, CancellationToken cancel)
    {
        var occurrence = $"course:{last.VisitId:N}";
        var name = $"{occurrence}:{result.Rule.Id}";
        if (await db.Findings.AnyAsync(f => f.Occurrence == name, cancel))
            return 0;
        var basis = result.Rule.Id is "MNT-12" && outlook is not null ? $"{result.Message} {outlook.Basis}" : result.Message;
        var finding = AnswerFindings.Route(result, patientId, last.CourseId, occurrence, basis, clinic, now);
        db.Findings.Add(finding);
        db.Record(Self, time, AuditKind.FindingOpened, patientId, finding.Id);
        db.Mails.AddRange(Escalation.FirstMails([finding], clinic, now));
        try
        {
            await db.SaveChangesAsync(cancel);
            return 1;
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            return 0; // another round was first
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>Patients with a visit in the last months, each with the size of the append-only record: what has not grown has not changed.</summary>
    private async Task<List<(Guid PatientId, (int Events, int Assessments, int Watch, DateOnly Day) Stamp)>> Stamps(DateTimeOffset now, DateOnly day, CancellationToken cancel)
    {
        var since = now - Watched;
        var patients = await db.Visits.AsNoTracking().Where(v => v.CancelledBecause == null && v.ScheduledAt > since && v.ScheduledAt < now && v.Events.Any()).Select(v => v.PatientId).Distinct().ToListAsync(cancel);
        var events = await db.Visits.AsNoTracking().Where(v => patients.Contains(v.PatientId)).SelectMany(v => v.Events, (v, _) => v.PatientId).GroupBy(id => id).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var assessments = await db.Assessments.AsNoTracking().Where(a => patients.Contains(a.PatientId)).GroupBy(a => a.PatientId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var watch = await db.WatchRecords.AsNoTracking().Where(a => patients.Contains(a.PatientId)).GroupBy(a => a.PatientId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        return [.. patients.Order().Select(id => (id, (events.GetValueOrDefault(id), assessments.GetValueOrDefault(id), watch.GetValueOrDefault(id), day)))];
    }
}
