using System.Globalization;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>
/// The totals of a visit as every page and paper writes them: mg and mL in steps of 0.01, minutes in steps of 0.1. They are rounded
/// here, once, and nowhere else.
/// </summary>
public sealed record VisitTotals(Milligrams Given, Millilitres Volume, decimal Minutes, DrugLedger Ledger)
{
    public const int Decimals = 2;

    public static VisitTotals Of(VisitState state)
    {
        var ticks = state.Segments.Sum(s => (s.End - s.Start).Ticks);
        return new VisitTotals(
            DrugLedger.Of(state).Given,
            new Millilitres(Cut(state.VolumeGiven.Value)),
            decimal.Round((decimal)ticks / TimeSpan.TicksPerMinute, 1, MidpointRounding.AwayFromZero),
            DrugLedger.Of(state));
    }

    public string MinutesText => $"{Minutes.ToString("0.#", CultureInfo.InvariantCulture)} min";

    internal static decimal Cut(decimal value) => decimal.Round(value, Decimals, MidpointRounding.AwayFromZero);
}
