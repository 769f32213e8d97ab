using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
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
internal static partial class HubOpenApi
{
    private const string Scheme = "oauth2";
    private const string ProblemJson = "application/problem+json";
    private const string FhirJson = "application/fhir+json";
    private const string Form = "application/x-www-form-urlencoded";

    public static void AddHubOpenApi(this IServiceCollection services, string service) =>
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
            var types = new ConcurrentDictionary<string, Type>();
            options.CreateSchemaReferenceId = type => IdOf(type, types);
            options.AddSchemaTransformer(PlainTypes);
            options.AddSchemaTransformer(Describe);
            options.AddOperationTransformer(Complete);
            options.AddDocumentTransformer((document, context, _) => DescribeAsync(document, context, service));
        });

    // A type within another is named with it: Tally of PreviewRules is PreviewRulesTally. Two types of one name would
    // publish one's body as the other's.
    private static string? IdOf(JsonTypeInfo info, ConcurrentDictionary<string, Type> types)
    {
        if (OpenApiOptions.CreateDefaultSchemaReferenceId(info) is not { } id)
            return null;
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (type is { IsNested: true, IsGenericType: false })
            id = Joined(type.DeclaringType!.Name, type.Name);
        return types.GetOrAdd(id, type) == type
            ? id
            : throw new InvalidOperationException(
                $"{type} and {types[id]} would share the schema {id}: name one of them after its act."
            );
    }

    // The reader takes a number in quotes as well; a client that is generated should not offer that.
    private static Task PlainTypes(
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

        // Of any shape, but an object: the exporter does not say so.
        if (context.JsonTypeInfo.Type == typeof(JsonObject))
            schema.Type = JsonSchemaType.Object;
        return Task.CompletedTask;
    }

    // What a property that is an object or one of several words means, its own schema says.
    private static Task Describe(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo is null && (type.IsEnum || context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object))
            schema.Description ??= XmlComments.Summary(type);
        foreach (var property in context.JsonTypeInfo.Properties)
        {
            if (
                schema.Properties?.TryGetValue(property.Name, out var said) == true
                && said is OpenApiSchema { Description: null } one
                && property.AttributeProvider is PropertyInfo declared
                && IsPlain(property)
            )
            {
                one.Description = XmlComments.Summary(declared);
            }
        }

        return Task.CompletedTask;
    }

    private static bool IsPlain(JsonPropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return !type.IsEnum && property.Options.GetTypeInfo(type).Kind != JsonTypeInfoKind.Object;
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
        DescribeBodies(operation, metadata, isFhir, context.Document!);
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
        foreach (var header in metadata.OfType<RequestHeader>())
            operation.Parameters.Add(Header(header.Name, header.Description, header.Example));
        operation.Parameters.Add(
            Header(
                "X-Request-Id",
                "Of this request: up to 128 letters, digits and . _ : -. Given back; made where it is missing."
            )
        );
        operation.Parameters.Add(
            Header("X-Correlation-Id", "Of several requests that belong together. Given back; else the request id.")
        );
        var secured = scopes.Count > 0 || metadata.OfType<AnyScope>().Any();
        if (secured)
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = scopes,
                },
            ];
        }

        await AddRefusalsAsync(operation, context, metadata, secured, isFhir, cancellationToken);
        foreach (var (status, response) in operation.Responses!)
            Document((OpenApiResponse)response, status, metadata);
    }

    // What no handler's parameter or answer says: bodies that are read by hand, and FHIR resources.
    private static void DescribeBodies(
        OpenApiOperation operation,
        IList<object> metadata,
        bool isFhir,
        OpenApiDocument document
    )
    {
        var reads = metadata.OfType<ReadsBody>().ToList();
        if (reads.Count > 0)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = reads
                    .SelectMany(read => read.MediaTypes.Select(type => (type, read.Example)))
                    .ToDictionary(
                        one => one.type,
                        one => new OpenApiMediaType
                        {
                            Schema = SchemaOf(one.type, one.Example),
                            Example = one.Example.StartsWith('{') ? JsonNode.Parse(one.Example) : one.Example,
                        }
                    ),
            };
        }

        foreach (var text in metadata.OfType<AnswerExample>().Where(one => one.MediaType is not null))
        {
            var content = operation.Responses!["200"].Content!;
            content[text.MediaType!] = new OpenApiMediaType
            {
                // A file is said to be one by its route.
                Schema = content.TryGetValue(text.MediaType!, out var said)
                    ? said.Schema
                    : new OpenApiSchema { Type = JsonSchemaType.String },
                Example = text.Text,
            };
        }

        if (!isFhir)
            return;
        var sent = metadata.OfType<BodyExample>().FirstOrDefault()?.Text;
        foreach (var (type, body) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
        {
            if (type != Form)
                Fhir(body, type, sent ?? reads[0].Example, document);
        }

        var declared = metadata
            .OfType<AnswersStatus>()
            .Select(one => one.Status)
            .Where(status => status < 400)
            .ToList();
        var answered = metadata.OfType<AnswerExample>().FirstOrDefault()?.Text
            ?? sent
            ?? reads.FirstOrDefault()?.Example;
        operation.Responses = [];
        foreach (var status in declared is [] ? [StatusCodes.Status200OK] : declared)
        {
            var response = new OpenApiResponse { Description = ReasonPhrases.GetReasonPhrase(status) };
            if (status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
                response.Content = FhirContent(metadata, answered ?? "{}", document);
            operation.Responses[$"{status}"] = response;
        }
    }

    private static OpenApiSchema SchemaOf(string mediaType, string example) =>
        mediaType == Form
            ? new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = JsonNode
                    .Parse(example)!
                    .AsObject()
                    .ToDictionary(
                        field => field.Key,
                        IOpenApiSchema (_) => new OpenApiSchema { Type = JsonSchemaType.String }
                    ),
            }
            // Read as it comes: a generator must not quote it as a JSON text. XML it takes for text in any case.
            : new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Format = mediaType.EndsWith("/xml", StringComparison.Ordinal) ? null : "binary",
            };

    private static Dictionary<string, OpenApiMediaType> FhirContent(
        IList<object> metadata,
        string example,
        OpenApiDocument document
    )
    {
        var types = metadata.OfType<IProducesResponseTypeMetadata>().SelectMany(one => one.ContentTypes).Distinct();
        var content = types.DefaultIfEmpty(FhirJson).ToDictionary(type => type, _ => new OpenApiMediaType());
        foreach (var (type, body) in content)
            Fhir(body, type, example, document);
        return content;
    }

    private static void Fhir(OpenApiMediaType body, string mediaType, string example, OpenApiDocument document)
    {
        document.AddComponent("FhirResource", FhirSchema());
        body.Schema = new OpenApiSchemaReference("FhirResource", document);
        var resource = JsonNode.Parse(example)!;
        body.Example = mediaType.Contains("xml", StringComparison.Ordinal)
            ? Examples.FhirXml(resource.AsObject()).ToString(System.Xml.Linq.SaveOptions.DisableFormatting)
            : resource;
    }

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
        var refusals = new List<int> { 400, 429, 500, 503 };
        if (secured)
            refusals.AddRange([401, 403]);
        if (takesBody)
            refusals.AddRange([408, 413, 415]);
        if (named)
            refusals.Add(404);
        refusals.AddRange(metadata.OfType<AnswersStatus>().Select(one => one.Status).Where(status => status >= 400));
        if (!isFhir)
        {
            context.Document!.AddComponent(
                "Problem",
                await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken)
            );
        }

        operation.Responses ??= [];
        foreach (var status in refusals.Distinct().Order())
        {
            operation.Responses[$"{status}"] = new OpenApiResponse
            {
                Description = Meaning(status),
                Content = isFhir
                    ? FhirContent(metadata, Examples.Outcome(status).ToJsonString(), context.Document!)
                    : new Dictionary<string, OpenApiMediaType>
                    {
                        [ProblemJson] = new()
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

        foreach (var header in metadata.OfType<AnswersHeader>())
        {
            if (header.Statuses.Any(one => status == $"{one}"))
                response.Headers[header.Name] = ResponseHeader(header.Description);
        }
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
        // A document that is kept must not name a test's port.
        var address = context.ApplicationServices.GetRequiredService<PublicAddress>();
        document.Servers = [new OpenApiServer { Url = address.AsSet ?? "/" }];
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
        {
            PlainNulls(schema);
            // Without its type a word is read as an object by some generators.
            if (schema.Enum is { Count: > 0 })
                schema.Type ??= JsonSchemaType.String;
        }

        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            {
                parameter.Example ??= ParameterDescriptions.Example(operation.OperationId!, parameter.Name!)
                    ?? Examples.Make(parameter.Schema, parameter.Name!);
                parameter.Description ??= ParameterDescriptions.Find(operation.OperationId!, parameter.Name!);
            }

            foreach (
                var body in (operation.RequestBody?.Content?.Values ?? []).Concat(
                    operation.Responses!.Values.SelectMany(one => one.Content?.Values ?? [])
                )
            )
            {
                body.Schema = NotNull(body.Schema) ?? body.Schema;
                body.Example ??= Examples.Make(body.Schema, "");
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
                    Type = JsonSchemaType.Null,
                    Description = property.Description,
                };
            }
        }

        if (NotNull(schema.Items) is { } item)
            schema.Items = item;
        // The reader takes what may be null as absent, too, and no client should have to write it.
        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (property.Type?.HasFlag(JsonSchemaType.Null) == true)
                schema.Required?.Remove(name);
        }
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
                : Joined(handler.DeclaringType!.Name, WithoutEnd(handler.Name, "Async"));
        return JsonNamingPolicy.CamelCase.ConvertName(name);
    }

    // What both say is said once: Claim of ClaimReviews is ReviewsClaim, and Listing of SourceRoutes is SourceListing.
    private static string Joined(string outer, string inner)
    {
        var said = Words(inner).Select(Singular).ToHashSet();
        var kept = Words(WithoutEnd(outer, "Routes")).Where(word => !said.Contains(Singular(word)));
        return $"{string.Concat(kept.SkipWhile(word => word == "On"))}{inner}";
    }

    private static IEnumerable<string> Words(string name) => Word().Matches(name).Select(word => word.Value);

    private static string Singular(string word) =>
        word.EndsWith("ies", StringComparison.Ordinal) ? $"{word[..^3]}y" : WithoutEnd(word, "s");

    private static string WithoutEnd(string text, string end) =>
        text.EndsWith(end, StringComparison.Ordinal) ? text[..^end.Length] : text;

    [GeneratedRegex("[A-Z][^A-Z]*")]
    private static partial Regex Word();

    private static OpenApiParameter Header(string name, string description, string? example = null) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 128 },
            Example = example is null ? null : JsonValue.Create(example),
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

    public static string Meaning(int status) =>
        status switch
        {
            400 => "The request is refused: a parameter, a field or the body's form. errors names what is wrong.",
            401 => "No bearer token, or one that is not accepted.",
            403 => "The token does not allow this: it lacks the scope, or it is of another kind of organisation.",
            404 => "Not found, or not visible to your organisation.",
            406 => "The format asked for is not one this route answers in.",
            408 => "The body came too slowly. Send it again.",
            409 => "It does not fit what is stored: read it and try again.",
            410 => "It has been deleted under the retention policy.",
            412 => "It is not in the version that If-Match or If-None-Match asks for.",
            413 => "The body is too large.",
            415 => "The body's media type is not one this route takes.",
            422 => "The body can be read, and what it says is not acceptable.",
            429 => "Too many requests: wait as Retry-After says.",
            500 => "The hub failed. The failure is logged under the request id.",
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
