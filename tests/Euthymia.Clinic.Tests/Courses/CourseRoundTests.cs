using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Forecasts;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Tests.Forecasts;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Courses;

/// <summary>The background round: relapse, tolerance and futility become findings once, with their basis, whatever stops or repeats the round.</summary>
public sealed class CourseRoundTests
{
    private static Task<int> Round(TestClinic clinic, RoundMemory? memory = null) => clinic.As(clinic.Lead, (db, _) => new CourseRound(db, clinic.Time, memory).Run(TestClinic.Cancel));

    private static Task<string> Outlook(TestClinic clinic, Guid patientId) => clinic.As(clinic.Lead, async (db, _) =>
        CourseRound.OutlookOf(await RecordedHistory.Read(db, patientId, TestClinic.Cancel), clinic.Time.GetUtcNow(), TestClinic.Cancel) is { } outlook ? $"{outlook.Responded}: {string.Join(' ', outlook.ByDay)}" : "no outlook");

    private static Task<List<Finding>> Findings(TestClinic clinic, params string[] rules) =>
        clinic.As(clinic.Lead, (db, _) => db.Findings.AsNoTracking().Where(f => rules.Contains(f.RuleId)).ToListAsync(TestClinic.Cancel));

    private static async Task SignMaintenance(TestClinic clinic) =>
        await clinic.As(clinic.Lead, (db, a) => new RuleSignatures(db, clinic.Time, a).Sign([.. RuleBook.OfStage("maintenance").Where(rule => rule.MustBeSigned).Select(rule => rule.Id)], TestClinic.Cancel));

    /// <summary>Six infusions with a score a day after each, and then as given by day after the last.</summary>
    private static async Task<Patient> Course(TestClinic clinic, int baseline, int[] after, params (int Day, int Total)[] later)
    {
        await SignMaintenance(clinic);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(baseline)));
        for (var i = 0; i < after.Length; i++)
        {
            await clinic.Give(visits[i]);
            clinic.Time.Advance(TimeSpan.FromHours(23));
            await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(after[i])));
        }

        var last = visits[after.Length - 1].ScheduledAt;
        foreach (var (day, total) in later)
        {
            clinic.Time.SetUtcNow(last.AddDays(day));
            await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(total)));
        }

        return patient;
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_relapse_is_seen_before_the_plain_rule_and_stored_once(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await Course(clinic, 20, [12, 9, 6, 5, 4, 3], (8, 6), (15, 8), (27, 14));
        Assert.Equal(0, await Round(clinic));
        clinic.Time.Advance(TimeSpan.FromDays(10)); // nothing new but time: the own model goes on falling
        Assert.True(await Round(clinic) == 1, await Outlook(clinic, patient.Id));
        var finding = Assert.Single(await Findings(clinic, "MNT-04", "MNT-05", "MNT-12"));
        Assert.Equal(("MNT-12", patient.Id, ClinicRole.Nurse, FindingSeverity.High), (finding.RuleId, finding.PatientId, finding.Owner, finding.Severity));
        Assert.Contains("probability", finding.Basis, StringComparison.Ordinal);
        Assert.Contains("response parameters", finding.Basis, StringComparison.Ordinal); // the models' versions
        Assert.True(finding.DueAt > finding.OpenedAt);

        // A restart, another server, another day: nothing twice.
        Assert.Equal(0, await Round(clinic));
        Assert.Equal(0, await Round(clinic, new RoundMemory()));
        clinic.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(0, await Round(clinic));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Two_rounds_at_once_store_one_finding(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        await Course(clinic, 20, [12, 9, 6, 5, 4, 3], (8, 6), (15, 8), (27, 14));
        clinic.Time.Advance(TimeSpan.FromDays(10));
        var rounds = await Task.WhenAll(Task.Run(() => Round(clinic)), Task.Run(() => Round(clinic)));
        Assert.Equal(1, rounds.Sum());
        Assert.Single(await Findings(clinic, "MNT-12"));
    }

    [Fact]
    public async Task A_patient_who_holds_gets_none()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await Course(clinic, 20, [13, 9, 7, 5, 4, 3], (8, 3), (15, 4), (22, 3));
        Assert.Equal(0, await Round(clinic));
    }

    [Fact]
    public async Task The_plain_relapse_covers_the_early_one()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await Course(clinic, 20, [13, 11, 8, 6, 5, 4], (15, 14), (29, 16));
        Assert.Equal(1, await Round(clinic));
        Assert.Equal("MNT-05", Assert.Single(await Findings(clinic, "MNT-04", "MNT-05", "MNT-12")).RuleId);
    }

    [Fact]
    public async Task No_improvement_after_the_fourth_asks_for_a_review()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await Course(clinic, 20, [19, 18, 17, 17]);
        Assert.Equal(1, await Round(clinic));
        Assert.Equal(ClinicRole.Lead, Assert.Single(await Findings(clinic, "RSP-09")).Owner);
    }

    [Fact]
    public async Task Two_requests_make_a_finding_one_does_not()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await Course(clinic, 20, [13, 9]);
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);
        Task Ask(Actor actor) => clinic.As(actor, (db, a) => new LongTermWatch(db, clinic.Time, a).Record(patient.Id, new WatchForm(WatchKind.RequestForMore, Note: "Could the next one be sooner?"), TestClinic.Cancel));
        await Ask(clinic.Nurse);
        var memory = new RoundMemory();
        Assert.Equal(0, await Round(clinic, memory));
        await Ask(self);
        Assert.Equal(1, await Round(clinic, memory)); // what is new is looked at, though the day is the same
        Assert.Contains("requests 2", Assert.Single(await Findings(clinic, "MNT-15")).Basis, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unsigned_rule_only_informs()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(20)));
        await clinic.Give(visits[0]);
        for (var i = 0; i < 2; i++)
            await clinic.As(clinic.Nurse, (db, a) => new LongTermWatch(db, clinic.Time, a).Record(patient.Id, new WatchForm(WatchKind.RequestForMore, Note: "More, please."), TestClinic.Cancel));
        await Round(clinic);
        Assert.Equal(FindingSeverity.Notice, Assert.Single(await Findings(clinic, "MNT-15")).Severity);
    }
}
