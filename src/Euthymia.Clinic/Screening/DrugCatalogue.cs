using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>A medicine as the intake codes it.</summary>
/// <param name="Code">ATC code.</param>
/// <param name="Name">International non-proprietary name.</param>
/// <param name="AdequateMilligrams">Daily dose in mg from which a trial counts as adequate; null when it is no antidepressant.</param>
/// <param name="DiazepamEquivalent">mg of diazepam that 1 mg stands for; null when it is no benzodiazepine or similar.</param>
/// <param name="MoodStabiliser">Counts as a mood stabiliser in bipolar disorder.</param>
/// <param name="Classes">What it is beside ketamine.</param>
public sealed record CodedDrug(
    string Code, string Name, decimal? AdequateMilligrams = null, decimal? DiazepamEquivalent = null, bool MoodStabiliser = false, IReadOnlyList<CoMedication>? Classes = null);

/// <summary>The medicines that the intake knows by code. Its doses and equivalents are assumed until a medical director has confirmed them.</summary>
/// <param name="Version">Raised with every change of a number or a class.</param>
/// <param name="Source">Where the numbers come from.</param>
/// <param name="Status">How well that is supported.</param>
/// <param name="AdequateWeeks">Weeks at the adequate dose that make a trial adequate.</param>
/// <param name="Drugs">By name where they are listed.</param>
public sealed record DrugCatalogue(int Version, string Source, string Status, int AdequateWeeks, IReadOnlyList<CodedDrug> Drugs)
{
    public static DrugCatalogue Current { get; } = EmbeddedData.Read<DrugCatalogue>("Screening.drugs.json");

    /// <summary>The drug of a code, or null when the catalogue does not have it.</summary>
    public CodedDrug? Find(string? code) => Drugs.FirstOrDefault(d => string.Equals(d.Code, code, StringComparison.Ordinal));

    public IEnumerable<CodedDrug> Antidepressants => Drugs.Where(d => d.AdequateMilligrams is not null);
}
