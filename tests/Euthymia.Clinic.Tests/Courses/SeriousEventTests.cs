using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Tests.Forecasts;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Courses;

/// <summary>Admissions, attempts and other serious events: kept for ever, corrected by new entries, and never without somebody who has to act.</summary>
public sealed class SeriousEventTests
{
    private static readonly SeriousEventForm Admission = new(SeriousEventKind.PsychiatricAdmission, new DateOnly(2026, 3, 2), Done: "Spoke with the ward.", Report: AuthorityReport.NotYet);

    private static Task<T> Events<T>(TestClinic clinic, Func<SeriousEvents, Task<T>> act, Actor? actor = null) => clinic.As(actor ?? clinic.Nurse, (db, a) => act(new SeriousEvents(db, clinic.Time, a)));

    private static Task<RuleOutcome[]> Outcomes(TestClinic clinic, Guid patientId) => Events(clinic, async e => (await e.Of(patientId)).Rules.Select(r => r.Outcome).ToArray());

    private static Task<List<Finding>> Findings(TestClinic clinic) => clinic.As(clinic.Lead, (db, _) => db.Findings.AsNoTracking().Where(f => f.RuleId == "MNT-04" || f.RuleId == "LTS-07").OrderBy(f => f.RuleId).ToListAsync(TestClinic.Cancel));

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task An_admission_after_an_infusion_is_a_relapse_and_to_be_reported_and_the_report_completes_it(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        Assert.Equal([RuleOutcome.NotAssessed, RuleOutcome.NotAssessed], await Outcomes(clinic, patient.Id));
        await clinic.Give(visits[0]);
        var first = await Events(clinic, e => e.Record(patient.Id, Admission));
        Assert.Equal([RuleOutcome.Fired, RuleOutcome.Fired], await Outcomes(clinic, patient.Id));
        var findings = await Findings(clinic);
        Assert.Equal([("LTS-07", ClinicRole.Lead), ("MNT-04", ClinicRole.Lead)], findings.Select(f => (f.RuleId, f.Owner)));
        Assert.All(findings, f => Assert.True(f.DueAt > f.OpenedAt && f.Basis.StartsWith("Psychiatric admission, 2 Mar 2026", StringComparison.Ordinal), f.Basis));

        var reported = await Events(clinic, e => e.Record(patient.Id, Admission with { Report = AuthorityReport.Reported, ReportedOn = new DateOnly(2026, 3, 2), ReportedBy = "Dr. Rowan", Replaces = first.Id }));
        Assert.Equal([RuleOutcome.Fired, RuleOutcome.Clear], await Outcomes(clinic, patient.Id));
        await Refused.With("entry_replaced", () => Events(clinic, e => e.Record(patient.Id, Admission with { Replaces = first.Id })), RefusalKind.Conflict);
        Assert.Equal(2, (await Findings(clinic)).Count); // completing it opened none twice, and closed none
        Assert.All(await Findings(clinic), f => Assert.True(f.IsOpen));
        await clinic.As(clinic.Lead, (db, _) => new CourseRound(db, clinic.Time).Run(TestClinic.Cancel));
        Assert.Equal(2, (await Findings(clinic)).Count); // nor does the background round

        await Events(clinic, e => e.Record(patient.Id, new SeriousEventForm(SeriousEventKind.EnteredByMistake, Done: "Another patient's.", Replaces: reported.Id)));
        Assert.Equal([RuleOutcome.NotAssessed, RuleOutcome.NotAssessed], await Outcomes(clinic, patient.Id));
        var view = await Events(clinic, e => e.Of(patient.Id));
        Assert.Equal((0, 3), (view.Holding.Count, view.Earlier.Count));
        await using var db = clinic.Db();
        await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM \"SeriousEvents\"", TestClinic.Cancel));
        await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("UPDATE \"SeriousEvents\" SET \"Done\" = 'x'", TestClinic.Cancel));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Asked_and_none_holds_until_the_next_infusion(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.Give(visits[0]);
        await clinic.FollowUps(f => f.Record(patient.Id, new AssessmentForm(Guid.CreateVersion7(), "MADRS", [], Total: 8)));
        await Events(clinic, e => e.Record(patient.Id, new SeriousEventForm(SeriousEventKind.AskedNone)));
        Assert.Equal(RuleOutcome.Clear, (await Outcomes(clinic, patient.Id))[1]);
        await clinic.Give(visits[1]);
        Assert.Equal(RuleOutcome.NotAssessed, (await Outcomes(clinic, patient.Id))[1]);
        Assert.Empty(await Findings(clinic));
    }

    [Theory]
    [InlineData(-1, false)] // the day before the first infusion
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(null, true)] // not known: it counts from when it was entered
    public async Task An_attempt_counts_as_a_relapse_from_the_first_infusion_on(int? days, bool expected)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.Give(visits[0]);
        clinic.Time.Advance(TimeSpan.FromDays(1));
        DateOnly? day = days is { } after ? new DateOnly(2026, 3, 2).AddDays(after) : null;
        await Events(clinic, e => e.Record(patient.Id, new SeriousEventForm(SeriousEventKind.SuicideAttempt, day, day is null, Done: "Seen at once.", Report: AuthorityReport.NotDue, ReportNote: "Before the treatment.")));
        Assert.Equal(expected ? ["MNT-04"] : [], (await Findings(clinic)).Select(f => f.RuleId), StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_event_of_another_kind_is_reported_but_no_relapse()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.Give(visits[0]);
        await Events(clinic, e => e.Record(patient.Id, new SeriousEventForm(SeriousEventKind.OtherSerious, null, DayUnknown: true, What: "Stroke.", Done: "Course stopped.", Report: AuthorityReport.NotYet)));
        Assert.Equal("LTS-07", Assert.Single(await Findings(clinic)).RuleId);
    }

    [Theory]
    [InlineData("kind", null, "2026-03-02", false, "Done.", AuthorityReport.NotYet, null, null)]
    [InlineData("day", SeriousEventKind.SuicideAttempt, null, false, "Done.", AuthorityReport.NotYet, null, null)]
    [InlineData("day", SeriousEventKind.SuicideAttempt, "2026-03-02", true, "Done.", AuthorityReport.NotYet, null, null)]
    [InlineData("day", SeriousEventKind.SuicideAttempt, "2026-03-03", false, "Done.", AuthorityReport.NotYet, null, null)] // tomorrow
    [InlineData("day", SeriousEventKind.SuicideAttempt, "2021-03-01", false, "Done.", AuthorityReport.NotYet, null, null)] // five years and a day
    [InlineData("done", SeriousEventKind.SuicideAttempt, "2026-03-02", false, " ", AuthorityReport.NotYet, null, null)]
    [InlineData("what", SeriousEventKind.OtherSerious, "2026-03-02", false, "Done.", AuthorityReport.NotYet, null, null)]
    [InlineData("report", SeriousEventKind.SuicideAttempt, "2026-03-02", false, "Done.", null, null, null)]
    [InlineData("reportedOn", SeriousEventKind.SuicideAttempt, "2026-03-02", false, "Done.", AuthorityReport.Reported, null, "Dr. Rowan")]
    [InlineData("reportedOn", SeriousEventKind.SuicideAttempt, "2026-03-02", false, "Done.", AuthorityReport.Reported, "2026-03-01", "Dr. Rowan")] // before the event
    [InlineData("reportedOn", SeriousEventKind.SuicideAttempt, "2026-03-02", false, "Done.", AuthorityReport.Reported, "2026-03-03", "Dr. Rowan")]
    [InlineData("reportedBy", SeriousEventKind.SuicideAttempt, "2026-03-02", false, "Done.", AuthorityReport.Reported, "2026-03-02", " ")]
    [InlineData("reportNote", SeriousEventKind.SuicideAttempt, "2026-03-02", false, "Done.", AuthorityReport.NotDue, null, null)]
    public async Task What_cannot_be_is_refused_at_its_field_and_nothing_is_stored(string field, SeriousEventKind? kind, string? day, bool unknown, string done, AuthorityReport? report, string? reportedOn, string? by)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        static DateOnly? Day(string? text) => text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var refusal = await Assert.ThrowsAsync<ClinicRuleException>(() => Events(clinic, e => e.Record(patient.Id, new SeriousEventForm(kind, Day(day), unknown, null, done, report, Day(reportedOn), by))));
        Assert.Equal([field], refusal.Errors.Select(e => e.Field).Distinct(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Empty((await Events(clinic, e => e.Of(patient.Id))).Holding);
        Assert.Equal(new DateOnly(2021, 3, 2), (await Events(clinic, e => e.Record(patient.Id, Admission with { Day = new DateOnly(2021, 3, 2) }))).Day); // at the limit
    }

    [Fact]
    public async Task Only_staff_read_and_record_them_and_both_are_audited()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);
        await Refused.With("forbidden", () => Events(clinic, e => e.Of(patient.Id), self), RefusalKind.Forbidden);
        await Refused.With("forbidden", () => Events(clinic, e => e.Record(patient.Id, Admission), self), RefusalKind.Forbidden);
        await Refused.With("nothing_replaced", () => Events(clinic, e => e.Record(patient.Id, new SeriousEventForm(SeriousEventKind.EnteredByMistake, Done: "x"))));
        await Events(clinic, e => e.Record(patient.Id, Admission));
        await Events(clinic, e => e.Of(patient.Id));
        var kinds = await clinic.As(clinic.Lead, (db, _) => db.Audit.Where(a => a.PatientId == patient.Id).Select(a => a.Kind).ToListAsync(TestClinic.Cancel));
        Assert.Contains(AuditKind.SeriousEventRecorded, kinds, StringComparer.Ordinal);
        Assert.Contains(AuditKind.SeriousEventRead, kinds, StringComparer.Ordinal);
        var story = await clinic.As(clinic.Lead, (db, a) => new PatientStories(db, clinic.Time, a).Of(patient.Id, TestClinic.Cancel));
        Assert.True(Assert.Single(story.Events, e => e.Kind == StoryEventKind.SeriousEvent).IsOpen);
    }
}
