using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Euthymia.Numerics.Lanes;

/// <summary>
/// Consecutive lane vectors in a kernel's work memory: the parameters, states or derivatives of a group of patients.
/// The index is not checked in a release build; a model's own counts say how long each row is.
/// </summary>
/// <typeparam name="T">The lane type.</typeparam>
public readonly unsafe struct Row<T>
    where T : unmanaged, ILane<T>
{
    private readonly T* _first;

    internal Row(T* first) => _first = first;

    internal T* Pointer => _first;

    /// <summary>The vector at an index, counted from 0.</summary>
    /// <param name="index">The index.</param>
    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Debug.Assert(index >= 0);
            return ref _first[index];
        }
    }
}

/// <summary>
/// The rate matrix K of a linear disposition dx/dt = K x + input, one patient in each lane, all zero when a model receives it.
/// </summary>
/// <typeparam name="T">The lane type.</typeparam>
public readonly unsafe struct RateMatrix<T>
    where T : unmanaged, ILane<T>
{
    private readonly T* _first;
    private readonly int _size;

    internal RateMatrix(T* first, int size)
    {
        _first = first;
        _size = size;
    }

    /// <summary>The effect of state <paramref name="from"/> on the derivative of state <paramref name="to"/>, per unit of time.</summary>
    /// <param name="to">Row: the state that changes.</param>
    /// <param name="from">Column: the state that acts.</param>
    public ref T this[int to, int from]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _first[(to * _size) + from];
    }

    /// <summary>Mass moves from one compartment to another at a first-order rate.</summary>
    public void Flow(int from, int to, T rate)
    {
        Loss(from, rate);
        Formation(from, to, rate);
    }

    /// <summary>Mass leaves the system at a first-order rate.</summary>
    public void Loss(int from, T rate) => this[from, from] -= rate;

    /// <summary>One state raises another without losing anything by it (a metabolite counted apart, an effect site).</summary>
    public void Formation(int from, int to, T rate) => this[to, from] += rate;
}
