using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>The outcomes of the ASQ as they are stored.</summary>
public static class AsqOutcome
{
    public const string Negative = "negative";
    public const string NonAcute = "non-acute positive";
    public const string Acute = "acute positive";

    /// <summary>Positive, and item 5 was left out or refused: treated as acute.</summary>
    public const string AcuityUnknown = "positive, acuity unknown";
}

/// <summary>Scores every instrument from its definition. Missing answers follow the instrument's own rule; they are never taken for zero.</summary>
internal static class InstrumentScoring
{
    private const int Yes = 1;

    public static InstrumentScore Score(Instrument instrument, IReadOnlyList<int?> answers)
    {
        Check(instrument, answers);
        return instrument.Scoring.Method switch
        {
            ScoringMethod.Sum => Sum(instrument, answers),
            ScoringMethod.LargestOfEachDomain => Domains(instrument, answers),
            ScoringMethod.CountOfPositive => Count(instrument, answers),
            ScoringMethod.None => new InstrumentScore(null, Missing(answers), false, null),
            ScoringMethod.SuicideScreen => SuicideScreen(answers),
            ScoringMethod.CssrsTriage => Cssrs(answers),
            _ => throw new InvalidOperationException($"{instrument.Id} names no scoring method."),
        };
    }

    public static InstrumentScore ScoreTotal(Instrument instrument, int total)
    {
        if (!instrument.TakesTotal)
            throw ClinicRuleException.Invalid("total", "total_not_taken", $"{instrument.Id} needs its items; a total alone is not enough.");
        if (total < instrument.Minimum || total > instrument.Maximum)
            throw ClinicRuleException.Invalid("total", "total_range", $"A total of {instrument.Id} is between {instrument.Minimum} and {instrument.Maximum}.");
        return new InstrumentScore(total, 0, false, instrument.BandOf(total));
    }

    private static void Check(Instrument instrument, IReadOnlyList<int?> answers)
    {
        if (answers.Count != instrument.Items.Count)
            throw ClinicRuleException.Invalid("answers", "answers_count", $"{instrument.Id} has {instrument.Items.Count} items; {answers.Count} answers were sent.");
        var errors = new FieldErrors();
        for (var i = 0; i < answers.Count; i++)
        {
            if (answers[i] is { } value && instrument.OptionsOf(instrument.Items[i]).All(o => o.Value != value))
                errors.Add($"item{instrument.Items[i].Number}", "answer_unknown", "Choose one of the answers.");
        }

        errors.ThrowIfAny();
    }

    private static InstrumentScore Sum(Instrument instrument, IReadOnlyList<int?> answers)
    {
        var answered = answers.OfType<int>().ToList();
        var missing = answers.Count - answered.Count;
        if (missing > instrument.Scoring.MaximumMissing || answered.Count == 0)
            return new InstrumentScore(null, missing, false, null);
        var total = missing == 0 || !instrument.Scoring.Prorates
            ? answered.Sum()
            : (int)decimal.Round((decimal)answered.Sum() * answers.Count / answered.Count, MidpointRounding.AwayFromZero);
        return new InstrumentScore(total, missing, missing > 0, instrument.BandOf(total));
    }

    private static InstrumentScore Domains(Instrument instrument, IReadOnlyList<int?> answers)
    {
        // Of each pair of alternatives one answer is enough; the other is then not missing.
        var needed = instrument.Items.Select(i => i.Number)
            .Where(n => answers[n - 1] is null && !instrument.Scoring.Alternatives.Any(pair => pair.Contains(n) && pair.Any(other => answers[other - 1] is not null)))
            .ToList();
        if (needed.Count > instrument.Scoring.MaximumMissing)
            return new InstrumentScore(null, needed.Count, false, null);
        var total = instrument.Scoring.Domains.Sum(domain => domain.Max(n => answers[n - 1]) ?? 0);
        return new InstrumentScore(total, needed.Count, false, instrument.BandOf(total));
    }

    private static InstrumentScore Count(Instrument instrument, IReadOnlyList<int?> answers)
    {
        var positive = answers.Count(a => a > 0);
        var missing = Missing(answers);
        // Something reported is reported, whatever else was left out; nothing reported is "none" only when all was answered.
        if (missing > 0)
            return new InstrumentScore(null, missing, false, positive > 0 ? instrument.BandOf(positive) : null);
        return new InstrumentScore(positive, 0, false, instrument.BandOf(positive));
    }

    private static InstrumentScore SuicideScreen(IReadOnlyList<int?> answers)
    {
        var screen = answers.Take(answers.Count - 1).ToList();
        var missing = screen.Count(a => a is null);
        var positive = screen.Exists(a => a > 0); // a refusal counts as yes
        if (!positive && answers[^1] > 0)
            positive = true; // thoughts now, whatever was said before
        if (!positive)
            return new InstrumentScore(null, missing, false, missing == 0 ? AsqOutcome.Negative : null);
        return new InstrumentScore(null, missing + (answers[^1] is null ? 1 : 0), false, answers[^1] switch
        {
            0 => AsqOutcome.NonAcute,
            Yes => AsqOutcome.Acute,
            _ => AsqOutcome.AcuityUnknown,
        });
    }

    private static InstrumentScore Cssrs(IReadOnlyList<int?> answers)
    {
        var cssrs = CssrsOf(answers);
        var unasked = cssrs.Thoughts == false ? 3 : 0;
        var missing = answers.Where((a, i) => a is null && !(unasked > 0 && i is 2 or 3 or 4)).Count();
        return new InstrumentScore(null, missing, false, Suicidality.RiskOf(cssrs));
    }

    internal static CssrsAnswers CssrsOf(IReadOnlyList<int?> answers) => new()
    {
        WishToBeDead = Bool(answers[0]),
        Thoughts = Bool(answers[1]),
        Method = Bool(answers[2]),
        Intent = Bool(answers[3]),
        Plan = Bool(answers[4]),
        BehaviourEver = Bool(answers[5]),
        BehaviourWithinThreeMonths = Bool(answers[6]),
    };

    private static bool? Bool(int? answer) => answer is { } value ? value == Yes : null;

    private static int Missing(IReadOnlyList<int?> answers) => answers.Count(a => a is null);
}
