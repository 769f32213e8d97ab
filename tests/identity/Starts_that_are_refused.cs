using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Safeguarding.Identity.Tests;

/// <summary>A wrong file or setting stops the start and is named; nothing secret is in the message.</summary>
public sealed class Starts_that_are_refused
{
    private static readonly ClientKey Key = ClientKey.Rsa("k");

    private static readonly Dictionary<string, (string Named, Action<JsonObject> Change)> Entries = new()
    {
        ["id"] = ("\"id\"", entry => entry.Remove("id")),
        ["organisation"] = ("\"organisation\"", entry => entry["organisation"] = "St Elsewhere's"),
        ["no scope"] = ("\"scopes\"", entry => entry["scopes"] = new JsonArray()),
        ["unknown scope"] = ("plan.reed", entry => entry["scopes"] = new JsonArray("plan.reed")),
        ["plan scope of a trust"] = ("scope \"plan.read\" is for councils; RYJ is a trust", entry =>
            entry["scopes"] = new JsonArray("encounter.submit", "plan.read")
        ),
        ["operator's scope of a trust"] = ("scope \"ops\" is for the hub; RYJ is a trust", entry =>
            entry["scopes"] = new JsonArray("ops")
        ),
        ["operator's scope of a council"] = ("is a council", entry =>
        {
            entry["organisation"] = "W06000015";
            entry["scopes"] = new JsonArray("plan.read", "ops");
        }),
        ["trust's scope of a police force"] = ("is a police force", entry => entry["organisation"] = "43"),
        ["scope of people"] = ("only for people", entry => entry["scopes"] = new JsonArray("lookup.person")),
        ["code of no kind"] = ("no ODS, GSS or force code", entry => entry["organisation"] = "E12000001"),
        ["application with scopes"] = ("\"scopes\" has no place", entry =>
            entry["redirectUris"] = new JsonArray("https://portal.example/")
        ),
        ["application over http"] = ("https addresses", entry => Application(entry, "http://portal.example/")),
        ["application with a fragment"] = ("https addresses", entry => Application(entry, "https://portal.example/#a")),
        ["application with no address"] = ("https addresses", entry => Application(entry)),
        ["system that signs out"] = ("\"postLogoutRedirectUris\"", entry =>
            entry["postLogoutRedirectUris"] = new JsonArray("https://portal.example/")
        ),
        ["neither keys nor secret"] = ("\"secret\"", entry => entry.Remove("jwks")),
        ["both keys and secret"] = ("\"secret\"", entry => entry["secret"] = "a-long-enough-secret"),
        ["errors of another shape"] = ("\"tokenErrors\" must be \"rfc6749\" or \"nhs\"", entry =>
            entry["tokenErrors"] = "NHS"
        ),
        ["misspelt member"] = ("$.disabeld", entry => entry["disabeld"] = true),
        ["no kid"] = ("\"kid\"", entry => Jwk(entry).Remove("kid")),
        ["private key"] = ("private", entry => Jwk(entry)["d"] = "c2VjcmV0"),
        ["symmetric key"] = ("private", entry =>
        {
            Jwk(entry)["kty"] = "oct";
            Jwk(entry)["k"] = "c2VjcmV0";
        }),
        ["small key"] = ("2048", entry => Jwk(entry)["n"] = "c2VjcmV0"),
        ["key no base64"] = ("2048", entry => Jwk(entry)["n"] = "%%%"),
        ["another curve"] = ("P-384", entry =>
        {
            Jwk(entry)["kty"] = "EC";
            Jwk(entry)["crv"] = "P-256";
        }),
        ["encryption key"] = ("signatures", entry => Jwk(entry)["use"] = "enc"),
        ["key for HS256"] = ("algorithm", entry => Jwk(entry)["alg"] = "HS256"),
        ["kid twice"] = ("twice", entry => entry["jwks"]!["keys"]!.AsArray().Add(Key.Jwk())),
    };

    public static TheoryData<string> Faults => [.. Entries.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public void The_entry_at_fault_is_named(string fault)
    {
        var (named, change) = Entries[fault];
        var good = Ground.Client("rx1-epr", "RX1", ["encounter.submit"], Key);
        var bad = Ground.Client("ryj-epr", "RYJ", ["encounter.submit"], Key);
        change(bad);
        var file = new JsonObject { ["clients"] = new JsonArray(good, bad) }.ToJsonString();

        var exception = Assert.Throws<Clients.BadClientsFileException>(() =>
            Clients.ClientsFile.Read(System.Text.Encoding.UTF8.GetBytes(file))
        );

        Assert.Contains("clients[1]", exception.Message, StringComparison.Ordinal);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_twice_stops_the_start()
    {
        var client = Ground.Client("rx1-epr", "RX1", ["encounter.submit"], Key);
        using var ground = NoDatabase();
        ground.Write(client, client);

        Assert.Contains("clients[1] (rx1-epr)", await RefusedStart(ground), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Identity:AllowHttp", "false", "https")]
    [InlineData("Identity:Issuer", "hub", "Identity__Issuer")]
    [InlineData("Identity:ClientsFile", "", "Identity__ClientsFile")]
    [InlineData("Identity:KeysDirectory", "", "Identity__KeysDirectory")]
    [InlineData("ConnectionStrings:Hub", "", "ConnectionStrings__Hub")]
    [InlineData("Postgres:OwnerPassword", "", "Postgres__OwnerPassword is missing")]
    [InlineData("Hub:PublicUrl", "hub.example", "Hub__PublicUrl")]
    [InlineData("Hub:TrustedProxies", "proxy.example", "Hub__TrustedProxies")]
    [InlineData("Keys:File", "", "Keys__File is missing")]
    public async Task A_setting_at_fault_is_named(string key, string value, string named)
    {
        using var ground = NoDatabase();

        Assert.Contains(named, await RefusedStart(ground, (key, value)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_development_provider_stops_the_start_in_production()
    {
        using var ground = NoDatabase();
        ground.Write();

        Assert.Contains(
            "anybody could sign in as anybody",
            await RefusedStart(ground, ("Identity:DevelopmentProvider", "true"), ("HUB_ENVIRONMENT", "production")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_rule_that_gives_a_trust_an_operator_stops_the_start_with_the_reason()
    {
        using var ground = NoDatabase();
        ground.Write();
        using var issuer = new OutsideIssuer();
        issuer.WriteFile(ground, rules: [OutsideIssuer.Rule(["RX1"], "operator", ("groups", "it"))]);
        var path = Path.Combine(ground.ProvidersDirectory, "outside.json");
        var file = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        file["issuer"] = "https://provider.example/";
        await File.WriteAllTextAsync(path, file.ToJsonString(), TestContext.Current.CancellationToken);

        Assert.Contains(
            "outside.json: rules[0]: the role \"operator\" is for the hub; RX1 is a trust.",
            await RefusedStart(ground, ("Identity:ProvidersDirectory", ground.ProvidersDirectory)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_signing_key_without_a_time_stops_the_start()
    {
        using var ground = NoDatabase();
        ground.Write();
        Directory.CreateDirectory(ground.KeysDirectory);
        await File.WriteAllTextAsync(
            Path.Combine(ground.KeysDirectory, "new.pem"),
            "",
            TestContext.Current.CancellationToken
        );

        Assert.Contains("new.pem", await RefusedStart(ground), StringComparison.Ordinal);
    }

    /// <summary>
    /// Starts the program itself, as an operator does, and returns what it printed before it gave
    /// up.
    /// </summary>
    private static async Task<string> RefusedStart(Ground ground, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Safeguarding.Identity.dll")]
        )
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (key, value) in TokenService.SettingsOf(ground, settings))
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start)!;
        var printed = await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(),
                process.StandardError.ReadToEndAsync()
            )
            .WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, process.ExitCode);
        return string.Concat(printed);
    }

    // Every fault shows before the database is asked for anything.
    private static Ground NoDatabase() => new() { ConnectionString = "Host=127.0.0.1;Port=9;Timeout=2" };

    private static void Application(JsonObject entry, params string[] redirectUris)
    {
        entry.Remove("scopes");
        entry["redirectUris"] = new JsonArray([.. redirectUris.Select(uri => (JsonNode)uri)]);
    }

    private static JsonObject Jwk(JsonObject entry) => entry["jwks"]!["keys"]![0]!.AsObject();
}
