using System.Globalization;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>
/// Event records as the field exchanges them: comma-separated, a heading line, one line an event. Columns ID and TIME are
/// needed; EVID, AMT, RATE, DUR, CMT, ADDL, II, SS, DV and MDV are understood; every other column of numbers is a
/// covariate. A dot or nothing is a missing value. Each stretch of lines with one ID is one subject.
/// </summary>
public sealed class EventTable
{
    private static readonly string[] Reserved = ["ID", "TIME", "EVID", "AMT", "RATE", "DUR", "CMT", "ADDL", "II", "SS", "DV", "MDV"];

    private EventTable(string name, IReadOnlyList<string> covariateNames, IReadOnlyList<EventRecord> records, IReadOnlyList<Range> subjects)
        => (Name, CovariateNames, Records, Subjects) = (name, covariateNames, records, subjects);

    /// <summary>Name of the file, for messages.</summary>
    public string Name { get; }

    /// <summary>Headings of the covariate columns, in upper case.</summary>
    public IReadOnlyList<string> CovariateNames { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<EventRecord> Records { get; }

    /// <summary>The records of each subject.</summary>
    public IReadOnlyList<Range> Subjects { get; }

    /// <summary>Reads and checks a table.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <exception cref="InvalidInputException">Names the file, the line, the column and the remedy.</exception>
    public static EventTable Read(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var heading = reader.ReadLine() ?? throw Error(name, 1, "ID", "events-empty", "the file is empty: a heading line with ID and TIME is needed");
        var columns = Columns(heading, name);
        List<EventRecord> records = [];
        List<Range> subjects = [];
        var first = 0;
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
                continue;
            var row = new Row(name, line, text.Split(','), columns);
            var record = row.ToRecord();
            if (records.Count > first && !string.Equals(record.Id, records[^1].Id, StringComparison.Ordinal))
            {
                subjects.Add(first..records.Count);
                first = records.Count;
            }
            else if (records.Count > first && record.Time < records[^1].Time && !record.IsReset)
            {
                throw Error(name, line, "TIME", "time-unsorted", $"the time is before that of line {records[^1].Line}: sort the lines of subject {record.Id} by time, or reset with EVID 3 or 4");
            }

            records.Add(record);
        }

        if (records.Count == 0)
            throw Error(name, 2, "ID", "events-empty", "there is no record below the heading");
        subjects.Add(first..records.Count);
        return new EventTable(name, columns.CovariateNames, records, subjects);
    }

    internal static InvalidInputException Error(string file, int line, string column, string code, string problem)
        => new(code, "events", FormattableString.Invariant($"{file}, line {line}, column {column}: {problem}."));

    private static ColumnMap Columns(string heading, string name)
    {
        string[] names = [.. heading.TrimStart('\uFEFF').Split(',').Select(column => column.Trim().Trim('"').ToUpperInvariant())];
        var repeated = names.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null)
            throw Error(name, 1, repeated.Key.Length == 0 ? "(no heading)" : repeated.Key, "column-repeated", "the heading is there twice: keep one");
        foreach (var needed in new[] { "ID", "TIME" })
            if (!names.Contains(needed, StringComparer.Ordinal))
                throw Error(name, 1, needed, "column-missing", "the column is missing: add it");
        return new ColumnMap(
            names.Length,
            Reserved.ToDictionary(column => column, column => Array.IndexOf(names, column), StringComparer.Ordinal),
            [.. names.Except(Reserved, StringComparer.Ordinal)],
            [.. names.Except(Reserved, StringComparer.Ordinal).Select(column => Array.IndexOf(names, column))]);
    }

    private sealed record ColumnMap(int Count, Dictionary<string, int> Reserved, string[] CovariateNames, int[] CovariateColumns);

    /// <summary>One line being read.</summary>
    private sealed record Row(string File, int Line, string[] Cells, ColumnMap Columns)
    {
        public EventRecord ToRecord()
        {
            if (Cells.Length != Columns.Count)
                throw Fail("(all)", "columns-differ", $"there are {Cells.Length} values below {Columns.Count} headings");
            var id = Cells[Columns.Reserved["ID"]].Trim().Trim('"');
            if (id.Length == 0)
                throw Fail("ID", "id-missing", "the subject is missing");
            var time = Number("TIME") ?? throw Fail("TIME", "time-missing", "the time is missing");
            var amount = Number("AMT") ?? 0;
            var kind = Kind(amount);
            var record = new EventRecord(
                Line, id, time, kind, amount, Number("RATE") ?? 0, Number("DUR") ?? 0,
                Whole("CMT", -1000, 1000), Whole("ADDL", 0, 10_000_000), Number("II") ?? 0, Whole("SS", 0, 2),
                [.. Columns.CovariateColumns.Select((column, i) => Value(Cells[column], Columns.CovariateNames[i]) ?? double.NaN)]);
            Check(record);
            return record;
        }

        private EventKind Kind(double amount)
        {
            if (Columns.Reserved["EVID"] < 0 || Number("EVID") is not { } evid)
                return amount > 0 ? EventKind.Dose : EventKind.Observation;
            return evid is 0 or 1 or 2 or 3 or 4
                ? (EventKind)(int)evid
                : throw Fail("EVID", "evid-unknown", $"{evid} is no event: use 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose");
        }

        private void Check(EventRecord record)
        {
            if (record.Compartment < 0)
                throw Fail("CMT", "compartment-unknown", "compartments cannot be switched off: give one from 1");
            if (record.Amount < 0)
                throw Fail("AMT", "amount-negative", "an amount must be zero or more");
            if (!record.IsDose)
                return;
            var constantInfusion = record is { SteadyState: > 0, Amount: 0, Rate: > 0, Interval: 0 };
            if (record.Amount == 0 && !constantInfusion)
                throw Fail("AMT", "amount-missing", "a dose needs an amount above zero");
            if (record.Rate < 0 && record.Rate is not (-1 or -2))
                throw Fail("RATE", "rate-unknown", "a rate must be zero (bolus), above zero, -1 (the model's R) or -2 (the model's D)");
            if (record.Duration < 0)
                throw Fail("DUR", "duration-negative", "a duration must be zero (bolus) or more");
            if (record.Duration > 0 && record.Rate != 0)
                throw Fail("DUR", "rate-and-duration", "both RATE and DUR are given: leave one of them zero");
            if (record.Interval < 0 || (record.Additional > 0 && record.Interval == 0))
                throw Fail("II", "interval-missing", "further doses (ADDL) need an interval above zero");
            if (record.SteadyState > 0 && record.Interval == 0 && !constantInfusion)
                throw Fail("II", "interval-missing", "a steady state (SS) needs an interval above zero, or AMT 0 with a RATE");
        }

        private int Whole(string column, int lowest, int highest)
        {
            var value = Number(column) ?? 0;
            return value == Math.Floor(value) && value >= lowest && value <= highest
                ? (int)value
                : throw Fail(column, "value-out-of-range", string.Create(CultureInfo.InvariantCulture, $"{value} must be a whole number from {lowest} to {highest}"));
        }

        private double? Number(string column)
            => Columns.Reserved[column] is >= 0 and var index ? Value(Cells[index], column) : null;

        private double? Value(string cell, string column)
        {
            var text = cell.AsSpan().Trim().Trim('"');
            if (text is "" or ".")
                return null;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= 1e15
                ? value
                : throw Fail(column, "value-not-understood", $"\"{text}\" is no number that can be used: write it like 12.5, or a dot for a missing value");
        }

        private InvalidInputException Fail(string column, string code, string problem) => Error(File, Line, column, code, problem);
    }
}
