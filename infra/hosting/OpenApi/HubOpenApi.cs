using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Hosting.OpenApi;

/// <summary>
/// The OpenAPI document of a service, <c>/openapi/v1.json</c>. What is the same on every route is said once here: ids
/// of schemas and operations, the token, headers, the refusals that every route can answer with, and an example of each
/// body.
/// </summary>
internal static class HubOpenApi
{
    private const string Scheme = "oauth2";
    private const string ProblemJson = "application/problem+json";
    private const string FhirJson = "application/fhir+json";

    public static void AddHubOpenApi(this IServiceCollection services, string service) =>
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
            var types = new ConcurrentDictionary<string, Type>();
            options.CreateSchemaReferenceId = type => IdOf(type, types);
            options.AddSchemaTransformer(PlainNumbers);
            options.AddOperationTransformer(Complete);
            options.AddDocumentTransformer((document, context, _) => DescribeAsync(document, context, service));
        });

    // A body is named after its act: Request of ClaimAlerts is ClaimAlertsRequest. Two types of one name would publish
    // one's body as the other's.
    private static string? IdOf(JsonTypeInfo info, ConcurrentDictionary<string, Type> types)
    {
        if (OpenApiOptions.CreateDefaultSchemaReferenceId(info) is not { } id)
            return null;
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (type is { IsNested: true, IsGenericType: false })
            id = $"{type.DeclaringType!.Name}{type.Name}";
        return types.GetOrAdd(id, type) == type
            ? id
            : throw new InvalidOperationException(
                $"{type} and {types[id]} would share the schema {id}: name one of them after its act."
            );
    }

    // The reader takes a number in quotes as well; a client that is generated should not offer that.
    private static Task PlainNumbers(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (
            schema.Type is { } type
            && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0
            && type.HasFlag(JsonSchemaType.String)
        )
        {
            (schema.Type, schema.Pattern) = (type & ~JsonSchemaType.String, null);
        }

        return Task.CompletedTask;
    }

    private static async Task Complete(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var isFhir = context.Description.RelativePath!.StartsWith("fhir", StringComparison.Ordinal);
        var scopes = metadata.OfType<RequiredScope>().Select(one => one.Scope).Distinct().ToList();
        operation.OperationId ??= NameOf(metadata.OfType<MethodInfo>().First());
        operation.Summary ??= SentenceOf(operation.OperationId);
        DescribeBodies(operation, metadata, isFhir, context.Description.HttpMethod == "DELETE");
        foreach (var query in metadata.OfType<QueryParameter>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = query.Name,
                    In = ParameterLocation.Query,
                    Description = query.Description,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
        }

        operation.Parameters ??= [];
        operation.Parameters.Add(
            Header(
                "X-Request-Id",
                "Of this request: up to 128 letters, digits and . _ : -. Given back; made where it is missing."
            )
        );
        operation.Parameters.Add(
            Header("X-Correlation-Id", "Of several requests that belong together. Given back; else the request id.")
        );
        if (scopes.Count > 0)
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = scopes,
                },
            ];
        }

        await AddRefusalsAsync(operation, context, metadata, scopes.Count > 0, isFhir, cancellationToken);
        foreach (var (status, response) in operation.Responses!)
            Document((OpenApiResponse)response, status, metadata);
    }

    // What no handler's parameter or answer says: bodies that are read by hand, and FHIR resources.
    private static void DescribeBodies(OpenApiOperation operation, IList<object> metadata, bool isFhir, bool isDelete)
    {
        if (metadata.OfType<ReadsBody>().FirstOrDefault() is { } read)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = read.MediaTypes.ToDictionary(
                    type => type,
                    _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } }
                ),
            };
        }

        if (
            isFhir
            && !isDelete
            && operation.Responses?.TryGetValue("200", out var ok) == true
            && ok.Content is not { Count: > 0 }
        )
        {
            ((OpenApiResponse)ok).Content = new Dictionary<string, OpenApiMediaType> { [FhirJson] = new() };
        }

        var example = metadata.OfType<BodyExample>().FirstOrDefault()?.Text;
        foreach (
            var body in (operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>()).Select(one =>
                one.Value
            )
        )
        {
            if (isFhir)
                body.Schema = FhirSchema();
            if (example is not null)
                body.Example = example.StartsWith('{') ? JsonNode.Parse(example) : JsonValue.Create(example);
        }

        foreach (var body in isFhir ? operation.Responses!.Values.SelectMany(one => one.Content?.Values ?? []) : [])
        {
            body.Schema = FhirSchema();
            body.Example = JsonNode.Parse(example ?? """{"resourceType":"Bundle","type":"searchset","entry":[]}""");
        }
    }

    private static string SentenceOf(string name) =>
        string.Concat(
            name.Select(
                (c, i) =>
                    i == 0 ? $"{char.ToUpperInvariant(c)}"
                    : char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}"
                    : $"{c}"
            )
        );

    private static async Task AddRefusalsAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        IList<object> metadata,
        bool secured,
        bool isFhir,
        CancellationToken cancellationToken
    )
    {
        var takesBody = metadata.OfType<IAcceptsMetadata>().Any() || metadata.OfType<ReadsBody>().Any();
        var named = context.Description.ParameterDescriptions.Any(parameter => parameter.Source.Id == "Path");
        operation.Responses ??= [];
        var refusals = new List<int> { 400, 503 };
        if (secured)
            refusals.AddRange([401, 403]);
        if (takesBody)
            refusals.AddRange([413, 415]);
        if (named)
            refusals.Add(404);
        refusals.AddRange(
            operation
                .Responses.Keys.Select(key => int.TryParse(key, out var status) ? status : 0)
                .Where(status => status >= 400)
        );
        if (!isFhir)
        {
            context.Document!.AddComponent(
                "Problem",
                await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken)
            );
        }

        foreach (var status in refusals.Distinct().Order())
        {
            operation.Responses[$"{status}"] = new OpenApiResponse
            {
                Description = Meaning(status),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [isFhir ? FhirJson : ProblemJson] = isFhir
                        ? new OpenApiMediaType { Schema = FhirSchema(), Example = Examples.Outcome(status) }
                        : new OpenApiMediaType
                        {
                            Schema = new OpenApiSchemaReference("Problem", context.Document),
                            Example = Examples.Problem(status),
                        },
                },
            };
        }
    }

    private static void Document(OpenApiResponse response, string status, IList<object> metadata)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers["X-Request-Id"] = ResponseHeader("Of this request; quote it when you ask about it.");
        response.Headers["X-Correlation-Id"] = ResponseHeader("As the caller sent it, else the request id.");
        if (status is "429" or "503")
            response.Headers["Retry-After"] = ResponseHeader("Seconds to wait before the request is sent again.");
        if (status == "401" || status == "403")
        {
            response.Headers["WWW-Authenticate"] = ResponseHeader(
                "Why, as RFC 6750 has it: invalid_token, or insufficient_scope with the scope."
            );
        }

        if (status is "201" or "202")
            response.Headers["Location"] = ResponseHeader("Where the new resource is read.");
        foreach (var header in metadata.OfType<AnswersHeader>().Where(_ => status[0] == '2'))
            response.Headers[header.Name] = ResponseHeader(header.Description);
    }

    private static async Task DescribeAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        string service
    )
    {
        var configuration = context.ApplicationServices.GetRequiredService<IConfiguration>();
        var issuer = configuration["Identity:PublicTokenUrl"] ?? "/connect/token";
        document.Info = new OpenApiInfo
        {
            Title = $"Safeguarding hub: {service}",
            Version = "1",
            Description =
                "Refusals are problem details (RFC 9457) with a stable code, on FHIR routes OperationOutcomes. "
                + "Unknown query parameters and fields are refused.",
        };
        // Where it is served differs from place to place; a document that is kept must not name a test's port.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description = "Bearer token of one organisation's system, from the identity service by client credentials.",
            Flows = new OpenApiOAuthFlows
            {
                ClientCredentials = new OpenApiOAuthFlow
                {
                    TokenUrl = new Uri(issuer, UriKind.RelativeOrAbsolute),
                    Scopes = document
                        .Paths.Values.SelectMany(path => path.Operations!.Values)
                        .SelectMany(operation => operation.Security ?? [])
                        .SelectMany(requirement => requirement.Values)
                        .SelectMany(scopes => scopes)
                        .Distinct()
                        .Order(StringComparer.Ordinal)
                        .ToDictionary(scope => scope, scope => $"The scope {scope}."),
                },
            },
        };
        foreach (var schema in document.Components.Schemas?.Values.OfType<OpenApiSchema>() ?? [])
            PlainNulls(schema);
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
                parameter.Example ??= Examples.Of(parameter.Schema, parameter.Name!);
            foreach (
                var body in (operation.RequestBody?.Content?.Values ?? []).Concat(
                    operation.Responses!.Values.SelectMany(one => one.Content?.Values ?? [])
                )
            )
            {
                body.Schema = NotNull(body.Schema) ?? body.Schema;
                body.Example ??= Examples.Of(body.Schema, "");
            }
        }

        await Task.CompletedTask;
    }

    // "Null or that schema" is written so that generators of clients make one optional member of it.
    private static void PlainNulls(OpenApiSchema schema)
    {
        foreach (var (name, property) in schema.Properties?.ToList() ?? [])
        {
            if (NotNull(property) is { } one)
            {
                schema.Properties![name] = new OpenApiSchema
                {
                    AllOf = [one],
                    Type = JsonSchemaType.Null | JsonSchemaType.Object,
                    Description = property.Description,
                };
            }
        }

        if (NotNull(schema.Items) is { } item)
            schema.Items = item;
    }

    private static IOpenApiSchema? NotNull(IOpenApiSchema? schema) =>
        schema?.OneOf is [var first, var second]
        && first is not OpenApiSchemaReference
        && second is OpenApiSchemaReference
            ? second
            : null;

    private static string NameOf(MethodInfo handler)
    {
        var name =
            handler.Name is "Handle" or "HandleAsync" || handler.Name.Contains('<', StringComparison.Ordinal)
                ? handler.DeclaringType!.Name
                : $"{handler.DeclaringType!.Name}{handler.Name}";
        return JsonNamingPolicy.CamelCase.ConvertName(
            name.EndsWith("Async", StringComparison.Ordinal) ? name[..^5] : name
        );
    }

    private static OpenApiParameter Header(string name, string description) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 128 },
        };

    private static OpenApiHeader ResponseHeader(string description) =>
        new()
        {
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };

    public static OpenApiSchema FhirSchema() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "A FHIR R4 resource.",
            AdditionalPropertiesAllowed = true,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["resourceType"] = new OpenApiSchema { Type = JsonSchemaType.String },
            },
            Required = new HashSet<string> { "resourceType" },
        };

    private static string Meaning(int status) =>
        status switch
        {
            400 => "The request is refused: a parameter, a field or the body's form. errors names what is wrong.",
            401 => "No bearer token, or one that is not accepted.",
            403 => "The token does not allow this: it lacks the scope, or it is of another kind of organisation.",
            404 => "There is no such thing for this organisation.",
            406 => "The format asked for is not one this route answers in.",
            409 => "It does not fit what is stored: read it and try again.",
            410 => "It has been deleted under the retention policy.",
            412 => "If-Match names another version.",
            413 => "The body is too large.",
            415 => "The body's media type is not one this route takes.",
            422 => "The body can be read, and what it says is not acceptable.",
            429 => "Too many requests: wait as Retry-After says.",
            503 => "Storage is unavailable. Nothing is known to be changed; send it again.",
            _ => "Refused.",
        };

    /// <summary>Problem details (RFC 9457).</summary>
    /// <param name="Type">Of RFC 9110.</param>
    /// <param name="Title">Of the status.</param>
    /// <param name="Status">HTTP status.</param>
    /// <param name="Detail">Plain words for people.</param>
    /// <param name="Code">Stable, for programs.</param>
    /// <param name="TraceId">Under which the hub logs this request.</param>
    /// <param name="Errors">The fields at fault.</param>
    internal sealed record Problem(
        string? Type,
        string? Title,
        int? Status,
        string? Detail,
        string? Code,
        string? TraceId,
        IReadOnlyList<FieldError>? Errors
    );
}

/// <summary>A header that a route answers with, beside those that every route has.</summary>
/// <param name="Name">Such as <c>ETag</c>.</param>
/// <param name="Description">What it says.</param>
public sealed record AnswersHeader(string Name, string Description);
