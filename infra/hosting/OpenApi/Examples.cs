using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Safeguarding.Hosting.OpenApi;

/// <summary>
/// An example of each body, made from its schema and from what a field of that name usually holds: so none is missing,
/// and none differs from what the route reads. All people are synthetic.
/// </summary>
internal static class Examples
{
    private const int Deepest = 8;

    private static readonly Dictionary<string, string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["nhsNumber"] = "9000000009",
        ["supersededNhsNumber"] = "9000000017",
        ["family"] = "Fhirwood",
        ["name"] = "Urgent care, north site",
        ["postcode"] = "ZZ99 3AA",
        ["council"] = "E09000012",
        ["councilCode"] = "E09000012",
        ["organisation"] = "RZ1",
        ["sentBy"] = "RZ1",
        ["code"] = "E09000012",
        ["reference"] = "CP-2026-0042",
        ["planReference"] = "CP-2026-0042",
        ["site"] = "RZ101",
        ["siteCode"] = "RZ101",
        ["kind"] = "child-protection",
        ["startDate"] = "2026-01-05",
        ["endDate"] = "2026-11-28",
        ["birthDate"] = "2016-04-04",
        ["sex"] = "female",
        ["date"] = "2026-11-28",
        ["expectedDate"] = "2027-02-01",
        ["reason"] = "Asked for by the council, ticket 42",
        ["reviewer"] = "duty.worker.7",
        ["phone"] = "020 7946 0000",
        ["url"] = "https://council.example/hub/alerts",
        ["address"] = "https://council.example/hub/alerts",
        ["host"] = "council.example",
        ["service"] = "matching",
        ["type"] = "nhs-number-change.1",
        ["source"] = "urn:nhs-uk:mns",
        ["specversion"] = "1.0",
        ["specVersion"] = "1.0",
        ["ETag"] = "W/\"1\"",
        ["X-Request-Id"] = "0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f",
        ["X-Correlation-Id"] = "referral-4711",
        ["_format"] = "json",
        ["_pretty"] = "true",
        ["identifier"] = "https://epr.example/encounter|E-4711",
        ["state"] = "known",
        ["opens"] = "09:00",
        ["closes"] = "17:00",
        ["day"] = "monday",
        ["mode"] = "full",
        ["sequence"] = "7",
        ["dryRun"] = "true",
        ["email"] = "duty@council.example",
        ["ods"] = "RZ101",
        ["id"] = "0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f",
    };

    private static readonly Dictionary<string, int> Numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["max"] = 10,
        ["leaseSeconds"] = 60,
        ["waitSeconds"] = 20,
        ["limit"] = 50,
        ["bucketSeconds"] = 60,
        ["line"] = 2,
        ["perMinute"] = 600,
    };

    public static JsonNode? Of(IOpenApiSchema? schema, string name) => Of(schema, name, 0);

    public static JsonNode Problem(int status) =>
        new JsonObject
        {
            ["type"] = "https://tools.ietf.org/html/rfc9110",
            ["title"] = Title(status),
            ["status"] = status,
            ["detail"] = $"An example of {status}.",
            ["code"] = Code(status),
            ["traceId"] = "4bf92f3577b34da6a3ce929d0e0e4736",
            ["errors"] = status is 400 or 422
                ? new JsonArray(new JsonObject { ["field"] = "limit", ["message"] = "must be a whole number" })
                : new JsonArray(),
        };

    public static JsonNode Outcome(int status) =>
        new JsonObject
        {
            ["resourceType"] = "OperationOutcome",
            ["issue"] = new JsonArray(
                new JsonObject
                {
                    ["severity"] = "error",
                    ["code"] = status switch
                    {
                        401 => "login",
                        403 => "forbidden",
                        404 => "not-found",
                        503 => "transient",
                        _ => "invalid",
                    },
                    ["details"] = new JsonObject { ["text"] = Title(status) },
                }
            ),
        };

    private static JsonNode? Of(IOpenApiSchema? schema, string name, int depth)
    {
        if (schema is null || depth > Deepest)
            return null;
        if (schema.Enum is { Count: > 0 } words)
            return words[0]?.DeepClone();
        if ((schema.OneOf ?? schema.AllOf ?? schema.AnyOf) is { Count: > 0 } parts)
            return parts.Select(part => Of(part, name, depth + 1)).FirstOrDefault(one => one is not null);
        var type = schema.Type ?? JsonSchemaType.Object;
        if (type.HasFlag(JsonSchemaType.Array))
        {
            return Of(schema.Items, name.EndsWith('s') ? name[..^1] : name, depth + 1) is { } item
                ? new JsonArray(item)
                : new JsonArray();
        }

        if (type.HasFlag(JsonSchemaType.Boolean))
            return JsonValue.Create(false);
        if (type.HasFlag(JsonSchemaType.Integer))
            return JsonValue.Create(Numbers.GetValueOrDefault(name, 1));
        if (type.HasFlag(JsonSchemaType.Number))
            return JsonValue.Create(0.5);
        return type.HasFlag(JsonSchemaType.String) ? JsonValue.Create(Text(schema, name)) : Object(schema, depth);
    }

    private static JsonObject Object(IOpenApiSchema schema, int depth)
    {
        var example = new JsonObject();
        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (name == "resourceType")
                example[name] = "Encounter";
            else if (Of(property, name, depth + 1) is { } value)
                example[name] = value;
        }

        return example;
    }

    private static string Text(IOpenApiSchema schema, string name) =>
        schema.Format switch
        {
            "uuid" => "0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f",
            "date-time" => "2026-11-28T09:30:00Z",
            "date" => "2026-11-28",
            "time" => "09:30:00",
            "uri" => "https://council.example/hub/alerts",
            "byte" or "binary" => "c2FtcGxl",
            _ => Texts.TryGetValue(name, out var text) ? text : "text",
        };

    private static string Title(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);

    private static string Code(int status) =>
        status switch
        {
            400 => "parameter-unknown",
            401 => "token-invalid",
            403 => "insufficient-scope",
            404 => "not-found",
            409 => "changed-meanwhile",
            413 => "too-large",
            415 => "media-type-unsupported",
            429 => "too-many-waiting",
            503 => "storage-away",
            _ => "refused",
        };
}
