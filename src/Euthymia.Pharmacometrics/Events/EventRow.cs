using System.Globalization;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>Reads and checks one line of an event file after the other.</summary>
internal sealed class EventRow
{
    private static readonly string[] Reserved = ["ID", "TIME", "EVID", "AMT", "RATE", "DUR", "CMT", "ADDL", "II", "SS", "DV", "MDV"];

    private readonly string _file;
    private readonly int _id;
    private readonly int _time;
    private readonly int _evid;
    private readonly int _amount;
    private readonly int _rate;
    private readonly int _duration;
    private readonly int _compartment;
    private readonly int _additional;
    private readonly int _interval;
    private readonly int _steadyState;
    private readonly int _dv;
    private readonly int _mdv;
    private readonly string[] _names;
    private readonly int[] _covariates;
    private readonly Range[] _cells;
    private string _text = "";
    private int _line;

    /// <summary>Takes the headings, in upper case.</summary>
    public EventRow(string file, string[] names)
    {
        (_file, _names) = (file, names);
        int At(string name) => Array.IndexOf(names, name);
        (_id, _time, _evid, _amount, _rate, _duration) = (At("ID"), At("TIME"), At("EVID"), At("AMT"), At("RATE"), At("DUR"));
        (_compartment, _additional, _interval, _steadyState, _dv, _mdv) = (At("CMT"), At("ADDL"), At("II"), At("SS"), At("DV"), At("MDV"));
        _covariates = [.. Enumerable.Range(0, names.Length).Where(i => !Reserved.Contains(names[i], StringComparer.Ordinal))];
        CovariateNames = [.. _covariates.Select(i => names[i])];
        _cells = new Range[names.Length + 1];
    }

    /// <summary>Headings of the columns that are not reserved.</summary>
    public string[] CovariateNames { get; }

    /// <summary>One line as a record.</summary>
    /// <param name="line">Its number.</param>
    /// <param name="text">The line.</param>
    /// <param name="idBefore">Subject of the line before, to share its text.</param>
    /// <exception cref="InvalidInputException">Names line, column and remedy.</exception>
    public EventRecord Read(int line, string text, string? idBefore)
    {
        (_line, _text) = (line, text);
        var count = text.AsSpan().Split(_cells, ',');
        if (count != _names.Length)
            throw EventTable.Error(_file, line, "(all)", "columns-differ", $"there are {text.Count(c => c == ',') + 1} values below {_names.Length} headings: give each column one value, a dot where there is none");
        var id = Cell(_id);
        if (id.IsEmpty)
            throw Fail(_id, "id-missing", "the subject is missing: give each line an ID");
        var time = Number(_time) ?? throw Fail(_time, "time-missing", "the time is missing: give each line one");
        var (amount, rate, steadyState) = (Number(_amount) ?? 0, Number(_rate) ?? 0, Whole(_steadyState, 2));
        _ = Number(_dv);
        var record = new EventRecord(
            line, id.SequenceEqual(idBefore) ? idBefore! : id.ToString(), time, Kind(amount, rate, steadyState), amount, rate, Number(_duration) ?? 0,
            Compartment(), Whole(_additional, 1_000_000), Number(_interval) ?? 0, steadyState, Covariates());
        Check(record);
        return record;
    }

    private EventKind Kind(double amount, double rate, int steadyState)
    {
        var mdv = Number(_mdv) ?? 0;
        if (Number(_evid) is not { } evid)
            return amount > 0 || (rate != 0 && steadyState > 0) ? EventKind.Dose : mdv == 0 ? EventKind.Observation : EventKind.Other;
        return evid is 0 or 1 or 2 or 3 or 4
            ? (EventKind)(int)evid
            : throw Fail(_evid, "evid-unknown", $"{evid} is no event: use 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose");
    }

    private int Compartment()
        => Number(_compartment) is not < 0
            ? Whole(_compartment, 1000)
            : throw Fail(_compartment, "compartment-unknown", "compartments cannot be switched off with a negative number: count them from 1");

    private double[] Covariates()
    {
        if (_covariates.Length == 0)
            return [];
        var values = new double[_covariates.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = Number(_covariates[i]) ?? double.NaN;
        return values;
    }

    private void Check(EventRecord record)
    {
        if (record.Amount < 0)
            throw Fail(_amount, "amount-negative", "an amount must be zero or more");
        if (!record.IsDose)
        {
            if (record.Amount > 0)
                throw Fail(_amount, "amount-without-dose", $"there is an amount on a line with EVID {(int)record.Kind}, which gives no dose: set it to 0, or EVID to 1 (4 with a reset)");
            return;
        }

        if (record.Amount == 0 && !record.IsConstantInfusion)
            throw Fail(_amount, "amount-missing", "a dose needs an amount above zero (or, as a constant infusion at steady state, SS, RATE and no II)");
        if (record.Rate < 0 && record.Rate is not (-1 or -2))
            throw Fail(_rate, "rate-unknown", "a rate must be zero (bolus), above zero, -1 (the model's R) or -2 (the model's D)");
        if (record.Duration < 0)
            throw Fail(_duration, "duration-negative", "a duration must be zero (bolus) or more");
        if (record.Duration > 0 && record.Rate != 0)
            throw Fail(_duration, "rate-and-duration", "both RATE and DUR are given: leave one of them zero");
        if (record.Interval < 0 || (record.Additional > 0 && record.Interval == 0))
            throw Fail(_interval, "interval-missing", "further doses (ADDL) need an interval above zero");
        if (record.SteadyState > 0 && record.Interval == 0 && !record.IsConstantInfusion)
            throw Fail(_interval, "interval-missing", "a steady state (SS) needs an interval above zero, or AMT 0 with a RATE");
    }

    private int Whole(int column, int highest)
    {
        var value = Number(column) ?? 0;
        return value == Math.Floor(value) && value >= 0 && value <= highest
            ? (int)value
            : throw Fail(column, "value-out-of-range", string.Create(CultureInfo.InvariantCulture, $"{value} must be a whole number from 0 to {highest}"));
    }

    private double? Number(int column)
    {
        if (column < 0)
            return null;
        var cell = Cell(column);
        if (cell is "" or "." or "NA")
            return null;
        return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= 1e15
            ? value
            : throw Fail(column, "value-not-understood", $"\"{cell}\" is no number that can be used: write it like 12.5, or a dot for a missing value");
    }

    private ReadOnlySpan<char> Cell(int column) => _text.AsSpan(_cells[column]).Trim().Trim('"');

    private InvalidInputException Fail(int column, string code, string problem)
        => EventTable.Error(_file, _line, column < 0 ? "(none)" : _names[column], code, problem);
}
