using System.Globalization;
using System.Text;

namespace Euthymia.Interop.Hl7;

/// <summary>
/// An HL7 version 2 message in its pipe notation (ER7): segments of fields of repetitions of components. Counts are
/// bounded; what breaks the notation is refused, not guessed.
/// </summary>
public sealed class Er7Message
{
    public const int MaximumSegments = 2_000;
    public const int MaximumFields = 200;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private Er7Message(IReadOnlyList<Er7Segment> segments) => Segments = segments;

    public IReadOnlyList<Er7Segment> Segments { get; }

    /// <summary>The header.</summary>
    public Er7Segment Msh => Segments[0];

    /// <summary>Reads the bytes of one frame as UTF-8 (of which ASCII is a part).</summary>
    /// <exception cref="Hl7Exception">Not UTF-8, no MSH header, delimiters that cannot be told apart, or too many parts.</exception>
    public static Er7Message Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Parse(StrictUtf8.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            throw new Hl7Exception(AckCode.AE, 102, "", "The message is not UTF-8.");
        }
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static Er7Message Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith("MSH", StringComparison.Ordinal) || text.Length < 9)
            throw new Hl7Exception(AckCode.AR, 100, "", "The message does not begin with an MSH segment.");

        var delimiters = Er7Delimiters.Read(text);
        var lines = text.Split(['\r', '\n'], MaximumSegments + 2, StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length > MaximumSegments)
            throw new Hl7Exception(AckCode.AE, 100, "", $"The message has more than {MaximumSegments} segments.");
        return new Er7Message([.. lines.Select((line, index) => Er7Segment.Parse(line, index, delimiters))]);
    }

    public IEnumerable<Er7Segment> All(string name) => Segments.Where(segment => string.Equals(segment.Name, name, StringComparison.Ordinal));
}

/// <summary>The five characters that a message declares in its header.</summary>
public sealed record Er7Delimiters(char Field, char Component, char Repetition, char Escape, char Subcomponent)
{
    /// <summary>The usual ones: <c>|^~\&amp;</c>.</summary>
    public static Er7Delimiters Usual { get; } = new('|', '^', '~', '\\', '&');

    internal static Er7Delimiters Read(string text)
    {
        Er7Delimiters read = new(text[3], text[4], text[5], text[6], text[7]);
        char[] all = [read.Field, read.Component, read.Repetition, read.Escape, read.Subcomponent];
        if (all.Distinct().Count() != all.Length || all.Any(character => char.IsLetterOrDigit(character) || char.IsControl(character) || character == ' '))
            throw new Hl7Exception(AckCode.AR, 100, "MSH^1^2", "The delimiters in MSH-1 and MSH-2 cannot be told apart.");
        return read;
    }

    /// <summary>Text as the value of a component.</summary>
    public string Escaped(string text)
    {
        StringBuilder escaped = new(text.Length + 8);
        foreach (var character in text)
        {
            var letter = character == Field ? 'F' : character == Component ? 'S' : character == Repetition ? 'R'
                : character == Escape ? 'E' : character == Subcomponent ? 'T' : '\0';
            if (letter != '\0')
                escaped.Append(Escape).Append(letter).Append(Escape);
            else
                escaped.Append(char.IsControl(character) ? ' ' : character);
        }

        return escaped.ToString();
    }

    /// <summary>The value behind its escape sequences.</summary>
    /// <exception cref="Hl7Exception">A sequence that HL7 does not define, or one without its end.</exception>
    public string Unescaped(string text, string location)
    {
        if (!text.Contains(Escape, StringComparison.Ordinal))
            return text;

        StringBuilder plain = new(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != Escape)
            {
                plain.Append(text[i]);
                continue;
            }

            var end = text.IndexOf(Escape, i + 1);
            if (end < 0)
                throw new Hl7Exception(AckCode.AE, 102, location, "An escape sequence has no end.");
            plain.Append(Meaning(text[(i + 1)..end], location));
            i = end;
        }

        return plain.ToString();
    }

    private string Meaning(string sequence, string location) => sequence switch
    {
        "F" => Field.ToString(),
        "S" => Component.ToString(),
        "T" => Subcomponent.ToString(),
        "R" => Repetition.ToString(),
        "E" => Escape.ToString(),
        ".br" => "\n",
        "H" or "N" => "",
        ['X', .. var hex] when hex.Length is > 0 and <= 128 && hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit) => Encoding.UTF8.GetString(Convert.FromHexString(hex)),
        _ => throw new Hl7Exception(AckCode.AE, 102, location, "An escape sequence is not understood."),
    };
}

/// <summary>One segment. Fields, repetitions and components are numbered from 1, as in HL7's own tables.</summary>
public sealed class Er7Segment
{
    private readonly string[] _fields;
    private readonly Er7Delimiters _delimiters;
    private readonly int _position;

    private Er7Segment(string name, string[] fields, int position, Er7Delimiters delimiters)
    {
        Name = name;
        _fields = fields;
        _position = position;
        _delimiters = delimiters;
    }

    public string Name { get; }

    /// <summary>One component, unescaped; empty when the message does not have it.</summary>
    public string Text(int field, int component = 1, int repetition = 1)
    {
        var value = Raw(field);
        if (Name is "MSH" && field <= 2)
            return value;
        var parts = Part(Part(value, _delimiters.Repetition, repetition), _delimiters.Component, component);
        return _delimiters.Unescaped(Part(parts, _delimiters.Subcomponent, 1), Location(field));
    }

    /// <summary>For ERR-2: segment, its place in the message, field.</summary>
    public string Location(int field) => string.Create(CultureInfo.InvariantCulture, $"{Name}^{_position + 1}^{field}");

    internal static Er7Segment Parse(string line, int position, Er7Delimiters delimiters)
    {
        var fields = line.Split(delimiters.Field, Er7Message.MaximumFields + 2);
        var name = fields[0];
        if (name.Length != 3 || !name.All(char.IsAsciiLetterOrDigit) || (position > 0 && name is "MSH"))
            throw new Hl7Exception(AckCode.AE, 100, "", $"Segment {position + 1} has no valid name.");
        if (fields.Length > Er7Message.MaximumFields)
            throw new Hl7Exception(AckCode.AE, 100, "", $"Segment {position + 1} has more than {Er7Message.MaximumFields} fields.");
        return new Er7Segment(name, fields, position, delimiters);
    }

    private string Raw(int field)
    {
        // MSH-1 is the separator itself, so that MSH's fields are counted one further than the others'.
        if (Name is "MSH" && field == 1)
            return _delimiters.Field.ToString();
        var index = Name is "MSH" ? field - 1 : field;
        return index < _fields.Length ? _fields[index] : "";
    }

    private static string Part(string text, char separator, int number)
    {
        var start = 0;
        for (var i = 1; i < number; i++)
        {
            var next = text.IndexOf(separator, start);
            if (next < 0)
                return "";
            start = next + 1;
        }

        var end = text.IndexOf(separator, start);
        return end < 0 ? text[start..] : text[start..end];
    }
}
