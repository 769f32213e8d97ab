using System.Net;
using Microsoft.EntityFrameworkCore;
using Safeguarding.TestKit;

namespace Safeguarding.Hosting.Tests;

public sealed class Access_by_token(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_route_opens_only_for_a_living_token_of_a_trusted_issuer_with_its_scope()
    {
        await using var service = await SampleService.StartAsync(servers);
        await using var stranger = new TestIssuer();
        await stranger.StartAsync();
        var issuer = servers.Issuer;

        Assert.Equal(HttpStatusCode.Accepted, await Post(service.Client("note.write")));
        Assert.Equal(HttpStatusCode.Forbidden, await Post(service.Client("note.read")));
        Assert.Equal(HttpStatusCode.Unauthorized, await Post(service.WithToken("not-a-token")));
        Assert.Equal(HttpStatusCode.Unauthorized, await Post(service.WithToken(stranger.Token("RXX", "note.write"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await Post(service.WithToken(issuer.Token("RXX", TimeSpan.FromMinutes(-2), "note.write"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await Post(service.WithToken(Unsigned(issuer.Token("RXX", "note.write")))));
        using var anonymous = new HttpClient { BaseAddress = service.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, await Post(anonymous));

        // The one that was let in acted for the token's organisation.
        var texts = await Eventually.Async(() => service.Db(db => db.Notes.Select(note => note.Text).ToListAsync(Cancelled)), all => all.Count > 0);
        Assert.Equal(["RXX"], texts);

        static async Task<HttpStatusCode> Post(HttpClient client) =>
            (await client.PostAsync("/notes/1", null, TestContext.Current.CancellationToken)).StatusCode;
    }

    private static string Unsigned(string token) =>
        $"{Base64("""{"alg":"none","typ":"at+jwt"}""")}.{token.Split('.')[1]}.";

    private static string Base64(string text) =>
        Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
