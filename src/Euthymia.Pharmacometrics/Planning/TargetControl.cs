using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Pharmacometrics.Planning;

/// <summary>
/// The rates of a pump that hold an effect-site concentration, from one patient's kinetics. At each step the rate is the one
/// whose effect, if the pump stopped after the step, would peak at the target: it fills the effect site as fast as the pump
/// can without passing the target. Source: Shafer and Gregg, J Pharmacokinet Biopharm 20 (1992) 147-169.
/// </summary>
internal static class TargetControl
{
    private const double HorizonHours = 1;
    private const int SearchRounds = 20;

    /// <summary>Rate segments in hours and mg/h from the session's start.</summary>
    /// <param name="kinetics">Of the patient; its first set is used.</param>
    /// <param name="target">What to hold, and the pump.</param>
    public static (double Start, double End, double Rate)[] Rates(LaneKinetics kinetics, EffectSiteTarget target)
    {
        var modes = kinetics.CentralModes;
        var (rates, effect) = (new double[modes.Length], new double[modes.Length]);
        for (var i = 0; i < modes.Length; i++)
            (rates[i], effect[i]) = (kinetics.Rates[modes[i]][0], kinetics.Curve(kinetics.Curves)[modes[i]][0]);
        var step = target.Step.TotalHours;
        var unit = new double[modes.Length];
        for (var i = 0; i < unit.Length; i++)
            unit[i] = (Math.Exp(rates[i] * step) - 1) / rates[i];

        var state = new double[modes.Length];
        List<(double Start, double End, double Rate)> segments = [];
        var steps = (int)Math.Floor(target.Duration.TotalHours / step + 1e-9);
        for (var k = 0; k < steps; k++)
        {
            var rate = Math.Clamp(PeakingRate(state, unit, rates, effect, step, target.NanogramsPerMillilitre), 0, (double)target.MaximumRate.Value);
            for (var i = 0; i < state.Length; i++)
                state[i] = state[i] * Math.Exp(rates[i] * step) + rate * unit[i];
            segments.Add((k * step, (k + 1) * step, Math.Round(rate, 2)));
        }

        return Join(segments);
    }

    // The rate and the time of its peak are found in turn: each settles the other.
    private static double PeakingRate(double[] state, double[] unit, double[] rates, double[] effect, double step, double target)
    {
        var points = (int)(HorizonHours / step * 4);
        var (natural, own) = (new double[points], new double[points]);
        for (var p = 0; p < points; p++)
        {
            var after = p * step / 4;
            for (var i = 0; i < rates.Length; i++)
            {
                var decay = effect[i] * Math.Exp(rates[i] * after);
                natural[p] += decay * state[i] * Math.Exp(rates[i] * step);
                own[p] += decay * unit[i];
            }
        }

        if (natural.Max() >= target)
            return 0;
        var (peak, rate) = (Array.IndexOf(own, own.Max()), 0.0);
        for (var round = 0; round < SearchRounds; round++)
        {
            rate = (target - natural[peak]) / own[peak];
            var highest = 0;
            for (var p = 1; p < points; p++)
                if (natural[p] + rate * own[p] > natural[highest] + rate * own[highest])
                    highest = p;
            if (highest == peak)
                break;
            peak = highest;
        }

        return rate;
    }

    // Equal neighbours become one segment, as a pump's program has them.
    private static (double Start, double End, double Rate)[] Join(List<(double Start, double End, double Rate)> segments)
    {
        List<(double Start, double End, double Rate)> joined = [];
        foreach (var segment in segments)
        {
            if (joined.Count > 0 && joined[^1].Rate == segment.Rate)
                joined[^1] = (joined[^1].Start, segment.End, segment.Rate);
            else
                joined.Add(segment);
        }

        return [.. joined.Where(segment => segment.Rate > 0)];
    }
}
