using System.Text.Json;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>A number that only individualisation needs, with where it comes from.</summary>
/// <param name="Name">Stable key.</param>
/// <param name="Value">In its unit.</param>
/// <param name="Unit">Unit; "1" for a pure number.</param>
/// <param name="Description">What it is.</param>
/// <param name="Source">Citation, or that there is none.</param>
/// <param name="Status">How far it can be trusted.</param>
public sealed record IndividualParameter(string Name, double Value, string Unit, string Description, string Source, EvidenceStatus Status);

/// <summary>Residual errors, baselines and spreads between infusions of one patient, shipped as a data file.</summary>
public sealed record IndividualParameters(int Format, string Version, IReadOnlyList<IndividualParameter> Parameters)
{
    private static readonly Lazy<IndividualParameters> Shipped = new(() => JsonSerializer.Deserialize<IndividualParameters>(
        DataFile.Text("Euthymia.Pharmacometrics.Individualisation.individual-parameters.json"), DataFile.Json)!);

    /// <summary>The numbers shipped with the engine.</summary>
    public static IndividualParameters Default => Shipped.Value;

    /// <summary>A value by its key.</summary>
    /// <param name="name">Key.</param>
    /// <exception cref="InvalidInputException">There is none of this name.</exception>
    public double this[string name]
        => Parameters.FirstOrDefault(parameter => string.Equals(parameter.Name, name, StringComparison.Ordinal))?.Value
            ?? throw new InvalidInputException("individual-parameter-unknown", name, $"There is no individual parameter \"{name}\". Take a parameter file of this version.");
}
