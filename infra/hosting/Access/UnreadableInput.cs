using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// Says what is wrong with a JSON body or a parameter that could not be read: which field, and what it should have
/// been. The type that the route reads is walked along the path of the fault. Values never come back.
/// </summary>
internal static partial class UnreadableInput
{
    /// <param name="bad">What the framework threw.</param>
    /// <param name="endpoint">The route.</param>
    /// <param name="input">What the route declares.</param>
    /// <param name="options">How bodies are read.</param>
    public static RefusalReason Explain(
        BadHttpRequestException bad,
        Endpoint? endpoint,
        RouteInputs.Input? input,
        JsonSerializerOptions options
    )
    {
        if (bad.InnerException is JsonException json)
            return Body(json, endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType, options);
        if (Parameter().Match(bad.Message) is { Success: true } match)
        {
            var name = match.Groups["name"].Value;
            var wanted =
                input?.Query.TryGetValue(name, out var type) == true ? Expected(type, options) : "in another form";
            return match.Groups["missing"].Success
                ? new RefusalReason(
                    "parameter-missing",
                    $"{name} is missing: it must be {wanted}.",
                    new FieldError(name, "is missing")
                )
                : new RefusalReason(
                    "request-unreadable",
                    $"{name} must be {wanted}.",
                    new FieldError(name, $"must be {wanted}")
                );
        }

        return bad.Message.Contains("no body was provided", StringComparison.Ordinal)
            ? new RefusalReason("body-missing", "This route takes a JSON body, and none was sent.")
            : new RefusalReason("request-unreadable", "The request cannot be read as this route takes it.");
    }

    private static RefusalReason Body(JsonException json, Type? type, JsonSerializerOptions options)
    {
        // The reader's own exception says that it is not JSON at all; the serializer's, that it is other JSON than this
        // route takes.
        if (json.InnerException is JsonException || json.GetType() != typeof(JsonException))
        {
            return new RefusalReason(
                "body-unreadable",
                $"The body is not well-formed JSON at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}."
            );
        }

        var path = (json.Path ?? "$").TrimStart('$').TrimStart('.');
        var (owner, found, name) = Walk(type, path, options);
        var field =
            path.Length == 0 ? "the body"
            : FieldName().IsMatch(path) ? path
            : "a field that cannot be shown";
        if (json.Message.Contains("uplicate", StringComparison.Ordinal))
        {
            return new RefusalReason(
                "field-repeated",
                $"{field} is given more than once.",
                new FieldError(field, "is repeated")
            );
        }

        if (found is null && owner is not null && name is not null)
        {
            var names = options
                .GetTypeInfo(owner)
                .Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null)
                .Select(property => property.Name);
            return new RefusalReason(
                "field-unknown",
                $"There is no field {field} in this body.{Nearest.Suggest(name, names)}",
                new FieldError(field, "unknown field")
            );
        }

        var wanted = Expected(found, options);
        return new RefusalReason(
            "body-unreadable",
            $"{field} must be {wanted}.",
            new FieldError(field, $"must be {wanted}")
        );
    }

    // Owner: the object in which the last name of the path stands. Found: the type of what stands there, null where
    // nothing has that name.
    private static (Type? Owner, Type? Found, string? Name) Walk(Type? type, string path, JsonSerializerOptions options)
    {
        (Type? owner, Type? found, string? name) = (null, type, null);
        foreach (Match step in Step().Matches(path))
        {
            if (found is null)
                return (owner, null, name);
            var info = options.GetTypeInfo(Nullable.GetUnderlyingType(found) ?? found);
            if (step.Groups["index"].Success || info.Kind == JsonTypeInfoKind.Dictionary)
            {
                (owner, found, name) = (null, info.ElementType ?? typeof(object), null);
                continue;
            }

            name = step.Groups["name"].Success ? step.Groups["name"].Value : step.Groups["quoted"].Value;
            (owner, found) = (
                info.Type,
                info.Properties.FirstOrDefault(property =>
                    property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
                )?.PropertyType
            );
        }

        return (owner, found, name);
    }

    /// <summary>What a value of a type must be, in words that follow "must be".</summary>
    public static string Expected(Type? type, JsonSerializerOptions options)
    {
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            null => "what this route takes",
            { IsEnum: true } => $"one of {string.Join(", ", Words(type, options))}",
            _ when type == typeof(string) => "a text",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) || type == typeof(long) => "a whole number",
            _ when type == typeof(double) || type == typeof(decimal) => "a number",
            _ when type == typeof(Guid) => "an id such as 0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f",
            _ when type == typeof(DateOnly) => "a date such as 2026-11-28",
            _ when type == typeof(TimeOnly) => "a time of day such as 09:30",
            _ when type == typeof(DateTimeOffset) => "a time with its zone such as 2026-11-28T09:30:00Z",
            _ when type.IsAssignableTo(typeof(IDictionary)) => "an object",
            _ when type.IsAssignableTo(typeof(IEnumerable)) => "a list",
            _ => options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object ? "an object" : "in another form",
        };
    }

    private static IEnumerable<string> Words(Type type, JsonSerializerOptions options) =>
        Enum.GetValuesAsUnderlyingType(type)
            .Cast<object>()
            .Select(value => JsonSerializer.Serialize(Enum.ToObject(type, value), type, options).Trim('"'));

    [GeneratedRegex("""\A(?:Failed to bind parameter|(?<missing>Required parameter)) "[^" ]+ (?<name>[^"]+)" """)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\[(?<index>\d+)\]|\['(?<quoted>[^']*)'\]|(?<name>[^.\[\]]+)")]
    private static partial Regex Step();

    [GeneratedRegex(@"\A[$_A-Za-z][$_A-Za-z0-9.:\[\]-]{0,199}\z")]
    private static partial Regex FieldName();
}
