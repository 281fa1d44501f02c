using Euthymia.Clinic.Rules;
using static Euthymia.Clinic.Rules.RuleOutcome;

namespace Euthymia.Clinic.Tests.Rules;

public sealed class ConsentTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly ConsentFacts Well = new()
    {
        SignedForThisCourse = true,
        Clauses = Enum.GetValues<ConsentClause>(),
        InMaintenance = true,
        SignedAt = Now.AddDays(-30),
        MaintenanceInfusionsSince = 3,
        SignersName = "A. Patient",
        MeaningOfSignature = "I consent to this course",
    };

    private static readonly RuleTable<ConsentFacts> Table = new("consent", Well, Now, Consent.Evaluate)
    {
        { "CON-01", Clear, f => f },
        { "CON-01", Fired, f => f with { SignedForThisCourse = false } },
        { "CON-01", NotAssessed, f => f with { SignedForThisCourse = null } },
        { "CON-02", Clear, f => f },
        { "CON-02", Fired, f => f with { Clauses = [.. Enum.GetValues<ConsentClause>().Where(clause => clause != ConsentClause.Bladder)] } },
        { "CON-02", Fired, f => f with { Clauses = [] } },
        { "CON-02", NotAssessed, f => f with { Clauses = null } },
        { "CON-03", Clear, f => f with { SignedAt = Now.AddDays(-183), MaintenanceInfusionsSince = 12 } },
        { "CON-03", Fired, f => f with { SignedAt = Now.AddDays(-183.1) } },
        { "CON-03", Fired, f => f with { MaintenanceInfusionsSince = 13 } },
        { "CON-03", Clear, f => f with { InMaintenance = false, SignedAt = Now.AddDays(-400) } },
        { "CON-03", NotAssessed, f => f with { MaintenanceInfusionsSince = null } },
        { "CON-04", Clear, f => f },
        { "CON-04", Fired, f => f with { SignersName = " " } },
        { "CON-04", Fired, f => f with { MeaningOfSignature = "", SignedAt = null } },
        { "CON-04", NotAssessed, f => f with { SignedAt = null } },
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

public sealed class GovernanceTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly GovernanceFacts Well = new() { CareEnds = false };

    private static readonly RuleTable<GovernanceFacts> Table = new("governance", Well, Now, Governance.Evaluate)
    {
        { "GOV-08", Clear, f => f },
        { "GOV-08", Fired, f => f with { CareEnds = true, CareEndsAt = Now.AddDays(30), HandOverWritten = false } },
        { "GOV-08", Clear, f => f with { CareEnds = true, CareEndsAt = Now.AddDays(30.1), HandOverWritten = false } },
        { "GOV-08", Fired, f => f with { CareEnds = true, CareEndsAt = Now.AddDays(-1), HandOverWritten = false } },
        { "GOV-08", Clear, f => f with { CareEnds = true, CareEndsAt = Now.AddDays(3), HandOverWritten = true } },
        { "GOV-08", NotAssessed, f => f with { CareEnds = true, CareEndsAt = Now.AddDays(3) } },
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
