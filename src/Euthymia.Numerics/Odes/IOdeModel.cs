using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Odes;

/// <summary>
/// A system of ordinary differential equations dy/dt = f(t, p, y) for a population, stiff or not. Where part of the system
/// is linear and drives the rest, <see cref="Cascades.ICascadeModel"/> is much faster.
/// </summary>
public interface IOdeModel
{
    /// <summary>Number of parameters of a patient.</summary>
    static abstract int ParameterCount { get; }

    /// <summary>Number of states, 1 to 64.</summary>
    static abstract int StateCount { get; }

    /// <summary>The state into which each input of a schedule flows.</summary>
    static abstract ReadOnlySpan<int> Inputs { get; }

    /// <summary>Sets the states at time 0; the row arrives as zero.</summary>
    static abstract void Start<T>(Row<T> parameters, Row<T> states)
        where T : unmanaged, ILane<T>;

    /// <summary>Sets every derivative, without the schedule's inputs, which the solver adds.</summary>
    static abstract void Derivative<T>(T time, Row<T> parameters, Row<T> states, Row<T> derivatives)
        where T : unmanaged, ILane<T>;
}
