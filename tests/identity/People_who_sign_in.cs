using Microsoft.IdentityModel.JsonWebTokens;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Development;

namespace Safeguarding.Identity.Tests;

/// <summary>The whole way of a browser: portal, identity, provider, rules, identity, portal.</summary>
public sealed class People_who_sign_in(PeopleFixture running) : IClassFixture<PeopleFixture>
{
    public static TheoryData<string> LetIn { get; } =
    [
        .. DevelopmentPeople
            .All.Where(person => person.Work.Count == 1 && person.Id is not ("p18" or "p19"))
            .Select(person => person.Id),
    ];

    [Theory]
    [MemberData(nameof(LetIn))]
    public async Task Everybody_gets_a_token_of_their_role_and_no_more(string id)
    {
        var portal = running.Portal();
        var person = DevelopmentPeople.All.Single(one => one.Id == id);
        var work = person.Work.Single();

        var tokens = await portal.Tokens(id);

        var access = new JsonWebToken(tokens.Token);
        var role = HubRoles.Find(work.Role, OrganisationKinds.Of(work.Organisation)!.Value)!;
        Assert.Equal(
            ($"development|{id}", work.Organisation, work.Role, Portal.Id),
            (access.Subject, Claim(access, "organisation"), Claim(access, "role"), Claim(access, "client_id"))
        );
        Assert.Equal(
            role.Scopes.Order(),
            Claim(access, "scope").Split(' ').Except(["openid", "offline_access"]).Order()
        );
        Assert.Equal(TimeSpan.FromMinutes(5), access.ValidTo - access.IssuedAt);
        Assert.Equal($"aal{(int)DevelopmentPeople.Assurance[person.Acr]}", Claim(access, "acr"));
        Assert.NotEmpty(Claim(access, "auth_time"));
        Assert.NotEmpty(Claim(access, "sid"));
        Assert.Equal(["safeguarding-hub"], access.Audiences);
        Assert.DoesNotContain(person.Name, Payload(access), StringComparison.Ordinal);
        Assert.DoesNotContain(access.Claims, claim => claim.Type is "rule" or "refresh_id" or "name");
        var shown = new JsonWebToken(tokens.Text("id_token"));
        Assert.Equal(
            (person.Name, "the-portals-nonce", Claim(access, "sid")),
            (Claim(shown, "name"), Claim(shown, "nonce"), Claim(shown, "sid"))
        );
    }

    [Theory]
    [InlineData("signin")]
    [InlineData("signin/choose")]
    [InlineData("development/authorize")]
    [InlineData("development/token")]
    public async Task A_body_that_is_no_form_is_refused_and_is_no_failure(string path)
    {
        using var http = new HttpClient();
        using var body = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");

        using var answer = await http.PostAsync(
            new Uri(running.Portal().Identity, path),
            body,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(415, (int)answer.StatusCode);
    }

    [Fact]
    public async Task The_portal_gets_its_state_back_and_no_other_parameter_than_code_and_issuer()
    {
        using var browser = new Browser(running.Portal().Identity);

        var seen = await running.Portal().SignIn(browser, "p05");

        Assert.StartsWith($"{Portal.RedirectUri}?", seen.Left!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(
            ("the-portals-state", running.Portal().Identity.AbsoluteUri),
            (seen.Query("state"), seen.Query("iss"))
        );
    }

    [Fact]
    public async Task Who_works_for_two_organisations_chooses_one_and_gets_a_token_of_that_alone()
    {
        var portal = running.Portal();
        using var browser = new Browser(portal.Identity);

        var page = await portal.SignIn(browser, "p12");

        Assert.Equal(200, page.Status);
        Assert.Contains("duty-worker of E08999901", page.Body, StringComparison.Ordinal);
        var rule = System.Text.RegularExpressions.Regex.Match(page.Body, "value=\"([0-9a-f]+)\">reviewer of E08999902");
        var seen = await browser.Press(page, "rule", rule.Groups[1].Value);
        var access = new JsonWebToken((await portal.Redeem(seen.Query("code")!)).Token);
        Assert.Equal(("E08999902", "reviewer"), (Claim(access, "organisation"), Claim(access, "role")));
    }

    [Fact]
    public async Task Nobody_chooses_a_role_that_no_rule_gave_them()
    {
        var portal = running.Portal();
        using var operators = new Browser(portal.Identity);
        using var browser = new Browser(portal.Identity);
        var page = await portal.SignIn(browser, "p12");
        var stranger = DevelopmentPeople.All.Single(one => one.Id == "p17").Work.Single();
        var rule = new People.Rule(
            "development",
            stranger.Organisation,
            stranger.Role,
            new Dictionary<string, string> { ["work"] = stranger.ToString() }
        );

        Assert.Equal(400, (await browser.Press(page, "rule", rule.Fingerprint)).Status);
    }

    [Theory]
    [InlineData("p18", "needs a surer sign-in (aal2); yours was aal1")]
    [InlineData("p19", "signed in too long ago")]
    [InlineData("p20", "no rule here gives you a role")]
    public async Task Who_may_not_come_in_reads_why_and_the_portal_gets_no_code(string person, string reason)
    {
        var portal = running.Portal();
        using var browser = new Browser(portal.Identity);

        var page = await portal.SignIn(browser, person);

        Assert.Equal((403, null), (page.Status, page.Left));
        Assert.Contains(reason, System.Net.WebUtility.HtmlDecode(page.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_say_that_they_are_for_development_and_let_no_script_run()
    {
        var portal = running.Portal();
        using var browser = new Browser(portal.Identity);

        var page = await browser.Get(Portal.Address(await portal.Push()));

        Assert.Contains("For development.", page.Body, StringComparison.Ordinal);
        Assert.Equal(DevelopmentPeople.All.Count, System.Text.RegularExpressions.Regex.Count(page.Body, "<button"));
        Assert.DoesNotContain("<script", page.Body, StringComparison.OrdinalIgnoreCase);
        var policy = browser.Headers!.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; style-src 'self'; form-action 'self' https://portal.example;", policy);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("no-store", browser.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task A_second_request_of_the_same_browser_asks_again_who_it_is()
    {
        var portal = running.Portal();
        using var browser = new Browser(portal.Identity);
        await portal.SignIn(browser, "p05");

        var page = await browser.Get(Portal.Address(await portal.Push()));

        Assert.Equal(200, page.Status);
        Assert.Contains("Who are you?", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_person_to_ask_the_portal_is_answered_that_nobody_is_signed_in()
    {
        var portal = running.Portal();
        using var browser = new Browser(portal.Identity);
        var request = portal.Request();
        request["prompt"] = "none";

        var seen = await browser.Get(Portal.Address(await portal.Push(request)));

        Assert.Equal(("login_required", "the-portals-state"), (seen.Query("error"), seen.Query("state")));
    }

    private static string Claim(JsonWebToken token, string type) => token.GetClaim(type).Value;

    private static string Payload(JsonWebToken token) =>
        Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(token.EncodedPayload);
}
