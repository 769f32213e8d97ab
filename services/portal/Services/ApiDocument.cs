using System.Text.Json;
using System.Text.Json.Nodes;

namespace Safeguarding.Portal.Services;

/// <summary>
/// A service's API as its OpenAPI document says it: the document that the portal's own client of the service is made
/// from, so what is shown is what is called.
/// </summary>
internal sealed record ApiDocument(string Service, string About, IReadOnlyList<ApiOperation> Operations)
{
    private static readonly string[] Services =
    [
        "encounter-ingest",
        "plan-registry",
        "matching",
        "notification",
        "identity",
    ];

    // Before what is read with it: static members are made in their order.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Those of all services, in the order in which an encounter meets them.</summary>
    public static IReadOnlyList<ApiDocument> All { get; } = [.. Services.Select(Read)];

    /// <summary>The document itself.</summary>
    public static string PathOf(string service) => Path.Combine(AppContext.BaseDirectory, "openapi", $"{service}.json");

    private static ApiDocument Read(string service)
    {
        using var file = File.OpenRead(PathOf(service));
        var document = JsonNode.Parse(file)!;
        return new ApiDocument(
            service,
            Text(document["info"], "description") ?? "",
            [
                .. document["paths"]!
                    .AsObject()
                    .SelectMany(path =>
                        path.Value!.AsObject().Select(method => Operation(path.Key, method.Key, method.Value!))
                    ),
            ]
        );
    }

    private static ApiOperation Operation(string path, string method, JsonNode operation) =>
        new(
            Text(operation, "operationId")!,
            method.ToUpperInvariant(),
            path,
            Text(operation, "summary") ?? "",
            Text(operation, "description"),
            operation["security"]?[0]?.AsObject().First().Value?.AsArray().Select(scope => $"{scope}").FirstOrDefault(),
            [
                .. (operation["parameters"]?.AsArray() ?? []).Select(parameter => new ApiParameter(
                    Text(parameter, "name")!,
                    Text(parameter, "in")!,
                    parameter!["required"]?.GetValue<bool>() ?? false,
                    Text(parameter, "description"),
                    parameter["example"]?.ToString()
                )),
            ],
            Bodies(operation["requestBody"]),
            [
                .. operation["responses"]!
                    .AsObject()
                    .Select(answer => new ApiAnswer(
                        answer.Key,
                        Text(answer.Value, "description") ?? "",
                        Bodies(answer.Value)
                    )),
            ]
        );

    private static IReadOnlyList<ApiBody> Bodies(JsonNode? of) =>
        [
            .. (of?["content"]?.AsObject() ?? []).Select(body => new ApiBody(
                body.Key,
                body.Value?["example"] switch
                {
                    null => null,
                    JsonValue value when value.GetValueKind() is JsonValueKind.String => value.GetValue<string>(),
                    var example => example.ToJsonString(Indented),
                }
            )),
        ];

    private static string? Text(JsonNode? of, string name) => of?[name]?.GetValue<string>();
}

/// <param name="Id">Its name in clients.</param>
/// <param name="Method">GET, POST …</param>
/// <param name="Path">With its parameters.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Description">What else there is to know.</param>
/// <param name="Scope">That a token needs; null where anybody may call it.</param>
/// <param name="Parameters">In path, query and headers.</param>
/// <param name="Bodies">What may be sent.</param>
/// <param name="Answers">By status.</param>
internal sealed record ApiOperation(
    string Id,
    string Method,
    string Path,
    string Summary,
    string? Description,
    string? Scope,
    IReadOnlyList<ApiParameter> Parameters,
    IReadOnlyList<ApiBody> Bodies,
    IReadOnlyList<ApiAnswer> Answers
);

internal sealed record ApiParameter(string Name, string In, bool Required, string? Description, string? Example);

internal sealed record ApiBody(string MediaType, string? Example);

internal sealed record ApiAnswer(string Status, string Description, IReadOnlyList<ApiBody> Bodies);
