namespace Euthymia.Pharmacometrics;

/// <summary>Input that the engine cannot use: which field, a stable code, and a message that says what to do.</summary>
/// <param name="code">Stable, kebab-case; what programs and tests compare.</param>
/// <param name="field">The name of the field, option or column.</param>
/// <param name="message">What is wrong and the remedy, for a person.</param>
public sealed class InvalidInputException(string code, string field, string message) : Exception(message)
{
    /// <summary>Stable, kebab-case code such as <c>weight-out-of-range</c>.</summary>
    public string Code { get; } = code;

    /// <summary>The field at fault, such as <c>weight</c>.</summary>
    public string Field { get; } = field;
}
