using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.Cli;
using Safeguarding.TestKit;

[assembly: UnsupportedOSPlatform("windows")]

namespace Safeguarding.Identity.Tests;

/// <summary>The <c>clients</c> orders against the file that a running token endpoint follows.</summary>
public sealed class Clients_kept_by_an_operator(HubServers servers)
{
    private static readonly ClientKey First = ClientKey.Rsa("2026-1");
    private static readonly ClientKey Second = ClientKey.P384("2026-2");
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task A_client_is_added_rotated_and_disabled_while_the_service_runs()
    {
        using var ground = await Ground.CreateAsync(servers);
        await using var service = TokenService.Start(ground);

        await Taken(service, () =>
            Order(
                ground,
                First.PublicPem,
                "add",
                "rx1-epr",
                "--organisation",
                "RX1",
                "--scopes",
                "encounter.submit,site.write",
                "--key",
                "-",
                "--kid",
                "2026-1"
            )
        );
        Assert.NotNull((await service.Ask(new AnAssertion("rx1-epr", First))).Token);

        await Taken(service, () =>
            Order(ground, Second.Jwk().ToJsonString(), "rotate", "rx1-epr", "--key", "-", "--overlap", "1h")
        );
        Assert.NotNull((await service.Ask(new AnAssertion("rx1-epr", First))).Token);
        Assert.NotNull((await service.Ask(new AnAssertion("rx1-epr", Second, "ES384"))).Token);

        await Taken(service, () => Order(ground, "", "disable", "rx1-epr"));
        Assert.Equal(
            "The client is disabled.",
            (await service.Ask(new AnAssertion("rx1-epr", Second, "ES384"))).Description
        );
        Assert.Contains("disabled", Order(ground, "", "list").Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_that_people_sign_in_to_is_added_and_gets_tokens_for_them()
    {
        using var ground = await Ground.CreateAsync(servers);
        await using var service = TokenService.StartForPeople(ground);
        string[] application = ["add", Portal.Id, "--organisation", "HUB", "--key", "-", "--kid", "2026-1"];
        string[] addresses =
        [
            "--redirect-uris",
            Portal.RedirectUri,
            "--post-logout-redirect-uris",
            "https://portal.example/signed-out",
        ];

        foreach (
            var wrong in (string[][])
                [
                    [],
                    ["--scopes", "plan.read", .. addresses],
                ]
        )
        {
            var refused = Order(ground, First.PublicPem, [.. application, .. wrong]);
            Assert.NotEqual(0, refused.Code);
            Assert.Contains("--redirect-uris", refused.Said, StringComparison.Ordinal);
        }

        await Taken(service, () => Order(ground, First.PublicPem, [.. application, .. addresses]));

        Assert.NotNull((await new Portal(service, First).Tokens("p05")).Token);
    }

    [Fact]
    public async Task A_replaced_key_ends_when_its_overlap_does_and_leaves_the_file_at_the_next_rotation()
    {
        using var ground = await Ground.CreateAsync(
            servers,
            Ground.Client("rx1-epr", "RX1", ["encounter.submit"], First)
        );
        await using var service = TokenService.Start(ground);

        await Taken(service, () =>
            Order(ground, Second.PublicPem, "rotate", "rx1-epr", "--key", "-", "--kid", "2026-2", "--overlap", "0d")
        );
        Assert.Equal(
            "The 'kid' of the client_assertion is a key that has been replaced.",
            (await service.Ask(new AnAssertion("rx1-epr", First))).Description
        );

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(
            0,
            Order(ground, ClientKey.Rsa("2026-3").PublicPem, "rotate", "rx1-epr", "--key", "-", "--kid", "2026-3").Code
        );
        Assert.DoesNotContain(
            "\"2026-1\"",
            await File.ReadAllTextAsync(ground.ClientsFile, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_bad_order_changes_nothing_and_says_what_is_wrong_without_repeating_a_key()
    {
        using var ground = await Ground.CreateAsync(
            servers,
            Ground.Client("rx1-epr", "RX1", ["encounter.submit"], First)
        );
        using var small = RSA.Create(1024);
        using var secret = RSA.Create(2048);
        var before = await File.ReadAllTextAsync(ground.ClientsFile, TestContext.Current.CancellationToken);
        string[] add =
        [
            "add",
            "ryj-epr",
            "--organisation",
            "RYJ",
            "--scopes",
            "encounter.submit",
            "--key",
            "-",
            "--kid",
            "k1",
        ];
        (string Named, string Key, string[] Order)[] bad =
        [
            ("private key", secret.ExportPkcs8PrivateKeyPem(), add),
            ("2048 bits", small.ExportSubjectPublicKeyInfoPem(), add),
            ("P-384", ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportSubjectPublicKeyInfoPem(), add),
            ("neither a JWK nor a PEM", "hello", add),
            ("give one with --kid", First.PublicPem, add[..^2]),
            ("is taken", First.PublicPem, [add[0], "rx1-epr", .. add[2..]]),
            (
                "plan.reed",
                First.PublicPem,
                ["add", "ryj-epr", "--organisation", "RYJ", "--scopes", "plan.reed", "--key", "-", "--kid", "k1"]
            ),
            (
                "\"organisation\"",
                First.PublicPem,
                ["add", "ryj-epr", "--organisation", "St Elsewhere", "--scopes", "ops", "--key", "-", "--kid", "k1"]
            ),
            (
                "scope \"ops\" is for the hub; RYJ is a trust",
                First.PublicPem,
                ["add", "ryj-epr", "--organisation", "RYJ", "--scopes", "ops", "--key", "-", "--kid", "k1"]
            ),
            ("organisation", First.PublicPem, ["add", "ryj-epr", "--scopes", "ops", "--key", "-", "--kid", "k1"]),
            ("'scope'", First.PublicPem, ["add", "ryj-epr", "--scope", "ops"]),
            ("there is no client ryj-epr", "", ["disable", "ryj-epr"]),
            ("not disabled already", "", ["enable", "rx1-epr"]),
            ("twice", First.PublicPem, ["rotate", "rx1-epr", "--key", "-", "--kid", "2026-1"]),
            ("at most 90 days", First.PublicPem, ["rotate", "rx1-epr", "--key", "-", "--kid", "k2", "--overlap", "1y"]),
        ];

        Assert.All(bad, line =>
        {
            var (code, said) = Order(ground, line.Key, line.Order);
            Assert.NotEqual(0, code);
            Assert.Contains(line.Named, said, StringComparison.Ordinal);
            Assert.DoesNotContain("-----BEGIN", said, StringComparison.Ordinal);
        });
        Assert.Equal(before, await File.ReadAllTextAsync(ground.ClientsFile, TestContext.Current.CancellationToken));
    }

    private (int Code, string Said) Order(Ground ground, string input, params string[] order)
    {
        using var said = new StringWriter();
        Environment.SetEnvironmentVariable("HUB_CLIENTS_FILE", ground.ClientsFile);
        var code = HubCli
            .RunAsync(["clients", .. order], new Terminal(new StringReader(input), said, said, _clock))
            .GetAwaiter()
            .GetResult();
        return (code, said.ToString());
    }

    private static async Task Taken(TokenService service, Func<(int Code, string Said)> order)
    {
        int Known() => service.Log.Count(line => line.Contains("clients are known", StringComparison.Ordinal));
        var before = Known();
        var (code, said) = order();
        Assert.True(code == 0, said);
        await Eventually.UntilAsync(() => Task.FromResult(Known()), count => count > before);
    }
}
