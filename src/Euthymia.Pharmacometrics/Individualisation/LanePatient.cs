using System.Runtime.InteropServices;
using Euthymia.Numerics.Lanes;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>Eight sets of a patient's parameters on their natural scales; see docs/methods/individualisation.md for the equations.</summary>
internal sealed class LanePatient
{
    private const double ReferenceHours = 24;
    private const double ExpectancyOnsetRate = 0.693147180559945309;
    private static readonly double Ln2 = Math.Log(2);
    private readonly IndividualContext _context;
    private readonly Lanes8[] _mood = new Lanes8[11];

    public LanePatient(IndividualContext context)
    {
        _context = context;
        Kinetics = new LaneKinetics(context.Drug, context.WeightKg, context.Equivalents);
    }

    public LaneKinetics Kinetics { get; }

    /// <summary>Baseline MADRS, and the logit to which the score returns without any effect.</summary>
    public Lanes8 BaselineMadrs { get; private set; }

    public Lanes8 UntreatedLogit { get; private set; }

    /// <summary>Logits for an effect of one.</summary>
    public Lanes8 Sensitivity { get; private set; }

    public Lanes8 HalfMaximalPulse => _mood[1];

    public Lanes8 Saturation => _mood[6];

    /// <summary>Rates of the four exponentials of the course of plasticity, 1/h, and their coefficients for one pulse.</summary>
    public Lanes8[] PlasticityRates { get; } = new Lanes8[4];

    public Lanes8[] PlasticityCoefficients { get; } = new Lanes8[4];

    /// <summary>Logits of expectancy at its height.</summary>
    public Lanes8 Expectancy { get; private set; }

    public Lanes8 ExpectancyRate { get; private set; }

    /// <summary>How much of the smaller of drug effect and expectancy is not added to the larger.</summary>
    public Lanes8 Overlap => _mood[10];

    public Lanes8 DissociationSlope { get; private set; }

    public Lanes8 DissociationBackground { get; private set; }

    public Lanes8 DissociationFloor { get; private set; }

    public Lanes8 DissociationKept { get; private set; }

    /// <summary>mmHg at the reference peak, without the infusion's own part.</summary>
    public Lanes8 RiseSystolic { get; private set; }

    public Lanes8 RiseDiastolic { get; private set; }

    public Lanes8 BaseSystolic { get; private set; }

    public Lanes8 BaseDiastolic { get; private set; }

    /// <summary>Takes eight sets of standard normal deviates, at [effect x 8 + lane].</summary>
    public void Set(ReadOnlySpan<double> effects)
    {
        var z = MemoryMarshal.Cast<double, Lanes8>(effects);
        var layout = _context.Layout;
        Kinetics.Set(effects, Ln2 * 60 / Of(layout.EffectSite, z));
        SetMood(z);
        var sensitivity = Of(layout.Sensitivity, z);
        Sensitivity = _mood[0] * sensitivity;
        BaselineMadrs = layout.Baseline < 0
            ? _context.BaselineMadrs
            : Lanes8.Min(Lanes8.Max(Of(layout.Baseline, z), 0.5), MoodModel.MaximumMadrs - 0.5);
        var group = MoodModel.Logit(_context.Response["baseline_mean"]);
        UntreatedLogit = group + _mood[9] * (Logit(BaselineMadrs) - group) + Of(layout.Level, z);
        Expectancy = _mood[7] * Of(layout.Nonspecific, z);
        var duration = Of(layout.Duration, z);
        ExpectancyRate = Ln2 / (24 * _mood[8] * duration);
        SetPlasticity(duration);
        DissociationSlope = Of(layout.DissociationSlope, z);
        DissociationBackground = Of(layout.DissociationBackground, z);
        DissociationFloor = Of(layout.DissociationFloor, z);
        DissociationKept = 1.0 - Of(layout.DissociationRate, z);
        var clinic = Of(layout.PressorClinic, z);
        RiseSystolic = clinic * _context.Response["pressor_systolic"] + Of(layout.PressorSystolic, z);
        RiseDiastolic = clinic * _context.Response["pressor_diastolic"] + Of(layout.PressorDiastolic, z);
        BaseSystolic = Of(layout.BaseSystolic, z);
        BaseDiastolic = Of(layout.BaseDiastolic, z);
    }

    /// <summary>One effect's parameter in each lane.</summary>
    public Lanes8 Of(int effect, ReadOnlySpan<Lanes8> deviates)
    {
        var definition = _context.Layout.Effects[effect];
        var shift = deviates[effect] * definition.Sd;
        return definition.Scale switch
        {
            EstimationScale.Log => definition.Typical * Lanes8.Exp(shift),
            EstimationScale.Logit => 1.0 / (1.0 + (1 / definition.Typical - 1) * Lanes8.Exp(-shift)),
            _ => definition.Typical + shift,
        };
    }

    /// <summary>The plasticity that a session starts: 1 for the reference exposure.</summary>
    public Lanes8 Pulse(Lanes8 occupancyHours)
    {
        var exposure = occupancyHours / _context.Response["reference_occupancy_hours"];
        return (1.0 + HalfMaximalPulse) * exposure / (exposure + HalfMaximalPulse);
    }

    /// <summary>Dissociation's share left in a session, counted from 1.</summary>
    public Lanes8 DissociationTolerance(int session)
        => DissociationFloor + (1.0 - DissociationFloor) * Lanes8.Exp((session - 1) * Lanes8.Log(DissociationKept));

    /// <summary>CADSS total at an effect-site concentration of a session.</summary>
    public Lanes8 Cadss(Lanes8 effectSite, int session)
        => Lanes8.Min(DissociationModel.MaximumScore, DissociationBackground + DissociationSlope * effectSite * DissociationTolerance(session));

    /// <summary>MADRS of a logit.</summary>
    public static Lanes8 Madrs(Lanes8 logit) => MoodModel.MaximumMadrs / (1.0 + Lanes8.Exp(-logit));

    /// <summary>Logit of a MADRS within its bounds.</summary>
    public static Lanes8 Logit(Lanes8 madrs) => Lanes8.Log(madrs / (MoodModel.MaximumMadrs - madrs));

    /// <summary>Course of expectancy, 0 to 1.</summary>
    /// <param name="sinceFirst">Hours since the first session.</param>
    /// <param name="sinceLast">Hours since the last session.</param>
    public Lanes8 ExpectancyCourse(double sinceFirst, double sinceLast)
        => sinceFirst <= 0 ? 0.0 : (1 - Math.Exp(-ExpectancyOnsetRate * sinceFirst)) * Lanes8.Exp(-sinceLast * ExpectancyRate);

    // Shared parameters are correlated: estimates are L z on their own scales.
    private void SetMood(ReadOnlySpan<Lanes8> z)
    {
        var (parameters, factor) = _context.Layout.MoodPrior;
        for (var i = 0; i < parameters.Length; i++)
        {
            Lanes8 shift = 0.0;
            for (var j = 0; j <= i; j++)
                shift = Lanes8.MultiplyAdd(z[_context.Layout.Mood + j], factor[i * parameters.Length + j], shift);
            _mood[i] = parameters[i].Scale switch
            {
                EstimationScale.Log => parameters[i].Value * Lanes8.Exp(shift),
                EstimationScale.Logit => 1.0 / (1.0 + (1 / parameters[i].Value - 1) * Lanes8.Exp(-shift)),
                _ => parameters[i].Value + shift,
            };
        }
    }

    // k(s) = (1 - 2^(-s/onset)) ((1 - q) 2^(-s/fast) + q 2^(-s/slow)), multiplied out and scaled to 1 at 24 h.
    private void SetPlasticity(Lanes8 duration)
    {
        var onset = Ln2 / _mood[2];
        var fast = Ln2 / (24 * _mood[3] * duration);
        var slow = Ln2 / (24 * _mood[5] * duration);
        var share = _mood[4];
        (PlasticityRates[0], PlasticityRates[1], PlasticityRates[2], PlasticityRates[3]) = (fast, slow, fast + onset, slow + onset);
        (PlasticityCoefficients[0], PlasticityCoefficients[1], PlasticityCoefficients[2], PlasticityCoefficients[3]) = (1.0 - share, share, share - 1.0, -share);
        Lanes8 reference = 0.0;
        for (var i = 0; i < 4; i++)
            reference += PlasticityCoefficients[i] * Lanes8.Exp(PlasticityRates[i] * -ReferenceHours);
        for (var i = 0; i < 4; i++)
            PlasticityCoefficients[i] /= reference;
    }
}
