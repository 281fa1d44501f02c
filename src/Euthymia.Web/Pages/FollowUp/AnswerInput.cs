using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Web.Shared;

namespace Euthymia.Web.Pages.FollowUp;

/// <summary>A questionnaire as a form posts it: one radio group for each question; a question left out posts nothing.</summary>
public sealed class AnswerInput
{
    private const int LongestNumber = 6;

    private IDictionary<string, string?> _items = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Made with the empty form, so that sending it twice stores it once.</summary>
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>The posted answers by number of the question. A form on which nothing was chosen posts none, and the framework then sets null.</summary>
    public IDictionary<string, string?> Items
    {
        get => _items;
        set => _items = value ?? new Dictionary<string, string?>(StringComparer.Ordinal);
    }

    public string? Difficulty { get; set; }

    /// <summary>A total that was worked out elsewhere; staff only.</summary>
    public string? Total { get; set; }

    /// <summary>The day of the answers, when staff enter them later; empty for now.</summary>
    public string? AnsweredOn { get; set; }

    /// <summary>Which button was pressed.</summary>
    public string? Do { get; set; }

    public string? this[int item] => Items.TryGetValue(Key(item), out var posted) ? posted : null;

    public static AnswerInput Of(AssessmentDraft draft) => new()
    {
        Id = draft.Id,
        Items = draft.Answers.Select((answer, i) => (answer, i)).Where(x => x.answer is not null)
            .ToDictionary(x => Key(x.i + 1), x => x.answer!.Value.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal)!,
        Difficulty = draft.Difficulty?.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The answers, one for each question; what is none of the form's choices is reported at its question.</summary>
    public IReadOnlyList<int?> Answers(Instrument instrument, Problems problems) => [.. instrument.Items.Select(item => Choice(problems, $"item{Key(item.Number)}", this[item.Number]))];

    public int? DifficultyOf(Problems problems) => Choice(problems, "difficulty", Difficulty);

    /// <summary>What the clinic stores, or null with the problems named.</summary>
    public AssessmentForm? Read(Instrument instrument, Problems problems, DateTimeOffset? completedAt)
    {
        var answers = Answers(instrument, problems);
        var difficulty = DifficultyOf(problems);
        var total = string.IsNullOrWhiteSpace(Total) ? null : Choice(problems, "total", Total.Trim());
        if (problems.Any)
            return null;
        return new AssessmentForm(Id, instrument.Id, total is not null && answers.All(a => a is null) ? [] : answers, difficulty, total, completedAt);
    }

    private static int? Choice(Problems problems, string field, string? posted)
    {
        if (string.IsNullOrEmpty(posted))
            return null;
        if (posted.Length <= LongestNumber && int.TryParse(posted, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return value;
        problems.Add(field, "answer_unknown", string.Equals(field, "total", StringComparison.Ordinal) ? "Enter the total as a whole number." : "Choose one of the answers.");
        return null;
    }

    private static string Key(int item) => item.ToString(CultureInfo.InvariantCulture);
}
