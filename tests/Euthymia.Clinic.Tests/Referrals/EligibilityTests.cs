using Euthymia.Clinic.Rules;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Referrals;

/// <summary>From the intake to one of four words with its reasons, overrides, the team's decision, and the date of the first infusion.</summary>
public sealed class EligibilityTests
{
    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_result_is_right_at_each_of_its_four_values(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await Referred(clinic);
        var sheet = (await clinic.Eligibility(e => e.Of(patient.Id))).Sheet;
        Assert.Equal(EligibilityVerdict.NotAssessed, sheet.Verdict);
        Assert.Contains(sheet.Lines, l => l is { Blocks: true, Result.Rule.Id: "SCR-13", Result.Outcome: RuleOutcome.NotAssessed });
        Assert.DoesNotContain(sheet.Lines, l => l.Result.Rule.Id is "SCR-13" && l.Result.Outcome == RuleOutcome.Clear);

        await clinic.Admit(patient.Id);
        await Sign(clinic, patient.Id);
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, new Phq9Form(Guid.CreateVersion7(), [2, 2, 2, 2, 2, 2, 2, 2, 0])));
        sheet = (await clinic.Eligibility(e => e.Of(patient.Id))).Sheet;
        Assert.Equal(EligibilityVerdict.Eligible, sheet.Verdict);
        Assert.Empty(sheet.Eligibility.Reasons);

        await Amend(clinic, patient.Id, "mind", ("pastMania", "yes"));
        sheet = (await clinic.Eligibility(e => e.Of(patient.Id))).Sheet;
        Assert.Equal(EligibilityVerdict.EligibleWithConditions, sheet.Verdict);
        var reason = Assert.Single(sheet.Eligibility.Reasons);
        Assert.Equal(("SCR-14b", EvidenceStatus.Verified), (reason.Rule.Id, reason.Rule.Status));
        Assert.Contains("past mania yes", reason.Message, StringComparison.Ordinal);
        Assert.NotEmpty(reason.Rule.Source);

        await Amend(clinic, patient.Id, "mind", ("currentMania", "yes"));
        sheet = (await clinic.Eligibility(e => e.Of(patient.Id))).Sheet;
        Assert.Equal(EligibilityVerdict.NotNow, sheet.Verdict);
        Assert.Equal("SCR-14a, SCR-14b", string.Join(", ", sheet.Eligibility.Reasons.Select(r => r.Rule.Id)));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_first_infusion_gets_no_date_before_every_stop_is_answered_cleared_or_gone_past(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await Referred(clinic);
        var course = await clinic.Courses(c => c.Save(patient.Id, new OrderForm()));
        Task<IReadOnlyList<Visit>> Schedule() => clinic.Visits(v => v.Schedule(course.Id, new TimeOnly(10, 0), "Chair 1"));
        var refusal = await Refused.With("stop_scr_31", Schedule, RefusalKind.Invalid);
        Assert.Contains(refusal.Errors, e => e is { Code: "stop_ind_04a", Message: "Baseline severity known: not assessed." });
        Assert.DoesNotContain(refusal.Errors, e => e.Code.StartsWith("stop_con", StringComparison.Ordinal)); // consent holds up the infusion, not its date
        Assert.Equal(0, await clinic.As(clinic.Lead, (db, _) => db.Visits.CountAsync(TestClinic.Cancel)));

        await clinic.Admit(patient.Id);
        await Amend(clinic, patient.Id, "body", ("glaucomaOrEyeInjury", "yes"));
        await Refused.With("stop_scr_12", Schedule);
        var line = (await clinic.Eligibility(e => e.Of(patient.Id))).Sheet["SCR-12"]!;
        await clinic.Eligibility(e => e.GoPast(patient.Id, "SCR-12", line.Found, "Seen by the eye clinic this morning, letter follows."));
        Assert.Equal(6, (await Schedule()).Count);

        var kept = (await clinic.Eligibility(e => e.Of(patient.Id))).Sheet;
        Assert.Equal("Dr. Rowan", kept["SCR-12"]!.OverriddenBy!.ByName);
        Assert.Contains(kept.Eligibility.Reasons, r => r.Rule.Id is "SCR-12"); // a condition, not clear
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task An_override_takes_a_lead_a_reason_and_what_was_found_is_counted_and_ends_when_that_changes(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await Referred(clinic);
        await clinic.Admit(patient.Id);
        await Amend(clinic, patient.Id, "substances", ("ketamineMisuse", "yes"));
        var found = (await clinic.Eligibility(e => e.Of(patient.Id))).Sheet["SCR-18"]!.Found;
        await Refused.With("forbidden", () => clinic.Eligibility(e => e.GoPast(patient.Id, "SCR-18", found, "I think so"), clinic.Nurse), RefusalKind.Forbidden);
        await Refused.With("required", () => clinic.Eligibility(e => e.GoPast(patient.Id, "SCR-18", found, " ")));
        await Refused.With("found_changed", () => clinic.Eligibility(e => e.GoPast(patient.Id, "SCR-18", "something else", "Twelve years ago, once.")), RefusalKind.Conflict);
        await Refused.With("not_a_stop", () => clinic.Eligibility(e => e.GoPast(patient.Id, "SCR-14b", found, "No stop.")));
        await clinic.Eligibility(e => e.GoPast(patient.Id, "SCR-18", found, "Twelve years ago, once."));

        var listed = Assert.Single(await clinic.Visits(v => v.Overrides(clinic.Time.GetUtcNow().AddDays(-1)), clinic.Lead));
        Assert.Equal(("SCR-18", "Twelve years ago, once.", (Guid?)null), (listed.Override.RuleIds, listed.Override.Reason, listed.Override.VisitId));
        Assert.False((await clinic.Eligibility(e => e.Of(patient.Id))).Sheet["SCR-18"]!.Blocks);

        await Amend(clinic, patient.Id, "substances", ("addictionClinicianSigned", ""));
        Assert.True((await clinic.Eligibility(e => e.Of(patient.Id))).Sheet["SCR-18"]!.Blocks);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task An_override_is_taken_back_by_a_lead_with_a_reason_and_the_stop_holds_as_before(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await Referred(clinic);
        await clinic.Admit(patient.Id);
        await Amend(clinic, patient.Id, "substances", ("ketamineMisuse", "yes"));
        var before = (await clinic.Eligibility(e => e.Of(patient.Id))).Sheet;
        var row = await clinic.Eligibility(e => e.GoPast(patient.Id, "SCR-18", before["SCR-18"]!.Found, "Twelve years ago, once."));
        await Refused.With("gone_past", () => clinic.Eligibility(e => e.GoPast(patient.Id, "SCR-18", row.Found, "Again.")), RefusalKind.Conflict);
        await Refused.With("forbidden", () => clinic.Eligibility(e => e.TakeBack(patient.Id, row.Id, "No."), clinic.Nurse), RefusalKind.Forbidden);
        await Refused.With("required", () => clinic.Eligibility(e => e.TakeBack(patient.Id, row.Id, " ")));
        await Refused.With("not_found", () => clinic.Eligibility(e => e.TakeBack(Guid.CreateVersion7(), row.Id, "No.")), RefusalKind.NotFound);
        Assert.False((await clinic.Eligibility(e => e.Of(patient.Id))).Sheet["SCR-18"]!.Blocks);

        await clinic.Eligibility(e => e.TakeBack(patient.Id, row.Id, "The letter says last year."));
        var after = await clinic.Eligibility(e => e.Of(patient.Id));
        Assert.True(after.Sheet["SCR-18"]!.Blocks);
        Assert.Equal(before.Verdict, after.Sheet.Verdict);
        var kept = Assert.Single(after.TakenBack);
        Assert.Equal(("Twelve years ago, once.", "The letter says last year.", "Dr. Rowan"), (kept.Override.Reason, kept.Withdrawal.Reason, kept.Withdrawal.ByName));
        await Refused.With("override_taken_back", () => clinic.Eligibility(e => e.TakeBack(patient.Id, row.Id, "Again.")), RefusalKind.Conflict);
        await using var db = clinic.Db();
        await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM \"OverrideWithdrawals\"", TestClinic.Cancel));
        await clinic.Eligibility(e => e.GoPast(patient.Id, "SCR-18", row.Found, "Seen by the addiction clinic now.")); // and may be gone past anew
        Assert.False((await clinic.Eligibility(e => e.Of(patient.Id))).Sheet["SCR-18"]!.Blocks);
    }

    [Fact]
    public async Task The_team_decides_by_two_names_and_one_refusal_holds_until_it_is_taken_back()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await Referred(clinic);
        async Task<RuleOutcome> Team() => (await clinic.Eligibility(e => e.Of(patient.Id))).Sheet["SCR-31"]!.Result.Outcome;
        Assert.Equal(RuleOutcome.NotAssessed, await Team());
        await clinic.Eligibility(e => e.Decide(patient.Id, ReviewerDecision.Approve, null));
        await clinic.Eligibility(e => e.Decide(patient.Id, ReviewerDecision.Approve, null)); // the same name twice is one name
        Assert.Equal(RuleOutcome.NotAssessed, await Team());
        await Refused.With("required", () => clinic.Eligibility(e => e.Decide(patient.Id, ReviewerDecision.Decline, "")));
        await clinic.Eligibility(e => e.Decide(patient.Id, ReviewerDecision.Decline, "Try lithium first."), clinic.Nurse);
        Assert.Equal(RuleOutcome.Fired, await Team());
        Assert.Empty(await clinic.Eligibility(e => e.Waiting()));
        await clinic.Eligibility(e => e.Decide(patient.Id, ReviewerDecision.Approve, "Lithium was tried in 2024."), clinic.Nurse);
        Assert.Equal(RuleOutcome.Clear, await Team());
        var waiting = Assert.Single(await clinic.Eligibility(e => e.Waiting()));
        Assert.Equal(0, waiting.Progress.Answered);

        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        await clinic.Intakes(i => i.Save(patient.Id, "mind", 0, IntakeTests.Values(("psychosis", "yes"))));
        Assert.True((await clinic.Eligibility(e => e.Of(patient.Id))).DecidedBefore);
    }

    [Fact]
    public async Task The_label_treatment_resistant_follows_from_the_coded_trials_and_is_never_typed()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.Patients(p => p.Add(TestClinic.Form() with { Diagnosis = Diagnosis.TreatmentResistantDepression }));
        Assert.Equal(Diagnosis.MajorDepressiveDisorder, patient.Diagnosis);
        async Task<bool?> Label(int version, params PriorTrial[] trials)
        {
            await clinic.Intakes(i => i.Save(patient.Id, "trials", version, new IntakeAnswers { Trials = trials }));
            return (await clinic.Eligibility(e => e.Of(patient.Id))).Sheet.IsTreatmentResistant;
        }

        Assert.Null((await clinic.Eligibility(e => e.Of(patient.Id))).Sheet.IsTreatmentResistant);
        var first = new PriorTrial("N06AB10", 20, 10, InThisEpisode: true, TrialOutcome.NoResponse);
        Assert.False(await Label(0, first));
        Assert.Null(await Label(1, first, first with { Drug = "N06AX12", DailyMilligrams = null })); // could still be the second
        Assert.False(await Label(2, first, first with { Drug = "N06AX12", DailyMilligrams = 150 })); // too little of it
        Assert.True(await Label(3, first, first with { Drug = "N06AX12", DailyMilligrams = 300 }));
    }

    [Fact]
    public async Task What_the_watch_sees_rests_on_the_intake_beside_the_scales()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.Patients(p => p.Add(TestClinic.Form() with { Diagnosis = Diagnosis.BipolarII, DateOfBirth = new DateOnly(2004, 1, 1) }));
        async Task<RuleOutcome> Watched(string rule) => (await clinic.Eligibility(e => e.Of(patient.Id))).Watch.Single(r => string.Equals(r.Rule.Id, rule, StringComparison.Ordinal)).Outcome;
        Assert.Equal(RuleOutcome.Fired, await Watched("SUI-07"));
        Assert.Equal(RuleOutcome.NotAssessed, await Watched("SUI-06"));
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, new Phq9Form(Guid.CreateVersion7(), [2, 2, 2, 2, 2, 2, 2, 2, 0])));
        await clinic.Intakes(i => i.Save(patient.Id, "referral", 0, IntakeTests.Values(("letterSpeaksOfSuicide", "yes"))));
        Assert.Equal(RuleOutcome.Fired, await Watched("SUI-06"));
        await clinic.FollowUps(f => f.Record(patient.Id, Answers.First("PHQ-9", 3, 3, 3, 3, 3, 3, 3, 3, 1) with { CompletedAt = clinic.Time.GetUtcNow().AddMinutes(1) }));
        Assert.Equal(RuleOutcome.Clear, await Watched("SUI-06")); // the scale says it, too
        Assert.DoesNotContain((await clinic.Eligibility(e => e.Of(patient.Id))).Watch, r => r.Rule.Id is "MAN-03"); // not in a course

        var (course, visit) = await FirstInfusion(clinic, patient.Id);
        Assert.Equal(RuleOutcome.Fired, await Watched("MAN-03"));
        Assert.Equal(RuleOutcome.Clear, await Watched("SUI-08")); // no score since
        await Amend(clinic, patient.Id, "suicidality", ("safetyPlanOpen", "yes"));
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, new Phq9Form(Guid.CreateVersion7(), [1, 0, 0, 0, 0, 0, 0, 0, 0])));
        Assert.Equal(RuleOutcome.Fired, await Watched("SUI-08"));
        await clinic.FollowUps(f => f.Record(patient.Id, Answers.First("ASRM", 0)));
        Assert.Equal(RuleOutcome.Clear, await Watched("MAN-03"));
        Assert.NotEqual(course.Id, visit);
    }

    private static async Task<(Course Course, Guid Visit)> FirstInfusion(TestClinic clinic, Guid patientId)
    {
        await clinic.Admit(patientId, except: "referral");
        var course = await clinic.Courses(c => c.Save(patientId, new OrderForm()));
        var visit = (await clinic.Visits(v => v.Schedule(course.Id, new TimeOnly(10, 0), "Chair 1")))[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(40));
        await clinic.Append(visit, new InfusionStopped("Volume infused"));
        clinic.Time.Advance(TimeSpan.FromHours(20));
        return (course, visit);
    }

    /// <summary>A patient of a clinic whose medical director has signed every rule.</summary>
    private static async Task<Patient> Referred(TestClinic clinic)
    {
        await clinic.As(clinic.Lead, (db, a) => new RuleSignatures(db, clinic.Time, a).Sign([.. RuleBook.All.Where(r => r.MustBeSigned).Select(r => r.Id)]));
        return await clinic.AddPatient();
    }

    internal static Task<ConsentRecord> Sign(TestClinic clinic, Guid patientId) => clinic.Consents(c => c.Record(patientId, ConsentTests.Whole));

    private static async Task Amend(TestClinic clinic, Guid patientId, string section, params (string Question, string Value)[] changes)
    {
        var stored = (await clinic.Intakes(i => i.Of(patientId)))[section];
        var answers = stored?.Answers ?? new IntakeAnswers();
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        await clinic.Intakes(i => i.Save(patientId, section, stored?.Version ?? 0, answers with { Values = answers.Values.SetItems(changes.Select(c => KeyValuePair.Create(c.Question, c.Value))) }));
    }
}
