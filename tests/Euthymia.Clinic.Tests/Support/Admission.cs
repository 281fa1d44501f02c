using System.Collections.Immutable;
using System.Globalization;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;

namespace Euthymia.Clinic.Tests;

/// <summary>
/// Gives a patient the intake and the team's approval that a first infusion waits for, in one stroke, for tests about what comes after.
/// Every rule before a course is clear but consent's.
/// </summary>
public static class Admission
{
    private static readonly string[] Affirmed = ["canConsent", "siteRegisteredAndEquipped", "structuredInterview", "escortAgreed", "livesWithSomebody"];

    public static async Task Of(ClinicDb db, DateTimeOffset now, Guid patientId, string? except = null)
    {
        db.IntakeSections.AddRange(Sections(now).Where(s => !string.Equals(s.Section, except, StringComparison.Ordinal)).Select(s => new IntakeSection
        {
            PatientId = patientId,
            Section = s.Section,
            Version = 1,
            Answers = s.Answers,
            RecordedAt = now,
            RecordedByName = "Test",
        }));
        db.TeamDecisions.AddRange(new[] { "Dr. One", "Dr. Two" }.Select(name => new TeamDecision { PatientId = patientId, ReviewerId = Guid.CreateVersion7(), ReviewerName = name, DecidedAt = now, VerdictSeen = "NotAssessed" }));
        // Only where somebody asks for it, so that tests about scores begin without any.
        if ((await ClinicRules.Settings(db)).Acts(RuleBook.Get("IND-04a")))
            db.Assessments.Add(new Assessment { Id = Guid.CreateVersion7(), PatientId = patientId, InstrumentId = "MADRS", InstrumentVersion = 1, Total = 32, CompletedAt = now.AddDays(-1), RecordedAt = now.AddDays(-1), RecordedByName = "Test" });
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
    }

    /// <summary>Answers of every section with which every rule is clear.</summary>
    public static IEnumerable<(string Section, IntakeAnswers Answers)> Sections(DateTimeOffset now) => IntakeQuestions.Current.Sections.Select(s => (s.Id, new IntakeAnswers
    {
        Values = s.Questions.Select(q => (q.Id, Value: Answer(q, now))).Where(x => x.Value is not null).ToImmutableSortedDictionary(x => x.Id, x => x.Value!, StringComparer.Ordinal),
        Trials = s.Lists == IntakeList.Trials
            ? [new PriorTrial("N06AB10", 20, 10, InThisEpisode: true, TrialOutcome.NoResponse), new PriorTrial("N06AX16", 225, 12, InThisEpisode: true, TrialOutcome.PartialResponse)]
            : null,
        Pressures = s.Lists == IntakeList.Pressures ? [new PressureReading(122, 78), new PressureReading(118, 76)] : null,
        Medication = s.Lists == IntakeList.Medication ? [new TakenDrug("N06AB06", null, 100)] : null,
    }));

    private static string? Answer(IntakeQuestion question, DateTimeOffset now) => question switch
    {
        { Kind: IntakeKind.YesNo } => Affirmed.Contains(question.Id, StringComparer.Ordinal) ? IntakeAnswers.Yes : IntakeAnswers.No,
        { Id: "liverTestsOn" or "monitoringQueryOn" } => Day(now.AddDays(-1)),
        { Id: "reviewOn" } => Day(now.AddDays(14)),
        { Id: "phase" } => nameof(TreatmentPhase.AcuteCourse),
        { Id: "plannedInfusions" } => "6",
        { Id: "plannedDose" } => "0.5",
        { Id: "stopRule" } => "No response after the fourth infusion",
        _ => null,
    };

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
