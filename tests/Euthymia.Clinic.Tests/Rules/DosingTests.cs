using Euthymia.Clinic.Rules;
using static Euthymia.Clinic.Rules.RuleOutcome;

namespace Euthymia.Clinic.Tests.Rules;

public sealed class DosingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly Guid Nurse = Guid.Parse("018f0000-0000-7000-8000-000000000001");
    private static readonly Guid Colleague = Guid.Parse("018f0000-0000-7000-8000-000000000002");

    /// <summary>35 mg = 0.5 mg/kg x 70 kg in 35 mL over 40 min: 52.5 mL/h.</summary>
    private static readonly PumpEntry Entry = new(70, 1, 52.5m, 35);

    private static readonly DosingFacts Well = new()
    {
        DosePerKilogram = 0.5m,
        DoseEntered = true,
        Dose = 35,
        Cap = 60,
        DurationMinutes = 40,
        SecondSignature = false,
        ImprovementPercent = 60,
        BadlyToleratedBefore = false,
        PlannedInfusions = 6,
        PlannedWeeks = 2,
        FirstInfusion = false,
        LastInfusionAt = Now.AddDays(-2),
        BodyMassIndex = 24,
        Age = 40,
        Weight = 70,
        LastWeight = 70,
        VialStrength = 10,
        DilutionRecorded = true,
        LabelSaysBase = true,
        Concentration = 1,
        FirstEntry = Entry,
        SecondEntry = Entry,
        FirstPerson = Nurse,
        SecondPerson = Colleague,
        BagChosen = true,
        BarbiturateInLine = false,
        ForecastHasInterval = true,
        ForecastHasCovariates = true,
        ForecastHasCitation = true,
        InsideModelRange = true,
    };

    private static readonly RuleTable<DosingFacts> Table = new("dosing", Well, Now, Dosing.Evaluate)
    {
        { "DOS-01", Clear, f => f },
        { "DOS-01", Fired, f => f with { DoseEntered = false } },
        { "DOS-01", NotAssessed, f => f with { DoseEntered = null } },
        { "DOS-02", Fired, f => f with { DosePerKilogram = 0.09m } },
        { "DOS-02", Clear, f => f with { DosePerKilogram = 0.1m } },
        { "DOS-02", Clear, f => f with { DosePerKilogram = 0.75m } },
        { "DOS-02", Fired, f => f with { DosePerKilogram = 0.76m } },
        { "DOS-02", NotAssessed, f => f with { DosePerKilogram = null } },
        { "DOS-03", Clear, f => f with { DosePerKilogram = 0.75m } },
        { "DOS-03", Fired, f => f with { DosePerKilogram = 0.76m } },
        { "DOS-03", Fired, f => f with { DosePerKilogram = 1.0m } },
        { "DOS-03", Clear, f => f with { DosePerKilogram = 1.0m, SecondSignature = true } },
        { "DOS-03", Clear, f => f with { DosePerKilogram = 1.01m } },
        { "DOS-03", NotAssessed, f => f with { DosePerKilogram = 0.8m, SecondSignature = null } },
        { "DOS-04", Clear, f => f with { DosePerKilogram = 1.0m } },
        { "DOS-04", Fired, f => f with { DosePerKilogram = 1.01m } },
        { "DOS-04", NotAssessed, f => f with { DosePerKilogram = null } },
        { "DOS-05", Clear, f => f with { Dose = 60 } },
        { "DOS-05", Fired, f => f with { Dose = 60.1m } },
        { "DOS-05", NotAssessed, f => f with { Cap = null } },
        { "DOS-06", Clear, f => f with { ImprovementPercent = 50 } },
        { "DOS-06", Fired, f => f with { ImprovementPercent = 49.9m } },
        { "DOS-06", Fired, f => f with { ImprovementPercent = 20, DosePerKilogram = 0.75m } },
        { "DOS-06", Clear, f => f with { ImprovementPercent = 20, DosePerKilogram = 0.9m } },
        { "DOS-06", NotAssessed, f => f with { ImprovementPercent = null } },
        { "DOS-07", Fired, f => f with { DurationMinutes = 39.9m } },
        { "DOS-07", Clear, f => f with { DurationMinutes = 40 } },
        { "DOS-07", NotAssessed, f => f with { DurationMinutes = null } },
        { "DOS-08", Clear, f => f },
        { "DOS-08", Fired, f => f with { BadlyToleratedBefore = true, DurationMinutes = 99 } },
        { "DOS-08", Clear, f => f with { BadlyToleratedBefore = true, DurationMinutes = 100 } },
        { "DOS-08", NotAssessed, f => f with { BadlyToleratedBefore = null } },
        { "DOS-09", Clear, f => f with { PlannedWeeks = 3 } },
        { "DOS-09", Fired, f => f with { PlannedWeeks = 3.1m } },
        { "DOS-09", Fired, f => f with { PlannedInfusions = 5 } },
        { "DOS-09", Fired, f => f with { PlannedInfusions = 7 } },
        { "DOS-09", NotAssessed, f => f with { PlannedInfusions = null } },
        { "DOS-10", Fired, f => f with { LastInfusionAt = Now.AddHours(-39.9) } },
        { "DOS-10", Clear, f => f with { LastInfusionAt = Now.AddHours(-40) } },
        { "DOS-10", Clear, f => f with { FirstInfusion = true, LastInfusionAt = null } },
        { "DOS-10", NotAssessed, f => f with { LastInfusionAt = null } },
        { "DOS-11", Clear, f => f with { BodyMassIndex = 29.9m } },
        { "DOS-11", Fired, f => f with { BodyMassIndex = 30 } },
        { "DOS-11", NotAssessed, f => f with { BodyMassIndex = null } },
        { "DOS-12", Clear, f => f with { Age = 64 } },
        { "DOS-12", Fired, f => f with { Age = 65 } },
        { "DOS-12", NotAssessed, f => f with { Age = null } },
        { "DOS-13", Clear, f => f with { VialStrength = 50, DilutionRecorded = false } },
        { "DOS-13", Clear, f => f with { VialStrength = 100 } },
        { "DOS-13", Fired, f => f with { VialStrength = 100, DilutionRecorded = false } },
        { "DOS-13", NotAssessed, f => f with { VialStrength = 100, DilutionRecorded = null } },
        { "DOS-14", Clear, f => f },
        { "DOS-14", Fired, f => f with { LabelSaysBase = false } },
        { "DOS-14", NotAssessed, f => f with { LabelSaysBase = null } },
        { "DOS-15", Clear, f => f with { FirstEntry = Entry with { Rate = 53.55m } } },
        { "DOS-15", Fired, f => f with { FirstEntry = Entry with { Rate = 53.56m } } },
        { "DOS-15", Clear, f => f with { FirstEntry = Entry with { Volume = 34.3m } } },
        { "DOS-15", Fired, f => f with { FirstEntry = Entry with { Volume = 34.29m } } },
        { "DOS-15", Fired, f => f with { Concentration = 0 } },
        { "DOS-15", Fired, f => f with { Concentration = 10 } },
        { "DOS-15", NotAssessed, f => f with { FirstEntry = null } },
        { "DOS-16", Clear, f => f with { SecondEntry = Entry with { Weight = 71.4m } } },
        { "DOS-16", Fired, f => f with { SecondEntry = Entry with { Weight = 71.5m } } },
        { "DOS-16", Fired, f => f with { SecondEntry = Entry with { Concentration = 1.03m } } },
        { "DOS-16", Fired, f => f with { SecondEntry = Entry with { Rate = 51 } } },
        { "DOS-16", Fired, f => f with { SecondEntry = Entry with { Volume = 36 } } },
        { "DOS-16", Fired, f => f with { SecondPerson = Nurse } },
        { "DOS-16", NotAssessed, f => f with { SecondEntry = null } },
        { "DOS-16", NotAssessed, f => f with { SecondPerson = null } },
        { "DOS-17", Clear, f => f with { Weight = 30, LastWeight = 30 } },
        { "DOS-17", Fired, f => f with { Weight = 29.9m, LastWeight = 30 } },
        { "DOS-17", Clear, f => f with { Weight = 250, LastWeight = 250 } },
        { "DOS-17", Fired, f => f with { Weight = 250.1m, LastWeight = 250 } },
        { "DOS-17", Fired, f => f with { Weight = 154.3m } },
        { "DOS-17", Fired, f => f with { Weight = 31.8m } },
        { "DOS-17", Fired, f => f with { Weight = 149.7m } },
        { "DOS-17", Clear, f => f with { Weight = 149.6m } },
        { "DOS-17", Clear, f => f with { LastWeight = null, FirstInfusion = true } },
        { "DOS-17", NotAssessed, f => f with { LastWeight = null } },
        { "DOS-18", Clear, f => f },
        { "DOS-18", Fired, f => f with { BagChosen = false } },
        { "DOS-18", NotAssessed, f => f with { BagChosen = null } },
        { "DOS-19", Clear, f => f },
        { "DOS-19", Fired, f => f with { BarbiturateInLine = true } },
        { "DOS-19", NotAssessed, f => f with { BarbiturateInLine = null } },
        { "DOS-20", Clear, f => f },
        { "DOS-20", Fired, f => f with { ForecastHasInterval = false } },
        { "DOS-20", Fired, f => f with { InsideModelRange = false } },
        { "DOS-20", NotAssessed, f => f with { ForecastHasCitation = null } },
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
    public void A_plain_order_meets_no_stop() => Table.CheckThatAWellPatientMeetsNoStop();
}
