using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Storage;
using Safeguarding.Matching.Storage;
using Safeguarding.Notification.Storage;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Lints the documents that the running services publish, and holds those that are kept in docs/openapi, of which
/// clients are generated, against them.
/// </summary>
public sealed class OpenApi_documents(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Of_plan_registry() => OfAsync<PlanRegistryDb>("plan-registry");

    [Fact]
    public Task Of_encounter_ingest() => OfAsync<EncounterIngestDb>("encounter-ingest");

    [Fact]
    public Task Of_matching() => OfAsync<MatchingDb>("matching");

    [Fact]
    public Task Of_notification() => OfAsync<NotificationDb>("notification");

    [Fact]
    public async Task Of_identity()
    {
        await using var identity = await IdentityUnderTest.StartAsync(servers);
        await OfAsync("identity", identity.Service);
    }

    private async Task OfAsync<TDb>(string name)
        where TDb : HubDbContext
    {
        await using var service = await ServiceUnderTest<TDb>.StartAsync(servers);
        await OfAsync(name, service);
    }

    private static async Task OfAsync<TDb>(string name, ServiceUnderTest<TDb> service)
        where TDb : DbContext
    {
        using var client = service.Anonymous();
        var answer = await client.GetAsync("/openapi/v1.json", Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.IsSuccessStatusCode, text);
        var faults = new List<string>();
        var read = await OpenApiDocument.LoadAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(text)),
            "json",
            cancellationToken: Cancelled
        );
        faults.AddRange(read.Diagnostic!.Errors.Select(error => error.ToString()));
        faults.AddRange(read.Diagnostic.Warnings.Select(warning => warning.ToString()));

        var document = JsonNode.Parse(text)!;
        var mapped = service
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Count(route =>
                route.Metadata.GetMetadata<System.Reflection.MethodInfo>() is not null
                && route.Metadata.GetMetadata<IHttpMethodMetadata>() is not null
                && route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true }
            );
        var ids = new HashSet<string>();
        var operations = 0;
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject())
            {
                operations++;
                faults.AddRange(Lint(operation!, path).Select(fault => $"{method} {path}: {fault}"));
                if (!ids.Add((string?)operation!["operationId"] ?? ""))
                    faults.Add($"{method} {path}: operationId is used twice");
            }
        }

        faults.AddRange(Dangling(document, document));
        faults.AddRange(
            document["components"]!["schemas"]!
                .AsObject()
                .Where(schema => schema.Value!["type"] is null)
                .Select(schema => $"schema {schema.Key}: no type")
        );
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal(mapped, operations);
        Keep(
            name,
            document.ToJsonString(
                new JsonSerializerOptions
                {
                    WriteIndented = true,
                    Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            ) + "\n"
        );
    }

    private static IEnumerable<string> Lint(JsonNode operation, string path)
    {
        foreach (var word in new[] { "operationId", "summary" })
        {
            if (string.IsNullOrWhiteSpace((string?)operation[word]))
                yield return $"{word} is missing";
        }

        var responses = operation["responses"]!.AsObject();
        var statuses = responses.Select(one => one.Key).ToHashSet();
        List<string> wanted = ["400", "500", "503"];
        if (operation["security"] is not null)
            wanted.AddRange(["401", "403"]);
        if (operation["requestBody"] is not null)
            wanted.AddRange(["408", "413", "415"]);
        if (path.Contains('{', StringComparison.Ordinal))
            wanted.Add("404");
        foreach (var status in wanted.Where(status => !statuses.Contains(status)))
            yield return $"{status} is missing";
        if (!statuses.Any(status => status[0] == '2'))
            yield return "no answer of success";
        // What the service is and what its codes mean is for everybody.
        if (
            operation["security"] is null
            && !path.EndsWith("/metadata", StringComparison.Ordinal)
            && !path.StartsWith("/events", StringComparison.Ordinal)
            && !path.Contains("/CodeSystem", StringComparison.Ordinal)
        )
        {
            yield return "no security";
        }

        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            foreach (var field in Texts(parameter!["example"], (string)parameter["name"]!))
                yield return $"the example of {field} is no example";
            if (parameter["description"] is null)
                yield return $"{parameter["name"]} is not described";
        }

        foreach (var fault in Bodies(operation["requestBody"], "request"))
            yield return fault;
        foreach (var (status, response) in responses)
        {
            foreach (var fault in Bodies(response, status))
                yield return fault;
            if (response!["headers"]?["X-Request-Id"] is null)
                yield return $"{status}: X-Request-Id is not documented";
            if (status is "503" or "429" && response["headers"]?["Retry-After"] is null)
                yield return $"{status}: Retry-After is not documented";
            if (status is "200" && response["content"] is null)
                yield return "200 has no body";
            if (status[0] is '4' or '5' && response["content"] is null)
                yield return $"{status} has no body";
        }
    }

    private static IEnumerable<string> Bodies(JsonNode? holder, string where)
    {
        foreach (var (type, body) in holder?["content"]?.AsObject() ?? [])
        {
            if (body!["schema"] is not JsonObject { Count: > 0 })
                yield return $"{where} {type}: no schema";
            if (body["example"] is null)
                yield return $"{where} {type}: no example";
            foreach (var field in Texts(body["example"], ""))
                yield return $"{where} {type}: the example of {field} is no example";
        }
    }

    // What the hub writes where nobody gave the field an example.
    private static IEnumerable<string> Texts(JsonNode? node, string path) =>
        node switch
        {
            JsonObject o => o.SelectMany(member => Texts(member.Value, $"{path}/{member.Key}")),
            JsonArray a => a.SelectMany(item => Texts(item, path)),
            JsonValue v when v.TryGetValue<string>(out var text) && text == "text" => [path],
            _ => [],
        };

    private static IEnumerable<string> Dangling(JsonNode? node, JsonNode document) =>
        node switch
        {
            JsonObject o when o["$ref"] is JsonValue value && value.TryGetValue<string>(out var reference) => document[
                "components"
            ]!["schemas"]?[reference[(reference.LastIndexOf('/') + 1)..]]
                is null
                ? [$"{reference} leads nowhere"]
                : [],
            JsonObject o => o.SelectMany(member => Dangling(member.Value, document)),
            JsonArray a => a.SelectMany(item => Dangling(item, document)),
            _ => [],
        };

    // Kept in the repository, so that clients can be generated where no service runs.
    private static void Keep(string name, string actual)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Safeguarding.sln")))
            root = Path.GetDirectoryName(root)!;
        var kept = Path.Combine(root, "docs", "openapi", $"{name}.json");
        if (Environment.GetEnvironmentVariable("HUB_OPENAPI_WRITE") is not null)
            File.WriteAllText(kept, actual);
        Assert.True(
            File.Exists(kept) && File.ReadAllText(kept) == actual,
            $"docs/openapi/{name}.json is not what the service publishes. If the change is meant: "
                + "HUB_OPENAPI_WRITE=1 ./hub test hub, and note it in the CHANGELOG."
        );
    }
}
