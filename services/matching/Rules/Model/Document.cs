using System.Text.Json;
using System.Text.Json.Serialization;

namespace Safeguarding.Matching.Rules.Model;

/// <summary>
/// How the documents of figures are read and written: nothing unknown, nothing missing, nothing
/// twice.
/// </summary>
internal static class Document
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static T Read<T>(Stream json) =>
        JsonSerializer.Deserialize<T>(json, Json) ?? throw new JsonException("The document is empty.");

    public static void Write<T>(T document, Stream json) => JsonSerializer.Serialize(json, document, Json);

    /// <summary>Reads one that comes with the rules.</summary>
    public static T Embedded<T>(string name)
    {
        using var stream = typeof(Document).Assembly.GetManifestResourceStream($"Safeguarding.Matching.Rules.{name}")!;
        return Read<T>(stream);
    }
}
