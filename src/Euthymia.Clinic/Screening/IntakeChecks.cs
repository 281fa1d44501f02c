using System.Globalization;

namespace Euthymia.Clinic;

/// <summary>What a section's answers have to keep before they are stored; the errors stand at the fields of the form.</summary>
internal static class IntakeChecks
{
    public const int MostRows = 30;
    public const int MostPressures = 6;
    private const decimal MostMilligrams = 10_000;
    private const int MostWeeks = 2_000;

    /// <summary>The answers as they are stored: trimmed, and only questions of this section.</summary>
    public static IntakeAnswers Check(FieldErrors errors, IntakeSectionForm form, IntakeAnswers typed, DateOnly today, DateOnly born)
    {
        var unknown = typed.Values.Keys.Except(form.Questions.Select(q => q.Id), StringComparer.Ordinal).Any();
        if (unknown || (typed.Trials is not null && form.Lists != IntakeList.Trials) || (typed.Pressures is not null && form.Lists != IntakeList.Pressures) || (typed.Medication is not null && form.Lists != IntakeList.Medication))
            throw ClinicRuleException.Invalid("", "question_unknown", "This form has changed meanwhile. Load the page again.");
        var values = typed.Values.Clear();
        foreach (var question in form.Questions)
        {
            if (Value(errors, question, typed[question.Id], today, born) is { } value)
                values = values.SetItem(question.Id, value);
        }

        return new IntakeAnswers { Values = values, Trials = Trials(errors, typed.Trials), Pressures = Pressures(errors, typed), Medication = Medication(errors, typed.Medication) };
    }

    private static string? Value(FieldErrors errors, IntakeQuestion question, string? typed, DateOnly today, DateOnly born)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        switch (question.Kind)
        {
            case IntakeKind.Line:
                return ClinicText.Check(errors, question.Id, typed, ClinicText.LineLength);
            case IntakeKind.Note:
                return ClinicText.Check(errors, question.Id, typed, ClinicText.NoteLength, lines: true);
            case IntakeKind.YesNo when typed is IntakeAnswers.Yes or IntakeAnswers.No:
            case IntakeKind.Choice when question.Choices?.ContainsKey(typed) == true:
                return typed;
            case IntakeKind.Whole or IntakeKind.Decimal:
                return Number(errors, question, typed);
            case IntakeKind.Date or IntakeKind.PastDate:
                return Day(errors, question, typed, today, born);
            default:
                errors.Add(question.Id, "answer_unknown", "Choose one of the answers.");
                return null;
        }
    }

    private static string? Number(FieldErrors errors, IntakeQuestion question, string typed)
    {
        if (!ClinicalNumber.TryParse(typed, out var value, out var problem))
            errors.Add(question.Id, "number_format", problem);
        else if (question.Kind == IntakeKind.Whole && value != decimal.Truncate(value))
            errors.Add(question.Id, "number_format", "Enter a whole number.");
        else if (value < question.Min || value > question.Max)
            errors.Add(question.Id, "out_of_range", string.Create(CultureInfo.InvariantCulture, $"Enter a number between {question.Min} and {question.Max}{(question.Unit is null ? "" : $" {question.Unit}")}."));
        else
            return value.ToString("0.####", CultureInfo.InvariantCulture);
        return null;
    }

    private static string? Day(FieldErrors errors, IntakeQuestion question, string typed, DateOnly today, DateOnly born)
    {
        if (!DateOnly.TryParseExact(typed.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            errors.Add(question.Id, "date_format", "Enter a day, such as 2026-03-02.");
        else if (question.Kind == IntakeKind.PastDate && day > today)
            errors.Add(question.Id, "date_in_future", "This day is in the future.");
        else if (day < born)
            errors.Add(question.Id, "date_before_birth", "This day is before the date of birth.");
        else if (day > today.AddYears(5))
            errors.Add(question.Id, "date_too_far", "This day is more than five years away. Check the year.");
        else
            return day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return null;
    }

    private static IReadOnlyList<PriorTrial>? Trials(FieldErrors errors, IReadOnlyList<PriorTrial>? trials)
    {
        TooMany(errors, "trials", trials?.Count, MostRows);
        foreach (var (trial, row) in (trials ?? []).Select((t, i) => (t, i + 1)))
        {
            if (DrugCatalogue.Current.Find(trial.Drug)?.AdequateMilligrams is null)
                errors.Add("trials", "drug_unknown", $"Line {row}: choose the medicine from the list.");
            Dose(errors, "trials", row, trial.DailyMilligrams);
            if (trial.Weeks is < 0 or > MostWeeks)
                errors.Add("trials", "weeks_range", $"Line {row}: enter the weeks as a whole number up to {MostWeeks}.");
        }

        return trials;
    }

    private static IReadOnlyList<Rules.PressureReading>? Pressures(FieldErrors errors, IntakeAnswers typed)
    {
        TooMany(errors, "pressures", typed.Pressures?.Count, MostPressures);
        foreach (var (reading, row) in (typed.Pressures ?? []).Select((p, i) => (p, i + 1)))
        {
            if (reading.Systolic is < 50 or > 300 || reading.Diastolic is < 20 or > 200 || reading.Diastolic >= reading.Systolic)
                errors.Add("pressures", "pressure_range", $"Line {row}: enter the upper and the lower value in mmHg, such as 124 and 78.");
        }

        return typed.Pressures is { Count: 0 } ? null : typed.Pressures;
    }

    private static List<TakenDrug>? Medication(FieldErrors errors, IReadOnlyList<TakenDrug>? drugs)
    {
        TooMany(errors, "medication", drugs?.Count, MostRows);
        List<TakenDrug> kept = [];
        foreach (var (drug, row) in (drugs ?? []).Select((d, i) => (d, i + 1)))
        {
            var name = ClinicText.Check(errors, "medication", drug.Name, ClinicText.NameLength);
            if (drug.Coded is null && (drug.Drug is not null || name is null))
                errors.Add("medication", "drug_unknown", $"Line {row}: choose the medicine from the list, or choose \"another\" and write its name.");
            Dose(errors, "medication", row, drug.DailyMilligrams);
            kept.Add(drug with { Name = drug.Coded is null ? name : null, Class = drug.Coded is null ? drug.Class : null });
        }

        return drugs is null ? null : kept;
    }

    private static void Dose(FieldErrors errors, string field, int row, decimal? milligrams)
    {
        if (milligrams is <= 0 or > MostMilligrams)
            errors.Add(field, "dose_range", string.Create(CultureInfo.InvariantCulture, $"Line {row}: enter the daily dose in mg, above 0 and up to {MostMilligrams}."));
    }

    private static void TooMany(FieldErrors errors, string field, int? count, int most)
    {
        if (count > most)
            errors.Add(field, "too_many", $"Enter at most {most} lines.");
    }
}
