using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

public sealed class Signing_keys_that_rotate(HubServers servers)
{
    private readonly ClientKey _key = ClientKey.Rsa("rx1-1");

    [Fact]
    public async Task A_restart_signs_with_the_same_key()
    {
        using var ground = await GroundAsync();
        string first;
        await using (var service = TokenService.Start(ground))
            first = await SigningKid(service);
        await using var restarted = TokenService.Start(ground);

        Assert.Equal(first, await SigningKid(restarted));
    }

    [Fact]
    public async Task Two_instances_that_start_at_once_share_one_key()
    {
        using var ground = await GroundAsync();
        var both = await Task.WhenAll(
            Task.Run(() => TokenService.Start(ground)),
            Task.Run(() => TokenService.Start(ground))
        );
        await using var one = both[0];
        await using var other = both[1];

        Assert.Equal(await SigningKid(one), await SigningKid(other));
        Assert.Single(Directory.GetFiles(ground.KeysDirectory));
    }

    [Fact]
    public async Task A_key_for_later_is_published_before_it_signs()
    {
        using var ground = await GroundAsync();
        await using var service = TokenService.Start(ground);
        var first = await SigningKid(service);

        AddKey(ground, TimeProvider.System.GetUtcNow().AddHours(1));

        await Eventually.UntilAsync(() => Published(service), kids => kids.Length == 2);
        Assert.Equal(first, await SigningKid(service));
    }

    [Fact]
    public async Task The_newest_whose_time_has_come_signs_and_the_older_stays_published()
    {
        using var ground = await GroundAsync();
        await using var service = TokenService.Start(ground);
        var first = await SigningKid(service);

        AddKey(ground, TimeProvider.System.GetUtcNow().AddSeconds(3));

        // Published at once, first in the list once it signs.
        var published = await Eventually.UntilAsync(
            () => Published(service),
            kids => kids.Length == 2 && kids[0] != first
        );
        Assert.Equal(published[0], await SigningKid(service));
        Assert.Equal(first, published[1]);
    }

    [Fact]
    public async Task A_bad_key_file_changes_nothing_and_is_logged()
    {
        using var ground = await GroundAsync();
        await using var service = TokenService.Start(ground);
        var first = await SigningKid(service);

        await File.WriteAllTextAsync(
            Path.Combine(ground.KeysDirectory, "20260101T000000Z.pem"),
            "nonsense",
            TestContext.Current.CancellationToken
        );

        await Eventually.UntilAsync(() =>
            Task.FromResult(
                service.Log.Any(line =>
                    line.StartsWith("Error", StringComparison.Ordinal)
                    && line.Contains("20260101T000000Z.pem", StringComparison.Ordinal)
                )
            )
        );
        Assert.Equal(first, await SigningKid(service));
    }

    private static void AddKey(Ground ground, DateTimeOffset from)
    {
        using var rsa = RSA.Create(2048);
        File.WriteAllText(
            Path.Combine(ground.KeysDirectory, from.ToString("yyyyMMdd'T'HHmmss'Z.pem'", CultureInfo.InvariantCulture)),
            rsa.ExportPkcs8PrivateKeyPem()
        );
    }

    private async Task<string> SigningKid(TokenService service) =>
        new JsonWebToken((await service.Ask(new AnAssertion("rx1-epr", _key))).Token).Kid;

    private static async Task<string[]> Published(TokenService service) =>
        [
            .. (
                await service.Http.GetFromJsonAsync<JsonElement>(
                    "/.well-known/jwks",
                    TestContext.Current.CancellationToken
                )
            )
                .GetProperty("keys")
                .EnumerateArray()
                .Select(key => key.GetProperty("kid").GetString()!),
        ];

    private Task<Ground> GroundAsync() =>
        Ground.CreateAsync(servers, Ground.Client("rx1-epr", "RX1", ["encounter.submit"], _key));
}
