using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Euthymia.Clinic;

/// <summary>A file of the clinic's content pack cannot be used. The program does not start with half a questionnaire.</summary>
[SuppressMessage("Roslynator", "RCS1194", Justification = "An error without file, code and message must not exist.")]
public sealed class ContentPackException(string file, string code, string message) : Exception($"Content pack, {file}: {message}")
{
    /// <summary>Name of the file, without its folder.</summary>
    public string File { get; } = file;

    /// <summary>
    /// Stable: <c>pack_folder</c>, <c>pack_json</c>, <c>pack_instrument</c>, <c>pack_version</c>, <c>pack_licence</c>, <c>pack_items</c>,
    /// <c>pack_text</c>, <c>pack_options</c>, <c>pack_twice</c>.
    /// </summary>
    public string Code { get; } = code;
}

/// <summary>
/// Wording that a clinic has a licence for: a folder with one JSON file for each instrument,
/// <c>{ "instrument": "MADRS", "version": 1, "licence": "who granted what to whom", "items": [ { "number": 1, "text": "..." } ] }</c>.
/// An item may carry the texts of its answers, <c>"options": [ { "value": 0, "text": "..." } ]</c>. The pack adds words; it cannot change what is
/// asked for, scored or stored.
/// </summary>
public static class ContentPack
{
    private const int LongestText = 1000;
    private const int LongestFile = 256 * 1024;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The shipped library with the words of the files in a folder.</summary>
    /// <exception cref="ContentPackException">The folder or one of its files cannot be used.</exception>
    public static InstrumentLibrary Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ContentPackException(folder, "pack_folder", "the folder does not exist. Correct the setting ContentPack, or leave it out.");
        var words = new Dictionary<string, Instrument>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (new FileInfo(path).Length > LongestFile)
                throw new ContentPackException(name, "pack_json", $"the file is larger than {LongestFile / 1024} KiB.");
            var instrument = Read(name, System.IO.File.ReadAllText(path));
            if (!words.TryAdd(instrument.Id, instrument))
                throw new ContentPackException(name, "pack_twice", $"another file already has the words of {instrument.Id}. Keep one.");
        }

        return new InstrumentLibrary(InstrumentLibrary.Shipped.All.Select(i => words.GetValueOrDefault(i.Id, i)));
    }

    /// <summary>One file of a pack, as the instrument with its words.</summary>
    /// <exception cref="ContentPackException">The file cannot be used.</exception>
    public static Instrument Read(string name, string json)
    {
        PackFile file;
        try
        {
            file = JsonSerializer.Deserialize<PackFile>(json, Options) ?? throw new ContentPackException(name, "pack_json", "the file is empty.");
        }
        catch (JsonException fault)
        {
            throw new ContentPackException(name, "pack_json", $"this is not a content pack. {fault.Message}");
        }

        var instrument = InstrumentLibrary.Shipped.Find(file.Instrument)
            ?? throw new ContentPackException(name, "pack_instrument", $"there is no instrument \"{file.Instrument}\". Known: {string.Join(", ", InstrumentLibrary.Shipped.All.Select(i => i.Id))}.");
        if (instrument.Licence.ShipsText)
            throw new ContentPackException(name, "pack_instrument", $"{instrument.Id} comes with its words; a pack cannot replace them.");
        if (file.Version != instrument.Version)
            throw new ContentPackException(name, "pack_version", $"the words are for version {file.Version} of {instrument.Id}, this program has version {instrument.Version}.");
        if (string.IsNullOrWhiteSpace(file.Licence))
            throw new ContentPackException(name, "pack_licence", "say in \"licence\" who granted the use of the wording to the clinic.");
        return instrument with { Stem = Text(name, "stem", file.Stem ?? "", required: false), Credit = Text(name, "licence", file.Licence, required: true), Items = Items(name, instrument, file) };
    }

    private static List<InstrumentItem> Items(string name, Instrument instrument, PackFile file)
    {
        var wanted = instrument.Items.Select(i => i.Number);
        if (!file.Items.Select(i => i.Number).Order().SequenceEqual(wanted))
            throw new ContentPackException(name, "pack_items", $"{instrument.Id} has the items 1 to {instrument.Items.Count}, each once.");
        return [.. instrument.Items.Select(item =>
        {
            var words = file.Items.Single(i => i.Number == item.Number);
            var options = words.Options ?? [];
            if (options.Count > 0 && !options.Select(o => o.Value).Order().SequenceEqual(instrument.OptionsOf(item).Select(o => o.Value).Order()))
                throw new ContentPackException(name, "pack_options", $"the answers of item {item.Number} must have the values {string.Join(", ", instrument.OptionsOf(item).Select(o => o.Value))}, each once.");
            return item with
            {
                Text = Text(name, $"item {item.Number}", words.Text, required: true),
                Options = options.Count > 0 ? [.. options.Select(o => new InstrumentOption(o.Value, Text(name, $"an answer of item {item.Number}", o.Text, required: true)))] : item.Options,
            };
        })];
    }

    private static string Text(string name, string what, string text, bool required)
    {
        var errors = new FieldErrors();
        var clean = ClinicText.Check(errors, "text", text, LongestText, required, lines: true);
        try
        {
            errors.ThrowIfAny();
        }
        catch (ClinicRuleException refusal)
        {
            throw new ContentPackException(name, "pack_text", $"{what}: {refusal.Message}");
        }

        return clean ?? "";
    }

    private sealed record PackFile(string Instrument, int Version, string Licence, IReadOnlyList<PackItem> Items, string? Stem = null);

    private sealed record PackItem(int Number, string Text, IReadOnlyList<PackOption>? Options = null);

    private sealed record PackOption(int Value, string Text);
}
