using Euthymia.Clinic;
using Euthymia.Web.Shared;

namespace Euthymia.Web.Pages.FollowUp;

/// <summary>The questionnaire as a form posts it: one radio group for each question; a question left out posts nothing.</summary>
public sealed class Phq9Input
{
    /// <summary>Made with the empty form, so that sending it twice stores it once.</summary>
    public Guid Id { get; set; } = Guid.CreateVersion7();

    public string? Item1 { get; set; }

    public string? Item2 { get; set; }

    public string? Item3 { get; set; }

    public string? Item4 { get; set; }

    public string? Item5 { get; set; }

    public string? Item6 { get; set; }

    public string? Item7 { get; set; }

    public string? Item8 { get; set; }

    public string? Item9 { get; set; }

    public string? Difficulty { get; set; }

    /// <summary>The day of the answers, when staff enter them later; empty for now.</summary>
    public string? AnsweredOn { get; set; }

    /// <summary>The posted text of question 1 to 9.</summary>
    public string? this[int item] => item switch
    {
        1 => Item1,
        2 => Item2,
        3 => Item3,
        4 => Item4,
        5 => Item5,
        6 => Item6,
        7 => Item7,
        8 => Item8,
        9 => Item9,
        _ => throw new ArgumentOutOfRangeException(nameof(item), item, "The questions are 1 to 9."),
    };

    /// <summary>What the clinic stores, or null with the problems named: a choice that is none of the form's is refused.</summary>
    public Phq9Form? Read(Problems problems, DateTimeOffset? completedAt)
    {
        var answers = Instrument.Phq9.Items.Select(item => Choice(problems, $"item{item.Number}", this[item.Number])).ToList();
        var difficulty = Choice(problems, "difficulty", Difficulty);
        return problems.Any ? null : new Phq9Form(Id, answers, difficulty, completedAt);
    }

    private static int? Choice(Problems problems, string field, string? posted)
    {
        if (string.IsNullOrEmpty(posted))
            return null;
        if (posted.Length == 1 && char.IsAsciiDigit(posted[0]))
            return posted[0] - '0';
        problems.Add(field, "answer_unknown", "Choose one of the answers.");
        return null;
    }
}
