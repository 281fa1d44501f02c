using System.Runtime.ExceptionServices;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>Event records of virtual patients: every subject of the table, several times, each with its own random effects.</summary>
public static class EventReplicates
{
    private const long LargestOutput = 250_000_000;

    /// <summary>
    /// Quantities at [(replicate x records + record) x quantities + quantity]. Subject j of replicate r is virtual patient r x subjects + j of
    /// the seed, whatever the number of replicates or threads.
    /// </summary>
    /// <param name="table">The records.</param>
    /// <param name="model">Made for the table's covariates.</param>
    /// <param name="quantities">From <see cref="EventSimulation.Quantities"/>.</param>
    /// <param name="carries">How each covariate that changes is carried between records.</param>
    /// <param name="replicates">Times that the table is simulated, from 1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="sampling">Philox or Sobol.</param>
    /// <param name="control">Threads, progress (in virtual patients) and cancellation, if wanted.</param>
    /// <exception cref="InvalidInputException">Something cannot be given or carried, or is too large; the field is named.</exception>
    public static double[] Run(
        EventTable table,
        DrugEventModel model,
        IReadOnlyList<EventQuantity> quantities,
        IReadOnlyDictionary<string, CovariateCarry> carries,
        int replicates,
        ulong seed,
        Sampling sampling = Sampling.Philox,
        SimulationControl? control = null)
    {
        SimulationControl.CheckPatients(replicates);
        var (records, subjects, width) = (table.Records.Count, table.Subjects.Count, quantities.Count);
        if ((long)replicates * records * width > LargestOutput || (long)replicates * subjects > int.MaxValue)
            throw new InvalidInputException("simulation-too-large", "patients", $"Replicates x records x quantities must be at most {LargestOutput:N0}: ask for fewer replicates.");
        foreach (var name in carries.Keys)
            if (!table.CovariateNames.Contains(name, StringComparer.Ordinal))
                throw new InvalidInputException("covariate-unknown", "carry", $"\"{name}\" is no covariate column of {table.Name}.");
        var output = new double[(long)replicates * records * width];
        var options = new ParallelOptions { CancellationToken = control?.Cancellation ?? CancellationToken.None, MaxDegreeOfParallelism = control?.Threads ?? -1 };
        try
        {
            Parallel.For(0, replicates * subjects, options, () => model.Patients(seed, sampling), (patient, _, stream) =>
            {
                stream.MoveTo(patient);
                var (replicate, subject) = Math.DivRem(patient, subjects);
                var range = table.Subjects[subject];
                var (offset, length) = range.GetOffsetAndLength(records);
                var individual = model.For(stream);
                new EventSolver(individual, table, options.CancellationToken).Solve(
                    range, new CovariateCourse(table, range, individual.UsedCovariates, carries), quantities,
                    output.AsSpan((replicate * records + offset) * width, length * width));
                control?.PatientsDone?.Invoke(1);
                return stream;
            }, _ => { });
        }
        catch (AggregateException errors) when (errors.InnerExceptions.OfType<InvalidInputException>().FirstOrDefault() is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return output;
    }
}
