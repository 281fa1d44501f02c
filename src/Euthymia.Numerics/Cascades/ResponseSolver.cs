using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Cascades;

/// <summary>Integrates the responses of one group along the mesh of a plan and refines the mesh for the lanes that need it.</summary>
internal sealed unsafe class ResponseSolver<T, TModel> : IDisposable
    where T : unmanaged, ILane<T>
    where TModel : ICascadeModel
{
    private const int MaximumDepth = 6;

    private readonly DriverRows<T, TModel> _rows;
    private readonly ResponseStep<T, TModel> _step;
    private readonly T* _memory, _parameters;
    private readonly T* _x, _xNext, _y, _yEnd, _derivatives, _previous;
    private readonly T*[] _frames = new T*[MaximumDepth];
    private CascadePlan _plan = null!;
    private T* _results;
    private uint _failed;

    public ResponseSolver(Propagators<T, TModel> propagators, T* parameters, double relativeTolerance, double absoluteTolerance)
    {
        _parameters = parameters;
        _rows = new(propagators);
        _step = new(parameters, relativeTolerance, absoluteTolerance);
        int n = RowLength, m = TModel.ResponseCount;
        var frame = (2 * n) + ((Collocation.Nodes + 2) * m);
        var next = _memory = Propagators<T, TModel>.Allocate((2 * n) + ((2 + (2 * Collocation.Nodes)) * m) + (MaximumDepth * frame));
        _x = Take(n);
        _xNext = Take(n);
        _y = Take(m);
        _yEnd = Take(m);
        _derivatives = Take(Collocation.Nodes * m);
        _previous = Take(Collocation.Nodes * m);
        for (var i = 0; i < MaximumDepth; i++)
            _frames[i] = Take(frame);

        T* Take(int count)
        {
            var start = next;
            next += count;
            return start;
        }
    }

    private static int RowLength => Propagators<T, TModel>.Size;

    /// <summary>Writes the responses to <paramref name="results"/> as [time][state][lane].</summary>
    /// <returns>The lanes that could not be integrated at this plan's finest step, as bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint Run(CascadePlan plan, T* results)
    {
        (_plan, _failed) = (plan, 0);
        _results = results + TModel.CompartmentCount;
        _rows.Prepare(plan);
        CascadeKernel<T, TModel>.Start(_parameters, _x, _y);
        for (var output = 0; output < plan.Times.Length && plan.Times[output] <= 0; output++)
            Copy(_y, Result(output), TModel.ResponseCount);
        T* x = _x, next = _xNext, derivatives = _derivatives, previous = _previous;
        foreach (var segment in plan.Segments)
        {
            CascadeKernel<T, TModel>.Enter(segment, _parameters, x);
            DriverRows<T, TModel>.Read(x, _step.Drivers);
            _step.Begin(segment.Start, _y, derivatives);
            foreach (ref readonly var step in CollectionsMarshal.AsSpan(plan.Steps).Slice(segment.FirstStep, segment.StepCount))
            {
                Advance(in step, x, next, derivatives, previous);
                Swap(ref x, ref next);
                Swap(ref derivatives, ref previous);
            }
        }
        return _failed;
    }

    public void Dispose()
    {
        _rows.Dispose();
        _step.Dispose();
        NativeMemory.AlignedFree(_memory);
    }

    // One step of the mesh. Leaves the end of the step in _y and its last derivatives first in previous.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Advance(in CascadePlan.Step step, T* x, T* next, T* derivatives, T* previous)
    {
        var kind = _plan.Kinds[step.Kind];
        _rows.Drive(step.Kind, x, next, _step.Drivers);
        if (step.Predictor is { } weights)
            _step.Guess(weights, _y, previous, derivatives);
        else
            _step.GuessStraight(kind.Size, _y, derivatives);
        var bad = _step.Sweep(kind, step.Start, step.Sweeps, _y, derivatives) & ~_failed;
        Copy(_step.End, _yEnd, TModel.ResponseCount);
        fixed (double* outputs = _plan.OutputWeights)
        {
            for (var o = step.FirstOutput; o < step.FirstOutput + step.OutputCount; o++)
            {
                // Refinement reads its results again, so they are kept in the caches.
                if (bad == 0)
                    ResponseStep<T, TModel>.Interpolate(outputs + (o * Collocation.Nodes), _y, derivatives, Result(o));
                else
                    ResponseStep<T, TModel>.Interpolate(outputs + (o * Collocation.Nodes), _y, derivatives, Result(o), T.Mask(~0u));
            }
        }
        var last = derivatives + (4 * TModel.ResponseCount);
        if (bad != 0)
            Refine(kind, step.Start, 0, x, _y, derivatives, _yEnd, last, bad, step);
        Copy(_yEnd, _y, TModel.ResponseCount);
        Copy(last, previous, TModel.ResponseCount);
    }

    /// <summary>
    /// Repeats a step as two halves for the given lanes alone, deeper where that is still not enough. Each lane follows its own
    /// error, so a patient who needs short steps changes nothing for the others.
    /// </summary>
    private void Refine(CascadePlan.Kind whole, double start, int depth, T* x, T* y0, T* f0, T* yEnd, T* fEnd, uint lanes, CascadePlan.Step step)
    {
        if (whole.Half < 0 || depth >= MaximumDepth)
        {
            _failed |= lanes;
            return;
        }
        int n = RowLength, m = TModel.ResponseCount;
        var half = _plan.Kinds[whole.Half];
        T* y = _frames[depth], f = y + m, end = f + (Collocation.Nodes * m), from = end + m, to = from + n;
        Copy(y0, y, m);
        Copy(f0, f, m);
        Copy(x, from, n);
        for (var part = 0; part < 2; part++)
        {
            var at = start + (part * half.Size);
            _rows.Drive(whole.Half, from, to, _step.Drivers);
            _step.Guess(whole.HalfGuesses[part], y, f0, f0 + (4 * m));
            var bad = _step.Sweep(half, at, Collocation.HalfSweeps, y, f) & lanes & ~_failed;
            Copy(_step.End, end, m);
            InterpolateMasked(y, f, at, half.Size, lanes, step);
            if (bad != 0)
                Refine(half, at, depth + 1, from, y, f, end, f + (4 * m), bad, step);
            Copy(end, y, m);
            Copy(f + (4 * m), f, m);
            Copy(to, from, n);
        }
        var mask = T.Mask(lanes);
        for (var s = 0; s < m; s++)
        {
            yEnd[s] = T.Select(mask, y[s], yEnd[s]);
            fEnd[s] = T.Select(mask, f[s], fEnd[s]);
        }
    }

    private void InterpolateMasked(T* y, T* f, double start, double size, uint lanes, CascadePlan.Step step)
    {
        var mask = T.Mask(lanes);
        var weights = stackalloc double[Collocation.Nodes];
        for (var o = step.FirstOutput; o < step.FirstOutput + step.OutputCount; o++)
        {
            var theta = (_plan.Times[o] - start) / size;
            if (theta <= 1e-12 || theta > 1 + 1e-9)
                continue;
            Collocation.Weights(Math.Min(theta, 1), new Span<double>(weights, Collocation.Nodes));
            for (var i = 0; i < Collocation.Nodes; i++)
                weights[i] *= size;
            ResponseStep<T, TModel>.Interpolate(weights, y, f, Result(o), mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* Result(int output) => _results + (output * CascadeKernel<T, TModel>.StateCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(T* from, T* to, int count)
    {
        for (; count > 0; count--)
            *to++ = *from++;
    }

    private static void Swap(ref T* a, ref T* b)
    {
        var kept = a;
        a = b;
        b = kept;
    }
}
