using System.Globalization;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>
/// Patients as event records, comma-separated with a heading line: ID, TIME (h), WT (kg), DV needed; EVID, AMT (mg), RATE (mg/h)
/// or DUR (h), DVID, CENS (1: below the limit in DV), MDV, AGE understood. DVID says what was observed, by name (MADRS, PHQ-9,
/// QIDS, HAM-D17, CADSS, DISSOCIATION, SYSTOLIC, DIASTOLIC, arterial, venous, norketamine) or by number; without it DV is
/// ketamine in arterial plasma. A dot or nothing is a missing value.
/// </summary>
public static class PatientTable
{
    private const double LargestDosePerKg = 20;
    private const int MostSubjects = 100_000;

    private static readonly (int Number, string Name, ObservedKind Kind, string? Measure)[] Measures =
    [
        (1, "arterial", ObservedKind.Plasma, "arterial"),
        (2, "venous", ObservedKind.Plasma, "venous"),
        (3, "norketamine", ObservedKind.Plasma, "norketamine"),
        (4, "plasma", ObservedKind.Plasma, "plasma"),
        (11, "MADRS", ObservedKind.Score, "MADRS"),
        (12, "PHQ-9", ObservedKind.Score, "PHQ-9"),
        (13, "QIDS", ObservedKind.Score, "QIDS"),
        (14, "HAM-D17", ObservedKind.Score, "HAM-D17"),
        (21, "CADSS", ObservedKind.Cadss, null),
        (22, "DISSOCIATION", ObservedKind.DissociationLevel, null),
        (31, "SYSTOLIC", ObservedKind.SystolicPressure, null),
        (32, "DIASTOLIC", ObservedKind.DiastolicPressure, null),
    ];

    /// <summary>Reads patients, each stretch of lines with one ID being one. Times shift so that the first dose is at 0.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <exception cref="InvalidInputException">Names the file, the line, the column and the remedy.</exception>
    public static IReadOnlyList<(string Id, PatientRecord Record)> Read(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var heading = reader.ReadLine() ?? throw Error(name, 1, "ID", "table-empty", "the file is empty: a heading line with ID, TIME, WT and DV is needed");
        string[] columns = [.. heading.TrimStart('\uFEFF').Split(',').Select(column => column.Trim().Trim('"').ToUpperInvariant())];
        foreach (var needed in new[] { "ID", "TIME", "WT", "DV" })
            if (Array.IndexOf(columns, needed) < 0)
                throw Error(name, 1, needed, "column-missing", "the column is missing: add it");
        foreach (var refused in new[] { "ADDL", "SS" })
            if (Array.IndexOf(columns, refused) >= 0)
                throw Error(name, 1, refused, "column-not-taken", "doses as given are needed: write every infusion on a line of its own");

        List<(string, PatientRecord)> patients = [];
        List<Row> rows = [];
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
                continue;
            var row = new Row(name, line, text.Split(','), columns);
            if (rows.Count > 0 && !string.Equals(rows[^1].Id, row.Id, StringComparison.Ordinal))
                Finish();
            rows.Add(row);
        }

        if (rows.Count == 0)
            throw Error(name, 2, "ID", "table-empty", "there is no record below the heading");
        Finish();
        return patients;

        void Finish()
        {
            if (patients.Count == MostSubjects)
                throw Error(name, rows[0].Line, "ID", "table-too-long", $"there are more than {MostSubjects:N0} subjects: split the file");
            patients.Add((rows[0].Id, RecordOf(rows)));
            rows.Clear();
        }
    }

    private static PatientRecord RecordOf(List<Row> rows)
    {
        var weight = rows.Select(row => row.Number("WT")).FirstOrDefault(value => value is not null)
            ?? throw rows[0].Fail("WT", "weight-missing", "the subject has no weight in kg");
        if (!(weight is > 0 and <= 1000))
            throw rows[0].Fail("WT", "weight-out-of-range", "the weight must be more than 0 and at most 1000 kg");
        Row[] doses = [.. rows.Where(row => row.IsDose)];
        var origin = doses.Length > 0 ? doses.Min(row => row.Time) : 0;
        return new PatientRecord(
            new Covariates(new Kilograms((decimal)weight), rows.Select(row => row.Number("AGE")).FirstOrDefault(value => value is not null)),
            [.. doses.Select(row => InfusionOf(row, weight, origin))],
            [.. rows.Where(row => row.IsObservation).Select(row => ObservationOf(row, origin))]);
    }

    private static Infusion InfusionOf(Row row, double weight, double origin)
    {
        var amount = row.Number("AMT") ?? throw row.Fail("AMT", "amount-missing", "a dose needs an amount in mg above zero");
        if (!(amount > 0))
            throw row.Fail("AMT", "amount-missing", "a dose needs an amount in mg above zero");
        if (amount / weight > LargestDosePerKg)
            throw row.Fail("AMT", "amount-implausible", FormattableString.Invariant($"{amount} mg in {weight} kg is more than {LargestDosePerKg} mg/kg: amounts count in mg"));
        var hours = row.Number("DUR") is > 0 and var duration ? duration : row.Number("RATE") is > 0 and var rate ? amount / rate : 0;
        if (!(hours is > 0 and <= 96))
            throw row.Fail("RATE", "rate-missing", "an infusion needs a RATE in mg/h or a DUR in h, and takes at most 96 h");
        return Infusion.Constant(TimeSpan.FromHours(row.Time - origin), new Milligrams((decimal)amount), TimeSpan.FromHours(hours));
    }

    private static PatientObservation ObservationOf(Row row, double origin)
    {
        var given = row.Text("DVID") ?? "1";
        var isNumber = int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var index = Array.FindIndex(Measures, measure => isNumber ? measure.Number == number : string.Equals(measure.Name, given, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
            throw row.Fail("DVID", "measure-unknown", $"\"{given}\" is not known: write one of {string.Join(", ", Measures.Select(measure => $"{measure.Name} ({measure.Number})"))}");
        var observation = new PatientObservation(row.Time - origin, Measures[index].Kind, row.Number("DV")!.Value, Measures[index].Measure, row.Number("CENS") is 1);
        try
        {
            PatientRecord.CheckObservation(observation);
        }
        catch (InvalidInputException error)
        {
            throw row.Fail("DV", error.Code, error.Message.TrimEnd('.'));
        }

        return observation;
    }

    private static InvalidInputException Error(string file, int line, string column, string code, string problem)
        => new(code, "data", FormattableString.Invariant($"{file}, line {line}, column {column}: {problem}."));

    private sealed record Row(string File, int Line, string[] Cells, string[] Columns)
    {
        public string Id => Text("ID") ?? throw Fail("ID", "id-missing", "the subject is missing");

        public double Time => Number("TIME") ?? throw Fail("TIME", "time-missing", "the time is missing");

        public bool IsDose => Event switch
        {
            0 or 2 => false,
            1 => true,
            null => Number("AMT") > 0,
            _ => throw Fail("EVID", "evid-unknown", "use 0 observation, 1 dose, 2 other"),
        };

        public bool IsObservation => !IsDose && Event is not 2 && Number("MDV") is not 1 && Number("DV") is not null;

        private double? Event => Number("EVID");

        public string? Text(string column)
        {
            if (Cells.Length != Columns.Length)
                throw Fail("(all)", "columns-differ", $"there are {Cells.Length} values below {Columns.Length} headings");
            var index = Array.IndexOf(Columns, column);
            var text = index < 0 ? "" : Cells[index].Trim().Trim('"');
            return text is "" or "." ? null : text;
        }

        public double? Number(string column)
            => Text(column) is not { } text ? null
                : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= 1e9 ? value
                : throw Fail(column, "value-not-understood", $"\"{text}\" is no number that can be used: write it like 12.5, or a dot for a missing value");

        public InvalidInputException Fail(string column, string code, string problem) => Error(File, Line, column, code, problem);
    }
}
