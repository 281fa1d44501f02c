using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// The exact part of a cascade for one group of patients: propagators exp(K t) and, for each input, the response
/// to a unit rate over t. A chain of squarings gives all lengths Fine 2^k; other lengths are products of its members.
/// For compartment systems every entry is a sum of positive terms, so entries keep their relative accuracy; equal or
/// nearly equal rate constants, which break sums of exponentials, need no care.
/// </summary>
internal sealed unsafe class Propagators<T, TModel> : IDisposable
    where T : unmanaged, ILane<T>
    where TModel : ICascadeModel
{
    // Terms of the Taylor series: the rates times Fine stay below 1/8, the norm below 1/4, and (1/4)^13/13! < 3e-18.
    private const int TaylorTerms = 12;

    private readonly CascadeStructure<TModel> _structure = CascadeStructure<TModel>.Instance;
    private readonly int _stride;
    private T* _memory;
    private int _capacity;
    private T* _chain;
    private T* _formed;
    private bool[] _ready = [];
    private CascadePlan _plan = null!;

    public Propagators()
    {
        _stride = _structure.Entries + (TModel.CompartmentCount * TModel.Inputs.Length);
        Rates = Allocate((TModel.CompartmentCount * TModel.CompartmentCount) + _stride);
        Compact = Rates + (TModel.CompartmentCount * TModel.CompartmentCount);
    }

    /// <summary>The dense rate matrix, for the model to fill.</summary>
    public T* Rates { get; private set; }

    /// <summary>Entries of the rate matrix that a propagator holds.</summary>
    private T* Compact { get; set; }

    public static T* Allocate(int count)
    {
        var bytes = (nuint)(count * sizeof(T));
        var memory = (T*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }

    /// <summary>Makes the chain for the rates now in <see cref="Rates"/>; other lengths are made when first asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prepare(CascadePlan plan)
    {
        _plan = plan;
        var needed = (plan.Levels + plan.Lengths.Count + 2) * _stride;
        if (needed > _capacity)
        {
            NativeMemory.AlignedFree(_memory);
            _memory = Allocate(needed);
            _capacity = needed;
        }
        _chain = _memory;
        _formed = _memory + (plan.Levels * _stride);
        if (_ready.Length < plan.Lengths.Count)
            _ready = new bool[plan.Lengths.Count];
        Array.Clear(_ready);
        for (var e = 0; e < _structure.Entries; e++)
            Compact[e] = Rates[_structure.Dense[e]];
        Exponential(plan.Fine, _chain);
        for (var level = 1; level < plan.Levels; level++)
            Multiply(_chain + ((level - 1) * _stride), _chain + ((level - 1) * _stride), _chain + (level * _stride));
    }

    /// <summary>The propagator of one of the plan's lengths.</summary>
    public T* this[int length]
    {
        get
        {
            var whole = _plan.Lengths[length].Whole;
            if (_plan.Lengths[length].Remainder == 0 && (whole & (whole - 1)) == 0 && whole != 0)
                return _chain + (System.Numerics.BitOperations.TrailingZeroCount(whole) * _stride);
            var formed = _formed + (length * _stride);
            if (!_ready[length])
            {
                Form(_plan.Lengths[length], formed);
                _ready[length] = true;
            }
            return formed;
        }
    }

    /// <summary>Response to a unit rate of an input, one entry a compartment.</summary>
    public T* InputColumn(T* propagator, int input) => propagator + _structure.Entries + (input * TModel.CompartmentCount);

    /// <summary>Moves the compartments by a propagator under constant rates of input; <paramref name="to"/> is other memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(T* propagator, T* rates, T* from, T* to)
    {
        fixed (int* rowStart = _structure.RowStart, columns = _structure.Columns)
        {
            var entry = 0;
            for (var i = 0; i < TModel.CompartmentCount; i++)
            {
                T sum = 0.0;
                for (var input = 0; input < TModel.Inputs.Length; input++)
                    sum = T.MultiplyAdd(InputColumn(propagator, input)[i], rates[input], sum);
                for (; entry < rowStart[i + 1]; entry++)
                    sum = T.MultiplyAdd(propagator[entry], from[columns[entry]], sum);
                to[i] = sum;
            }
        }
    }

    /// <summary>A dense row e' E(a), with its inputs, carried on by the propagator over b: e' E(a) E(b) = e' E(a + b).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ContinueRow(T* row, T* propagator, T* product)
    {
        var n = TModel.CompartmentCount;
        for (var j = 0; j < n + TModel.Inputs.Length; j++)
            product[j] = j < n ? 0.0 : row[j];
        for (var k = 0; k < n; k++)
        {
            for (var e = _structure.RowStart[k]; e < _structure.RowStart[k + 1]; e++)
                product[_structure.Columns[e]] = T.MultiplyAdd(row[k], propagator[e], product[_structure.Columns[e]]);
            for (var input = 0; input < TModel.Inputs.Length; input++)
                product[n + input] = T.MultiplyAdd(row[k], InputColumn(propagator, input)[k], product[n + input]);
        }
    }

    /// <summary>One compartment's row of a propagator, dense.</summary>
    public void Row(int compartment, T* propagator, T* row)
    {
        var n = TModel.CompartmentCount;
        for (var j = 0; j < n; j++)
            row[j] = 0.0;
        for (var e = _structure.RowStart[compartment]; e < _structure.RowStart[compartment + 1]; e++)
            row[_structure.Columns[e]] = propagator[e];
        for (var input = 0; input < TModel.Inputs.Length; input++)
            row[n + input] = InputColumn(propagator, input)[compartment];
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        NativeMemory.AlignedFree(Rates);
        _memory = null;
        Rates = null;
    }

    private void Form(CascadePlan.Length length, T* result)
    {
        var product = _formed + (_plan.Lengths.Count * _stride);
        var spare = product + _stride;
        var any = length.Remainder != 0 || length.Whole == 0;
        if (any)
            Exponential(length.Remainder, product);
        for (var level = 0; length.Whole >> level != 0; level++)
        {
            if (((length.Whole >> level) & 1) == 0)
                continue;
            var member = _chain + (level * _stride);
            if (any)
            {
                Multiply(member, product, spare);
                var kept = product;
                product = spare;
                spare = kept;
            }
            else
            {
                Copy(member, product);
            }
            any = true;
        }
        Copy(product, result);
    }

    private void Copy(T* from, T* to) => NativeMemory.Copy(from, to, (nuint)(_stride * sizeof(T)));

    // exp(K t) by Horner's rule on its Taylor series, inputs as further columns: I + K t (I + K t/2 (I + ...)).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Exponential(double time, T* result)
    {
        var n = TModel.CompartmentCount;
        var work = stackalloc T[_stride];
        for (var i = 0; i < _stride; i++)
            work[i] = 0.0;
        SetIdentity(work);
        for (var term = TaylorTerms; term >= 1; term--)
        {
            Multiply(Compact, work, result, inputsOfLeft: false);
            T factor = time / term;
            for (var i = 0; i < _stride; i++)
                work[i] = result[i] * factor;
            SetIdentity(work, add: true);
            for (var input = 0; input < TModel.Inputs.Length; input++)
                InputColumn(work, input)[TModel.Inputs[input]] += factor;
        }
        Copy(work, result);

        void SetIdentity(T* matrix, bool add = false)
        {
            for (var i = 0; i < n; i++)
            {
                for (var e = _structure.RowStart[i]; e < _structure.RowStart[i + 1]; e++)
                {
                    if (_structure.Columns[e] == i)
                        matrix[e] = add ? matrix[e] + 1.0 : 1.0;
                }
            }
        }
    }

    // The propagator over two lengths of time, right first. The last rows of the extended matrices are (0 I).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(T* left, T* right, T* result, bool inputsOfLeft = true)
    {
        fixed (int* rowStart = _structure.RowStart, columns = _structure.Columns, pairStart = _structure.PairStart, pairs = _structure.Pairs)
        {
            var pair = 0;
            for (var e = 0; e < _structure.Entries; e++)
            {
                T sum = 0.0;
                for (; pair < pairStart[e + 1]; pair += 2)
                    sum = T.MultiplyAdd(left[pairs[pair]], right[pairs[pair + 1]], sum);
                result[e] = sum;
            }
            for (var input = 0; input < TModel.Inputs.Length; input++)
            {
                T* column = InputColumn(right, input), of = InputColumn(result, input);
                for (var i = 0; i < TModel.CompartmentCount; i++)
                {
                    T sum = 0.0;
                    if (inputsOfLeft)
                        sum = InputColumn(left, input)[i];
                    for (var e = rowStart[i]; e < rowStart[i + 1]; e++)
                        sum = T.MultiplyAdd(left[e], column[columns[e]], sum);
                    of[i] = sum;
                }
            }
        }
    }
}
