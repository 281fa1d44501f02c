using System.Globalization;
using System.Reflection;
using CsvHelper;
using CsvHelper.Configuration;

namespace Euthymia.Trials.Evidence;

/// <summary>
/// Reads the evidence: the library that comes with the program, or a folder with files of the same columns.
/// A missing file or column stops the reading; a single bad cell is kept as a problem with its file, line and column,
/// and the row is later listed as not predictable instead of being lost.
/// </summary>
public static class EvidenceReader
{
    private static readonly string[] TrialColumns = ["trial_id", "citation", "design", "population", "comparator"];
    private static readonly string[] ArmColumns = ["trial_id", "arm_id", "drug", "dose_mg_per_kg", "infusion_min", "route", "schedule_days", "n"];
    private static readonly string[] OutcomeColumns = ["trial_id", "arm_id", "outcome", "statistic", "time_h", "value", "n"];
    private static readonly string[] ModeratorColumns = ["factor", "effect", "source", "status"];

    /// <summary>The library that comes with the program.</summary>
    public static EvidenceLibrary ReadBuiltIn()
        => Read("the built-in library", file => Assembly.GetExecutingAssembly().GetManifestResourceStream("Evidence/" + file));

    /// <summary>A folder with trials.csv, arms.csv and outcomes.csv; moderators.csv may be missing.</summary>
    /// <exception cref="EvidenceException">The folder, a file or a column is missing, or a file is not CSV.</exception>
    public static EvidenceLibrary ReadFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new EvidenceException("evidence-folder-missing", $"The evidence folder '{folder}' does not exist. Give a folder with trials.csv, arms.csv and outcomes.csv.");
        try
        {
            return Read(folder, file => File.Exists(Path.Combine(folder, file)) ? File.OpenRead(Path.Combine(folder, file)) : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceException("evidence-file-unreadable", $"A file of '{folder}' cannot be read: {error.Message}", error);
        }
    }

    private static EvidenceLibrary Read(string name, Func<string, Stream?> open)
    {
        var problems = new List<string>();
        var trials = Rows(name, "trials.csv", open, TrialColumns, required: true, problems).Select(ToTrial).ToList();
        var arms = Rows(name, "arms.csv", open, ArmColumns, required: true, problems).Select(ToArm).ToList();
        var outcomes = Rows(name, "outcomes.csv", open, OutcomeColumns, required: true, problems).Select(ToOutcome).ToList();
        var moderators = Rows(name, "moderators.csv", open, ModeratorColumns, required: false, problems)
            .Select(row => new Moderator(row.Text("factor"), row.Text("effect"), row.Text("size"), row.Text("source"), row.Text("status"))).ToList();

        RefuseRepeats(trials.Select(trial => trial.Id), "trials.csv", "trial_id");
        RefuseRepeats(arms.Select(arm => arm.TrialId + "/" + arm.Id), "arms.csv", "trial_id, arm_id");
        var known = trials.Select(trial => trial.Id).ToHashSet(StringComparer.Ordinal);
        problems.AddRange(arms.Where(arm => !known.Contains(arm.TrialId))
            .Select(arm => $"arms.csv: arm '{arm.Id}' belongs to '{arm.TrialId}', which is not in trials.csv. Add the trial or correct trial_id."));
        return new EvidenceLibrary(name, trials, arms, outcomes, moderators, problems);
    }

    private static Trial ToTrial(Row row) => new(
        row.Text("trial_id"), row.Text("citation"), row.Text("doi"), row.Text("pmcid"), row.Text("design"), row.Text("population"),
        row.Text("comparator"), row.Text("n_total"), row.Text("inclusion"), row.Text("baseline_scale"), row.Text("status"), row.Text("note"));

    private static Arm ToArm(Row row) => new(
        row.Text("trial_id"), row.Text("arm_id"), row.Text("drug"), row.Text("dose_mg_per_kg"), row.Text("infusion_min"), row.Text("route"),
        row.Text("schedule_days"), row.Number("n"), row.Number("baseline_mean"), row.Number("baseline_sd"), row.Number("age_mean"),
        row.Text("weight_or_bmi"), row.Number("female_pct"), row.Number("bipolar_pct"), row.Text("status"));

    private static Outcome ToOutcome(Row row)
    {
        var (time, value) = (row.Number("time_h"), row.Number("value"));
        return new(
            row.Text("trial_id"), row.Text("arm_id"), row.Text("outcome"), row.Text("statistic"), time, value,
            row.Number("sd"), row.Number("se"), row.Number("ci_low"), row.Number("ci_high"), row.Number("n"), row.Text("unit"), row.Text("status"),
            row.Line, row.Problem);
    }

    private static List<Row> Rows(string name, string file, Func<string, Stream?> open, string[] columns, bool required, List<string> problems)
    {
        using var stream = open(file);
        if (stream is null)
        {
            return required
                ? throw new EvidenceException("evidence-file-missing", $"{file} is missing in {name}. Its columns are at least: {string.Join(", ", columns)}.")
                : [];
        }
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            BadDataFound = null,
            MissingFieldFound = null,
            TrimOptions = TrimOptions.Trim,
            PrepareHeaderForMatch = header => (header.Header ?? "").Trim().TrimStart('\uFEFF').ToLowerInvariant(),
        };
        using var reader = new StreamReader(stream);
        using var csv = new CsvReader(reader, configuration);
        try
        {
            if (!csv.Read() || !csv.ReadHeader())
                throw new EvidenceException("evidence-file-empty", $"{file} in {name} is empty. Its first line holds the columns: {string.Join(", ", columns)}.");
            var header = csv.HeaderRecord!.Select(column => column.Trim().TrimStart('\uFEFF').ToLowerInvariant()).ToList();
            var missing = columns.Except(header, StringComparer.Ordinal).ToList();
            if (missing.Count > 0)
                throw new EvidenceException("evidence-column-missing", $"{file}, line 1: column {string.Join(", ", missing)} is missing. Add it to the first line.");

            var rows = new List<Row>();
            while (csv.Read())
            {
                // Spreadsheets leave lines of commas behind.
                var cells = ReadCells(csv, header);
                if (cells.Values.Any(cell => cell.Length > 0))
                    rows.Add(new Row(file, csv.Parser.RawRow, cells, problems));
            }
            return rows;
        }
        catch (CsvHelperException error)
        {
            throw new EvidenceException("evidence-csv-broken", $"{file}, line {csv.Parser.RawRow}: not readable as comma-separated values. Check the quotation marks on that line.", error);
        }
    }

    private static Dictionary<string, string> ReadCells(CsvReader csv, List<string> header)
    {
        var cells = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < header.Count; i++)
            cells[header[i]] = csv.TryGetField<string>(i, out var cell) ? cell ?? "" : "";
        return cells;
    }

    private static void RefuseRepeats(IEnumerable<string> ids, string file, string columns)
    {
        var repeated = ids.GroupBy(id => id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null)
            throw new EvidenceException("evidence-id-repeated", $"{file}: '{repeated.Key}' appears {repeated.Count()} times. Make {columns} unique.");
    }

    private sealed class Row(string file, int line, Dictionary<string, string> cells, List<string> problems)
    {
        public int Line { get; } = line;

        public string? Problem { get; private set; }

        public string Text(string column) => cells.GetValueOrDefault(column, "");

        public double? Number(string column)
        {
            var text = Text(column);
            if (text.Length == 0 || text.Equals("n/a", StringComparison.OrdinalIgnoreCase) || text.Equals("NA", StringComparison.OrdinalIgnoreCase))
                return null;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
                return number;
            Problem = $"{file}, line {Line}, column {column}: '{text}' is not a number. Write it with a decimal point, or leave the cell empty.";
            problems.Add(Problem);
            return null;
        }
    }
}
