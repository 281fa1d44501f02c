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
    // Share of the last sweep's change, and of the fourth difference of the derivatives, that is taken for the error.
    private const double SweepShare = 0.01;
    private const double DifferenceShare = 0.002;

    private readonly Propagators<T, TModel> _propagators = new();
    private readonly double _relative;
    private readonly double _absolute;
    private readonly T* _memory;
    private readonly T* _parameters, _x, _xNext, _drivers, _y, _yEnd, _derivatives, _previous, _nodes, _last;
    private readonly T*[] _frames;
    private T* _rows;
    private int _rowCapacity;
    private bool[] _kindReady = [];
    private CascadePlan _plan = null!;
    private double* _results;
    private uint _failed;

    public CascadeKernel(double relativeTolerance, double absoluteTolerance)
    {
        (_relative, _absolute) = (relativeTolerance, absoluteTolerance);
        int n = Propagators<T, TModel>.Size, m = TModel.ResponseCount, d = TModel.Drivers.Length;
        var frame = (2 * n) + (d * Collocation.Nodes) + (m * 14);
        var total = TModel.ParameterCount + (2 * n) + (Collocation.Nodes * d) + (m * 18) + (MaximumDepth * frame) + 1;
        var next = _memory = Propagators<T, TModel>.Allocate(total);
        _parameters = Take(TModel.ParameterCount);
        _x = Take(n);
        _xNext = Take(n);
        _drivers = Take(Collocation.Nodes * d);
        _y = Take(m);
        _yEnd = Take(m);
        _last = Take(m);
        _derivatives = Take(Collocation.Nodes * m);
        _previous = Take(Collocation.Nodes * m);
        _nodes = Take((Collocation.Nodes - 1) * m);
        _frames = new T*[MaximumDepth];
        for (var i = 0; i < MaximumDepth; i++)
            _frames[i] = Take(frame);

        T* Take(int count)
        {
            var start = next;
            next += count;
            return start;
        }
    }

    private const int MaximumDepth = 6;

    private static readonly double[][] HalfGuesses = [Collocation.HalfGuess(0), Collocation.HalfGuess(1)];

    /// <summary>The row in which the group's parameters are put before <see cref="Run"/>.</summary>
    public T* Parameters => _parameters;

    /// <summary>Number of doubles that the results of a group take at each output time.</summary>
    public static int StateCount => TModel.CompartmentCount + TModel.ResponseCount;

    // A state vector holds the inputs' rates first, then the compartments.
    private static int RowLength => Propagators<T, TModel>.Size;

    private static int Compartments
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TModel.Inputs.Length;
    }

    /// <summary>
    /// Simulates the group and writes its states to <paramref name="results"/> as [time][state][lane].
    /// </summary>
    /// <returns>The lanes whose response could not be integrated at this plan's finest step, as bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint Run(CascadePlan plan, double* results)
    {
        _plan = plan;
        _results = results;
        _failed = 0;
        NativeMemory.Clear(_propagators.Rates, (nuint)(TModel.CompartmentCount * TModel.CompartmentCount * sizeof(T)));
        TModel.Disposition(new Row<T>(_parameters), new RateMatrix<T>(_propagators.Rates, TModel.CompartmentCount));
        _propagators.Prepare(plan);
        SolveCompartments();
        if (TModel.ResponseCount > 0)
        {
            PrepareKinds();
            SolveResponses();
        }
        return _failed;
    }

    public void Dispose()
    {
        _propagators.Dispose();
        NativeMemory.AlignedFree(_memory);
        NativeMemory.AlignedFree(_rows);
        _rows = null;
    }

    private static void Swap(ref T* a, ref T* b)
    {
        var kept = a;
        a = b;
        b = kept;
    }

    private void Start()
    {
        NativeMemory.Clear(_x, (nuint)(RowLength * sizeof(T)));
        NativeMemory.Clear(_y, (nuint)(TModel.ResponseCount * sizeof(T)));
        TModel.Start(new Row<T>(_parameters), new Row<T>(_x + Compartments), new Row<T>(_y));
    }

    private void Enter(CascadePlan.Segment segment, T* x)
    {
        for (var input = 0; input < TModel.Inputs.Length; input++)
            x[input] = TModel.InputScale(input, new Row<T>(_parameters)) * segment.Rates[input];
        foreach (var (input, amount) in segment.Boluses)
            x[Compartments + TModel.Inputs[input]] += TModel.InputScale(input, new Row<T>(_parameters)) * amount;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolveCompartments()
    {
        Start();
        T* x = _x, next = _xNext;
        Enter(_plan.Segments[0], x);
        var results = (T*)_results;
        foreach (ref readonly var landing in CollectionsMarshal.AsSpan(_plan.Landings))
        {
            if (landing.EntersSegment)
                Enter(_plan.Segments[landing.Segment], x);
            if (landing.Length >= 0)
            {
                _propagators.Apply(_propagators.Of(landing.Length), x, next);
                Swap(ref x, ref next);
            }
            if (landing.Output >= 0)
            {
                var output = results + (landing.Output * StateCount);
                for (var i = 0; i < TModel.CompartmentCount; i++)
                    output[i] = x[Compartments + i];
            }
        }
    }

    private void PrepareKinds()
    {
        var needed = _plan.Kinds.Count * 3 * TModel.Drivers.Length * RowLength;
        if (needed > _rowCapacity)
        {
            NativeMemory.AlignedFree(_rows);
            _rows = Propagators<T, TModel>.Allocate(needed);
            _rowCapacity = needed;
        }
        if (_kindReady.Length < _plan.Kinds.Count)
            _kindReady = new bool[_plan.Kinds.Count];
        Array.Clear(_kindReady);
    }

    // Rows that give each driver a quarter, a half and three quarters of the way through a step of this kind.
    private T* KindRows(int kind)
    {
        var rows = _rows + (kind * 3 * TModel.Drivers.Length * RowLength);
        if (_kindReady[kind])
            return rows;
        var quarter = _propagators.Of(_plan.Kinds[kind].Quarter);
        var row = rows;
        for (var d = 0; d < TModel.Drivers.Length; d++)
        {
            var state = Compartments + TModel.Drivers[d];
            NativeMemory.Copy(quarter + (state * RowLength), row, (nuint)(RowLength * sizeof(T)));
            _propagators.ContinueRow(row, _propagators.EndOf(state), quarter, row + RowLength);
            _propagators.ContinueRow(row + RowLength, _propagators.EndOf(state), quarter, row + (2 * RowLength));
            row += 3 * RowLength;
        }
        _kindReady[kind] = true;
        return rows;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolveResponses()
    {
        Start();
        for (var output = 0; output < _plan.Times.Length && _plan.Times[output] <= 0; output++)
            StoreResponses(output, _y);
        T* x = _x, next = _xNext, derivatives = _derivatives, previous = _previous;
        foreach (var segment in _plan.Segments)
        {
            Enter(segment, x);
            SetDrivers(0, x);
            TModel.Response(segment.Start, new Row<T>(_parameters), new Row<T>(_drivers), new Row<T>(_y), new Row<T>(derivatives));
            var steps = CollectionsMarshal.AsSpan(_plan.Steps).Slice(segment.FirstStep, segment.StepCount);
            foreach (ref readonly var step in steps)
            {
                var kind = _plan.Kinds[step.Kind];
                Drive(step.Kind, x, next);
                if (step.Predictor < 0)
                    GuessStraight(kind.Size, _y, derivatives);
                else
                    Guess(_plan.Predictors[step.Predictor], step.PredictorSize, _y, previous, derivatives);
                var bad = Sweep(kind.Size, step.Start, step.Sweeps, _y, derivatives) & ~_failed;
                for (var s = 0; s < TModel.ResponseCount; s++)
                    _yEnd[s] = _nodes[(3 * TModel.ResponseCount) + s];
                for (var o = step.FirstOutput; o < step.FirstOutput + step.OutputCount; o++)
                    Interpolate(_plan.OutputWeights[o], o, derivatives);
                var last = derivatives + (4 * TModel.ResponseCount);
                if (bad != 0)
                    Refine(step.Kind, step.Start, 0, x, _y, derivatives, _yEnd, last, bad, step);
                for (var s = 0; s < TModel.ResponseCount; s++)
                    (_y[s], previous[s]) = (_yEnd[s], last[s]);
                Swap(ref x, ref next);
                Swap(ref derivatives, ref previous);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetDrivers(int node, T* x)
    {
        var drivers = _drivers + (node * TModel.Drivers.Length);
        for (var d = 0; d < TModel.Drivers.Length; d++)
            drivers[d] = x[Compartments + TModel.Drivers[d]];
    }

    // Compartments at the end of a step and drivers at its nodes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Drive(int kind, T* x, T* next)
    {
        _propagators.Apply(_propagators.Of(_plan.Kinds[kind].Full), x, next);
        var first = KindRows(kind);
        for (var d = 0; d < TModel.Drivers.Length; d++)
        {
            T quarter = 0.0, half = 0.0, most = 0.0;
            var end = _propagators.EndOf(Compartments + TModel.Drivers[d]);
            var from = x;
            for (var left = end; left > 0; left--)
            {
                quarter = T.MultiplyAdd(first[0], *from, quarter);
                half = T.MultiplyAdd(first[RowLength], *from, half);
                most = T.MultiplyAdd(first[2 * RowLength], *from, most);
                first++;
                from++;
            }
            _drivers[TModel.Drivers.Length + d] = quarter;
            _drivers[(2 * TModel.Drivers.Length) + d] = half;
            _drivers[(3 * TModel.Drivers.Length) + d] = most;
            first += (3 * RowLength) - end;
        }
        SetDrivers(4, next);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GuessStraight(double size, T* y, T* derivatives)
    {
        for (var node = 1; node < Collocation.Nodes; node++)
        {
            for (var s = 0; s < TModel.ResponseCount; s++)
                _nodes[((node - 1) * TModel.ResponseCount) + s] = T.MultiplyAdd(derivatives[s], size * 0.25 * node, y[s]);
        }
    }

    // Values at nodes 1 to 4 from the derivatives f0 to f4 of an earlier step.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Guess(double[] weights, double size, T* y, T* f0, T* f4)
    {
        var m = TModel.ResponseCount;
        var node = _nodes;
        fixed (double* first = weights)
        {
            var w = first;
            for (var i = 1; i < Collocation.Nodes; i++)
            {
                T w0 = size * w[0], w1 = size * w[1], w2 = size * w[2], w3 = size * w[3], w4 = size * w[4];
                T* f = f0, end = f4, from = y;
                for (var s = m; s > 0; s--)
                {
                    var early = T.MultiplyAdd(f[0], w0, *from++);
                    var late = f[m] * w1;
                    early = T.MultiplyAdd(f[2 * m], w2, early);
                    late = T.MultiplyAdd(f[3 * m], w3, late);
                    *node++ = early + T.MultiplyAdd(*end++, w4, late);
                    f++;
                }
                w += Collocation.Nodes;
            }
        }
    }

    // Fixed-point sweeps on the collocation equations. Returns the lanes that miss the tolerance.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint Sweep(double size, double start, int sweeps, T* y, T* derivatives)
    {
        for (var sweep = 0; sweep < sweeps; sweep++)
        {
            Evaluate(start, size * 0.25, derivatives);
            Correct(size * 0.25, y, derivatives);
        }
        return ~Passing(size, derivatives) & ((1u << T.Width) - 1);
    }

    // The evaluations at the four nodes are independent, so the processor overlaps them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Evaluate(double start, double quarter, T* derivatives)
    {
        T* driver = _drivers, node = _nodes, derivative = derivatives;
        for (var i = 1; i < Collocation.Nodes; i++)
        {
            driver += TModel.Drivers.Length;
            derivative += TModel.ResponseCount;
            TModel.Response(start + (i * quarter), new Row<T>(_parameters), new Row<T>(driver), new Row<T>(node), new Row<T>(derivative));
            node += TModel.ResponseCount;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Correct(double quarter, T* y, T* derivatives)
    {
        var m = TModel.ResponseCount;
        T* node = _nodes, last = _last, f = derivatives;
        T step = quarter;
        for (var s = m; s > 0; s--)
        {
            T f0 = f[0] * step, f1 = f[m] * step, f2 = f[2 * m] * step, f3 = f[3 * m] * step, f4 = f[4 * m] * step;
            var y0 = *y++;
            *last++ = node[3 * m];
            node[0] = Sum(y0, f0, f1, f2, f3, f4, 251.0 / 720, 646.0 / 720, -264.0 / 720, 106.0 / 720, -19.0 / 720);
            node[m] = Sum(y0, f0, f1, f2, f3, f4, 29.0 / 90, 124.0 / 90, 24.0 / 90, 4.0 / 90, -1.0 / 90);
            node[2 * m] = Sum(y0, f0, f1, f2, f3, f4, 27.0 / 80, 102.0 / 80, 72.0 / 80, 42.0 / 80, -3.0 / 80);
            node[3 * m] = Sum(y0, f0, f1, f2, f3, f4, 14.0 / 45, 64.0 / 45, 24.0 / 45, 64.0 / 45, 14.0 / 45);
            node++;
            f++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum(T y0, T f0, T f1, T f2, T f3, T f4, double w0, double w1, double w2, double w3, double w4) =>
        T.MultiplyAdd(f4, w4, T.MultiplyAdd(f3, w3, T.MultiplyAdd(f2, w2, T.MultiplyAdd(f1, w1, T.MultiplyAdd(f0, w0, y0)))));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint Passing(double size, T* derivatives)
    {
        var m = TModel.ResponseCount;
        T* end = _nodes + (3 * m), last = _last, f = derivatives;
        T relative = _relative, absolute = _absolute, difference = size * DifferenceShare, sweep = SweepShare;
        T excess = -1.0;
        for (var s = m; s > 0; s--)
        {
            var fourth = T.MultiplyAdd(f[2 * m], 6.0, f[0] + f[4 * m]) - ((f[m] + f[3 * m]) * 4.0);
            var error = T.MultiplyAdd(T.Abs(fourth), difference, T.Abs(*end - *last++) * sweep);
            // Max keeps a NaN, and a NaN does not pass.
            excess = T.Max(excess, error - T.MultiplyAdd(T.Abs(*end++), relative, absolute));
            f++;
        }
        return T.Bits(T.AtMost(excess, 0.0));
    }

    private void StoreResponses(int output, T* y)
    {
        var results = (T*)_results + (output * StateCount) + TModel.CompartmentCount;
        for (var s = 0; s < TModel.ResponseCount; s++)
            results[s] = y[s];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Interpolate(double[] weights, int output, T* derivatives)
    {
        var m = TModel.ResponseCount;
        T* results = (T*)_results + (output * StateCount) + TModel.CompartmentCount, y = _y, f = derivatives;
        for (var s = m; s > 0; s--)
        {
            *results++ = Sum(*y++, f[0], f[m], f[2 * m], f[3 * m], f[4 * m], weights[0], weights[1], weights[2], weights[3], weights[4]);
            f++;
        }
    }

    /// <summary>
    /// Repeats a step as two halves for the given lanes alone, deeper where that is still not enough. Each lane follows its own
    /// error, so a patient who needs short steps changes nothing for the others.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Refine(int kind, double start, int depth, T* x, T* y0, T* f0, T* yEnd, T* fEnd, uint lanes, CascadePlan.Step step)
    {
        var half = _plan.Kinds[kind].Half;
        if (half < 0 || depth >= MaximumDepth)
        {
            _failed |= lanes;
            return;
        }
        int n = RowLength, m = TModel.ResponseCount;
        var size = _plan.Kinds[half].Size;
        var frame = _frames[depth];
        T* y = frame, f = y + m, end = f + (Collocation.Nodes * m), from = end + m, to = from + n;
        for (var s = 0; s < m; s++)
            (y[s], f[s]) = (y0[s], f0[s]);
        for (var i = 0; i < n; i++)
            from[i] = x[i];
        for (var part = 0; part < 2; part++)
        {
            var at = start + (part * size);
            Drive(half, from, to);
            Guess(HalfGuesses[part], 2 * size, y, f0, f0 + (4 * m));
            var bad = Sweep(size, at, Collocation.Sweeps, y, f) & lanes & ~_failed;
            for (var s = 0; s < m; s++)
                end[s] = _nodes[(3 * m) + s];
            InterpolateMasked(y, f, at, size, lanes, step);
            if (bad != 0)
                Refine(half, at, depth + 1, from, y, f, end, f + (4 * m), bad, step);
            for (var s = 0; s < m; s++)
                (y[s], f[s]) = (end[s], f[(4 * m) + s]);
            for (var i = 0; i < n; i++)
                from[i] = to[i];
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
        if (step.OutputCount == 0)
            return;
        var m = TModel.ResponseCount;
        var mask = T.Mask(lanes);
        Span<double> weights = stackalloc double[Collocation.Nodes];
        for (var o = step.FirstOutput; o < step.FirstOutput + step.OutputCount; o++)
        {
            var theta = (_plan.Times[o] - start) / size;
            if (theta <= 1e-12 || theta > 1 + 1e-9)
                continue;
            Collocation.Weights(Math.Min(theta, 1), weights);
            var results = (T*)_results + (o * StateCount) + TModel.CompartmentCount;
            for (var s = 0; s < m; s++)
            {
                var value = Sum(y[s], f[s] * size, f[m + s] * size, f[(2 * m) + s] * size, f[(3 * m) + s] * size, f[(4 * m) + s] * size,
                    weights[0], weights[1], weights[2], weights[3], weights[4]);
                results[s] = T.Select(mask, value, results[s]);
            }
        }
    }
}
