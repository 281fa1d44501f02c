namespace Euthymia.Web.Accounts;

/// <summary>A passkey's answer as a form posts it.</summary>
public sealed class PasskeyInput
{
    /// <summary>Characters that an answer may have; devices send one or two thousand.</summary>
    public const int Longest = 20_000;

    /// <summary>The credential as the browser writes it in JSON.</summary>
    public string? Credential { get; set; }

    /// <summary>What the person calls it.</summary>
    public string? Name { get; set; }
}
