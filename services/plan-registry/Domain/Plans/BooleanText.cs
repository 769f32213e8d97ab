using System.Text.Json;
using System.Text.Json.Serialization;

namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>Reads <c>yes</c>, <c>no</c>, <c>true</c> and <c>false</c>. Nothing said is neither.</summary>
internal static class BooleanText
{
    public static bool? Read(string? raw, PlanField field, string code, ValidationErrors errors)
    {
        switch (raw?.Trim().ToLowerInvariant())
        {
            case null or "":
                return null;
            case "yes" or "true" or "y" or "1":
                return true;
            case "no" or "false" or "n" or "0":
                return false;
            default:
                errors.Add(
                    field,
                    code,
                    "Write yes or no (true and false will do), or leave it empty to change nothing."
                );
                return null;
        }
    }

    /// <summary>
    /// Takes JSON's own true and false as the text they are, so that anything else is named as the field's
    /// error.
    /// </summary>
    internal sealed class Reader : JsonConverter<string?>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
                return reader.GetBoolean() ? "true" : "false";
            if (reader.TokenType == JsonTokenType.String)
                return reader.GetString();
            reader.Skip();
            return "neither";
        }

        public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }
}
