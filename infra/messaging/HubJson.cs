using System.Text.Json;
using System.Text.Json.Serialization;

namespace Safeguarding.Messaging;

/// <summary>
/// How the hub writes and reads JSON everywhere: camelCase, enums as camelCase strings, duplicate properties
/// refused.
/// </summary>
public static class HubJson
{
    /// <summary>The shared options; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Makes other options, such as those of request bodies, the same.</summary>
    /// <param name="options">The options.</param>
    public static void Apply(JsonSerializerOptions options)
    {
        options.AllowDuplicateProperties = false;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
