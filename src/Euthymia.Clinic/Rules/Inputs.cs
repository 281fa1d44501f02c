using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Euthymia.Clinic.Rules;

/// <summary>
/// What one rule looks at while it is judged: every value and threshold asked for is noted. Conditions are three-valued
/// (<c>bool?</c>): null is "not assessed", and C#'s <c>|</c> and <c>&amp;</c> on <c>bool?</c> are Kleene's, so
/// "true or unknown" is true and "false or unknown" stays unknown. Never use <c>&gt;</c> on a nullable number: it turns
/// a missing value into "no".
/// </summary>
internal sealed class Inputs(Rule rule, RuleSettings settings, DateTimeOffset now)
{
    private readonly List<InputSeen> _seen = [];
    private readonly List<InputSeen> _thresholds = [];

    public DateTimeOffset Now { get; } = now;

    public RuleSettings Settings { get; } = settings;

    public IReadOnlyList<InputSeen> Seen => _seen;

    public IReadOnlyList<InputSeen> Thresholds => _thresholds;

    /// <summary>The clinic's value of a parameter of this rule.</summary>
    public decimal Limit(string parameter)
    {
        var value = Settings.Value(rule, parameter);
        var name = parameter.Replace('_', ' ');
        if (!_thresholds.Exists(threshold => string.Equals(threshold.Name, name, StringComparison.Ordinal)))
            _thresholds.Add(new InputSeen(name, $"{Text(value)} {rule.Parameters[parameter].Unit}".TrimEnd()));
        return value;
    }

    public bool? Above(decimal? value, string limit, [CallerArgumentExpression(nameof(value))] string name = "")
        => See(value, name) is { } seen ? seen > Limit(limit) : Unknown(limit);

    public bool? AtLeast(decimal? value, string limit, [CallerArgumentExpression(nameof(value))] string name = "")
        => See(value, name) is { } seen ? seen >= Limit(limit) : Unknown(limit);

    public bool? Below(decimal? value, string limit, [CallerArgumentExpression(nameof(value))] string name = "")
        => See(value, name) is { } seen ? seen < Limit(limit) : Unknown(limit);

    public bool? AtMost(decimal? value, string limit, [CallerArgumentExpression(nameof(value))] string name = "")
        => See(value, name) is { } seen ? seen <= Limit(limit) : Unknown(limit);

    public bool? Yes(bool? value, [CallerArgumentExpression(nameof(value))] string name = "") => See(value, name);

    public bool? No(bool? value, [CallerArgumentExpression(nameof(value))] string name = "") => !See(value, name);

    public bool? Is<T>(T? value, T wanted, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum
        => See(value, name) is { } seen ? EqualityComparer<T>.Default.Equals(seen, wanted) : null;

    /// <summary>More than the limit's hours have passed since <paramref name="moment"/>.</summary>
    public bool? OlderThanHours(DateTimeOffset? moment, string limit, [CallerArgumentExpression(nameof(moment))] string name = "")
        => See(moment, name) is { } seen ? Now - seen > TimeSpan.FromHours((double)Limit(limit)) : Unknown(limit);

    public bool? OlderThanDays(DateTimeOffset? moment, string limit, [CallerArgumentExpression(nameof(moment))] string name = "")
        => See(moment, name) is { } seen ? Now - seen > TimeSpan.FromDays((double)Limit(limit)) : Unknown(limit);

    /// <summary>Known-empty is "no"; null is "not assessed".</summary>
    public bool? Any<T>(IReadOnlyCollection<T>? values, Func<T, bool> wanted, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        if (values is null)
        {
            Note<string>(null, name);
            return null;
        }

        var found = values.Where(wanted).ToList();
        Note(found.Count == 0 ? "none" : string.Join(" and ", found.Select(value => Text(value))), name);
        return found.Count > 0;
    }

    public T? See<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        Note(value, name);
        return value;
    }

    public static string Text<T>(T value) => value switch
    {
        true => "yes",
        false => "no",
        decimal number => number.ToString("0.####", CultureInfo.InvariantCulture),
        double number => number.ToString("0.####", CultureInfo.InvariantCulture),
        DateTimeOffset moment => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        TimeSpan span => $"{Math.Round(span.TotalMinutes, 1).ToString(CultureInfo.InvariantCulture)} min",
        Enum word => Words(word.ToString()),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };

    private bool? Unknown(string limit)
    {
        _ = Limit(limit);
        return null;
    }

    private void Note<T>(T? value, string name)
    {
        var words = Words(name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]);
        if (!_seen.Exists(input => string.Equals(input.Name, words, StringComparison.Ordinal)))
            _seen.Add(new InputSeen(words, value is null ? null : Text(value)));
    }

    /// <summary>"BaselineSystolic" becomes "baseline systolic".</summary>
    private static string Words(string name)
    {
        var words = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (letter is '?' or '!' or ' ')
                words.Append(letter == ' ' ? " " : "");
            else if (letter == '.')
                words.Append(' ');
            else if (char.IsUpper(letter) && words.Length > 0 && char.IsLower(words[^1]))
                words.Append(' ').Append(char.ToLowerInvariant(letter));
            else
                words.Append(words.Length == 0 ? char.ToLowerInvariant(letter) : letter);
        }

        return words.ToString();
    }
}
