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
    string? Note = null);

/// <summary>
/// A well-mixed volume holding an amount in mg; without a volume it is only a store (a depot). Of a dose into it the
/// fraction <paramref name="Bioavailability"/> arrives, over the <paramref name="Duration"/> if its record says RATE -2.
/// </summary>
public sealed record Compartment(string Name, string Substance, string? Volume = null, string? Bioavailability = null, string? Duration = null);

/// <summary>
/// A one-way flow in proportion to the amount in <paramref name="From"/>, or an exchange both ways. Either a clearance
/// (L/h, divided by the volume) or a rate constant (1/h); times a fraction or its complement. Without
/// <paramref name="To"/> it leaves the body. Between substances one mole becomes one mole,
/// or one mg one mg where <paramref name="ByMass"/> says that the model was fitted so.
/// </summary>
public sealed record Flow(
    string From,
    string? To = null,
    string? Clearance = null,
    string? Rate = null,
    string? Fraction = null,
    bool Complement = false,
    bool Exchange = false,
    bool ByMass = false);

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
    bool Default = false);
