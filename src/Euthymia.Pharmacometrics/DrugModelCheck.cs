namespace Euthymia.Pharmacometrics;

/// <summary>Every name in a model file refers to something, and every number is usable.</summary>
internal static class DrugModelCheck
{
    public static void Check(DrugModel model)
    {
        var parameters = Names(model.Parameters.Select(parameter => parameter.Name), "parameters");
        var effects = Names(model.RandomEffects.Select(effect => effect.Name), "randomEffects");
        var compartments = Names(model.Compartments.Select(compartment => compartment.Name), "compartments");
        var substances = Names(model.Substances.Select(substance => substance.Id), "substances");
        Names(model.Observations.Select(observation => observation.Name), "observations");

        foreach (var parameter in model.Parameters)
        {
            Require(double.IsFinite(parameter.Value) && parameter.Value >= 0, parameter.Name, "a parameter must be a finite number, zero or more");
            Require(parameter.RandomEffect is null || effects.Contains(parameter.RandomEffect), parameter.Name, "its random effect is not listed");
            Cited(parameter.Citation, parameter.Name);
        }

        foreach (var effect in model.RandomEffects)
        {
            Require(effect.Cv is >= 0 and < 10, effect.Name, "a CV must be from 0 to 10");
            Cited(effect.Citation, effect.Name);
        }

        foreach (var substance in model.Substances)
            Cited(substance.Citation, substance.Id);
        foreach (var compartment in model.Compartments)
        {
            Require(substances.Contains(compartment.Substance), compartment.Name, "its substance is not listed");
            Require(compartment.Volume is null || parameters.Contains(compartment.Volume), compartment.Name, "its volume is not a parameter");
            Require(compartment.Bioavailability is null || parameters.Contains(compartment.Bioavailability), compartment.Name, "its bioavailability is not a parameter");
            Require(compartment.Duration is null || parameters.Contains(compartment.Duration), compartment.Name, "its duration is not a parameter");
        }

        foreach (var flow in model.Flows)
            CheckFlow(flow);
        CheckVariability(model, effects, Cited);
        CheckRoutes(model);
        Require(compartments.Contains(model.InfusionInto), "infusionInto", "it is not a compartment");
        foreach (var observation in model.Observations)
        {
            var compartment = model.Compartments.FirstOrDefault(compartment => Same(compartment.Name, observation.Compartment));
            Require(compartment?.Volume is not null, observation.Name, "it needs a compartment with a volume");
            Require(observation.VenousMixing is null || parameters.Contains(observation.VenousMixing.Flow), observation.Name, "its mixing flow is not a parameter");
            Cited(observation.ResidualCitation, observation.Name);
        }

        void CheckFlow(Flow flow)
        {
            var name = $"flow {flow.From} to {flow.To ?? "outside"}";
            var from = model.Compartments.FirstOrDefault(compartment => Same(compartment.Name, flow.From));
            var to = model.Compartments.FirstOrDefault(compartment => Same(compartment.Name, flow.To));
            Require(from is not null, name, "it starts nowhere");
            Require(flow.To is null || to is not null, name, "it ends nowhere");
            Require(flow.Clearance is null != flow.Rate is null, name, "it needs a clearance or a rate, not both");
            Require(flow.Clearance is null || (parameters.Contains(flow.Clearance) && from!.Volume is not null), name, "its clearance needs a parameter and a volume");
            Require(flow.Rate is null || parameters.Contains(flow.Rate), name, "its rate is not a parameter");
            Require(flow.Fraction is null || parameters.Contains(flow.Fraction), name, "its fraction is not a parameter");
            Require(!flow.Copies || (!flow.Exchange && flow.To is not null), name, "only a flow one way to a compartment can copy");
            Require(!flow.Exchange || (flow is { Clearance: not null, Fraction: null } && to?.Volume is not null), name, "an exchange needs a clearance, two volumes and no fraction");
        }

        void Cited(string citation, string name) => Require(model.Citations.ContainsKey(citation), name, "its citation is not listed");
    }

    private static void CheckVariability(DrugModel model, HashSet<string> effects, Action<string, string> cited)
    {
        foreach (var pair in model.Correlations ?? [])
        {
            Require(effects.Contains(pair.First) && effects.Contains(pair.Second) && !Same(pair.First, pair.Second), pair.First, "a correlation needs two listed random effects");
            Require(pair.Correlation is > -1 and < 1, pair.First, "a correlation must lie between -1 and 1");
            cited(pair.Citation, pair.First);
        }

        Require(Kernel.EffectCovariance.Factor(model) is not null, "correlations", "together they are no covariance: not positive definite");
        if (model.EffectSite is not { } site)
            return;
        Require(model.Compartments.Any(compartment => Same(compartment.Name, site.Compartment) && compartment.Volume is not null), "effectSite", "it follows no compartment with a volume");
        Require(site.HalfLifeMinutes is > 0 and < 1e6, "effectSite", "its half-life must be a positive number of minutes");
        cited(site.Citation, "effectSite");
    }

    private static void CheckRoutes(DrugModel model)
    {
        Names((model.Routes ?? []).Select(route => route.Route.ToString()), "routes");
        foreach (var route in model.Routes ?? [])
        {
            Require(route.Route is not (Route.IntravenousInfusion or Route.IntravenousBolus), "routes", "an intravenous dose goes where infusions go and is not listed");
            Require(route.Into.Count > 0, "routes", "a route needs a compartment");
            foreach (var input in route.Into)
            {
                var compartment = model.Compartments.FirstOrDefault(compartment => Same(compartment.Name, input.Compartment));
                Require(compartment is not null, "routes", $"\"{input.Compartment}\" is not a compartment");
                Require(input.AboveMilligrams >= 0 && (input.UpToMilligrams is null || input.UpToMilligrams > input.AboveMilligrams), "routes", "the amounts of a part must rise");
                // Every virtual patient takes the same steps, so the duration cannot be a patient's own.
                var duration = model.Parameters.FirstOrDefault(parameter => Same(parameter.Name, compartment!.Duration));
                Require(duration is null or { RandomEffect: null, WeightExponent: 0, Age: null }, "routes", "the duration of a route may not vary between patients");
            }
        }
    }

    private static bool Same(string name, string? other) => string.Equals(name, other, StringComparison.Ordinal);

    private static HashSet<string> Names(IEnumerable<string> names, string list)
    {
        var set = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
            Require(set.Add(name), list, $"the name \"{name}\" is there twice");
        return set;
    }

    private static void Require(bool holds, string field, string problem)
    {
        if (!holds)
            throw new InvalidInputException("model-inconsistent", field, $"The model file does not hold together at \"{field}\": {problem}.");
    }
}
