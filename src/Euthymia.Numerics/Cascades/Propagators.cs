using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// The exact part of a cascade for one group of patients: matrices exp(K t) that move inputs and compartments over a length
/// of time. A chain of squarings gives all lengths Fine 2^k; other lengths are products of its members. For compartment
/// systems every entry is a sum of positive terms, so entries keep their relative accuracy; equal or nearly equal rate
/// constants, which break sums of exponentials, need no care.
/// </summary>
internal sealed unsafe class Propagators<T, TModel> : IDisposable
    where T : unmanaged, ILane<T>
    where TModel : ICascadeModel
{
    // Taylor terms: rates times Fine stay below 1/64, so the norm stays below 1/32, and (1/32)^8/8! < 1e-16.
    private const int TaylorTerms = 7;

    private readonly int* _reach;
    private readonly int* _first;
    private readonly T* _work;
    private readonly T* _generator;
    private T* _memory;
    private int _capacity;
    private T*[] _formed = [];
    private CascadePlan _plan = null!;

    public Propagators()
    {
        var matrix = Size * Size;
        _work = Allocate(4 * matrix);
        _generator = _work + (2 * matrix);
        Rates = _work + (3 * matrix);
        SetInputRows(_work, 2);
        int[] reach = CascadeStructure<TModel>.Reach, first = CascadeStructure<TModel>.First;
        _reach = (int*)NativeMemory.Alloc((nuint)((reach.Length + first.Length) * sizeof(int)));
        _first = _reach + reach.Length;
        reach.CopyTo(new Span<int>(_reach, reach.Length));
        first.CopyTo(new Span<int>(_first, first.Length));
    }

    /// <summary>Length of a state vector: inputs, compartments and perhaps one unused entry.</summary>
    public static int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TModel.CompartmentCount + TModel.Inputs.Length + 1) & ~1;
    }

    /// <summary>The rate matrix of the compartments, for the model to fill.</summary>
    public T* Rates { get; }

    private static int MatrixLength => Size * Size;

    public static T* Allocate(int count)
    {
        var bytes = (nuint)(count * sizeof(T));
        var memory = (T*)NativeMemory.AlignedAlloc(Math.Max(bytes, 64), 64);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }

    /// <summary>Makes the chain for the rates now in <see cref="Rates"/>; other lengths are made when first asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prepare(CascadePlan plan)
    {
        _plan = plan;
        var needed = (plan.Levels + plan.Lengths.Count) * MatrixLength;
        if (needed > _capacity)
        {
            NativeMemory.AlignedFree(_memory);
            _memory = Allocate(needed);
            _capacity = needed;
            SetInputRows(_memory, needed / MatrixLength);
        }
        if (_formed.Length < plan.Lengths.Count)
            _formed = new T*[plan.Lengths.Count];
        Array.Clear(_formed);
        SetGenerator();
        Exponential(plan.Fine, Chain(0));
        for (var level = 1; level < plan.Levels; level++)
            Multiply(Chain(level - 1), Chain(level - 1), Chain(level));
    }

    /// <summary>The propagator of one of the plan's lengths.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Of(int length)
    {
        var formed = _formed[length];
        return formed != null ? formed : Form(length);
    }

    /// <summary>Moves a state vector; <paramref name="to"/> is other memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(T* propagator, T* from, T* to)
    {
        for (var input = 0; input < TModel.Inputs.Length; input++)
            *to++ = from[input];
        var reach = _reach;
        propagator += TModel.Inputs.Length * Size;
        for (var pair = TModel.CompartmentCount / 2; pair > 0; pair--)
        {
            T first = 0.0, second = 0.0, third = 0.0, fourth = 0.0;
            T* entry = propagator, x = from;
            for (var left = *reach++; left > 0; left -= 2)
            {
                first = T.MultiplyAdd(entry[0], x[0], first);
                second = T.MultiplyAdd(entry[Size], x[0], second);
                third = T.MultiplyAdd(entry[1], x[1], third);
                fourth = T.MultiplyAdd(entry[Size + 1], x[1], fourth);
                entry += 2;
                x += 2;
            }
            to[0] = first + third;
            to[1] = second + fourth;
            to += 2;
            propagator += 2 * Size;
        }
        if (TModel.CompartmentCount % 2 != 0)
        {
            T sum = 0.0;
            for (var left = *reach; left > 0; left--)
                sum = T.MultiplyAdd(*propagator++, *from++, sum);
            *to = sum;
        }
    }

    /// <summary>A row e' exp(K a) carried on over another length: e' exp(K a) exp(K b).</summary>
    /// <param name="row">Row of <see cref="Size"/> vectors.</param>
    /// <param name="end">End of the entries of the row that can differ from 0.</param>
    /// <param name="propagator">The propagator over b.</param>
    /// <param name="product">Receives the product.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ContinueRow(T* row, int end, T* propagator, T* product)
    {
        for (var j = 0; j < end; j += 2)
        {
            T first = 0.0, second = 0.0;
            for (var k = _first[j / 2]; k < end; k++)
            {
                first = T.MultiplyAdd(row[k], propagator[(k * Size) + j], first);
                second = T.MultiplyAdd(row[k], propagator[(k * Size) + j + 1], second);
            }
            product[j] = first;
            product[j + 1] = second;
        }
    }

    /// <summary>End of the entries of a state's row that can differ from 0.</summary>
    public int EndOf(int state) => _reach[(state - TModel.Inputs.Length) / 2];

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        NativeMemory.AlignedFree(_work);
        NativeMemory.Free(_reach);
        _memory = null;
    }

    // A rate of input stays what it is; no multiplication writes these rows.
    private static void SetInputRows(T* matrices, int count)
    {
        for (var matrix = 0; matrix < count; matrix++)
        {
            for (var input = 0; input < TModel.Inputs.Length; input++)
                matrices[(matrix * MatrixLength) + (input * (Size + 1))] = 1.0;
        }
    }

    private T* Chain(int level) => _memory + (level * MatrixLength);

    // Inputs are constant between switches; each raises its compartment at its own rate.
    private void SetGenerator()
    {
        int n = TModel.CompartmentCount, inputs = TModel.Inputs.Length;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
                _generator[((inputs + i) * Size) + inputs + j] = Rates[(i * n) + j];
        }
        for (var input = 0; input < inputs; input++)
            _generator[((inputs + TModel.Inputs[input]) * Size) + input] = 1.0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private T* Form(int length)
    {
        var wanted = _plan.Lengths[length];
        if (wanted.Remainder == 0 && BitOperations.IsPow2(wanted.Whole))
            return _formed[length] = Chain(BitOperations.TrailingZeroCount(wanted.Whole));
        var result = _memory + ((_plan.Levels + length) * MatrixLength);
        if (wanted.Half >= 0)
        {
            var half = Of(wanted.Half);
            Multiply(half, half, result);
            return _formed[length] = result;
        }
        T* product = null, spare = _work;
        if (wanted.Remainder != 0 || wanted.Whole == 0)
            Exponential(wanted.Remainder, product = result);
        for (var level = 0; wanted.Whole >> level != 0; level++)
        {
            if (((wanted.Whole >> level) & 1) == 0)
                continue;
            if (product == null)
            {
                product = Chain(level);
                continue;
            }
            var target = product == result ? spare : result;
            Multiply(Chain(level), product, target);
            product = target;
        }
        if (product != result)
            NativeMemory.Copy(product, result, (nuint)(MatrixLength * sizeof(T)));
        return _formed[length] = result;
    }

    // Horner's rule on the Taylor series: I + K t (I + K t/2 (I + ...)).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Exponential(double time, T* result)
    {
        var (length, size, inputs, states) = (MatrixLength, Size, TModel.Inputs.Length * Size, TModel.Inputs.Length + TModel.CompartmentCount);
        T* from = _work, to = _work + length;
        for (var i = inputs; i < length; i++)
            from[i] = 0.0;
        for (var i = TModel.Inputs.Length; i < states; i++)
            from[i * (size + 1)] = 1.0;
        for (var term = TaylorTerms; term >= 1; term--)
        {
            if (term == 1)
                to = result;
            Multiply(_generator, from, to);
            T factor = time / term;
            for (var i = inputs; i < length; i++)
                to[i] *= factor;
            for (var i = TModel.Inputs.Length; i < states; i++)
                to[i * (size + 1)] += 1.0;
            var kept = from;
            from = to;
            to = kept;
        }
    }

    // Two rows by two columns at a time: four sums that do not wait for one another, from four loads.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(T* left, T* right, T* result)
    {
        int* reach = _reach, start = _first;
        left += TModel.Inputs.Length * Size;
        result += TModel.Inputs.Length * Size;
        for (var pair = TModel.CompartmentCount / 2; pair > 0; pair--)
        {
            T* lower = left + Size, lowerOut = result + Size;
            var end = *reach++;
            for (var j = 0; j < end; j += 2)
            {
                T a = 0.0, b = 0.0, c = 0.0, d = 0.0;
                var k = start[j / 2];
                var column = right + (k * Size) + j;
                for (; k < end; k++)
                {
                    T u = left[k], l = lower[k], x = column[0], y = column[1];
                    a = T.MultiplyAdd(u, x, a);
                    b = T.MultiplyAdd(u, y, b);
                    c = T.MultiplyAdd(l, x, c);
                    d = T.MultiplyAdd(l, y, d);
                    column += Size;
                }
                result[j] = a;
                result[j + 1] = b;
                lowerOut[j] = c;
                lowerOut[j + 1] = d;
            }
            left += 2 * Size;
            result += 2 * Size;
        }
        if (TModel.CompartmentCount % 2 != 0)
            ContinueRow(left, *reach, right, result);
    }
}
