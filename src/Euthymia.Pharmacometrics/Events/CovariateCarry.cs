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
    private readonly EventTable _table;
    private readonly int _offset;
    private readonly double[] _times;
    private readonly double[][] _values;
    private readonly CovariateCarry[] _carries;
    private readonly bool _anyLinear;

    /// <summary>Takes the used columns; a column that varies needs a choice of carry.</summary>
    public CovariateCourse(EventTable table, Range subject, IReadOnlyList<int> used, IReadOnlyDictionary<string, CovariateCarry> carries)
    {
        (_offset, var length) = subject.GetOffsetAndLength(table.Records.Count);
        _table = table;
        _times = new double[length];
        for (var i = 0; i < length; i++)
        {
            _times[i] = table.Records[_offset + i].Time;
            LargestTime = Math.Max(LargestTime, Math.Abs(_times[i]));
        }

        _values = new double[table.CovariateNames.Count][];
        _carries = new CovariateCarry[table.CovariateNames.Count];
        foreach (var column in used)
        {
            var (name, values) = (table.CovariateNames[column], new double[length]);
            for (var i = 0; i < length; i++)
                values[i] = table.Records[_offset + i].Covariates[column];
            var first = Array.FindIndex(values, value => !double.IsNaN(value));
            var id = table.Records[_offset].Id;
            if (first < 0)
                throw EventTable.Error(table.Name, table.Records[_offset].Line, name, "covariate-missing", $"the model uses {name} and subject {id} has no value of it: fill it in");
            var changes = Array.Exists(values, value => !double.IsNaN(value) && value != values[first]);
            if (!carries.TryGetValue(name, out var carry) && changes)
                throw new InvalidInputException("carry-missing", "carry", $"{name} changes over time in subject {id} of {table.Name}: say how it is carried between records, --carry {name}=forward, backward or linear.");
            _carries[column] = carry;
            _anyLinear |= changes && carry == CovariateCarry.Linear;
            Fill(values, carry);
            _values[column] = values;
        }
    }

    /// <summary>The largest absolute time of a record.</summary>
    public double LargestTime { get; }

    /// <summary>File and line of a record.</summary>
    public string Place(int record) => FormattableString.Invariant($"{_table.Name}, line {_table.Records[_offset + record].Line}");

    /// <summary>Whether any used covariate moves along a straight line to record <paramref name="next"/>.</summary>
    public bool MovesBefore(int next)
    {
        if (!_anyLinear || next == 0)
            return false;
        for (var column = 0; column < _values.Length; column++)
            if (_values[column] is { } values && _carries[column] == CovariateCarry.Linear && values[next] != values[next - 1])
                return true;
        return false;
    }

    /// <summary>The covariates at a time between record <paramref name="next"/> - 1 and record <paramref name="next"/>.</summary>
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
                _ => OnLine(time, values, before, next),
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
    private void Fill(double[] values, CovariateCarry carry)
    {
        for (var (i, before) = (0, -1); i < values.Length; i++)
        {
            if (!double.IsNaN(values[i]))
            {
                before = i;
                continue;
            }

            var after = i;
            while (after < values.Length && double.IsNaN(values[after]))
                after++;
            for (; i < after; i++)
            {
                values[i] = (before >= 0, after < values.Length, carry) switch
                {
                    (true, false, _) or (true, _, CovariateCarry.Forward) => values[before],
                    (false, _, _) or (_, _, CovariateCarry.Backward) => values[after],
                    _ => OnLine(_times[i], values, before, after),
                };
            }

            before = after;
        }
    }

    private double OnLine(double time, double[] values, int before, int after)
        => _times[after] > _times[before]
            ? values[before] + (values[after] - values[before]) * Math.Clamp((time - _times[before]) / (_times[after] - _times[before]), 0, 1)
            : values[after];
}
