using System.Globalization;
using System.Text;

namespace Euthymia.Clinic;

/// <summary>Free text as the clinic stores it: trimmed, bounded, without control characters. Markup is text like any other and is kept.</summary>
internal static class ClinicText
{
    public const int NameLength = 100;
    public const int IdentifierLength = 40;
    public const int LineLength = 200;
    public const int NoteLength = 4000;

    /// <summary>Returns the trimmed text, or null when there is none; reports what is wrong with it.</summary>
    public static string? Check(FieldErrors errors, string field, string? text, int maximum, bool required = false, bool lines = false)
    {
        var trimmed = text?.Trim();
        if (string.IsNullOrEmpty(trimmed))
        {
            if (required)
                errors.Add(field, "required", "This is needed.");
            return null;
        }

        if (trimmed.Length > maximum)
        {
            errors.Add(field, "too_long", $"Use at most {maximum} characters; there are {trimmed.Length}.");
            return null;
        }

        if (trimmed.EnumerateRunes().Any(r => IsForbidden(r, lines)))
        {
            errors.Add(field, "control_character", "The text contains an invisible control character. Type it again instead of pasting it.");
            return null;
        }

        return trimmed;
    }

    /// <summary>The text, cut with an ellipsis where it is longer than its column.</summary>
    public static string Shorten(string text, int maximum) => text.Length <= maximum ? text : string.Concat(text.AsSpan(0, maximum - 1), "…");

    /// <summary>
    /// Folds a text for searching: lower case, Latin letters without their diacritics, other signs unchanged.
    /// The table is our own because the framework's normalisation is off under invariant globalisation.
    /// </summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.ToLowerInvariant())
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
                continue;
            if (Folded.TryGetValue(c, out var plain))
                folded.Append(plain);
            else
                folded.Append(c);
        }

        return folded.ToString();
    }

    // Directional overrides and unpaired surrogates can make one name look like another.
    private static bool IsForbidden(Rune rune, bool lines) =>
        rune.Value == 0xFFFD
        || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)
        || (Rune.IsControl(rune) && !(lines && rune.Value is '\n' or '\r' or '\t'));

    private static readonly Dictionary<char, string> Folded = Table(
        ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"), ("i", "ìíîïĩīĭįı"),
        ("j", "ĵ"), ("k", "ķĸ"), ("l", "ĺļľŀł"), ("n", "ñńņňŋ"), ("o", "òóôõöøōŏő"), ("r", "ŕŗř"), ("s", "śŝşšșſ"), ("t", "ţťŧț"),
        ("u", "ùúûüũūŭůűų"), ("w", "ŵẁẃẅ"), ("y", "ýÿŷỳ"), ("z", "źżž"), ("ae", "æ"), ("oe", "œ"), ("ss", "ß"), ("th", "þ"), ("'", "’ʼ"));

    private static Dictionary<char, string> Table(params (string Plain, string Letters)[] rows) =>
        rows.SelectMany(row => row.Letters.Select(letter => (letter, row.Plain))).ToDictionary(x => x.letter, x => x.Plain);
}
