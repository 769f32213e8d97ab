using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>No council learns anything of another's alerts or endpoints, not even that they exist.</summary>
public sealed class Tenant_wall(Hub hub) : IClassFixture<Hub>
{
    private static readonly Guid Nowhere = Guid.CreateVersion7();

    /// <summary>
    /// Every route with the one scope that opens it, and a body that it takes. A new route without a line here
    /// fails the test below.
    /// </summary>
    private static readonly (string Method, string Route, string Scope, object? Body)[] Wall =
    [
        ("POST", "/alerts/claim", "alert.read", new { }),
        ("GET", "/alerts", "alert.read", null),
        ("GET", "/alerts/open", "alert.read", null),
        ("GET", "/alerts/open/count", "alert.read", null),
        ("GET", "/alerts/figures", "alert.read", null),
        ("GET", "/alerts/{id:guid}", "alert.read", null),
        ("GET", "/alerts/{id:guid}/history", "alert.read", null),
        ("GET", "/alerts/{id:guid}/place", "alert.place", null),
        ("POST", "/alerts/{id:guid}/acknowledge", "alert.ack", new { }),
        ("POST", "/alerts/{id:guid}/refuse", "alert.ack", new { reason = "notOurs" }),
        ("POST", "/alerts/{id:guid}/notes", "alert.ack", new { text = "Known to the night team" }),
        ("POST", "/alerts/{id:guid}/hand-over", "alert.ack", new { to = "emergencyDutyTeam" }),
        ("GET", "/registrations", "alert.read", null),
        ("GET", "/registrations/{id:guid}", "alert.read", null),
        ("GET", "/registrations/challenged", "audit.read", null),
        ("POST", "/registrations/{id:guid}/challenge", "alert.ack", new { reason = "Unknown to us" }),
        ("POST", "/registrations/{id:guid}/place-agreement", "alert.place", new { reason = "Asked for" }),
        ("POST", "/registrations/{id:guid}/place-agreement/withdraw", "alert.place", new { reason = "Asked for" }),
        ("PUT", "/subscriptions/{id}", "subscription.write", new { url = "http://127.0.0.1:9/hooks" }),
        ("GET", "/subscriptions", "subscription.write", null),
        ("GET", "/subscriptions/{id}", "subscription.write", null),
        ("DELETE", "/subscriptions/{id}", "subscription.write", null),
        ("POST", "/subscriptions/{id}/rotate-secret", "subscription.write", new { }),
        ("POST", "/subscriptions/{id}/test", "subscription.write", null),
        ("POST", "/subscriptions/{id}/replay", "subscription.write", new { since = "2026-01-01T00:00:00Z" }),
        ("GET", "/subscriptions/{id}/deliveries", "subscription.write", null),
        ("GET", "/subscriptions/{id}/deliveries/{delivery:guid}", "subscription.write", null),
        ("POST", "/subscriptions/{id}/deliveries/{delivery:guid}/resend", "subscription.write", null),
        ("POST", "/alerts/leases/{id:guid}/renew", "alert.read", new { leaseSeconds = 60 }),
        ("POST", "/fhir/Subscription", "subscription.write", new { }),
        ("GET", "/fhir/Subscription", "subscription.write", null),
        ("GET", "/fhir/Subscription/{id}", "subscription.write", null),
        ("PUT", "/fhir/Subscription/{id}", "subscription.write", new { }),
        ("DELETE", "/fhir/Subscription/{id}", "subscription.write", null),
        ("GET", "/fhir/Subscription/{id}/$status", "subscription.write", null),
        ("GET", "/fhir/Subscription/{id}/$events", "alert.read", null),
        ("GET", "/fhir/Communication/{id}", "alert.read", null),
        ("POST", "/fhir/AuditEvent/_search", "audit.read", new { }),
        ("PUT", "/escalations/{code}", "rules.write", new { }),
        ("GET", "/escalations/{code}", "rules.write", null),
        ("PUT", "/rules", "rules.write", new { }),
        ("GET", "/rules", "rules.write", null),
        ("POST", "/rules/dry-run", "rules.write", new { }),
        ("GET", "/deliveries", "ops", null),
        ("GET", "/deliveries/{id:guid}/attempts", "ops", null),
        ("GET", "/endpoints", "ops", null),
        ("GET", "/endpoints/reports", "ops", null),
        ("PUT", "/endpoints/{id:guid}/private-networks", "ops", new { networks = new[] { "10.0.0.0/8" } }),
        ("POST", "/deliveries/replay", "ops", new { }),
        ("GET", "/deliveries/replays", "ops", null),
        ("POST", "/deliveries/replays/{id:guid}/stop", "ops", null),
    ];

    [Fact]
    public void Every_route_of_this_service_is_on_the_wall()
    {
        var routes = hub
            .Service.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint =>
                endpoint.RoutePattern.RawText is { } text
                && (
                    text.StartsWith("/alerts", StringComparison.Ordinal)
                    || text.StartsWith("/subscriptions", StringComparison.Ordinal)
                    || text.StartsWith("/registrations", StringComparison.Ordinal)
                    || text.StartsWith("/deliveries", StringComparison.Ordinal)
                    || text.StartsWith("/endpoints", StringComparison.Ordinal)
                    || (text.StartsWith("/fhir", StringComparison.Ordinal) && text != "/fhir/metadata")
                    || text.StartsWith("/escalations", StringComparison.Ordinal)
                    || text.StartsWith("/rules", StringComparison.Ordinal)
                )
            )
            .Select(endpoint =>
                $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} {endpoint.RoutePattern.RawText}"
            );

        Assert.Equal(routes.Order(), Wall.Select(line => $"{line.Method} {line.Route}").Order());
    }

    [Fact]
    public async Task The_OpenAPI_document_names_every_route()
    {
        var document = await hub
            .Service.Anonymous()
            .GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken);

        var paths = System
            .Text.Json.JsonDocument.Parse(document)
            .RootElement.GetProperty("paths")
            .EnumerateObject()
            .Select(path => path.Name)
            .ToHashSet();
        Assert.All(Wall, line => Assert.Contains(line.Route.Replace(":guid", "", StringComparison.Ordinal), paths));
    }

    [Fact]
    public async Task Without_a_token_every_route_says_401_and_with_every_other_scope_403()
    {
        string[] scopes =
        [
            "alert.read",
            "alert.ack",
            "subscription.write",
            "rules.write",
            "ops",
            "plan.write",
            "encounter.submit",
            "match.read",
        ];
        foreach (var line in Wall)
        {
            var path = line
                .Route.Replace("{id:guid}", Nowhere.ToString(), StringComparison.Ordinal)
                .Replace("{id}", "case-system", StringComparison.Ordinal)
                .Replace("{delivery:guid}", Nowhere.ToString(), StringComparison.Ordinal)
                .Replace("{code}", "E06999999", StringComparison.Ordinal);
            Assert.Equal(401, (int)(await Send(hub.Service.Anonymous(), line.Method, path, line.Body)).StatusCode);
            var client = hub.Service.Client(Hub.ACouncilCode(), [.. scopes.Where(scope => scope != line.Scope)]);
            Assert.Equal(403, (int)(await Send(client, line.Method, path, line.Body)).StatusCode);
        }
    }

    [Fact]
    public async Task Anothers_alert_and_subscription_answer_exactly_as_what_does_not_exist()
    {
        await using var receiver = await Receiver.StartAsync();
        var (owner, stranger) = (hub.ACouncil(), hub.ACouncil());
        await owner.Subscribe(receiver.Url);
        await hub.Publish(hub.AMatch(owner));
        var alert = await owner.Alert(_ => true);
        var delivery = (await owner.Get("/subscriptions/case-system/deliveries")).GetProperty("deliveries")[0].Id();

        foreach (
            var line in Wall.Where(line =>
                line.Route.Contains("{id", StringComparison.Ordinal) && line.Method != "PUT" && line.Scope != "ops"
            )
        )
        {
            string Path(string alertId, string subscription) =>
                line
                    .Route.Replace("{id:guid}", alertId, StringComparison.Ordinal)
                    .Replace("{delivery:guid}", delivery.ToString(), StringComparison.Ordinal)
                    .Replace("{id}", subscription, StringComparison.Ordinal);
            using var strange = hub.Service.Client(stranger.Code, line.Scope);
            var others = await Send(strange, line.Method, Path(alert.Id().ToString(), "case-system"), line.Body);
            var missing = await Send(strange, line.Method, Path(Nowhere.ToString(), "no-such"), line.Body);

            Assert.Equal(404, (int)others.StatusCode);
            Assert.Equal(await Shape(missing), await Shape(others));
        }
        Assert.Empty(await stranger.Alerts());
        Assert.Empty(await stranger.Claim());
        Assert.Equal("[]", (await stranger.Get("/subscriptions")).GetRawText());
    }

    [Fact]
    public async Task Two_councils_may_name_their_subscriptions_alike_and_each_gets_its_own_alerts_only()
    {
        await using var hers = await Receiver.StartAsync();
        await using var his = await Receiver.StartAsync();
        var (one, other) = (hub.ACouncil(), hub.ACouncil());
        await one.Subscribe(hers.Url);
        await other.Subscribe(his.Url);

        await hub.Publish(hub.AMatch(one), hub.AMatch(other), hub.AMatch(one));

        Assert.All(await hers.AtLeast(2), hook =>
            Assert.Equal(one.Code, hook.Event.GetProperty("data").Text("councilCode"))
        );
        Assert.All(await his.AtLeast(1), hook =>
            Assert.Equal(other.Code, hook.Event.GetProperty("data").Text("councilCode"))
        );
        Assert.Single(his.Received);
    }

    [Fact]
    public async Task Operators_see_every_delivery_and_nothing_of_any_child()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url, "full");
        await hub.Publish(hub.AMatch(council));
        await receiver.AtLeast(1);
        var operators = hub.Service.Client("HUB", "ops");

        var answer = await Eventually.UntilAsync(
            () => operators.GetStringAsync(new Uri($"/deliveries?council={council.Code}", UriKind.Relative)),
            text => text.Contains("\"lastOutcome\":\"delivered\"", StringComparison.Ordinal)
        );

        Assert.All(new[] { "CP-1041", "Elsewhere", "RYJ", "7946", "whsec" }, canary =>
            Assert.DoesNotContain(canary, answer, StringComparison.Ordinal)
        );
    }

    private static async Task<string> Shape(HttpResponseMessage answer) =>
        $"{(int)answer.StatusCode} {System.Text.RegularExpressions.Regex.Replace(await answer.Content.ReadAsStringAsync(), "\"traceId\":\"[^\"]*\"", "")}";

    private static async Task<HttpResponseMessage> Send(HttpClient client, string method, string path, object? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
