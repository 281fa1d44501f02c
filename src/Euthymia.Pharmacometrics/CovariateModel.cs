using System.Globalization;

namespace Euthymia.Pharmacometrics;

/// <summary>What is known of the liver.</summary>
public enum HepaticFunction
{
    /// <summary>Nothing was said: taken as in the people whom the model was made from, and that is told.</summary>
    NotStated,

    /// <summary>Known to be normal.</summary>
    Normal,

    /// <summary>Child-Pugh class A.</summary>
    Mild,

    /// <summary>Child-Pugh class B.</summary>
    Moderate,

    /// <summary>Child-Pugh class C: outside every model.</summary>
    Severe,

    /// <summary>Asked and not known: the typical value with wider variability.</summary>
    Unknown,
}

/// <summary>Which form of the drug is given in a model of the racemate.</summary>
public enum Enantiomer
{
    /// <summary>Both in equal parts.</summary>
    Racemic,

    /// <summary>The S form, esketamine.</summary>
    S,

    /// <summary>The R form, arketamine.</summary>
    R,
}

/// <summary>What moves parameters beside weight, age and sex.</summary>
/// <param name="Hepatic">Of the liver.</param>
/// <param name="Enantiomer">In a model of the racemate.</param>
/// <param name="InteractingDrugs">Drugs taken at the same time, by names of <see cref="CovariateModel.InteractingDrugs"/>; null when nothing was said.</param>
public sealed record ClinicalFactors(
    HepaticFunction Hepatic = HepaticFunction.NotStated,
    Enantiomer Enantiomer = Enantiomer.Racemic,
    IReadOnlyList<string>? InteractingDrugs = null);

/// <summary>A typical value times a factor.</summary>
public sealed record ParameterFactor(string Parameter, double Factor);

/// <summary>A published effect of one value of a covariate; without factors its size is not known.</summary>
public sealed record CovariateEffect(
    string Covariate,
    string Value,
    IReadOnlyList<string> Models,
    IReadOnlyList<ParameterFactor> Factors,
    string Citation,
    EvidenceStatus Status,
    string Note,
    IReadOnlyList<Route>? Routes = null,
    string? Doi = null);

/// <summary>What a model says of a covariate that moves nothing in it.</summary>
public sealed record CovariateStatement(string Covariate, IReadOnlyList<string> Models, string Text);

/// <summary>A model for one patient's factors, and what must be said of it.</summary>
/// <param name="Model">With changed typical values or wider variability.</param>
/// <param name="Notes">In words: what was applied, on what basis, and what is not known.</param>
public sealed record AdjustedModel(DrugModel Model, IReadOnlyList<string> Notes);

/// <summary>The effects of covariates on the shipped models, each with source and status; none is silently taken as normal.</summary>
public static class CovariateModel
{
    private const double YoungestYears = 18;
    private const double OldestYears = 90;
    private const double LightestKg = 40;
    private const double HeaviestKg = 160;

    private static readonly Lazy<CovariateFile> Shipped = new(() => DataFile.Read<CovariateFile>("covariates.json"));

    /// <summary>Every effect that is known of.</summary>
    public static IReadOnlyList<CovariateEffect> Effects => Shipped.Value.Effects;

    /// <summary>What is said of covariates that move nothing.</summary>
    public static IReadOnlyList<CovariateStatement> Statements => Shipped.Value.Statements;

    /// <summary>The drugs whose interaction is known of.</summary>
    public static IReadOnlyList<string> InteractingDrugs
        => [.. Effects.Where(effect => effect.Covariate is "interaction").Select(effect => effect.Value).Distinct(StringComparer.Ordinal)];

    /// <summary>A model for a patient and an order.</summary>
    /// <param name="model">From <see cref="DrugModels"/>.</param>
    /// <param name="order">What is given: interactions depend on the route.</param>
    /// <param name="factors">Liver, enantiomer, other drugs.</param>
    /// <param name="covariates">One patient's, or null for a population.</param>
    /// <exception cref="InvalidInputException">Something is outside the model's range, or the model has no effect for it; the field is named.</exception>
    public static AdjustedModel Adjust(DrugModel model, RegimenOrder order, ClinicalFactors factors, Covariates? covariates = null)
    {
        var adjusted = model;
        List<string> notes = [];
        var widened = false;
        if (factors.Enantiomer != Enantiomer.Racemic)
            adjusted = Named(factors.Enantiomer, Apply(adjusted, Find(model, "enantiomer", factors.Enantiomer.ToString(), null)
                ?? throw new InvalidInputException("enantiomer-not-of-model", "enantiomer", $"The model {model.Id} is of {model.Drug.Name} as it is: leave --enantiomer out, or choose ketamine."), notes));
        widened |= Hepatic(model, factors.Hepatic, notes);
        foreach (var drug in factors.InteractingDrugs ?? [])
            widened |= Interaction(ref adjusted, order, drug, notes);
        if (factors.InteractingDrugs is null)
            notes.Add("Interacting drugs were not stated: as in the people whom the model was made from.");
        if (widened)
            adjusted = Widen(adjusted, notes);
        if (covariates is not null)
            Patient(model, covariates, notes);
        return new AdjustedModel(adjusted, notes);
    }

    private static bool Hepatic(DrugModel model, HepaticFunction hepatic, List<string> notes)
    {
        if (hepatic == HepaticFunction.Severe)
            throw new InvalidInputException("hepatic-outside-model", "hepatic", "Severe hepatic impairment was studied in no model: nothing can be predicted for it.");
        if (hepatic == HepaticFunction.NotStated)
            notes.Add("Hepatic function was not stated: as in the people whom the model was made from.");
        if (hepatic is HepaticFunction.NotStated or HepaticFunction.Normal)
            return false;
        var effect = Find(model, "hepatic", hepatic.ToString(), null)
            ?? throw new InvalidInputException("hepatic-not-of-model", "hepatic", $"The model {model.Id} says nothing of hepatic function: choose ketamine or esketamine.");
        notes.Add($"{effect.Note} ({effect.Citation} {Status(effect)}.)");
        return true;
    }

    /// <summary>Applies what is known of an interacting drug; true when something is not known.</summary>
    private static bool Interaction(ref DrugModel model, RegimenOrder order, string drug, List<string> notes)
    {
        if (!InteractingDrugs.Contains(drug, StringComparer.OrdinalIgnoreCase))
            throw new InvalidInputException("interaction-unknown", "interacting", $"Nothing is known here of \"{drug}\". Choose from: {string.Join(", ", InteractingDrugs)}.");
        var unknown = false;
        foreach (var route in order.Parts.Select(part => part.Route).Distinct())
        {
            var effect = Find(model, "interaction", drug, route);
            if (effect is { Factors.Count: > 0 })
            {
                model = Apply(model, effect, notes);
                continue;
            }

            unknown = true;
            notes.Add(effect is null
                ? $"No number was found for {drug} with {RegimenText.Words(route)} doses in the model {model.Id}."
                : $"{effect.Note} ({effect.Citation} {Status(effect)}.)");
        }

        return unknown;
    }

    private static DrugModel Apply(DrugModel model, CovariateEffect effect, List<string> notes)
    {
        var parameters = model.Parameters.ToArray();
        foreach (var factor in effect.Factors)
        {
            var index = Array.FindIndex(parameters, parameter => string.Equals(parameter.Name, factor.Parameter, StringComparison.Ordinal));
            var value = parameters[index].Value * factor.Factor;
            // A fraction of the dose cannot pass one, whatever the ratio of areas.
            if (parameters[index].Unit is "1" && value > 1)
                throw new InvalidInputException("covariate-outside-model", effect.Covariate is "interaction" ? "interacting" : effect.Covariate, string.Create(CultureInfo.InvariantCulture, $"{effect.Value} would make {factor.Parameter} {value:0.##}, more than all of the dose: the model cannot express it."));
            parameters[index] = parameters[index] with { Value = value, Status = EvidenceStatus.Derived };
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{effect.Value}: {factor.Parameter} x {factor.Factor:0.####}. {effect.Note} ({effect.Citation} {Status(effect)}.)"));
        }

        return model with { Parameters = parameters };
    }

    private static DrugModel Named(Enantiomer enantiomer, DrugModel model)
    {
        var name = enantiomer == Enantiomer.S ? "esketamine" : "arketamine";
        return model with
        {
            Substances = [.. model.Substances.Select(substance => substance.Id is "ketamine" ? substance with { Name = name } : substance)],
            Observations = [.. model.Observations.Select(observation => observation with
            {
                Label = observation.Label.Replace("Ketamine", enantiomer == Enantiomer.S ? "Esketamine" : "Arketamine", StringComparison.Ordinal),
            })],
        };
    }

    private static DrugModel Widen(DrugModel model, List<string> notes)
    {
        var widening = Shipped.Value.Widening.FirstOrDefault(widening => widening.Models.Contains(model.Id, StringComparer.Ordinal))
            ?? throw new InvalidInputException("model-without-variability", "model", $"The model {model.Id} has no variability that could be widened for what is not known: choose ketamine.");
        notes.Add(string.Create(CultureInfo.InvariantCulture, $"What is not known keeps the typical value and widens {widening.Effect} by a CV of {widening.Cv * 100:0} % ({widening.Status.ToString().ToLowerInvariant()})."));
        // Independent log-normal effects multiply: 1 + CV^2 does too.
        return model with
        {
            RandomEffects = [.. model.RandomEffects.Select(effect => string.Equals(effect.Name, widening.Effect, StringComparison.Ordinal)
                ? effect with { Cv = Math.Sqrt((1 + effect.Cv * effect.Cv) * (1 + widening.Cv * widening.Cv) - 1), Status = EvidenceStatus.Assumed }
                : effect)],
        };
    }

    private static void Patient(DrugModel model, Covariates covariates, List<string> notes)
    {
        if (covariates.AgeYears is < YoungestYears)
            throw new InvalidInputException("age-outside-model", "age", "The models are of adults: the age must be 18 years or more.");
        if (covariates.AgeYears is > OldestYears)
            notes.Add("Beyond 90 years nothing was found: what is shown is for 90 years.");
        if ((double)covariates.Weight.Value is < LightestKg or > HeaviestKg)
            notes.Add("Below 40 and above 160 kg (bounds assumed) the scaling with weight reaches beyond the people whom models are made from.");
        if (covariates.AgeYears is null && model.Parameters.Any(parameter => parameter.Age is not null))
            notes.Add("The age is unknown: it varies as between adults.");
        foreach (var statement in Statements.Where(statement => statement.Models.Contains(model.Id, StringComparer.Ordinal)))
            if ((statement.Covariate is "sex" && covariates.Sex is not null) || (statement.Covariate is "age" && covariates.AgeYears is not null))
                notes.Add(statement.Text);
    }

    private static CovariateEffect? Find(DrugModel model, string covariate, string value, Route? route)
        => Effects.FirstOrDefault(effect => string.Equals(effect.Covariate, covariate, StringComparison.Ordinal)
            && string.Equals(effect.Value, value, StringComparison.OrdinalIgnoreCase)
            && effect.Models.Contains(model.Id, StringComparer.Ordinal)
            && (route is null || effect.Routes is null || effect.Routes.Contains(route.Value)));

    private static string Status(CovariateEffect effect) => effect.Status.ToString().ToLowerInvariant();

    private sealed record CovariateFile(
        int Format, IReadOnlyList<Widening> Widening, IReadOnlyList<CovariateEffect> Effects, IReadOnlyList<CovariateStatement> Statements);

    private sealed record Widening(IReadOnlyList<string> Models, string Effect, double Cv, EvidenceStatus Status);
}
