using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Tests.Sheets;

/// <summary>When a patient may leave, who may decide otherwise, and what a signature needs.</summary>
public sealed class DischargeSheetTests
{
    /// <summary>A visit whose infusion is over and whose ledger is closed, an hour and a minute after the end.</summary>
    private static async Task<(TestClinic Clinic, Guid Visit)> Recovering(Store store = Store.Sqlite)
    {
        var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Start(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromMinutes(40));
        await clinic.CloseLedger(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromMinutes(61));
        return (clinic, visits[0].Id);
    }

    private static async Task Fit(TestClinic clinic, Guid visit, Readings? readings = null, int aldrete = 9, int pads = 10, AfterAnswers? answers = null)
    {
        await clinic.Append(visit, new Observed(readings ?? PreparedVisit.Rest));
        await clinic.Append(visit, new RecoveryScored(2, 2, 2, 2, aldrete - 8));
        await clinic.Append(visit, new HomeReadinessScored(2, 2, 2, 2, pads - 8));
        await clinic.Append(visit, new CheckedAfter(answers ?? PreparedVisit.Fit));
    }

    [Fact]
    public async Task Nothing_recorded_is_nothing_met()
    {
        var (clinic, visit) = await Recovering();
        await using var _ = clinic;
        var sheet = (await clinic.Visits(v => v.After(visit))).Sheet;
        Assert.Equal("DIS-03, DIS-04, DIS-05, DIS-06, DIS-07, DIS-08, DIS-09, DIS-10, DIS-11, DIS-14", sheet.UnmetText);
        Assert.All(sheet.Unmet, u => Assert.Equal(RuleOutcome.NotAssessed, u.Outcome));
        Assert.Equal(10, (await Refused.With("unmet_dis_03", () => clinic.Append(visit, new VisitCompleted()))).Errors.Count);
    }

    // Baseline 120/78: 20 % are 96 to 144 and 62.4 to 93.6.
    public static TheoryData<string?, Readings, int, int> Edges() => new()
    {
        { null, PreparedVisit.Rest, 9, 9 },
        { "DIS-03", PreparedVisit.Rest, 8, 9 },
        { "DIS-04", PreparedVisit.Rest, 9, 8 },
        { null, PreparedVisit.Rest with { Systolic = 144, Diastolic = 93 }, 9, 9 },
        { "DIS-05", PreparedVisit.Rest with { Systolic = 145 }, 9, 9 },
        { "DIS-05", PreparedVisit.Rest with { Systolic = 95 }, 9, 9 },
        { "DIS-05", PreparedVisit.Rest with { Diastolic = 94 }, 9, 9 },
        { "DIS-05", PreparedVisit.Rest with { Systolic = null, Diastolic = null }, 9, 9 },
        { null, PreparedVisit.Rest with { OxygenSaturation = 93 }, 9, 9 },
        { "DIS-06", PreparedVisit.Rest with { OxygenSaturation = 92 }, 9, 9 },
        { "DIS-08", PreparedVisit.Rest with { Dissociation = 1 }, 9, 9 },
        { "DIS-08", PreparedVisit.Rest with { Dissociation = null }, 9, 9 },
        { "DIS-08", PreparedVisit.Rest with { Sedation = 4 }, 9, 9 },
        { null, PreparedVisit.Rest with { Nausea = 3 }, 9, 9 },
        { "DIS-09", PreparedVisit.Rest with { Nausea = 4 }, 9, 9 },
    };

    [Theory, MemberData(nameof(Edges))]
    public async Task Each_criterion_is_computed_from_data(string? unmet, Readings readings, int aldrete, int pads)
    {
        var (clinic, visit) = await Recovering();
        await using var _ = clinic;
        await Fit(clinic, visit, readings, aldrete, pads);
        Assert.Equal(unmet ?? "", (await clinic.Visits(v => v.After(visit))).Sheet.UnmetText);
        if (unmet is null)
            Assert.Equal(VisitPhase.Completed, (await clinic.Append(visit, new VisitCompleted())).State.Phase);
        else
            await Refused.With($"unmet_{unmet.ToLowerInvariant().Replace('-', '_')}", () => clinic.Append(visit, new VisitCompleted()));
    }

    public static TheoryData<string, AfterAnswers> Answers() => new()
    {
        { "DIS-06", PreparedVisit.Fit with { OnRoomAir = null } },
        { "DIS-07", PreparedVisit.Fit with { Oriented = null } },
        { "DIS-07", PreparedVisit.Fit with { SteadyGait = false } },
        { "DIS-10", PreparedVisit.Fit with { HandedToEscort = null } },
        { "DIS-11", PreparedVisit.Fit with { LineRemoved = false } },
        { "DIS-14", PreparedVisit.Fit with { InstructionsGiven = null } },
        { "", PreparedVisit.Fit with { SuicideRiskRechecked = null } }, // the screen before was negative
        { "", PreparedVisit.Fit with { DrivingToldEscort = false } }, // informs, does not hold back
    };

    [Theory, MemberData(nameof(Answers))]
    public async Task Each_answer_counts(string unmet, AfterAnswers answers)
    {
        var (clinic, visit) = await Recovering();
        await using var _ = clinic;
        await Fit(clinic, visit, answers: answers);
        Assert.Equal(unmet, (await clinic.Visits(v => v.After(visit))).Sheet.UnmetText);
    }

    [Fact]
    public async Task A_positive_screen_asks_for_a_second_look_before_leaving()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await clinic.As(clinic.Lead, (db, a) => new RuleSignatures(db, clinic.Time, a).Sign(["DIS-12"]));
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Prepare(visit);
        await clinic.Append(visit, new CheckedBefore(new BeforeAnswers { SuicideScreen = ScreenResult.Positive }));
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(101));
        await Fit(clinic, visit, answers: PreparedVisit.Fit with { SuicideRiskRechecked = null });
        Assert.Equal("DIS-12", (await clinic.Visits(v => v.After(visit))).Sheet.UnmetText);
        await clinic.Append(visit, new CheckedAfter(new AfterAnswers { SuicideRiskRechecked = true }));
        Assert.Equal("", (await clinic.Visits(v => v.After(visit))).Sheet.UnmetText);
    }

    [Fact]
    public async Task Time_has_to_pass_and_readings_grow_old()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(40));
        await Refused.With("required", () => clinic.Append(visit, new DischargeOverridden("x", "")));
        await clinic.CloseLedger(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(59));
        await Fit(clinic, visit);
        Assert.Equal("DIS-02", (await clinic.Visits(v => v.After(visit))).Sheet.UnmetText);
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("", (await clinic.Visits(v => v.After(visit))).Sheet.UnmetText);
        clinic.Time.Advance(TimeSpan.FromMinutes(30)); // the reading of half an hour ago is not how the patient is now
        Assert.Equal("DIS-05, DIS-06, DIS-08, DIS-09", (await clinic.Visits(v => v.After(visit))).Sheet.UnmetText);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Two_different_people_may_let_a_patient_go_and_one_may_not(Store store)
    {
        var (clinic, visit) = await Recovering(store);
        await using var _ = clinic;
        await Fit(clinic, visit, PreparedVisit.Rest with { Systolic = 148 });
        var go = new DischargeOverridden("DIS-05", "Usually 145 at home, feels well");
        await Refused.With("found_changed", () => clinic.Append(visit, go with { Unmet = "DIS-03" }), RefusalKind.Conflict);
        await clinic.Append(visit, go);
        await Refused.With("unmet_dis_05", () => clinic.Append(visit, new VisitCompleted()));
        await Refused.With("second_name_missing", () => clinic.Append(visit, go));
        await clinic.ByLead(visit, go with { Reason = "Agreed, seen" });
        await clinic.Append(visit, new CheckedAfter(new AfterAnswers { SteadyGait = false }));
        await Refused.With("unmet_dis_07", () => clinic.Append(visit, new VisitCompleted())); // nobody has signed that
        await clinic.Append(visit, new CheckedAfter(new AfterAnswers { SteadyGait = true }));
        await clinic.Append(visit, new VisitCompleted());
        Assert.Equal(2, (await clinic.Visits(v => v.Overrides(clinic.Time.GetUtcNow().AddDays(-1)), clinic.Lead)).Count);
    }

    [Fact]
    public async Task Nothing_is_overridden_when_nothing_is_unmet_and_never_the_ledger()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(40));
        await clinic.Recover(visit);
        await Refused.With("nothing_unmet", () => clinic.Append(visit, new DischargeOverridden("", "why not")));
        var refusal = await Refused.With("ledger_open", () => clinic.Append(visit, new VisitCompleted()));
        Assert.Single(refusal.Errors);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public async Task Scores_run_from_0_to_2(int value)
    {
        var (clinic, visit) = await Recovering();
        await using var _ = clinic;
        Assert.Equal("circulation", Assert.Single((await Refused.With("score_range", () => clinic.Append(visit, new RecoveryScored(2, 2, value, 2, 2)))).Errors).Field);
        Assert.Equal("pain", Assert.Single((await Refused.With("score_range", () => clinic.Append(visit, new HomeReadinessScored(2, 2, 2, value, 2)))).Errors).Field);
        await Refused.With("sheet_empty", () => clinic.Append(visit, new CheckedAfter(new AfterAnswers())));
    }

    [Fact]
    public async Task A_visit_is_signed_after_its_completion_and_reviewed_by_a_lead()
    {
        var (clinic, visit) = await Recovering();
        await using var _ = clinic;
        await Refused.With("visit_not_completed", () => clinic.Append(visit, new SignedOff(SignatureMeaning.Recorded)));
        await Fit(clinic, visit);
        await clinic.Append(visit, new VisitCompleted());
        await Refused.With("forbidden", () => clinic.Append(visit, new SignedOff(SignatureMeaning.Reviewed)), RefusalKind.Forbidden);
        await Refused.With("required", () => clinic.Append(visit, new SignedOff((SignatureMeaning)7)));
        await clinic.Append(visit, new SignedOff(SignatureMeaning.Recorded));
        var state = (await clinic.ByLead(visit, new SignedOff(SignatureMeaning.Reviewed))).State;
        Assert.Equal(["Nurse Hazel", "Dr. Rowan"], state.Sheets.Signatures.Select(l => l.Event.AuthorName), StringComparer.Ordinal);
        await Refused.With("visit_completed", () => clinic.Append(visit, new RecoveryScored(2, 2, 2, 2, 2)));
    }
}
