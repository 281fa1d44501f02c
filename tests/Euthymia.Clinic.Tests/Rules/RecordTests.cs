using Euthymia.Clinic.Rules;
using static Euthymia.Clinic.Rules.RuleOutcome;

namespace Euthymia.Clinic.Tests.Rules;

public sealed class SideEffectsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly SideEffectFacts Well = new()
    {
        Asrm = 2,
        Ymrs = 3,
        Bipolar = true,
        InCourse = true,
        LastInfusionAt = Now.AddDays(-2),
        LastManiaRatingAt = Now.AddDays(-2),
        NewPsychoticSymptoms = false,
        BaselineBprsPositive = 1,
        BprsPositive = 1,
    };

    private static readonly RuleTable<SideEffectFacts> Table = new("side_effect", Well, Now, SideEffects.Evaluate)
    {
        { "MAN-01", Clear, f => f with { Asrm = 5 } },
        { "MAN-01", Fired, f => f with { Asrm = 6 } },
        { "MAN-01", NotAssessed, f => f with { Asrm = null } },
        { "MAN-02a", Clear, f => f with { Ymrs = 11.5m } },
        { "MAN-02a", Fired, f => f with { Ymrs = 12 } },
        { "MAN-02a", Fired, f => f with { Ymrs = 20.5m } },
        { "MAN-02a", Clear, f => f with { Ymrs = 21 } },
        { "MAN-02a", NotAssessed, f => f with { Ymrs = null } },
        { "MAN-02b", Clear, f => f with { Ymrs = 20.5m } },
        { "MAN-02b", Fired, f => f with { Ymrs = 21 } },
        { "MAN-02b", NotAssessed, f => f with { Ymrs = null } },
        { "MAN-03", Clear, f => f with { LastManiaRatingAt = Now.AddDays(-7) } },
        { "MAN-03", Fired, f => f with { LastManiaRatingAt = Now.AddDays(-7.1) } },
        { "MAN-03", Fired, f => f with { InCourse = false, LastInfusionAt = Now.AddDays(-14), LastManiaRatingAt = Now.AddDays(-8) } },
        { "MAN-03", Clear, f => f with { InCourse = false, LastInfusionAt = Now.AddDays(-14.1), LastManiaRatingAt = Now.AddDays(-8) } },
        { "MAN-03", Clear, f => f with { Bipolar = false, LastManiaRatingAt = null } },
        { "MAN-03", NotAssessed, f => f with { LastManiaRatingAt = null } },
        { "MAN-03", Fired, f => f with { LastManiaRatingAt = null, EverRatedForMania = false } },
        { "MAN-04", Clear, f => f with { BprsPositive = 2 } },
        { "MAN-04", Fired, f => f with { BprsPositive = 3 } },
        { "MAN-04", Fired, f => f with { NewPsychoticSymptoms = true, BprsPositive = null } },
        { "MAN-04", NotAssessed, f => f with { BaselineBprsPositive = null } },
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

public sealed class DataQualityTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly ObservationFacts Well = new()
    {
        Systolic = 120,
        Diastolic = 80,
        HeartRate = 70,
        OxygenSaturation = 98,
        RespiratoryRate = 14,
        Temperature = 36.8m,
        Method = ReadingMethod.Manual,
        EnteredBy = "nurse",
        ObservedAt = Now,
        RecordedAt = Now.AddSeconds(5),
    };

    private static readonly RuleTable<ObservationFacts> Table = new("data_quality", Well, Now, DataQuality.Evaluate)
    {
        { "DQ-04", Clear, f => f with { Systolic = 40, Diastolic = 20 } },
        { "DQ-04", Clear, f => f with { Systolic = 300, Diastolic = 200 } },
        { "DQ-04", Fired, f => f with { Systolic = 39, Diastolic = 25 } },
        { "DQ-04", Fired, f => f with { Systolic = 301 } },
        { "DQ-04", Fired, f => f with { Diastolic = 19 } },
        { "DQ-04", Fired, f => f with { Systolic = 250, Diastolic = 201 } },
        { "DQ-04", Fired, f => f with { Systolic = 80, Diastolic = 80 } },
        { "DQ-04", Fired, f => f with { Diastolic = null } },
        { "DQ-04", Clear, f => f with { Systolic = null, Diastolic = null, HeartRate = 20 } },
        { "DQ-04", Fired, f => f with { HeartRate = 19 } },
        { "DQ-04", Clear, f => f with { HeartRate = 250 } },
        { "DQ-04", Fired, f => f with { HeartRate = 251 } },
        { "DQ-04", Clear, f => f with { OxygenSaturation = 100 } },
        { "DQ-04", Fired, f => f with { OxygenSaturation = 101 } },
        { "DQ-04", Clear, f => f with { OxygenSaturation = 40 } },
        { "DQ-04", Fired, f => f with { OxygenSaturation = 39 } },
        { "DQ-04", Fired, f => f with { RespiratoryRate = 1 } },
        { "DQ-04", Clear, f => f with { RespiratoryRate = 70 } },
        { "DQ-04", Fired, f => f with { RespiratoryRate = 71 } },
        { "DQ-04", Clear, f => f with { Temperature = 43 } },
        { "DQ-04", Fired, f => f with { Temperature = 98.6m } },
        { "DQ-04", Fired, f => f with { Temperature = 22.9m } },
        { "DQ-04", NotAssessed, f => new ObservationFacts() },
        { "DQ-07", Clear, f => f with { RecordedAt = Now.AddSeconds(60) } },
        { "DQ-07", Fired, f => f with { RecordedAt = Now.AddSeconds(61) } },
        { "DQ-07", Fired, f => f with { RecordedAt = Now.AddSeconds(-1) } },
        { "DQ-07", Fired, f => f with { EnteredBy = "" } },
        { "DQ-07", Fired, f => f with { Method = ReadingMethod.Device } },
        { "DQ-07", Clear, f => f with { Method = ReadingMethod.Device, DeviceId = "monitor 3", EnteredBy = null } },
        { "DQ-07", NotAssessed, f => f with { Method = null } },
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

public sealed class ControlledDrugTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly Guid Nurse = Guid.Parse("018f0000-0000-7000-8000-000000000001");
    private static readonly Guid Colleague = Guid.Parse("018f0000-0000-7000-8000-000000000002");

    private static readonly LedgerFacts Well = new()
    {
        Drawn = 50,
        Given = 35.1m,
        Wasted = 14.9m,
        Returned = 0,
        Remaining = 0,
        Author = Nurse,
        Witness = Colleague,
        WitnessSigned = true,
        Lot = "L123",
        Expiry = new DateOnly(2026, 12, 31),
        DifferenceExplained = true,
        LastInventoryAt = Now.AddDays(-100),
    };

    private static readonly RuleTable<LedgerFacts> Table = new("controlled_drug", Well, Now, ControlledDrug.Evaluate)
    {
        { "CDR-01", Clear, f => f },
        { "CDR-01", Fired, f => f with { Given = 35 } },
        { "CDR-01", Fired, f => f with { Given = 35.2m } },
        { "CDR-01", NotAssessed, f => f with { Remaining = null } },
        { "CDR-02", Clear, f => f },
        { "CDR-02", Clear, f => f with { Wasted = 0, WitnessSigned = null } },
        { "CDR-02", Fired, f => f with { WitnessSigned = false } },
        { "CDR-02", Fired, f => f with { Witness = Nurse } },
        { "CDR-02", NotAssessed, f => f with { Witness = null } },
        { "CDR-02", NotAssessed, f => f with { Wasted = null } },
        { "CDR-03", Clear, f => f with { Expiry = new DateOnly(2026, 3, 2) } },
        { "CDR-03", Fired, f => f with { Expiry = new DateOnly(2026, 3, 1) } },
        { "CDR-03", Fired, f => f with { Lot = " ", Expiry = null } },
        { "CDR-03", NotAssessed, f => f with { Expiry = null } },
        { "CDR-04", Clear, f => f with { DifferenceExplained = false } },
        { "CDR-04", Fired, f => f with { Wasted = 14.8m, DifferenceExplained = false } },
        { "CDR-04", Clear, f => f with { Wasted = 14.8m } },
        { "CDR-04", NotAssessed, f => f with { Wasted = 14.8m, DifferenceExplained = null } },
        { "CDR-05", Clear, f => f with { LastInventoryAt = Now.AddDays(-730) } },
        { "CDR-05", Fired, f => f with { LastInventoryAt = Now.AddDays(-730.1) } },
        { "CDR-05", NotAssessed, f => f with { LastInventoryAt = null } },
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
