using Euthymia.Clinic.Courses.Care;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Tests.Forecasts;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Courses;

/// <summary>Combined care with its adherence, and the watch over months: kept for ever, due when it is, and "not assessed" until somebody looked.</summary>
public sealed class CareAndWatchTests
{
    private static Task<T> Care<T>(TestClinic clinic, Func<CombinedCarePlan, Task<T>> act) => clinic.As(clinic.Nurse, (db, a) => act(new CombinedCarePlan(db, clinic.Time, a)));

    private static Task<T> Watch<T>(TestClinic clinic, Func<LongTermWatch, Task<T>> act, Actor? actor = null) => clinic.As(actor ?? clinic.Nurse, (db, a) => act(new LongTermWatch(db, clinic.Time, a)));

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Care_is_planned_changed_reported_and_ended_by_new_entries(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, course, visits) = await clinic.AddCourse();
        var talks = await Care(clinic, c => c.Plan(course.Id, new CareForm(CareKind.Psychotherapy, "Therapy", "24")));
        await Care(clinic, c => c.Report(course.Id, new CareReportForm(talks.Id, Adherence.AsPlanned)));
        var later = await Care(clinic, c => c.Plan(course.Id, new CareForm(CareKind.Psychotherapy, "Therapy", "48", Replaces: talks.Id)));
        await Care(clinic, c => c.Report(course.Id, new CareReportForm(later.Id, Adherence.NotDone, Note: "Was ill.")));
        await Refused.With("care_changed", () => Care(clinic, c => c.End(course.Id, talks.Id, "Old page.")), RefusalKind.Conflict);

        var line = Assert.Single((await Care(clinic, c => c.Of(course.Id))).Lines);
        Assert.Equal((2, 1), (line.Reports.Count, line.AsPlanned)); // what was reported on the earlier version stays
        Assert.Equal(visits[1].ScheduledAt + course.Order.Duration + TimeSpan.FromHours(48), line.NextAt);
        await Care(clinic, c => c.End(course.Id, later.Id, "Moved away."));
        var ended = await Care(clinic, c => c.Of(course.Id));
        Assert.Empty(ended.Lines);
        Assert.Equal("Moved away.", Assert.Single(ended.Ended).Note);
        await using var db = clinic.Db();
        await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM \"CareItems\"", TestClinic.Cancel));
        await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM \"CareReports\"", TestClinic.Cancel));
    }

    [Fact]
    public async Task Care_that_says_nothing_is_refused_at_its_field()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, course, _) = await clinic.AddCourse();
        await Refused.With("required", () => Care(clinic, c => c.Plan(course.Id, new CareForm(null, "Therapy"))));
        await Refused.With("required", () => Care(clinic, c => c.Plan(course.Id, new CareForm(CareKind.Other, " "))));
        await Refused.With("hours_range", () => Care(clinic, c => c.Plan(course.Id, new CareForm(CareKind.Other, "Walk", "1.5"))));
        await Refused.With("hours_range", () => Care(clinic, c => c.Plan(course.Id, new CareForm(CareKind.Other, "Walk", "337"))));
        await Refused.With("not_found", () => Care(clinic, c => c.Report(course.Id, new CareReportForm(Guid.CreateVersion7(), Adherence.Partly))));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task What_nobody_looked_at_is_not_assessed_and_due(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.Give(visits[0]);
        var view = await Watch(clinic, w => w.Of(patient.Id));
        Assert.All(view.Lines.Where(l => l.Name is "Bladder" or "Liver" or "Memory and thinking"), l => Assert.True(l is { LastAt: null, IsDue: true }));
        Assert.All(view.Lines.SelectMany(l => l.Rules).Where(r => r.Rule.Id is "LTS-01" or "LTS-03a" or "LTS-03b"), r => Assert.Equal(RuleOutcome.NotAssessed, r.Outcome));
        Assert.Equal((1, 30.5m), (view.Infusions, view.Milligrams));
        Assert.Equal((1, 30.5m), (view.Months[0].Infusions, view.Months[0].Milligrams));

        await Watch(clinic, w => w.Record(patient.Id, new WatchForm(WatchKind.LiverTests, AltOrAst: "3.1")));
        var liver = (await Watch(clinic, w => w.Of(patient.Id))).Lines.Single(l => l.Name is "Liver");
        Assert.False(liver.IsDue);
        Assert.Equal(RuleOutcome.Fired, liver.Rules.Single(r => r.Rule.Id is "LTS-03b").Outcome);
        Assert.Contains("not assessed", liver.Last!, StringComparison.Ordinal); // the one that was not measured
        clinic.Time.Advance(TimeSpan.FromDays(93));
        Assert.True((await Watch(clinic, w => w.Of(patient.Id))).Lines.Single(l => l.Name is "Liver").IsDue);
        await using var db = clinic.Db();
        await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("UPDATE \"WatchRecords\" SET \"Note\" = 'x'", TestClinic.Cancel));
    }

    [Fact]
    public async Task A_patient_records_only_the_own_request()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var other = await clinic.AddPatient("T-2");
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);
        var request = new WatchForm(WatchKind.RequestForMore, Note: "Sooner, please.");
        Assert.True((await Watch(clinic, w => w.Record(patient.Id, request), self)).IsSelfReport);
        await Refused.With("not_found", () => Watch(clinic, w => w.Record(other.Id, request), self), RefusalKind.NotFound);
        await Refused.With("forbidden", () => Watch(clinic, w => w.Record(patient.Id, new WatchForm(WatchKind.LiverTests, AltOrAst: "1")), self), RefusalKind.Forbidden);
        await Refused.With("forbidden", () => Watch(clinic, w => w.Of(patient.Id), self), RefusalKind.Forbidden);
        await Refused.With("required", () => Watch(clinic, w => w.Record(patient.Id, new WatchForm(WatchKind.LiverTests))));
        await Refused.With("multiple_range", () => Watch(clinic, w => w.Record(patient.Id, new WatchForm(WatchKind.LiverTests, AltOrAst: "201"))));
        await Refused.With("date_in_future", () => Watch(clinic, w => w.Record(patient.Id, new WatchForm(WatchKind.MonitoringQuery, Day: new DateOnly(2026, 3, 3)))));
    }
}
