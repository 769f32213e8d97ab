using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>
/// Every route of the service, by who may call it. A route that is not in the table fails the first
/// test.
/// </summary>
public sealed class Every_route_keeps_councils_apart(HubServers servers) : IAsyncLifetime
{
    private const string Missing = "00000000-0000-7000-8000-000000000000";

    private static readonly Dictionary<string, (string Scope, string? Body)> Routes = new()
    {
        ["PUT /councils/{code}"] = (
            "council.write",
            """{"name":"N","officePhone":"020 7946 0001","emergencyDutyPhone":"020 7946 0002"}"""
        ),
        ["GET /councils/{code}"] = ("plan.read", null),
        ["GET /plans/"] = ("plan.read", null),
        ["PUT /plans/{reference}"] = (
            "plan.write",
            """{"kind":"looked-after","startDate":"2026-01-01","subject":{"identifier":{"state":"unknown"},"names":[{"family":"Kentfield"}],"birthDate":"2016-01-01"}}"""
        ),
        ["GET /plans/{reference}"] = ("plan.read", null),
        ["POST /plans/{reference}/end"] = ("plan.write", """{"endDate":"2026-11-01"}"""),
        ["DELETE /plans/{reference}"] = ("plan.write", null),
        ["POST /plans/search"] = ("plan.read", $$"""{"nhsNumber":"{{Synthetic.NhsNumber(1).Reveal()}}"}"""),
        ["GET /plan-figures/"] = ("alert.read", null),
        ["GET /lookups/"] = ("alert.read", null),
        ["GET /lookups/{id:guid}"] = ("alert.read", null),
        ["GET /lookups/{id:guid}/place"] = ("alert.place", null),
        ["POST /uploads/"] = ("plan.write", null),
        ["GET /uploads/"] = ("plan.write", null),
        ["PUT /uploads/numbering/"] = ("upload.renumber", """{"lastSequence":0}"""),
        ["GET /uploads/{id:guid}"] = ("plan.write", null),
        ["GET /uploads/{id:guid}/lines"] = ("plan.write", null),
        ["GET /uploads/{id:guid}/refused-lines"] = ("plan.write", null),
        ["GET /uploads/{id:guid}/endings"] = ("plan.write", null),
        ["POST /uploads/{id:guid}/confirm"] = ("plan.write", null),
        ["POST /uploads/{id:guid}/discard"] = ("plan.write", null),
    };

    private static readonly string[] Scopes =
    [
        "plan.read",
        "plan.write",
        "council.write",
        "upload.renumber",
        "alert.read",
        "alert.place",
    ];

    private Registry _registry = null!;
    private string _upload = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await Registry.StartAsync(servers);
        using var hackney = _registry.Council();
        await hackney.PutAsync(
            $"/councils/{Registry.Hackney}",
            Registry.Json(Routes["PUT /councils/{code}"].Body!),
            Registry.Cancelled
        );
        await Registry.UploadAsync(hackney, APlan.File(Enumerable.Range(1, 5).Select(APlan.Number)), 1);
        var waiting = await Registry.UploadAsync(hackney, APlan.File(APlan.Number(1)), 2);
        Assert.Equal("awaiting-confirmation", waiting.GetProperty("state").GetString());
        _upload = waiting.GetProperty("id").GetString()!;
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task The_table_names_every_route_of_the_service_and_so_does_the_OpenAPI_document()
    {
        var own = _registry
            .Service.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(route =>
                route.RoutePattern.RawText is { } path
                && (
                    path.StartsWith("/plan", StringComparison.Ordinal)
                    || path.StartsWith("/uploads", StringComparison.Ordinal)
                    || path.StartsWith("/councils", StringComparison.Ordinal)
                    // Who may look children up is a person, and of any organisation (Look_ups).
                    || (path.StartsWith("/lookups", StringComparison.Ordinal) && !IsPost(route))
                )
            )
            .Select(route =>
                $"{route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} {route.RoutePattern.RawText}"
            );

        Assert.Equal(Routes.Keys.Order(), own.Order());
        using var anybody = _registry.Service.Anonymous();
        var paths = (await Registry.GetAsync(anybody, "/openapi/v1.json"))
            .GetProperty("paths")
            .EnumerateObject()
            .Select(path => path.Name.TrimEnd('/'))
            .ToHashSet();
        Assert.All(Routes.Keys, route =>
            Assert.Contains(route.Split(' ')[1].TrimEnd('/').Replace(":guid", "", StringComparison.Ordinal), paths)
        );
    }

    [Fact]
    public async Task Without_a_token_or_its_scope_or_as_no_council_nobody_gets_in()
    {
        using var anonymous = _registry.Service.Anonymous();
        using var trust = _registry.Service.Client("RQX00", Scopes);
        using var almost = _registry.Service.Client("E0900001", Scopes);

        foreach (var (route, (scope, body)) in Routes)
        {
            using var others = _registry.Service.Client(
                Registry.Hackney,
                [.. Scopes.Where(s => s != scope), "match.read"]
            );

            Assert.True(
                HttpStatusCode.Unauthorized == (await SendAsync(anonymous, route, body, "CP-1", _upload)).StatusCode,
                $"{route} without a token"
            );
            Assert.True(
                HttpStatusCode.Forbidden == (await SendAsync(others, route, body, "CP-1", _upload)).StatusCode,
                $"{route} without {scope}"
            );

            foreach (var stranger in new[] { trust, almost })
            {
                var answer = await SendAsync(stranger, route, body, "CP-1", _upload);
                Assert.True(
                    HttpStatusCode.Forbidden == answer.StatusCode,
                    $"{route} as no council: {answer.StatusCode}"
                );
                Assert.Equal(
                    "scope-not-for-organisation",
                    (await Registry.JsonAsync(answer)).GetProperty("code").GetString()
                );
            }
        }
    }

    [Fact]
    public async Task What_is_anothers_and_what_is_not_there_are_answered_alike_and_nothing_of_it_moves()
    {
        var registered = await _registry.Service.Bus.ListenAsync<PlanRegistered>();
        using var kent = _registry.Council(Registry.Kent);
        foreach (
            var (route, (_, body)) in Routes.Where(route =>
                // These name nothing that could be another's.
                route.Key
                    is not "POST /uploads/"
                        and not "GET /uploads/"
                        and not "GET /plans/"
                        and not "GET /plan-figures/"
                        and not "GET /lookups/"
                        and not "PUT /uploads/numbering/"
                        and not "PUT /plans/{reference}"
            )
        )
        {
            var anothers = await DescribeAsync(await SendAsync(kent, route, body, "CP-1", _upload));
            var missing = await DescribeAsync(
                await SendAsync(kent, route, body, "CP-none", Missing, council: "E09000099")
            );
            Assert.True(anothers == missing, $"{route}: {anothers} against {missing}");
            Assert.True(
                route == "POST /plans/search"
                    || anothers.StartsWith("404", StringComparison.Ordinal)
                    || anothers.StartsWith("403", StringComparison.Ordinal),
                $"{route}: {anothers}"
            );
            Assert.True(
                route != "POST /plans/search" || anothers.Contains("\"plans\":[]", StringComparison.Ordinal),
                anothers
            );
        }

        Assert.Empty((await Registry.GetAsync(kent, "/uploads")).GetProperty("uploads").EnumerateArray());
        Assert.Empty((await Registry.GetAsync(kent, "/plans")).GetProperty("plans").EnumerateArray());
        // The same reference in two councils is two plans.
        Assert.Equal(
            HttpStatusCode.Created,
            (
                await SendAsync(kent, "PUT /plans/{reference}", Routes["PUT /plans/{reference}"].Body, "CP-1", Missing)
            ).StatusCode
        );
        Assert.Equal(Registry.Kent, (await registered.One(e => e.Reference == "CP-1")).CouncilCode);
        await Registry.UploadAsync(
            kent,
            APlan.File(APlan.Number(2) with { FamilyName = "Kentfield" }, APlan.Number(70) with { Reference = "CP-1" }),
            1
        );

        var hackneys = await _registry.Service.Db(db =>
            db.Plans.Where(plan => plan.CouncilCode == Registry.Hackney).ToListAsync(Registry.Cancelled)
        );
        Assert.Equal(5, hackneys.Count);
        Assert.All(hackneys, plan => Assert.Equal((1, null), (plan.Version, plan.EndDate)));
        using var hackney = _registry.Council();
        Assert.Equal(
            "awaiting-confirmation",
            (await Registry.GetAsync(hackney, $"/uploads/{_upload}")).GetProperty("state").GetString()
        );
    }

    private static bool IsPost(RouteEndpoint route) =>
        route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0] == "POST";

    private static async Task<string> DescribeAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync(Registry.Cancelled);
        // Only the trace id may differ.
        var trace = body.IndexOf("\"traceId\"", StringComparison.Ordinal);
        return $"{(int)answer.StatusCode} {(trace < 0 ? body : body[..trace])}";
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        string route,
        string? body,
        string reference,
        string upload,
        string council = Registry.Hackney
    )
    {
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
        path = path.Replace("{code}", council, StringComparison.Ordinal)
            .Replace("{reference}", reference, StringComparison.Ordinal)
            .Replace("{id:guid}", upload, StringComparison.Ordinal);
        if (route == "POST /uploads/")
            path = "/uploads?mode=changes&sequence=50";
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = Registry.Json(body);
        else if (path.StartsWith("/uploads?", StringComparison.Ordinal))
            request.Content = new StringContent(APlan.File(APlan.Number(1)), Encoding.UTF8, "text/csv");
        return await client.SendAsync(request, Registry.Cancelled);
    }
}
