using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Clinic.Rules;
using Euthymia.Web.Shared;

namespace Euthymia.Web.Pages.Referrals;

/// <summary>Answers of the intake in words.</summary>
public static class IntakeWords
{
    private const string Missing = "not assessed";

    public static string Of(IntakeQuestion question, string? value) => value is null ? Missing : question.Kind switch
    {
        IntakeKind.Choice => question.Choices?.GetValueOrDefault(value) ?? value,
        IntakeKind.Whole or IntakeKind.Decimal when question.Unit is not null => $"{value} {question.Unit}",
        _ => value,
    };

    public static string Of(IReadOnlyList<PriorTrial>? trials) => List(trials, t =>
        $"{Name(t.Drug)} {Dose(t.DailyMilligrams)}, {(t.Weeks is { } weeks ? $"{weeks} weeks" : $"weeks {Missing}")}, {(t.InThisEpisode switch { true => "this episode", false => "an earlier episode", _ => $"episode {Missing}" })}, {Words.Spaced(t.Outcome.ToString()).ToLowerInvariant()}");

    public static string Of(IReadOnlyList<PressureReading>? pressures) => List(pressures, p => p.ToString());

    public static string Of(IReadOnlyList<TakenDrug>? drugs) => List(drugs, d => $"{d.Coded?.Name ?? d.Name} {Dose(d.DailyMilligrams)}{(d.Class is { } own ? $" ({Of(own)})" : "")}");

    /// <summary>What a version changed against the one before it, one sentence each.</summary>
    public static IEnumerable<string> Changes(IntakeSectionForm form, IntakeAnswers before, IntakeAnswers after)
    {
        foreach (var question in form.Questions.Where(q => !string.Equals(before[q.Id], after[q.Id], StringComparison.Ordinal)))
            yield return $"{question.Label}: {Of(question, before[question.Id])} → {Of(question, after[question.Id])}";
        foreach (var (was, now) in new[] { (Of(before.Trials), Of(after.Trials)), (Of(before.Pressures), Of(after.Pressures)), (Of(before.Medication), Of(after.Medication)) })
        {
            if (!string.Equals(was, now, StringComparison.Ordinal))
                yield return $"{was} → {now}";
        }
    }

    public static string Of(CoMedication drugClass) => drugClass switch
    {
        CoMedication.XanthineOrErgometrine => "xanthine or ergometrine",
        CoMedication.OtherSedative => "other sedating drug",
        CoMedication.MaoInhibitor => "MAO inhibitor",
        CoMedication.SympathomimeticOrVasopressin => "sympathomimetic or vasopressin",
        CoMedication.Cyp2B6Or3A4InhibitorOrInducer => "CYP2B6 or CYP3A4 inhibitor or inducer",
        CoMedication.KetamineFromElsewhere => "ketamine from elsewhere",
        CoMedication.QtProlonging => "QT-prolonging drug",
        _ => drugClass.ToString().ToLowerInvariant(),
    };

    private static string List<T>(IReadOnlyList<T>? items, Func<T, string> words) => items switch { null => Missing, { Count: 0 } => "none", _ => string.Join("; ", items.Select(words)) };

    private static string Name(string code) => DrugCatalogue.Current.Find(code)?.Name ?? code;

    private static string Dose(decimal? milligrams) => milligrams is { } mg ? string.Create(CultureInfo.InvariantCulture, $"{mg:0.####} mg a day") : $"dose {Missing}";
}
