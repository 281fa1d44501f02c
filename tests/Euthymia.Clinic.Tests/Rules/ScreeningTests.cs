using Euthymia.Clinic.Rules;
using static Euthymia.Clinic.Rules.RuleOutcome;

namespace Euthymia.Clinic.Tests.Rules;

public sealed class ScreeningTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    internal static readonly ScreeningFacts Well = new()
    {
        KetamineAllergy = false,
        PressureRiseHazard = false,
        AneurysmOrMalformation = false,
        IntracerebralHaemorrhage = false,
        EclampsiaHeartStrokeOrBrainInjury = false,
        Pressures = [new(125, 80), new(121, 78)],
        UntreatedHyperthyroidism = false,
        UnstableAngina = false,
        EverInfarction = false,
        DecompensatedHeartFailure = false,
        RaisedIntracranialPressure = false,
        GlaucomaOrEyeInjury = false,
        Psychosis = false,
        CurrentMania = false,
        PastMania = false,
        PregnantBreastFeedingOrFertilityTreatment = false,
        SubstanceUseDisorder = false,
        RecreationalDrugs = false,
        KetamineMisuse = false,
        RecentEpilepsy = false,
        SevereLiverImpairment = false,
        ModerateLiverImpairment = false,
        CystitisOrUrinarySymptoms = false,
        NeurocognitiveDisorder = false,
        CanConsent = true,
        AirwayOrLungRisk = false,
        AcutePorphyria = false,
        Age = 40,
        Hypertension = false,
        PlannedDose = 0.5m,
        LiverTestsAt = Now.AddDays(-20),
        ToxicologyAskedFor = false,
        HeartDiseaseOrArrhythmia = false,
        LawAsksForMonitoringQuery = true,
        MonitoringQueryAt = Now.AddDays(-3),
        TeamDeclined = false,
        TeamApprovals = 2,
        Medication = [],
        DiazepamEquivalent = 0,
        MaoInhibitorEver = false,
    };

    private static readonly RuleTable<ScreeningFacts> Table = Answers(new("screening", Well, Now, Screening.Evaluate)
    {
        { "SCR-06", Clear, f => f with { Pressures = [new(180, 100)] } },
        { "SCR-06", Fired, f => f with { Pressures = [new(181, 80), new(120, 80)] } },
        { "SCR-06", Fired, f => f with { Pressures = [new(120, 101)] } },
        { "SCR-06", NotAssessed, f => f with { Pressures = null } },
        { "SCR-06", NotAssessed, f => f with { Pressures = [] } },
        { "SCR-07", Clear, f => f with { Pressures = [new(160, 90), new(159, 90)] } },
        { "SCR-07", Fired, f => f with { Pressures = [new(161, 90), new(159, 90)] } },
        { "SCR-07", Fired, f => f with { Pressures = [new(130, 102), new(130, 98)] } },
        { "SCR-07", NotAssessed, f => f with { Pressures = [new(175, 90)] } },
        { "SCR-09", Fired, f => f with { UnstableAngina = true } },
        { "SCR-09", Fired, f => f with { EverInfarction = true, LastInfarctionAt = Now.AddDays(-183) } },
        { "SCR-09", Clear, f => f with { EverInfarction = true, LastInfarctionAt = Now.AddDays(-183.1) } },
        { "SCR-09", NotAssessed, f => f with { EverInfarction = true } },
        { "SCR-12", Fired, f => f with { GlaucomaOrEyeInjury = true, OphthalmologyClearance = false } },
        { "SCR-12", Clear, f => f with { GlaucomaOrEyeInjury = true, OphthalmologyClearance = true } },
        { "SCR-12", NotAssessed, f => f with { GlaucomaOrEyeInjury = true } },
        { "SCR-16", Fired, f => f with { SubstanceUseDisorder = true, MonthsInRemission = 2.9m, AddictionClinicianSigned = false } },
        { "SCR-16", Clear, f => f with { SubstanceUseDisorder = true, MonthsInRemission = 3, AddictionClinicianSigned = false } },
        { "SCR-16", Clear, f => f with { SubstanceUseDisorder = true, MonthsInRemission = 0, AddictionClinicianSigned = true } },
        { "SCR-16", NotAssessed, f => f with { SubstanceUseDisorder = true } },
        { "SCR-18", Fired, f => f with { KetamineMisuse = true, AddictionClinicianSigned = false } },
        { "SCR-18", Clear, f => f with { KetamineMisuse = true, AddictionClinicianSigned = true } },
        { "SCR-18", NotAssessed, f => f with { KetamineMisuse = null } },
        { "SCR-22", Fired, f => f with { NeurocognitiveDisorder = true, SpecialistSigned = false } },
        { "SCR-22", Clear, f => f with { NeurocognitiveDisorder = true, SpecialistSigned = true } },
        { "SCR-22", NotAssessed, f => f with { NeurocognitiveDisorder = true } },
        { "SCR-23", Fired, f => f with { CanConsent = false } },
        { "SCR-23", Clear, f => f },
        { "SCR-23", NotAssessed, f => f with { CanConsent = null } },
        { "SCR-26", Clear, f => f with { Age = 49 } },
        { "SCR-26", Fired, f => f with { Age = 50 } },
        { "SCR-26", Fired, f => f with { Hypertension = true } },
        { "SCR-26", Fired, f => f with { PlannedDose = 0.51m, Age = null } },
        { "SCR-26", NotAssessed, f => f with { Age = null } },
        { "SCR-27", Clear, f => f with { LiverTestsAt = Now.AddDays(-90) } },
        { "SCR-27", Fired, f => f with { LiverTestsAt = Now.AddDays(-90.1) } },
        { "SCR-27", NotAssessed, f => f with { LiverTestsAt = null } },
        { "SCR-28", Fired, f => f with { ToxicologyAskedFor = true, ToxicologyEntered = false } },
        { "SCR-28", Clear, f => f with { ToxicologyAskedFor = true, ToxicologyEntered = true } },
        { "SCR-28", NotAssessed, f => f with { ToxicologyAskedFor = true } },
        { "SCR-29", Fired, f => f with { Medication = [CoMedication.QtProlonging], EcgEntered = false } },
        { "SCR-29", Fired, f => f with { HeartDiseaseOrArrhythmia = true, EcgEntered = false } },
        { "SCR-29", Clear, f => f with { HeartDiseaseOrArrhythmia = true, EcgEntered = true } },
        { "SCR-29", NotAssessed, f => f with { HeartDiseaseOrArrhythmia = true } },
        { "SCR-30a", Clear, f => f with { MonitoringQueryAt = Now.AddDays(-30) } },
        { "SCR-30a", Fired, f => f with { MonitoringQueryAt = Now.AddDays(-30.1) } },
        { "SCR-30a", NotAssessed, f => f with { MonitoringQueryAt = null } },
        { "SCR-30b", Clear, f => f with { MonitoringQueryAt = Now.AddDays(-31) } },
        { "SCR-30b", Clear, f => f with { LawAsksForMonitoringQuery = false, MonitoringQueryAt = Now.AddDays(-30) } },
        { "SCR-30b", Fired, f => f with { LawAsksForMonitoringQuery = false, MonitoringQueryAt = Now.AddDays(-30.1) } },
        { "SCR-30b", NotAssessed, f => f with { LawAsksForMonitoringQuery = null, MonitoringQueryAt = Now.AddDays(-31) } },
        { "SCR-31", Fired, f => f with { TeamDeclined = true } },
        { "SCR-31", Fired, f => f with { TeamDeclined = true, TeamApprovals = 1 } },
        { "SCR-31", Clear, f => f },
        { "SCR-31", Clear, f => f with { TeamApprovals = 3 } },
        { "SCR-31", NotAssessed, f => f with { TeamApprovals = 1 } },
        { "SCR-31", NotAssessed, f => f with { TeamDeclined = null, TeamApprovals = null } },
        { "MED-03", Fired, f => f with { Medication = [CoMedication.Benzodiazepine] } },
        { "MED-03", Fired, f => f with { Medication = [CoMedication.Opioid] } },
        { "MED-03", Clear, f => f with { Medication = [CoMedication.Lamotrigine] } },
        { "MED-03", NotAssessed, f => f with { Medication = null } },
        { "MED-04", Clear, f => f with { DiazepamEquivalent = 8 } },
        { "MED-04", Fired, f => f with { DiazepamEquivalent = 8.1m } },
        { "MED-04", NotAssessed, f => f with { DiazepamEquivalent = null } },
        { "MED-05", Fired, f => f with { Medication = [CoMedication.MaoInhibitor] } },
        { "MED-05", Fired, f => f with { MaoInhibitorEver = true, MaoInhibitorStoppedAt = Now.AddDays(-14) } },
        { "MED-05", Clear, f => f with { MaoInhibitorEver = true, MaoInhibitorStoppedAt = Now.AddDays(-14.1) } },
        { "MED-05", NotAssessed, f => f with { MaoInhibitorEver = true } },
    });

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
    public void A_patient_without_reasons_against_it_is_eligible()
        => Assert.Equal(EligibilityVerdict.Eligible, Verdict(f => f));

    [Fact]
    public void A_warning_makes_a_condition()
        => Assert.Equal(EligibilityVerdict.EligibleWithConditions, Verdict(f => f with { PastMania = true }));

    [Fact]
    public void A_stop_that_fired_says_not_now_even_if_others_are_unknown()
        => Assert.Equal(EligibilityVerdict.NotNow, Verdict(f => f with { Psychosis = true, CurrentMania = null }));

    [Fact]
    public void A_stop_nobody_asked_about_is_not_assessed()
    {
        var eligibility = Eligibility.Of(Table.Evaluate(f => f with { CurrentMania = null, PastMania = true }));

        Assert.Equal(EligibilityVerdict.NotAssessed, eligibility.Verdict);
        Assert.Equal(["SCR-14a", "SCR-14b"], eligibility.Reasons.Select(reason => reason.Rule.Id), StringComparer.Ordinal);
    }

    private static EligibilityVerdict Verdict(Func<ScreeningFacts, ScreeningFacts> change) => Eligibility.Of(Table.Evaluate(change)).Verdict;

    /// <summary>The rules that are one coded answer or one drug class each.</summary>
    private static RuleTable<ScreeningFacts> Answers(RuleTable<ScreeningFacts> table)
    {
        (string RuleId, Func<ScreeningFacts, bool?, ScreeningFacts> Answer)[] coded =
        [
            ("SCR-01", (f, yes) => f with { KetamineAllergy = yes }), ("SCR-02", (f, yes) => f with { PressureRiseHazard = yes }),
            ("SCR-03", (f, yes) => f with { AneurysmOrMalformation = yes }), ("SCR-04", (f, yes) => f with { IntracerebralHaemorrhage = yes }),
            ("SCR-05", (f, yes) => f with { EclampsiaHeartStrokeOrBrainInjury = yes }), ("SCR-08", (f, yes) => f with { UntreatedHyperthyroidism = yes }),
            ("SCR-10", (f, yes) => f with { DecompensatedHeartFailure = yes }), ("SCR-11", (f, yes) => f with { RaisedIntracranialPressure = yes }),
            ("SCR-13", (f, yes) => f with { Psychosis = yes }), ("SCR-14a", (f, yes) => f with { CurrentMania = yes }),
            ("SCR-14b", (f, yes) => f with { PastMania = yes }), ("SCR-15", (f, yes) => f with { PregnantBreastFeedingOrFertilityTreatment = yes }),
            ("SCR-17", (f, yes) => f with { RecreationalDrugs = yes }), ("SCR-19", (f, yes) => f with { RecentEpilepsy = yes }),
            ("SCR-20a", (f, yes) => f with { SevereLiverImpairment = yes }), ("SCR-20b", (f, yes) => f with { ModerateLiverImpairment = yes }),
            ("SCR-21", (f, yes) => f with { CystitisOrUrinarySymptoms = yes }), ("SCR-24", (f, yes) => f with { AirwayOrLungRisk = yes }),
            ("SCR-25", (f, yes) => f with { AcutePorphyria = yes }),
        ];
        foreach (var (ruleId, answer) in coded)
        {
            table.Add(ruleId, Fired, f => answer(f, true));
            table.Add(ruleId, Clear, f => answer(f, false));
            table.Add(ruleId, NotAssessed, f => answer(f, null));
        }

        (string RuleId, CoMedication Class)[] drugs =
        [
            ("MED-01", CoMedication.Theophylline), ("MED-02", CoMedication.XanthineOrErgometrine), ("MED-06", CoMedication.Stimulant),
            ("MED-07", CoMedication.SympathomimeticOrVasopressin), ("MED-08", CoMedication.Cyp2B6Or3A4InhibitorOrInducer),
            ("MED-09", CoMedication.Lamotrigine), ("MED-10", CoMedication.KetamineFromElsewhere),
        ];
        foreach (var (ruleId, drug) in drugs)
        {
            table.Add(ruleId, Fired, f => f with { Medication = [drug] });
            table.Add(ruleId, Clear, f => f with { Medication = [CoMedication.Benzodiazepine] });
            table.Add(ruleId, NotAssessed, f => f with { Medication = null });
        }

        return table;
    }
}
