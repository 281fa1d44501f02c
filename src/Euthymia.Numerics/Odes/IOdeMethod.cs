using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Odes;

/// <summary>
/// A one-step method: coefficients, the size of its work memory, one step with an estimate of its error, and the
/// interpolant of that step. Step control, switches and output are the solver's.
/// </summary>
internal unsafe interface IOdeMethod
{
    /// <summary>Order of the solution that is carried on.</summary>
    static abstract int Order { get; }

    /// <summary>Order of the error estimate: it behaves as the step to this power.</summary>
    static abstract int EstimateOrder { get; }

    /// <summary>Work memory for n states, in lane vectors.</summary>
    static abstract int Work(int n);

    /// <summary>Steps every lane from its own time by its own size.</summary>
    static abstract void Step<T, TModel>(OdeSystem<T, TModel> system, T time, T size, T* y, T* next, T* error, T* work)
        where T : unmanaged, ILane<T>
        where TModel : IOdeModel;

    /// <summary>One state at a fraction of the step just made.</summary>
    static abstract T Interpolate<T>(int n, int state, T fraction, T size, T* y, T* next, T* work)
        where T : unmanaged, ILane<T>;
}
