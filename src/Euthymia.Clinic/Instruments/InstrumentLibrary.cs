using System.Collections.Frozen;

namespace Euthymia.Clinic;

/// <summary>All instruments, as shipped or with the wording of a clinic's content pack.</summary>
public sealed class InstrumentLibrary
{
    private static readonly string[] Files =
    [
        "check-in", "asq", "phq-9", "phq-2", "gad-7", "bladder", "misuse", "cognition", "asrm", "qids", "madrs", "ham-d", "ymrs", "c-ssrs",
        "cadss", "cadss-6", "bprs-positive-0-6", "bprs-positive-1-7", "moaa-s", "aldrete",
    ];

    private readonly FrozenDictionary<string, Instrument> _byId;

    internal InstrumentLibrary(IEnumerable<Instrument> instruments)
    {
        All = [.. instruments];
        _byId = All.ToFrozenDictionary(i => i.Id, StringComparer.Ordinal);
    }

    /// <summary>The definitions compiled into the program. They score; a content pack only adds wording.</summary>
    public static InstrumentLibrary Shipped { get; } = new(Files.Select(file => Checked(EmbeddedData.Read<Instrument>($"Instruments.Definitions.{file}.json"))));

    public IReadOnlyList<Instrument> All { get; }

    /// <summary>The instrument of this id.</summary>
    /// <exception cref="ClinicRuleException">There is none.</exception>
    public Instrument this[string id] => _byId.GetValueOrDefault(id)
        ?? throw ClinicRuleException.Invalid("instrument", "instrument_unknown", "There is no such questionnaire. Choose one of the list.");

    public Instrument? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The instrument whose address this is, or null.</summary>
    public Instrument? OfSlug(string slug) => All.FirstOrDefault(i => string.Equals(i.Slug, slug, StringComparison.Ordinal));

    /// <summary>A faulty definition must not start: better no program than a wrong score.</summary>
    private static Instrument Checked(Instrument instrument)
    {
        string? fault = instrument switch
        {
            _ when instrument.Items.Where((item, i) => item.Number != i + 1).Any() => "does not number its items 1, 2, 3",
            _ when instrument.Items.Any(item => instrument.OptionsOf(item).Count == 0) => "has an item without answers",
            { Licence.ShipsText: false } when instrument.Items.Any(item => item.Text.Length > 0) => "ships wording that its licence forbids",
            { Licence.ShipsText: true } when !instrument.HasText => "has an item without wording",
            _ when instrument.Bands.Where((band, i) => band.Low > band.High || band.Low != (i == 0 ? instrument.Minimum : instrument.Bands[i - 1].High + 1)).Any() => "has bands that overlap or leave a gap",
            { Bands.Count: > 0 } when instrument.Bands[^1].High != instrument.Maximum => "has bands that do not reach its highest total",
            { Scoring.Method: ScoringMethod.LargestOfEachDomain } when !instrument.Scoring.Domains.SelectMany(d => d).Order().SequenceEqual(instrument.Items.Select(i => i.Number)) => "does not put every item into one domain",
            _ => null,
        };
        return fault is null ? instrument : throw new InvalidOperationException($"The definition of {instrument.Id} {fault}.");
    }
}
