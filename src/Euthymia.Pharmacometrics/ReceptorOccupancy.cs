namespace Euthymia.Pharmacometrics;

/// <summary>
/// The fraction of NMDA receptors that ketamine or esketamine would block at a plasma concentration. Derived, not measured:
/// occupancy = x / (1 + x), x = sum over enantiomers of fu C f / (M Ki). Norketamine is left out.
/// </summary>
public static class ReceptorOccupancy
{
    private static readonly Lazy<ReceptorFile> Shipped = new(() => DataFile.Read<ReceptorFile>("receptor.json"));

    /// <summary>What it rests on, for a person to read.</summary>
    public static string Basis => Shipped.Value.Basis;

    /// <summary>Unbound plasma concentration, ng/mL, of a total one.</summary>
    public static double Unbound(double nanogramsPerMillilitre) => Shipped.Value.UnboundFraction.Value * nanogramsPerMillilitre;

    /// <summary>From 0 to 1.</summary>
    /// <param name="nanogramsPerMillilitre">Total racemic ketamine in plasma, zero or more.</param>
    /// <exception cref="InvalidInputException">The concentration is negative or not a number.</exception>
    public static double Of(double nanogramsPerMillilitre) => Of(nanogramsPerMillilitre, "ketamine");

    /// <summary>From 0 to 1, of the racemate or one enantiomer.</summary>
    /// <param name="nanogramsPerMillilitre">Total drug in plasma, zero or more.</param>
    /// <param name="drug">Name of the drug: ketamine is both enantiomers in equal parts, esketamine the S, arketamine the R form.</param>
    /// <exception cref="InvalidInputException">The concentration is negative or not a number, or the drug another.</exception>
    public static double Of(double nanogramsPerMillilitre, string drug)
    {
        if (!(nanogramsPerMillilitre >= 0))
            throw new InvalidInputException("concentration-negative", "concentration", "A concentration must be zero or more.");
        var file = Shipped.Value;
        // ng/mL = ug/L, and ug/L over g/mol is umol/L.
        var unboundMicromolar = Unbound(nanogramsPerMillilitre) / file.MolarMass;
        var blocked = file.Inhibition.Sum(inhibition => unboundMicromolar * Fraction(inhibition, drug) / inhibition.Ki.Value);
        return double.IsPositiveInfinity(blocked) ? 1 : blocked / (1 + blocked);
    }

    private static double Fraction(Inhibition inhibition, string drug) => drug switch
    {
        "ketamine" => inhibition.FractionOfRacemate,
        "esketamine" => inhibition.Enantiomer is "S" ? 1 : 0,
        "arketamine" => inhibition.Enantiomer is "R" ? 1 : 0,
        _ => throw new InvalidInputException("drug-without-affinity", "drug", $"No affinity for the receptor is shipped for {drug}: choose ketamine, esketamine or arketamine."),
    };

    /// <summary>Occupancy rises with concentration, so the percentiles of one are the percentiles of the other.</summary>
    public static Band Of(Band concentrations)
        => new([.. concentrations.Low.Select(Of)], [.. concentrations.Median.Select(Of)], [.. concentrations.High.Select(Of)]);

    private sealed record ReceptorFile(
        int Format, string Receptor, string Basis, double MolarMass, CitedValue UnboundFraction, IReadOnlyList<Inhibition> Inhibition);

    private sealed record Inhibition(string Enantiomer, double FractionOfRacemate, CitedValue Ki);

    private sealed record CitedValue(double Value, string Unit, string Citation, EvidenceStatus Status, string? Doi = null);
}
