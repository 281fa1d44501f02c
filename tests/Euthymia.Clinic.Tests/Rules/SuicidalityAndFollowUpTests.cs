using Euthymia.Clinic.Rules;
using static Euthymia.Clinic.Rules.RuleOutcome;

namespace Euthymia.Clinic.Tests.Rules;

public sealed class SuicidalityTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly CssrsAnswers AllNo = new() { WishToBeDead = false, Thoughts = false, BehaviourEver = false, BehaviourWithinThreeMonths = false };

    private static readonly SuicidalityFacts Well = new()
    {
        DeathItem = 0,
        Phq9Item9 = 0,
        ScreenedInSameContact = false,
        Cssrs = AllNo,
        PositiveAnswer = false,
        ClinicOpen = true,
        CrisisNumberShown = true,
        OnCallReached = true,
        FreeTextSpeaksOfSuicide = false,
        Age = 40,
        Asq = AsqResult.Negative,
        ScoreFellAfterInfusion = true,
        SafetyPlanOpen = false,
    };

    private static readonly RuleTable<SuicidalityFacts> Table = new("suicidality", Well, Now, Suicidality.Evaluate)
    {
        { "SUI-01", Clear, f => f },
        { "SUI-01", Fired, f => f with { DeathItem = 1 } },
        { "SUI-01", Fired, f => f with { DeathItem = 3 } },
        { "SUI-01", Clear, f => f with { DeathItem = 1, ScreenedInSameContact = true } },
        { "SUI-01", NotAssessed, f => f with { DeathItem = null } },
        { "SUI-02", Clear, f => f with { Phq9Item9 = 1 } },
        { "SUI-02", Fired, f => f with { Phq9Item9 = 2 } },
        { "SUI-02", Fired, f => f with { Phq9Item9 = 3 } },
        { "SUI-02", NotAssessed, f => f with { Phq9Item9 = null } },
        { "SUI-03a", Clear, f => f },
        { "SUI-03a", Clear, f => f with { Cssrs = AllNo with { Thoughts = true, Method = true, Intent = false, Plan = false } } },
        { "SUI-03a", Fired, f => f with { Cssrs = AllNo with { Thoughts = true, Method = false, Intent = true, Plan = false } } },
        { "SUI-03a", Fired, f => f with { Cssrs = AllNo with { Thoughts = true, Plan = true } } },
        { "SUI-03a", Fired, f => f with { Cssrs = AllNo with { BehaviourEver = true, BehaviourWithinThreeMonths = true } } },
        { "SUI-03a", NotAssessed, f => f with { Cssrs = AllNo with { Thoughts = true, Intent = false } } },
        { "SUI-03b", Clear, f => f },
        { "SUI-03b", Fired, f => f with { Cssrs = AllNo with { Thoughts = true, Method = true, Intent = false, Plan = false } } },
        { "SUI-03b", Fired, f => f with { Cssrs = AllNo with { BehaviourEver = true } } },
        { "SUI-03b", Clear, f => f with { Cssrs = AllNo with { Thoughts = true, Method = true, Intent = true, Plan = false } } },
        { "SUI-03b", NotAssessed, f => f with { Cssrs = null } },
        { "SUI-03c", Clear, f => f },
        { "SUI-03c", Fired, f => f with { Cssrs = AllNo with { WishToBeDead = true } } },
        { "SUI-03c", Fired, f => f with { Cssrs = AllNo with { Thoughts = true, Method = false, Intent = false, Plan = false } } },
        { "SUI-03c", Clear, f => f with { Cssrs = AllNo with { WishToBeDead = true, BehaviourEver = true } } },
        { "SUI-03c", NotAssessed, f => f with { Cssrs = AllNo with { WishToBeDead = null } } },
        { "SUI-05", Clear, f => f with { PositiveAnswer = true } },
        { "SUI-05", Clear, f => f with { PositiveAnswer = true, ClinicOpen = false } },
        { "SUI-05", Fired, f => f with { PositiveAnswer = true, ClinicOpen = false, CrisisNumberShown = false } },
        { "SUI-05", Fired, f => f with { PositiveAnswer = true, ClinicOpen = false, OnCallReached = false } },
        { "SUI-05", NotAssessed, f => f with { PositiveAnswer = true, ClinicOpen = false, OnCallReached = null } },
        { "SUI-06", Clear, f => f },
        { "SUI-06", Fired, f => f with { FreeTextSpeaksOfSuicide = true } },
        { "SUI-06", Clear, f => f with { FreeTextSpeaksOfSuicide = true, DeathItem = 2 } },
        { "SUI-06", NotAssessed, f => f with { FreeTextSpeaksOfSuicide = null } },
        { "SUI-07", Fired, f => f with { Age = 24 } },
        { "SUI-07", Clear, f => f with { Age = 25 } },
        { "SUI-07", NotAssessed, f => f with { Age = null } },
        { "SUI-08", Clear, f => f },
        { "SUI-08", Fired, f => f with { SafetyPlanOpen = true } },
        { "SUI-08", NotAssessed, f => f with { SafetyPlanOpen = null } },
        { "SUI-09", Clear, f => f },
        { "SUI-09", Fired, f => f with { Asq = AsqResult.Positive } },
        { "SUI-09", Clear, f => f with { Asq = AsqResult.Acute } },
        { "SUI-09", NotAssessed, f => f with { Asq = null } },
        { "SUI-10", Clear, f => f with { Asq = AsqResult.Positive } },
        { "SUI-10", Fired, f => f with { Asq = AsqResult.Acute } },
        { "SUI-10", NotAssessed, f => f with { Asq = null } },
    };

    public static TheoryData<string> Names => Table.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_rule_judges_at_below_and_above_its_threshold(string name) => Table.Check(name);

    [Fact]
    public void Every_rule_has_cases() => Table.CheckThatEveryRuleHasCases();

    [Fact]
    public void Missing_is_never_normal() => Table.CheckThatMissingIsNeverNormal();

    [Fact]
    public void A_well_patient_meets_no_stop() => Table.CheckThatAWellPatientMeetsNoStop();
}

public sealed class FollowUpRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly FollowUpFacts Well = new()
    {
        LastInfusionAt = Now.AddDays(-3),
        CheckInSinceInfusion = true,
        Scale = SelfReportScale.Phq9,
        AnsweredBefore = true,
        LastAnsweredAt = Now.AddDays(-20),
        AcuteCourseEndedAt = Now.AddDays(-30),
        LastAssessmentAt = Now.AddDays(-3),
        MissedInARow = 0,
        SideEffectsAskedSinceTreatment = true,
        RiseSinceLastScore = 0,
        MoodUpTooFar = 0,
        AfterEffects = 0,
        Sleep = 0,
    };

    private static readonly RuleTable<FollowUpFacts> Table = new("followup", Well, Now, FollowUpRules.Evaluate)
    {
        { "FUP-01", Clear, f => f with { CheckInSinceInfusion = false, LastInfusionAt = Now.AddHours(-24) } },
        { "FUP-01", Fired, f => f with { CheckInSinceInfusion = false, LastInfusionAt = Now.AddHours(-24.1) } },
        { "FUP-01", NotAssessed, f => f with { CheckInSinceInfusion = null } },
        { "FUP-02", Clear, f => f with { LastAnsweredAt = Now.AddDays(-14) } },
        { "FUP-02", Fired, f => f with { LastAnsweredAt = Now.AddDays(-13.9) } },
        { "FUP-02", Fired, f => f with { Scale = SelfReportScale.Gad7, LastAnsweredAt = Now.AddDays(-13.9) } },
        { "FUP-02", Clear, f => f with { Scale = SelfReportScale.Qids, LastAnsweredAt = Now.AddDays(-7) } },
        { "FUP-02", Fired, f => f with { Scale = SelfReportScale.Qids, LastAnsweredAt = Now.AddDays(-6.9) } },
        { "FUP-02", Clear, f => f with { AnsweredBefore = false, LastAnsweredAt = null } },
        { "FUP-02", NotAssessed, f => f with { LastAnsweredAt = null } },
        { "FUP-03", Clear, f => f with { LastAssessmentAt = Now.AddDays(-6.9) } },
        { "FUP-03", Fired, f => f with { LastAssessmentAt = Now.AddDays(-7) } },
        { "FUP-03", Fired, f => f with { AcuteCourseEndedAt = Now.AddDays(-56), LastAssessmentAt = Now.AddDays(-7) } },
        { "FUP-03", Clear, f => f with { AcuteCourseEndedAt = Now.AddDays(-56.1), LastAssessmentAt = Now.AddDays(-13.9) } },
        { "FUP-03", Fired, f => f with { AcuteCourseEndedAt = Now.AddDays(-183), LastAssessmentAt = Now.AddDays(-14) } },
        { "FUP-03", Clear, f => f with { AcuteCourseEndedAt = Now.AddDays(-183.1), LastAssessmentAt = Now.AddDays(-90) } },
        { "FUP-03", NotAssessed, f => f with { LastAssessmentAt = null } },
        { "FUP-04", Clear, f => f with { MissedInARow = 1 } },
        { "FUP-04", Fired, f => f with { MissedInARow = 2 } },
        { "FUP-04", Fired, f => f with { MissedInARow = 3 } },
        { "FUP-04", NotAssessed, f => f with { MissedInARow = null } },
        { "FUP-05", Clear, f => f },
        { "FUP-05", Fired, f => f with { SideEffectsAskedSinceTreatment = false } },
        { "FUP-05", NotAssessed, f => f with { SideEffectsAskedSinceTreatment = null } },
        { "FUP-06", Clear, f => f with { RiseSinceLastScore = 4 } },
        { "FUP-06", Clear, f => f with { RiseSinceLastScore = -9 } },
        { "FUP-06", Fired, f => f with { RiseSinceLastScore = 5 } },
        { "FUP-06", Fired, f => f with { RiseSinceLastScore = 6 } },
        { "FUP-06", NotAssessed, f => f with { RiseSinceLastScore = null } },
        { "FUP-07", Clear, f => f },
        { "FUP-07", Fired, f => f with { MoodUpTooFar = 1 } },
        { "FUP-07", Fired, f => f with { MoodUpTooFar = 2 } },
        { "FUP-07", NotAssessed, f => f with { MoodUpTooFar = null } },
        { "FUP-08", Clear, f => f with { AfterEffects = 1, Sleep = 1 } },
        { "FUP-08", Fired, f => f with { AfterEffects = 2 } },
        { "FUP-08", Fired, f => f with { Sleep = 2 } },
        { "FUP-08", NotAssessed, f => f with { AfterEffects = null } },
    };

    public static TheoryData<string> Names => Table.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_rule_judges_at_below_and_above_its_threshold(string name) => Table.Check(name);

    [Fact]
    public void Every_rule_has_cases() => Table.CheckThatEveryRuleHasCases();

    [Fact]
    public void Missing_is_never_normal() => Table.CheckThatMissingIsNeverNormal();

    [Fact]
    public void A_well_patient_meets_no_stop() => Table.CheckThatAWellPatientMeetsNoStop();
}
