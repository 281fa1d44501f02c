namespace Euthymia.Clinic.Tests;

/// <summary>Answers of instruments, written short.</summary>
internal static class Answers
{
    public static AssessmentForm Of(string instrument, params int?[] answers) => new(Guid.CreateVersion7(), instrument, answers);

    /// <summary>Answers to the first items, the rest zero.</summary>
    public static AssessmentForm First(string instrument, params int?[] answers) =>
        Of(instrument, [.. answers, .. Enumerable.Repeat<int?>(0, InstrumentLibrary.Shipped[instrument].Items.Count - answers.Length)]);

    /// <summary>All items at zero but one.</summary>
    public static AssessmentForm One(string instrument, int item, int value) =>
        Of(instrument, [.. InstrumentLibrary.Shipped[instrument].Items.Select(i => (int?)(i.Number == item ? value : 0))]);

    /// <summary>Answers that add up to a total, the first items highest.</summary>
    public static int?[] Total(Instrument instrument, int total)
    {
        var answers = new int?[instrument.Items.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            var options = instrument.OptionsOf(instrument.Items[i]).Select(o => o.Value).ToList();
            var rest = instrument.Items.Skip(i + 1).Sum(item => instrument.OptionsOf(item).Min(o => o.Value));
            answers[i] = Math.Clamp(total - rest, options.Min(), options.Max());
            total -= answers[i]!.Value;
        }

        return answers;
    }
}
