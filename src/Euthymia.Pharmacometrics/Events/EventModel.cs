using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>A concentration or amount that a model gives at each record.</summary>
/// <param name="Name">Heading in the output.</param>
/// <param name="Compartment">Index from zero.</param>
/// <param name="IsConcentration">Amount / volume x the model's scale; otherwise the amount itself.</param>
public sealed record EventQuantity(string Name, int Compartment, bool IsConcentration);

/// <summary>How a dose into a compartment is changed on its way: F, ALAG, R and D of that compartment.</summary>
/// <param name="Bioavailability">Fraction of the amount that arrives.</param>
/// <param name="Lag">Time from the record to the arrival.</param>
/// <param name="Rate">Of a dose with RATE -1; NaN when the model has none.</param>
/// <param name="Duration">Of a dose with RATE -2; NaN when the model has none.</param>
internal readonly record struct DoseModifiers(double Bioavailability, double Lag, double Rate, double Duration);

/// <summary>A linear model as the event engine sees it: its rate matrix and dose modifiers for given covariates.</summary>
public abstract class EventModel
{
    /// <summary>Compartments, doses' CMT counting them from 1.</summary>
    public abstract int CompartmentCount { get; }

    /// <summary>What can be asked for, the defaults first.</summary>
    public abstract IReadOnlyList<EventQuantity> Quantities { get; }

    /// <summary>How many of <see cref="Quantities"/> are given when none are asked for.</summary>
    public abstract int DefaultQuantityCount { get; }

    /// <summary>Columns of the event file that the model uses.</summary>
    internal abstract IReadOnlyList<int> UsedCovariates { get; }

    /// <summary>Compartment index of a dose without CMT.</summary>
    internal abstract int DefaultCompartment { get; }

    /// <summary>Compartments of the model that exchange, from a typical rate matrix.</summary>
    internal abstract LinearStructure Structure { get; }

    /// <summary>Parameters for covariates in the order of the event file.</summary>
    internal abstract void Parameters(double[] covariates, double[] parameters);

    internal abstract int ParameterCount { get; }

    /// <summary>The rate matrix K, row-major.</summary>
    internal abstract void RateMatrix(ReadOnlySpan<double> parameters, Span<double> matrix);

    internal abstract DoseModifiers Modifiers(ReadOnlySpan<double> parameters, int compartment);

    /// <summary>Output per amount in a quantity's compartment.</summary>
    internal abstract double Scale(ReadOnlySpan<double> parameters, EventQuantity quantity);
}
