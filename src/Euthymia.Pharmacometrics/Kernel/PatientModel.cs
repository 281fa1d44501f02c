namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// A drug model with its names turned into indices once, so that one patient's parameters become the matrix of
/// dA/dt = K A + input without a look-up.
/// </summary>
internal sealed class PatientModel
{
    private readonly DrugModel _model;
    private readonly int[] _effectOfParameter;
    private readonly double[] _logSdOfEffect;
    private readonly int[] _volumeOfCompartment;
    private readonly FlowTerm[] _flows;

    public PatientModel(DrugModel model)
    {
        _model = model;
        _effectOfParameter = [.. model.Parameters.Select(parameter => IndexOf(model.RandomEffects, effect => effect.Name, parameter.RandomEffect))];
        _logSdOfEffect = [.. model.RandomEffects.Select(effect => effect.LogSd)];
        _volumeOfCompartment = [.. model.Compartments.Select(compartment => Parameter(compartment.Volume))];
        _flows = [.. model.Flows.SelectMany(Terms)];
        InputCompartment = Compartment(model.InfusionInto);
        ObservedCompartments = [.. model.Observations.Select(observation => Compartment(observation.Compartment))];
        Covariance = EffectCovariance.Factor(model)!;
        MixingFlows = [.. model.Observations.Select(observation => Parameter(observation.VenousMixing?.Flow))];
    }

    public int CompartmentCount => _volumeOfCompartment.Length;

    public int ParameterCount => _effectOfParameter.Length;

    public int EffectCount => _logSdOfEffect.Length;

    public int InputCompartment { get; }

    /// <summary>Compartment of each observation.</summary>
    public int[] ObservedCompartments { get; }

    /// <summary>Parameter index of each observation's venous mixing flow, or -1.</summary>
    public int[] MixingFlows { get; }

    /// <summary>Lower triangle, row-major, that turns independent deviates into the model's correlated ones; empty when none are.</summary>
    public double[] Covariance { get; }

    /// <summary>SD of a random effect on the log scale.</summary>
    public double LogSd(int effect) => _logSdOfEffect[effect];

    /// <summary>Whether the typical values depend on the age.</summary>
    public bool DependsOnAge => _model.Parameters.Any(parameter => parameter.Age is not null);

    /// <inheritdoc cref="Individualise(double, double, ReadOnlySpan{double}, Span{double})"/>
    public void Individualise(double weightKg, ReadOnlySpan<double> deviates, Span<double> parameters)
        => Individualise(weightKg, double.NaN, deviates, parameters);

    /// <summary>Parameters of one patient.</summary>
    /// <param name="weightKg">Body weight.</param>
    /// <param name="ageYears">Age, or NaN for the age at which typical values are given.</param>
    /// <param name="deviates">Standard normal deviates, one per random effect, correlated already; empty for the typical patient.</param>
    /// <param name="parameters">Out: one per parameter, in the model's units.</param>
    public void Individualise(double weightKg, double ageYears, ReadOnlySpan<double> deviates, Span<double> parameters)
    {
        var logRelativeWeight = Math.Log(weightKg / _model.ReferenceWeightKg);
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = _model.Parameters[i];
            var exponent = parameter.WeightExponent * logRelativeWeight;
            if (!deviates.IsEmpty && _effectOfParameter[i] is >= 0 and var effect)
                exponent += _logSdOfEffect[effect] * deviates[effect];
            var typical = parameter.Value;
            if (parameter.Age is { } age && ageYears > age.FromYears)
                typical += age.PerYear * (Math.Min(ageYears, age.ToYears) - age.FromYears);
            parameters[i] = typical * Math.Exp(exponent);
        }
    }

    /// <summary>The rate matrix K, row-major, 1/h: K[to, from] &gt; 0, the diagonal is minus everything that leaves.</summary>
    public void RateMatrix(ReadOnlySpan<double> parameters, Span<double> matrix)
    {
        var n = CompartmentCount;
        matrix.Clear();
        foreach (var flow in _flows)
        {
            var rate = parameters[flow.Coefficient];
            if (flow.Volume >= 0)
                rate /= parameters[flow.Volume];
            if (flow.Fraction >= 0)
                rate *= flow.Complement ? 1 - parameters[flow.Fraction] : parameters[flow.Fraction];
            if (!flow.Copies)
                matrix[flow.From * n + flow.From] -= rate;
            if (flow.To >= 0)
                matrix[flow.To * n + flow.From] += rate * flow.MassRatio;
        }
    }

    /// <summary>The structure of every patient's rate matrix, from the typical patient's.</summary>
    public LinearStructure Structure()
    {
        var typical = new double[ParameterCount];
        var matrix = new double[CompartmentCount * CompartmentCount];
        Individualise(_model.ReferenceWeightKg, [], typical);
        RateMatrix(typical, matrix);
        return new LinearStructure(matrix, CompartmentCount);
    }

    /// <summary>Parameter index of the fraction of a dose into a compartment that arrives, or -1.</summary>
    public int Bioavailability(int compartment) => Parameter(_model.Compartments[compartment].Bioavailability);

    /// <summary>Compartment index of each target of a schedule.</summary>
    public int[] Targets(Schedule schedule)
        => [.. schedule.Targets.Select(target => target == Schedule.Input.Infusions ? InputCompartment : target)];

    /// <summary>Parameter index of the fraction of what goes into a target of a schedule that arrives, or -1 for all of it.</summary>
    public int Arriving(int target) => target == Schedule.Input.Infusions ? -1 : Bioavailability(target);

    /// <summary>Parameter index of the duration of a dose into a compartment, or -1.</summary>
    public int Duration(int compartment) => Parameter(_model.Compartments[compartment].Duration);

    /// <summary>Volume in L of a compartment of one patient.</summary>
    public double Volume(int compartment, ReadOnlySpan<double> parameters) => parameters[_volumeOfCompartment[compartment]];

    private IEnumerable<FlowTerm> Terms(Flow flow)
    {
        yield return Term(flow, flow.From, flow.To);
        if (flow.Exchange)
            yield return Term(flow, flow.To!, flow.From);
    }

    private FlowTerm Term(Flow flow, string from, string? to)
    {
        var source = Compartment(from);
        var target = to is null ? -1 : Compartment(to);
        return new FlowTerm(
            source,
            target,
            Parameter(flow.Clearance ?? flow.Rate),
            flow.Clearance is null ? -1 : _volumeOfCompartment[source],
            Parameter(flow.Fraction),
            flow.Complement,
            target < 0 ? 0 : flow.ByMass ? 1 : MolarMass(target) / MolarMass(source),
            flow.Copies);
    }

    private double MolarMass(int compartment)
        => _model.Substances.Single(substance => string.Equals(substance.Id, _model.Compartments[compartment].Substance, StringComparison.Ordinal)).MolarMass;

    private int Compartment(string name) => IndexOf(_model.Compartments, compartment => compartment.Name, name);

    private int Parameter(string? name) => IndexOf(_model.Parameters, parameter => parameter.Name, name);

    private static int IndexOf<T>(IReadOnlyList<T> items, Func<T, string> name, string? wanted)
    {
        for (var i = 0; i < items.Count; i++)
            if (string.Equals(name(items[i]), wanted, StringComparison.Ordinal))
                return i;
        return -1;
    }

    private readonly record struct FlowTerm(int From, int To, int Coefficient, int Volume, int Fraction, bool Complement, double MassRatio, bool Copies);
}
