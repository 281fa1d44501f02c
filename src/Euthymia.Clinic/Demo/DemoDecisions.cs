using Euthymia.Clinic.Courses.Care;
using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Storage;

namespace Euthymia.Clinic.Demo;

/// <summary>Decisions, combined care and long-term watch of the demo's patients, through the same services as real work. Some decisions are left due.</summary>
internal sealed class DemoDecisions(ClinicDb db, DemoClock clock)
{
    public async Task Tell(DemoPatient demo, Course course, IReadOnlyList<Visit> visits, DateTimeOffset now, Dictionary<ClinicRole, Actor> actors, CancellationToken cancel)
    {
        if (demo.Given == 0)
            return;
        var (lead, nurse) = (actors[ClinicRole.Lead], actors[ClinicRole.Nurse]);
        await Care(demo, course, visits, now, nurse, cancel);
        if (demo.Twist is DemoPatients.MayRelapse)
            await LowMoods(course.PatientId, now, nurse, cancel);
        if (demo is { Stage: DemoStage.FollowUp, WeeksAfter: 4, Twist: null })
            await Admitted(course.PatientId, now, nurse, cancel);
        if (demo.Stage is not (DemoStage.FollowUp or DemoStage.DueToday) || demo.WeeksAfter is 2 or 4 || demo.Twist is DemoPatients.MayRelapse)
            return; // left due
        var decided = visits.Where(v => v.NumberInCourse <= demo.Given && v.NumberInCourse is 1 or 2 or 4 or 6).MaxBy(v => v.NumberInCourse)!;
        clock.Now = decided.ScheduledAt.AddHours(23) < now ? decided.ScheduledAt.AddHours(23) : now;
        var form = (demo.Given, demo.Effect) switch
        {
            (6, < 0.1) => new DecisionForm(DecisionKind.Stop, "No improvement after six infusions. Talked it over with the patient; the referring doctor is told."),
            (6, > 0.25) => new DecisionForm(DecisionKind.Maintain, "Clear response. The patient wants to hold it with few visits; to be reviewed after three infusions.", "14"),
            (6, _) => new DecisionForm(DecisionKind.Taper, "Partial response. Taper and watch.", "7, 10, 14, 21"),
            _ => new DecisionForm(DecisionKind.Continue, "Too early to judge; the patient agrees to go on."),
        };
        await new CourseDecisions(db, clock, lead).Decide(course.Id, form, cancel);
        if (demo.Twist is DemoPatients.OwnAccount)
        {
            clock.Now = now.AddDays(-6);
            await new LongTermWatch(db, clock, nurse).Record(course.PatientId, new WatchForm(WatchKind.LiverTests, AltOrAst: "0.8", AlpOrGgt: "0.9"), cancel);
            await new SeriousEvents(db, clock, nurse).Record(course.PatientId, new SeriousEventForm(SeriousEventKind.AskedNone), cancel);
            await new LongTermWatch(db, clock, nurse).Record(course.PatientId, new WatchForm(WatchKind.RequestForMore, Note: "Asked on the phone for an infusion before the planned day."), cancel);
            clock.Now = now.AddDays(-2);
            var self = new Actor(actors[ClinicRole.Patient].AccountId, actors[ClinicRole.Patient].Name, ClinicRole.Patient, course.PatientId);
            await new PatientWishes(db, clock, self).Send(course.PatientId, new WishForm(Guid.CreateVersion7(clock.Now), [Wish.Sooner], "It does not last as long as it did."), cancel);
        }
    }

    /// <summary>An admission that the clinic heard of later, its report still open.</summary>
    private async Task Admitted(Guid patientId, DateTimeOffset now, Actor nurse, CancellationToken cancel)
    {
        clock.Now = now.AddHours(-3);
        await new SeriousEvents(db, clock, nurse).Record(patientId, new SeriousEventForm(
            SeriousEventKind.PsychiatricAdmission, DateOnly.FromDateTime(now.AddDays(-3).UtcDateTime), What: "Admitted voluntarily for three nights because of worse mood.",
            Done: "Spoke with the ward and the family; the next visit is put off.", Report: AuthorityReport.NotYet), cancel);
    }

    /// <summary>Check-ins that get worse day by day, before a PHQ-9 is due again.</summary>
    private async Task LowMoods(Guid patientId, DateTimeOffset now, Actor nurse, CancellationToken cancel)
    {
        foreach (var (hoursAgo, mood) in new[] { (150, 5), (96, 3), (49, 2), (3, 1) })
        {
            clock.Now = now.AddHours(-hoursAgo);
            await new FollowUp(db, clock, nurse).Record(patientId, new AssessmentForm(Guid.CreateVersion7(clock.Now), "CHECK-IN", [mood, 1, 0, 0, 0, 0]), cancel);
        }
    }

    private async Task Care(DemoPatient demo, Course course, IReadOnlyList<Visit> visits, DateTimeOffset now, Actor nurse, CancellationToken cancel)
    {
        if (demo.Given < 4)
            return;
        clock.Now = visits[0].ScheduledAt.AddHours(-1);
        var plan = new CombinedCarePlan(db, clock, nurse);
        var talks = await plan.Plan(course.Id, new CareForm(CareKind.Psychotherapy, "Cognitive behavioural therapy", "24"), cancel);
        await plan.Plan(course.Id, new CareForm(CareKind.Antidepressant, "Sertraline 100 mg daily, unchanged"), cancel);
        foreach (var visit in visits.Take(demo.Given).Where(v => v.ScheduledAt.AddHours(26) < now))
        {
            clock.Now = visit.ScheduledAt.AddHours(26);
            await plan.Report(course.Id, new CareReportForm(talks.Id, visit.NumberInCourse % 4 == 3 ? Adherence.NotDone : Adherence.AsPlanned), cancel);
        }
    }
}
