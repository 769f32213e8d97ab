using System.Net;
using System.Text.Json.Nodes;
using Safeguarding.TestKit;

namespace Safeguarding.Hosting.Tests;

public sealed class Too_many_requests(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Guesses_of_a_stranger_lock_nobody_else_out()
    {
        await using var service = await SampleService.StartAsync(
            servers,
            settings: [("RequestLimits:StrangersPerMinute", "3")]
        );
        using var stranger = service.WithToken("a-guess");

        Assert.Equal("401 401 401 429 429", await GetAsync(stranger, "/pages?limit=1", 5));

        using var owner = service.Client("note.write");
        Assert.Equal("200 200 200 200 200", await GetAsync(owner, "/pages?limit=1", 5));
        // A balancer that asks whether the service is ready is no stranger.
        using var anonymous = new HttpClient { BaseAddress = service.Address };
        Assert.DoesNotContain("429", await GetAsync(anonymous, "/health/ready", 5), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/searches")]
    [InlineData("/uploads")]
    public async Task A_dear_route_is_bounded_for_each_organisation(string route)
    {
        await using var service = await SampleService.StartAsync(
            servers,
            settings: [("RequestLimits:SearchesPerMinute", "2"), ("RequestLimits:UploadsPerMinute", "2")]
        );
        using var busy = service.WithToken(servers.Issuer.Token("RX1", "note.write"));
        using var other = service.WithToken(servers.Issuer.Token("RX2", "note.write"));

        Assert.Equal("200 200 429", await GetAsync(busy, route, 3));
        // One budget over all routes of a kind.
        Assert.Equal("429", await GetAsync(busy, $"{route}/more", 1));
        Assert.Equal("200 200", await GetAsync(other, route, 2));
        Assert.Equal("200", await GetAsync(busy, "/pages?limit=1", 1));

        using var refused = await busy.GetAsync(route, Cancelled);
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync(Cancelled))!;
        Assert.Equal("too-many-requests", (string?)problem["code"]);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }

    [Fact]
    public async Task Look_ups_are_bounded_for_each_person()
    {
        await using var service = await SampleService.StartAsync(
            servers,
            settings: [("RequestLimits:LookupsPerMinute", "2")]
        );
        using var busy = service.WithToken(servers.Issuer.PersonToken("RXX", "clinician-unscheduled", "busy"));
        using var other = service.WithToken(servers.Issuer.PersonToken("RXX", "clinician-unscheduled", "other"));

        Assert.Equal("200 200 429", await GetAsync(busy, "/lookups", 3));
        Assert.Equal("200 200", await GetAsync(other, "/lookups", 2));
    }

    [Fact]
    public async Task A_client_has_only_so_many_requests_under_way_and_goes_on_when_they_end()
    {
        await using var service = await SampleService.StartAsync(servers, settings: [("RequestLimits:UnderWay", "2")]);
        using var busy = service.Client("note.write");
        var underWay = new[] { busy.GetAsync("/waits", Cancelled), busy.GetAsync("/waits", Cancelled) };
        // People at the portal, whose client is one: each for themselves.
        using var anna = service.WithToken(servers.Issuer.PersonToken("RXX", "clinician-unscheduled", "anna"));
        using var ben = service.WithToken(servers.Issuer.PersonToken("RXX", "clinician-unscheduled", "ben"));
        underWay = [.. underWay, anna.GetAsync("/me/waits", Cancelled), anna.GetAsync("/me/waits", Cancelled)];
        await SampleService.Waiting.AreAsync(4);
        Assert.Equal("429", await GetAsync(anna, "/me", 1));
        Assert.Equal("200", await GetAsync(ben, "/me", 1));

        using var refused = await busy.GetAsync("/pages?limit=1", Cancelled);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);

        SampleService.Waiting.End();
        await Task.WhenAll(underWay);
        Assert.Equal("200", await GetAsync(busy, "/pages?limit=1", 1));
    }

    private static async Task<string> GetAsync(HttpClient client, string route, int times)
    {
        var statuses = new int[times];
        for (var i = 0; i < times; i++)
        {
            using var answer = await client.GetAsync(route, Cancelled);
            statuses[i] = (int)answer.StatusCode;
        }

        return string.Join(" ", statuses);
    }
}
