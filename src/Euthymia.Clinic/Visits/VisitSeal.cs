using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Euthymia.Clinic;

/// <summary>The chain of hashes over a visit's log, and the JSON form of its entries.</summary>
public static class VisitSeal
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The first event whose hash does not follow from the one before it; null when the log is whole.</summary>
    public static VisitEvent? FirstBroken(IEnumerable<VisitEvent> events)
    {
        var previous = "";
        var number = 0;
        foreach (var e in events.OrderBy(e => e.Number))
        {
            if (e.Number != ++number || !string.Equals(e.Hash, Hash(e, previous), StringComparison.Ordinal))
                return e;
            previous = e.Hash;
        }

        return null;
    }

    internal static VisitEvent Seal(VisitEvent e, string previous) => new()
    {
        Id = e.Id,
        VisitId = e.VisitId,
        Number = e.Number,
        ObservedAt = e.ObservedAt,
        RecordedAt = e.RecordedAt,
        AuthorId = e.AuthorId,
        AuthorName = e.AuthorName,
        Entry = e.Entry,
        Hash = Hash(e, previous),
    };

    internal static string ToJson(VisitEntry entry) => JsonSerializer.Serialize(entry, Options);

    internal static VisitEntry FromJson(string json) =>
        JsonSerializer.Deserialize<VisitEntry>(json, Options) ?? throw new InvalidOperationException("A visit's entry is empty.");

    // Lengths before the two free texts keep one event from reading like another.
    private static string Hash(VisitEvent e, string previous)
    {
        var entry = ToJson(e.Entry);
        var content = string.Create(CultureInfo.InvariantCulture,
            $"{previous}|{e.Id:N}|{e.VisitId:N}|{e.Number}|{e.ObservedAt.UtcTicks}|{e.RecordedAt.UtcTicks}|{e.AuthorId:N}|{e.AuthorName.Length}:{e.AuthorName}|{entry.Length}:{entry}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }
}
