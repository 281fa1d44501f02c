using System.Runtime.ExceptionServices;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>Event records through a linear model, solved exactly between events.</summary>
public static class EventSimulation
{
    /// <summary>Quantities by their names.</summary>
    /// <param name="model">The model.</param>
    /// <param name="names">Names of <see cref="EventModel.Quantities"/>; none for the model's default ones.</param>
    /// <exception cref="InvalidInputException">An unknown name; field <c>quantities</c>.</exception>
    public static IReadOnlyList<EventQuantity> Quantities(EventModel model, IReadOnlyCollection<string> names)
        => names.Count == 0
            ? [.. model.Quantities.Take(model.DefaultQuantityCount)]
            : [.. names.Select(name => model.Quantities.FirstOrDefault(quantity => string.Equals(quantity.Name, name, StringComparison.OrdinalIgnoreCase))
                ?? throw new InvalidInputException("quantity-unknown", "quantities", $"There is no quantity \"{name}\". Choose from: {string.Join(", ", model.Quantities.Select(quantity => quantity.Name))}."))];

    /// <summary>Quantities at every record, at [record x quantities + quantity], in the order of the table.</summary>
    /// <param name="table">The records.</param>
    /// <param name="model">Made for the table's covariates.</param>
    /// <param name="quantities">From <see cref="Quantities"/>.</param>
    /// <param name="carries">How each covariate that changes is carried between records, by its name in upper case.</param>
    /// <param name="control">Threads, progress (in subjects) and cancellation, if wanted.</param>
    /// <exception cref="InvalidInputException">Something cannot be given or carried; names line and column where there is one.</exception>
    public static double[] Run(
        EventTable table,
        EventModel model,
        IReadOnlyList<EventQuantity> quantities,
        IReadOnlyDictionary<string, CovariateCarry> carries,
        SimulationControl? control = null)
    {
        foreach (var name in carries.Keys)
            if (!table.CovariateNames.Contains(name, StringComparer.Ordinal))
                throw new InvalidInputException("covariate-unknown", "carry", $"\"{name}\" is no covariate column of {table.Name}.");
        var output = new double[(long)table.Records.Count * quantities.Count];
        var options = new ParallelOptions
        {
            CancellationToken = control?.Cancellation ?? CancellationToken.None,
            MaxDegreeOfParallelism = control?.Threads ?? -1,
        };
        try
        {
            Parallel.For(0, table.Subjects.Count, options, () => new EventSolver(model, table, options.CancellationToken), (subject, _, solver) =>
            {
                var range = table.Subjects[subject];
                var course = new CovariateCourse(table, range, model.UsedCovariates, carries);
                var (offset, length) = range.GetOffsetAndLength(table.Records.Count);
                solver.Solve(range, course, quantities, output.AsSpan(offset * quantities.Count, length * quantities.Count));
                control?.PatientsDone?.Invoke(1);
                return solver;
            }, _ => { });
        }
        catch (AggregateException errors) when (errors.InnerExceptions.OfType<InvalidInputException>().FirstOrDefault() is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return output;
    }
}
