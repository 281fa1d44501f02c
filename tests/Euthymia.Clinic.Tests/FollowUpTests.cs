using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

public sealed class FollowUpTests
{
    private static Phq9Form Answers(params int?[] answers) => new(Guid.CreateVersion7(), answers);

    private static Phq9Form Sum(int total) => Answers([.. Enumerable.Range(0, 9).Select(i => (int?)Math.Clamp(total - (3 * i), 0, 3))]);

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Item_9_above_zero_is_a_finding_that_only_a_lead_closes_with_what_was_done(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);
        var recorded = await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Answers(1, 1, 1, 1, 1, 1, 1, 1, 1)), self);
        Assert.True(recorded.Assessment.IsSelfReport);
        Assert.Equal(9, recorded.Assessment.Total);
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Answers(0, 0, 0, 0, 0, 0, 0, 0, 2)));

        var open = await clinic.Findings(f => f.Open());
        Assert.Equal(["SUI-02", "SUI-01"], open.Select(o => o.Finding.RuleId), StringComparer.Ordinal); // the most pressing first
        Assert.Equal("PHQ-9 item 9: 2 (More than half the days); total: 2.", open[0].Finding.Basis);
        Assert.False(open[0].IsOverdue);
        var finding = open[1].Finding;
        Assert.Equal(ClinicRole.Lead, finding.Owner);
        Assert.Equal(finding.OpenedAt.AddDays(1), finding.DueAt);

        await Refused.With("forbidden", () => clinic.Findings(f => f.Close(finding.Id, "I am fine"), self), RefusalKind.Forbidden);
        await Refused.With("forbidden", () => clinic.Findings(f => f.Close(finding.Id, "spoke"), clinic.Nurse), RefusalKind.Forbidden);
        await Refused.With("required", () => clinic.Findings(f => f.Close(finding.Id, " ")));
        await Refused.With("forbidden", () => clinic.Findings(f => f.OfPatient(patient.Id), self), RefusalKind.Forbidden);
        Assert.Equal(2, (await clinic.Findings(f => f.Open())).Count); // looking closed nothing

        var closed = await clinic.Findings(f => f.Close(finding.Id, "Telephoned; safety plan reviewed."));
        Assert.Equal("Dr. Rowan", closed.ClosedByName);
        var again = await Refused.With("finding_closed", () => clinic.Findings(f => f.Close(finding.Id, "again")), RefusalKind.Conflict);
        Assert.Contains("Dr. Rowan", again.Message, StringComparison.Ordinal);
        clinic.Time.Advance(TimeSpan.FromHours(5));
        Assert.True(Assert.Single(await clinic.Findings(f => f.Open())).IsOverdue);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_same_form_sent_twice_is_stored_once_with_its_finding(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        var form = Answers(3, 3, 3, 3, 3, 3, 3, 3, 3);
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => clinic.FollowUps(f => f.RecordPhq9(patient.Id, form))));
        Assert.All(results, r => Assert.Equal(form.Id, r.Assessment.Id));
        Assert.Single(results.Select(r => Assert.Single(r.Findings).Id).Distinct());
        Assert.Single(await clinic.FollowUps(f => f.List(patient.Id)));
        await Refused.With("assessment_id_reused", () => clinic.FollowUps(f => f.RecordPhq9(patient.Id, form with { Answers = new int?[] { 0, 0, 0, 0, 0, 0, 0, 0, 0 } })), RefusalKind.Conflict);
    }

    [Fact]
    public async Task An_unanswered_item_9_is_noticed_and_a_zero_is_not_a_finding()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        Assert.Empty((await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Sum(20)))).Findings);
        var result = await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Answers(1, 1, 1, 1, 1, 1, 1, 1, null)));
        Assert.Equal("DQ-01", Assert.Single(result.Findings).RuleId);
        Assert.True(result.Assessment.IsProrated);
        await Refused.With("required", () => clinic.FollowUps(f => f.RecordPhq9(patient.Id, Answers(new int?[9]))));
        await Refused.With("answer_unknown", () => clinic.FollowUps(f => f.RecordPhq9(patient.Id, Sum(3) with { Difficulty = 4 })));
        await Refused.With("date_in_future", () => clinic.FollowUps(f => f.RecordPhq9(patient.Id, Sum(3) with { CompletedAt = clinic.Time.GetUtcNow().AddHours(1) })));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_patient_answers_only_for_themselves(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var own = await clinic.AddPatient("T-1");
        var other = await clinic.AddPatient("T-2");
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, own.Id);
        await Refused.With("not_found", () => clinic.FollowUps(f => f.RecordPhq9(other.Id, Sum(10)), self), RefusalKind.NotFound);
        await Refused.With("not_found", () => clinic.FollowUps(f => f.List(other.Id), self), RefusalKind.NotFound);
        await using var db = clinic.Db();
        Assert.False(await db.Assessments.AnyAsync(TestClinic.Cancel));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_course_picture_sets_scores_against_the_baseline_before_the_first_infusion(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, course, visits) = await clinic.AddCourse();
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Sum(20)));
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Start(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromMinutes(20));
        await clinic.Append(visits[0].Id, new InfusionStopped("asked to stop"));
        await clinic.Append(visits[0].Id, new VisitCompleted());
        foreach (var total in new[] { 14, 10, 4 })
        {
            clinic.Time.Advance(TimeSpan.FromDays(7));
            await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Sum(total)));
        }

        var picture = await clinic.FollowUps(f => f.Picture(course.Id));
        var given = Assert.Single(picture.Infusions);
        Assert.Equal(15.25m, given.Dose.Value);
        Assert.Equal(0.25m, given.DosePerKilogram.Value);
        Assert.Equal(20, picture.BaselineTotal);
        Assert.Equal(
            [(20, true, null, null, false), (14, false, -6, false, false), (10, false, -10, true, false), (4, false, -16, true, true)],
            picture.Scores.Select(s => (s.Assessment.Total!.Value, s.IsBaseline, s.ChangeFromBaseline, s.IsResponse, s.IsRemission!.Value)));
    }
}
