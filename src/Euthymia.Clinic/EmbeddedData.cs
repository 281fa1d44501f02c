using System.Text.Json;
using System.Text.Json.Serialization;

namespace Euthymia.Clinic;

/// <summary>Data files compiled into this assembly.</summary>
internal static class EmbeddedData
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public static T Read<T>(string name)
    {
        using var stream = typeof(EmbeddedData).Assembly.GetManifestResourceStream($"Euthymia.Clinic.{name}")
            ?? throw new InvalidOperationException($"The data file {name} is not part of the assembly.");
        return JsonSerializer.Deserialize<T>(stream, Options) ?? throw new InvalidOperationException($"The data file {name} is empty.");
    }
}
