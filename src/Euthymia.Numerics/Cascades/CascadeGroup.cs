using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// Eight sets of parameters of a cascade solved side by side, again and again: what a search over one patient's parameters
/// asks for. All eight take the same steps, chosen for the first, so that their differences are smooth. The memory and the
/// plans are made once; one instance serves one thread.
/// </summary>
/// <typeparam name="TModel">The model.</typeparam>
public sealed unsafe class CascadeGroup<TModel> : IDisposable
    where TModel : ICascadeModel
{
    /// <summary>Sets of parameters in a run.</summary>
    public const int Lanes = 8;

    private const double Refinement = 16;
    private const int Refinements = 3;

    private readonly CascadeKernel<Lanes8, TModel> _kernel;
    private readonly Dictionary<(PaceClass Class, int Refined), CascadePlan> _plans = [];
    private readonly Schedule _schedule;
    private readonly double _relativeTolerance;
    private readonly double[] _first = new double[TModel.ParameterCount];
    private Lanes8* _states;

    /// <summary>Makes the memory.</summary>
    /// <param name="schedule">Doses and output times.</param>
    /// <param name="options">Accuracy; the number of threads and lanes has no effect.</param>
    public CascadeGroup(Schedule schedule, SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_schedule, _relativeTolerance) = (schedule, options.RelativeTolerance);
        _kernel = new(options.RelativeTolerance, options.AbsoluteTolerance);
        _states = Propagators<Lanes8, TModel>.Allocate(schedule.Times.Count * StateCount);
    }

    /// <summary>States at each output time: compartments, then responses.</summary>
    public int StateCount { get; } = TModel.CompartmentCount + TModel.ResponseCount;

    /// <summary>The parameters, at [parameter x 8 + set], to be filled before <see cref="Run"/>.</summary>
    public Span<double> Parameters => new(_kernel.Parameters, TModel.ParameterCount * Lanes);

    /// <summary>The states of the last run, at [(time x states + state) x 8 + set].</summary>
    public ReadOnlySpan<double> States => new(_states, _schedule.Times.Count * StateCount * Lanes);

    /// <summary>Solves all eight sets.</summary>
    /// <exception cref="NumericsException">A rate is not finite, or a response cannot be integrated to the tolerance.</exception>
    public void Run()
    {
        for (var i = 0; i < _first.Length; i++)
            _first[i] = Parameters[i * Lanes];
        var pace = PaceClass.Class(PaceClass.KeysOf<Lanes1, TModel>(_first, 1)[0]);
        for (var refined = 0; refined <= Refinements; refined++)
        {
            if (_kernel.Run(Plan(pace, refined), (double*)_states) == 0)
                return;
        }
        throw new NumericsException("response-unsolved", "parameters", "The response cannot be integrated to the tolerance: check the parameters, or raise the tolerance.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kernel.Dispose();
        System.Runtime.InteropServices.NativeMemory.AlignedFree(_states);
        _states = null;
    }

    private CascadePlan Plan(PaceClass pace, int refined)
    {
        if (!_plans.TryGetValue((pace, refined), out var plan))
            _plans[(pace, refined)] = plan = new CascadePlan(_schedule, TModel.Inputs.Length, pace.Pace(_relativeTolerance, Math.Pow(Refinement, refined)), TModel.ResponseCount > 0);
        return plan;
    }
}
