using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Storage;
using Safeguarding.Matching.Storage;
using Safeguarding.Notification.Storage;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>Over the routes of the running services, so that a new route is judged without being listed.</summary>
public sealed partial class Every_route_refuses_what_it_does_not_declare(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Of_plan_registry() => OfAsync<PlanRegistryDb>();

    [Fact]
    public Task Of_encounter_ingest() => OfAsync<EncounterIngestDb>();

    [Fact]
    public Task Of_matching() => OfAsync<MatchingDb>();

    [Fact]
    public Task Of_notification() => OfAsync<NotificationDb>();

    [Fact]
    public async Task Of_identity()
    {
        await using var identity = await IdentityUnderTest.StartAsync(servers);
        // What OAuth 2 and browsers send there is not declared by routes.
        await OfAsync(identity.Service, route => route.Metadata.GetMetadata<RequiredScope>() is not null);
    }

    private async Task OfAsync<TDb>()
        where TDb : HubDbContext
    {
        await using var service = await ServiceUnderTest<TDb>.StartAsync(servers);
        await OfAsync(service, _ => true);
    }

    private static async Task OfAsync<TDb>(ServiceUnderTest<TDb> service, Func<RouteEndpoint, bool> isChecked)
        where TDb : DbContext
    {
        var routes = service
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(isChecked)
            .ToList();
        using var lead = service.Person("E09000012", "safeguarding-lead");
        using var officer = service.Person("E09000012", "privacy-officer");
        using var engineer = service.Person("E09000012", "integration-engineer");
        var passed = new List<string>();
        var tried = 0;
        foreach (var route in routes)
        {
            var isForPeople = HubRoles.Scopes.Any(scope =>
                scope.OnlyPeople && route.Metadata.GetMetadata<RequiredScope>()?.Scope == scope.Scope
            );
            var client = isForPeople
                ? route.Metadata.GetMetadata<RequiredScope>()!.Scope switch
                {
                    "breakglass.review" => officer,
                    "client.write" => engineer,
                    _ => lead,
                }
                : service.SystemFor(route).Client;
            foreach (var method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                var path = Parameter()
                    .Replace(route.RoutePattern.RawText!, match =>
                        match.Value.Contains("guid", StringComparison.Ordinal) ? $"{Guid.Empty}" : "v1"
                    );
                var accepts = route.Metadata.GetMetadata<IAcceptsMetadata>();
                var mediaType = accepts?.ContentTypes is [{ } first, ..] ? first : "application/json";
                var takesBody = accepts is not null || route.Metadata.GetMetadata<ReadsBody>() is not null;
                await Refused($"{path}?no_such_parameter=true", "{}", "no_such_parameter");
                // FHIR resources and CloudEvents have rules of their own for what is unknown; what a body by hand may
                // hold, its route judges.
                if (!takesBody)
                {
                    await Refused(path, """{"no_such_field":true}""", "no body");
                }
                else if (
                    accepts?.RequestType is { } type
                    && !type.IsAssignableTo(typeof(Stream))
                    && !type.IsDefined(typeof(JsonUnmappedMemberHandlingAttribute), inherit: false)
                )
                {
                    await Refused(path, """{"no_such_field":true}""", "no_such_field");
                }
                if (takesBody && route.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is null)
                {
                    var megabyte = $"\"{new string('x', 1024 * 1024)}\"";
                    await Refused(path, megabyte, "larger", HttpStatusCode.RequestEntityTooLarge);
                }

                async Task Refused(
                    string uri,
                    string body,
                    string named,
                    HttpStatusCode status = HttpStatusCode.BadRequest
                )
                {
                    tried++;
                    using var request = new HttpRequestMessage(new HttpMethod(method), uri);
                    // The connection is closed on who goes on sending after the answer.
                    request.Headers.ExpectContinue = status is HttpStatusCode.RequestEntityTooLarge;
                    if (method is not "GET" || body.Length > 2)
                        request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(mediaType));
                    using var answer = await client.SendAsync(request, Cancelled);
                    var text = await answer.Content.ReadAsStringAsync(Cancelled);
                    if (
                        answer.StatusCode != status
                        || !answer.Headers.CacheControl!.NoStore
                        || answer.Headers.GetValues("X-Content-Type-Options").Single() != "nosniff"
                        || !text.Contains(named, StringComparison.Ordinal)
                    )
                    {
                        passed.Add(
                            $"{method} {uri} {body[..Math.Min(body.Length, 40)]}: {(int)answer.StatusCode} {text}"
                        );
                    }
                }
            }
        }

        Assert.True(passed.Count == 0, string.Join("\n", passed));
        Assert.True(tried > 10, $"only {tried} requests");
        // Nothing was done; identity says which files it read.
        Assert.All(await service.AuditAsync(), mark =>
            Assert.True(
                mark.Outcome == AuditOutcome.Refused || mark.Act.StartsWith("configuration.", StringComparison.Ordinal),
                $"{mark}"
            )
        );
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
