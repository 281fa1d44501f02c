using Euthymia.Numerics.Cascades;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Odes;

/// <summary>Which method integrates a system.</summary>
public enum OdeMethod
{
    /// <summary>Dormand and Prince, order 5: nonstiff systems.</summary>
    DormandPrince5,

    /// <summary>Bogacki and Shampine, order 3: nonstiff systems at loose tolerances.</summary>
    BogackiShampine3,

    /// <summary>Rosenbrock method RODAS, order 4: stiff systems.</summary>
    Rodas4,
}

/// <summary>How exactly and by which method a system is integrated.</summary>
public sealed record OdeOptions : SimulationOptions
{
    /// <summary>The method.</summary>
    public OdeMethod Method { get; init; }

    /// <summary>Length of every step, or 0 for steps that follow the tolerances.</summary>
    public double FixedStep { get; init; }

    /// <summary>Most steps of one patient; more is an error, so that no simulation runs without end.</summary>
    public int MaximumSteps { get; init; } = 1_000_000;
}

/// <summary>
/// Integrates a system of ordinary differential equations for a population. Every lane has its own time and its own step, so
/// a patient's numbers are the same, bit for bit, whatever the batch, its order and the number of threads.
/// </summary>
public static class OdeSimulation
{
    /// <summary>Simulates patients and keeps every state at every output time.</summary>
    /// <typeparam name="TModel">The model.</typeparam>
    /// <param name="parameters">One row of <see cref="IOdeModel.ParameterCount"/> numbers a patient, row after row.</param>
    /// <param name="schedule">Doses, in the states' own unit, and output times, the same for all.</param>
    /// <param name="options">Method, accuracy and threads.</param>
    /// <param name="reuse">Results of an earlier call whose memory may be overwritten.</param>
    /// <param name="cancellation">Stops between groups.</param>
    /// <returns>The states; dispose it to free its memory.</returns>
    /// <exception cref="NumericsException">A parameter is not finite (<c>parameters-invalid</c>), or a patient takes too many
    /// steps or too short ones (<c>steps-exhausted</c>, <c>step-vanished</c>, naming the patient).</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static Trajectories Run<TModel>(
        ReadOnlyMemory<double> parameters, Schedule schedule, OdeOptions? options = null, Trajectories? reuse = null, CancellationToken cancellation = default)
        where TModel : IOdeModel
    {
        ArgumentNullException.ThrowIfNull(schedule);
        options ??= new();
        Check<TModel>(parameters.Span, options);
        return Math.Min(options.LanesFor(1), Lanes8.Width) switch
        {
            8 => ByMethod<Lanes8, TModel>(parameters, schedule, options, reuse, cancellation),
            4 => ByMethod<Lanes4, TModel>(parameters, schedule, options, reuse, cancellation),
            _ => ByMethod<Lanes1, TModel>(parameters, schedule, options, reuse, cancellation),
        };
    }

    private static void Check<TModel>(ReadOnlySpan<double> parameters, OdeOptions options)
        where TModel : IOdeModel
    {
        options.Check();
        if (!(options.FixedStep >= 0) || !double.IsFinite(options.FixedStep))
            throw new NumericsException("option-invalid", nameof(options.FixedStep), $"The fixed step is {options.FixedStep}: give a length of time above 0, or 0 for adaptive steps.");
        if (options.MaximumSteps < 1)
            throw new NumericsException("option-invalid", nameof(options.MaximumSteps), $"{options.MaximumSteps} steps cannot be taken: allow at least 1.");
        if (TModel.ParameterCount == 0 || parameters.Length % TModel.ParameterCount != 0)
            throw new NumericsException("parameters-length", nameof(parameters), $"{parameters.Length} numbers are not rows of {TModel.ParameterCount}: give every patient every parameter.");
        for (var i = 0; i < parameters.Length; i++)
        {
            if (!double.IsFinite(parameters[i]))
                throw new NumericsException("parameters-invalid", $"patient[{i / TModel.ParameterCount}]", $"Parameter {i % TModel.ParameterCount} of patient {i / TModel.ParameterCount} is {parameters[i]}: give a finite number.");
        }
    }

    private static Trajectories ByMethod<T, TModel>(
        ReadOnlyMemory<double> parameters, Schedule schedule, OdeOptions options, Trajectories? reuse, CancellationToken cancellation)
        where T : unmanaged, ILane<T>
        where TModel : IOdeModel => options.Method switch
        {
            OdeMethod.BogackiShampine3 => Batch<T, TModel, BogackiShampine3>(parameters, schedule, options, reuse, cancellation),
            OdeMethod.Rodas4 => Batch<T, TModel, Rodas4>(parameters, schedule, options, reuse, cancellation),
            OdeMethod.DormandPrince5 => Batch<T, TModel, DormandPrince5>(parameters, schedule, options, reuse, cancellation),
            _ => throw new NumericsException("option-invalid", nameof(options.Method), $"There is no method {options.Method}: name one of {string.Join(", ", Enum.GetNames<OdeMethod>())}."),
        };

    private static unsafe Trajectories Batch<T, TModel, TMethod>(
        ReadOnlyMemory<double> parameters, Schedule schedule, OdeOptions options, Trajectories? reuse, CancellationToken cancellation)
        where T : unmanaged, ILane<T>
        where TModel : IOdeModel
        where TMethod : IOdeMethod
    {
        var patients = parameters.Length / TModel.ParameterCount;
        var groups = (patients + T.Width - 1) / T.Width;
        var results = reuse ?? new Trajectories();
        results.Resize(patients, groups, schedule.Times.Count, TModel.StateCount, T.Width, [.. Enumerable.Range(0, patients)]);
        if (patients > 0 && schedule.Times.Count > 0)
        {
            var plan = new CascadePlan(schedule, TModel.Inputs.Length, new Pace(1, 1, 1), hasResponse: false);
            GroupWork.Run(groups, options.ResolvedThreads,
                () => new OdeSolver<T, TModel, TMethod>(plan, options),
                (solver, group) => solver.Run(parameters.Span, group, results.Group(group)),
                cancellation);
        }
        return results;
    }
}
