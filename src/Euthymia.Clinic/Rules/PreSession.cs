namespace Euthymia.Clinic.Rules;

/// <summary>What is known before the drug is given. Null means not assessed. Pressures in mmHg, rates per minute, weight in kg.</summary>
public sealed record PreSessionFacts
{
    public Medicine? Medicine { get; init; }

    public int? InfusionNumber { get; init; }

    public int? IdentifiersConfirmed { get; init; }

    public decimal? Weight { get; init; }

    public DateTimeOffset? WeightMeasuredAt { get; init; }

    /// <summary>The weight of the last visit; null with <see cref="FirstVisit"/> false means it could not be found.</summary>
    public decimal? LastWeight { get; init; }

    public bool? FirstVisit { get; init; }

    public int? Systolic { get; init; }

    public int? Diastolic { get; init; }

    /// <summary>The pressure taken again after rest; null when not taken.</summary>
    public int? RecheckedSystolic { get; init; }

    public int? RecheckedDiastolic { get; init; }

    public int? HeartRate { get; init; }

    public int? OxygenSaturation { get; init; }

    public int? RespiratoryRate { get; init; }

    public DateTimeOffset? LastSolidsAt { get; init; }

    public DateTimeOffset? LastFluidsAt { get; init; }

    public bool? EscortConfirmedByPhone { get; init; }

    public bool? CouldBePregnant { get; init; }

    /// <summary>Null: no test. A test that is positive is a screening stop (SCR-15).</summary>
    public DateTimeOffset? NegativePregnancyTestAt { get; init; }

    /// <summary>Whether a pregnancy test has been asked about today; separates "no test" from "not asked".</summary>
    public bool? PregnancyTestAsked { get; init; }

    public bool? AlcoholAsked { get; init; }

    /// <summary>Null with <see cref="AlcoholAsked"/> true: none remembered.</summary>
    public DateTimeOffset? LastAlcoholAt { get; init; }

    public bool? RecreationalDrugSinceLastVisit { get; init; }

    public bool? SedativesAsked { get; init; }

    public DateTimeOffset? LastSedativeAt { get; init; }

    public bool? AntihypertensivePrescribed { get; init; }

    public bool? AntihypertensiveTaken { get; init; }

    public bool? StimulantTakenToday { get; init; }

    public bool? SymptomScaleToday { get; init; }

    public bool? SuicideScreenSinceLastVisit { get; init; }

    /// <summary>New illness, drug, pregnancy, bladder, psychotic or manic symptom, not yet cleared by a clinician. Null: not asked.</summary>
    public IReadOnlyList<string>? UnclearedChanges { get; init; }

    public DateTimeOffset? EmergencyCheckAt { get; init; }

    public bool? LifeSupportClinicianSignedIn { get; init; }

    /// <summary>Infusions the monitoring nurse already watches.</summary>
    public int? NursesInfusions { get; init; }

    public bool? CallButtonTested { get; init; }

    public bool? AlarmSoundHeard { get; init; }

    public bool? SiteCertified { get; init; }

    public bool? PatientEnrolled { get; init; }
}

/// <summary>The go / no-go sheet before a dose (PRE-*).</summary>
public static class PreSession
{
    private static readonly StageRules<PreSessionFacts> Rules = new("pre_session", new(StringComparer.Ordinal)
    {
        ["PRE-01"] = (f, see) => see.Below(f.IdentifiersConfirmed, "identifiers"),
        ["PRE-02a"] = (f, see) => see.OlderThanHours(see.See(f.Weight) is null ? null : f.WeightMeasuredAt, "max_age", "weight measured at"),
        ["PRE-02b"] = (f, see) => see.No(f.FirstVisit) & see.Above(PercentChange(see.See(f.LastWeight), see.See(f.Weight)), "change", "change"),
        ["PRE-03"] = (f, see) => see.Above(f.RecheckedSystolic ?? f.Systolic, "systolic", "systolic") | see.Above(f.RecheckedDiastolic ?? f.Diastolic, "diastolic", "diastolic"),
        ["PRE-04"] = (f, see) => AboveCeilingAfterRecheck(f, see),
        ["PRE-05"] = (f, see) => see.Above(f.RecheckedSystolic ?? f.Systolic, "systolic", "systolic") | see.Above(f.RecheckedDiastolic ?? f.Diastolic, "diastolic", "diastolic"),
        ["PRE-06"] = (f, see) => see.Below(f.HeartRate, "heart_rate_low") | see.Above(f.HeartRate, "heart_rate_high")
            | see.Below(f.OxygenSaturation, "saturation_low")
            | see.Below(f.RespiratoryRate, "respiratory_rate_low") | see.Above(f.RespiratoryRate, "respiratory_rate_high"),
        ["PRE-07"] = (f, see) => see.Is(f.Medicine, Medicine.EsketamineSpray)
            & (Within(see.See(f.LastSolidsAt), TimeSpan.FromHours((double)see.Limit("solids")), see)
                | Within(see.See(f.LastFluidsAt), TimeSpan.FromMinutes((double)see.Limit("fluids")), see)),
        ["PRE-08"] = (f, see) => see.Is(f.Medicine, Medicine.KetamineInfusion)
            & (Within(see.See(f.LastSolidsAt), TimeSpan.FromHours((double)see.Limit("solids")), see)
                | Within(see.See(f.LastFluidsAt), TimeSpan.FromHours((double)see.Limit("fluids")), see)),
        ["PRE-09"] = (f, see) => see.No(f.EscortConfirmedByPhone),
        ["PRE-10"] = (f, see) => see.Yes(f.CouldBePregnant) & NoneOrOlder(see.Yes(f.PregnancyTestAsked), see.See(f.NegativePregnancyTestAt), see),
        ["PRE-11"] = (f, see) => WithinWhenAsked(see.Yes(f.AlcoholAsked), see.See(f.LastAlcoholAt), see),
        ["PRE-12"] = (f, see) => see.Yes(f.RecreationalDrugSinceLastVisit),
        ["PRE-13"] = (f, see) => WithinWhenAsked(see.Yes(f.SedativesAsked), see.See(f.LastSedativeAt), see),
        ["PRE-14"] = (f, see) => see.Yes(f.AntihypertensivePrescribed) & see.No(f.AntihypertensiveTaken),
        ["PRE-15"] = (f, see) => see.Yes(f.StimulantTakenToday),
        ["PRE-16a"] = (f, see) => IsFirstInfusion(f, see) & see.No(f.SymptomScaleToday),
        ["PRE-16b"] = (f, see) => !IsFirstInfusion(f, see) & see.No(f.SymptomScaleToday),
        ["PRE-17"] = (f, see) => see.No(f.SuicideScreenSinceLastVisit),
        ["PRE-18"] = (f, see) => see.Any(f.UnclearedChanges, _ => true),
        ["PRE-19"] = (f, see) => see.OlderThanHours(f.EmergencyCheckAt, "max_age"),
        ["PRE-20"] = (f, see) => see.No(f.LifeSupportClinicianSignedIn),
        ["PRE-21"] = (f, see) => see.AtLeast(f.NursesInfusions, "infusions"),
        ["PRE-22"] = (f, see) => see.No(f.CallButtonTested),
        ["PRE-23"] = (f, see) => see.Is(f.Medicine, Medicine.EsketamineSpray) & (see.No(f.SiteCertified) | see.No(f.PatientEnrolled)),
        ["PRE-24"] = (f, see) => see.No(f.AlarmSoundHeard),
    });

    public static StageReport Evaluate(PreSessionFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static decimal? PercentChange(decimal? from, decimal? to) => from > 0 && to is not null ? Math.Abs(to.Value - from.Value) / from.Value * 100 : null;

    /// <summary>Judged on the recheck. Without one, a first pressure under the ceiling is clear and one above it is not assessed.</summary>
    private static bool? AboveCeilingAfterRecheck(PreSessionFacts f, Inputs see)
    {
        if (f.RecheckedSystolic is not null || f.RecheckedDiastolic is not null)
            return see.Above(f.RecheckedSystolic, "systolic") | see.Above(f.RecheckedDiastolic, "diastolic");
        return (see.Above(f.Systolic, "systolic") | see.Above(f.Diastolic, "diastolic")) is false ? false : null;
    }

    private static bool? IsFirstInfusion(PreSessionFacts f, Inputs see) => see.See(f.InfusionNumber) is { } number ? number == 1 : null;

    private static bool? Within(DateTimeOffset? moment, TimeSpan window, Inputs see) => moment is { } at ? see.Now - at < window : null;

    private static bool? WithinWhenAsked(bool? asked, DateTimeOffset? last, Inputs see)
    {
        var window = TimeSpan.FromHours((double)see.Limit("hours"));
        return asked is true ? last is { } at && see.Now - at < window : null;
    }

    private static bool? NoneOrOlder(bool? asked, DateTimeOffset? at, Inputs see)
    {
        var age = TimeSpan.FromHours((double)see.Limit("max_age"));
        return asked is true || at is not null ? at is null || see.Now - at.Value > age : null;
    }
}
