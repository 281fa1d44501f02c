using System.Collections.Immutable;
using System.Globalization;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;

namespace Euthymia.Clinic.Demo;

/// <summary>Fills an invented patient's intake, decides and signs, through the same services as real work.</summary>
internal sealed class DemoIntake(ClinicDb db, TimeProvider clock, Actor nurse, Actor lead)
{
    private static readonly string[] Affirmed = ["canConsent", "siteRegisteredAndEquipped", "structuredInterview", "psychotherapy", "escortAgreed", "livesWithSomebody"];
    private static readonly TakenDrug[] Medication = [new("N06AB06", null, 100), new("N06AX16", null, 150), new("N05AN01", null, 600), new("N05AH04", null, 50), new("C08CA01", null, 5)];

    /// <summary>The referral of this patient as far as its story goes.</summary>
    public async Task Refer(DemoPatient demo, Guid patientId, int index, CancellationToken cancel)
    {
        if (Is(demo, DemoPatients.JustReferred))
            return;
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        foreach (var form in IntakeQuestions.Current.Sections.Take(Is(demo, DemoPatients.HalfWay) ? 5 : int.MaxValue))
            await new IntakeBook(db, clock, nurse).Save(patientId, form.Id, 0, Answers(form, demo, index, today), cancel);
        if (Is(demo, DemoPatients.HalfWay) || Is(demo, DemoPatients.NotNow))
            return;
        foreach (var reviewer in new[] { lead, nurse })
            await new EligibilityDesk(db, clock, reviewer).Decide(patientId, ReviewerDecision.Approve, null, cancel);
        await new ConsentBook(db, clock, lead).Record(
            patientId,
            new ConsentEntry(ConsentEvent.Signed, CourseId: null, Enum.GetValues<ConsentClause>(), ConsentForm.Current.Version, $"{demo.Initial} {demo.Tree}", PatientMeans: true, ClinicianMeans: true, TextGoneThrough: true),
            cancel);
    }

    private static IntakeAnswers Answers(IntakeSectionForm form, DemoPatient demo, int index, DateOnly today) => new()
    {
        Values = form.Questions.Select(q => (q.Id, Value: Answer(q, demo, today))).Where(x => x.Value is not null).ToImmutableSortedDictionary(x => x.Id, x => x.Value!, StringComparer.Ordinal),
        Trials = form.Lists == IntakeList.Trials ? Trials(demo) : null,
        Pressures = form.Lists != IntakeList.Pressures ? null
            : Is(demo, DemoPatients.NotNow) ? [new PressureReading(192, 104), new PressureReading(188, 102)] : [new PressureReading(126 + (index % 4), 80), new PressureReading(122, 78)],
        Medication = form.Lists != IntakeList.Medication ? null : index % 5 == 4 ? [Medication[4]] : [Medication[index % 5]],
    };

    // A referral for treatment-resistant depression has the second adequate trial.
    private static IReadOnlyList<PriorTrial> Trials(DemoPatient demo) =>
    [
        new("N06AB10", 20, 10, InThisEpisode: true, TrialOutcome.NoResponse),
        new("N06AX12", 300, demo.Diagnosis == Diagnosis.MajorDepressiveDisorder ? 3 : 8, InThisEpisode: true, demo.Diagnosis == Diagnosis.MajorDepressiveDisorder ? TrialOutcome.NotTolerated : TrialOutcome.PartialResponse),
    ];

    private static string? Answer(IntakeQuestion question, DemoPatient demo, DateOnly today) => question switch
    {
        { Id: "pastMania" } => YesNo(demo.Diagnosis is Diagnosis.BipolarI or Diagnosis.BipolarII),
        { Id: "cystitisOrUrinary" or "airwayOrLungRisk" } => YesNo(Is(demo, DemoPatients.Conditions)),
        { Id: "safetyPlanOpen" } => YesNo(demo.Twist is DemoPatients.Item9 or DemoPatients.Item9Closed),
        { Kind: IntakeKind.YesNo } => YesNo(Affirmed.Contains(question.Id, StringComparer.Ordinal)),
        { Id: "referredBy" } => "Dr. P. Laurel, practice at the park",
        { Id: "referredOn" } => Day(today.AddDays(-6)),
        { Id: "reason" } => "Depressive episode that has not lifted; asks whether ketamine infusions are an option.",
        { Id: "episodeSince" } => Day(today.AddMonths(-9)),
        { Id: "episodes" } => "3",
        { Id: "liverTestsOn" } => Day(today.AddDays(-9)),
        { Id: "monitoringQueryOn" } => Day(today.AddDays(-3)),
        { Id: "treatingClinician" } => "Dr. P. Laurel",
        { Id: "escortWho" } => "R. Fern, 000 0000",
        { Id: "phase" } => nameof(TreatmentPhase.AcuteCourse),
        { Id: "plannedInfusions" } => "6",
        { Id: "plannedDose" } => "0.5",
        { Id: "stopRule" } => "No response after the fourth infusion",
        { Id: "reviewOn" } => Day(today.AddDays(16)),
        _ => null,
    };

    private static string YesNo(bool yes) => yes ? IntakeAnswers.Yes : IntakeAnswers.No;

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static bool Is(DemoPatient demo, string twist) => string.Equals(demo.Twist, twist, StringComparison.Ordinal);
}
