using System.Text.Json;

namespace Euthymia.Clinic;

/// <summary>
/// A list of short texts that knows the difference between "nobody has asked" and "asked: there are none".
/// </summary>
public sealed class RecordedList : IEquatable<RecordedList>
{
    public const int MaximumItems = 50;

    private RecordedList(IReadOnlyList<string>? items) => Items = items ?? [];

    /// <summary>Nobody has asked yet; shown as "not recorded", never as "none".</summary>
    public static RecordedList NotRecorded { get; } = new(null);

    /// <summary>Asked, and there are none.</summary>
    public static RecordedList NoneKnown { get; } = new([]);

    public IReadOnlyList<string> Items { get; }

    public bool IsRecorded => !ReferenceEquals(this, NotRecorded);

    public bool IsNoneKnown => IsRecorded && Items.Count == 0;

    public static RecordedList Of(params IEnumerable<string> items)
    {
        var list = items.ToList();
        return list.Count == 0 ? NoneKnown : new RecordedList(list);
    }

    public override string ToString() => !IsRecorded ? "Not recorded" : IsNoneKnown ? "None known" : string.Join("; ", Items);

    public bool Equals(RecordedList? other) => other is not null && IsRecorded == other.IsRecorded && Items.SequenceEqual(other.Items, StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as RecordedList);

    public override int GetHashCode() => Items.Aggregate(IsRecorded.GetHashCode(), (hash, item) => HashCode.Combine(hash, item));

    internal string ToJson() => IsRecorded ? JsonSerializer.Serialize(Items) : "null";

    internal static RecordedList FromJson(string json) =>
        JsonSerializer.Deserialize<List<string>>(json) is { } items ? Of(items) : NotRecorded;
}
