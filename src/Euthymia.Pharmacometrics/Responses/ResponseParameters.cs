using System.Text.Json;
using System.Text.Json.Serialization;

namespace Euthymia.Pharmacometrics.Responses;

/// <summary>On which scale a parameter is estimated and its uncertainty is normal.</summary>
public enum EstimationScale
{
    /// <summary>The parameter itself.</summary>
    Identity,

    /// <summary>Its logarithm: positive parameters.</summary>
    Log,

    /// <summary>Its logit: parameters between 0 and 1.</summary>
    Logit,
}

/// <summary>A number of the response models, with where it comes from.</summary>
/// <param name="Name">Stable key.</param>
/// <param name="Value">On the natural scale.</param>
/// <param name="Uncertainty">Standard deviation on the estimation scale.</param>
/// <param name="Unit">Unit of the value; "1" for a pure number.</param>
/// <param name="Description">What it is.</param>
/// <param name="Source">Citation, or what it was calibrated on.</param>
/// <param name="Status">calibrated, verified, secondary, derived or assumed.</param>
/// <param name="Scale">Scale of estimation.</param>
/// <param name="PriorValue">Centre of the prior on the natural scale; null when the parameter is not calibrated.</param>
/// <param name="PriorSd">Standard deviation of the prior on the estimation scale.</param>
public sealed record ResponseParameter(
    string Name,
    double Value,
    double Uncertainty,
    string Unit,
    string Description,
    string Source,
    string Status,
    EstimationScale Scale = EstimationScale.Identity,
    double? PriorValue = null,
    double PriorSd = 0)
{
    /// <summary>True when trials inform the value.</summary>
    [JsonIgnore]
    public bool IsCalibrated => PriorValue is not null;

    /// <summary>From the natural to the estimation scale.</summary>
    /// <param name="value">Natural scale.</param>
    public double Transform(double value) => Scale switch
    {
        EstimationScale.Log => Math.Log(value),
        EstimationScale.Logit => Math.Log(value / (1 - value)),
        _ => value,
    };

    /// <summary>From the estimation to the natural scale.</summary>
    /// <param name="estimate">Estimation scale.</param>
    public double Natural(double estimate) => Scale switch
    {
        EstimationScale.Log => Math.Exp(estimate),
        EstimationScale.Logit => 1 / (1 + Math.Exp(-estimate)),
        _ => estimate,
    };
}

/// <summary>A side effect as an adverse-event term: background and drug hazard of a course.</summary>
/// <param name="Term">The term in lower case, such as <c>nausea</c>.</param>
/// <param name="Background">Hazard of a course without drug: -ln(1 - p).</param>
/// <param name="BackgroundLogSd">Uncertainty of its logarithm.</param>
/// <param name="PerSession">Hazard of a first session at the reference peak, before tolerance.</param>
/// <param name="PerSessionLogSd">Uncertainty of its logarithm.</param>
/// <param name="Source">The trials it was calibrated on.</param>
public sealed record SideEffectParameter(string Term, double Background, double BackgroundLogSd, double PerSession, double PerSessionLogSd, string Source);

/// <summary>Where a set of parameters comes from.</summary>
/// <param name="Method">How they were estimated.</param>
/// <param name="Evidence">The evidence library used.</param>
/// <param name="Trials">The trials used.</param>
/// <param name="Outcomes">Number of outcomes used.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Objective">Minus log posterior at the estimate.</param>
public sealed record CalibrationProvenance(string Method, string Evidence, IReadOnlyList<string> Trials, int Outcomes, ulong Seed, double Objective);

/// <summary>All numbers of the response models, with the joint uncertainty of those calibrated together.</summary>
/// <param name="Format">Version of the file's shape.</param>
/// <param name="Version">Version of the numbers.</param>
/// <param name="Provenance">How the calibrated ones were estimated.</param>
/// <param name="Parameters">One by one.</param>
/// <param name="Correlated">Names of the rows of <paramref name="Covariance"/>.</param>
/// <param name="Covariance">Posterior covariance on the estimation scales.</param>
/// <param name="SideEffects">Adverse-event terms.</param>
public sealed record ResponseParameters(
    int Format,
    string Version,
    CalibrationProvenance? Provenance,
    IReadOnlyList<ResponseParameter> Parameters,
    IReadOnlyList<string> Correlated,
    IReadOnlyList<IReadOnlyList<double>> Covariance,
    IReadOnlyList<SideEffectParameter> SideEffects)
{
    private const string Resource = "Euthymia.Pharmacometrics.Responses.response-parameters.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Lazy<ResponseParameters> Shipped = new(() => Parse(DataFile.Text(Resource)));

    private readonly Dictionary<string, ResponseParameter> _byName = Parameters.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);

    /// <summary>The version of the file's shape that this engine reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The parameters shipped with the engine.</summary>
    public static ResponseParameters Default => Shipped.Value;

    /// <summary>Value of a parameter on its natural scale.</summary>
    /// <param name="name">Key of the parameter.</param>
    /// <exception cref="InvalidInputException">There is none of this name.</exception>
    public double this[string name] => Parameter(name).Value;

    /// <summary>A parameter by its key.</summary>
    /// <param name="name">Key of the parameter.</param>
    /// <exception cref="InvalidInputException">There is none of this name.</exception>
    public ResponseParameter Parameter(string name)
        => _byName.TryGetValue(name, out var parameter)
            ? parameter
            : throw new InvalidInputException("response-parameter-unknown", name, $"There is no response parameter \"{name}\". Take a parameter file of this version.");

    /// <summary>The same set with other values for some parameters.</summary>
    /// <param name="values">New values on the natural scale, by name.</param>
    public ResponseParameters With(IReadOnlyDictionary<string, double> values)
        => new(Format, Version, Provenance, [.. Parameters.Select(parameter => values.TryGetValue(parameter.Name, out var value) ? parameter with { Value = value } : parameter)], Correlated, Covariance, SideEffects);

    /// <summary>Reads a parameter file.</summary>
    /// <param name="json">Text of the file.</param>
    /// <exception cref="InvalidInputException">Not a parameter file of this format.</exception>
    public static ResponseParameters Parse(string json)
    {
        ResponseParameters? read;
        try
        {
            read = JsonSerializer.Deserialize<ResponseParameters>(json, Json);
        }
        catch (JsonException error)
        {
            throw new InvalidInputException("response-parameters-not-understood", error.Path ?? "parameters", $"The parameter file is not understood: {error.Message}");
        }
        return read is { Format: CurrentFormat }
            ? read
            : throw new InvalidInputException("response-parameters-format", "format", $"The parameter file must have \"format\": {CurrentFormat}.");
    }

    /// <summary>The parameter file as text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";
}
