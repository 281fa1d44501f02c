using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// What a response reads of the exact part: the drivers at the five nodes of a step. Rows of propagators give them from the
/// state at the step's start, without the other compartments; they are formed once a group for each size of step.
/// </summary>
internal sealed unsafe class DriverRows<T, TModel>(Propagators<T, TModel> propagators) : IDisposable
    where T : unmanaged, ILane<T>
    where TModel : ICascadeModel
{
    private T* _rows;
    private int _capacity;
    private bool[] _formed = [];
    private CascadePlan _plan = null!;

    private static int RowLength
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Propagators<T, TModel>.Size;
    }

    /// <summary>Forgets the rows of the last group.</summary>
    public void Prepare(CascadePlan plan)
    {
        _plan = plan;
        var needed = plan.Kinds.Count * 3 * TModel.Drivers.Length * RowLength;
        if (needed > _capacity)
        {
            NativeMemory.AlignedFree(_rows);
            _rows = Propagators<T, TModel>.Allocate(needed);
            _capacity = needed;
        }
        if (_formed.Length < plan.Kinds.Count)
            _formed = new bool[plan.Kinds.Count];
        Array.Clear(_formed);
    }

    /// <summary>Moves a state over a step of a kind and writes the drivers as [node][driver], the first node excepted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Drive(int kind, T* x, T* next, T* drivers)
    {
        propagators.Apply(propagators.Of(_plan.Kinds[kind].Full), x, next);
        if (!_formed[kind])
            Form(kind);
        var row = _rows + (kind * 3 * TModel.Drivers.Length * RowLength);
        for (var d = 0; d < TModel.Drivers.Length; d++)
        {
            T quarter = 0.0, half = 0.0, most = 0.0;
            var end = propagators.EndOf(TModel.Inputs.Length + TModel.Drivers[d]);
            var from = x;
            for (var left = end; left > 0; left--)
            {
                quarter = T.MultiplyAdd(row[0], *from, quarter);
                half = T.MultiplyAdd(row[RowLength], *from, half);
                most = T.MultiplyAdd(row[2 * RowLength], *from, most);
                row++;
                from++;
            }
            drivers[TModel.Drivers.Length + d] = quarter;
            drivers[(2 * TModel.Drivers.Length) + d] = half;
            drivers[(3 * TModel.Drivers.Length) + d] = most;
            row += (3 * RowLength) - end;
        }
        Read(next, drivers + (4 * TModel.Drivers.Length));
    }

    /// <summary>The drivers in a state vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(T* x, T* drivers)
    {
        for (var d = 0; d < TModel.Drivers.Length; d++)
            drivers[d] = x[TModel.Inputs.Length + TModel.Drivers[d]];
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_rows);
        _rows = null;
        _capacity = 0;
    }

    // Rows that give each driver a quarter, a half and three quarters of the way through a step of this kind.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Form(int kind)
    {
        var quarter = propagators.Of(_plan.Kinds[kind].Quarter);
        var row = _rows + (kind * 3 * TModel.Drivers.Length * RowLength);
        for (var d = 0; d < TModel.Drivers.Length; d++)
        {
            var state = TModel.Inputs.Length + TModel.Drivers[d];
            NativeMemory.Copy(quarter + (state * RowLength), row, (nuint)(RowLength * sizeof(T)));
            propagators.ContinueRow(row, propagators.EndOf(state), quarter, row + RowLength);
            propagators.ContinueRow(row + RowLength, propagators.EndOf(state), quarter, row + (2 * RowLength));
            row += 3 * RowLength;
        }
        _formed[kind] = true;
    }
}
