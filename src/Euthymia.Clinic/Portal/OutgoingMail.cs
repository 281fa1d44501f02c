namespace Euthymia.Clinic;

/// <summary>What a mail is for.</summary>
public enum MailKind
{
    /// <summary>A patient's reminder of a check-in.</summary>
    Reminder,

    /// <summary>To the person on call: an answer cannot wait.</summary>
    OnCall,
}

/// <summary>
/// A mail that waits to be sent, or was sent. It holds no name of a patient and no answer: a mail box is not a medical record, and others
/// look over a shoulder.
/// </summary>
public sealed class OutgoingMail
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Names what it is about ("finding:…:2"). It is unique, so that no server and no restart sends one occasion twice.</summary>
    public string Occurrence { get; init; } = "";

    public MailKind Kind { get; init; }

    public string To { get; init; } = "";

    public string Subject { get; init; } = "";

    /// <summary>Plain text; "{address}" stands for the address of this site.</summary>
    public string Text { get; init; } = "";

    /// <summary>The finding that it is about; null for reminders.</summary>
    public Guid? FindingId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>After this it is not worth sending.</summary>
    public DateTimeOffset GoodUntil { get; init; }

    public DateTimeOffset? SentAt { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>What the mail server said when it was last refused; never an address or a text.</summary>
    public string? Failure { get; set; }

    public int Revision { get; set; }
}

/// <summary>Mail addresses as people type them.</summary>
public static class MailAddressText
{
    public const int Longest = 254;

    /// <summary>One address with something on both sides of one @ and no spaces: what is beyond that, only sending shows.</summary>
    public static bool IsPlausible(string text) =>
        text.Length <= Longest && text.Split('@') is [{ Length: > 0 }, { Length: > 2 } domain] && domain.Contains('.', StringComparison.Ordinal)
        && domain[0] != '.' && domain[^1] != '.' && text.All(c => c > ' ' && c is not ('<' or '>' or ',' or ';' or '"' or '\\') && !char.IsControl(c));
}
