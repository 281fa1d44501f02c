using System.Security.Cryptography;
using System.Text;

namespace Euthymia.Clinic;

/// <summary>An invitation of a patient to an own account. The code itself is never stored: only its hash.</summary>
public sealed class Invitation
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    /// <summary>SHA-256 of the code, hexadecimal. The code has 80 random bits, so that a slow hash would add nothing.</summary>
    public string CodeHash { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public string CreatedByName { get; init; } = "";

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used, or withdrawn because a newer one was made or the wrong date of birth was given too often.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public bool WasUsed { get; set; }

    /// <summary>How often the code came with another date of birth than the patient's.</summary>
    public int WrongTries { get; set; }

    public int Revision { get; set; }
}

/// <summary>One-time codes: 16 signs of an alphabet without look-alikes, in groups of four.</summary>
public static class OneTimeCode
{
    /// <summary>Crockford's base 32: no I, L, O or U.</summary>
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private const int Length = 16;

    /// <summary>A new code, such as "7K3M-Q0XA-9FZ2-HD5T".</summary>
    public static string New()
    {
        var code = RandomNumberGenerator.GetString(Alphabet, Length);
        return string.Join('-', Enumerable.Range(0, Length / 4).Select(i => code.Substring(4 * i, 4)));
    }

    /// <summary>The hash of a code as typed: case, spaces and hyphens do not matter, and I, L and O are read as 1, 1 and 0. Null when it cannot be a code.</summary>
    public static string? HashOf(string? typed)
    {
        if (typed is null || typed.Length > 4 * Length)
            return null;
        var code = new StringBuilder(Length);
        foreach (var c in typed.ToUpperInvariant())
        {
            if (c is '-' or ' ' or '\u2013')
                continue;
            code.Append(c switch { 'I' or 'L' => '1', 'O' => '0', _ => c });
        }

        var clean = code.ToString();
        return clean.Length == Length && clean.All(c => Alphabet.Contains(c, StringComparison.Ordinal))
            ? Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(clean)))
            : null;
    }
}
