using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>Reads the courses of all patients, or of some, for counting. It audits nothing: its callers do, by what they show.</summary>
internal sealed class CohortReader(ClinicDb db, ClinicSettings clinic, RuleSettings rules, DateTimeOffset now)
{
    private const string CheckInId = "CHECK-IN";
    private const int PatientsAtOnce = 50;
    private static readonly TimeSpan BaselineWindow = TimeSpan.FromDays(28);

    /// <summary>The courses in which something was infused, of the patients named or of all, in no order.</summary>
    /// <param name="only">Null for all patients.</param>
    /// <param name="done">Told after each batch how many patients have been read.</param>
    /// <param name="cancel">Stops between batches.</param>
    public async Task<List<CohortCourse>> Read(IReadOnlyCollection<Guid>? only, Action<int>? done, CancellationToken cancel)
    {
        var ids = only?.Order().ToList() ?? await db.Visits.AsNoTracking().Select(v => v.PatientId).Distinct().OrderBy(id => id).ToListAsync(cancel);
        List<CohortCourse> courses = [];
        var read = 0;
        foreach (var batch in ids.Chunk(PatientsAtOnce))
        {
            courses.AddRange(await ReadBatch(batch, cancel));
            done?.Invoke(read += batch.Length);
        }

        return courses;
    }

    private async Task<List<CohortCourse>> ReadBatch(Guid[] ids, CancellationToken cancel)
    {
        var patients = await db.Patients.AsNoTracking().Where(p => ids.Contains(p.Id)).ToListAsync(cancel);
        var courses = (await db.Courses.AsNoTracking().Include(c => c.Orders).Where(c => ids.Contains(c.PatientId)).ToListAsync(cancel)).ToDictionary(c => c.Id);
        var visits = (await db.Visits.AsNoTracking().Include(v => v.Events).Where(v => ids.Contains(v.PatientId) && v.CancelledBecause == null).ToListAsync(cancel)).ToLookup(v => v.PatientId);
        var assessments = (await db.Assessments.AsNoTracking().Where(a => ids.Contains(a.PatientId)).OrderBy(a => a.CompletedAt).ToListAsync(cancel)).ToLookup(a => a.PatientId);
        var linked = (await db.Audit.AsNoTracking().Where(a => a.Kind == AuditKind.AccountLinked && a.PatientId != null && ids.Contains(a.PatientId.Value))
            .Select(a => new { a.PatientId, a.At }).ToListAsync(cancel)).GroupBy(a => a.PatientId!.Value).ToDictionary(g => g.Key, g => g.Min(a => a.At));
        return [.. patients.SelectMany(p => OfPatient(p, courses, [.. visits[p.Id]], [.. assessments[p.Id]], linked.TryGetValue(p.Id, out var at) ? at : null))];
    }

    private List<CohortCourse> OfPatient(Patient patient, Dictionary<Guid, Course> courses, List<Visit> visits, List<Assessment> assessments, DateTimeOffset? linkedAt)
    {
        var states = visits.ConvertAll(v => (Visit: v, State: VisitFold.Of(v, v.Events, now, rules)));
        var byCourse = states.GroupBy(s => s.Visit.CourseId).Select(g => (Course: courses[g.Key], Visits: g.ToList()))
            .Select(c => (c.Course, c.Visits, Given: Given(c.Course, c.Visits))).Where(c => c.Given.Count > 0).OrderBy(c => c.Given[0].StartedAt).ToList();
        var totals = assessments.Where(a => a.Total is not null && string.Equals(a.InstrumentId, Instrument.Phq9.Id, StringComparison.Ordinal)).Select(a => new CohortScore(a.CompletedAt, a.Total!.Value)).ToList();
        var checkIns = CheckInsOf(states, visits, assessments, linkedAt);
        List<CohortCourse> all = [];
        for (var i = 0; i < byCourse.Count; i++)
        {
            var (course, own, given) = byCourse[i];
            var start = given[0].StartedAt;
            var next = i + 1 < byCourse.Count ? byCourse[i + 1].Given[0].StartedAt : DateTimeOffset.MaxValue;
            all.Add(new CohortCourse
            {
                PatientId = patient.Id,
                CourseId = course.Id,
                Diagnosis = patient.Diagnosis,
                Sex = patient.Sex,
                Age = patient.AgeOn(clinic.DayOf(start)),
                Number = i + 1,
                Regimen = new CohortRegimen(course.Order.DosePerKilogram.Value, (int)Math.Round(course.Order.Duration.TotalMinutes)),
                FirstDay = clinic.DayOf(start),
                Infusions = given,
                IsOver = own.TrueForAll(v => IsOver(v.Visit, v.State)),
                Baseline = totals.LastOrDefault(s => s.At <= start && s.At >= start - BaselineWindow) is { At.Ticks: > 0 } baseline ? baseline.Total : null,
                Scores = [.. totals.Where(s => s.At > start && s.At < next)],
                CheckIns = checkIns?.Where(c => c.DueAt > start && c.DueAt < next).GroupBy(c => c.Reason)
                    .ToDictionary(g => g.Key, g => new CheckInCount(g.Count(), g.Count(c => c.State == CheckInState.Missed), g.Count(c => c.WasLate))),
                MissedInARow = checkIns is null ? null : CheckInSchedule.MissedInARow(checkIns),
            });
        }

        return all;
    }

    // A visit whose time passed without anything is over as well: nobody waits for it.
    private bool IsOver(Visit visit, VisitState state) =>
        state.EndedAt is not null || state.Phase is VisitPhase.Completed || (state.StartedAt is null && visit.ScheduledAt < now.AddDays(-1));

    private static List<CohortInfusion> Given(Course course, List<(Visit Visit, VisitState State)> visits) =>
        [.. visits.Where(v => v.State is { StartedAt: not null, DoseGiven.Value: > 0 }).Select(v => Infusion(course, v.State)).OrderBy(i => i.StartedAt)];

    private static CohortInfusion Infusion(Course course, VisitState state)
    {
        var readings = state.Log.Select(l => l.Sound).OfType<Readings>().ToList();
        var stopped = state.EndedAt is not null && !state.VolumeDelivered && state.DosePlanned is { } planned && state.DoseGiven.Value < planned.Value * NearlyWhole;
        return new CohortInfusion(
            state.StartedAt!.Value, state.EndedAt ?? state.At, state.DoseGiven / (state.Sheets.Weight ?? course.Order.Weight), stopped,
            readings.Max(r => r.Systolic), readings.Max(r => r.Diastolic), [.. state.Session.SideEffects.Select(CohortSideEffect.Of)]);
    }

    // A rate that was slowed a little, or a pump stopped by hand in its last minutes, has given the dose.
    private const decimal NearlyWhole = 0.9m;

    /// <summary>The check-ins whose moment is over, from when the patient could answer; null where nobody asked.</summary>
    private List<CheckIn>? CheckInsOf(List<(Visit Visit, VisitState State)> states, List<Visit> visits, List<Assessment> assessments, DateTimeOffset? linkedAt)
    {
        var answered = assessments.Where(a => string.Equals(a.InstrumentId, CheckInId, StringComparison.Ordinal)).Select(a => (DateTimeOffset?)a.CompletedAt).FirstOrDefault();
        if (Earlier(linkedAt, answered) is not { } since)
            return null;
        var facts = new ScheduleFacts(
            [.. states.Where(s => s.State is { StartedAt: not null, DoseGiven.Value: > 0 }).Select(s => s.State.EndedAt).OfType<DateTimeOffset>()],
            [.. visits.Select(v => v.ScheduledAt)], assessments, clinic, rules);
        return [.. CheckInSchedule.Of(facts, now).Where(c => c.EndsAt > since && c.State is CheckInState.Answered or CheckInState.Missed)];
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;
}
