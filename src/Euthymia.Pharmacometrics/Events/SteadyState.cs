using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>
/// The state as if a dose had been given every interval for ever, at the time of the next one, before it. Over the interval
/// that ends then the dose arrives once, its lag modulo the interval after the interval's start; what an empty body gains
/// from that, B, gives the state A = exp(K interval) A + B. Infusions longer than the interval overlap.
/// </summary>
internal static class SteadyState
{
    /// <summary>More infusions than this under way at once are refused: each must be ended.</summary>
    public const double MostOverlapping = 100_000;

    /// <summary>Amounts before the next dose. False when something never leaves.</summary>
    public static bool OfDoses(LinearPropagator propagator, DoseSeries dose, double interval, double lag, Span<double> state)
    {
        Gain(propagator, dose, interval, lag, state);
        return propagator.PeriodicState(state, interval);
    }

    /// <summary>A lag as whole intervals and a rest; a rest that is an interval but for rounding is none.</summary>
    public static (double Phase, double Intervals) Split(double lag, double interval)
    {
        var rest = lag % interval;
        if (interval - rest < 1e-12 * interval)
            rest = 0;
        return (rest, Math.Round((lag - rest) / interval));
    }

    private static void Gain(LinearPropagator propagator, DoseSeries dose, double interval, double lag, Span<double> state)
    {
        Span<double> rates = stackalloc double[state.Length];
        state.Clear();
        rates.Clear();
        var (arrival, _) = Split(lag, interval);
        if (dose.Duration == 0)
        {
            state[dose.Compartment] = dose.Amount;
            propagator.Advance(state, rates, interval - arrival);
            return;
        }

        // So many infusions always run; one more from the arrival on, for the rest of the duration.
        var always = Math.Floor(dose.Duration / interval);
        var end = arrival + dose.Duration - always * interval;
        Span<(double From, double To, double Running)> pieces = end <= interval
            ? [(0, arrival, always), (arrival, end, always + 1), (end, interval, always)]
            : [(0, end - interval, always + 1), (end - interval, arrival, always), (arrival, interval, always + 1)];
        foreach (var (from, to, running) in pieces)
        {
            rates[dose.Compartment] = dose.Amount / dose.Duration * running;
            propagator.Advance(state, rates, to - from);
        }
    }
}
