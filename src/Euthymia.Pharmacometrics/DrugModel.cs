namespace Euthymia.Pharmacometrics;

/// <summary>How far a number can be trusted to be what its source says.</summary>
public enum EvidenceStatus
{
    /// <summary>Read in the source.</summary>
    Verified,

    /// <summary>Read in someone else's copy that cites the source.</summary>
    Secondary,

    /// <summary>Computed from other numbers.</summary>
    Derived,

    /// <summary>A judgement without a source.</summary>
    Assumed,
}

/// <summary>A published work.</summary>
public sealed record Citation(string Text, string? Doi = null);

/// <summary>A chemical substance and its molar mass in g/mol.</summary>
public sealed record Substance(string Id, string Name, double MolarMass, string Citation, EvidenceStatus Status);

/// <summary>A log-normal random effect between patients: omega^2 = ln(1 + CV^2).</summary>
public sealed record RandomEffect(string Name, double Cv, string Citation, EvidenceStatus Status, string? Note = null)
{
    /// <summary>Standard deviation of the effect on the log scale.</summary>
    public double LogSd => Math.Sqrt(Math.Log(1 + Cv * Cv));
}

/// <summary>Two random effects that move together: the correlation of their normal deviates.</summary>
/// <param name="First">Name of one effect.</param>
/// <param name="Second">Name of the other.</param>
/// <param name="Correlation">Between -1 and 1, both excluded.</param>
/// <param name="Citation">Key of the source.</param>
/// <param name="Status">How far to trust it.</param>
public sealed record EffectCorrelation(string First, string Second, double Correlation, string Citation, EvidenceStatus Status);

/// <summary>
/// A typical value that changes by <paramref name="PerYear"/> for each year of age beyond <paramref name="FromYears"/>, and
/// no further from <paramref name="ToYears"/> on.
/// </summary>
/// <param name="PerYear">In the parameter's unit per year.</param>
/// <param name="FromYears">Age in years from which on it changes.</param>
/// <param name="ToYears">Age in years beyond which the model says nothing more.</param>
public sealed record AgeSlope(double PerYear, double FromYears, double ToYears);

/// <summary>
/// A parameter of a typical patient of the reference weight: value x (weight / reference)^exponent x exp(random effect).
/// </summary>
public sealed record Parameter(
    string Name,
    double Value,
    string Unit,
    string Description,
    string Citation,
    EvidenceStatus Status,
    double WeightExponent = 0,
    string? RandomEffect = null,
    string? Note = null,
    AgeSlope? Age = null);

/// <summary>
/// A well-mixed volume holding an amount in mg; without a volume it is only a store (a depot). Of a dose into it the
/// fraction <paramref name="Bioavailability"/> arrives, over the <paramref name="Duration"/> if its record says RATE -2.
/// </summary>
public sealed record Compartment(string Name, string Substance, string? Volume = null, string? Bioavailability = null, string? Duration = null);

/// <summary>
/// A one-way flow in proportion to the amount in <paramref name="From"/>, or an exchange both ways. Either a clearance
/// (L/h, divided by the volume) or a rate constant (1/h); times a fraction or its complement. Without
/// <paramref name="To"/> it leaves the body. Between substances one mole becomes one mole,
/// or one mg one mg where <paramref name="ByMass"/> says that the model was fitted so. A flow that
/// <paramref name="Copies"/> takes nothing from where it starts: an effect site sees the blood and does not empty it.
/// </summary>
public sealed record Flow(
    string From,
    string? To = null,
    string? Clearance = null,
    string? Rate = null,
    string? Fraction = null,
    bool Complement = false,
    bool Exchange = false,
    bool ByMass = false,
    bool Copies = false);

/// <summary>
/// Where an effect arises, following the concentration of a compartment with a half-time: dCe/dt = ke0 (C - Ce).
/// Source of the form: Sheiner et al., Clin Pharmacol Ther 25 (1979) 358-371.
/// </summary>
/// <param name="Compartment">The compartment that it follows.</param>
/// <param name="HalfLifeMinutes">ln 2 / ke0, in minutes.</param>
/// <param name="Citation">Key of the source.</param>
/// <param name="Status">How far to trust it.</param>
/// <param name="Note">What to know about it.</param>
public sealed record EffectSite(string Compartment, double HalfLifeMinutes, string Citation, EvidenceStatus Status, string? Note = null);

/// <summary>Where the part of a dose between two amounts goes.</summary>
/// <param name="Compartment">A compartment of the model; its bioavailability and duration apply.</param>
/// <param name="AboveMilligrams">The part of the dose above this many mg.</param>
/// <param name="UpToMilligrams">And up to this many; null for all of it.</param>
public sealed record RouteInput(string Compartment, double AboveMilligrams = 0, double? UpToMilligrams = null);

/// <summary>What a dose by one route does in a model. Intravenous routes need none: they go where infusions go.</summary>
/// <param name="Route">The route.</param>
/// <param name="Into">Every part of the dose.</param>
/// <param name="Note">What the numbers rest on, for a person.</param>
public sealed record RouteModel(Route Route, IReadOnlyList<RouteInput> Into, string Note);

/// <summary>
/// Venous concentration away from the infusion: arterial - rate / flow while the pump runs, not below zero, and not
/// rising because the pump slows or stops. It holds only for infusions of about the lengths it was set on.
/// </summary>
public sealed record VenousMixing(string Flow, double ShortestInfusionMinutes, double LongestInfusionMinutes, EvidenceStatus Status, string Note);

/// <summary>A concentration in ng/mL that the model predicts, with the log SD of its residual error.</summary>
public sealed record Observation(
    string Name,
    string Label,
    string Compartment,
    double ResidualLogSd,
    string ResidualCitation,
    EvidenceStatus ResidualStatus,
    VenousMixing? VenousMixing = null);

/// <summary>A drug's published model: parameters with unit, citation and status, and the compartments they describe.</summary>
public sealed record DrugModel(
    int Format,
    string Id,
    string Version,
    string Name,
    string Description,
    string Population,
    IReadOnlyList<string> Limits,
    IReadOnlyDictionary<string, Citation> Citations,
    double ReferenceWeightKg,
    IReadOnlyList<Substance> Substances,
    IReadOnlyList<RandomEffect> RandomEffects,
    IReadOnlyList<Parameter> Parameters,
    IReadOnlyList<Compartment> Compartments,
    IReadOnlyList<Flow> Flows,
    string InfusionInto,
    IReadOnlyList<Observation> Observations,
    bool Default = false,
    IReadOnlyList<RouteModel>? Routes = null,
    IReadOnlyList<EffectCorrelation>? Correlations = null,
    EffectSite? EffectSite = null)
{
    /// <summary>Name of the observation that <see cref="WithEffectSite"/> adds.</summary>
    public const string EffectSiteObservation = "effectSite";

    /// <summary>The drug that doses are of.</summary>
    public Substance Drug
        => Substances.Single(substance => string.Equals(
            substance.Id,
            Compartments.Single(compartment => string.Equals(compartment.Name, InfusionInto, StringComparison.Ordinal)).Substance,
            StringComparison.Ordinal));

    /// <summary>Whether the model says what a dose by this route does.</summary>
    public bool Takes(Route route)
        => route is Route.IntravenousInfusion or Route.IntravenousBolus || Routes?.Any(model => model.Route == route) == true;

    /// <summary>The model with the concentration at its effect site as a further observation.</summary>
    /// <exception cref="InvalidInputException">The model names no effect site; field <c>quantities</c>.</exception>
    public DrugModel WithEffectSite()
    {
        const string Added = EffectSiteObservation;
        if (Observations.Any(observation => observation.Name is Added))
            return this;
        if (EffectSite is not { } site)
            throw new InvalidInputException("effect-site-missing", "quantities", $"The model {Id} names no effect site: choose another model or leave \"{Added}\", \"unbound\" and \"occupancy\" out.");
        var source = Compartments.Single(compartment => string.Equals(compartment.Name, site.Compartment, StringComparison.Ordinal));
        return this with
        {
            Parameters = [.. Parameters, new Parameter("ke0", 60 * Math.Log(2) / site.HalfLifeMinutes, "1/h", "rate to and from the effect site", site.Citation, site.Status, Note: site.Note)],
            Compartments = [.. Compartments, new Compartment(Added, source.Substance, source.Volume)],
            Flows = [.. Flows, new Flow(source.Name, Added, Rate: "ke0", Copies: true), new Flow(Added, Rate: "ke0")],
            Observations = [.. Observations, new Observation(Added, $"{Drug.Name[..1].ToUpperInvariant()}{Drug.Name[1..]}, effect site", Added, 0, site.Citation, EvidenceStatus.Derived)],
        };
    }
}
