using System.Net;
using System.Net.Http.Headers;
using System.Text;
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
public sealed partial class Every_call_leaves_its_mark(HubServers servers)
{
    // They disclose nothing that is not public.
    private static readonly string[] Exempt =
    [
        "/health/live",
        "/health/ready",
        "/health/outbox",
        "/openapi/{documentName}.json",
        "/events",
        "/events/{type}",
        "/fhir/metadata",
        "/fhir/CodeSystem",
        "/fhir/CodeSystem/{id}",
    ];

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
    public void Every_act_in_the_code_has_its_lawful_basis()
    {
        var acts = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "services"), "*.cs", SearchOption.AllDirectories)
            .Concat(
                Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra"), "*.cs", SearchOption.AllDirectories)
            )
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => Act().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["act"].Value)
            .Distinct()
            .ToList();

        Assert.InRange(acts.Count, 40, 200);
        Assert.DoesNotContain(acts, act => AuditedActs.Get(act) is null);
    }

    [Fact]
    public async Task Of_identity()
    {
        await using var identity = await IdentityUnderTest.StartAsync(servers);
        // Tokens and sign-ins it records itself, whatever route they came by.
        await OfAsync(identity.Service, route => route.Metadata.GetMetadata<RequiredScope>() is not null);
    }

    private async Task OfAsync<TDb>()
        where TDb : HubDbContext
    {
        await using var service = await ServiceUnderTest<TDb>.StartAsync(servers);
        await OfAsync(service, route => !Exempt.Contains(route.RoutePattern.RawText!.TrimEnd('/')));
    }

    private static async Task OfAsync<TDb>(ServiceUnderTest<TDb> service, Func<RouteEndpoint, bool> isChecked)
        where TDb : DbContext
    {
        var routes = service
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(isChecked)
            .ToList();
        Assert.Equal(
            [],
            routes.Where(route => route.Metadata.GetMetadata<RouteAct>() is null).Select(route => route.DisplayName)
        );

        using var anybody = service.Client("E09000012", "no.such.scope");
        using var nobody = service.Anonymous();
        var wrong = new List<string>();
        var marks = 0;
        foreach (var route in routes)
        {
            var act = route.Metadata.GetMetadata<RouteAct>()!;
            foreach (var method in route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)
            {
                await LeavesAsync(nobody, HttpStatusCode.Unauthorized, "nobody");
                if (route.Metadata.GetMetadata<AnyScope>() is null)
                    await LeavesAsync(anybody, HttpStatusCode.Forbidden, "E09000012");
                var (system, organisation) = service.SystemFor(route);
                await LeavesAsync(system, null, organisation);

                async Task LeavesAsync(HttpClient client, HttpStatusCode? expected, string who)
                {
                    var path = Parameter()
                        .Replace(route.RoutePattern.RawText!, match =>
                            match.Value.Contains("guid", StringComparison.Ordinal) ? $"{Guid.Empty}" : "v1"
                        );
                    var id = Guid.CreateVersion7().ToString();
                    using var request = new HttpRequestMessage(new HttpMethod(method), path);
                    request.Headers.Add("X-Request-Id", id);
                    if (
                        route.Metadata.GetMetadata<IAcceptsMetadata>() is not null
                        || route.Metadata.GetMetadata<ReadsBody>() is not null
                    )
                    {
                        request.Content = new StringContent(
                            "{}",
                            Encoding.UTF8,
                            new MediaTypeHeaderValue(
                                route.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes is [{ } first, ..]
                                    ? first
                                    : "application/json"
                            )
                        );
                    }

                    using var answer = await client.SendAsync(request, Cancelled);
                    var refused = (int)answer.StatusCode is >= 400 and < 500;
                    if (expected is { } status && answer.StatusCode != status)
                        wrong.Add($"{method} {path}: {answer.StatusCode}, not {status}");
                    // A poll that found nothing is counted, not recorded.
                    if (!refused && (act.IsPolled || !answer.IsSuccessStatusCode))
                        return;
                    var records = await service.AuditAsync(id);
                    marks += records.Count;
                    if (
                        records is not [{ LawfulBasis: not null, SubjectType: not null } record]
                        || record.Outcome != (refused ? AuditOutcome.Refused : act.Unrecorded)
                        || (record.Code is null) == refused
                        || !(record.Organisation == who || record.ClientId == who)
                        || (refused && record.Act != act.Act)
                    )
                    {
                        wrong.Add(
                            $"{method} {path} ({answer.StatusCode}): {records.Count} "
                                + $"{records.FirstOrDefault()?.Act} {records.FirstOrDefault()?.Outcome}"
                        );
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(marks > 10, $"only {marks} records");
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("""Audit(s|sEach)?\(\s*(caller,\s*|Caller\.Hub,\s*)?"(?<act>[a-z.-]+)""")]
    private static partial Regex Act();
}
