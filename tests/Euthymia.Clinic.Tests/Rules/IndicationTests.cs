using Euthymia.Clinic.Rules;
using static Euthymia.Clinic.Rules.RuleOutcome;

namespace Euthymia.Clinic.Tests.Rules;

public sealed class IndicationTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly IndicationFacts Well = new()
    {
        AdequateTrials = 3,
        Medicine = Medicine.KetamineInfusion,
        Phase = TreatmentPhase.AcuteCourse,
        LastDepressionScoreAt = Now.AddDays(-1),
        Phq9 = 20,
        Age = 40,
        Bipolar = false,
        PlannedInfusions = 6,
        HasStopRule = true,
        HasReviewDate = true,
        SiteRegisteredAndEquipped = true,
    };

    private static readonly RuleTable<IndicationFacts> Table = new("indication", Well, Now, Indication.Evaluate)
    {
        { "IND-01", Fired, f => f with { AdequateTrials = 1 } },
        { "IND-01", Clear, f => f with { AdequateTrials = 2 } },
        { "IND-01", NotAssessed, f => f with { AdequateTrials = null } },
        { "IND-02", Fired, f => f },
        { "IND-02", Clear, f => f with { Medicine = Medicine.EsketamineSpray } },
        { "IND-02", NotAssessed, f => f with { Medicine = null } },
        { "IND-03", Fired, f => f },
        { "IND-03", Clear, f => f with { Phase = TreatmentPhase.SingleInfusion } },
        { "IND-03", Fired, f => f with { Phase = TreatmentPhase.SingleInfusion, Medicine = Medicine.EsketamineSpray } },
        { "IND-03", NotAssessed, f => f with { Phase = null } },
        { "IND-04a", Clear, f => f with { LastDepressionScoreAt = Now.AddDays(-7) } },
        { "IND-04a", Fired, f => f with { LastDepressionScoreAt = Now.AddDays(-7.1) } },
        { "IND-04a", NotAssessed, f => f with { LastDepressionScoreAt = null } },
        { "IND-04b", Fired, f => f with { Phq9 = 14 } },
        { "IND-04b", Clear, f => f with { Phq9 = 15 } },
        { "IND-04b", NotAssessed, f => f with { Phq9 = null } },
        { "IND-05", Fired, f => f with { Age = 17 } },
        { "IND-05", Clear, f => f with { Age = 18 } },
        { "IND-05", NotAssessed, f => f with { Age = null } },
        { "IND-06", Clear, f => f with { Bipolar = true, MoodStabiliser = true } },
        { "IND-06", Fired, f => f with { Bipolar = true, MoodStabiliser = false } },
        { "IND-06", NotAssessed, f => f with { Bipolar = true } },
        { "IND-07", Clear, f => f },
        { "IND-07", Fired, f => f with { PlannedInfusions = 0 } },
        { "IND-07", Fired, f => f with { HasStopRule = false } },
        { "IND-07", Fired, f => f with { HasReviewDate = false, PlannedInfusions = null } },
        { "IND-07", NotAssessed, f => f with { PlannedInfusions = null } },
        { "IND-08", Clear, f => f },
        { "IND-08", Fired, f => f with { SiteRegisteredAndEquipped = false } },
        { "IND-08", NotAssessed, f => f with { SiteRegisteredAndEquipped = null } },
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
