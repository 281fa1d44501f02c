using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Tests;

/// <summary>What is due between visits is judged from the record, and is not assessed without one.</summary>
public sealed class FollowUpWatchTests
{
    private static async Task<string> Watch(TestClinic clinic, Guid patientId) =>
        string.Join(", ", (await clinic.CheckIns(c => c.Of(patientId))).Watch.Select(r => $"{r.Rule.Id} {r.Outcome}"));

    [Fact]
    public async Task A_scale_answered_inside_its_window_and_an_assessment_that_is_due_are_said()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (patient, _, visits) = await clinic.AddCourse();
        Assert.Equal("FUP-02 Clear, FUP-03 NotAssessed", await Watch(clinic, patient.Id)); // no infusion and no score yet
        await clinic.FollowUps(f => f.Record(patient.Id, Answers.First("PHQ-9")));
        clinic.Time.SetUtcNow(visits[0].ScheduledAt);
        await clinic.Start(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromMinutes(40));
        await clinic.Append(visits[0].Id, new InfusionStopped("Volume infused"));
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("FUP-02 Fired, FUP-03 Clear", await Watch(clinic, patient.Id));
        clinic.Time.Advance(TimeSpan.FromDays(7));
        Assert.Equal("FUP-02 Fired, FUP-03 Fired", await Watch(clinic, patient.Id));
        clinic.Time.Advance(TimeSpan.FromDays(7));
        Assert.Equal("FUP-02 Clear, FUP-03 Fired", await Watch(clinic, patient.Id));
    }
}
