using System.Globalization;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>
/// The arithmetic of one infusion in decimals, from mg/kg and kg to mg, mL and mL/h. Values are exact;
/// <see cref="PumpRate"/> is the rate as a pump takes it, in steps of 0.01 mL/h.
/// </summary>
public sealed record DoseArithmetic(
    MilligramsPerKilogram DosePerKilogram,
    Kilograms Weight,
    TimeSpan Duration,
    MilligramsPerMillilitre VialStrength,
    MilligramsPerMillilitre Concentration)
{
    public const int PumpDecimals = 2;

    public Milligrams Dose => DosePerKilogram * Weight;

    /// <summary>Volume to be infused at the concentration in the syringe or bag.</summary>
    public Millilitres Volume => Dose / Concentration;

    /// <summary>Volume drawn from the vial.</summary>
    public Millilitres Drawn => Dose / VialStrength;

    /// <summary>Diluent added to what was drawn; zero when the vial is given undiluted.</summary>
    public Millilitres Diluent => Volume - Drawn;

    /// <summary>The least to draw on a syringe with lines of 0.01 mL, so that the whole dose is in it as the pump gives it.</summary>
    public Millilitres DrawAtLeast => new(decimal.Ceiling(DoseByPump.Value / VialStrength.Value * 100) / 100);

    /// <summary>The volume that a drawn amount is filled up to, to have the ordered concentration.</summary>
    public Millilitres FillUpTo(Millilitres drawn) => new(Cut((drawn * VialStrength / Concentration).Value));

    // The pump takes volumes in steps of 0.01 mL, so the dose as it is given may be that little above the dose as worked out.
    internal Milligrams DoseByPump => new(Math.Max(Dose.Value, PumpVolume.Value * Concentration.Value));

    public MillilitresPerHour Rate => Volume / Duration;

    public MillilitresPerHour PumpRate => new(decimal.Round(Rate.Value, PumpDecimals, MidpointRounding.AwayFromZero));

    /// <summary>The volume as a pump takes it, in steps of 0.01 mL.</summary>
    public Millilitres PumpVolume => new(decimal.Round(Volume.Value, PumpDecimals, MidpointRounding.AwayFromZero));

    /// <summary>mg/min, the unit of the limit on the speed of giving.</summary>
    public decimal MilligramsPerMinute => Dose.Value * TimeSpan.TicksPerMinute / Duration.Ticks;

    /// <summary>The working, one sentence for each step, as a second person would repeat it.</summary>
    public IReadOnlyList<string> Working()
    {
        var minutes = Text((decimal)Duration.Ticks / TimeSpan.TicksPerMinute);
        List<string> steps =
        [
            $"{DosePerKilogram} × {Weight} = {Rounded(Dose.Value, v => new Milligrams(v).ToString())}",
            $"Infuse: {Shown(Dose)} ÷ {Concentration} = {Rounded(Volume.Value, v => new Millilitres(v).ToString())}",
            $"Pump: {Shown(Volume)} ÷ ({minutes}/60 h) = {Rounded(Rate.Value, v => new MillilitresPerHour(v).ToString())}",
            $"Draw from the vial: {Shown(Dose)} ÷ {VialStrength} = {Rounded(Drawn.Value, v => new Millilitres(v).ToString())}",
        ];
        steps.Add(Diluent.Value == 0
            ? "No diluent: the vial's strength is what is infused."
            : $"Add diluent: {Shown(Volume)} − {Shown(Drawn)} = {Rounded(Diluent.Value, v => new Millilitres(v).ToString())}");
        return steps;
    }

    private static string Shown(Milligrams dose) => new Milligrams(Cut(dose.Value)).ToString();

    private static string Shown(Millilitres volume) => new Millilitres(Cut(volume.Value)).ToString();

    // A rounded result says so: nothing is rounded silently.
    private static string Rounded(decimal exact, Func<decimal, string> write)
    {
        var shown = Cut(exact);
        return shown == exact ? write(shown) : $"{write(shown)} (rounded)";
    }

    private static decimal Cut(decimal value) => decimal.Round(value, PumpDecimals, MidpointRounding.AwayFromZero);

    private static string Text(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
