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
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await Post(service.WithToken(issuer.Token("RXX", TimeSpan.FromMinutes(-2), "note.write")))
        );
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await Post(service.WithToken(Unsigned(issuer.Token("RXX", "note.write"))))
        );
        using var anonymous = new HttpClient { BaseAddress = service.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, await Post(anonymous));

        // The one that was let in acted for the token's organisation.
        var texts = await Eventually.UntilAsync(
            () => service.Db(db => db.Notes.Select(note => note.Text).ToListAsync(Cancelled)),
            all => all.Count > 0
        );
        Assert.Equal(["RXX"], texts);

        static async Task<HttpStatusCode> Post(HttpClient client) =>
            (await client.PostAsync("/notes/1", null, TestContext.Current.CancellationToken)).StatusCode;
    }

    [Fact]
    public async Task A_refused_token_gets_why_and_which_scope_is_needed()
    {
        await using var service = await SampleService.StartAsync(servers);
        using var anonymous = new HttpClient { BaseAddress = service.Address };

        await Refused(anonymous, 401, "token-missing", "Bearer realm=\"safeguarding-hub\"", "needs a bearer token");
        await Refused(
            service.WithToken(servers.Issuer.Token("RXX", TimeSpan.FromMinutes(-2), "note.write")),
            401,
            "token-invalid",
            "error=\"invalid_token\"",
            "expired"
        );
        await Refused(
            service.WithToken("not-a-token"),
            401,
            "token-invalid",
            "error=\"invalid_token\"",
            "not accepted"
        );
        await Refused(
            service.Client("note.read", "ops"),
            403,
            "insufficient-scope",
            "error=\"insufficient_scope\", scope=\"note.write\"",
            "needs the scope note.write; the token has note.read, ops"
        );

        static async Task Refused(HttpClient client, int status, string code, string challenge, string detail)
        {
            var answer = await client.PostAsync("/notes/1", null, Cancelled);
            var problem = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
            Assert.Equal((status, code), ((int)answer.StatusCode, (string?)problem["code"]));
            Assert.Contains(challenge, answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.Contains(detail, (string?)problem["detail"], StringComparison.Ordinal);
        }
    }

    private static string Unsigned(string token) =>
        $"{Base64("""{"alg":"none","typ":"at+jwt"}""")}.{token.Split('.')[1]}.";

    private static string Base64(string text) =>
        Convert
            .ToBase64String(System.Text.Encoding.UTF8.GetBytes(text))
            .TrimEnd('=')
            .Replace('+', '-')
            .Replace('/', '_');
}
