namespace Euthymia.Pharmacometrics.Responses;

/// <summary>
/// Dissociation (CADSS, 0 to 92) by effect-site concentration, falling over sessions to a floor:
/// score = slope x concentration x tolerance(session). Linear in the therapeutic range (Bowdle 1998).
/// </summary>
public static class DissociationModel
{
    /// <summary>Highest score of the 23-item scale.</summary>
    public const double MaximumScore = 92;

    /// <summary>Share of the first session's dissociation left in a later one.</summary>
    /// <param name="parameters">Response parameters.</param>
    /// <param name="session">1 for the first.</param>
    public static double Tolerance(ResponseParameters parameters, int session)
    {
        var floor = parameters["dissociation_tolerance_floor"];
        return floor + (1 - floor) * Math.Pow(1 - parameters["dissociation_tolerance_rate"], session - 1);
    }

    /// <summary>CADSS total of one patient.</summary>
    /// <param name="parameters">Response parameters.</param>
    /// <param name="concentration">Effect site, racemic-equivalent ng/mL.</param>
    /// <param name="session">1 for the first.</param>
    /// <param name="deviate">Standard normal deviate of the patient.</param>
    public static double Cadss(ResponseParameters parameters, double concentration, int session, double deviate)
        => Math.Min(MaximumScore, parameters["dissociation_background"]
            + parameters["dissociation_slope"] * Math.Exp(parameters["dissociation_sd"] * deviate) * concentration * Tolerance(parameters, session));
}

/// <summary>Rise of blood pressure and heart rate in proportion to the effect-site concentration; no tolerance over sessions is known.</summary>
public static class HaemodynamicModel
{
    /// <summary>Rise in mmHg or beats/min.</summary>
    /// <param name="parameters">Response parameters.</param>
    /// <param name="sign">systolic, diastolic or heart_rate.</param>
    /// <param name="concentration">Effect site, racemic-equivalent ng/mL.</param>
    /// <param name="clinicDeviate">Standard normal deviate of the clinic: clinics differ by more than chance.</param>
    /// <param name="patientDeviate">Standard normal deviate of the patient.</param>
    public static double Rise(ResponseParameters parameters, string sign, double concentration, double clinicDeviate, double patientDeviate)
    {
        var typical = parameters["pressor_" + sign] * concentration / parameters["reference_peak"];
        return typical * Math.Exp(parameters["pressor_clinic_sd"] * clinicDeviate) + parameters["pressor_patient_sd_" + sign] * patientDeviate;
    }
}

/// <summary>Probability that an adverse event is ever reported in a course: 1 - exp(-(background + drug hazard)).</summary>
public static class SideEffectModel
{
    /// <summary>Probability of at least one report.</summary>
    /// <param name="effect">The term.</param>
    /// <param name="relativePeak">Peak effect-site concentration over the reference peak; 0 for a control.</param>
    /// <param name="sessions">Sessions of the course.</param>
    /// <param name="tolerance">Share of the hazard that each session keeps of the one before it.</param>
    /// <param name="drugShift">Log of the trial's multiple of the drug hazard; 0 is typical.</param>
    /// <param name="backgroundShift">Log of the trial's multiple of the background; 0 is typical.</param>
    public static double Probability(SideEffectParameter effect, double relativePeak, int sessions, double tolerance, double drugShift = 0, double backgroundShift = 0)
        => 1 - Math.Exp(-(effect.Background * Math.Exp(backgroundShift) + effect.PerSession * Math.Exp(drugShift) * relativePeak * SessionWeight(sessions, tolerance)));

    /// <summary>Sum of the sessions' hazards relative to the first.</summary>
    /// <param name="sessions">Sessions of the course.</param>
    /// <param name="tolerance">Share kept from session to session.</param>
    public static double SessionWeight(int sessions, double tolerance)
        => tolerance >= 1 ? sessions : (1 - Math.Pow(tolerance, sessions)) / (1 - tolerance);
}
