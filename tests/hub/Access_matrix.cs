using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Storage;
using Safeguarding.Matching.Storage;
using Safeguarding.Notification.Storage;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Each route of each running service with each role, and with none: what opens is what docs/access.md says, line by
/// line. A new route or role changes that page, and who reviews the change sees whom it lets in.
/// </summary>
public sealed partial class Access_matrix(HubServers servers)
{
    private const string Page = "docs/access.md";

    private static readonly (OrganisationKind Kind, string Code)[] Organisations =
    [
        (OrganisationKind.Trust, "RXX"),
        (OrganisationKind.Council, "E09000012"),
        (OrganisationKind.Police, "43"),
        (OrganisationKind.Hub, "HUB"),
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_opens_for_the_roles_that_the_page_names_and_no_others()
    {
        string[] lines =
        [
            .. await OfAsync<PlanRegistryDb>("plan-registry"),
            .. await OfAsync<EncounterIngestDb>("encounter-ingest"),
            .. await OfAsync<MatchingDb>("matching"),
            .. await OfAsync<NotificationDb>("notification"),
            .. await OfIdentityAsync(),
        ];
        var path = Path.Combine(Repository.Root, Page);
        var table = string.Join('\n', lines);
        if (Environment.GetEnvironmentVariable("HUB_ACCESS_WRITE") is not null)
            await File.WriteAllTextAsync(path, $"{Head}{table}\n", Cancelled);

        var page = await File.ReadAllTextAsync(path, Cancelled);

        Assert.Equal(
            table,
            string.Join('\n', page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        );
    }

    private static string Head =>
        """
            # Who opens what

            Made from the running routes by `tests/hub/Access_matrix.cs`, which calls each of them with a token of each role and holds this page against what
            is answered (`HUB_ACCESS_WRITE=1` writes it). Roles and scopes are in `infra/hosting/Access/roles.json`. A role opens a route; whose data it
            sees there, its organisation decides, and another's is answered as what is not there.

            | Service | Route | Scope | Roles |
            |---|---|---|---|

            """;

    private async Task<List<string>> OfAsync<TDb>(string name)
        where TDb : HubDbContext
    {
        await using var service = await ServiceUnderTest<TDb>.StartAsync(servers);
        return await OfAsync(name, service);
    }

    private async Task<List<string>> OfIdentityAsync()
    {
        await using var identity = await IdentityUnderTest.StartAsync(servers);
        return await OfAsync("identity", identity.Service);
    }

    private async Task<List<string>> OfAsync<TDb>(string name, ServiceUnderTest<TDb> service)
        where TDb : DbContext
    {
        List<string> lines = [];
        var routes =
            from route in service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where route.Metadata.GetMetadata<System.Reflection.MethodInfo>() is not null
            from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
            orderby route.RoutePattern.RawText, method
            select (Route: route, Method: method);
        foreach (var (route, method) in routes)
        {
            var path = Parameter()
                .Replace(route.RoutePattern.RawText!, match =>
                    match.Value.Contains("guid", StringComparison.Ordinal) ? $"{Guid.Empty}" : "v1"
                );
            if (route.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                Assert.NotEqual(HttpStatusCode.Unauthorized, await CallAsync(service, method, path, token: null));
                lines.Add($"| `{name}` | `{method} {route.RoutePattern.RawText}` | none | everybody |");
                continue;
            }

            Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(service, method, path, token: null));
            List<string> opened = [];
            foreach (var role in HubRoles.All)
            {
                foreach (var (kind, code) in Organisations.Where(one => role.Organisations.Contains(one.Kind)))
                {
                    var token = role.IsForPeople
                        ? servers.Issuer.PersonToken(code, role.Role, acr: $"{role.Assurance}".ToLowerInvariant())
                        : servers.Issuer.Token(code, [.. role.Scopes]);
                    var status = await CallAsync(service, method, path, token);
                    Assert.NotEqual(HttpStatusCode.Unauthorized, status);
                    if (status is not HttpStatusCode.Forbidden)
                        opened.Add($"{kind.ToString().ToLowerInvariant()} {role.Role}");
                }
            }

            if (route.Metadata.GetMetadata<AnyScope>() is not null)
            {
                Assert.Equal(HubRoles.All.Sum(role => role.Organisations.Count), opened.Count);
                lines.Add($"| `{name}` | `{method} {route.RoutePattern.RawText}` | any | everybody with a token |");
                continue;
            }

            var scopes = route.Metadata.GetOrderedMetadata<RequiredScope>().Select(one => one.Scope).Distinct();
            lines.Add(
                $"| `{name}` | `{method} {route.RoutePattern.RawText}` | {string.Join(" and ", scopes)} | "
                    + $"{(opened is [] ? "none" : string.Join(", ", opened))} |"
            );
        }

        return lines;
    }

    // Refused after it was let in: with what no route declares, nothing is done.
    private static async Task<HttpStatusCode> CallAsync<TDb>(
        ServiceUnderTest<TDb> service,
        string method,
        string path,
        string? token
    )
        where TDb : DbContext
    {
        using var client = service.Anonymous();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{path}?no_such_parameter=true");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (method is not "GET")
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request, Cancelled);
        return answer.StatusCode;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
