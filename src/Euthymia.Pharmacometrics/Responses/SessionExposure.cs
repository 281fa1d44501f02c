using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics.Responses;

/// <summary>Which ketamine is given.</summary>
public enum KetamineForm
{
    /// <summary>Equal parts of both enantiomers.</summary>
    Racemic,

    /// <summary>S-ketamine.</summary>
    Esketamine,

    /// <summary>R-ketamine.</summary>
    Arketamine,
}

/// <summary>One session: how much of which ketamine enters, how fast.</summary>
/// <param name="Form">Racemic or one enantiomer.</param>
/// <param name="Milligrams">Drug base that is given.</param>
/// <param name="InfusionHours">Length of the infusion; zero for a dose that is absorbed or a bolus.</param>
/// <param name="Bioavailability">Fraction that reaches the circulation, 1 for an infusion.</param>
/// <param name="AbsorptionPerHour">First-order absorption rate; infinite when it enters the blood directly.</param>
/// <param name="BolusMilligrams">Part given over <paramref name="BolusHours"/> before the infusion.</param>
/// <param name="BolusHours">Length of that first part.</param>
public readonly record struct KetamineSession(
    KetamineForm Form,
    double Milligrams,
    double InfusionHours,
    double Bioavailability = 1,
    double AbsorptionPerHour = double.PositiveInfinity,
    double BolusMilligrams = 0,
    double BolusHours = 0)
{
    /// <summary>When drug stops entering, in hours from the start (absorption goes on after it).</summary>
    public double EndHours => BolusHours + InfusionHours;
}

/// <summary>
/// What one session does at the effect site of one patient. Kinetics: the three-compartment disposition of the shipped
/// ketamine model (Kamp 2020), stepped exactly by matrix exponentials; effect site by ke0; occupancy of the NMDA receptor
/// by competitive binding of both enantiomers, unbound (Ebert 1997 affinities).
/// </summary>
/// <param name="OccupancyHours">Integral of the fractional occupancy over the session and the day after.</param>
/// <param name="PeakConcentration">Highest effect-site concentration in racemic-equivalent ng/mL.</param>
/// <param name="Concentrations">Racemic-equivalent effect-site concentration in ng/mL at the times asked for.</param>
/// <param name="PeakPlasma">Highest venous plasma concentration, ng/mL of the drug given.</param>
public sealed record SessionExposure(double OccupancyHours, double PeakConcentration, double[] Concentrations, double PeakPlasma)
{
    private const double StepHours = 1.0 / 30;
    private const double TailHours = 24;
    private const double ReferenceWeightKg = 70;
    private const double MolarMass = 237.725;
    private const int States = 5;
    private const int Depot = 0;
    private const int Central = 1;
    private const int EffectSite = 4;

    /// <summary>Exposure of one patient.</summary>
    /// <param name="session">What is given.</param>
    /// <param name="weightKg">Body weight.</param>
    /// <param name="clearanceDeviate">Standard normal deviate of the patient's clearance.</param>
    /// <param name="volumeDeviate">Standard normal deviate of the patient's volumes.</param>
    /// <param name="timesHours">Times from the start of the session at which the concentration is wanted; ascending.</param>
    /// <param name="parameters">Response parameters: ke0, affinities, unbound fraction.</param>
    public static SessionExposure Of(KetamineSession session, double weightKg, double clearanceDeviate, double volumeDeviate, IReadOnlyList<double> timesHours, ResponseParameters parameters)
    {
        var kinetics = PatientKinetics.Of(weightKg, clearanceDeviate, volumeDeviate);
        var ke0 = Math.Log(2) / (parameters["effect_site_half_life"] / 60);
        var (transition, input) = Step(kinetics, ke0, double.IsInfinity(session.AbsorptionPerHour) ? 0 : session.AbsorptionPerHour);
        var racemicPotency = Potency(KetamineForm.Racemic, parameters);
        var equivalents = Potency(session.Form, parameters) / racemicPotency;

        Span<double> state = stackalloc double[States];
        Span<double> next = stackalloc double[States];
        state.Clear();
        var absorbed = !double.IsInfinity(session.AbsorptionPerHour);
        if (absorbed)
            state[Depot] = session.Milligrams * session.Bioavailability;
        else if (session.EndHours <= 0)
            state[Central] = session.Milligrams * session.Bioavailability;

        var concentrations = new double[timesHours.Count];
        var (occupancyHours, peak, peakPlasma, previousRate, sample) = (0.0, 0.0, 0.0, 0.0, 0);
        var steps = (int)Math.Ceiling((session.EndHours + TailHours) / StepHours);
        for (var step = 0; step <= steps; step++)
        {
            var time = step * StepHours;
            var effect = Math.Max(0, state[EffectSite]) * equivalents;
            while (sample < timesHours.Count && timesHours[sample] <= time + StepHours / 2)
                concentrations[sample++] = effect;
            peak = Math.Max(peak, effect);
            var bound = effect * racemicPotency;
            occupancyHours += StepHours * bound / (1 + bound);

            var rate = absorbed ? 0 : Rate(session, time);
            // Venous blood lags arterial by rate / mixing flow while the pump runs: the engine's observation model.
            // At the end of an infusion the rate of the step before still counts: the sample is drawn just before the switch.
            peakPlasma = Math.Max(peakPlasma, 1000 * (state[Central] / kinetics.V1 - previousRate / kinetics.MixingFlow));
            previousRate = rate;
            for (var i = 0; i < States; i++)
            {
                var sum = input[i] * rate;
                for (var j = 0; j < States; j++)
                    sum += transition[i * States + j] * state[j];
                next[i] = sum;
            }
            next.CopyTo(state);
        }
        return new SessionExposure(occupancyHours, peak, concentrations, peakPlasma);
    }

    /// <summary>Drug form's affinity as 1/(ng/mL) of total plasma concentration: occupancy = c p / (1 + c p).</summary>
    /// <param name="form">Racemic or one enantiomer.</param>
    /// <param name="parameters">Affinities in umol/L and the unbound fraction.</param>
    public static double Potency(KetamineForm form, ResponseParameters parameters)
    {
        double PerNanogram(string name) => parameters["unbound_fraction"] / (parameters[name] * MolarMass);
        return form switch
        {
            KetamineForm.Esketamine => PerNanogram("affinity_s"),
            KetamineForm.Arketamine => PerNanogram("affinity_r"),
            _ => (PerNanogram("affinity_s") + PerNanogram("affinity_r")) / 2,
        };
    }

    private static double Rate(KetamineSession session, double time)
    {
        // The rate over a step is its mean, so that the whole dose is given whatever the length of the infusion.
        var bolus = Overlap(time, 0, session.BolusHours) * (session.BolusHours > 0 ? session.BolusMilligrams / session.BolusHours : 0);
        var infusion = Overlap(time, session.BolusHours, session.EndHours)
            * (session.InfusionHours > 0 ? (session.Milligrams - session.BolusMilligrams) / session.InfusionHours : 0);
        return (bolus + infusion) * session.Bioavailability / StepHours;
    }

    private static double Overlap(double time, double start, double end) => Math.Max(0, Math.Min(time + StepHours, end) - Math.Max(time, start));

    // One exact step of length h: x(t + h) = E x(t) + G b r, with b the central compartment and r the mean rate of the step.
    private static (double[] Transition, double[] Input) Step(PatientKinetics patient, double ke0, double absorption)
    {
        Span<double> k = stackalloc double[States * States];
        k.Clear();
        k[Depot * States + Depot] = -absorption;
        k[Central * States + Depot] = absorption;
        k[Central * States + Central] = -(patient.Clearance + patient.Q2 + patient.Q3) / patient.V1;
        k[2 * States + Central] = patient.Q2 / patient.V1;
        k[3 * States + Central] = patient.Q3 / patient.V1;
        k[Central * States + 2] = patient.Q2 / patient.V2;
        k[2 * States + 2] = -patient.Q2 / patient.V2;
        k[Central * States + 3] = patient.Q3 / patient.V3;
        k[3 * States + 3] = -patient.Q3 / patient.V3;
        // The effect site follows the central concentration in ng/mL (mg/L times 1000).
        k[EffectSite * States + Central] = ke0 / patient.V1 * 1000;
        k[EffectSite * States + EffectSite] = -ke0;

        var transition = new double[States * States];
        var integral = new double[States * States];
        MatrixExponential.Compute(k, StepHours, States, transition, integral);
        return (transition, [.. Enumerable.Range(0, States).Select(i => integral[i * States + Central])]);
    }

    private readonly record struct PatientKinetics(double V1, double V2, double V3, double Clearance, double Q2, double Q3, double MixingFlow)
    {
        private static readonly DrugModel Model = DrugModels.Get("ketamine");

        public static PatientKinetics Of(double weightKg, double clearanceDeviate, double volumeDeviate)
        {
            var volume = weightKg / ReferenceWeightKg * Math.Exp(Model.RandomEffects.Single(effect => effect.Name is "eta_V").LogSd * volumeDeviate);
            var size = Math.Pow(weightKg / ReferenceWeightKg, 0.75);
            var clearance = size * Math.Exp(Model.RandomEffects.Single(effect => effect.Name is "eta_CL").LogSd * clearanceDeviate);
            return new PatientKinetics(Value("V1") * volume, Value("V2") * volume, Value("V3") * volume, Value("CL") * clearance, Value("Q2") * size, Value("Q3") * size, Value("Qmix") * size);
        }

        private static double Value(string name) => Model.Parameters.Single(parameter => string.Equals(parameter.Name, name, StringComparison.Ordinal)).Value;
    }
}
