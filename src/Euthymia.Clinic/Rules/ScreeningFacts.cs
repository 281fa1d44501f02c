namespace Euthymia.Clinic.Rules;

/// <summary>Drug classes that matter beside ketamine.</summary>
public enum CoMedication
{
    Theophylline,
    XanthineOrErgometrine,
    Benzodiazepine,
    Opioid,
    OtherSedative,
    MaoInhibitor,
    Stimulant,
    SympathomimeticOrVasopressin,
    Cyp2B6Or3A4InhibitorOrInducer,
    Lamotrigine,
    KetamineFromElsewhere,
    QtProlonging,
}

public sealed record PressureReading(int Systolic, int Diastolic)
{
    public override string ToString() => $"{Systolic}/{Diastolic} mmHg";
}

/// <summary>A referral as the screening rules see it. Null means not assessed; "no" is an answer that somebody gave.</summary>
public sealed record ScreeningFacts
{
    public bool? KetamineAllergy { get; init; }

    public bool? PressureRiseHazard { get; init; }

    public bool? AneurysmOrMalformation { get; init; }

    public bool? IntracerebralHaemorrhage { get; init; }

    public bool? EclampsiaHeartStrokeOrBrainInjury { get; init; }

    /// <summary>Resting pressures taken for screening.</summary>
    public IReadOnlyList<PressureReading>? Pressures { get; init; }

    public bool? UntreatedHyperthyroidism { get; init; }

    public bool? UnstableAngina { get; init; }

    public bool? EverInfarction { get; init; }

    public DateTimeOffset? LastInfarctionAt { get; init; }

    public bool? DecompensatedHeartFailure { get; init; }

    public bool? RaisedIntracranialPressure { get; init; }

    public bool? GlaucomaOrEyeInjury { get; init; }

    public bool? OphthalmologyClearance { get; init; }

    public bool? Psychosis { get; init; }

    public bool? CurrentMania { get; init; }

    public bool? PastMania { get; init; }

    public bool? PregnantBreastFeedingOrFertilityTreatment { get; init; }

    /// <summary>Moderate or severe substance use disorder, ever.</summary>
    public bool? SubstanceUseDisorder { get; init; }

    /// <summary>Months in remission; 0 when active.</summary>
    public decimal? MonthsInRemission { get; init; }

    public bool? AddictionClinicianSigned { get; init; }

    public bool? RecreationalDrugs { get; init; }

    public bool? KetamineMisuse { get; init; }

    public bool? RecentEpilepsy { get; init; }

    public bool? SevereLiverImpairment { get; init; }

    public bool? ModerateLiverImpairment { get; init; }

    public bool? CystitisOrUrinarySymptoms { get; init; }

    public bool? NeurocognitiveDisorder { get; init; }

    public bool? SpecialistSigned { get; init; }

    public bool? CanConsent { get; init; }

    public bool? AirwayOrLungRisk { get; init; }

    public bool? AcutePorphyria { get; init; }

    public int? Age { get; init; }

    public bool? Hypertension { get; init; }

    /// <summary>mg/kg</summary>
    public decimal? PlannedDose { get; init; }

    public DateTimeOffset? LiverTestsAt { get; init; }

    public bool? ToxicologyAskedFor { get; init; }

    public bool? ToxicologyEntered { get; init; }

    public bool? HeartDiseaseOrArrhythmia { get; init; }

    public bool? EcgEntered { get; init; }

    public bool? LawAsksForMonitoringQuery { get; init; }

    public DateTimeOffset? MonitoringQueryAt { get; init; }

    /// <summary>A named reviewer's last decision is a refusal.</summary>
    public bool? TeamDeclined { get; init; }

    /// <summary>Named reviewers whose last decision is an approval.</summary>
    public int? TeamApprovals { get; init; }

    /// <summary>Classes on the reviewed medication list. Null: the list was not reviewed.</summary>
    public IReadOnlyList<CoMedication>? Medication { get; init; }

    /// <summary>Diazepam equivalent, mg per day; 0 for none.</summary>
    public decimal? DiazepamEquivalent { get; init; }

    /// <summary>When an MAO inhibitor was stopped. Null with <see cref="MaoInhibitorEver"/> false: never taken.</summary>
    public DateTimeOffset? MaoInhibitorStoppedAt { get; init; }

    public bool? MaoInhibitorEver { get; init; }
}
