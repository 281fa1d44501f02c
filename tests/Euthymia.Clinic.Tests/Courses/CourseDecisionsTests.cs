using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Tests.Forecasts;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Courses;

/// <summary>Decisions of a course: taken by a named lead with a reason, kept for ever, amended by a new entry, and due after infusions 1, 2, 4 and 6.</summary>
public sealed class CourseDecisionsTests
{
    private static Task<T> Desk<T>(TestClinic clinic, Func<CourseDecisions, Task<T>> act, Actor? actor = null) =>
        clinic.As(actor ?? clinic.Lead, (db, a) => act(new CourseDecisions(db, clinic.Time, a)));

    private static async Task<(Patient Patient, Course Course)> Infused(TestClinic clinic)
    {
        var (patient, course, visits) = await clinic.AddCourse();
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Forecasts.Infused.Total(20)));
        await clinic.Give(visits[0]);
        clinic.Time.Advance(TimeSpan.FromHours(24));
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Forecasts.Infused.Total(14)));
        return (patient, course);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_decision_keeps_who_why_and_what_was_shown(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, course) = await Infused(clinic);
        var view = await Desk(clinic, d => d.Of(course.Id));
        Assert.Equal(1, view.Due);
        Assert.NotNull(view.Own);
        Assert.InRange(view.Own.GoingOn!.Response, 0.01, 0.99);
        Assert.Equal(OutcomeKind.PartialResponse, view.Outcomes[0].Kind);
        Assert.Equal(6, Assert.Single(view.Infusions).Fall);
        Assert.Contains(view.Report.Fired, r => r.Rule.Id is "RSP-06");

        var decision = await Desk(clinic, d => d.Decide(course.Id, new DecisionForm(DecisionKind.Continue, "Too early to judge.")));
        var stored = await clinic.As(clinic.Lead, (db, _) => db.Decisions.AsNoTracking().SingleAsync(TestClinic.Cancel));
        Assert.Equal((1, clinic.Lead.Name, "Too early to judge.", patient.Id), (stored.AfterInfusions, stored.ByName, stored.Reason, stored.PatientId));
        Assert.Contains("RSP-06", stored.BasisShown, StringComparison.Ordinal);
        Assert.Contains("response parameters", stored.BasisShown, StringComparison.Ordinal); // the models' versions
        Assert.Null((await Desk(clinic, d => d.Of(course.Id))).Due);
        Assert.True(await clinic.As(clinic.Lead, (db, _) => db.Audit.AnyAsync(a => a.Kind == AuditKind.DecisionTaken && a.SubjectId == decision.Id, TestClinic.Cancel)));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_database_refuses_to_change_or_delete_one(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, course) = await Infused(clinic);
        await Desk(clinic, d => d.Decide(course.Id, new DecisionForm(DecisionKind.Stop, "The patient wants to stop.")));
        await using var db = clinic.Db();
        await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("UPDATE \"Decisions\" SET \"Reason\" = 'other'", TestClinic.Cancel));
        await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM \"Decisions\"", TestClinic.Cancel));
        Assert.Equal("The patient wants to stop.", (await db.Decisions.AsNoTracking().SingleAsync(TestClinic.Cancel)).Reason);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task An_amendment_is_a_new_entry_and_only_one_wins(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, course) = await Infused(clinic);
        var first = await Desk(clinic, d => d.Decide(course.Id, new DecisionForm(DecisionKind.Maintain, "Holds.", "14")));
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        var second = await Desk(clinic, d => d.Decide(course.Id, new DecisionForm(DecisionKind.Taper, "On second thoughts.", "7, 10, 14", first.Id)));
        await Refused.With("decision_amended", () => Desk(clinic, d => d.Decide(course.Id, new DecisionForm(DecisionKind.Stop, "Too late.", Amends: first.Id))), RefusalKind.Conflict);
        var view = await Desk(clinic, d => d.Of(course.Id));
        Assert.Equal(2, view.Decisions.Count);
        Assert.Equal(second.Id, Assert.Single(DecisionTaken.Holding([.. view.Decisions])).Id);
        Assert.Equal([7, 10, 14], view.Decisions[0].IntervalDays);
    }

    [Fact]
    public async Task A_decision_needs_a_lead_a_kind_a_reason_and_sensible_intervals()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, course) = await Infused(clinic);
        Task Decide(DecisionForm form) => Desk(clinic, d => d.Decide(course.Id, form));
        await Refused.With("required", () => Decide(new DecisionForm(null, "Because.")));
        await Refused.With("required", () => Decide(new DecisionForm(DecisionKind.Stop, " ")));
        await Refused.With("too_long", () => Decide(new DecisionForm(DecisionKind.Stop, new string('a', 4001))));
        await Refused.With("interval_format", () => Decide(new DecisionForm(DecisionKind.Maintain, "Holds.")));
        await Refused.With("interval_format", () => Decide(new DecisionForm(DecisionKind.Maintain, "Holds.", "0")));
        await Refused.With("interval_format", () => Decide(new DecisionForm(DecisionKind.Maintain, "Holds.", "366")));
        await Refused.With("interval_one", () => Decide(new DecisionForm(DecisionKind.Maintain, "Holds.", "7, 14")));
        await Refused.With("interval_taper", () => Decide(new DecisionForm(DecisionKind.Taper, "Ends.", "14")));
        await Refused.With("interval_taper", () => Decide(new DecisionForm(DecisionKind.Taper, "Ends.", "14, 7")));
        await Refused.With("forbidden", () => Desk(clinic, d => d.Decide(course.Id, new DecisionForm(DecisionKind.Stop, "Because.")), clinic.Nurse), RefusalKind.Forbidden);
        await Refused.With("forbidden", () => Desk(clinic, d => d.Of(course.Id), new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, Guid.CreateVersion7())), RefusalKind.Forbidden);
        Assert.False(await clinic.As(clinic.Lead, (db, _) => db.Decisions.AnyAsync(TestClinic.Cancel)));
    }

    [Fact]
    public async Task What_is_due_is_listed_a_day_after_the_infusion()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (patient, course, visits) = await clinic.AddCourse();
        await clinic.Give(visits[0]);
        Assert.Empty(await Desk(clinic, d => d.Due(), clinic.Nurse));
        clinic.Time.Advance(TimeSpan.FromHours(20));
        var due = Assert.Single(await Desk(clinic, d => d.Due(), clinic.Nurse));
        Assert.Equal((course.Id, patient.Id, 1), (due.CourseId, due.PatientId, due.AfterInfusions));
        await Desk(clinic, d => d.Decide(course.Id, new DecisionForm(DecisionKind.Continue, "Go on.")));
        Assert.Empty(await Desk(clinic, d => d.Due(), clinic.Nurse));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 4)]
    [InlineData(5, 4)]
    [InlineData(6, 6)]
    [InlineData(8, 6)]
    public void The_last_moment_reached_is_due(int given, int? due)
    {
        var now = new DateTimeOffset(2026, 3, 30, 10, 0, 0, TimeSpan.Zero);
        DateTimeOffset[] ends = [.. Enumerable.Range(0, given).Select(i => now.AddDays(-20 + (2 * i)))];
        Assert.Equal(due, CourseDecisions.DueAfter(ends, [], now));
        DecisionTaken Taken(int after, DecisionKind kind) => new() { AfterInfusions = after, Kind = kind };
        Assert.Null(CourseDecisions.DueAfter(ends, [Taken(given, DecisionKind.Continue)], now));
        Assert.Null(CourseDecisions.DueAfter(ends, [Taken(0, DecisionKind.Stop)], now));
        if (due > 1)
            Assert.Equal(due, CourseDecisions.DueAfter(ends, [Taken(due.Value - 1, DecisionKind.Continue)], now));
    }
}
