using System.Text;

namespace Euthymia.Clinic;

/// <summary>Who answers.</summary>
public enum Rater
{
    Self,
    Clinician,
}

/// <summary>How answers become a result.</summary>
public enum ScoringMethod
{
    /// <summary>The sum of the items.</summary>
    Sum,

    /// <summary>The sum over domains of the largest item of each (QIDS).</summary>
    LargestOfEachDomain,

    /// <summary>The number of items above zero.</summary>
    CountOfPositive,

    /// <summary>No total: each item speaks for itself.</summary>
    None,

    /// <summary>ASQ: negative, non-acute positive or acute positive.</summary>
    SuicideScreen,

    /// <summary>C-SSRS: the risk by rules SUI-03a to SUI-03c.</summary>
    CssrsTriage,
}

/// <summary>One answer that can be chosen.</summary>
public sealed record InstrumentOption(int Value, string Text, string? Loinc = null);

/// <summary>One question. Where the wording may not be shipped, <see cref="Text"/> is empty until a content pack of the clinic supplies it.</summary>
public sealed record InstrumentItem(int Number, string Text = "", string? Loinc = null)
{
    /// <summary>What stands for the question while there is no text; "Item 3" unless the definition names it.</summary>
    public string Label { get; init; } = $"Item {Number}";

    /// <summary>Highest value, where it differs from the instrument's.</summary>
    public int? Maximum { get; init; }

    /// <summary>Answers of its own; empty where the instrument's hold.</summary>
    public IReadOnlyList<InstrumentOption> Options { get; init; } = [];

    /// <summary>Asked only when an item before it is above zero.</summary>
    public bool AskedIfAnyPositive { get; init; }

    /// <summary>The question, or its label while there is no text.</summary>
    public string Shown => Text.Length > 0 ? Text : Label;
}

/// <summary>A range of totals with its name.</summary>
public sealed record SeverityBand(int Low, int High, string Name);

/// <summary>The question on function that goes with the items and is not scored.</summary>
public sealed record DifficultyItem(string Loinc, string Text, IReadOnlyList<string> Options);

/// <summary>Under what terms the wording may be shown, and whether it is shipped here.</summary>
public sealed record InstrumentLicence(string Name, bool ShipsText, string Source, string Status);

/// <summary>How answers are scored, how missing ones are treated and what counts as response and remission, with sources.</summary>
public sealed record ScoringRule(ScoringMethod Method, int MaximumMissing, string MissingRule, string MissingSource, string MissingStatus)
{
    /// <summary>True when a total is worked out from the mean of the answered items; otherwise missing items count nothing.</summary>
    public bool Prorates { get; init; }

    /// <summary>Item numbers of each domain, for <see cref="ScoringMethod.LargestOfEachDomain"/>.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Domains { get; init; } = [];

    /// <summary>Items of which one answer is enough.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Alternatives { get; init; } = [];

    /// <summary>Share of the baseline by which a response falls; null where the instrument defines none here.</summary>
    public decimal? ResponseFraction { get; init; }

    /// <summary>Remission is a total below this; null where the instrument defines none here.</summary>
    public int? RemissionBelow { get; init; }

    public string OutcomeSource { get; init; } = "";

    public string OutcomeStatus { get; init; } = "";
}

/// <summary>A questionnaire or rating scale: its structure, answers, bands, recall window, licence, codes and scoring rule, as data.</summary>
/// <param name="Id">As stored with every assessment.</param>
/// <param name="Version">Raised with every change of items, answers, bands or scoring; stored with every assessment.</param>
/// <param name="Title">Full name.</param>
/// <param name="Rater">Who answers.</param>
/// <param name="Stem">The sentence before the questions.</param>
/// <param name="Recall">What the answers look back on, in words.</param>
/// <param name="Licence">Terms of the wording.</param>
/// <param name="Source">Where structure and bands come from.</param>
/// <param name="Status">How well that is supported.</param>
/// <param name="Items">The questions, numbered from 1.</param>
/// <param name="Minimum">Lowest total.</param>
/// <param name="Maximum">Highest total.</param>
/// <param name="Scoring">How it is scored.</param>
public sealed record Instrument(
    string Id, int Version, string Title, Rater Rater, string Stem, string Recall, InstrumentLicence Licence, string Source, string Status,
    IReadOnlyList<InstrumentItem> Items, int Minimum, int Maximum, ScoringRule Scoring)
{
    /// <summary>The instrument as shipped. Scoring never depends on a clinic's content pack, so this is the one that scores.</summary>
    public static Instrument Phq9 => InstrumentLibrary.Shipped["PHQ-9"];

    /// <summary>Days that the answers look back on; null where they are about the moment, or where asking at every contact is meant.</summary>
    public int? RecallDays { get; init; }

    /// <summary>The line that the licence asks to be shown.</summary>
    public string Credit { get; init; } = "";

    public string? PanelLoinc { get; init; }

    public string? TotalLoinc { get; init; }

    public IReadOnlyList<InstrumentOption> Options { get; init; } = [];

    public int ItemMinimum { get; init; }

    public int ItemMaximum { get; init; }

    /// <summary>True when a total alone may be stored, without items.</summary>
    public bool TakesTotal { get; init; }

    /// <summary>True when a rise of the total since the last one is looked at by rule FUP-06.</summary>
    public bool WatchedForWorsening { get; init; }

    /// <summary>The item on death or suicide that rules SUI-01 and SUI-02 look at; null where there is none.</summary>
    public int? SuicideItem { get; init; }

    public DifficultyItem? Difficulty { get; init; }

    public IReadOnlyList<SeverityBand> Bands { get; init; } = [];

    /// <summary>The id as part of an address: "PHQ-9" is "phq-9".</summary>
    public string Slug
    {
        get
        {
            var slug = new StringBuilder(Id.Length);
            foreach (var c in Id)
            {
                if (char.IsAsciiLetterOrDigit(c))
                    slug.Append(char.ToLowerInvariant(c));
                else if (slug.Length > 0 && slug[^1] != '-')
                    slug.Append('-');
            }

            return slug.ToString().TrimEnd('-');
        }
    }

    /// <summary>True when every question has its wording.</summary>
    public bool HasText => Items.All(i => i.Text.Length > 0);

    /// <summary>The answers of an item; a plain range of numbers where no wording is shipped.</summary>
    public IReadOnlyList<InstrumentOption> OptionsOf(InstrumentItem item) => item.Options.Count > 0 ? item.Options
        : Options.Count > 0 ? Options
        : [.. Enumerable.Range(ItemMinimum, (item.Maximum ?? ItemMaximum) - ItemMinimum + 1).Select(v => new InstrumentOption(v, $"{v}"))];

    /// <summary>The result of the answers, one for each item, null where the item was left out.</summary>
    public InstrumentScore Score(IReadOnlyList<int?> answers) => InstrumentScoring.Score(this, answers);

    /// <summary>The result of a total that was worked out elsewhere.</summary>
    public InstrumentScore ScoreTotal(int total) => InstrumentScoring.ScoreTotal(this, total);

    /// <summary>The name of the band of a total; null where the instrument has none.</summary>
    public string? BandOf(int total) => Bands.FirstOrDefault(b => total >= b.Low && total <= b.High)?.Name;

    /// <summary>Response: a fall of at least half from baseline. Null when either total is missing, the baseline is zero or no response is defined here.</summary>
    public bool? IsResponse(int? baseline, int? total) =>
        baseline is null or 0 || total is null || Scoring.ResponseFraction is not { } fraction ? null : baseline.Value - total.Value >= fraction * baseline.Value;

    /// <summary>Remission: a total below the cut. Null when there is no total or no cut.</summary>
    public bool? IsRemission(int? total) => total is null || Scoring.RemissionBelow is not { } cut ? null : total < cut;
}

/// <summary>The result of scoring.</summary>
/// <param name="Total">Null when too many answers are missing, or when the instrument has no total.</param>
/// <param name="Missing">Number of items without an answer, of those that had to be asked.</param>
/// <param name="Prorated">True when the total was worked out in spite of missing answers.</param>
/// <param name="Band">Name of the severity band or of the outcome; null when it could not be assessed or there is none.</param>
public sealed record InstrumentScore(int? Total, int Missing, bool Prorated, string? Band);
