using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Euthymia.Numerics.Cascades;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Odes;

/// <summary>
/// Step control, switches of input and output for every method. Each lane keeps its own time, step and next output; a lane
/// that has reached the end of a segment waits for the others.
/// </summary>
internal sealed unsafe class OdeSolver<T, TModel, TMethod> : IDisposable
    where T : unmanaged, ILane<T>
    where TModel : IOdeModel
    where TMethod : IOdeMethod
{
    private const double Safety = 0.9;
    private const double Shrink = 0.2;
    private const double Grow = 5;

    private readonly OdeSystem<T, TModel> _system = new();
    private readonly CascadePlan _plan;
    private readonly OdeOptions _options;
    private readonly T* _memory;
    private readonly T* _y, _next, _error, _work;
    private readonly double[] _time = new double[T.Width];
    private readonly double[] _size = new double[T.Width];
    private readonly int[] _output = new int[T.Width];
    private readonly int[] _steps = new int[T.Width];
    private double* _results;
    private int _patients;
    private int _group;

    public OdeSolver(CascadePlan plan, OdeOptions options)
    {
        (_plan, _options) = (plan, options);
        var n = TModel.StateCount;
        _memory = (T*)NativeMemory.AlignedAlloc((nuint)(((3 * n) + TMethod.Work(n)) * sizeof(T)), 64);
        _y = _memory;
        _next = _y + n;
        _error = _next + n;
        _work = _error + n;
    }

    public void Run(ReadOnlySpan<double> parameters, int group, double* results)
    {
        _results = results;
        _group = group;
        var count = TModel.ParameterCount;
        _patients = parameters.Length / count;
        for (var lane = 0; lane < T.Width; lane++)
        {
            // Lanes past the last patient repeat the last one.
            var row = parameters.Slice(Math.Min((group * T.Width) + lane, _patients - 1) * count, count);
            for (var i = 0; i < count; i++)
                ((double*)_system.Parameters)[(i * T.Width) + lane] = row[i];
        }
        NativeMemory.Clear(_y, (nuint)(TModel.StateCount * sizeof(T)));
        TModel.Start(new Row<T>(_system.Parameters), new Row<T>(_y));
        Array.Clear(_time);
        Array.Clear(_output);
        Array.Clear(_steps);
        Array.Clear(_size);
        foreach (var segment in _plan.Segments)
        {
            for (var input = 0; input < TModel.Inputs.Length; input++)
                _system.Rates[input] = segment.Rates[input];
            foreach (var (input, amount) in segment.Boluses)
                _y[TModel.Inputs[input]] += amount;
            Integrate(segment.Start, segment.Start + segment.Duration);
        }
        for (var lane = 0; lane < T.Width; lane++)
            StoreUpTo(lane, double.PositiveInfinity);
    }

    public void Dispose()
    {
        _system.Dispose();
        NativeMemory.AlignedFree(_memory);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Integrate(double start, double end)
    {
        Array.Fill(_time, start);
        for (var lane = 0; lane < T.Width; lane++)
            StoreUpTo(lane, start);
        if (end <= start)
            return;
        FirstSteps(start, end);
        var running = (1u << T.Width) - 1;
        var rejected = 0u;
        var time = stackalloc T[2];
        while (running != 0)
        {
            for (var lane = 0; lane < T.Width; lane++)
            {
                // A waiting lane repeats a harmless step that is thrown away.
                var isRunning = (running >> lane & 1) != 0;
                ((double*)time)[lane] = isRunning ? _time[lane] : start;
                ((double*)(time + 1))[lane] = isRunning ? NextSize(lane, end - _time[lane]) : end - start;
            }
            TMethod.Step(_system, time[0], time[1], _y, _next, _error, _work);
            var error = Norm();
            var (factor, accepted) = Judge(error, running, rejected);
            for (var lanes = accepted; lanes != 0; lanes &= lanes - 1)
            {
                var lane = BitOperations.TrailingZeroCount(lanes);
                var size = ((double*)(time + 1))[lane];
                var reached = end - _time[lane] - size <= 1e-14 * Math.Max(1, end) ? end : _time[lane] + size;
                StoreInside(lane, reached, size, time[1]);
                _time[lane] = reached;
                if (reached == end)
                    running &= ~(1u << lane);
            }
            var mask = T.Mask(accepted);
            for (var i = 0; i < TModel.StateCount; i++)
                _y[i] = T.Select(mask, _next[i], _y[i]);
            rejected = ~accepted;
            for (var lane = 0; lane < T.Width; lane++)
            {
                _size[lane] = ((double*)(time + 1))[lane] * factor[lane];
                CheckProgress(lane, running);
            }
        }
    }

    // The last step lands on the end exactly, and the one before it leaves no sliver.
    private double NextSize(int lane, double left)
    {
        if (_options.FixedStep > 0)
            return Math.Min(_options.FixedStep, left);
        if (_size[lane] >= left * (1 - 1e-12))
            return left;
        return _size[lane] > left / 2 ? left / 2 : _size[lane];
    }

    // Hairer, Norsett, Wanner II.4: a step over which an Euler step would change the states by a hundredth of themselves.
    private void FirstSteps(double start, double end)
    {
        _system.Derivative(start, _y, _work);
        T magnitude = 0.0, speed = 0.0;
        for (var i = 0; i < TModel.StateCount; i++)
        {
            var scale = T.MultiplyAdd(T.Abs(_y[i]), _options.RelativeTolerance, _options.AbsoluteTolerance);
            magnitude = T.Max(magnitude, T.Abs(_y[i]) / scale);
            speed = T.Max(speed, T.Abs(_work[i]) / scale);
        }
        for (var lane = 0; lane < T.Width; lane++)
        {
            var size = magnitude[lane] < 1e-5 || speed[lane] < 1e-5 ? 1e-6 : 0.01 * magnitude[lane] / speed[lane];
            _size[lane] = Math.Min(double.IsFinite(size) ? Math.Max(size, 1e-12) : 1e-6, end - start);
        }
    }

    private T Norm()
    {
        T norm = 0.0;
        for (var i = 0; i < TModel.StateCount; i++)
        {
            var scale = T.MultiplyAdd(T.Max(T.Abs(_y[i]), T.Abs(_next[i])), _options.RelativeTolerance, _options.AbsoluteTolerance);
            var error = T.Abs(_error[i]) / scale;
            // Max may drop a NaN, so a state that is not a number counts as a large error.
            norm = T.Max(norm, T.Select(T.AtMost(error, double.MaxValue), error, 1e30));
        }
        return norm;
    }

    private (T Factor, uint Accepted) Judge(T error, uint running, uint rejected)
    {
        if (_options.FixedStep > 0)
            return (1.0, running);
        T wanted = T.Exp(T.Log(T.Max(error, 1e-10)) * (-1.0 / TMethod.EstimateOrder)) * Safety;
        T factor = T.Max(Shrink, T.Min(Grow, wanted));
        // No growth right after a rejection.
        factor = T.Select(T.Mask(rejected & ~(uint.MaxValue << T.Width)), T.Min(factor, 1.0), factor);
        return (factor, T.Bits(T.AtMost(error, 1.0)) & running);
    }

    private void CheckProgress(int lane, uint running)
    {
        var patient = (_group * T.Width) + lane;
        if ((running >> lane & 1) == 0 || patient >= _patients)
            return;
        if (++_steps[lane] > _options.MaximumSteps)
            throw new NumericsException("steps-exhausted", $"patient[{patient}]", $"Patient {patient} needs more than {_options.MaximumSteps} steps (time {_time[lane]}): take a method for stiff systems, a larger tolerance, or allow more.");
        if (_size[lane] <= 1e-15 * Math.Max(1e-3, _time[lane]))
            throw new NumericsException("step-vanished", $"patient[{patient}]", $"The steps of patient {patient} shrink to nothing at time {_time[lane]}: the solution may end there, or a parameter is out of range.");
    }

    // Outputs up to a time at which the state is known, what was given at that time included.
    private void StoreUpTo(int lane, double time)
    {
        for (; _output[lane] < _plan.Times.Length && _plan.Times[_output[lane]] <= time; _output[lane]++)
        {
            for (var i = 0; i < TModel.StateCount; i++)
                _results[((((long)_output[lane] * TModel.StateCount) + i) * T.Width) + lane] = _y[i][lane];
        }
    }

    // Outputs strictly inside the step just made; an output at its end waits, because something may be given there at once.
    private void StoreInside(int lane, double reached, double size, T sizes)
    {
        for (; _output[lane] < _plan.Times.Length && _plan.Times[_output[lane]] < reached; _output[lane]++)
        {
            var fraction = Math.Clamp((_plan.Times[_output[lane]] - _time[lane]) / size, 0, 1);
            for (var i = 0; i < TModel.StateCount; i++)
            {
                _results[((((long)_output[lane] * TModel.StateCount) + i) * T.Width) + lane] =
                    TMethod.Interpolate(TModel.StateCount, i, fraction, sizes, _y, _next, _work)[lane];
            }
        }
    }
}
