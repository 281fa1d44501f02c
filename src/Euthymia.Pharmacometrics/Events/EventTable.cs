namespace Euthymia.Pharmacometrics.Events;

/// <summary>
/// Event records as the field exchanges them: comma-separated, a heading line, one line an event. Columns ID and TIME are
/// needed; EVID, AMT, RATE, DUR, CMT, ADDL, II, SS and MDV are understood, DV is only checked; every other column of numbers
/// is a covariate. A dot, NA or nothing is a missing value. Each stretch of lines with one ID is one subject. A line without EVID
/// is a dose when it gives an amount, or a rate with SS; otherwise an observation, or another event (2) when MDV is not 0.
/// </summary>
public sealed class EventTable
{
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
        var row = Columns(heading, name);
        List<EventRecord> records = [];
        List<Range> subjects = [];
        var first = 0;
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
                continue;
            var before = records.Count > 0 ? records[^1] : null;
            var record = row.Read(line, text, before?.Id);
            if (before is not null && !string.Equals(record.Id, before.Id, StringComparison.Ordinal))
            {
                subjects.Add(first..records.Count);
                first = records.Count;
            }
            else if (before is not null && record.Time < before.Time && !record.IsReset)
            {
                throw Error(name, line, "TIME", "time-unsorted", $"the time is before that of line {before.Line}: sort the lines of subject {record.Id} by time, or reset with EVID 3 or 4");
            }

            records.Add(record);
        }

        if (records.Count == 0)
            throw Error(name, 2, "ID", "events-empty", "there is no record below the heading: add one line per event");
        subjects.Add(first..records.Count);
        return new EventTable(name, row.CovariateNames, records, subjects);
    }

    internal static InvalidInputException Error(string file, int line, string column, string code, string problem)
        => new(code, "events", FormattableString.Invariant($"{file}, line {line}, column {column}: {problem}."));

    private static EventRow Columns(string heading, string name)
    {
        string[] names = [.. heading.TrimStart('\uFEFF').Split(',').Select(column => column.Trim().Trim('"').ToUpperInvariant())];
        var repeated = names.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null)
            throw Error(name, 1, repeated.Key.Length == 0 ? "(no heading)" : repeated.Key, "column-repeated", "the heading is there twice: keep one");
        foreach (var needed in new[] { "ID", "TIME" })
            if (!names.Contains(needed, StringComparer.Ordinal))
                throw Error(name, 1, needed, "column-missing", "the column is missing: add it, and separate columns by commas");
        return new EventRow(name, names);
    }
}
