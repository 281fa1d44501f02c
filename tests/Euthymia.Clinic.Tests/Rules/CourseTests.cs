using Euthymia.Clinic.Rules;
using Euthymia.Pharmacometrics.Individualisation;
using static Euthymia.Clinic.Rules.RuleOutcome;

namespace Euthymia.Clinic.Tests.Rules;

public sealed class CourseDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly CourseFacts Well = new()
    {
        Scale = DepressionScale.Madrs,
        Baseline = 30,
        Current = 14,
        InfusionsGiven = 4,
        ScoresAfterInfusions = [26, 20, 16, 14],
        MaintenanceOrdered = true,
        BenefitDocumented = true,
        ExpectationShown = true,
        ExpectationHasOwnIntervalAndReferences = true,
        SelfReportResponse = true,
        ClinicianResponse = true,
    };

    private static readonly RuleTable<CourseFacts> Table = new("course_decision", Well, Now, CourseDecision.Evaluate)
    {
        { "RSP-01", Clear, f => f with { Current = 15.1m } },
        { "RSP-01", Fired, f => f with { Current = 15 } },
        { "RSP-01", Fired, f => f with { Current = 14.9m } },
        { "RSP-01", NotAssessed, f => f with { Baseline = null } },
        { "RSP-01", NotAssessed, f => f with { Baseline = 0 } },
        { "RSP-01", NotAssessed, f => f with { Scale = null } },
        { "RSP-02", Clear, f => f with { Current = 11 } },
        { "RSP-02", Fired, f => f with { Current = 10 } },
        { "RSP-02", Clear, f => f with { Current = 3, Scale = DepressionScale.Hamd17 } },
        { "RSP-02", NotAssessed, f => f with { Current = null } },
        { "RSP-03", Clear, f => f with { Scale = DepressionScale.Phq9, Current = 5 } },
        { "RSP-03", Fired, f => f with { Scale = DepressionScale.Phq9, Current = 4 } },
        { "RSP-03", NotAssessed, f => f with { Scale = DepressionScale.Phq9, Current = null } },
        { "RSP-04", Clear, f => f with { Scale = DepressionScale.Qids, Current = 6 } },
        { "RSP-04", Fired, f => f with { Scale = DepressionScale.Qids, Current = 5 } },
        { "RSP-04", NotAssessed, f => f with { Scale = null, Current = 5 } },
        { "RSP-05", Clear, f => f with { Scale = DepressionScale.Phq9, Baseline = 18, Current = 14 } },
        { "RSP-05", Fired, f => f with { Scale = DepressionScale.Phq9, Baseline = 18, Current = 13 } },
        { "RSP-05", Fired, f => f with { Scale = DepressionScale.Phq9, Baseline = 18, Current = 23 } },
        { "RSP-05", NotAssessed, f => f with { Scale = DepressionScale.Phq9, Baseline = null } },
        { "RSP-06", Fired, f => f with { InfusionsGiven = 1, Current = 15.1m } },
        { "RSP-06", Clear, f => f with { InfusionsGiven = 1, Current = 15 } },
        { "RSP-06", Clear, f => f with { InfusionsGiven = 2, Current = 20 } },
        { "RSP-06", NotAssessed, f => f with { InfusionsGiven = 1, Current = null } },
        { "RSP-07", Fired, f => f with { InfusionsGiven = 2, Current = 15.1m } },
        { "RSP-07", Clear, f => f with { InfusionsGiven = 2, Current = 15 } },
        { "RSP-07", Clear, f => f with { InfusionsGiven = 3, Current = 25 } },
        { "RSP-07", NotAssessed, f => f with { InfusionsGiven = 2, Current = null } },
        { "RSP-08", Fired, f => f with { InfusionsGiven = 2, Current = 20 } },
        { "RSP-08", Clear, f => f with { InfusionsGiven = 3, Current = 20 } },
        { "RSP-08", NotAssessed, f => f with { InfusionsGiven = null, Current = 20 } },
        { "RSP-09", Clear, f => f },
        { "RSP-09", Fired, f => Scores(f, 28, 26, 24, 24) },
        { "RSP-09", Clear, f => Scores(f, 28, 26, 24, 23) },
        { "RSP-09", Fired, f => Scores(f, 30, 31, 31) },
        { "RSP-09", Clear, f => Scores(f, 30, 31, 30) },
        { "RSP-09", Clear, f => Scores(f, 30, 30) },
        { "RSP-09", Clear, f => Scores(f, 4, 4, 4, 4) },
        { "RSP-09", NotAssessed, f => Scores(f, 28, 26, null, 24) },
        { "RSP-09", NotAssessed, f => f with { ScoresAfterInfusions = null } },
        { "RSP-10", Clear, f => f },
        { "RSP-10", Fired, f => f with { BenefitDocumented = false } },
        { "RSP-10", Clear, f => f with { BenefitDocumented = false, MaintenanceOrdered = false } },
        { "RSP-10", NotAssessed, f => f with { BenefitDocumented = null } },
        { "RSP-11", Clear, f => f },
        { "RSP-11", Fired, f => f with { ExpectationHasOwnIntervalAndReferences = false } },
        { "RSP-11", NotAssessed, f => f with { ExpectationHasOwnIntervalAndReferences = null } },
        { "RSP-12", Clear, f => f },
        { "RSP-12", Fired, f => f with { ClinicianResponse = false } },
        { "RSP-12", Fired, f => f with { SelfReportResponse = false } },
        { "RSP-12", NotAssessed, f => f with { SelfReportResponse = null } },
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

    private static CourseFacts Scores(CourseFacts f, params decimal?[] after)
        => f with { ScoresAfterInfusions = after, InfusionsGiven = after.Length, Current = after[^1] };
}

public sealed class MaintenanceTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly MaintenanceFacts Well = new()
    {
        RespondedAt = Now.AddDays(-90),
        StableReadings = 0,
        ConfirmedRises = 0,
        LastInfusionAt = Now.AddDays(-2),
        Madrs = [8, 9],
        AdmittedOrAttempt = false,
        Scale = SelfReportScale.Phq9,
        Scores = [new(Now.AddDays(-20), 4), new(Now.AddDays(-2), 5)],
        Infusions = [],
        Steps = [],
        IsRenewal = false,
        RelapseConfirmed = false,
        LastReviewAt = Now.AddDays(-10),
        InfusionsSinceReview = 1,
        DosePerKilogram = 0.5m,
        LowestEffectiveDose = 0.5m,
        Outlook = Outlook(0.2),
        Benefits = [],
        Requests = [],
    };

    private static readonly RuleTable<MaintenanceFacts> Table = new("maintenance", Well, Now, Maintenance.Evaluate)
    {
        { "MNT-01", Fired, f => f with { RespondedAt = Now.AddDays(-28) } },
        { "MNT-01", Clear, f => f with { RespondedAt = Now.AddDays(-28.1) } },
        { "MNT-01", NotAssessed, f => f with { RespondedAt = null } },
        { "MNT-02a", Clear, f => f with { StableReadings = 1 } },
        { "MNT-02a", Fired, f => f with { StableReadings = 2 } },
        { "MNT-02a", NotAssessed, f => f with { StableReadings = null } },
        { "MNT-02b", Clear, f => f },
        { "MNT-02b", Fired, f => f with { ConfirmedRises = 1 } },
        { "MNT-02b", NotAssessed, f => f with { ConfirmedRises = null } },
        { "MNT-03", Clear, f => f with { LastInfusionAt = Now.AddDays(-6.9) } },
        { "MNT-03", Fired, f => f with { LastInfusionAt = Now.AddDays(-7) } },
        { "MNT-03", Fired, f => f with { LastInfusionAt = Now.AddDays(-28) } },
        { "MNT-03", Clear, f => f with { LastInfusionAt = Now.AddDays(-28.1) } },
        { "MNT-03", NotAssessed, f => f with { LastInfusionAt = null } },
        { "MNT-04", Clear, f => f with { Madrs = [22, 21] } },
        { "MNT-04", Fired, f => f with { Madrs = [10, 22, 22] } },
        { "MNT-04", Fired, f => f with { AdmittedOrAttempt = true, Madrs = null } },
        { "MNT-04", NotAssessed, f => f with { Madrs = [22] } },
        { "MNT-04", NotAssessed, f => f with { Madrs = [] } },
        { "MNT-05", Clear, f => Phq9(f, (-20, 4), (-5, 10), (0, 9)) },
        { "MNT-05", NotAssessed, f => Phq9(f, (-20, 4), (-4.9, 10), (0, 10)) },
        { "MNT-05", Fired, f => Phq9(f, (-20, 4), (-5, 10), (0, 10)) },
        { "MNT-05", Clear, f => Phq9(f, (-20, 7), (-5, 11), (0, 11)) },
        { "MNT-05", Fired, f => Phq9(f, (-20, 7), (-5, 12), (0, 12)) },
        { "MNT-05", Clear, f => Phq9(f, (-20, 4), (-5, 10), (0, 10)) with { Scale = SelfReportScale.Qids } },
        { "MNT-05", Fired, f => Phq9(f, (-20, 4), (-5, 11), (0, 11)) with { Scale = SelfReportScale.Qids } },
        { "MNT-05", NotAssessed, f => f with { Scores = [] } },
        { "MNT-06", Clear, f => Weekly(f, perWeek: 2, weeks: 20) },
        { "MNT-06", Clear, f => Weekly(f, perWeek: 3, weeks: 8) },
        { "MNT-06", Fired, f => Weekly(f, perWeek: 3, weeks: 9) },
        { "MNT-06", NotAssessed, f => f with { Infusions = null } },
        { "MNT-07", Clear, f => Steps(f, (0.5, 14, 10), (0.6, 14, 10), (0.7, 14, 10)) },
        { "MNT-07", Fired, f => Steps(f, (0.5, 14, 10), (0.6, 14, 10), (0.7, 14, 10), (0.8, 14, 10)) },
        { "MNT-07", Fired, f => Steps(f, (0.5, 21, 10), (0.5, 14, 9), (0.6, 14, 11), (0.6, 10, 12)) },
        { "MNT-07", Clear, f => Steps(f, (0.5, 14, 10), (0.6, 14, 10), (0.7, 14, 10), (0.8, 14, 9)) },
        { "MNT-07", Clear, f => Steps(f, (0.5, 14, 10), (0.6, 14, 10), (0.6, 14, 10), (0.8, 14, 10)) },
        { "MNT-07", NotAssessed, f => f with { Steps = null } },
        { "MNT-08", Clear, f => f },
        { "MNT-08", Fired, f => f with { IsRenewal = true } },
        { "MNT-08", NotAssessed, f => f with { IsRenewal = null } },
        { "MNT-09", Clear, f => f },
        { "MNT-09", Fired, f => f with { RelapseConfirmed = true } },
        { "MNT-09", NotAssessed, f => f with { RelapseConfirmed = null } },
        { "MNT-10", Clear, f => f with { LastReviewAt = Now.AddDays(-92), InfusionsSinceReview = 5 } },
        { "MNT-10", Fired, f => f with { LastReviewAt = Now.AddDays(-92.1) } },
        { "MNT-10", Fired, f => f with { InfusionsSinceReview = 6 } },
        { "MNT-10", NotAssessed, f => f with { LastReviewAt = null } },
        { "MNT-11", Clear, f => f },
        { "MNT-11", Fired, f => f with { DosePerKilogram = 0.51m } },
        { "MNT-11", NotAssessed, f => f with { LowestEffectiveDose = null } },
        { "MNT-12", Clear, f => f with { Outlook = Outlook(0.599) } },
        { "MNT-12", Fired, f => f with { Outlook = Outlook(0.6) } },
        { "MNT-12", Fired, f => f with { Outlook = Outlook(0.61) } },
        { "MNT-12", Clear, f => f with { Outlook = Outlook(0.9, responded: 0.49) } },
        { "MNT-12", Fired, f => f with { Outlook = Outlook(0.9, responded: 0.5) } },
        { "MNT-12", NotAssessed, f => f with { Outlook = null } },
        { "MNT-13", Clear, f => Benefits(f, (0.5, 10, null), (0.5, 7, null)) },
        { "MNT-13", Fired, f => Benefits(f, (0.5, 10, null), (0.5, 8, null), (0.5, 7, null)) },
        { "MNT-13", Clear, f => Benefits(f, (0.5, 10, null), (0.5, 9, null), (0.5, 7.1, null)) },
        { "MNT-13", Clear, f => Benefits(f, (0.5, 10, null), (0.5, 6, null), (0.5, 6, null)) },
        { "MNT-13", Fired, f => Benefits(f, (0.5, 10, null), (0.55, 8, null), (0.5, 7, null)) },
        { "MNT-13", Clear, f => Benefits(f, (0.5, 10, null), (0.56, 8, null), (0.5, 7, null)) },
        { "MNT-13", NotAssessed, f => Benefits(f, (0.5, 10, null), (0.5, null, null), (0.5, 7, null)) },
        { "MNT-13", NotAssessed, f => f with { Benefits = null } },
        { "MNT-14", Fired, f => Benefits(f, (0.5, null, 20), (0.5, null, 18), (0.5, null, 15)) },
        { "MNT-14", Clear, f => Benefits(f, (0.5, null, 20), (0.5, null, 18), (0.5, null, 15.1)) },
        { "MNT-14", Clear, f => Benefits(f, (0.5, null, 20), (0.5, null, 21), (0.5, null, 10)) },
        { "MNT-14", Clear, f => Benefits(f, (0.5, null, 20), (0.5, null, 10)) },
        { "MNT-14", NotAssessed, f => Benefits(f, (0.5, null, 20), (0.5, null, 18), (0.5, null, null)) },
        { "MNT-15", Clear, f => f with { Requests = [Now.AddDays(-1)] } },
        { "MNT-15", Fired, f => f with { Requests = [Now.AddDays(-27.9), Now.AddDays(-1)] } },
        { "MNT-15", Clear, f => f with { Requests = [Now.AddDays(-28.1), Now.AddDays(-1)] } },
        { "MNT-15", NotAssessed, f => f with { Requests = null } },
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

    private static RelapseOutlook Outlook(double probability, double responded = 1) => new(responded, [.. Enumerable.Range(0, 29).Select(day => day < 7 ? 0 : probability)], "");

    private static MaintenanceFacts Benefits(MaintenanceFacts f, params (double Dose, double? Fall, double? Days)[] benefits)
        => f with { Benefits = [.. benefits.Select(one => new InfusionBenefit((decimal)one.Dose, (decimal?)one.Fall, (decimal?)one.Days))] };

    private static MaintenanceFacts Phq9(MaintenanceFacts f, params (double Day, decimal Score)[] scores)
        => f with { Scores = [.. scores.Select(one => new ScoredDay(Now.AddDays(one.Day), one.Score))] };

    private static MaintenanceFacts Weekly(MaintenanceFacts f, int perWeek, int weeks)
        => f with { Infusions = [.. Enumerable.Range(0, weeks).SelectMany(week => Enumerable.Range(1, perWeek).Select(i => Now.AddDays((-7 * week) - i)))] };

    private static MaintenanceFacts Steps(MaintenanceFacts f, params (double Dose, int Days, int Score)[] steps)
        => f with { Steps = [.. steps.Select(step => new MaintenanceStep((decimal)step.Dose, step.Days, step.Score))] };
}

public sealed class LongTermSafetyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly LongTermFacts Well = new()
    {
        NewUrinarySymptoms = [],
        VisitsWithUrinarySymptoms = 0,
        LiverTestsAt = Now.AddDays(-10),
        InfusionsSinceLiverTests = 1,
        AltOrAst = 1,
        AlpOrGgt = 1,
        CognitiveCheckAt = Now.AddDays(-10),
        CognitiveScore = 28,
        CognitiveBaseline = 28,
        MisuseSigns = [],
        InMaintenance = true,
        MonitoringQueryAt = Now.AddDays(-10),
        SeriousEvent = false,
    };

    private static readonly RuleTable<LongTermFacts> Table = new("longterm_safety", Well, Now, LongTermSafety.Evaluate)
    {
        { "LTS-01", Clear, f => f },
        { "LTS-01", Fired, f => f with { NewUrinarySymptoms = [UrinarySymptom.Urgency] } },
        { "LTS-01", NotAssessed, f => f with { NewUrinarySymptoms = null } },
        { "LTS-02", Clear, f => f with { NewUrinarySymptoms = [UrinarySymptom.Urgency], VisitsWithUrinarySymptoms = 1 } },
        { "LTS-02", Fired, f => f with { VisitsWithUrinarySymptoms = 2 } },
        { "LTS-02", Fired, f => f with { NewUrinarySymptoms = [UrinarySymptom.Haematuria], VisitsWithUrinarySymptoms = null } },
        { "LTS-02", NotAssessed, f => f with { VisitsWithUrinarySymptoms = null } },
        { "LTS-03a", Clear, f => f with { LiverTestsAt = Now.AddDays(-92), InfusionsSinceLiverTests = 7 } },
        { "LTS-03a", Fired, f => f with { LiverTestsAt = Now.AddDays(-92.1) } },
        { "LTS-03a", Fired, f => f with { InfusionsSinceLiverTests = 8 } },
        { "LTS-03a", NotAssessed, f => f with { LiverTestsAt = null } },
        { "LTS-03b", Clear, f => f with { AltOrAst = 3, AlpOrGgt = 2 } },
        { "LTS-03b", Fired, f => f with { AltOrAst = 3.1m } },
        { "LTS-03b", Fired, f => f with { AlpOrGgt = 2.1m } },
        { "LTS-03b", NotAssessed, f => f with { AltOrAst = null } },
        { "LTS-04", Clear, f => f with { CognitiveCheckAt = Now.AddDays(-183) } },
        { "LTS-04", Fired, f => f with { CognitiveCheckAt = Now.AddDays(-183.1) } },
        { "LTS-04", Fired, f => f with { CognitiveScore = 27 } },
        { "LTS-04", NotAssessed, f => f with { CognitiveBaseline = null } },
        { "LTS-05", Clear, f => f },
        { "LTS-05", Fired, f => f with { MisuseSigns = [MisuseSign.Craving] } },
        { "LTS-05", NotAssessed, f => f with { MisuseSigns = null } },
        { "LTS-06", Clear, f => f with { MonitoringQueryAt = Now.AddDays(-90) } },
        { "LTS-06", Fired, f => f with { MonitoringQueryAt = Now.AddDays(-90.1) } },
        { "LTS-06", NotAssessed, f => f with { MonitoringQueryAt = null } },
        { "LTS-07", Clear, f => f with { SeriousEvent = true, SeriousEventReported = true } },
        { "LTS-07", Fired, f => f with { SeriousEvent = true, SeriousEventReported = false } },
        { "LTS-07", NotAssessed, f => f with { SeriousEvent = true } },
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
