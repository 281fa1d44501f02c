using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>What an event of a patient's story is.</summary>
public enum StoryEventKind
{
    SideEffect,
    SeriousEvent,
    Finding,
    Decision,
}

/// <summary>One thing that happened, in words, with who did or saw it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="At">When.</param>
/// <param name="Words">What.</param>
/// <param name="By">Who; null when the program saw it.</param>
/// <param name="IsOpen">Somebody still has to act on it.</param>
/// <param name="Grade">Of a side effect.</param>
public sealed record StoryEvent(StoryEventKind Kind, DateTimeOffset At, string Words, string? By, bool IsOpen = false, SideEffectGrade? Grade = null);

/// <summary>A course of a patient with what was given of it and how it ended.</summary>
/// <param name="Course">With its orders.</param>
/// <param name="Given">Infusions as given, in order of time.</param>
/// <param name="Counted">The course as the clinic's results count it; null while nothing was given.</param>
/// <param name="Outcome">How it ended; null while nothing was given.</param>
/// <param name="Planned">Visits that still lie ahead.</param>
public sealed record StoryCourse(Course Course, IReadOnlyList<GivenInfusion> Given, CohortCourse? Counted, CohortOutcome? Outcome, int Planned)
{
    /// <summary>All that was given, rounded once for every page and paper.</summary>
    public Milligrams Total => new(decimal.Round(Given.Sum(g => g.Dose.Value), 1, MidpointRounding.AwayFromZero));
}

/// <summary>All of a patient's treatment on one axis of time.</summary>
public sealed record PatientStory(
    Patient Patient, ClinicSettings Clinic, DateTimeOffset AsOf, IReadOnlyList<StoryCourse> Courses, IReadOnlyList<Assessment> Assessments,
    IReadOnlyList<StoryEvent> Events, DateTimeOffset? NextVisit, int? MissedInARow)
{
    /// <summary>The course that was planned last; null while none was.</summary>
    public Course? Latest => Courses.Count > 0 ? Courses[^1].Course : null;

    /// <summary>The infusion after which a decision on the latest course is due; null when none is.</summary>
    public int? DecisionDueAfter { get; init; }

    /// <summary>The start of the first infusion ever; the first assessment where none was given; null where there is neither.</summary>
    public DateTimeOffset? Origin => Courses.SelectMany(c => c.Given).Select(g => (DateTimeOffset?)g.StartedAt).Min() ?? Assessments.Select(a => (DateTimeOffset?)a.CompletedAt).Min();
}

/// <summary>Tells the story of a patient, for staff. Reading it is audited.</summary>
public sealed class PatientStories(ClinicDb db, TimeProvider time, Actor actor)
{
    public async Task<PatientStory> Of(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var patient = await new PatientRegister(db, time, actor).Get(patientId, cancel);
        var clinic = await new ClinicOffice(db).Settings(cancel);
        var rules = await ClinicRules.Settings(db, cancel);
        var now = Clock.Now(time);
        var counted = (await new CohortReader(db, clinic, rules, now).Read([patientId], done: null, cancel)).ToDictionary(c => c.CourseId);
        var log = new VisitLog(db, time, actor);
        List<StoryCourse> courses = [];
        foreach (var course in (await new CoursePlanner(db, time, actor).OfPatient(patientId, cancel)).Reverse())
        {
            var own = counted.GetValueOrDefault(course.Id);
            var planned = await db.Visits.CountAsync(v => v.CourseId == course.Id && v.CancelledBecause == null && v.ScheduledAt > now, cancel);
            courses.Add(new StoryCourse(course, await log.Given(course.Id, cancel), own, own is null ? null : CohortOutcome.Of(own, rules), planned));
        }

        var checkIns = await new CheckIns(db, time, actor).Of(patientId, cancel);
        var findings = await new FindingBook(db, time, actor).OfPatient(patientId, cancel);
        var events = await Events(patientId, clinic, courses, findings, cancel);
        db.Record(actor, time, AuditKind.StoryRead, patientId);
        await db.SaveChangesAsync(cancel);
        var latest = courses.LastOrDefault();
        var taken = latest is null ? [] : await db.Decisions.AsNoTracking().Where(d => d.CourseId == latest.Course.Id).ToListAsync(cancel);
        return new PatientStory(patient, clinic, now, courses, checkIns.Assessments, events, checkIns.NextVisit, counted.Values.Max(c => c.MissedInARow))
        {
            DecisionDueAfter = latest is null ? null : CourseDecisions.DueAfter([.. latest.Given.Select(g => g.EndedAt)], taken, now),
        };
    }

    private async Task<List<StoryEvent>> Events(Guid patientId, ClinicSettings clinic, List<StoryCourse> courses, IReadOnlyList<Finding> findings, CancellationToken cancel)
    {
        List<StoryEvent> events = [];
        foreach (var line in courses.SelectMany(c => c.Given).SelectMany(g => g.State.Session.SideEffects))
        {
            var known = CohortSideEffect.Of(line).Effect;
            events.Add(new StoryEvent(StoryEventKind.SideEffect, line.OnsetAt, string.Equals(known, CohortSideEffect.Other, StringComparison.Ordinal) ? line.Seen.Effect : known, line.Line.Event.AuthorName, line.IsOngoing, line.Grade));
        }

        var serious = await db.SeriousEvents.AsNoTracking().Where(e => e.PatientId == patientId).ToListAsync(cancel);
        events.AddRange(SeriousEvent.Holding(serious).Where(e => e.Happened).Select(e => Serious(e, clinic)));

        // Alarms at the chair belong to their visit; here stand the findings that somebody had to follow up.
        foreach (var finding in findings.Where(f => f.Priority is null))
        {
            events.Add(new StoryEvent(StoryEventKind.Finding, finding.OpenedAt, $"{finding.Title} ({finding.RuleId})", null, finding.IsOpen));
            if (finding.ClosedAt is { } closed)
                events.Add(new StoryEvent(StoryEventKind.Decision, closed, $"Finding closed: {finding.ActionTaken}", finding.ClosedByName));
        }

        foreach (var order in courses.SelectMany(c => c.Course.Orders))
            events.Add(new StoryEvent(StoryEventKind.Decision, order.OrderedAt, Ordered(order), order.OrderedByName));
        var decisions = await db.Decisions.AsNoTracking().Where(d => d.PatientId == patientId).ToListAsync(cancel);
        events.AddRange(DecisionTaken.Holding(decisions).Select(d => new StoryEvent(StoryEventKind.Decision, d.At, Decided(d), d.ByName)));
        var cancelled = await db.Visits.AsNoTracking().Where(v => v.PatientId == patientId && v.CancelledBecause != null).ToListAsync(cancel);
        events.AddRange(cancelled.Select(v => new StoryEvent(StoryEventKind.Decision, v.ScheduledAt, $"Visit {v.NumberInCourse} cancelled: {v.CancelledBecause}", null)));
        var overrides = await (from o in db.Overrides.AsNoTracking() join v in db.Visits on o.VisitId equals v.Id where v.PatientId == patientId && o.WithdrawnAt == null select o).ToListAsync(cancel);
        events.AddRange(overrides.Select(o => new StoryEvent(StoryEventKind.Decision, o.At, $"{o.RuleIds} overridden: {o.Reason}", o.ByName)));
        return [.. events.OrderBy(e => e.At).ThenBy(e => e.Kind).ThenBy(e => e.Words, StringComparer.Ordinal)];
    }

    // One whose day is not known stands where it was entered, and says so.
    private static StoryEvent Serious(SeriousEvent e, ClinicSettings clinic)
    {
        var report = e.Report switch { AuthorityReport.Reported => "reported to the authority", AuthorityReport.NotDue => "no report due", _ => "not yet reported" };
        return new StoryEvent(
            StoryEventKind.SeriousEvent, e.Day is { } day ? clinic.MomentOf(day, new TimeOnly(12, 0)) : e.At, $"{e.Said}; {report}", e.ByName, e.Report == AuthorityReport.NotYet);
    }

    private static string Decided(DecisionTaken decision)
    {
        var kind = decision.Kind switch
        {
            DecisionKind.Continue => "go on as ordered",
            DecisionKind.Adapt => "go on with a changed order",
            DecisionKind.Stop => "end the course",
            DecisionKind.Taper => $"taper ({string.Join(", ", decision.IntervalDays)} days apart)",
            DecisionKind.Maintain => $"maintain every {string.Join(", ", decision.IntervalDays)} days",
            _ => throw new ArgumentOutOfRangeException(nameof(decision), decision.Kind, "Not a decision."),
        };
        return $"After infusion {decision.AfterInfusions}: {kind}, because: {decision.Reason}";
    }

    private static string Ordered(InfusionOrder order) =>
        $"{(order.Version == 1 ? "Ordered" : $"Order changed (version {order.Version})")}: {order.Days.Count} infusions of {order.DosePerKilogram} over {order.Duration.TotalMinutes:0} min{(order.Reason is { } reason ? $", because: {reason}" : "")}";
}
