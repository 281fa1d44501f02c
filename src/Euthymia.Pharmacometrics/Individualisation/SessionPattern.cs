using Euthymia.Numerics.Lanes;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>What one session does, in each of eight sets of parameters.</summary>
/// <param name="OccupancyHours">Integral of the receptors' occupancy over the session and the day after.</param>
/// <param name="PeakEffect">Highest effect-site concentration, racemic-equivalent ng/mL.</param>
/// <param name="PeakPlasma">Highest concentration in the central compartment, ng/mL.</param>
internal readonly record struct LaneExposure(Lanes8 OccupancyHours, Lanes8 PeakEffect, Lanes8 PeakPlasma);

/// <summary>
/// One session as rate segments from its start, or as a depot that is absorbed; with the nodes over which its exposure is
/// integrated: three-point Gauss-Legendre panels that end at every switch of the pump and grow after the last.
/// </summary>
internal sealed class SessionPattern
{
    private const double LongestPanel = 0.25;
    private static readonly double[] TailPanels = [0.1, 0.1, 0.15, 0.25, 0.5, 1, 2, 4, 6, 9.9];
    private static readonly double[] GaussNodes = [0.11270166537925831, 0.5, 0.8872983346207417];
    private static readonly double[] GaussWeights = [5.0 / 18, 8.0 / 18, 5.0 / 18];

    private readonly Node[] _nodes;

    /// <summary>A session of rate segments.</summary>
    /// <param name="segments">Hours from the session's start, and mg/h.</param>
    public SessionPattern(IReadOnlyList<(double Start, double End, double Rate)> segments)
    {
        Segments = [.. segments];
        List<Node> nodes = [];
        var now = 0.0;
        foreach (var (start, end, rate) in Segments)
        {
            AddPanels(nodes, start - now, 0);
            AddPanels(nodes, end - start, rate);
            now = end;
        }

        foreach (var panel in TailPanels)
            AddPanel(nodes, panel, 0);
        _nodes = [.. nodes];
        Milligrams = Segments.Sum(segment => segment.Rate * (segment.End - segment.Start));
    }

    /// <summary>A dose absorbed from a depot.</summary>
    /// <param name="milligrams">That arrive: dose times bioavailability.</param>
    /// <param name="absorptionPerHour">First-order rate.</param>
    public SessionPattern(double milligrams, double absorptionPerHour)
        : this([])
    {
        (Milligrams, AbsorptionPerHour) = (milligrams, absorptionPerHour);
        List<Node> nodes = [];
        AddPanels(nodes, 1, 0);
        foreach (var panel in TailPanels)
            AddPanel(nodes, panel, 0);
        _nodes = [.. nodes];
    }

    /// <summary>In order, not overlapping, in hours from the session's start and mg/h; none for a depot.</summary>
    public (double Start, double End, double Rate)[] Segments { get; }

    /// <summary>What enters the blood.</summary>
    public double Milligrams { get; }

    /// <summary>Of a depot; zero for an infusion.</summary>
    public double AbsorptionPerHour { get; }

    /// <summary>Exposure in eight sets of parameters.</summary>
    /// <param name="kinetics">The sets.</param>
    /// <param name="multiplier">Of all concentrations.</param>
    /// <param name="potency">Occupancy is c p / (1 + c p), 1/(ng/mL).</param>
    public LaneExposure Expose(LaneKinetics kinetics, Lanes8 multiplier, double potency)
    {
        var modes = kinetics.CentralModes;
        var count = modes.Length + (AbsorptionPerHour > 0 ? 1 : 0);
        Span<Lanes8> rates = stackalloc Lanes8[count];
        Span<Lanes8> inverse = stackalloc Lanes8[count];
        Span<Lanes8> effect = stackalloc Lanes8[count];
        Span<Lanes8> plasma = stackalloc Lanes8[count];
        Span<Lanes8> state = stackalloc Lanes8[count];
        Coefficients(kinetics, multiplier, rates, effect, plasma, state);
        for (var i = 0; i < count; i++)
            inverse[i] = 1.0 / rates[i];

        Lanes8 occupancy = 0.0, peakEffect = 0.0, peakPlasma = 0.0;
        foreach (ref readonly var node in _nodes.AsSpan())
        {
            Lanes8 siteConcentration = 0.0, plasmaConcentration = 0.0;
            for (var i = 0; i < count; i++)
            {
                var plateau = inverse[i] * -node.Rate;
                state[i] = Lanes8.MultiplyAdd(state[i] - plateau, Lanes8.Exp(rates[i] * node.Length), plateau);
                siteConcentration = Lanes8.MultiplyAdd(effect[i], state[i], siteConcentration);
                plasmaConcentration = Lanes8.MultiplyAdd(plasma[i], state[i], plasmaConcentration);
            }

            peakEffect = Lanes8.Max(peakEffect, siteConcentration);
            peakPlasma = Lanes8.Max(peakPlasma, plasmaConcentration);
            if (node.Weight == 0)
                continue;
            var bound = Lanes8.Max(siteConcentration, 0.0) * potency;
            occupancy = Lanes8.MultiplyAdd(bound / (1.0 + bound), node.Weight, occupancy);
        }

        return new LaneExposure(occupancy, peakEffect, peakPlasma);
    }

    /// <summary>One curve of <see cref="LaneKinetics"/> a time after the session's start, ng/mL.</summary>
    public Lanes8 At(double hours, LaneKinetics kinetics, int curve)
    {
        Lanes8 sum = 0.0;
        if (hours <= 0)
            return sum;
        var coefficients = kinetics.Curve(curve);
        for (var mode = 0; mode < kinetics.Modes; mode++)
        {
            var rate = kinetics.Rates[mode];
            Lanes8 amount = 0.0;
            foreach (var (start, end, milligramsPerHour) in Segments)
            {
                if (hours <= start)
                    break;
                amount += (Lanes8.Exp(rate * (hours - start)) - Lanes8.Exp(rate * Math.Max(hours - end, 0))) * milligramsPerHour;
            }

            sum = Lanes8.MultiplyAdd(coefficients[mode], amount / rate, sum);
        }

        return sum;
    }

    private void Coefficients(LaneKinetics kinetics, Lanes8 multiplier, Span<Lanes8> rates, Span<Lanes8> effect, Span<Lanes8> plasma, Span<Lanes8> state)
    {
        var modes = kinetics.CentralModes;
        var effectCurve = kinetics.Curve(kinetics.Curves);
        var plasmaCurve = kinetics.Curve(kinetics.CentralCurve);
        Lanes8 lastEffect = 0.0, lastPlasma = 0.0;
        for (var i = 0; i < modes.Length; i++)
        {
            rates[i] = kinetics.Rates[modes[i]];
            effect[i] = effectCurve[modes[i]] * multiplier;
            plasma[i] = plasmaCurve[modes[i]] * multiplier;
            state[i] = 0.0;
            if (AbsorptionPerHour <= 0)
                continue;
            // A depot's curve is the convolution with its own exponential.
            var apart = AbsorptionPerHour + rates[i];
            apart = Lanes8.Select(Lanes8.AtMost(Lanes8.Abs(apart), 1e-6 * AbsorptionPerHour), 1e-6 * AbsorptionPerHour, apart);
            var share = AbsorptionPerHour / apart;
            effect[i] *= share;
            plasma[i] *= share;
            state[i] = Milligrams;
            lastEffect -= effect[i];
            lastPlasma -= plasma[i];
        }

        if (AbsorptionPerHour <= 0)
            return;
        (rates[^1], effect[^1], plasma[^1], state[^1]) = (-AbsorptionPerHour, lastEffect, lastPlasma, Milligrams);
    }

    private static void AddPanels(List<Node> nodes, double length, double rate)
    {
        if (length <= 0)
            return;
        var panels = (int)Math.Ceiling(length / LongestPanel);
        for (var i = 0; i < panels; i++)
            AddPanel(nodes, length / panels, rate);
    }

    private static void AddPanel(List<Node> nodes, double length, double rate)
    {
        var at = 0.0;
        for (var i = 0; i < GaussNodes.Length; i++)
        {
            nodes.Add(new Node((GaussNodes[i] - at) * length, rate, GaussWeights[i] * length));
            at = GaussNodes[i];
        }

        nodes.Add(new Node((1 - at) * length, rate, 0));
    }

    private readonly record struct Node(double Length, double Rate, double Weight);
}
