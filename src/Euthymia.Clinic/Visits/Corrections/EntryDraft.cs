using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Euthymia.Clinic;

public enum DraftFieldKind
{
    Number,
    WholeNumber,
    Text,
    YesNo,
    Choice,
    Moment,
    Day,
}

/// <summary>One value of an entry as a form shows it.</summary>
/// <param name="Name">Path within the entry ("readings.systolic").</param>
/// <param name="Label">The name in words.</param>
/// <param name="Kind">How it is typed.</param>
/// <param name="Value">As text; null when the entry has no value.</param>
/// <param name="Choices">The possible words of a choice.</param>
public sealed record DraftField(string Name, string Label, DraftFieldKind Kind, string? Value, IReadOnlyList<string> Choices);

/// <summary>
/// Takes an entry apart into fields and puts it together again, whatever its kind, so that each kind of entry can be corrected
/// the same way. Numbers keep the clinical grammar; an emptied field means that nothing was measured.
/// </summary>
public static class EntryDraft
{
    private const string LocalFormat = "yyyy-MM-ddTHH:mm";

    /// <summary>False for what a person signed: that is withdrawn and signed anew, not rewritten.</summary>
    public static bool MayBeRewritten(VisitEntry entry) => entry is not (StopOverridden or DischargeOverridden or Witnessed or SignedOff or Amended);

    /// <summary>The fields of an entry; empty for those that have none.</summary>
    public static IReadOnlyList<DraftField> Fields(VisitEntry entry, TimeZoneInfo zone) =>
        MayBeRewritten(entry) ? [.. Leaves(entry.GetType(), entry, "", entry is InfusionStarted).Select(leaf => Field(leaf, zone))] : [];

    /// <summary>The entry with the fields as typed.</summary>
    /// <exception cref="ClinicRuleException">A field cannot be read.</exception>
    public static VisitEntry Apply(VisitEntry entry, IReadOnlyDictionary<string, string?> typed, TimeZoneInfo zone)
    {
        if (!MayBeRewritten(entry))
            return entry;
        var errors = new FieldErrors();
        var root = JsonNode.Parse(VisitSeal.ToJson(entry))!.AsObject();
        foreach (var leaf in Leaves(entry.GetType(), entry, "", entry is InfusionStarted))
        {
            var names = leaf.Name.Split('.');
            var owner = names.Length == 1 ? root : root[names[0]] as JsonObject ?? [];
            owner[names[^1]] = Read(errors, leaf, typed.GetValueOrDefault(leaf.Name), zone);
            if (names.Length > 1 && owner.Parent is null)
                root[names[0]] = owner;
        }

        errors.ThrowIfAny();
        return VisitSeal.FromJson(root.ToJsonString());
    }

    private sealed record Leaf(string Name, string Label, Type Type, object? Value, bool IsRequired);

    private static IEnumerable<Leaf> Leaves(Type type, object? owner, string prefix, bool onlyRate)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetMethod is not null && p.GetCustomAttribute<JsonIgnoreAttribute>() is null && p.GetIndexParameters().Length == 0))
        {
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var value = owner is null ? null : property.GetValue(owner);
            var plain = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (onlyRate && property.Name is not nameof(InfusionStarted.RateMillilitresPerHour))
                continue;
            if (type == typeof(Observed) && property.Name is nameof(Observed.DeviceId))
                continue; // who or what has read it is no value to correct
            if (plain == typeof(Readings) || plain == typeof(BeforeAnswers) || plain == typeof(AfterAnswers))
            {
                foreach (var leaf in Leaves(plain, value, $"{name}.", onlyRate: false))
                    yield return leaf;
            }
            else if (KindOf(plain) is not null)
            {
                yield return new Leaf(prefix + name, Label(property.Name, name), plain, value, nullability.Create(property).WriteState == NullabilityState.NotNull);
            }
        }
    }

    private static DraftField Field(Leaf leaf, TimeZoneInfo zone) =>
        new(leaf.Name, leaf.Label, KindOf(leaf.Type)!.Value, Text(leaf.Value, zone), leaf.Type.IsEnum ? Enum.GetNames(leaf.Type) : []);

    private static DraftFieldKind? KindOf(Type type) => type switch
    {
        _ when type == typeof(decimal) => DraftFieldKind.Number,
        _ when type == typeof(int) => DraftFieldKind.WholeNumber,
        _ when type == typeof(string) => DraftFieldKind.Text,
        _ when type == typeof(bool) => DraftFieldKind.YesNo,
        _ when type == typeof(DateTimeOffset) => DraftFieldKind.Moment,
        _ when type == typeof(DateOnly) => DraftFieldKind.Day,
        _ when type.IsEnum => DraftFieldKind.Choice,
        _ => null,
    };

    private static string? Text(object? value, TimeZoneInfo zone) => value switch
    {
        null => null,
        bool answer => answer ? "yes" : "no",
        DateTimeOffset moment => TimeZoneInfo.ConvertTime(moment, zone).ToString(LocalFormat, CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        decimal number => number.ToString("0.####", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static JsonNode? Read(FieldErrors errors, Leaf leaf, string? typed, TimeZoneInfo zone)
    {
        var text = typed?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            if (leaf.IsRequired)
                errors.Add(leaf.Name, "required", "This is needed.");
            return null;
        }

        // A minute's field cuts the seconds that were stored: what was not changed stays as it was.
        if (string.Equals(text, Text(leaf.Value, zone), StringComparison.Ordinal))
            return JsonSerializer.SerializeToNode(leaf.Type.IsEnum ? text : leaf.Value);
        return KindOf(leaf.Type) switch
        {
            DraftFieldKind.Number => ClinicalNumber.TryParse(text, out var number, out var problem) ? JsonValue.Create(number) : Refuse(problem),
            DraftFieldKind.WholeNumber => !ClinicalNumber.TryParse(text, out var whole, out var fault) ? Refuse(fault)
                : whole == decimal.Truncate(whole) ? JsonValue.Create((int)whole) : Refuse("Use a whole number."),
            DraftFieldKind.YesNo => text is "yes" or "no" ? JsonValue.Create(text is "yes") : Refuse("Choose yes or no."),
            DraftFieldKind.Choice => Enum.GetNames(leaf.Type).Contains(text, StringComparer.Ordinal) ? JsonValue.Create(text) : Refuse("Choose one of the answers."),
            DraftFieldKind.Moment => DateTime.TryParseExact(text, LocalFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? JsonSerializer.SerializeToNode(Utc(local, zone)) : Refuse("Enter a date and a time."),
            DraftFieldKind.Day => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? JsonSerializer.SerializeToNode(day) : Refuse("Enter a date."),
            _ => JsonValue.Create(text),
        };

        JsonNode? Refuse(string message)
        {
            errors.Add(leaf.Name, "not_readable", message);
            return null;
        }
    }

    private static DateTimeOffset Utc(DateTime local, TimeZoneInfo zone) =>
        new ClinicSettings { TimeZone = zone.Id }.MomentOf(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));

    // "Systolic", "Last solids at", "Kilograms (kg)": the unit comes from the stored name.
    private static string Label(string property, string name)
    {
        var words = string.Concat(property.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
        var unit = string.Equals(name, JsonNamingPolicy.CamelCase.ConvertName(property), StringComparison.Ordinal) ? null : name;
        return unit is null ? words : $"{words} ({unit})";
    }
}
