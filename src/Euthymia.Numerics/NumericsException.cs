namespace Euthymia.Numerics;

/// <summary>
/// A numerical task that cannot be done as asked. <see cref="Code"/> is stable and fit for a program to test;
/// the message names the quantity and the remedy.
/// </summary>
/// <param name="code">Stable code, e.g. <c>times-unsorted</c>.</param>
/// <param name="field">The quantity at fault.</param>
/// <param name="message">What is wrong and what to do about it.</param>
public sealed class NumericsException(string code, string field, string message) : Exception(message)
{
    /// <summary>Stable code, e.g. <c>times-unsorted</c>.</summary>
    public string Code { get; } = code;

    /// <summary>The quantity at fault.</summary>
    public string Field { get; } = field;
}
