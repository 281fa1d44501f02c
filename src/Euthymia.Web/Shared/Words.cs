using Euthymia.Clinic;
using Euthymia.Clinic.Courses.Care;
using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Rules;

namespace Euthymia.Web.Shared;

/// <summary>The words that pages use for coded values.</summary>
public static class Words
{
    public static string Of(Diagnosis diagnosis) => diagnosis switch
    {
        Diagnosis.MajorDepressiveDisorder => "Major depressive disorder (MDD)",
        Diagnosis.TreatmentResistantDepression => "Treatment-resistant depression (TRD)",
        Diagnosis.BipolarI => "Bipolar I disorder, depressive episode",
        Diagnosis.BipolarII => "Bipolar II disorder, depressive episode",
        _ => throw new ArgumentOutOfRangeException(nameof(diagnosis), diagnosis, "Not a diagnosis."),
    };

    public static string Of(RecordedSex sex) => sex switch
    {
        RecordedSex.Female => "Female",
        RecordedSex.Male => "Male",
        RecordedSex.Other => "Other",
        RecordedSex.Unknown => "Not known",
        _ => throw new ArgumentOutOfRangeException(nameof(sex), sex, "Not a recorded sex."),
    };

    public static string Of(EligibilityVerdict verdict) => verdict switch
    {
        EligibilityVerdict.Eligible => "Eligible",
        EligibilityVerdict.EligibleWithConditions => "Eligible with conditions",
        EligibilityVerdict.NotNow => "Not now",
        EligibilityVerdict.NotAssessed => "Not assessed",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Not a result."),
    };

    /// <summary>A name in capitals as words: "NoResponse" becomes "No response".</summary>
    public static string Spaced(string name)
    {
        var words = string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));
        return words;
    }

    public static string Of(VisitPhase phase) => phase switch
    {
        VisitPhase.Scheduled => "Scheduled",
        VisitPhase.Running => "Infusing",
        VisitPhase.Paused => "Paused",
        VisitPhase.Recovery => "Recovery",
        VisitPhase.Completed => "Completed",
        VisitPhase.Cancelled => "Cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "Not a phase."),
    };

    public static string Of(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Urgent => "Urgent",
        FindingSeverity.High => "High",
        FindingSeverity.Notice => "Notice",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "Not a severity."),
    };

    public static string Of(ClinicRole role) => role switch
    {
        ClinicRole.Lead => "Lead",
        ClinicRole.Nurse => "Nurse",
        ClinicRole.Patient => "Patient",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };

    public static string Of(DecisionKind kind) => kind switch
    {
        DecisionKind.Continue => "Go on as ordered",
        DecisionKind.Adapt => "Go on with a changed order",
        DecisionKind.Stop => "End the course",
        DecisionKind.Taper => "Taper",
        DecisionKind.Maintain => "Maintenance",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a decision."),
    };

    public static string Of(OutcomeKind kind) => kind switch
    {
        OutcomeKind.NotAssessed => "Not assessed",
        OutcomeKind.NoResponse => "No response",
        OutcomeKind.PartialResponse => "Partial response",
        OutcomeKind.Response => "Response",
        OutcomeKind.Remission => "Remission",
        OutcomeKind.Relapse => "Relapse",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an outcome."),
    };

    public static string Of(CareKind kind) => kind switch
    {
        CareKind.Psychotherapy => "Psychotherapy",
        CareKind.Antidepressant => "Antidepressant",
        CareKind.MoodStabiliser => "Mood stabiliser",
        CareKind.Other => "Other intervention",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of care."),
    };

    public static string Of(Adherence adherence) => adherence switch
    {
        Adherence.AsPlanned => "As planned",
        Adherence.Partly => "Partly",
        Adherence.NotDone => "Not done",
        _ => throw new ArgumentOutOfRangeException(nameof(adherence), adherence, "Not a degree of adherence."),
    };

    public static string Of(SeriousEventKind kind) => kind switch
    {
        SeriousEventKind.PsychiatricAdmission => "Psychiatric admission",
        SeriousEventKind.SuicideAttempt => "Suicide attempt",
        SeriousEventKind.OtherSerious => "Other serious adverse event",
        SeriousEventKind.AskedNone => "Asked: none",
        SeriousEventKind.EnteredByMistake => "Entered by mistake",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a serious event."),
    };

    public static string Of(AuthorityReport report) => report switch
    {
        AuthorityReport.NotYet => "Not yet reported",
        AuthorityReport.Reported => "Reported",
        AuthorityReport.NotDue => "No report is due",
        _ => throw new ArgumentOutOfRangeException(nameof(report), report, "Not a state of the report."),
    };

    public static string Of(WatchKind kind) => kind switch
    {
        WatchKind.LiverTests => "Liver tests",
        WatchKind.MonitoringQuery => "Prescription monitoring query",
        WatchKind.RenewalReview => "Renewal review",
        WatchKind.RequestForMore => "The patient asked for more, or sooner",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of entry."),
    };
}
