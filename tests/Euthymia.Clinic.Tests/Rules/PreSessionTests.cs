using Euthymia.Clinic.Rules;
using static Euthymia.Clinic.Rules.RuleOutcome;

namespace Euthymia.Clinic.Tests.Rules;

public sealed class PreSessionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly PreSessionFacts Well = new()
    {
        Medicine = Medicine.KetamineInfusion,
        InfusionNumber = 2,
        IdentifiersConfirmed = 2,
        Weight = 70,
        WeightMeasuredAt = Now.AddHours(-1),
        LastWeight = 70,
        FirstVisit = false,
        Systolic = 125,
        Diastolic = 78,
        HeartRate = 70,
        OxygenSaturation = 98,
        RespiratoryRate = 14,
        LastSolidsAt = Now.AddHours(-10),
        LastFluidsAt = Now.AddHours(-3),
        EscortConfirmedByPhone = true,
        CouldBePregnant = false,
        AlcoholAsked = true,
        RecreationalDrugSinceLastVisit = false,
        SedativesAsked = true,
        AntihypertensivePrescribed = false,
        StimulantTakenToday = false,
        SymptomScaleToday = true,
        SuicideScreenSinceLastVisit = true,
        UnclearedChanges = [],
        EmergencyCheckAt = Now.AddHours(-2),
        LifeSupportClinicianSignedIn = true,
        NursesInfusions = 1,
        CallButtonTested = true,
        AlarmSoundHeard = true,
    };

    private static readonly RuleTable<PreSessionFacts> Table = new("pre_session", Well, Now, PreSession.Evaluate)
    {
        { "PRE-01", Fired, f => f with { IdentifiersConfirmed = 1 } },
        { "PRE-01", Clear, f => f with { IdentifiersConfirmed = 2 } },
        { "PRE-01", Clear, f => f with { IdentifiersConfirmed = 3 } },
        { "PRE-01", NotAssessed, f => f with { IdentifiersConfirmed = null } },
        { "PRE-02a", Clear, f => f with { WeightMeasuredAt = Now.AddHours(-12) } },
        { "PRE-02a", Fired, f => f with { WeightMeasuredAt = Now.AddHours(-12.1) } },
        { "PRE-02a", NotAssessed, f => f with { WeightMeasuredAt = null } },
        { "PRE-02a", NotAssessed, f => f with { Weight = null } },
        { "PRE-02b", Clear, f => f with { Weight = 73.5m } },
        { "PRE-02b", Fired, f => f with { Weight = 73.6m } },
        { "PRE-02b", Clear, f => f with { Weight = 66.5m } },
        { "PRE-02b", Fired, f => f with { Weight = 66.4m } },
        { "PRE-02b", Clear, f => f with { FirstVisit = true, LastWeight = null } },
        { "PRE-02b", NotAssessed, f => f with { LastWeight = null } },
        { "PRE-03", Clear, f => f with { Systolic = 140, Diastolic = 90 } },
        { "PRE-03", Fired, f => f with { Systolic = 141 } },
        { "PRE-03", Fired, f => f with { Diastolic = 91 } },
        { "PRE-03", Clear, f => f with { Systolic = 150, RecheckedSystolic = 138, RecheckedDiastolic = 85 } },
        { "PRE-03", NotAssessed, f => f with { Systolic = null } },
        { "PRE-04", Clear, f => f with { Systolic = 165, RecheckedSystolic = 160, RecheckedDiastolic = 100 } },
        { "PRE-04", Fired, f => f with { Systolic = 150, RecheckedSystolic = 161, RecheckedDiastolic = 85 } },
        { "PRE-04", Fired, f => f with { Systolic = 150, RecheckedSystolic = 150, RecheckedDiastolic = 101 } },
        { "PRE-04", Clear, f => f with { Systolic = 160, Diastolic = 100 } },
        { "PRE-04", NotAssessed, f => f with { Systolic = 161 } },
        { "PRE-04", NotAssessed, f => f with { Diastolic = null } },
        { "PRE-05", Clear, f => f with { Systolic = 180, Diastolic = 100 } },
        { "PRE-05", Fired, f => f with { Systolic = 181 } },
        { "PRE-05", Fired, f => f with { Diastolic = 101, Systolic = null } },
        { "PRE-05", NotAssessed, f => f with { Diastolic = null } },
        { "PRE-06", Clear, f => f with { HeartRate = 50, OxygenSaturation = 94, RespiratoryRate = 10 } },
        { "PRE-06", Clear, f => f with { HeartRate = 110, RespiratoryRate = 24 } },
        { "PRE-06", Fired, f => f with { HeartRate = 49 } },
        { "PRE-06", Fired, f => f with { HeartRate = 111 } },
        { "PRE-06", Fired, f => f with { OxygenSaturation = 93 } },
        { "PRE-06", Fired, f => f with { RespiratoryRate = 9 } },
        { "PRE-06", Fired, f => f with { RespiratoryRate = 25 } },
        { "PRE-06", NotAssessed, f => f with { OxygenSaturation = null } },
        { "PRE-07", Clear, f => f with { LastSolidsAt = Now } },
        { "PRE-07", Clear, f => Spray(f) with { LastSolidsAt = Now.AddHours(-2), LastFluidsAt = Now.AddMinutes(-30) } },
        { "PRE-07", Fired, f => Spray(f) with { LastSolidsAt = Now.AddHours(-1.9) } },
        { "PRE-07", Fired, f => Spray(f) with { LastFluidsAt = Now.AddMinutes(-29) } },
        { "PRE-07", NotAssessed, f => Spray(f) with { LastFluidsAt = null } },
        { "PRE-08", Clear, f => f with { LastSolidsAt = Now.AddHours(-6), LastFluidsAt = Now.AddHours(-2) } },
        { "PRE-08", Fired, f => f with { LastSolidsAt = Now.AddHours(-5.9) } },
        { "PRE-08", Fired, f => f with { LastFluidsAt = Now.AddHours(-1.9) } },
        { "PRE-08", Clear, f => Spray(f) with { LastSolidsAt = Now } },
        { "PRE-08", NotAssessed, f => f with { LastSolidsAt = null } },
        { "PRE-09", Fired, f => f with { EscortConfirmedByPhone = false } },
        { "PRE-09", Clear, f => f },
        { "PRE-09", NotAssessed, f => f with { EscortConfirmedByPhone = null } },
        { "PRE-10", Clear, f => f },
        { "PRE-10", Fired, f => f with { CouldBePregnant = true, PregnancyTestAsked = true } },
        { "PRE-10", Clear, f => f with { CouldBePregnant = true, NegativePregnancyTestAt = Now.AddHours(-24) } },
        { "PRE-10", Fired, f => f with { CouldBePregnant = true, NegativePregnancyTestAt = Now.AddHours(-24.1) } },
        { "PRE-10", NotAssessed, f => f with { CouldBePregnant = true } },
        { "PRE-10", NotAssessed, f => f with { CouldBePregnant = null } },
        { "PRE-11", Clear, f => f with { LastAlcoholAt = Now.AddHours(-24) } },
        { "PRE-11", Fired, f => f with { LastAlcoholAt = Now.AddHours(-23.9) } },
        { "PRE-11", NotAssessed, f => f with { AlcoholAsked = null } },
        { "PRE-12", Fired, f => f with { RecreationalDrugSinceLastVisit = true } },
        { "PRE-12", Clear, f => f },
        { "PRE-12", NotAssessed, f => f with { RecreationalDrugSinceLastVisit = null } },
        { "PRE-13", Clear, f => f with { LastSedativeAt = Now.AddHours(-12) } },
        { "PRE-13", Fired, f => f with { LastSedativeAt = Now.AddHours(-11.9) } },
        { "PRE-13", NotAssessed, f => f with { SedativesAsked = false } },
        { "PRE-14", Clear, f => f },
        { "PRE-14", Clear, f => f with { AntihypertensivePrescribed = true, AntihypertensiveTaken = true } },
        { "PRE-14", Fired, f => f with { AntihypertensivePrescribed = true, AntihypertensiveTaken = false } },
        { "PRE-14", NotAssessed, f => f with { AntihypertensivePrescribed = true } },
        { "PRE-15", Fired, f => f with { StimulantTakenToday = true } },
        { "PRE-15", Clear, f => f },
        { "PRE-15", NotAssessed, f => f with { StimulantTakenToday = null } },
        { "PRE-16a", Fired, f => f with { InfusionNumber = 1, SymptomScaleToday = false } },
        { "PRE-16a", Clear, f => f with { SymptomScaleToday = false } },
        { "PRE-16a", NotAssessed, f => f with { InfusionNumber = 1, SymptomScaleToday = null } },
        { "PRE-16b", Fired, f => f with { SymptomScaleToday = false } },
        { "PRE-16b", Clear, f => f with { InfusionNumber = 1, SymptomScaleToday = false } },
        { "PRE-16b", NotAssessed, f => f with { InfusionNumber = null, SymptomScaleToday = false } },
        { "PRE-17", Fired, f => f with { SuicideScreenSinceLastVisit = false } },
        { "PRE-17", Clear, f => f },
        { "PRE-17", NotAssessed, f => f with { SuicideScreenSinceLastVisit = null } },
        { "PRE-18", Fired, f => f with { UnclearedChanges = ["burning on passing water"] } },
        { "PRE-18", Clear, f => f },
        { "PRE-18", NotAssessed, f => f with { UnclearedChanges = null } },
        { "PRE-19", Clear, f => f with { EmergencyCheckAt = Now.AddHours(-24) } },
        { "PRE-19", Fired, f => f with { EmergencyCheckAt = Now.AddHours(-24.1) } },
        { "PRE-19", NotAssessed, f => f with { EmergencyCheckAt = null } },
        { "PRE-20", Fired, f => f with { LifeSupportClinicianSignedIn = false } },
        { "PRE-20", Clear, f => f },
        { "PRE-20", NotAssessed, f => f with { LifeSupportClinicianSignedIn = null } },
        { "PRE-21", Clear, f => f with { NursesInfusions = 2 } },
        { "PRE-21", Fired, f => f with { NursesInfusions = 3 } },
        { "PRE-21", Fired, f => f with { NursesInfusions = 4 } },
        { "PRE-21", NotAssessed, f => f with { NursesInfusions = null } },
        { "PRE-22", Fired, f => f with { CallButtonTested = false } },
        { "PRE-22", Clear, f => f },
        { "PRE-22", NotAssessed, f => f with { CallButtonTested = null } },
        { "PRE-24", Clear, f => f },
        { "PRE-24", Fired, f => f with { AlarmSoundHeard = false } },
        { "PRE-24", NotAssessed, f => f with { AlarmSoundHeard = null } },
        { "PRE-23", Clear, f => f },
        { "PRE-23", Clear, f => Spray(f) with { SiteCertified = true, PatientEnrolled = true } },
        { "PRE-23", Fired, f => Spray(f) with { SiteCertified = true, PatientEnrolled = false } },
        { "PRE-23", NotAssessed, f => Spray(f) with { SiteCertified = true } },
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

    [Fact]
    public void With_nothing_known_no_visit_may_start()
        => Assert.False(PreSession.Evaluate(new PreSessionFacts(), RuleSettings.Shipped, Now).MayProceed);

    private static PreSessionFacts Spray(PreSessionFacts f) => f with { Medicine = Medicine.EsketamineSpray };
}
