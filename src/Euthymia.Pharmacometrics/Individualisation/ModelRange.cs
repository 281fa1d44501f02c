using System.Globalization;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>Something about a patient that the models do not cover.</summary>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Text">For a person, to stand beside the numbers or in their place.</param>
/// <param name="WithholdsNumbers">No forecast may be given.</param>
public sealed record RangeFinding(string Code, string Text, bool WithholdsNumbers);

/// <summary>Where the models' range ends: the trials and volunteers that they were fitted to.</summary>
public static class ModelRange
{
    private const double LightestKg = 40;
    private const double HeaviestKg = 150;
    private const double YoungestYears = 18;
    private const double OldestYears = 75;

    /// <summary>What lies outside, empty when nothing does.</summary>
    /// <param name="record">The patient.</param>
    public static IReadOnlyList<RangeFinding> Of(PatientRecord record)
    {
        List<RangeFinding> findings = [];
        var weight = (double)record.Covariates.Weight.Value;
        if (weight < LightestKg / 2 || weight > HeaviestKg * 2)
            findings.Add(new("weight-outside", Text($"No forecast: a weight of {weight:0.#} kg is far from anyone the models were fitted to."), true));
        else if (weight is < LightestKg or > HeaviestKg)
            findings.Add(new("weight-outside", Text($"A weight of {weight:0.#} kg is outside {LightestKg} to {HeaviestKg} kg: body size is carried over by allometry, not by observation."), false));
        if (record.Covariates.AgeYears is < YoungestYears)
            findings.Add(new("age-outside", "No forecast: the response models hold for adults only.", true));
        else if (record.Covariates.AgeYears is > OldestYears)
            findings.Add(new("age-outside", Text($"Few people older than {OldestYears:0} were studied: response and blood pressure may differ."), false));
        else if (record.Covariates.AgeYears is null)
            findings.Add(new("age-unknown", "The age is not recorded: an adult is assumed.", false));
        if (record.Circumstances.HasFlag(Circumstances.Pregnant))
            findings.Add(new("pregnant", "No forecast: nothing in the models comes from pregnancy.", true));
        if (record.Circumstances.HasFlag(Circumstances.InteractingDrug))
            findings.Add(new("interacting-drug", "A drug that changes ketamine's clearance is taken: concentrations may be higher or lower than forecast until they are measured.", false));
        if (record.Circumstances.HasFlag(Circumstances.HepaticImpairment))
            findings.Add(new("hepatic-impairment", "Liver disease slows the clearance of ketamine: concentrations may be higher and last longer than forecast.", false));
        return findings;

        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Refuses a forecast where one must not be given.</summary>
    /// <exception cref="InvalidInputException">Code <c>outside-model-range</c>, the reasons as message.</exception>
    internal static void Require(IReadOnlyList<RangeFinding> findings)
    {
        string[] reasons = [.. findings.Where(finding => finding.WithholdsNumbers).Select(finding => finding.Text)];
        if (reasons.Length > 0)
            throw new InvalidInputException("outside-model-range", "patient", string.Join(' ', reasons));
    }
}
