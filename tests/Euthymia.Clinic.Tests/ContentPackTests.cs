using System.Text.Json;

namespace Euthymia.Clinic.Tests;

public sealed class ContentPackTests
{
    private static string Pack(string instrument = "CADSS-6", int version = 1, string licence = "Granted to the test clinic", int items = 6, string text = "Invented question", object? options = null) =>
        JsonSerializer.Serialize(new { instrument, version, licence, items = Enumerable.Range(1, items).Select(n => new { number = n, text = text.Length > 0 ? $"{text} {n}" : "", options }) });

    [Fact]
    public void A_pack_adds_words_and_leaves_the_scoring_alone()
    {
        var folder = Directory.CreateTempSubdirectory("euthymia-pack-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "cadss-6.json"), Pack());
            var library = ContentPack.Load(folder.FullName);
            var instrument = library["CADSS-6"];
            Assert.True(instrument.HasText);
            Assert.Equal("Invented question 3", instrument.Items[2].Shown);
            Assert.Equal("Granted to the test clinic", instrument.Credit);
            Assert.Equal(InstrumentLibrary.Shipped["CADSS-6"].Score([1, 2, 3, 4, 0, 0]), instrument.Score([1, 2, 3, 4, 0, 0]));
            Assert.False(library["CADSS"].HasText);
            File.WriteAllText(Path.Combine(folder.FullName, "twice.json"), Pack());
            Assert.Equal(("twice.json", "pack_twice"), Refusal(() => ContentPack.Load(folder.FullName)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_faulty_pack_is_refused_with_file_code_and_remedy()
    {
        void Refuses(string code, string json) => Assert.Equal(("x.json", code), Refusal(() => ContentPack.Read("x.json", json)));
        Refuses("pack_json", "{");
        Refuses("pack_json", "null");
        Refuses("pack_json", """{ "instrument": "CADSS-6", "version": 1, "licence": "x", "items": null }""");
        Refuses("pack_json", """{ "instrument": "CADSS-6", "version": 1, "licence": "x", "items": [], "scoring": {} }"""); // a pack cannot change the scoring
        Refuses("pack_instrument", Pack(instrument: "CADSS-7"));
        Refuses("pack_instrument", Pack(instrument: "PHQ-9", items: 9)); // comes with its words
        Refuses("pack_version", Pack(version: 2));
        Refuses("pack_licence", Pack(licence: " "));
        Refuses("pack_items", Pack(items: 5));
        Refuses("pack_items", Pack(items: 7));
        Refuses("pack_text", Pack(text: ""));
        Refuses("pack_text", Pack(text: "bell \u0007"));
        Refuses("pack_text", Pack(text: new string('x', 1001)));
        Refuses("pack_options", Pack(options: new[] { new { value = 0, text = "no" }, new { value = 9, text = "yes" } }));
        Assert.Equal("pack_folder", Assert.Throws<ContentPackException>(() => ContentPack.Load("/no/such/folder")).Code);
        Assert.True(ContentPack.Read("x.json", Pack(options: Enumerable.Range(0, 5).Select(v => new { value = v, text = $"answer {v}" }).ToArray())).HasText);
    }

    private static (string File, string Code) Refusal(Func<object> act)
    {
        var refusal = Assert.Throws<ContentPackException>(act);
        Assert.Contains(refusal.File, refusal.Message, StringComparison.Ordinal);
        return (refusal.File, refusal.Code);
    }
}
