using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>
/// The generic linear models iv1, iv2, iv3, oral1, oral2, oral3: one to three compartments, with or without a depot.
/// Compartment 1 of an oral model is the depot, the next is the central one. Parameters are spelled as in
/// <see cref="ParameterNames"/>, and Fn, ALAGn, Rn, Dn belong to compartment n. Units are those of the file.
/// </summary>
public sealed class GenericModel : EventModel
{
    /// <summary>The names that <see cref="Create"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = ["iv1", "iv2", "iv3", "oral1", "oral2", "oral3"];

    private readonly string[] _names;
    private readonly ParameterExpression[] _expressions;
    private readonly int _disposition;
    private readonly int _central;
    private readonly int _absorption;
    private readonly int _clearance;
    private readonly int[] _flows;
    private readonly int[] _volumes;
    private readonly DoseIndices[] _doses;

    private GenericModel(ParameterNames parameters, Dictionary<string, ParameterExpression> given)
    {
        (_disposition, _central) = (parameters.Disposition, parameters.Oral ? 1 : 0);
        _names = [.. given.Keys];
        _expressions = [.. given.Values];
        UsedCovariates = [.. _expressions.SelectMany(expression => expression.Covariates).Distinct().Order()];
        CompartmentCount = _disposition + _central;
        _absorption = Index("KA");
        _clearance = Index("CL");
        _flows = [-1, .. Enumerable.Range(2, _disposition - 1).Select(i => Index($"Q{i}"))];
        _volumes = [.. Enumerable.Range(1, _disposition).Select(i => Index($"V{i}"))];
        _doses = [.. Enumerable.Range(1, CompartmentCount).Select(i => new DoseIndices(Index($"F{i}"), Index($"ALAG{i}"), Index($"R{i}"), Index($"D{i}")))];
        Quantities = [new EventQuantity("CP", _central, IsConcentration: true),
            .. Enumerable.Range(0, CompartmentCount).Select(i => new EventQuantity($"A{i + 1}", i, IsConcentration: false))];
        Structure = StructureOf(_disposition, _central);
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
        List<(string Name, ParameterExpression Value)> items = [];
        foreach (var item in parameters.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw Error("parameter-not-understood", $"\"{item}\" is not understood. Write parameters like CL=5,V1=20.");
            items.Add((item[..equals].Trim().ToUpperInvariant(), ParameterExpression.Parse(item[(equals + 1)..], covariateNames)));
        }

        var names = new ParameterNames(name);
        var canonical = names.Canonical([.. items.Select(item => item.Name)]);
        return new GenericModel(names, canonical.Zip(items).ToDictionary(pair => pair.First, pair => pair.Second.Value, StringComparer.Ordinal));
    }

    internal override void Parameters(double[] covariates, double[] parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            var value = _expressions[i].Value(covariates);
            var mayBeZero = _names[i][0] != 'V';
            if (!(value <= 1e15 && (mayBeZero ? value >= 0 : value >= 1e-15)))
                throw Error("parameter-out-of-range", FormattableString.Invariant($"{_names[i]} is {value}: it must be {(mayBeZero ? "zero or more" : "more than zero")}{(value > 1 ? " and at most 1E15" : "")}."));
            parameters[i] = value;
        }
    }

    internal override void RateMatrix(ReadOnlySpan<double> parameters, Span<double> matrix)
    {
        matrix.Clear();
        var n = CompartmentCount;
        if (_absorption >= 0)
        {
            matrix[0] = -parameters[_absorption];
            matrix[n] = parameters[_absorption];
        }

        var volume = parameters[_volumes[0]];
        matrix[_central * n + _central] -= parameters[_clearance] / volume;
        for (var i = 1; i < _disposition; i++)
        {
            var peripheral = _central + i;
            var (q, v) = (parameters[_flows[i]], parameters[_volumes[i]]);
            matrix[_central * n + _central] -= q / volume;
            matrix[peripheral * n + _central] = q / volume;
            matrix[_central * n + peripheral] = q / v;
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
        => quantity.IsConcentration ? 1 / parameters[_volumes[0]] : 1;

    private int Index(string name) => Array.IndexOf(_names, name);

    private static LinearStructure StructureOf(int disposition, int central)
    {
        var n = disposition + central;
        var matrix = new double[n * n];
        if (central > 0)
            matrix[n] = 1;
        for (var i = 1; i < disposition; i++)
            matrix[(central + i) * n + central] = matrix[central * n + central + i] = 1;
        return new LinearStructure(matrix, n);
    }

    private static InvalidInputException Error(string code, string problem) => new(code, "parameters", problem);

    private readonly record struct DoseIndices(int F, int Lag, int Rate, int Duration);
}
