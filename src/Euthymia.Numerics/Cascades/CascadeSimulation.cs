using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Cascades;

/// <summary>How exactly and on what a simulation runs.</summary>
public record SimulationOptions
{
    /// <summary>Relative tolerance of one step of the response, 1e-12 to 1e-2.</summary>
    public double RelativeTolerance { get; init; } = 1e-6;

    /// <summary>Absolute tolerance of one step of the response, in the response's unit, &gt; 0.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-8;

    /// <summary>Number of threads; 0 for one on each processor. It never changes a result.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Patients simulated at once: 16 (two vectors), 8, 4 or 1; 0 for what is fastest on the processor.
    /// </summary>
    public int Lanes { get; init; }

    internal int ResolvedThreads => Threads > 0 ? Threads : Environment.ProcessorCount;

    // Sixteen lanes give the same bits as eight; a smaller batch would leave half of them empty.
    internal int LanesFor(int patients) => Lanes != 0 ? Lanes
        : Vector512.IsHardwareAccelerated ? (patients > Lanes8.Width ? Lanes16.Width : Lanes8.Width)
        : Vector256.IsHardwareAccelerated ? Lanes4.Width : Lanes1.Width;

    internal void Check()
    {
        if (!(RelativeTolerance >= 1e-12 && RelativeTolerance <= 1e-2))
            throw new NumericsException("option-invalid", nameof(RelativeTolerance), $"The relative tolerance is {RelativeTolerance}: give one from 1e-12 to 1e-2.");
        if (!(AbsoluteTolerance > 0) || !double.IsFinite(AbsoluteTolerance))
            throw new NumericsException("option-invalid", nameof(AbsoluteTolerance), $"The absolute tolerance is {AbsoluteTolerance}: give one above 0.");
        if (Threads < 0)
            throw new NumericsException("option-invalid", nameof(Threads), $"{Threads} threads cannot run: give 1 or more, or 0 for all processors.");
        if (Lanes is not (0 or 1 or 4 or 8 or 16))
            throw new NumericsException("option-invalid", nameof(Lanes), $"{Lanes} lanes are not offered: give 1, 4, 8 or 16, or 0 for the fastest.");
    }
}

/// <summary>
/// Simulates a population along one schedule. Patients are sorted by the pace of their own rates and taken in groups of one or
/// two vectors; a patient's numbers are the same, bit for bit, whatever the batch, its order, the number of threads and the
/// position in a vector. Between lane widths they agree to rounding (FMA is used in all of them).
/// </summary>
public static class CascadeSimulation
{
    // A group whose response needs shorter steps than its plan offers is run again with steps this much shorter.
    private const double Refinement = 16;
    private const int Refinements = 3;

    /// <typeparam name="TModel">The model.</typeparam>
    /// <summary>Simulates patients and keeps every state at every output time.</summary>
    /// <param name="parameters">One row of <see cref="ICascadeModel.ParameterCount"/> numbers a patient, row after row.</param>
    /// <param name="schedule">Doses and output times, the same for all.</param>
    /// <param name="options">Accuracy and threads.</param>
    /// <param name="reuse">Results of an earlier call whose memory may be overwritten.</param>
    /// <param name="cancellation">Stops between groups.</param>
    /// <returns>The states; dispose it to free its memory.</returns>
    /// <exception cref="NumericsException">A number is not finite, a rate matrix is not, or a response cannot be integrated
    /// (<c>response-unsolved</c>, naming the patient).</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static Trajectories Run<TModel>(
        ReadOnlyMemory<double> parameters, Schedule schedule, SimulationOptions? options = null, Trajectories? reuse = null, CancellationToken cancellation = default)
        where TModel : ICascadeModel
    {
        ArgumentNullException.ThrowIfNull(schedule);
        options ??= new();
        options.Check();
        return options.LanesFor(parameters.Length / TModel.ParameterCount) switch
        {
            16 => new Batch<Lanes16, TModel>(parameters, schedule, options, cancellation).Run(reuse),
            8 => new Batch<Lanes8, TModel>(parameters, schedule, options, cancellation).Run(reuse),
            4 => new Batch<Lanes4, TModel>(parameters, schedule, options, cancellation).Run(reuse),
            _ => new Batch<Lanes1, TModel>(parameters, schedule, options, cancellation).Run(reuse),
        };
    }

    private sealed unsafe class Batch<T, TModel>(ReadOnlyMemory<double> parameters, Schedule schedule, SimulationOptions options, CancellationToken cancellation)
        where T : unmanaged, ILane<T>
        where TModel : ICascadeModel
    {
        private readonly int _patients = parameters.Length / TModel.ParameterCount;
        private readonly ConcurrentDictionary<(PaceClass Class, int Refined), CascadePlan> _plans = [];
        private readonly List<(PaceClass Class, int First, int Count)> _groups = [];
        private long[] _sorted = [];

        public Trajectories Run(Trajectories? reuse)
        {
            if (_patients * TModel.ParameterCount != parameters.Length)
                throw new NumericsException("parameters-length", "parameters", $"{parameters.Length} numbers are not rows of {TModel.ParameterCount}: give every patient every parameter.");
            var slots = Sort();
            var results = reuse ?? new Trajectories();
            results.Resize(_patients, _groups.Count, schedule.Times.Count, CascadeKernel<T, TModel>.StateCount, T.Width, slots);
            if (_groups.Count == 0 || schedule.Times.Count == 0)
                return results;
            GroupWork.Run(_groups.Count, options.ResolvedThreads,
                () => new CascadeKernel<T, TModel>(options.RelativeTolerance, options.AbsoluteTolerance),
                (kernel, group) => Simulate(kernel, group, results),
                cancellation);
            return results;
        }

        // Patients by pace, and within a pace in their own order; a group never mixes paces.
        private int[] Sort()
        {
            _sorted = PaceClass.KeysOf<T, TModel>(parameters.Span, _patients);
            Array.Sort(_sorted);
            var slots = new int[_patients];
            for (var first = 0; first < _patients;)
            {
                var pace = PaceClass.Class(_sorted[first]);
                var count = 1;
                while (count < T.Width && first + count < _patients && PaceClass.Class(_sorted[first + count]) == pace)
                    count++;
                for (var lane = 0; lane < count; lane++)
                    slots[PaceClass.Patient(_sorted[first + lane])] = (_groups.Count * T.Width) + lane;
                _groups.Add((pace, first, count));
                first += count;
            }
            return slots;
        }

        private void Simulate(CascadeKernel<T, TModel> kernel, int group, Trajectories results)
        {
            var (pace, first, count) = _groups[group];
            Load(kernel, first, count);
            var failed = kernel.Run(Plan(pace, 0), results.Group(group)) & ((1u << count) - 1);
            if (failed != 0)
                RunFiner(kernel, pace, first, results.Group(group), failed);
        }

        private CascadePlan Plan(PaceClass pace, int refined) => _plans.GetOrAdd((pace, refined), key =>
            new CascadePlan(schedule, TModel.Inputs.Length, key.Class.Pace(options.RelativeTolerance, Math.Pow(Refinement, key.Refined)), TModel.ResponseCount > 0));

        // Lanes past the last patient repeat the last one.
        private void Load(CascadeKernel<T, TModel> kernel, int first, int count)
        {
            var lanes = (double*)kernel.Parameters;
            var rows = parameters.Span;
            for (var lane = 0; lane < T.Width; lane++)
            {
                var row = rows.Slice(PaceClass.Patient(_sorted[first + Math.Min(lane, count - 1)]) * TModel.ParameterCount, TModel.ParameterCount);
                for (var i = 0; i < row.Length; i++)
                    lanes[(i * T.Width) + lane] = row[i];
            }
        }

        // The lanes that failed, each from its own finer run; the others keep what they have.
        private void RunFiner(CascadeKernel<T, TModel> kernel, PaceClass pace, int first, double* results, uint failed)
        {
            var length = schedule.Times.Count * CascadeKernel<T, TModel>.StateCount * T.Width;
            var finer = Propagators<T, TModel>.Allocate(length / T.Width);
            try
            {
                for (var refined = 1; failed != 0; refined++)
                {
                    if (refined > Refinements)
                    {
                        var patient = PaceClass.Patient(_sorted[first + System.Numerics.BitOperations.TrailingZeroCount(failed)]);
                        throw new NumericsException("response-unsolved", $"patient[{patient}]",
                            $"The response of patient {patient} cannot be integrated to the tolerance: check the parameters, or raise the tolerance.");
                    }
                    var still = kernel.Run(Plan(pace, refined), (double*)finer) & failed;
                    for (var i = 0; i < length; i++)
                    {
                        if (((failed & ~still) >> (i % T.Width) & 1) != 0)
                            results[i] = ((double*)finer)[i];
                    }
                    failed = still;
                }
            }
            finally
            {
                System.Runtime.InteropServices.NativeMemory.AlignedFree(finer);
            }
        }
    }
}
