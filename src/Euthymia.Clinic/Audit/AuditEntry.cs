namespace Euthymia.Clinic;

/// <summary>
/// One read or write of patient data: who, when, what kind, whose. It holds no clinical content and is never changed;
/// the database refuses to update or delete it.
/// </summary>
public sealed class AuditEntry
{
    public long Number { get; init; }

    public DateTimeOffset At { get; init; }

    public Guid AccountId { get; init; }

    public string AccountName { get; init; } = "";

    public ClinicRole Role { get; init; }

    /// <summary>What was done, such as "patient.read"; see <see cref="AuditKind"/>.</summary>
    public string Kind { get; init; } = "";

    public Guid? PatientId { get; init; }

    /// <summary>The course, visit, assessment or finding concerned.</summary>
    public Guid? SubjectId { get; init; }
}

/// <summary>The kinds of audited acts.</summary>
public static class AuditKind
{
    public const string PatientAdded = "patient.added";
    public const string PatientEdited = "patient.edited";
    public const string PatientRead = "patient.read";
    public const string PatientFound = "patient.found";
    public const string WeightRecorded = "patient.weight_recorded";
    public const string AccountLinked = "patient.account_linked";
    public const string CourseOrdered = "course.ordered";
    public const string CourseAmended = "course.amended";
    public const string CourseRead = "course.read";
    public const string ForecastRead = "forecast.read";
    public const string ForecastKept = "forecast.kept";
    public const string VisitScheduled = "visit.scheduled";
    public const string VisitCancelled = "visit.cancelled";
    public const string VisitEventRecorded = "visit.event_recorded";
    public const string VisitRead = "visit.read";
    public const string TodayRead = "visit.today_read";
    public const string AssessmentRecorded = "assessment.recorded";
    public const string AssessmentRead = "assessment.read";
    public const string OverridesRead = "visit.overrides_read";
    public const string DocumentRead = "visit.document_read";
    public const string RuleSigned = "rule.signed";
    public const string RuleSignatureWithdrawn = "rule.signature_withdrawn";
    public const string RuleChanged = "rule.changed";
    public const string RuleChangeProposed = "rule.change_proposed";
    public const string RuleChangeRefused = "rule.change_refused";
    public const string RuleChangeWithdrawn = "rule.change_withdrawn";
    public const string DraftSaved = "assessment.draft_saved";
    public const string InvitationMade = "invitation.made";
    public const string InvitationUsed = "invitation.used";
    public const string InvitationRefused = "invitation.refused";
    public const string DocumentUnderstood = "document.understood";
    public const string FollowUpRead = "followup.read";
    public const string MailQueued = "mail.queued";
    public const string IntakeRead = "intake.read";
    public const string IntakeRecorded = "intake.recorded";
    public const string EligibilityRead = "eligibility.read";
    public const string EligibilityOverridden = "eligibility.overridden";
    public const string TeamDecided = "eligibility.team_decided";
    public const string ConsentRead = "consent.read";
    public const string ConsentRecorded = "consent.recorded";
    public const string MailAddressChanged = "account.mail_changed";
    public const string FindingAcknowledged = "finding.acknowledged";
    public const string FindingOpened = "finding.opened";
    public const string FindingClosed = "finding.closed";
    public const string FindingRead = "finding.read";
    public const string StoryRead = "patient.story_read";
    public const string ResultsRead = "cohort.results_read";
    public const string ResearchConsentGiven = "research.consent_given";
    public const string ResearchConsentWithdrawn = "research.consent_withdrawn";
    public const string ResearchConsentRead = "research.consent_read";
    public const string ResearchExported = "research.exported";
    public const string ResearchExportMade = "research.export_made";
    public const string DecisionTaken = "decision.taken";
    public const string DecisionRead = "decision.read";
    public const string WatchRecorded = "watch.recorded";
    public const string WatchRead = "watch.read";
    public const string SeriousEventRecorded = "serious_event.recorded";
    public const string SeriousEventRead = "serious_event.read";
    public const string ConsentSignedByPatient = "consent.signed_by_patient";
    public const string EligibilityOverrideWithdrawn = "eligibility.override_withdrawn";
    public const string CarePlanned = "care.planned";
    public const string CareReported = "care.reported";
    public const string CareRead = "care.read";
}
