using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>What a page or redirect of identity was.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The page.</param>
/// <param name="Left">The first address outside identity that the browser was sent to; null for a page.</param>
public sealed record Seen(int Status, string Body, Uri? Left)
{
    public string? Query(string name) =>
        Left is null ? null
        : QueryHelpers.ParseQuery(Left.Query).TryGetValue(name, out var value) ? value.ToString()
        : null;
}

/// <summary>A browser that follows redirects within identity and keeps its cookies.</summary>
public sealed class Browser : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _identity;

    public Browser(Uri identity)
    {
        _identity = identity;
        _http = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }
        );
    }

    /// <summary>A path of identity before which the browser stops, for whoever wants to steal what is in it.</summary>
    public string? StopAt { get; init; }

    /// <summary>Headers of the last answer.</summary>
    public System.Net.Http.Headers.HttpResponseHeaders? Headers { get; private set; }

    public Task<Seen> Get(string address) => Go(new HttpRequestMessage(HttpMethod.Get, new Uri(_identity, address)));

    /// <summary>Presses a button of the form on the page.</summary>
    public Task<Seen> Press(Seen page, string name, string value)
    {
        var action = WebUtility.HtmlDecode(Regex.Match(page.Body, "action=\"([^\"]*)\"").Groups[1].Value);
        var fields = Regex
            .Matches(page.Body, "type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")
            .Select(field => KeyValuePair.Create(field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)))
            .Append(KeyValuePair.Create(name, value));
        return Go(
            new HttpRequestMessage(HttpMethod.Post, new Uri(_identity, action))
            {
                Content = new FormUrlEncodedContent(fields),
            }
        );
    }

    public void Dispose() => _http.Dispose();

    private async Task<Seen> Go(HttpRequestMessage request)
    {
        while (true)
        {
            using var sent = request;
            using var answer = await _http.SendAsync(sent, TestContext.Current.CancellationToken);
            Headers = answer.Headers;
            if (answer.Headers.Location is not { } location)
            {
                var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                return new Seen((int)answer.StatusCode, body, null);
            }

            var next = new Uri(request.RequestUri!, location);
            if (next.Authority != _identity.Authority || next.AbsolutePath == StopAt)
                return new Seen((int)answer.StatusCode, "", next);
            request = new HttpRequestMessage(HttpMethod.Get, next);
        }
    }
}

/// <summary>An application that people sign in to, which does everything right until a test says otherwise.</summary>
public sealed class Portal(TokenService service, ClientKey key, FakeTimeProvider? clock = null)
{
    public const string Id = "portal";
    public const string RedirectUri = "https://portal.example/signed-in";

    public string Verifier { get; } = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    public Uri Identity { get; } = new($"http://localhost:{service.Http.BaseAddress!.Port}/");

    public Dictionary<string, string?> Request(string client = Id) =>
        new()
        {
            ["client_id"] = client,
            ["response_type"] = "code",
            ["redirect_uri"] = RedirectUri,
            ["scope"] = "openid offline_access",
            ["state"] = "the-portals-state",
            ["nonce"] = "the-portals-nonce",
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
        };

    public Task<TokenAnswer> Push(Dictionary<string, string?>? request = null) =>
        Send("connect/par", request ?? Request());

    /// <summary>Where the portal sends the browser.</summary>
    public static string Address(TokenAnswer pushed) =>
        QueryHelpers.AddQueryString(
            "/connect/authorize",
            new Dictionary<string, string?> { ["client_id"] = Id, ["request_uri"] = pushed.Text("request_uri") }
        );

    /// <summary>Signs a made-up person in, up to the answer of the rules.</summary>
    public async Task<Seen> SignIn(Browser browser, string person)
    {
        var pushed = await Push();
        Assert.True(pushed.Status == 201, pushed.Body);
        var page = await browser.Get(Address(pushed));
        Assert.True(page.Status == 200, page.Body);
        return await browser.Press(page, "person", person);
    }

    /// <summary>Signs in and returns the code.</summary>
    public async Task<string> Code(string person)
    {
        using var browser = new Browser(Identity);
        var seen = await SignIn(browser, person);
        Assert.True(seen.Query("code") is not null, $"{seen.Status} {seen.Left} {seen.Body}");
        return seen.Query("code")!;
    }

    public Task<TokenAnswer> Redeem(string code, string? verifier = null, string redirectUri = RedirectUri) =>
        Send(
            "connect/token",
            new()
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = redirectUri,
                ["code_verifier"] = verifier ?? Verifier,
            }
        );

    /// <summary>Signs in and gets the tokens.</summary>
    public async Task<TokenAnswer> Tokens(string person)
    {
        var tokens = await Redeem(await Code(person));
        Assert.True(tokens.Status == 200, tokens.Body);
        return tokens;
    }

    public Task<TokenAnswer> Refresh(TokenAnswer tokens) =>
        Send(
            "connect/token",
            new() { ["grant_type"] = "refresh_token", ["refresh_token"] = tokens.Text("refresh_token") }
        );

    public async Task<TokenAnswer> Send(string path, Dictionary<string, string?> form)
    {
        var assertion = new AnAssertion(Id, key);
        assertion.Claims["aud"] = $"{Identity}connect/token";
        if (clock is not null)
            assertion.Claims["exp"] = clock.GetUtcNow().ToUnixTimeSeconds() + 240;
        form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        form["client_assertion"] = assertion.ToString();
        using var content = new FormUrlEncodedContent(
            form.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value!))
        );
        using var response = await service.Http.PostAsync(
            new Uri(Identity, path),
            content,
            TestContext.Current.CancellationToken
        );
        return await TokenAnswer.ReadAsync(response);
    }
}

/// <summary>One running identity with the development provider and a portal.</summary>
public sealed class PeopleFixture(HubServers servers) : IAsyncLifetime
{
    public ClientKey PortalKey { get; } = ClientKey.Rsa("portal-1");

    public ClientKey SystemKey { get; } = ClientKey.Rsa("rx1-1");

    public Ground Ground { get; private set; } = null!;

    public TokenService Service { get; private set; } = null!;

    public Portal Portal() => new(Service, PortalKey);

    public async ValueTask InitializeAsync()
    {
        Ground = await Ground.CreateAsync(
            servers,
            Ground.Application(Tests.Portal.Id, PortalKey),
            Ground.Client("rx1-epr", "RX1", ["encounter.submit"], SystemKey)
        );
        Service = TokenService.StartForPeople(Ground);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Ground.Dispose();
    }
}
