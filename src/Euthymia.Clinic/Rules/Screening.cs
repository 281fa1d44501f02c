namespace Euthymia.Clinic.Rules;

/// <summary>May this patient be treated here and now (SCR-*, MED-*)?</summary>
public static class Screening
{
    private static readonly StageRules<ScreeningFacts> Rules = new("screening", new(StringComparer.Ordinal)
    {
        ["SCR-01"] = (f, see) => see.Yes(f.KetamineAllergy),
        ["SCR-02"] = (f, see) => see.Yes(f.PressureRiseHazard),
        ["SCR-03"] = (f, see) => see.Yes(f.AneurysmOrMalformation),
        ["SCR-04"] = (f, see) => see.Yes(f.IntracerebralHaemorrhage),
        ["SCR-05"] = (f, see) => see.Yes(f.EclampsiaHeartStrokeOrBrainInjury),
        ["SCR-06"] = (f, see) => see.Above(f.Pressures?.Max(p => (decimal?)p.Systolic), "systolic", "highest systolic")
            | see.Above(f.Pressures?.Max(p => (decimal?)p.Diastolic), "diastolic", "highest diastolic"),
        ["SCR-07"] = (f, see) => NotAtGoal(f, see),
        ["SCR-08"] = (f, see) => see.Yes(f.UntreatedHyperthyroidism),
        ["SCR-09"] = (f, see) => see.Yes(f.UnstableAngina) | (see.Yes(f.EverInfarction) & !see.OlderThanDays(f.LastInfarctionAt, "days")),
        ["SCR-10"] = (f, see) => see.Yes(f.DecompensatedHeartFailure),
        ["SCR-11"] = (f, see) => see.Yes(f.RaisedIntracranialPressure),
        ["SCR-12"] = (f, see) => see.Yes(f.GlaucomaOrEyeInjury) & see.No(f.OphthalmologyClearance),
        ["SCR-13"] = (f, see) => see.Yes(f.Psychosis),
        ["SCR-14a"] = (f, see) => see.Yes(f.CurrentMania),
        ["SCR-14b"] = (f, see) => see.Yes(f.PastMania),
        ["SCR-15"] = (f, see) => see.Yes(f.PregnantBreastFeedingOrFertilityTreatment),
        ["SCR-16"] = (f, see) => see.Yes(f.SubstanceUseDisorder) & see.Below(f.MonthsInRemission, "months") & see.No(f.AddictionClinicianSigned),
        ["SCR-17"] = (f, see) => see.Yes(f.RecreationalDrugs),
        ["SCR-18"] = (f, see) => see.Yes(f.KetamineMisuse) & see.No(f.AddictionClinicianSigned),
        ["SCR-19"] = (f, see) => see.Yes(f.RecentEpilepsy),
        ["SCR-20a"] = (f, see) => see.Yes(f.SevereLiverImpairment),
        ["SCR-20b"] = (f, see) => see.Yes(f.ModerateLiverImpairment),
        ["SCR-21"] = (f, see) => see.Yes(f.CystitisOrUrinarySymptoms),
        ["SCR-22"] = (f, see) => see.Yes(f.NeurocognitiveDisorder) & see.No(f.SpecialistSigned),
        ["SCR-23"] = (f, see) => see.No(f.CanConsent),
        ["SCR-24"] = (f, see) => see.Yes(f.AirwayOrLungRisk),
        ["SCR-25"] = (f, see) => see.Yes(f.AcutePorphyria),
        ["SCR-26"] = (f, see) => see.AtLeast(f.Age, "age") | see.Yes(f.Hypertension) | see.Above(f.PlannedDose, "dose"),
        ["SCR-27"] = (f, see) => see.OlderThanDays(f.LiverTestsAt, "days"),
        ["SCR-28"] = (f, see) => see.Yes(f.ToxicologyAskedFor) & see.No(f.ToxicologyEntered),
        ["SCR-29"] = (f, see) => (see.Yes(f.HeartDiseaseOrArrhythmia) | Takes(f, see, CoMedication.QtProlonging)) & see.No(f.EcgEntered),
        ["SCR-30a"] = (f, see) => see.Yes(f.LawAsksForMonitoringQuery) & see.OlderThanDays(f.MonitoringQueryAt, "days"),
        ["SCR-30b"] = (f, see) => see.No(f.LawAsksForMonitoringQuery) & see.OlderThanDays(f.MonitoringQueryAt, "days"),
        ["SCR-31"] = (f, see) => see.Yes(f.TeamDeclined) | TooFewApprovals(f, see),
        ["MED-01"] = (f, see) => Takes(f, see, CoMedication.Theophylline),
        ["MED-02"] = (f, see) => Takes(f, see, CoMedication.XanthineOrErgometrine),
        ["MED-03"] = (f, see) => Takes(f, see, CoMedication.Benzodiazepine, CoMedication.Opioid, CoMedication.OtherSedative),
        ["MED-04"] = (f, see) => see.Above(f.DiazepamEquivalent, "diazepam_equivalent"),
        ["MED-05"] = (f, see) => Takes(f, see, CoMedication.MaoInhibitor)
            | (see.Yes(f.MaoInhibitorEver) & !see.OlderThanDays(f.MaoInhibitorStoppedAt, "days")),
        ["MED-06"] = (f, see) => Takes(f, see, CoMedication.Stimulant),
        ["MED-07"] = (f, see) => Takes(f, see, CoMedication.SympathomimeticOrVasopressin),
        ["MED-08"] = (f, see) => Takes(f, see, CoMedication.Cyp2B6Or3A4InhibitorOrInducer),
        ["MED-09"] = (f, see) => Takes(f, see, CoMedication.Lamotrigine),
        ["MED-10"] = (f, see) => Takes(f, see, CoMedication.KetamineFromElsewhere),
    });

    public static StageReport Evaluate(ScreeningFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static bool? Takes(ScreeningFacts f, Inputs see, params CoMedication[] classes) => see.Any(f.Medication, classes.Contains);

    /// <summary>Fewer approvals than asked for are a decision that is still out, not a refusal: not assessed.</summary>
    private static bool? TooFewApprovals(ScreeningFacts f, Inputs see) => see.Below(f.TeamApprovals, "reviewers") is false ? false : null;

    /// <summary>A mean of fewer readings than asked for is not a mean: not assessed.</summary>
    private static bool? NotAtGoal(ScreeningFacts f, Inputs see)
    {
        var enough = f.Pressures is { } pressures && pressures.Count >= see.Limit("readings");
        decimal? systolic = enough ? f.Pressures!.Average(p => (decimal)p.Systolic) : null;
        decimal? diastolic = enough ? f.Pressures!.Average(p => (decimal)p.Diastolic) : null;
        return see.AtLeast(systolic, "systolic", "mean systolic") | see.AtLeast(diastolic, "diastolic", "mean diastolic");
    }
}
