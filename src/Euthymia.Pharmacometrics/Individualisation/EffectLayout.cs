using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>A random effect of the individual model: a standard normal deviate in the population.</summary>
/// <param name="Name">Stable key, such as <c>eta_CL</c> or <c>sensitivity</c>.</param>
/// <param name="Description">What it moves, for a person.</param>
/// <param name="Typical">The parameter where the effect is zero; zero for a shift.</param>
/// <param name="Sd">Change of the parameter, or of its logarithm or logit, for an effect of one.</param>
/// <param name="Scale">On which scale <paramref name="Sd"/> counts.</param>
/// <param name="Unit">Of the parameter.</param>
public sealed record IndividualEffect(string Name, string Description, double Typical, double Sd, EstimationScale Scale, string Unit)
{
    /// <summary>The parameter at a deviate.</summary>
    /// <param name="deviate">Standard normal deviate.</param>
    public double Natural(double deviate) => Scale switch
    {
        EstimationScale.Log => Typical * Math.Exp(Sd * deviate),
        EstimationScale.Logit => 1 / (1 + Math.Exp(-(Math.Log(Typical / (1 - Typical)) + Sd * deviate))),
        _ => Typical + Sd * deviate,
    };
}

/// <summary>
/// Which random effect stands where. What varies between patients, between clinics and between infusions, and what the
/// calibration left uncertain, all are effects alike: so a forecast carries every uncertainty, and a patient's own data
/// narrow what they can.
/// </summary>
internal sealed class EffectLayout
{
    private static readonly string[] SharedMood =
        ["drug_effect", "half_maximal_pulse", "onset_half_time", "fast_half_life", "slow_fraction", "slow_half_life", "plasticity_saturation", "expectancy", "expectancy_half_life", "baseline_persistence", "effect_overlap"];

    private readonly List<IndividualEffect> _effects = [];

    public EffectLayout(DrugModel drug, ResponseParameters response, IndividualParameters individual, Expectancy expectancy, bool baselineObserved, IReadOnlyList<DepressionScale> scales, int occasions)
    {
        foreach (var effect in drug.RandomEffects)
            Add(effect.Name, $"kinetics: {string.Join(", ", drug.Parameters.Where(parameter => string.Equals(parameter.RandomEffect, effect.Name, StringComparison.Ordinal)).Select(parameter => parameter.Description))}", 1, effect.LogSd, EstimationScale.Log, "1");
        EffectSite = Uncertain(response, "effect_site_half_life");
        Mood = AddMood(response, expectancy);
        Sensitivity = Add("sensitivity", "this patient's sensitivity to the drug, and the clinic's", 1, Root(response["drug_effect_sd"], response["trial_drug_sd"]), EstimationScale.Log, "1");
        Level = Add("level", "level of this patient without any effect", 0, response["nonspecific_sd"], EstimationScale.Identity, "logit");
        Nonspecific = Add("expectancy_share", "this clinic's multiple of expectancy", 1, response["trial_nonspecific_sd"], EstimationScale.Log, "1");
        Duration = Add("duration", "this clinic's multiple of how long benefit lasts", 1, response["trial_duration_sd"], EstimationScale.Log, "1");
        Baseline = baselineObserved ? -1 : Add("baseline", "score before treatment, not observed", response["baseline_mean"], response["baseline_sd"], EstimationScale.Identity, "points");
        foreach (var scale in scales)
            Crosswalks[scale.Name] = Add($"crosswalk_{scale.Name}", $"points of {scale.Name} per MADRS point", scale.Slope, scale.SlopeCv, EstimationScale.Log, "1");
        DissociationSlope = Add("dissociation", "CADSS per effect-site concentration", response["dissociation_slope"], Root(response["dissociation_sd"], response["dissociation_study_sd"], response.Parameter("dissociation_slope").Uncertainty), EstimationScale.Log, "points/(ng/mL)");
        DissociationBackground = Uncertain(response, "dissociation_background");
        DissociationFloor = Uncertain(response, "dissociation_tolerance_floor");
        DissociationRate = Uncertain(response, "dissociation_tolerance_rate");
        PressorClinic = Add("pressor", "typical rise of blood pressure in this clinic", 1, Root(response["pressor_clinic_sd"], response.Parameter("pressor_systolic").Uncertainty), EstimationScale.Log, "1");
        var patientShare = Math.Sqrt(1 - individual["pressor_session_share"]);
        PressorSystolic = Add("pressor_systolic", "this patient's own rise at the reference peak", 0, patientShare * response["pressor_patient_sd_systolic"], EstimationScale.Identity, "mmHg");
        PressorDiastolic = Add("pressor_diastolic", "this patient's own rise at the reference peak", 0, patientShare * response["pressor_patient_sd_diastolic"], EstimationScale.Identity, "mmHg");
        BaseSystolic = Add("systolic_baseline", "systolic pressure without drug", individual["systolic_baseline"], individual["systolic_baseline_sd"], EstimationScale.Identity, "mmHg");
        BaseDiastolic = Add("diastolic_baseline", "diastolic pressure without drug", individual["diastolic_baseline"], individual["diastolic_baseline_sd"], EstimationScale.Identity, "mmHg");
        PatientEffects = _effects.Count;
        OccasionExposureSd = individual["occasion_exposure_sd"];
        for (var occasion = 0; occasion < occasions; occasion++)
        {
            Add($"exposure_{occasion + 1}", "this infusion's multiple of all concentrations", 1, OccasionExposureSd, EstimationScale.Log, "1");
            Add($"pressor_{occasion + 1}", "this infusion's own rise of pressure, in standard deviations", 0, 1, EstimationScale.Identity, "1");
        }
    }

    /// <summary>All of them, in order.</summary>
    public IReadOnlyList<IndividualEffect> Effects => _effects;

    public int EffectSite { get; }

    public int Mood { get; }

    public int Sensitivity { get; }

    public int Duration { get; }

    public int Level { get; }

    public int Nonspecific { get; }

    /// <summary>Or -1 when a baseline was observed.</summary>
    public int Baseline { get; }

    public Dictionary<string, int> Crosswalks { get; } = new(StringComparer.Ordinal);

    public int DissociationSlope { get; }

    public int DissociationBackground { get; }

    public int DissociationFloor { get; }

    public int DissociationRate { get; }

    public int PressorClinic { get; }

    public int PressorSystolic { get; }

    public int PressorDiastolic { get; }

    public int BaseSystolic { get; }

    public int BaseDiastolic { get; }

    /// <summary>Effects of the patient; those of observed infusions follow, two an infusion: exposure and pressor.</summary>
    public int PatientEffects { get; }

    public double OccasionExposureSd { get; }

    /// <summary>The shared mood parameters, and L of their covariance L L' on the estimation scales.</summary>
    public (ResponseParameter[] Parameters, double[] Factor) MoodPrior { get; private set; }

    private int AddMood(ResponseParameters response, Expectancy expectancy)
    {
        var specific = expectancy switch
        {
            Expectancy.InertControl => "expectancy_inert",
            Expectancy.Psychoactive => "expectancy_psychoactive",
            Expectancy.PlaceboSpray => "expectancy_spray",
            _ => "expectancy_open",
        };
        string[] names = [.. SharedMood.Select(name => name is "expectancy" ? specific : name)];
        ResponseParameter[] parameters = [.. names.Select(response.Parameter)];
        var rows = names.Select(name => response.Correlated.ToList().IndexOf(name)).ToArray();
        var factor = new double[names.Length * names.Length];
        for (var i = 0; i < names.Length; i++)
            for (var j = 0; j < names.Length; j++)
                factor[i * names.Length + j] = rows[i] >= 0 && rows[j] >= 0 ? response.Covariance[rows[i]][rows[j]] : i == j ? parameters[i].Uncertainty * parameters[i].Uncertainty : 0;
        Cholesky.Factor(factor, names.Length);
        MoodPrior = (parameters, factor);
        var first = _effects.Count;
        foreach (var parameter in parameters)
            Add($"shared_{parameter.Name}", $"what calibration left uncertain of: {parameter.Description}", parameter.Value, parameter.Uncertainty, parameter.Scale, parameter.Unit);
        return first;
    }

    private int Uncertain(ResponseParameters response, string name)
    {
        var parameter = response.Parameter(name);
        return Add(name, parameter.Description, parameter.Value, parameter.Uncertainty, parameter.Scale, parameter.Unit);
    }

    private int Add(string name, string description, double typical, double sd, EstimationScale scale, string unit)
    {
        _effects.Add(new IndividualEffect(name, description, typical, sd, scale, unit));
        return _effects.Count - 1;
    }

    private static double Root(params ReadOnlySpan<double> sds)
    {
        var sum = 0.0;
        foreach (var sd in sds)
            sum += sd * sd;
        return Math.Sqrt(sum);
    }
}
