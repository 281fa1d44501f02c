using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>
/// A drug model for event records: the typical patient of the weight in column WT, or of one weight for all, and of the age in a column AGE. Amounts in mg,
/// times in h, concentrations in ng/mL. CMT counts the model's compartments in the order of its file. Venous terms are not
/// given: they need to know whole infusions.
/// </summary>
public sealed class DrugEventModel : EventModel
{
    private readonly PatientModel _model;
    private readonly double _weightKg;
    private readonly int _weightColumn;
    private readonly int _ageColumn;
    private readonly int[] _bioavailabilities;
    private readonly int[] _durations;
    private double[] _deviates = [];

    private DrugEventModel(DrugModel model, double weightKg, int weightColumn, int ageColumn)
    {
        _model = new PatientModel(model);
        (_weightKg, _weightColumn, _ageColumn) = (weightKg, weightColumn, _model.DependsOnAge ? ageColumn : -1);
        UsedCovariates = [.. new[] { _weightColumn, _ageColumn }.Where(column => column >= 0)];
        string[] compartments = [.. model.Compartments.Select(compartment => compartment.Name)];
        EventQuantity[] observed = [.. model.Observations
            .Where(observation => observation.VenousMixing is null)
            .Select(observation => new EventQuantity(observation.Name, Array.IndexOf(compartments, observation.Compartment), IsConcentration: true))];
        DefaultQuantityCount = observed.Length;
        Quantities = [.. observed, .. compartments.Select((_, i) => new EventQuantity($"A{i + 1}", i, IsConcentration: false))];
        Structure = _model.Structure();
        _bioavailabilities = [.. compartments.Select((_, i) => _model.Bioavailability(i))];
        _durations = [.. compartments.Select((_, i) => _model.Duration(i))];
    }

    /// <inheritdoc/>
    public override int CompartmentCount => _model.CompartmentCount;

    /// <inheritdoc/>
    public override IReadOnlyList<EventQuantity> Quantities { get; }

    /// <inheritdoc/>
    public override int DefaultQuantityCount { get; }

    internal override IReadOnlyList<int> UsedCovariates { get; }

    internal override int DefaultCompartment => _model.InputCompartment;

    internal override LinearStructure Structure { get; }

    internal override int ParameterCount => _model.ParameterCount;

    /// <summary>Makes a model from a shipped one.</summary>
    /// <param name="model">From <see cref="DrugModels"/>.</param>
    /// <param name="weight">The weight of every subject, or null to read column WT.</param>
    /// <param name="covariateNames">Columns of the event file, in upper case.</param>
    /// <exception cref="InvalidInputException">There is neither a weight nor a column WT.</exception>
    public static DrugEventModel Create(DrugModel model, Kilograms? weight, IReadOnlyList<string> covariateNames)
    {
        var age = covariateNames.ToList().IndexOf("AGE");
        if (weight is { } given)
        {
            Covariates.CheckWeight(given);
            return new DrugEventModel(model, (double)given.Value, -1, age);
        }

        var column = covariateNames.ToList().IndexOf("WT");
        return column >= 0
            ? new DrugEventModel(model, 0, column, age)
            : throw new InvalidInputException("weight-missing", "weight", "A drug model needs a weight: add a column WT to the event file or give --weight.");
    }

    internal override void Parameters(double[] covariates, double[] parameters)
    {
        var weight = _weightColumn < 0 ? _weightKg : covariates[_weightColumn];
        if (!(weight is > 0 and <= 1000))
            throw new InvalidInputException("weight-out-of-range", "events", FormattableString.Invariant($"A weight of {weight} kg in column WT is none: it must be more than 0 and at most 1000."));
        _model.Individualise(weight, _ageColumn < 0 ? double.NaN : covariates[_ageColumn], _deviates, parameters);
    }

    /// <summary>The model of a virtual patient, with the random effects that the stream gives.</summary>
    internal DrugEventModel For(PatientStream patient)
    {
        var individual = (DrugEventModel)MemberwiseClone();
        individual._deviates = [.. Enumerable.Range(0, _model.EffectCount).Select(effect => patient.Normal(PatientStream.FirstEffect + (uint)effect))];
        EffectCovariance.Apply(_model.Covariance, individual._deviates);
        return individual;
    }

    /// <summary>A stream of virtual patients of a seed.</summary>
    internal PatientStream Patients(ulong seed, Sampling sampling) => new(seed, sampling, _model.EffectCount);

    internal override void RateMatrix(ReadOnlySpan<double> parameters, Span<double> matrix) => _model.RateMatrix(parameters, matrix);

    internal override DoseModifiers Modifiers(ReadOnlySpan<double> parameters, int compartment) => new(
            _bioavailabilities[compartment] is >= 0 and var fraction ? parameters[fraction] : 1,
            0,
            double.NaN,
            _durations[compartment] is >= 0 and var duration ? parameters[duration] : double.NaN);

    internal override double Scale(ReadOnlySpan<double> parameters, EventQuantity quantity)
        => quantity.IsConcentration ? 1000 / _model.Volume(quantity.Compartment, parameters) : 1;
}
