using System.Runtime.InteropServices;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Odes;

/// <summary>What a method sees of a model: derivatives and Jacobian for one group of patients under constant inputs.</summary>
internal sealed unsafe class OdeSystem<T, TModel> : IDisposable
    where T : unmanaged, ILane<T>
    where TModel : IOdeModel
{
    private readonly T* _memory;
    private readonly Dual<T>* _duals;

    public OdeSystem()
    {
        _memory = (T*)NativeMemory.AlignedAlloc((nuint)((TModel.ParameterCount + TModel.Inputs.Length + 1) * sizeof(T)), 64);
        _duals = (Dual<T>*)NativeMemory.AlignedAlloc((nuint)((TModel.ParameterCount + (2 * TModel.StateCount)) * sizeof(Dual<T>)), 64);
    }

    public static int Count => TModel.StateCount;

    public T* Parameters => _memory;

    /// <summary>Rate of each input, lane by lane.</summary>
    public T* Rates => _memory + TModel.ParameterCount;

    public void Derivative(T time, T* states, T* derivatives)
    {
        TModel.Derivative(time, new Row<T>(Parameters), new Row<T>(states), new Row<T>(derivatives));
        for (var input = 0; input < TModel.Inputs.Length; input++)
            derivatives[TModel.Inputs[input]] += Rates[input];
    }

    /// <summary>df/dy by columns of the states (row after row in memory) and df/dt, exact by automatic differentiation.</summary>
    public void Jacobian(T time, T* states, T* jacobian, T* byTime)
    {
        var n = TModel.StateCount;
        Dual<T>* parameters = _duals, y = parameters + TModel.ParameterCount, f = y + n;
        for (var i = 0; i < TModel.ParameterCount; i++)
            parameters[i] = new(Parameters[i], 0.0);
        for (var direction = 0; direction <= n; direction++)
        {
            for (var i = 0; i < n; i++)
                y[i] = new(states[i], i == direction ? 1.0 : 0.0);
            TModel.Derivative(new Dual<T>(time, direction == n ? 1.0 : 0.0), new Row<Dual<T>>(parameters), new Row<Dual<T>>(y), new Row<Dual<T>>(f));
            for (var i = 0; i < n; i++)
            {
                if (direction == n)
                    byTime[i] = f[i].Slope;
                else
                    jacobian[(i * n) + direction] = f[i].Slope;
            }
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        NativeMemory.AlignedFree(_duals);
    }
}
