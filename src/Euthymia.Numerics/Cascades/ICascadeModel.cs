using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// A linear disposition (compartments that exchange mass by first-order rates and receive inputs) and the nonlinear
/// response that it drives without being acted on in return:
/// <code>
/// dx/dt = K(p) x + input(t)        compartments, solved exactly
/// dy/dt = f(t, p, x(t), y)         responses, integrated by an adaptive method
/// </code>
/// K is constant in time. A model without responses is a plain linear disposition. Every member is static, so the kernel
/// is compiled for the model and the lane type together and a call costs nothing.
/// </summary>
public interface ICascadeModel
{
    /// <summary>Number of parameters of a patient.</summary>
    static abstract int ParameterCount { get; }

    /// <summary>Number of linear compartments, 1 to 32.</summary>
    static abstract int CompartmentCount { get; }

    /// <summary>Number of nonlinear responses, 0 or more.</summary>
    static abstract int ResponseCount { get; }

    /// <summary>The compartment into which each input flows.</summary>
    static abstract ReadOnlySpan<int> Inputs { get; }

    /// <summary>The compartments that the response reads, in the order in which it gets them.</summary>
    static abstract ReadOnlySpan<int> Drivers { get; }

    /// <summary>Fills the rate matrix K, which arrives as zero.</summary>
    static abstract void Disposition<T>(Row<T> parameters, RateMatrix<T> rates)
        where T : unmanaged, ILane<T>;

    /// <summary>What one unit of a schedule's amount is for this patient (1, or the weight when the schedule is per kilogram).</summary>
    static abstract T InputScale<T>(int input, Row<T> parameters)
        where T : unmanaged, ILane<T>;

    /// <summary>Sets the states at the start of the schedule; both rows arrive as zero.</summary>
    static abstract void Start<T>(Row<T> parameters, Row<T> compartments, Row<T> responses)
        where T : unmanaged, ILane<T>;

    /// <summary>Sets every derivative of the responses.</summary>
    static abstract void Response<T>(double time, Row<T> parameters, Row<T> drivers, Row<T> responses, Row<T> derivatives)
        where T : unmanaged, ILane<T>;
}
