using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Euthymia.Clinic;

/// <summary>
/// Reads a number typed into a clinical field. The grammar is strict, since a misread decimal point is a ten-fold dose:
/// <c>digits [ "." digits ]</c> with ASCII digits, no leading zero before another digit, at most six digits before the point
/// and four after it. "0.5" is read; ".5", "5.", "1,5", "1e2", "+1", "1 000" and digits of other scripts are refused, never guessed.
/// Spaces around the number are ignored. The result does not depend on the culture of the machine or the browser.
/// </summary>
public static class ClinicalNumber
{
    public const int MaximumIntegerDigits = 6;
    public const int MaximumDecimals = 4;

    /// <summary>Reads a number, or says what is wrong with it.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="value">The number; 0 when the text is refused.</param>
    /// <param name="problem">A sentence that says what to change; null when the text is a number.</param>
    public static bool TryParse(string? text, out decimal value, [NotNullWhen(false)] out string? problem)
    {
        value = 0;
        var typed = (text ?? "").Trim(' ');
        problem = Problem(typed);
        if (problem is not null)
            return false;
        value = decimal.Parse(typed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>Reads a number or refuses it with an error at <paramref name="field"/>.</summary>
    public static decimal Parse(string field, string? text) =>
        TryParse(text, out var value, out var problem) ? value : throw ClinicRuleException.Invalid(field, "number_format", problem);

    private static string? Problem(string typed)
    {
        if (typed.Length == 0)
            return "Enter a number.";
        if (typed[0] is '-' or '\u2212')
            return "Enter a number without a minus sign.";
        if (typed.Contains(',', StringComparison.Ordinal))
            return "Use a point for decimals, and no comma: write 1.5.";
        if (typed.Any(c => !char.IsAsciiDigit(c) && c != '.'))
            return "Use only the digits 0 to 9 and one decimal point.";
        var parts = typed.Split('.');
        return parts.Length switch
        {
            > 2 => "Use only one decimal point.",
            2 when parts[0].Length == 0 => $"Write a zero before the point: 0{typed}.",
            2 when parts[1].Length == 0 => "Write a digit after the point, or leave the point out.",
            2 when parts[1].Length > MaximumDecimals => $"Use at most {MaximumDecimals} decimals.",
            _ when parts[0].Length > 1 && parts[0][0] == '0' => "Leave out the leading zero.",
            _ when parts[0].Length > MaximumIntegerDigits => $"Use at most {MaximumIntegerDigits} digits before the point.",
            _ => null,
        };
    }
}
