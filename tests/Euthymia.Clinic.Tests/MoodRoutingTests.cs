using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

/// <summary>Answers about mania, psychosis and thinking reach somebody: at the limit and not below it.</summary>
public sealed class MoodRoutingTests
{
    [Theory]
    [InlineData("ASRM", 5, null)]
    [InlineData("ASRM", 6, "MAN-01")]
    [InlineData("YMRS", 11, null)]
    [InlineData("YMRS", 12, "MAN-02a")]
    [InlineData("YMRS", 20, "MAN-02a")]
    [InlineData("YMRS", 21, "MAN-02b")]
    public async Task A_mania_scale_at_its_cut_makes_one_finding_for_the_lead(string instrument, int total, string? rule)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var form = Answers.Of(instrument, Answers.Total(InstrumentLibrary.Shipped[instrument], total));
        var findings = (await clinic.FollowUps(f => f.Record(patient.Id, form))).Findings;
        Assert.Equal(rule ?? "", string.Join(", ", findings.Select(f => f.RuleId)));
        Assert.All(findings, f => Assert.Equal(ClinicRole.Lead, f.Owner));
    }

    [Fact]
    public async Task A_mania_scale_without_a_total_is_not_read_as_calm()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var result = await clinic.FollowUps(f => f.Record(patient.Id, Answers.Of("ASRM", 4, null, null, null, null)));
        Assert.Null(result.Assessment.Total);
        Assert.Empty(result.Findings);
        Assert.Equal(Euthymia.Clinic.Rules.RuleOutcome.NotAssessed, Euthymia.Clinic.Rules.SideEffects.Evaluate(new() { Asrm = result.Assessment.Total }, Euthymia.Clinic.Rules.RuleSettings.Shipped, clinic.Time.GetUtcNow())["MAN-01"].Outcome);
    }

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, false)]
    [InlineData(1, 2, true)]
    public async Task Thinking_worse_than_at_the_start_is_a_finding_for_the_nurse(int troublesFirst, int troublesNow, bool expected)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        AssessmentForm Troubles(int count) => Answers.First("COGNITION", [.. Enumerable.Repeat<int?>(1, count)]);
        Assert.Empty((await clinic.FollowUps(f => f.Record(patient.Id, Troubles(troublesFirst)))).Findings);
        clinic.Time.Advance(TimeSpan.FromDays(30));
        var findings = (await clinic.FollowUps(f => f.Record(patient.Id, Troubles(troublesNow)))).Findings;
        Assert.Equal(expected ? [("LTS-04", ClinicRole.Nurse)] : [], findings.Select(f => (f.RuleId, f.Owner)));
    }

    [Theory]
    [InlineData(3, 4, false)]
    [InlineData(3, 5, true)]
    [InlineData(5, 3, false)]
    public async Task Psychosis_items_two_above_the_patients_own_start_are_an_urgent_finding(int first, int now, bool expected)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        AssessmentForm Total(int total) => new(Guid.CreateVersion7(), "BPRS+ (0-6)", [], Total: total);
        Assert.Empty((await clinic.FollowUps(f => f.Record(patient.Id, Total(first)))).Findings); // there is nothing to compare with
        clinic.Time.Advance(TimeSpan.FromDays(3));
        var findings = (await clinic.FollowUps(f => f.Record(patient.Id, Total(now)))).Findings;
        Assert.Equal(expected ? [("MAN-04", FindingSeverity.Urgent)] : [], findings.Select(f => (f.RuleId, f.Severity)));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_bipolar_patient_in_a_course_whom_nobody_rates_for_mania_is_one_finding_until_somebody_does(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.As(clinic.Lead, (db, _) => db.Patients.Where(p => p.Id == patient.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Diagnosis, Diagnosis.BipolarI), TestClinic.Cancel));
        await clinic.Start(visits[0].Id);
        await Round(clinic);
        await Round(clinic);
        Assert.Equal(("MAN-03", ClinicRole.Nurse), Assert.Single(await Open(clinic)));

        await clinic.FollowUps(f => f.Record(patient.Id, Answers.First("ASRM", 0)));
        clinic.Time.Advance(TimeSpan.FromDays(7));
        await Round(clinic);
        Assert.Single(await Open(clinic));
        clinic.Time.Advance(TimeSpan.FromMinutes(1)); // more than seven days after the rating
        await Round(clinic);
        Assert.Equal(2, (await Open(clinic)).Count);
    }

    [Fact]
    public async Task A_check_in_that_leaves_out_the_side_effects_is_a_finding_and_one_that_asks_is_none()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (patient, _, visits) = await clinic.AddCourse();
        var account = new Account { UserName = "birch", DisplayName = "M. Birch" };
        await clinic.As(clinic.Lead, async (db, _) =>
        {
            db.Users.Add(account);
            return await db.SaveChangesAsync(TestClinic.Cancel);
        });
        await clinic.As(clinic.Lead, async (db, a) =>
        {
            await new PatientRegister(db, clinic.Time, a).LinkAccount(patient.Id, account.Id, TestClinic.Cancel);
            return 0;
        });
        await clinic.Start(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromMinutes(40));
        await clinic.Append(visits[0].Id, new InfusionStopped("Volume infused"));
        await Round(clinic);
        Assert.DoesNotContain(await Open(clinic), f => f.RuleId is "FUP-05"); // still waited for

        clinic.Time.Advance(TimeSpan.FromHours(24));
        await clinic.FollowUps(f => f.Record(patient.Id, Answers.Of("CHECK-IN", 4, 0, null, 0, 0, 0)));
        await Round(clinic);
        Assert.Equal(("FUP-05", ClinicRole.Nurse), Assert.Single(await Open(clinic), f => f.RuleId is "FUP-05"));

        await clinic.FollowUps(f => f.Record(patient.Id, Answers.Of("CHECK-IN", 4, 0, 0, 0, 0, 0)));
        await Round(clinic);
        Assert.Single(await Open(clinic), f => f.RuleId is "FUP-05");
    }

    private static Task<RoundResult> Round(TestClinic clinic) => clinic.As(clinic.Lead, (db, _) => new FollowUpRound(db, clinic.Time).Run(TestClinic.Cancel));

    private static async Task<List<(string RuleId, ClinicRole Owner)>> Open(TestClinic clinic) =>
        [.. (await clinic.As(clinic.Lead, (db, _) => db.Findings.AsNoTracking().Where(f => f.Priority == null && f.ClosedAt == null).ToListAsync(TestClinic.Cancel))).Select(f => (f.RuleId, f.Owner))];
}
