using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Cohort;

/// <summary>The patient's story, from the database on: what is told is what was recorded, and what is missing is said.</summary>
public sealed class PatientStoryTests
{
    [Theory]
    [ClassData(typeof(OnEveryDatabase))]
    public async Task A_story_has_infusions_scores_side_effects_findings_and_decisions_in_order(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, course, visits) = await clinic.AddCourse();
        await clinic.Start(visits[0].Id);
        await clinic.Append(visits[0].Id, new Observed(new Readings(151, 88, 80, 97)));
        await clinic.Append(visits[0].Id, new SideEffectSeen("Nausea", null, SideEffectGrade.Moderate, "Slowed", SideEffectOutcome.Resolved));
        clinic.Time.Advance(TimeSpan.FromMinutes(41));
        await clinic.Append(visits[0].Id, new InfusionStopped("Volume infused"));
        clinic.Time.Advance(TimeSpan.FromDays(1));
        var flagged = await clinic.FollowUps(f => f.RecordPhq9(patient.Id, new Phq9Form(Guid.CreateVersion7(), [1, 1, 1, 1, 1, 1, 0, 0, 1])));
        var closed = flagged.Findings[0];
        await clinic.Findings(f => f.Close(closed.Id, "Telephoned: no plan."));

        var story = await clinic.As(clinic.Nurse, (db, nurse) => new PatientStories(db, clinic.Time, nurse).Of(patient.Id));
        Assert.Equal(course.Id, story.Courses.Single().Course.Id);
        Assert.Equal(30.5m, story.Courses[0].Total.Value);
        Assert.Equal(5, story.Courses[0].Planned);
        Assert.Equal([16, 7], story.Assessments.Select(a => a.Total!.Value));
        Assert.Contains(story.Events, e => e is { Kind: StoryEventKind.SideEffect, Grade: SideEffectGrade.Moderate, Words: "nausea" });
        Assert.Contains(story.Events, e => e.Kind == StoryEventKind.Finding && e.Words.EndsWith($"({closed.RuleId})", StringComparison.Ordinal) && !e.IsOpen);
        Assert.Contains(story.Events, e => e is { Kind: StoryEventKind.Decision, Words: "Finding closed: Telephoned: no plan.", By: "Dr. Rowan" });
        Assert.Equal(story.Events.OrderBy(e => e.At).Select(e => e.At), story.Events.Select(e => e.At));
        Assert.Equal(1, await clinic.As(clinic.Nurse, (db, _) => db.Audit.CountAsync(a => a.Kind == AuditKind.StoryRead && a.PatientId == patient.Id)));

        var words = Words(story);
        Assert.Contains("1 of 6 infusions of racemic ketamine given", words, StringComparison.Ordinal);
        Assert.Contains("30.5\u202Fmg in all, 0.5 mg/kg each", words, StringComparison.Ordinal);
        Assert.Contains("PHQ-9 before the first infusion: 16 of 27.", words, StringComparison.Ordinal);
        Assert.Contains("The course is not over; its effect is not judged yet.", words, StringComparison.Ordinal);
        Assert.Contains("nausea (once, at worst moderate)", words, StringComparison.Ordinal);
        Assert.Contains("Highest blood pressure at the chair: 151 mmHg systolic.", words, StringComparison.Ordinal);
        Assert.Contains("5 visits lie ahead", words, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnEveryDatabase))]
    public async Task What_is_not_recorded_is_said_to_be_missing(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.Patients(p => p.Add(TestClinic.Form() with { WeightKilograms = null }));
        var story = await clinic.As(clinic.Lead, (db, lead) => new PatientStories(db, clinic.Time, lead).Of(patient.Id));

        Assert.Null(story.Origin);
        Assert.Null(story.MissedInARow);
        var words = Words(story);
        Assert.Contains("Prior treatments: not recorded. Medication: not recorded.", words, StringComparison.Ordinal);
        Assert.Contains("No course was ordered.", words, StringComparison.Ordinal);
        Assert.Contains("No PHQ-9 total is on record.", words, StringComparison.Ordinal);
        Assert.Contains("Weight: not recorded.", words, StringComparison.Ordinal);
        Assert.DoesNotContain("PHQ-9 before", words, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnEveryDatabase))]
    public async Task A_patient_does_not_read_the_staffs_story(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);
        await Assert.ThrowsAsync<ClinicRuleException>(() => clinic.As(self, (db, actor) => new PatientStories(db, clinic.Time, actor).Of(patient.Id)));
        await Assert.ThrowsAsync<ClinicRuleException>(() => clinic.As(clinic.Nurse, (db, nurse) => new PatientStories(db, clinic.Time, nurse).Of(Guid.CreateVersion7())));
        await Assert.ThrowsAsync<ClinicRuleException>(() => clinic.As(clinic.Nurse, (db, nurse) => new ClinicResults(db, clinic.Time, nurse).Of(new CohortFilter())));
    }

    [Theory]
    [InlineData(8, null, "PHQ-9 from 20 before the course to 8 after the last infusion: response, no remission. No relapse seen up to 1 days after the last infusion.")]
    [InlineData(3, 15, "response, remission. Relapse 20 days after the last infusion.")]
    [InlineData(18, null, "no response, no remission.")]
    public void What_it_did_follows_from_the_outcome(int end, int? later, string expected)
    {
        (double, int)[] after = later is { } total ? [(1, end), (20, total), (27, total)] : [(1, end)];
        Assert.Contains(expected, Words(Story(Courses.Of(20, after))), StringComparison.Ordinal);
    }

    [Fact]
    public void An_effect_that_was_not_measured_is_not_assessed()
    {
        Assert.Contains("Effect at the end of the course: not assessed", Words(Story(Courses.Of(20))), StringComparison.Ordinal);
        Assert.Contains("response not assessed without a baseline", Words(Story(Courses.Of(null, (1, 8)))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_words_fit_half_a_page()
    {
        var events = Enumerable.Range(0, 40).Select(i => new StoryEvent(StoryEventKind.Finding, Courses.First.AddDays(i), $"Finding number {i} (SUI-0{i})", null, IsOpen: true));
        var story = Story(Courses.Of(20, (1, 8))) with { Events = [.. events] };

        Assert.Contains("and 37 more", Words(story), StringComparison.Ordinal);
        Assert.InRange(Words(story).Split(' ').Length, 60, 250);
    }

    private static string Words(PatientStory story) => string.Join(' ', PatientSummary.Of(story).Sections.SelectMany(s => s.Sentences));

    private static PatientStory Story(CohortCourse counted)
    {
        var course = new Course { FirstDay = counted.FirstDay };
        course.Orders.Add(new InfusionOrder { DosePerKilogram = new(0.5m), Duration = TimeSpan.FromMinutes(40), Days = [0, 2, 4, 7, 9, 11], Weight = new(60) });
        var given = counted.Infusions.Select((x, i) => new GivenInfusion(Guid.CreateVersion7(), i + 1, x.StartedAt, x.EndedAt, new(30), x.DosePerKilogram, new VisitState { At = x.EndedAt, Phase = VisitPhase.Completed })).ToList();
        var patient = new Patient { GivenName = "M.", FamilyName = "Birch", ClinicNumber = "T-1", DateOfBirth = new DateOnly(1980, 1, 1) };
        return new PatientStory(patient, new ClinicSettings { Name = "Test clinic" }, Courses.LastEnd.AddDays(60), [new StoryCourse(course, given, counted, CohortOutcome.Of(counted, Euthymia.Clinic.Rules.RuleSettings.Shipped), 0)], [], [], null, null);
    }
}
