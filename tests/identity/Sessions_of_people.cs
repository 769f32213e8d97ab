using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>When a person's session ends: by rest, by time, by signing out, by losing the role.</summary>
public sealed class Sessions_of_people(HubServers servers)
{
    private readonly ClientKey _key = ClientKey.Rsa("portal-1");
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task It_lives_while_it_is_used_and_ends_after_fifteen_idle_minutes()
    {
        using var ground = await Ground.CreateAsync(servers, Ground.Application(Portal.Id, _key));
        await using var service = TokenService.StartForPeople(ground, _clock);
        var portal = new Portal(service, _key, _clock);
        var tokens = await portal.Tokens("p05");
        var session = new JsonWebToken(tokens.Token).GetClaim("sid").Value;
        for (var times = 0; times < 4; times++)
        {
            _clock.Advance(TimeSpan.FromMinutes(14));
            tokens = await portal.Refresh(tokens);
            Assert.True(tokens.Status == 200, tokens.Body);
            Assert.Equal(session, new JsonWebToken(tokens.Token).GetClaim("sid").Value);
        }

        _clock.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal("invalid_grant", (await portal.Refresh(tokens)).Error);
    }

    [Fact]
    public async Task It_ends_when_the_sign_in_is_too_old_for_the_role()
    {
        using var ground = await Ground.CreateAsync(servers, Ground.Application(Portal.Id, _key));
        await using var service = TokenService.StartForPeople(ground, _clock);
        var portal = new Portal(service, _key, _clock);
        var tokens = await portal.Tokens("p17");
        for (var lasted = 0; lasted < 48; lasted += 12)
        {
            _clock.Advance(TimeSpan.FromMinutes(12));
            tokens = await portal.Refresh(tokens);
            Assert.True(tokens.Status == 200, tokens.Body);
        }

        _clock.Advance(TimeSpan.FromMinutes(13));

        var refused = await portal.Refresh(tokens);
        Assert.Equal("invalid_grant", refused.Error);
        Assert.Contains("too long ago for the role operator", refused.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9 hours 59 minutes", 200)]
    [InlineData("10 hours", 400)]
    public async Task It_ends_after_ten_hours_however_much_it_is_used(string age, int status)
    {
        using var ground = await Ground.CreateAsync(servers, Ground.Application(Portal.Id, _key));
        await using var service = TokenService.StartForPeople(ground);
        var portal = new Portal(service, _key);
        var tokens = await portal.Tokens("p05");
        await using var source = Npgsql.NpgsqlDataSource.Create(ground.ConnectionString);
        await using var command = source.CreateCommand(
            $"UPDATE identity.session SET started_at = started_at - interval '{age}'"
        );
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Equal(status, (await portal.Refresh(tokens)).Status);
    }

    [Fact]
    public async Task Who_signs_out_gets_no_further_token_and_lands_where_the_portal_wants()
    {
        using var ground = await Ground.CreateAsync(servers, Ground.Application(Portal.Id, _key));
        await using var service = TokenService.StartForPeople(ground);
        var portal = new Portal(service, _key);
        var tokens = await portal.Tokens("p05");
        using var browser = new Browser(portal.Identity);
        string SignOut(string where) =>
            $"/connect/endsession?id_token_hint={tokens.Text("id_token")}&post_logout_redirect_uri={where}&state=s";

        var stranger = await browser.Get(SignOut("https://stranger.example/"));
        Assert.Equal((400, null), (stranger.Status, stranger.Left));
        Assert.Equal(400, (await browser.Get("/connect/endsession")).Status);
        var seen = await browser.Get(SignOut("https://portal.example/signed-out"));

        Assert.Equal("https://portal.example/signed-out?state=s", seen.Left!.AbsoluteUri);
        Assert.Equal("The session has ended.", (await portal.Refresh(tokens)).Description);
    }

    [Fact]
    public async Task A_withdrawn_rule_ends_the_sessions_that_it_let_in_and_no_others()
    {
        using var ground = await Ground.CreateAsync(servers, Ground.Application(Portal.Id, _key));
        using var issuer = new OutsideIssuer();
        await issuer.StartAsync();
        var duty = Rule("E08999901", "duty-worker", "duty");
        var lead = Rule("E08999901", "safeguarding-lead", "lead");
        issuer.WriteFile(ground, rules: [duty, lead]);
        await using var service = TokenService.StartForPeople(ground, null, ("Identity:DevelopmentProvider", "false"));
        var portal = new Portal(service, _key);
        var withdrawn = await portal.Redeem((await issuer.SignIn(portal, ("groups", "duty"))).Query("code")!);
        var kept = await portal.Redeem((await issuer.SignIn(portal, ("groups", "lead"))).Query("code")!);
        Assert.Equal((200, 200), (withdrawn.Status, kept.Status));

        issuer.WriteFile(ground, rules: [lead]);
        await Eventually.UntilAsync(
            () =>
                Task.FromResult(
                    service.Log.Count(line =>
                        line.Contains("have been", StringComparison.Ordinal)
                        || line.Contains("1 sessions ended", StringComparison.Ordinal)
                    )
                ),
            count => count > 0
        );

        Assert.Equal("invalid_grant", (await portal.Refresh(withdrawn)).Error);
        Assert.Equal(200, (await portal.Refresh(kept)).Status);
        Assert.Equal(403, (await issuer.SignIn(portal, ("groups", "duty"))).Status);
    }

    private static JsonObject Rule(string organisation, string role, string group) =>
        OutsideIssuer.Rule([organisation], role, ("groups", group));
}
