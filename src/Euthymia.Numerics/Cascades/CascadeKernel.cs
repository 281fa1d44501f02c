using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// Simulates one group of patients, one in each lane, along a plan. The memory of a kernel is made once and serves any
/// number of groups; a step allocates nothing.
/// </summary>
internal sealed unsafe class CascadeKernel<T, TModel> : IDisposable
    where T : unmanaged, ILane<T>
    where TModel : ICascadeModel
{
    private readonly Propagators<T, TModel> _propagators = new();
    private readonly ResponseSolver<T, TModel>? _responses;
    private readonly T* _parameters, _x, _xNext;

    public CascadeKernel(double relativeTolerance, double absoluteTolerance)
    {
        _parameters = Propagators<T, TModel>.Allocate(TModel.ParameterCount + (2 * Propagators<T, TModel>.Size));
        _x = _parameters + TModel.ParameterCount;
        _xNext = _x + Propagators<T, TModel>.Size;
        if (TModel.ResponseCount > 0)
            _responses = new(_propagators, _parameters, relativeTolerance, absoluteTolerance);
    }

    /// <summary>The row in which the group's parameters are put before <see cref="Run"/>.</summary>
    public T* Parameters => _parameters;

    /// <summary>Number of doubles that the results of a group take at each output time.</summary>
    public static int StateCount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TModel.CompartmentCount + TModel.ResponseCount;
    }

    /// <summary>
    /// Simulates the group and writes its states to <paramref name="results"/> as [time][state][lane].
    /// </summary>
    /// <returns>The lanes whose response could not be integrated at this plan's finest step, as bits.</returns>
    public uint Run(CascadePlan plan, double* results)
    {
        NativeMemory.Clear(_propagators.Rates, (nuint)(TModel.CompartmentCount * TModel.CompartmentCount * sizeof(T)));
        TModel.Disposition(new Row<T>(_parameters), new RateMatrix<T>(_propagators.Rates, TModel.CompartmentCount));
        _propagators.Prepare(plan);
        SolveCompartments(plan, (T*)results);
        return _responses?.Run(plan, (T*)results) ?? 0;
    }

    public void Dispose()
    {
        _propagators.Dispose();
        _responses?.Dispose();
        NativeMemory.AlignedFree(_parameters);
    }

    /// <summary>Sets a state vector, inputs' rates first and then the compartments, and the responses to the start.</summary>
    internal static void Start(T* parameters, T* x, T* y)
    {
        NativeMemory.Clear(x, (nuint)(Propagators<T, TModel>.Size * sizeof(T)));
        NativeMemory.Clear(y, (nuint)(TModel.ResponseCount * sizeof(T)));
        TModel.Start(new Row<T>(parameters), new Row<T>(x + TModel.Inputs.Length), new Row<T>(y));
    }

    /// <summary>Gives a segment's rates and boluses to a state vector.</summary>
    internal static void Enter(CascadePlan.Segment segment, T* parameters, T* x)
    {
        for (var input = 0; input < TModel.Inputs.Length; input++)
            x[input] = TModel.InputScale(input, new Row<T>(parameters)) * segment.Rates[input];
        foreach (var (input, amount) in segment.Boluses)
            x[TModel.Inputs.Length + TModel.Inputs[input]] += TModel.InputScale(input, new Row<T>(parameters)) * amount;
    }

    // The exact part: from output to output, and to every switch of input between them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolveCompartments(CascadePlan plan, T* results)
    {
        T* x = _x, next = _xNext, responses = stackalloc T[TModel.ResponseCount];
        Start(_parameters, x, responses);
        Enter(plan.Segments[0], _parameters, x);
        foreach (ref readonly var landing in CollectionsMarshal.AsSpan(plan.Landings))
        {
            if (landing.EntersSegment)
                Enter(plan.Segments[landing.Segment], _parameters, x);
            if (landing.Length >= 0)
            {
                _propagators.Apply(_propagators.Of(landing.Length), x, next);
                var moved = next;
                next = x;
                x = moved;
            }
            if (landing.Output >= 0)
            {
                var output = results + (landing.Output * StateCount);
                for (var i = 0; i < TModel.CompartmentCount; i++)
                    T.Stream(x[TModel.Inputs.Length + i], output + i);
            }
        }
    }
}
