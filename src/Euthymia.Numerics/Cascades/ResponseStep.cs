using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// One step of the response by collocation: guesses for its nodes, sweeps on its equations, its error and its dense output.
/// Values and derivatives lie as [node][response].
/// </summary>
internal sealed unsafe class ResponseStep<T, TModel> : IDisposable
    where T : unmanaged, ILane<T>
    where TModel : ICascadeModel
{
    // Shares of the last sweep's change, and of the fourth difference of the derivatives, that are taken for the error. A sweep
    // leaves the less of the change before it, the shorter the step is to the response.
    private const double SweepShare = 0.1, LargestSweepShare = 0.01;
    private const double DifferenceShare = 0.0005;

    private readonly double _relative;
    private readonly double _absolute;
    private readonly T* _parameters, _nodes, _last;

    public ResponseStep(T* parameters, double relativeTolerance, double absoluteTolerance)
    {
        _parameters = parameters;
        (_relative, _absolute) = (relativeTolerance, absoluteTolerance);
        int m = TModel.ResponseCount, d = TModel.Drivers.Length;
        Drivers = Propagators<T, TModel>.Allocate((Collocation.Nodes * d) + (Collocation.Nodes * m));
        _nodes = Drivers + (Collocation.Nodes * d);
        _last = _nodes + ((Collocation.Nodes - 1) * m);
    }

    /// <summary>The drivers at the nodes, to be set before <see cref="Sweep"/>.</summary>
    public T* Drivers { get; }

    /// <summary>The responses at the end of the step after <see cref="Sweep"/>.</summary>
    public T* End
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _nodes + (3 * TModel.ResponseCount);
    }

    /// <summary>Derivatives at the start of a step from the drivers there.</summary>
    public void Begin(double start, T* y, T* derivatives) =>
        TModel.Response(start, new Row<T>(_parameters), new Row<T>(Drivers), new Row<T>(y), new Row<T>(derivatives));

    /// <summary>Guesses the nodes by a straight line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void GuessStraight(double size, T* y, T* derivatives)
    {
        for (var node = 1; node < Collocation.Nodes; node++)
        {
            for (var s = 0; s < TModel.ResponseCount; s++)
                _nodes[((node - 1) * TModel.ResponseCount) + s] = T.MultiplyAdd(derivatives[s], size * 0.25 * node, y[s]);
        }
    }

    /// <summary>Guesses the nodes from the derivatives f0 to f3, and f4, of an earlier step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Guess(double[] weights, T* y, T* f0, T* f4)
    {
        var m = TModel.ResponseCount;
        var node = _nodes;
        fixed (double* first = weights)
        {
            var w = first;
            for (var i = 1; i < Collocation.Nodes; i++)
            {
                T w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3], w4 = w[4];
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

    /// <summary>Fixed-point sweeps on the collocation equations.</summary>
    /// <param name="kind">The size of the step.</param>
    /// <param name="start">Its start.</param>
    /// <param name="sweeps">How many.</param>
    /// <param name="y">Responses at the start.</param>
    /// <param name="derivatives">Derivatives at the start; receives those at the nodes.</param>
    /// <returns>The lanes that miss the tolerance, as bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint Sweep(CascadePlan.Kind kind, double start, int sweeps, T* y, T* derivatives)
    {
        fixed (double* weights = kind.Correction)
        {
            for (var sweep = 0; sweep < sweeps; sweep++)
            {
                Evaluate(start, kind.Size * 0.25, derivatives);
                Correct(weights, y, derivatives);
            }
        }
        return ~Passing(kind, derivatives) & ((1u << T.Width) - 1);
    }

    /// <summary>The responses within the step at one output time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Interpolate(double* weights, T* y, T* derivatives, T* results)
    {
        for (var s = 0; s < TModel.ResponseCount; s++)
            T.Stream(Within(weights, y + s, derivatives + s), results + s);
    }

    /// <summary>The same for some lanes alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Interpolate(double* weights, T* y, T* derivatives, T* results, T mask)
    {
        for (var s = 0; s < TModel.ResponseCount; s++)
            results[s] = T.Select(mask, Within(weights, y + s, derivatives + s), results[s]);
    }

    public void Dispose() => NativeMemory.AlignedFree(Drivers);

    // The evaluations at the four nodes are independent, so the processor overlaps them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Evaluate(double start, double quarter, T* derivatives)
    {
        T* driver = Drivers, node = _nodes, derivative = derivatives;
        for (var i = 1; i < Collocation.Nodes; i++)
        {
            driver += TModel.Drivers.Length;
            derivative += TModel.ResponseCount;
            TModel.Response(start + (i * quarter), new Row<T>(_parameters), new Row<T>(driver), new Row<T>(node), new Row<T>(derivative));
            node += TModel.ResponseCount;
        }
    }

    // Even and odd parts about the middle of the step (see Collocation.Correction) take half of the multiplications.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Correct(double* w, T* y, T* derivatives)
    {
        var m = TModel.ResponseCount;
        T* node = _nodes, last = _last, f = derivatives;
        for (var s = m; s > 0; s--)
        {
            T f0 = f[0], f1 = f[m], f2 = f[2 * m], f3 = f[3 * m], f4 = f[4 * m], y0 = *y++;
            *last++ = node[3 * m];
            T inner = f1 + f3, outer = f0 + f4, innerOdd = f3 - f1, outerOdd = f4 - f0;
            var end = T.MultiplyAdd(f2, w[0], T.MultiplyAdd(inner, w[1], T.MultiplyAdd(outer, w[2], y0)));
            var even = T.MultiplyAdd(f2, w[5], T.MultiplyAdd(inner, w[6], outer * w[7]));
            var odd = T.MultiplyAdd(innerOdd, w[8], outerOdd * w[9]);
            node[0] = y0 + even + odd;
            node[m] = T.MultiplyAdd(y0 + end, 0.5, T.MultiplyAdd(innerOdd, w[3], outerOdd * w[4]));
            node[2 * m] = end - even + odd;
            node[3 * m] = end;
            node++;
            f++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Within(double* w, T* y, T* f) =>
        Sum(*y, f[0], f[TModel.ResponseCount], f[2 * TModel.ResponseCount], f[3 * TModel.ResponseCount], f[4 * TModel.ResponseCount], w[0], w[1], w[2], w[3], w[4]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum(T y0, T f0, T f1, T f2, T f3, T f4, double w0, double w1, double w2, double w3, double w4) =>
        T.MultiplyAdd(f4, w4, T.MultiplyAdd(f3, w3, T.MultiplyAdd(f2, w2, T.MultiplyAdd(f1, w1, T.MultiplyAdd(f0, w0, y0)))));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint Passing(CascadePlan.Kind kind, T* derivatives)
    {
        var m = TModel.ResponseCount;
        T* end = _nodes + (3 * m), last = _last, f = derivatives;
        T relative = _relative, absolute = _absolute, difference = kind.Size * DifferenceShare, sweep = Math.Min(LargestSweepShare, SweepShare * kind.Share);
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
}
