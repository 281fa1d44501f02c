using Euthymia.Clinic;
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
}
