using Euthymia.Clinic.Rules;
using static Euthymia.Clinic.Rules.RuleOutcome;

namespace Euthymia.Clinic.Tests.Rules;

public sealed class DischargeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly DischargeFacts Well = new()
    {
        Medicine = Medicine.KetamineInfusion,
        InfusionEnd = Now.AddMinutes(-70),
        Aldrete = 10,
        Pads = 9,
        BaselineSystolic = 120,
        BaselineDiastolic = 80,
        Systolic = 122,
        Diastolic = 80,
        SaturationOnRoomAir = 97,
        Oriented = true,
        SteadyGait = true,
        BaselineDissociation = 0,
        Dissociation = 0,
        Sedation = 5,
        Nausea = 0,
        HandedToEscort = true,
        LineRemovedAndDressed = true,
        ScreenBeforePositive = false,
        DrivingWarningAcknowledgedByPatient = true,
        DrivingWarningAcknowledgedByEscort = true,
        InstructionsAndContactGiven = true,
        LateEffectsExplained = true,
        OverrideAsked = false,
        FormsKnown = true,
    };

    private static readonly RuleTable<DischargeFacts> Table = new("discharge", Well, Now, Discharge.Evaluate)
    {
        { "DIS-01", Clear, f => f },
        { "DIS-01", Fired, f => Spray(f, 119.9) },
        { "DIS-01", Clear, f => Spray(f, 120) },
        { "DIS-01", NotAssessed, f => Spray(f, 120) with { DoseGivenAt = null } },
        { "DIS-02", Fired, f => f with { InfusionEnd = Now.AddMinutes(-59.9) } },
        { "DIS-02", Clear, f => f with { InfusionEnd = Now.AddMinutes(-60) } },
        { "DIS-02", Clear, f => Spray(f, 120) with { InfusionEnd = null } },
        { "DIS-02", NotAssessed, f => f with { InfusionEnd = null } },
        { "DIS-03", Fired, f => f with { Aldrete = 8 } },
        { "DIS-03", Clear, f => f with { Aldrete = 9 } },
        { "DIS-03", NotAssessed, f => f with { Aldrete = null } },
        { "DIS-04", Fired, f => f with { Pads = 8 } },
        { "DIS-04", Clear, f => f with { Pads = 9 } },
        { "DIS-04", NotAssessed, f => f with { Pads = null } },
        { "DIS-05", Clear, f => f with { Systolic = 144, Diastolic = 95 } },
        { "DIS-05", Fired, f => f with { Systolic = 145 } },
        { "DIS-05", Clear, f => f with { Systolic = 96 } },
        { "DIS-05", Fired, f => f with { Systolic = 95 } },
        { "DIS-05", Clear, f => f with { BaselineSystolic = 140, Systolic = 150 } },
        { "DIS-05", Fired, f => f with { BaselineSystolic = 140, Systolic = 151 } },
        { "DIS-05", Fired, f => f with { Diastolic = 97 } },
        { "DIS-05", NotAssessed, f => f with { BaselineSystolic = null } },
        { "DIS-06", Fired, f => f with { SaturationOnRoomAir = 92 } },
        { "DIS-06", Clear, f => f with { SaturationOnRoomAir = 93 } },
        { "DIS-06", NotAssessed, f => f with { SaturationOnRoomAir = null } },
        { "DIS-07", Fired, f => f with { Oriented = false } },
        { "DIS-07", Fired, f => f with { SteadyGait = false, Oriented = null } },
        { "DIS-07", Clear, f => f },
        { "DIS-07", NotAssessed, f => f with { SteadyGait = null } },
        { "DIS-08", Fired, f => f with { Dissociation = 1 } },
        { "DIS-08", Clear, f => f with { BaselineDissociation = 1, Dissociation = 1 } },
        { "DIS-08", Fired, f => f with { Sedation = 4 } },
        { "DIS-08", NotAssessed, f => f with { Dissociation = null } },
        { "DIS-09", Clear, f => f with { Nausea = 3 } },
        { "DIS-09", Fired, f => f with { Nausea = 4 } },
        { "DIS-09", NotAssessed, f => f with { Nausea = null } },
        { "DIS-10", Fired, f => f with { HandedToEscort = false } },
        { "DIS-10", Clear, f => f },
        { "DIS-10", NotAssessed, f => f with { HandedToEscort = null } },
        { "DIS-11", Fired, f => f with { LineRemovedAndDressed = false } },
        { "DIS-11", Clear, f => f },
        { "DIS-11", NotAssessed, f => f with { LineRemovedAndDressed = null } },
        { "DIS-12", Fired, f => f with { ScreenBeforePositive = true, SuicideRiskRechecked = false } },
        { "DIS-12", Clear, f => f with { ScreenBeforePositive = true, SuicideRiskRechecked = true } },
        { "DIS-12", NotAssessed, f => f with { ScreenBeforePositive = true } },
        { "DIS-13", Fired, f => f with { DrivingWarningAcknowledgedByEscort = false } },
        { "DIS-13", Clear, f => f },
        { "DIS-13", NotAssessed, f => f with { DrivingWarningAcknowledgedByPatient = null } },
        { "DIS-14", Fired, f => f with { InstructionsAndContactGiven = false } },
        { "DIS-14", Clear, f => f },
        { "DIS-14", NotAssessed, f => f with { InstructionsAndContactGiven = null } },
        { "DIS-15", Clear, f => f },
        { "DIS-15", Fired, f => Override(f, "lives next door", "A. Meyer") },
        { "DIS-15", Fired, f => Override(f, "lives next door", "A. Meyer", "a. meyer ") },
        { "DIS-15", Fired, f => Override(f, " ", "A. Meyer", "B. Novak") },
        { "DIS-15", Clear, f => Override(f, "lives next door", "A. Meyer", "B. Novak") },
        { "DIS-15", NotAssessed, f => f with { OverrideAsked = true, OverrideReason = "lives next door" } },
        { "DIS-16", Fired, f => f with { LateEffectsExplained = false } },
        { "DIS-16", Clear, f => f },
        { "DIS-16", NotAssessed, f => f with { LateEffectsExplained = null } },
        { "DIS-17a", Clear, f => f },
        { "DIS-17a", Clear, f => f with { OldestUnsubmittedForm = Now.AddDays(-2.9) } },
        { "DIS-17a", Fired, f => f with { OldestUnsubmittedForm = Now.AddDays(-3) } },
        { "DIS-17a", Clear, f => f with { OldestUnsubmittedForm = Now.AddDays(-7) } },
        { "DIS-17a", NotAssessed, f => f with { FormsKnown = null } },
        { "DIS-17b", Clear, f => f with { OldestUnsubmittedForm = Now.AddDays(-6.9) } },
        { "DIS-17b", Fired, f => f with { OldestUnsubmittedForm = Now.AddDays(-7) } },
        { "DIS-17b", NotAssessed, f => f with { FormsKnown = false } },
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
    public void A_well_patient_may_leave() => Table.CheckThatAWellPatientMeetsNoStop();

    private static DischargeFacts Spray(DischargeFacts f, double minutesAgo)
        => f with { Medicine = Medicine.EsketamineSpray, DoseGivenAt = Now.AddMinutes(-minutesAgo) };

    private static DischargeFacts Override(DischargeFacts f, string reason, params string[] names)
        => f with { OverrideAsked = true, OverrideReason = reason, OverrideNames = names };
}
