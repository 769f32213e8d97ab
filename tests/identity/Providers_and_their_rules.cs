using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Safeguarding.Identity.People;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>What outside providers say of people, and what the rules make of it.</summary>
public sealed class Providers_and_their_rules(HubServers servers)
{
    private const string Tenant = "11111111-2222-3333-4444-555555555555";
    private const string NhsRole =
        """{"person_roleid":"r1","org_code":"RX1","role_code":"S8000:G8000:R8001","activity_codes":["B0107"]}""";
    private const string OtherRole =
        """{"person_roleid":"r2","org_code":"RYJ","role_code":"S8000:G8000:R8000","activity_codes":["B0170"]}""";
    private static readonly Uri EntraIssuer = new($"https://login.microsoftonline.com/{Tenant}/v2.0");

    private static readonly Dictionary<string, (string Named, Action<JsonObject> Change)> Files = new()
    {
        ["no name"] = ("\"name\"", file => file.Remove("name")),
        ["unknown kind"] = ("$.kind", file => file["kind"] = "saml"),
        ["http issuer"] = ("https", file => file["issuer"] = "http://provider.example/"),
        ["common tenant"] = ("one tenant", file =>
        {
            file["kind"] = "entra";
            file["issuer"] = "https://login.microsoftonline.com/common/v2.0";
        }),
        ["no client id"] = ("\"clientId\"", file => file.Remove("clientId")),
        ["neither key nor secret"] = ("\"keyFile\"", file => file.Remove("keyFile")),
        ["key that is not there"] = ("outside.pem cannot be read", file => file["keyFile"] = "elsewhere/outside.pem"),
        ["key that is none"] = ("RSA private key", file => file["keyFile"] = "outside.json"),
        ["no assurance"] = ("\"assurance\"", file => file.Remove("assurance")),
        ["unknown assurance"] = ("$.assurance", file => file["assurance"] = new JsonObject { ["two"] = "aal9" }),
        ["no rules"] = ("\"rules\"", file => file["rules"] = new JsonArray()),
        ["misspelt member"] = ("$.isuer", file => file["isuer"] = "x"),
        ["rule for everybody"] = ("rules[0]: \"when\"", file => Rule(file)["when"] = new JsonObject()),
        ["rule of no organisation"] = ("rules[0]: \"organisations\"", file => Rule(file).Remove("organisations")),
        ["operator of a trust"] = ("rules[0]: the role \"operator\" is for the hub; RX1 is a trust.", file =>
            Rule(file)["role"] = "operator"
        ),
        ["duty worker of a trust, second"] = (
            "rules[0]: the role \"clinician-unscheduled\" is for trusts; E08999901 is a council.",
            file => Rule(file)["organisations"] = new JsonArray("RX1", "E08999901")
        ),
        ["role of systems"] = ("a person cannot have it", file => Rule(file)["role"] = "integration"),
        ["unknown role"] = ("does not exist", file => Rule(file)["role"] = "clinican"),
    };

    public static TheoryData<string> Faults => [.. Files.Keys];

    public static TheoryData<string, string> Refused { get; } =
        new()
        {
            { "cis2: identity not verified", "level 3" },
            { "cis2: no role selected of two", "not selected a role" },
            { "cis2: selected role is not among them", "not selected a role" },
            { "cis2: no role at all", "not selected a role" },
            { "cis2: no auth_time", "auth_time" },
            { "cis2: no user id", "nhsid_useruid" },
            { "entra: another tenant", "another tenant" },
            { "entra: a guest", "guest" },
            { "entra: a guest by its provider", "guest" },
            { "entra: version 1", "version 2.0" },
            { "entra: no oid", "oid" },
            { "oidc: two subjects", "sub" },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_file_at_fault_is_named_with_the_reason(string fault)
    {
        using var ground = new Ground { ConnectionString = "" };
        using var issuer = new OutsideIssuer();
        issuer.WriteFile(ground, rules: [OutsideIssuer.Rule(["RX1"], "clinician-unscheduled", ("groups", "ed"))]);
        var path = Path.Combine(ground.ProvidersDirectory, "outside.json");
        var file = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        file["issuer"] = "https://provider.example/";
        Files[fault].Change(file);
        File.WriteAllText(path, file.ToJsonString());

        var exception = Assert.Throws<BadProviderException>(() => ProviderFile.Read(path));

        Assert.Contains("outside.json", exception.Message, StringComparison.Ordinal);
        Assert.Contains(Files[fault].Named, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Somebody_whom_the_provider_does_not_vouch_for_reads_why(string who, string reason)
    {
        var (kind, claims) = Person(who);

        var exception = Assert.Throws<NotLetInException>(() => Read(kind, claims));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RX1", "clinician-unscheduled", "activity_codes", "B0107", true)]
    [InlineData("RX1", "clinician-scheduled", "activity_codes", "B0170", false)] // of the role not selected
    [InlineData("RYJ", "clinician-unscheduled", "activity_codes", "B0107", false)] // another trust's
    [InlineData("RX1", "clinician-unscheduled", "role_code", "S8000:G8000:R8001", true)]
    [InlineData("RX1", "clinician-unscheduled", "nhsid_useruid", "555", false)] // not of the role
    public void At_CIS2_only_the_selected_role_at_its_own_trust_counts(
        string organisation,
        string role,
        string claim,
        string value,
        bool matches
    )
    {
        var claims = Read(ProviderKind.Cis2, Cis2());
        var provider = A(ProviderKind.Cis2) with
        {
            Rules = [new Rule("p", organisation, role, new Dictionary<string, string> { [claim] = value })],
        };

        Assert.Equal(matches, ProviderRegister.Matches(provider, claims).Count == 1);
        Assert.Equal(("p|555|r1", "RX1"), (claims.Subject, claims.OnlyOrganisation));
    }

    [Theory]
    [InlineData("cis2", "authentication_assurance_level", "1", "Aal1")]
    [InlineData("cis2", "authentication_assurance_level", "2", "Aal2")]
    [InlineData("cis2", "authentication_assurance_level", "3", "Aal3")]
    [InlineData("cis2", "authentication_assurance_level", "AAL3_ANY", "Aal1")]
    [InlineData("entra", "amr", "mfa", "Aal2")]
    [InlineData("entra", "amr", "pwd", "Aal1")]
    [InlineData("oidc", "acr", "two", "Aal2")]
    [InlineData("oidc", "acr", "three", "Aal1")] // not in the table
    public void Assurance_is_what_the_provider_says_and_never_more(
        string kind,
        string claim,
        string value,
        string level
    )
    {
        var (of, claims) = Person($"{kind}: x");
        claims.RemoveAll(one => one.Type == claim);
        claims.Add((claim, value));

        Assert.Equal(level, Read(of, claims).Assurance.ToString());
    }

    [Fact]
    public async Task The_hub_signs_its_assertion_and_reads_id_token_and_userinfo()
    {
        var key = ClientKey.Rsa("portal-1");
        using var ground = await Ground.CreateAsync(servers, Ground.Application(Portal.Id, key));
        using var issuer = new OutsideIssuer();
        await issuer.StartAsync();
        issuer.WriteFile(
            ground,
            "cis2",
            OutsideIssuer.Rule(["RX1", "RYJ"], "clinician-unscheduled", ("activity_codes", "B0107"))
        );
        issuer.UserInfo = new JsonObject
        {
            ["nhsid_useruid"] = "555",
            ["name"] = "Sasha Synthetic",
            ["nhsid_nrbac_roles"] = new JsonArray(JsonNode.Parse(NhsRole), JsonNode.Parse(OtherRole)),
        };
        await using var service = TokenService.StartForPeople(ground, null, ("Identity:DevelopmentProvider", "false"));
        var portal = new Portal(service, key);
        (string, object)[] vouched =
        [
            ("id_assurance_level", "3"),
            ("authentication_assurance_level", "3"),
            ("selected_roleid", "r1"),
        ];

        var seen = await issuer.SignIn(portal, vouched);

        Assert.True(seen.Query("code") is not null, seen.Body);
        var tokens = await portal.Redeem(seen.Query("code")!);
        var token = new JsonWebToken(tokens.Token);
        Assert.Equal(
            ("outside|555|r1", "RX1", "aal3", "RS512"),
            (token.Subject, Claim(token, "organisation"), Claim(token, "acr"), issuer.AssertionAlgorithm)
        );
        Assert.Equal("Sasha Synthetic", Claim(new JsonWebToken(tokens.Text("id_token")), "name"));

        // What must not be believed: another's nonce, another's token, another role, an old sign-in.
        Assert.Null((await issuer.SignIn(portal, [.. vouched, ("nonce", "made-up")])).Left);
        Assert.Null((await issuer.SignIn(portal, [.. vouched, ("aud", "another-client")])).Left);
        Assert.Equal(403, (await issuer.SignIn(portal, [.. vouched[..2], ("selected_roleid", "r2")])).Status);
        Assert.Equal(403, (await issuer.SignIn(portal, [.. vouched, ("auth_time", 1_700_000_000L)])).Status);
        Assert.Equal(
            403,
            (await issuer.SignIn(portal, [.. vouched, ("auth_time", new OutsideIssuer.Missing())])).Status
        );
        issuer.ClaimedIssuer = "https://another.example/";
        Assert.Null((await issuer.SignIn(portal, vouched)).Left);
    }

    private static string Claim(JsonWebToken token, string type) => token.GetClaim(type).Value;

    private static JsonObject Rule(JsonObject file) => file["rules"]![0]!.AsObject();

    private static List<(string Type, string Value)> Cis2() =>
        [
            ("auth_time", "1795900000"),
            ("id_assurance_level", "3"),
            ("authentication_assurance_level", "2"),
            ("selected_roleid", "r1"),
            ("nhsid_useruid", "555"),
            ("nhsid_nrbac_roles", NhsRole),
            ("nhsid_nrbac_roles", OtherRole),
        ];

    private static List<(string Type, string Value)> Entra() =>
        [
            ("auth_time", "1795900000"),
            ("tid", Tenant),
            ("oid", "66666666-7777-8888-9999-000000000000"),
            ("ver", "2.0"),
            ("amr", "mfa"),
            ("roles", "hub.duty"),
        ];

    private static (ProviderKind Kind, List<(string Type, string Value)> Claims) Person(string who)
    {
        var (kind, claims) = who.Split(':')[0] switch
        {
            "cis2" => (ProviderKind.Cis2, Cis2()),
            "entra" => (ProviderKind.Entra, Entra()),
            _ => (ProviderKind.Oidc, [("auth_time", "1795900000"), ("sub", "someone"), ("acr", "two")]),
        };
        void Without(string type) => claims.RemoveAll(claim => claim.Type == type);
        void Instead(string type, string value)
        {
            Without(type);
            claims.Add((type, value));
        }

        switch (who)
        {
            case "cis2: identity not verified":
                Instead("id_assurance_level", "2");
                break;
            case "cis2: no role selected of two":
                Without("selected_roleid");
                break;
            case "cis2: selected role is not among them":
                Instead("selected_roleid", "r3");
                break;
            case "cis2: no role at all":
                Without("nhsid_nrbac_roles");
                break;
            case "cis2: no auth_time":
                Without("auth_time");
                break;
            case "cis2: no user id":
                Without("nhsid_useruid");
                break;
            case "entra: another tenant":
                Instead("tid", "22222222-2222-3333-4444-555555555555");
                break;
            case "entra: a guest":
                Instead("acct", "1");
                break;
            case "entra: a guest by its provider":
                Instead("idp", "https://sts.windows.net/another/");
                break;
            case "entra: version 1":
                Instead("ver", "1.0");
                break;
            case "entra: no oid":
                Without("oid");
                break;
            case "oidc: two subjects":
                claims.Add(("sub", "another"));
                break;
        }

        return (kind, claims);
    }

    private static Provider A(ProviderKind kind) =>
        new("p", "P", kind, kind == ProviderKind.Entra ? EntraIssuer : new Uri("https://provider.example/"), "hub")
        {
            Scopes = [],
            Assurance = new Dictionary<string, Hosting.Access.AssuranceLevel>
            {
                ["two"] = Hosting.Access.AssuranceLevel.Aal2,
            },
            Rules = [],
        };

    private static ProviderClaims Read(ProviderKind kind, List<(string Type, string Value)> claims) =>
        ProviderClaims.Read(
            A(kind),
            new System.Security.Claims.ClaimsPrincipal(
                new System.Security.Claims.ClaimsIdentity(
                    claims.Select(claim => new System.Security.Claims.Claim(claim.Type, claim.Value)),
                    "test"
                )
            )
        );
}
