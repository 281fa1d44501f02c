namespace Euthymia.Numerics.Cascades;

/// <summary>
/// An amount given into one input of a model, at once when the duration is 0, else at a constant rate while
/// start &lt;= t &lt; start + duration.
/// </summary>
/// <param name="Start">Time, &gt;= 0.</param>
/// <param name="Duration">Length of time, &gt;= 0.</param>
/// <param name="Amount">Amount, &gt;= 0, in units of the model's <see cref="ICascadeModel.InputScale"/>.</param>
/// <param name="Input">Index of the model's input.</param>
public readonly record struct Dose(double Start, double Duration, double Amount, int Input = 0);

/// <summary>
/// The doses that every patient of a call receives, and the times at which states are wanted. At the time of a dose given
/// at once the state after it is reported.
/// </summary>
public sealed class Schedule
{
    /// <summary>Longest accepted time; beyond it a time is taken for a mistake of unit.</summary>
    public const double LongestTime = 1e12;

    /// <summary>Checks and keeps doses and output times.</summary>
    /// <param name="doses">Doses in any order; they may overlap, and rates add up.</param>
    /// <param name="times">Output times, ascending, &gt;= 0, each once.</param>
    /// <exception cref="NumericsException">A number is not finite, negative, or the times do not ascend.</exception>
    public Schedule(IReadOnlyList<Dose> doses, IReadOnlyList<double> times)
    {
        ArgumentNullException.ThrowIfNull(doses);
        ArgumentNullException.ThrowIfNull(times);
        for (var i = 0; i < doses.Count; i++)
        {
            Check(doses[i].Start, "start", i);
            Check(doses[i].Duration, "duration", i);
            if (!double.IsFinite(doses[i].Amount) || doses[i].Amount < 0)
                throw new NumericsException("dose-invalid", $"doses[{i}].amount", $"Dose {i} has amount {doses[i].Amount}: give a finite amount of 0 or more.");
            if (doses[i].Input < 0)
                throw new NumericsException("dose-invalid", $"doses[{i}].input", $"Dose {i} has input {doses[i].Input}: inputs are counted from 0.");
        }
        for (var i = 0; i < times.Count; i++)
        {
            if (!double.IsFinite(times[i]) || times[i] < 0 || times[i] > LongestTime)
                throw new NumericsException("time-invalid", $"times[{i}]", $"Output time {i} is {times[i]}: give a finite time from 0 to {LongestTime}.");
            if (i > 0 && times[i] <= times[i - 1])
                throw new NumericsException("times-unsorted", $"times[{i}]", $"Output time {i} ({times[i]}) does not follow {times[i - 1]}: sort the times and name each once.");
        }
        Doses = [.. doses.OrderBy(d => d.Start).ThenBy(d => d.Duration).ThenBy(d => d.Input).ThenBy(d => d.Amount)];
        Times = [.. times];
    }

    /// <summary>The doses by start.</summary>
    public IReadOnlyList<Dose> Doses { get; }

    /// <summary>The output times, ascending.</summary>
    public IReadOnlyList<double> Times { get; }

    private static void Check(double value, string name, int index)
    {
        if (!double.IsFinite(value) || value < 0 || value > LongestTime)
            throw new NumericsException("dose-invalid", $"doses[{index}].{name}", $"Dose {index} has {name} {value}: give a finite {name} from 0 to {LongestTime}.");
    }
}
