namespace Euthymia.Pharmacometrics.Responses;

/// <summary>What a patient believes is being given, which moves the score by itself.</summary>
public enum Expectancy
{
    /// <summary>Blinded, inert: patients notice that nothing happens.</summary>
    InertControl,

    /// <summary>Blinded, psychoactive: midazolam, and ketamine itself.</summary>
    Psychoactive,

    /// <summary>A nasal spray without drug, with a bittering agent.</summary>
    PlaceboSpray,

    /// <summary>Everyone knows that it is ketamine.</summary>
    OpenLabel,
}

/// <summary>The numbers of the mood model on their natural scales; see docs/methods/response.md for the equations.</summary>
public readonly record struct MoodParameters
{
    /// <summary>Takes the mood parameters out of a parameter file.</summary>
    /// <param name="parameters">All response parameters.</param>
    public MoodParameters(ResponseParameters parameters)
    {
        DrugEffect = parameters["drug_effect"];
        DrugEffectSd = parameters["drug_effect_sd"];
        HalfMaximalPulse = parameters["half_maximal_pulse"];
        OnsetHours = parameters["onset_half_time"];
        FastHours = parameters["fast_half_life"] * 24;
        SlowFraction = parameters["slow_fraction"];
        SlowHours = parameters["slow_half_life"] * 24;
        Saturation = parameters["plasticity_saturation"];
        Tolerance = parameters["benefit_tolerance"];
        ReferenceOccupancyHours = parameters["reference_occupancy_hours"];
        InertExpectancy = parameters["expectancy_inert"];
        PsychoactiveExpectancy = parameters["expectancy_psychoactive"];
        SprayExpectancy = parameters["expectancy_spray"];
        OpenExpectancy = parameters["expectancy_open"];
        ExpectancyHours = parameters["expectancy_half_life"] * 24;
        MidazolamEffect = parameters["midazolam_effect"];
        Overlap = parameters["effect_overlap"];
        Antidepressant = parameters["new_antidepressant"];
        AntidepressantSd = parameters["antidepressant_sd"];
        AntidepressantHours = parameters["antidepressant_half_time"] * 24;
        BetweenPatientSd = parameters["nonspecific_sd"];
        VisitSd = parameters["visit_sd"];
        BaselinePersistence = parameters["baseline_persistence"];
    }

    /// <summary>Fall in logits of a median patient, 24 h after one reference infusion.</summary>
    public double DrugEffect { get; }

    /// <summary>Log-normal spread of the drug effect between patients.</summary>
    public double DrugEffectSd { get; }

    /// <summary>Relative exposure at half of the maximal pulse.</summary>
    public double HalfMaximalPulse { get; }

    /// <summary>Half-time of onset.</summary>
    public double OnsetHours { get; }

    /// <summary>Half-life of fast plasticity.</summary>
    public double FastHours { get; private init; }

    /// <summary>Share of slow plasticity.</summary>
    public double SlowFraction { get; }

    /// <summary>Half-life of slow plasticity.</summary>
    public double SlowHours { get; private init; }

    /// <summary>Accumulated drive, relative to one reference infusion, at which the effect is half of its ceiling.</summary>
    public double Saturation { get; }

    /// <summary>Loss of pulse per earlier session, 0 = none shown.</summary>
    public double Tolerance { get; }

    /// <summary>Occupancy-hours of the reference infusion in the typical patient.</summary>
    public double ReferenceOccupancyHours { get; }

    /// <summary>Logits.</summary>
    public double InertExpectancy { get; }

    /// <summary>Logits.</summary>
    public double PsychoactiveExpectancy { get; }

    /// <summary>Logits.</summary>
    public double SprayExpectancy { get; }

    /// <summary>Logits.</summary>
    public double OpenExpectancy { get; }

    /// <summary>Half-life of expectancy after the last session.</summary>
    public double ExpectancyHours { get; private init; }

    /// <summary>Improvement under midazolam beyond belief, logits: sleep and calm, or better blinding than under ketamine.</summary>
    public double MidazolamEffect { get; }

    /// <summary>How much of the smaller of drug effect and other improvement is not added to the larger: 0 additive, 1 most.</summary>
    public double Overlap { get; }

    /// <summary>Full effect of a conventional antidepressant started with the first session, logits.</summary>
    public double Antidepressant { get; }

    /// <summary>Log-normal spread of that effect between patients.</summary>
    public double AntidepressantSd { get; }

    /// <summary>Its half-time of onset.</summary>
    public double AntidepressantHours { get; }

    /// <summary>Lasting differences between patients without drug effect, logits.</summary>
    public double BetweenPatientSd { get; }

    /// <summary>Differences between visits of one patient, logits.</summary>
    public double VisitSd { get; }

    /// <summary>Share of a baseline deviation that persists; the rest regresses to the mean.</summary>
    public double BaselinePersistence { get; }

    /// <summary>The same parameters where benefit lasts longer or shorter: all half-lives of fading times a factor.</summary>
    /// <param name="factor">Multiple, positive.</param>
    public MoodParameters WithDuration(double factor)
        => this with { FastHours = FastHours * factor, SlowHours = SlowHours * factor, ExpectancyHours = ExpectancyHours * factor };

    /// <summary>Expectancy of an arm in logits at its height, with the effect of midazolam where it is the control.</summary>
    /// <param name="expectancy">What the patient believes.</param>
    /// <param name="control">True for a control arm: a psychoactive one is midazolam, with what it does beyond belief.</param>
    public double Of(Expectancy expectancy, bool control) => Of(expectancy) + (control && expectancy is Expectancy.Psychoactive ? MidazolamEffect : 0);

    /// <summary>Expectancy in logits at its height.</summary>
    /// <param name="expectancy">What the patient believes.</param>
    public double Of(Expectancy expectancy) => expectancy switch
    {
        Expectancy.InertControl => InertExpectancy,
        Expectancy.Psychoactive => PsychoactiveExpectancy,
        Expectancy.PlaceboSpray => SprayExpectancy,
        _ => OpenExpectancy,
    };
}

/// <summary>
/// From sessions to a MADRS score: a pulse of NMDA blockade starts plasticity that is fast and slow to fade, the effect
/// saturates, expectancy adds to it, and the sum lowers the score on a logit scale that stays within 0 to 60.
/// A stated hypothesis calibrated to outcomes; no pathway is presented as settled.
/// </summary>
public static class MoodModel
{
    /// <summary>Highest MADRS score.</summary>
    public const double MaximumMadrs = 60;

    private const double ExpectancyOnsetHours = 1;
    private const double ReferenceHours = 24;

    /// <summary>Plasticity started by one session: saturating in exposure, 1 for the reference exposure.</summary>
    /// <param name="parameters">Mood parameters.</param>
    /// <param name="occupancyHours">Occupancy-hours of the session.</param>
    public static double Pulse(in MoodParameters parameters, double occupancyHours)
    {
        var exposure = occupancyHours / parameters.ReferenceOccupancyHours;
        return (1 + parameters.HalfMaximalPulse) * exposure / (exposure + parameters.HalfMaximalPulse);
    }

    /// <summary>
    /// Weights w with which the sessions' pulses add up to the drive at each time: drive[t] = sum of w[t, j] pulse[j].
    /// One reference pulse gives 1 after 24 h.
    /// </summary>
    /// <param name="parameters">Mood parameters.</param>
    /// <param name="sessionHours">Start of each session.</param>
    /// <param name="timesHours">Times wanted.</param>
    public static double[,] DriveWeights(in MoodParameters parameters, ReadOnlySpan<double> sessionHours, ReadOnlySpan<double> timesHours)
    {
        var reference = Kernel(parameters, ReferenceHours);
        var weights = new double[timesHours.Length, sessionHours.Length];
        for (var t = 0; t < timesHours.Length; t++)
        {
            for (var j = 0; j < sessionHours.Length; j++)
            {
                var since = timesHours[t] - sessionHours[j];
                weights[t, j] = since <= 0 ? 0 : Kernel(parameters, since) / reference * Math.Exp(-parameters.Tolerance * j);
            }
        }
        return weights;
    }

    /// <summary>Saturating effect of the accumulated drive, 1 for a drive of 1; the patient's sensitivity multiplies it.</summary>
    /// <param name="parameters">Mood parameters.</param>
    /// <param name="drive">Accumulated drive, not negative.</param>
    public static double Effect(in MoodParameters parameters, double drive) => (1 + parameters.Saturation) * drive / (parameters.Saturation + drive);

    /// <summary>
    /// Whole improvement in logits. Drug effect D and other improvement N are less than additive: N + D - overlap N D / (N + D).
    /// </summary>
    /// <param name="parameters">Mood parameters.</param>
    /// <param name="drug">Drug effect, logits, not negative.</param>
    /// <param name="other">Expectancy and conventional antidepressant, logits.</param>
    public static double Improvement(in MoodParameters parameters, double drug, double other)
        => drug > 0 && other > 0 ? drug + other - parameters.Overlap * drug * other / (drug + other) : drug + other;

    /// <summary>Course of expectancy, 0 to 1: there within hours, held by each session, fading after the last.</summary>
    /// <param name="parameters">Mood parameters.</param>
    /// <param name="sessionHours">Start of each session, ascending.</param>
    /// <param name="hours">Time wanted.</param>
    public static double ExpectancyCourse(in MoodParameters parameters, ReadOnlySpan<double> sessionHours, double hours)
    {
        if (sessionHours.IsEmpty || hours <= sessionHours[0])
            return 0;
        var last = sessionHours[0];
        foreach (var session in sessionHours)
            last = session < hours ? session : last;
        return (1 - double.Exp2(-(hours - sessionHours[0]) / ExpectancyOnsetHours)) * double.Exp2(-(hours - last) / parameters.ExpectancyHours);
    }

    /// <summary>Effect in logits of a conventional antidepressant started at time 0: slow onset.</summary>
    /// <param name="parameters">Mood parameters.</param>
    /// <param name="hours">Time wanted.</param>
    public static double AntidepressantCourse(in MoodParameters parameters, double hours)
        => parameters.Antidepressant * (1 - double.Exp2(-Math.Max(0, hours) / parameters.AntidepressantHours));

    /// <summary>A patient's multiple of the antidepressant's mean effect; log-normal with mean 1.</summary>
    /// <param name="parameters">Mood parameters.</param>
    /// <param name="deviate">Standard normal deviate of the patient.</param>
    public static double AntidepressantFactor(in MoodParameters parameters, double deviate)
        => Math.Exp(parameters.AntidepressantSd * deviate - 0.5 * parameters.AntidepressantSd * parameters.AntidepressantSd);

    /// <summary>A patient's sensitivity to the drug in logits; log-normal, so that some respond strongly and many little.</summary>
    /// <param name="parameters">Mood parameters.</param>
    /// <param name="deviate">Standard normal deviate of the patient.</param>
    public static double Sensitivity(in MoodParameters parameters, double deviate) => parameters.DrugEffect * Math.Exp(parameters.DrugEffectSd * deviate);

    /// <summary>The level in logits that the patient would show again without any effect: the baseline, regressed to the mean.</summary>
    /// <param name="parameters">Mood parameters.</param>
    /// <param name="meanMadrs">Mean of the group at baseline.</param>
    /// <param name="baselineMadrs">The patient's baseline.</param>
    public static double UntreatedLogit(in MoodParameters parameters, double meanMadrs, double baselineMadrs)
        => Logit(meanMadrs) + parameters.BaselinePersistence * (Logit(baselineMadrs) - Logit(meanMadrs));

    /// <summary>Logit of a score as a fraction of 60, kept off the ends by half a point.</summary>
    /// <param name="madrs">MADRS score.</param>
    public static double Logit(double madrs)
    {
        var fraction = Math.Clamp(madrs, 0.5, MaximumMadrs - 0.5) / MaximumMadrs;
        return Math.Log(fraction / (1 - fraction));
    }

    /// <summary>The MADRS score of a logit.</summary>
    /// <param name="logit">Logit of the score's fraction of 60.</param>
    public static double Madrs(double logit) => MaximumMadrs / (1 + Math.Exp(-logit));

    private static double Kernel(in MoodParameters parameters, double hours)
        => (1 - double.Exp2(-hours / parameters.OnsetHours))
            * ((1 - parameters.SlowFraction) * double.Exp2(-hours / parameters.FastHours) + parameters.SlowFraction * double.Exp2(-hours / parameters.SlowHours));
}
