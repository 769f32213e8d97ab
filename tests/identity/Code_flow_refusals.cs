using Microsoft.AspNetCore.WebUtilities;

namespace Safeguarding.Identity.Tests;

/// <summary>What an attacker or a careless application would send, and that nothing comes of it.</summary>
public sealed class Code_flow_refusals(PeopleFixture running) : IClassFixture<PeopleFixture>
{
    private static readonly Dictionary<string, (string Error, Action<Dictionary<string, string?>> Change)> Pushed =
        new()
        {
            ["no challenge"] = ("invalid_request", request =>
                Remove(request, "code_challenge", "code_challenge_method")
            ),
            ["plain challenge"] = ("invalid_request", request => request["code_challenge_method"] = "plain"),
            ["no method"] = ("invalid_request", request => Remove(request, "code_challenge_method")),
            ["another redirect_uri"] = ("invalid_request", request =>
                request["redirect_uri"] = "https://portal.example/signed-in/elsewhere"
            ),
            ["redirect_uri with a query"] = ("invalid_request", request => request["redirect_uri"] += "?x=1"),
            ["redirect_uri of a stranger"] = ("invalid_request", request =>
                request["redirect_uri"] = "https://stranger.example/signed-in"
            ),
            ["no redirect_uri"] = ("invalid_request", request => Remove(request, "redirect_uri")),
            ["implicit flow"] = ("unsupported_response_type", request => request["response_type"] = "id_token token"),
            ["no scope openid"] = ("invalid_scope", request => request["scope"] = "offline_access"),
            ["unknown scope"] = ("invalid_scope", request => request["scope"] = "openid plan.reed"),
            ["unknown response mode"] = ("invalid_request", request => request["response_mode"] = "no-such-mode"),
        };

    public static TheoryData<string> Faults => [.. Pushed.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_wrong_request_is_refused_before_the_browser_moves(string fault)
    {
        var portal = running.Portal();
        var request = portal.Request();
        Pushed[fault].Change(request);

        var answer = await portal.Push(request);

        Assert.True(answer.Status == 400, answer.Body);
        Assert.Equal(Pushed[fault].Error, answer.Error);
    }

    [Fact]
    public async Task A_system_cannot_send_people_and_an_application_gets_no_token_of_its_own()
    {
        var portal = running.Portal();
        var own = await portal.Send("connect/token", new() { ["grant_type"] = "client_credentials" });
        var system = new Dictionary<string, string?>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = await portal.Code("p05"),
            ["redirect_uri"] = Portal.RedirectUri,
            ["code_verifier"] = portal.Verifier,
        };
        var assertion = new AnAssertion("rx1-epr", running.SystemKey);
        assertion.Claims["aud"] = $"{portal.Identity}connect/token";

        Assert.Equal("unauthorized_client", own.Error);
        Assert.NotNull((await Send(assertion, "connect/token", system)).Error);
        Assert.Equal(
            "unauthorized_client",
            (await Send(Again(assertion), "connect/par", portal.Request("rx1-epr"))).Error
        );
    }

    [Fact]
    public async Task A_request_that_was_not_pushed_or_is_not_known_goes_nowhere()
    {
        var portal = running.Portal();
        using var browser = new Browser(portal.Identity);
        var bare = QueryHelpers.AddQueryString("/connect/authorize", portal.Request());
        var guessed = "/connect/authorize?client_id=portal&request_uri=urn:ietf:params:oauth:request_uri:0123456789";

        Assert.Equal((400, null), Outcome(await browser.Get(bare)));
        Assert.Equal((400, null), Outcome(await browser.Get(guessed)));
        Assert.Equal((400, null), Outcome(await browser.Get("/connect/authorize")));
    }

    [Fact]
    public async Task A_code_is_good_only_with_its_verifier_and_its_redirect_uri()
    {
        var portal = running.Portal();
        var code = await portal.Code("p05");

        Assert.Equal(
            "invalid_grant",
            (await portal.Redeem(code, "another-verifier-of-at-least-43-characters-here")).Error
        );
        Assert.NotNull((await portal.Redeem(code, "")).Error);
        Assert.Equal(
            "invalid_grant",
            (await portal.Redeem(code, redirectUri: "https://portal.example/elsewhere")).Error
        );
        Assert.NotNull((await portal.Redeem($"{code}x")).Error);
    }

    [Fact]
    public async Task A_code_used_twice_gives_one_token_and_ends_its_session()
    {
        var portal = running.Portal();
        var code = await portal.Code("p05");
        var tokens = await portal.Redeem(code);
        Assert.Equal(200, tokens.Status);

        var again = await portal.Redeem(code);

        Assert.Equal("invalid_grant", again.Error);
        Assert.Equal("invalid_grant", (await portal.Refresh(tokens)).Error);
    }

    [Fact]
    public async Task Of_many_at_once_with_one_code_one_gets_a_token()
    {
        var portal = running.Portal();
        var code = await portal.Code("p05");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => portal.Redeem(code)));

        Assert.Single(answers, answer => answer.Status == 200);
    }

    [Fact]
    public async Task A_refresh_token_is_replaced_each_time_and_an_old_one_ends_the_session()
    {
        var portal = running.Portal();
        var first = await portal.Tokens("p05");
        var second = await portal.Refresh(first);
        Assert.True(second.Status == 200, second.Body);
        Assert.NotEqual(first.Text("refresh_token"), second.Text("refresh_token"));

        var stolen = await portal.Refresh(first);

        Assert.Equal(
            ("invalid_grant", "The refresh token has been used before; the session is ended."),
            (stolen.Error, stolen.Description)
        );
        Assert.Equal("The session has ended.", (await portal.Refresh(second)).Description);
    }

    [Fact]
    public async Task Of_many_at_once_with_one_refresh_token_at_most_one_gets_a_token()
    {
        var portal = running.Portal();
        var tokens = await portal.Tokens("p05");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => portal.Refresh(tokens)));

        Assert.True(answers.Count(answer => answer.Status == 200) <= 1);
        Assert.All(answers, answer =>
            Assert.True(answer.Status == 200 || answer.Error == "invalid_grant", answer.Body)
        );
    }

    [Theory]
    [InlineData("/signin/development?code=x")]
    [InlineData("/signin/development?code=x&state=made-up")]
    [InlineData("/signin/development")]
    [InlineData("/signin/development?error=access_denied")]
    [InlineData("/signin/no-such-provider?code=x&state=y")]
    public async Task An_answer_without_the_state_that_was_sent_signs_nobody_in(string address)
    {
        using var browser = new Browser(running.Portal().Identity);

        var seen = await browser.Get(address);

        Assert.Null(seen.Left);
        Assert.InRange(seen.Status, 400, 404);
        Assert.Contains("Start again in the application.", seen.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_was_meant_for_another_browser_signs_nobody_in()
    {
        var portal = running.Portal();
        using var attacker = new Browser(portal.Identity) { StopAt = "/signin/development" };
        using var victim = new Browser(portal.Identity);
        var caught = await portal.SignIn(attacker, "p05");

        var seen = await victim.Get(caught.Left!.PathAndQuery);

        Assert.Equal((400, null), Outcome(seen));
        Assert.Contains("You are not signed in", seen.Body, StringComparison.Ordinal);
        Assert.NotNull((await attacker.Get(caught.Left.PathAndQuery)).Query("code"));
    }

    [Fact]
    public async Task The_development_provider_sends_people_to_the_hub_alone()
    {
        var portal = running.Portal();
        using var browser = new Browser(portal.Identity);

        var seen = await browser.Get(
            "/development/authorize?client_id=safeguarding-hub&response_type=code&code_challenge=x"
                + "&code_challenge_method=S256&redirect_uri=https://stranger.example/"
        );

        Assert.Equal((400, null), Outcome(seen));
        Assert.Contains("For development.", seen.Body, StringComparison.Ordinal);
    }

    private static (int, Uri?) Outcome(Seen seen) => (seen.Status, seen.Left);

    private static void Remove(Dictionary<string, string?> request, params string[] names)
    {
        foreach (var name in names)
            request.Remove(name);
    }

    private AnAssertion Again(AnAssertion assertion)
    {
        var again = new AnAssertion("rx1-epr", running.SystemKey);
        again.Claims["aud"] = assertion.Claims["aud"]!.DeepClone();
        return again;
    }

    private async Task<TokenAnswer> Send(AnAssertion assertion, string path, Dictionary<string, string?> form)
    {
        form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        form["client_assertion"] = assertion.ToString();
        using var content = new FormUrlEncodedContent(
            form.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value!))
        );
        using var answer = await running.Service.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return await TokenAnswer.ReadAsync(answer);
    }
}
