using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Euthymia.Clinic.Rules;

/// <summary>
/// The chain of hashes over the changes of thresholds. It shows a row that was changed or taken out behind the program's back; it has
/// no key, so it does not show a chain that somebody has worked out anew from there on.
/// </summary>
internal static class RuleSeal
{
    /// <summary>The first change that is not as it was made, or does not follow from the one before it; null when all are whole.</summary>
    public static ChangedThreshold? FirstBroken(IEnumerable<ChangedThreshold> changes)
    {
        var previous = "";
        foreach (var change in changes.OrderBy(c => c.Number))
        {
            if (!string.Equals(change.Follows, previous, StringComparison.Ordinal) || !string.Equals(change.Seal, Of(change), StringComparison.Ordinal))
                return change;
            previous = change.Seal;
        }

        return null;
    }

    // Lengths before the names keep one change from reading like another. The number is the database's and not known before.
    public static string Of(ChangedThreshold c)
    {
        var content = string.Create(CultureInfo.InvariantCulture,
            $"{c.Follows}|{c.RuleId}|{c.Parameter}|{c.Value:0.############}|{c.ChangedAt.UtcTicks}|{c.ChangedBy:N}|{c.ChangedByName.Length}:{c.ChangedByName}|{c.ApprovedBy:N}|{c.ApprovedByName.Length}:{c.ApprovedByName}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }
}
