using System.Text.Json.Nodes;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

public sealed class A_refusal_in_the_log(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_one_line_with_the_callers_trace_id_and_nothing_of_path_or_query()
    {
        await using var surroundings = await Surroundings.CreateAsync(servers);
        await using var service = await ServiceProcess.StartAsync(
            "Safeguarding.PlanRegistry",
            new Dictionary<string, string?>(surroundings.Settings) { ["Logs:Format"] = "json" }
        );
        using var client = new HttpClient { BaseAddress = service.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", servers.Issuer.Token("E08999901", "plan.read"));
        client.DefaultRequestHeaders.Add("X-Request-Id", "the-request");
        foreach (
            var (path, status, code, route) in new[]
            {
                ("/plans/secret-1", 404, "not-found", "/plans/{reference}"),
                ("/plans/secret-2?secret=3", 400, "parameter-unknown", "/plans/{reference}"),
                ("/ops/parked?secret=4", 403, "insufficient-scope", "/ops/parked/"),
                ("/nowhere/secret-5", 404, "none", "no route"),
            }
        )
        {
            var answer = await client.GetAsync(path, Cancelled);
            var trace = (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["traceId"];
            Assert.Equal(status, (int)answer.StatusCode);
            var line = await Eventually.UntilAsync(
                () =>
                    Task.FromResult(
                        Lines(service)
                            .SingleOrDefault(one =>
                                (string?)one["traceId"] == trace && (string?)one["event"] == "Requests.Refused"
                            )
                    ),
                one => one is not null
            );
            Assert.Equal(
                ("the-request", $"{status}", code, "E08999901-system", route.TrimEnd('/')),
                (
                    (string?)line!["requestId"],
                    (string?)line["field.Status"],
                    (string?)line["field.Code"],
                    (string?)line["field.Client"],
                    ((string?)line["field.Route"])!.TrimEnd('/')
                )
            );
            Assert.EndsWith("Z", (string?)line["time"], StringComparison.Ordinal);
        }

        Assert.DoesNotContain("secret", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Request starting", service.Log, StringComparison.Ordinal);
    }

    private static IEnumerable<JsonNode> Lines(ServiceProcess service) =>
        service
            .Log.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.StartsWith('{') && line.EndsWith('}'))
            .Select(line => JsonNode.Parse(line)!);
}
