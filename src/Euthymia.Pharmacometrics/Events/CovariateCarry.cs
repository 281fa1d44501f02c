namespace Euthymia.Pharmacometrics.Events;

/// <summary>What a covariate is between two records that give it.</summary>
public enum CovariateCarry
{
    /// <summary>The value of the record before (last observation carried forward).</summary>
    Forward,

    /// <summary>The value of the record after (next observation carried backward).</summary>
    Backward,

    /// <summary>On the straight line between them.</summary>
    Linear,
}

/// <summary>One subject's covariates over time.</summary>
internal sealed class CovariateCourse
{
    private readonly double[] _times;
    private readonly double[][] _values;
    private readonly CovariateCarry[] _carries;

    /// <summary>Takes the used columns; a column that varies needs a choice of carry.</summary>
    public CovariateCourse(EventTable table, Range subject, IReadOnlyList<int> used, IReadOnlyDictionary<string, CovariateCarry> carries)
    {
        var records = table.Records.Take(subject).ToArray();
        _times = [.. records.Select(record => record.Time)];
        _values = new double[table.CovariateNames.Count][];
        _carries = new CovariateCarry[table.CovariateNames.Count];
        foreach (var column in used)
        {
            var name = table.CovariateNames[column];
            var given = records.Where(record => !double.IsNaN(record.Covariates[column])).ToArray();
            if (given.Length == 0)
                throw EventTable.Error(table.Name, records[0].Line, name, "covariate-missing", $"the model uses {name} and subject {records[0].Id} has no value of it");
            var isConstant = given.All(record => record.Covariates[column] == given[0].Covariates[column]);
            if (!carries.TryGetValue(name, out var carry) && !isConstant)
                throw new InvalidInputException("carry-missing", "carry", $"{name} changes over time in subject {records[0].Id} of {table.Name}: say how it is carried between records, --carry {name}=forward, backward or linear.");
            _carries[column] = carry;
            Varies |= !isConstant;
            IsLinear |= !isConstant && carry == CovariateCarry.Linear;
            _values[column] = Fill([.. records.Select(record => record.Covariates[column])], carry);
        }
    }

    /// <summary>Whether any used covariate changes.</summary>
    public bool Varies { get; }

    /// <summary>Whether any used covariate changes along straight lines.</summary>
    public bool IsLinear { get; }

    /// <summary>The covariates at a time between record <paramref name="next"/> - 1 and record <paramref name="next"/>, or at record next when the time is its time.</summary>
    public void At(double time, int next, double[] covariates)
    {
        var before = Math.Max(next - 1, 0);
        for (var column = 0; column < _values.Length; column++)
        {
            if (_values[column] is not { } values)
                continue;
            covariates[column] = _carries[column] switch
            {
                CovariateCarry.Forward => values[before],
                CovariateCarry.Backward => values[next],
                _ when _times[next] > _times[before]
                    => values[before] + (values[next] - values[before]) * Math.Clamp((time - _times[before]) / (_times[next] - _times[before]), 0, 1),
                _ => values[next],
            };
        }
    }

    /// <summary>The covariates of a record itself.</summary>
    public void OfRecord(int record, double[] covariates)
    {
        for (var column = 0; column < _values.Length; column++)
            if (_values[column] is { } values)
                covariates[column] = values[record];
    }

    /// <summary>Missing values take part as their carry says; beyond the first and last value the nearest one holds.</summary>
    private double[] Fill(double[] values, CovariateCarry carry)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsNaN(values[i]))
                continue;
            var before = Array.FindLastIndex(values, i, value => !double.IsNaN(value));
            var after = Array.FindIndex(values, i, value => !double.IsNaN(value));
            values[i] = (before, after, carry) switch
            {
                ( < 0, _, _) => values[after],
                (_, < 0, _) => values[before],
                (_, _, CovariateCarry.Forward) => values[before],
                (_, _, CovariateCarry.Backward) => values[after],
                _ when _times[after] > _times[before]
                    => values[before] + (values[after] - values[before]) * (_times[i] - _times[before]) / (_times[after] - _times[before]),
                _ => values[after],
            };
        }

        return values;
    }
}
