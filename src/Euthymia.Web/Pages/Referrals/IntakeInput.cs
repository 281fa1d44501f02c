using System.Collections.Immutable;
using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Clinic.Rules;
using Euthymia.Web.Shared;

namespace Euthymia.Web.Pages.Referrals;

/// <summary>A section of the intake as posted; everything as typed, so that a refused form shows what was entered.</summary>
public sealed class IntakeInput
{
    /// <summary>The choice "not assessed", which every question has and starts with.</summary>
    public const string NotAssessed = "-";

    /// <summary>The choice of a table that is known to be empty.</summary>
    public const string None = "none";

    /// <summary>The choice of a table with lines.</summary>
    public const string Listed = "listed";

    /// <summary>The choice of a medicine that is not in the list.</summary>
    public const string Another = "another";

    private const int SpareRows = 2;
    private const int LeastRows = 3;

    private IDictionary<string, string?> _values = new Dictionary<string, string?>(StringComparer.Ordinal);
    private IList<TrialRow> _trials = [];
    private IList<PressureRow> _pressures = [];
    private IList<DrugRow> _drugs = [];

    /// <summary>The version that the form was filled from.</summary>
    public int Version { get; set; }

    /// <summary>The posted answers by question. A form that posts none makes the framework set null, here and below.</summary>
    public IDictionary<string, string?> Values
    {
        get => _values;
        set => _values = value ?? new Dictionary<string, string?>(StringComparer.Ordinal);
    }

    /// <summary>What is known of the table as a whole.</summary>
    public string? Table { get; set; }

    public IList<TrialRow> Trials
    {
        get => _trials;
        set => _trials = value ?? [];
    }

    public IList<PressureRow> Pressures
    {
        get => _pressures;
        set => _pressures = value ?? [];
    }

    public IList<DrugRow> Drugs
    {
        get => _drugs;
        set => _drugs = value ?? [];
    }

    /// <summary>Which button was pressed.</summary>
    public string? Do { get; set; }

    public string? this[string question] => Values.TryGetValue(question, out var posted) ? posted : null;

    public static IntakeInput Of(IntakeSection? stored)
    {
        var answers = stored?.Answers ?? new IntakeAnswers();
        var count = answers.Trials?.Count ?? answers.Medication?.Count;
        var input = new IntakeInput
        {
            Version = stored?.Version ?? 0,
            Values = answers.Values.ToDictionary(v => v.Key, v => (string?)v.Value, StringComparer.Ordinal),
            Table = count switch { null => NotAssessed, 0 => None, _ => Listed },
            Trials = [.. (answers.Trials ?? []).Select(TrialRow.Of)],
            Pressures = [.. (answers.Pressures ?? []).Select(p => new PressureRow { Systolic = Text(p.Systolic), Diastolic = Text(p.Diastolic) })],
            Drugs = [.. (answers.Medication ?? []).Select(DrugRow.Of)],
        };
        input.AddSpareRows();
        return input;
    }

    /// <summary>Empty lines to type into; without script a page cannot grow by itself.</summary>
    public void AddSpareRows()
    {
        Fill(Trials);
        Fill(Pressures);
        Fill(Drugs);

        static void Fill<T>(IList<T> rows)
            where T : IntakeRow, new()
        {
            while (rows.Count < LeastRows || rows.Skip(rows.Count - SpareRows).Any(r => !r.IsEmpty))
                rows.Add(new T());
        }
    }

    /// <summary>What the clinic stores; what cannot be read is added to the problems. Lines that were typed count, whatever the choice above them says.</summary>
    public IntakeAnswers ToAnswers(IntakeSectionForm form, Problems problems)
    {
        var values = form.Questions.Select(q => (q.Id, Value: this[q.Id])).Where(x => !string.IsNullOrWhiteSpace(x.Value) && !string.Equals(x.Value, NotAssessed, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(x => x.Id, x => x.Value!, StringComparer.Ordinal);
        return new IntakeAnswers
        {
            Values = values,
            Trials = form.Lists == IntakeList.Trials ? Rows(Trials, (row, line) => row.Read(problems, line)) : null,
            Pressures = form.Lists == IntakeList.Pressures && Rows(Pressures, (row, line) => row.Read(problems, line)) is { Count: > 0 } pressures ? pressures : null,
            Medication = form.Lists == IntakeList.Medication ? Rows(Drugs, (row, line) => row.Read(problems, line)) : null,
        };
    }

    private List<TOut>? Rows<TRow, TOut>(IList<TRow> rows, Func<TRow, int, TOut> read)
        where TRow : IntakeRow
    {
        var filled = rows.Where(r => !r.IsEmpty).Select((r, i) => read(r, i + 1)).ToList();
        return filled.Count > 0 ? filled : string.Equals(Table, None, StringComparison.Ordinal) ? [] : null;
    }

    internal static string Text(decimal? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A line of a table; an empty one is not stored.</summary>
public abstract class IntakeRow
{
    public abstract bool IsEmpty { get; }

    protected static bool Nothing(params string?[] typed) => Array.TrueForAll(typed, string.IsNullOrWhiteSpace);

    /// <summary>A number of a line; null when nothing was typed.</summary>
    protected static decimal? Number(Problems problems, string field, int line, string what, string? typed, bool whole = false)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (!ClinicalNumber.TryParse(typed, out var value, out var problem))
            problems.Add(field, "number_format", $"Line {line}, {what}: {problem}");
        else if (whole && (value != decimal.Truncate(value) || value > 100_000))
            problems.Add(field, "number_format", $"Line {line}, {what}: enter a whole number.");
        else
            return value;
        return null;
    }

    protected static T? Choice<T>(string? posted)
        where T : struct, Enum => Enum.TryParse<T>(posted, out var value) && Enum.IsDefined(value) ? value : null;
}

/// <summary>An antidepressant that was tried, as posted.</summary>
public sealed class TrialRow : IntakeRow
{
    public string? Drug { get; set; }

    public string? Dose { get; set; }

    public string? Weeks { get; set; }

    public string? InThisEpisode { get; set; }

    public string? Outcome { get; set; }

    public override bool IsEmpty => Nothing(Drug, Dose, Weeks);

    public static TrialRow Of(PriorTrial trial) => new()
    {
        Drug = trial.Drug,
        Dose = IntakeInput.Text(trial.DailyMilligrams),
        Weeks = IntakeInput.Text(trial.Weeks),
        InThisEpisode = Visits.Sheets.Answers.Text(trial.InThisEpisode),
        Outcome = trial.Outcome.ToString(),
    };

    public PriorTrial Read(Problems problems, int line) => new(
        Drug ?? "", Number(problems, "trials", line, "dose", Dose), (int?)Number(problems, "trials", line, "weeks", Weeks, whole: true),
        Visits.Sheets.Answers.Of(InThisEpisode), Choice<TrialOutcome>(Outcome) ?? TrialOutcome.NotAssessed);
}

/// <summary>A resting pressure as posted.</summary>
public sealed class PressureRow : IntakeRow
{
    public string? Systolic { get; set; }

    public string? Diastolic { get; set; }

    public override bool IsEmpty => Nothing(Systolic, Diastolic);

    public PressureReading Read(Problems problems, int line) => new(
        (int?)Number(problems, "pressures", line, "upper value", Systolic, whole: true) ?? 0, (int?)Number(problems, "pressures", line, "lower value", Diastolic, whole: true) ?? 0);
}

/// <summary>A medicine that is taken, as posted.</summary>
public sealed class DrugRow : IntakeRow
{
    public string? Drug { get; set; }

    public string? Name { get; set; }

    public string? Dose { get; set; }

    public string? Class { get; set; }

    public override bool IsEmpty => Nothing(Drug, Name, Dose);

    public static DrugRow Of(TakenDrug drug) => new()
    {
        Drug = drug.Drug ?? IntakeInput.Another,
        Name = drug.Name,
        Dose = IntakeInput.Text(drug.DailyMilligrams),
        Class = drug.Class?.ToString(),
    };

    public TakenDrug Read(Problems problems, int line)
    {
        var coded = string.IsNullOrEmpty(Drug) || string.Equals(Drug, IntakeInput.Another, StringComparison.Ordinal) ? null : Drug;
        return new TakenDrug(coded, Name, Number(problems, "medication", line, "dose", Dose), Choice<CoMedication>(Class));
    }
}
