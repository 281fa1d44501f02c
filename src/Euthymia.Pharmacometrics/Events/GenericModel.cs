using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>
/// The generic linear models iv1, iv2, iv3, oral1, oral2, oral3: one to three compartments, with or without a depot.
/// Compartment 1 of an oral model is the depot (rate KA), the next is the central one. Parameters: CL, V1 (also V), Q2
/// (also Q), V2, Q3, V3, KA, and Fn, ALAGn, Rn, Dn of compartment n. Units are those of the file.
/// </summary>
public sealed class GenericModel : EventModel
{
    /// <summary>The names that <see cref="Create"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = ["iv1", "iv2", "iv3", "oral1", "oral2", "oral3"];

    private readonly string[] _names;
    private readonly ParameterExpression[] _expressions;
    private readonly int _disposition;
    private readonly bool _oral;
    private readonly DoseIndices[] _doses;

    private GenericModel(string name, Dictionary<string, ParameterExpression> given, IReadOnlyList<int> used)
    {
        _oral = name.StartsWith("oral", StringComparison.Ordinal);
        _disposition = name[^1] - '0';
        _names = [.. given.Keys];
        _expressions = [.. given.Values];
        UsedCovariates = used;
        CompartmentCount = _disposition + (_oral ? 1 : 0);
        _doses = [.. Enumerable.Range(1, CompartmentCount).Select(i => new DoseIndices(Index($"F{i}"), Index($"ALAG{i}"), Index($"R{i}"), Index($"D{i}")))];
        Quantities = [new EventQuantity("CP", _oral ? 1 : 0, IsConcentration: true),
            .. Enumerable.Range(0, CompartmentCount).Select(i => new EventQuantity($"A{i + 1}", i, IsConcentration: false))];
        Structure = StructureOf(_disposition, _oral);
    }

    /// <inheritdoc/>
    public override int CompartmentCount { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<EventQuantity> Quantities { get; }

    /// <inheritdoc/>
    public override int DefaultQuantityCount => 1;

    internal override IReadOnlyList<int> UsedCovariates { get; }

    internal override int DefaultCompartment => 0;

    internal override LinearStructure Structure { get; }

    internal override int ParameterCount => _expressions.Length;

    /// <summary>Makes a model from its name and its parameters.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="parameters">Like <c>CL=5,V1=20,KA=1.2,F1=0.8,ALAG1=0.25</c>; a value may use covariates, <c>CL=5*(WT/70)^0.75</c>.</param>
    /// <param name="covariateNames">Columns of the event file, in upper case.</param>
    /// <exception cref="InvalidInputException">A parameter is missing, unknown, repeated or not understood; field <c>parameters</c>.</exception>
    public static GenericModel Create(string name, string parameters, IReadOnlyList<string> covariateNames)
    {
        if (!Names.Contains(name, StringComparer.Ordinal))
            throw new InvalidInputException("model-unknown", "model", $"There is no generic model \"{name}\". Choose one of: {string.Join(", ", Names)}.");
        var (oral, disposition) = (name.StartsWith("oral", StringComparison.Ordinal), name[^1] - '0');
        string[] needed = [.. oral ? ["KA"] : Array.Empty<string>(), "CL", "V1",
            .. Enumerable.Range(2, disposition - 1).SelectMany(i => new[] { $"Q{i}", $"V{i}" })];
        string[] optional = [.. Enumerable.Range(1, disposition + (oral ? 1 : 0)).SelectMany(i => new[] { $"F{i}", $"ALAG{i}", $"R{i}", $"D{i}" })];

        var given = new Dictionary<string, ParameterExpression>(StringComparer.Ordinal);
        foreach (var item in parameters.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw Error("parameter-not-understood", $"\"{item}\" is not understood. Write parameters like CL=5,V1=20.");
            var key = Canonical(item[..equals].Trim().ToUpperInvariant());
            if (!needed.Contains(key, StringComparer.Ordinal) && !optional.Contains(key, StringComparer.Ordinal))
                throw Error("parameter-unknown", $"\"{key}\" is no parameter of {name}. It takes {string.Join(", ", needed.Concat(optional))}.");
            if (!given.TryAdd(key, ParameterExpression.Parse(item[(equals + 1)..], covariateNames)))
                throw Error("parameter-repeated", $"\"{key}\" is given twice.");
        }

        if (needed.FirstOrDefault(key => !given.ContainsKey(key)) is { } missing)
            throw Error("parameter-missing", $"{name} needs {missing}. It takes {string.Join(", ", needed)}.");
        int[] used = given.Values.All(expression => expression.IsConstant) ? [] : UsedBy(parameters, covariateNames);
        return new GenericModel(name, given, used);
    }

    internal override void Parameters(double[] covariates, double[] parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            var value = _expressions[i].Value(covariates);
            var mayBeZero = _names[i] is not ("V1" or "V2" or "V3");
            if (!(value <= 1e15 && (mayBeZero ? value >= 0 : value > 0)))
                throw Error("parameter-out-of-range", FormattableString.Invariant($"{_names[i]} is {value}: it must be {(mayBeZero ? "zero or more" : "more than zero")}."));
            parameters[i] = value;
        }
    }

    internal override void RateMatrix(ReadOnlySpan<double> parameters, Span<double> matrix)
    {
        matrix.Clear();
        var central = _oral ? 1 : 0;
        var n = CompartmentCount;
        if (_oral)
        {
            matrix[0] = -parameters[Index("KA")];
            matrix[n] = parameters[Index("KA")];
        }

        var v1 = parameters[Index("V1")];
        matrix[central * n + central] -= parameters[Index("CL")] / v1;
        for (var i = 2; i <= _disposition; i++)
        {
            var peripheral = central + i - 1;
            var (q, v) = (parameters[Index($"Q{i}")], parameters[Index($"V{i}")]);
            matrix[central * n + central] -= q / v1;
            matrix[peripheral * n + central] = q / v1;
            matrix[central * n + peripheral] = q / v;
            matrix[peripheral * n + peripheral] = -q / v;
        }
    }

    internal override DoseModifiers Modifiers(ReadOnlySpan<double> parameters, int compartment)
    {
        var dose = _doses[compartment];
        return new DoseModifiers(
            dose.F < 0 ? 1 : parameters[dose.F],
            dose.Lag < 0 ? 0 : parameters[dose.Lag],
            dose.Rate < 0 ? double.NaN : parameters[dose.Rate],
            dose.Duration < 0 ? double.NaN : parameters[dose.Duration]);
    }

    internal override double Scale(ReadOnlySpan<double> parameters, EventQuantity quantity)
        => quantity.IsConcentration ? 1 / parameters[Index("V1")] : 1;

    private int Index(string name) => Array.IndexOf(_names, name);

    private static string Canonical(string name) => name switch
    {
        "V" or "VC" => "V1",
        "Q" => "Q2",
        _ => name,
    };

    private static int[] UsedBy(string parameters, IReadOnlyList<string> covariateNames)
        => [.. Enumerable.Range(0, covariateNames.Count).Where(i => parameters.Contains(covariateNames[i], StringComparison.OrdinalIgnoreCase))];

    private static LinearStructure StructureOf(int disposition, bool oral)
    {
        var central = oral ? 1 : 0;
        var n = disposition + central;
        var matrix = new double[n * n];
        if (oral)
            matrix[n] = 1;
        for (var i = 1; i < disposition; i++)
            matrix[(central + i) * n + central] = matrix[central * n + central + i] = 1;
        return new LinearStructure(matrix, n);
    }

    private static InvalidInputException Error(string code, string problem) => new(code, "parameters", problem);

    private readonly record struct DoseIndices(int F, int Lag, int Rate, int Duration);
}
