using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Safeguarding.Messaging;

namespace Safeguarding.Notification.Delivery.Channels.Webhook;

/// <summary>
/// JSON Schema 2020-12 of what a webhook is sent, made from the record that is written. What is not listed may be
/// added: a receiver ignores what it does not know.
/// </summary>
internal static class EventSchema
{
    private static readonly JsonSerializerOptions Strict = new(HubJson.Options)
    {
        NumberHandling = JsonNumberHandling.Strict,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private static readonly JsonSchemaExporterOptions Exporting = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, node) => AsWritten(context.TypeInfo, node),
    };

    /// <param name="made">A <see cref="CloudEvent{TData}"/>.</param>
    /// <param name="kind">Its type.</param>
    public static JsonObject Describe(object made, EventKind kind)
    {
        var schema = Strict.GetJsonSchemaAsNode(made.GetType(), Exporting).AsObject();
        var properties = schema["properties"]!.AsObject();
        properties["specversion"] = new JsonObject { ["const"] = "1.0" };
        properties["type"] = new JsonObject { ["const"] = kind.Type };
        properties["synthetic"] = new JsonObject { ["const"] = true };
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", kind.Type);
        schema.Insert(2, "description", kind.Description);
        return schema;
    }

    // What is null is not written, and everything else always is.
    private static JsonNode AsWritten(JsonTypeInfo type, JsonNode node)
    {
        if (node is not JsonObject schema)
            return node;
        if (schema["type"] is JsonArray types && types.Any(IsNull))
            schema["type"] = types.First(one => !IsNull(one))!.DeepClone();
        if (schema["enum"] is JsonArray members)
            schema["enum"] = new JsonArray([.. members.Where(one => one is not null).Select(one => one!.DeepClone())]);
        if (type.Kind is JsonTypeInfoKind.Object && schema["properties"] is not null)
        {
            schema["required"] = new JsonArray([
                .. type.Properties.Where(IsAlwaysWritten).Select(property => (JsonNode)property.Name),
            ]);
        }

        return schema;
    }

    private static bool IsNull(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && text == "null";

    private static bool IsAlwaysWritten(JsonPropertyInfo property) =>
        property.Get is not null
        && !property.IsGetNullable
        && Nullable.GetUnderlyingType(property.PropertyType) is null
        && property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: true) is not true;
}
