using System.Text.Json.Serialization;
using Euthymia.Clinic.Rules;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>A vial was taken from the safe and the syringe or bag made up from it.</summary>
/// <param name="Vial">Number or label of the vial.</param>
/// <param name="Lot">Lot on its label.</param>
/// <param name="Expiry">Last day of use.</param>
/// <param name="VialMilligramsPerMillilitre">Strength on its label, mg of ketamine base per mL.</param>
/// <param name="VialMillilitres">What was in the vial when it was taken, mL.</param>
/// <param name="DrawnMillilitres">Drawn into the syringe or bag, mL.</param>
/// <param name="TotalMillilitres">Volume in the syringe or bag after dilution, mL.</param>
/// <param name="LabelSaysBase">The label of the syringe or bag says milligrams of ketamine base.</param>
/// <param name="BarbiturateInLine">A barbiturate is in the same syringe or line.</param>
/// <param name="Reason">Why a value outside the usual range is right.</param>
public sealed record DrugPrepared(
    string Vial,
    string Lot,
    DateOnly Expiry,
    [property: JsonPropertyName("vial mg/mL")] decimal VialMilligramsPerMillilitre,
    [property: JsonPropertyName("vial mL")] decimal VialMillilitres,
    [property: JsonPropertyName("drawn mL")] decimal DrawnMillilitres,
    [property: JsonPropertyName("total mL")] decimal TotalMillilitres,
    bool LabelSaysBase,
    bool BarbiturateInLine,
    string? Reason = null) : SheetEntry
{
    /// <summary>All that was taken from the safe.</summary>
    [JsonIgnore]
    public Milligrams Taken => new(VialMillilitres * VialMilligramsPerMillilitre);

    [JsonIgnore]
    public Milligrams Drawn => new(DrawnMillilitres * VialMilligramsPerMillilitre);
}

/// <summary>One person's own entry of the four numbers at the pump. Two different people have to make it before the start.</summary>
public sealed record PumpEntered(
    [property: JsonPropertyName("kg")] decimal Kilograms,
    [property: JsonPropertyName("mg/mL")] decimal MilligramsPerMillilitre,
    [property: JsonPropertyName("mL/h")] decimal MillilitresPerHour,
    [property: JsonPropertyName("mL")] decimal Millilitres) : SheetEntry
{
    internal PumpEntry ForRules() => new(Kilograms, MilligramsPerMillilitre, MillilitresPerHour, Millilitres);
}

/// <summary>Drug was made unusable; it counts in the ledger once another person has witnessed it.</summary>
public sealed record DrugWasted([property: JsonPropertyName("mg")] decimal Milligrams, string How) : SheetEntry;

/// <summary>Drug went back to the safe.</summary>
public sealed record DrugReturned([property: JsonPropertyName("mg")] decimal Milligrams, string Where) : SheetEntry;

/// <summary>The author saw how the drug of an earlier event was wasted.</summary>
public sealed record Witnessed(Guid EventId) : SheetEntry;
