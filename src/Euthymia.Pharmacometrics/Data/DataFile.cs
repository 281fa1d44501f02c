using System.Text.Json;
using System.Text.Json.Serialization;

namespace Euthymia.Pharmacometrics;

/// <summary>The data files inside this assembly.</summary>
internal static class DataFile
{
    private const string Prefix = "Euthymia.Pharmacometrics.";

    /// <summary>Enumerations by their camel-case names, nothing missing, nothing unknown.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The JSON files of a folder, in the order of their names.</summary>
    public static IEnumerable<string> Names(string folder)
        => typeof(DataFile).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith($"{Prefix}{folder}.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>The text of a file named by <see cref="Names"/>.</summary>
    public static string Text(string name)
    {
        using var reader = new StreamReader(typeof(DataFile).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    /// <summary>Reads <c>Data/name</c>.</summary>
    public static T Read<T>(string name) => JsonSerializer.Deserialize<T>(Text($"{Prefix}Data.{name}"), Json)!;
}
