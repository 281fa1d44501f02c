using System.Globalization;

namespace Euthymia.Clinic;

/// <summary>Benzodiazepines and the like, added up as diazepam (MED-04).</summary>
/// <param name="MilligramsPerDay">mg of diazepam a day; 0 for none.</param>
/// <param name="Working">The arithmetic, one sentence a medicine.</param>
public sealed record DiazepamEquivalent(decimal MilligramsPerDay, IReadOnlyList<string> Working)
{
    /// <summary>Null while the list is not reviewed, or a dose or an equivalent is not known.</summary>
    public static DiazepamEquivalent? Of(IReadOnlyList<TakenDrug>? medication)
    {
        if (medication is null || medication.Any(d => d.Coded is null && d.Class == Rules.CoMedication.Benzodiazepine))
            return null;
        var counted = medication.Where(d => d.Coded?.DiazepamEquivalent is not null).ToList();
        if (counted.Exists(d => d.DailyMilligrams is null))
            return null;
        return new DiazepamEquivalent(
            counted.Sum(d => d.DailyMilligrams!.Value * d.Coded!.DiazepamEquivalent!.Value),
            counted.ConvertAll(d => string.Create(CultureInfo.InvariantCulture,
                $"{d.Coded!.Name} {d.DailyMilligrams:0.####} mg × {d.Coded.DiazepamEquivalent:0.####} = {d.DailyMilligrams * d.Coded.DiazepamEquivalent:0.####} mg of diazepam a day")));
    }
}
