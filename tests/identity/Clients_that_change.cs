using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>Rotating and disabling without a restart.</summary>
public sealed class Clients_that_change(HubServers servers)
{
    private readonly ClientKey _old = ClientKey.Rsa("2026-1");
    private readonly ClientKey _new = ClientKey.Rsa("2026-2");

    [Fact]
    public async Task A_key_is_replaced_without_a_gap_and_without_a_restart()
    {
        using var ground = await Ground.CreateAsync(servers, Trust(_old));
        await using var service = TokenService.Start(ground);
        Assert.NotNull((await service.Ask(new AnAssertion("rx1-epr", _old))).Token);

        await service.Rewrite(ground, Trust(_old, _new));
        Assert.NotNull((await service.Ask(new AnAssertion("rx1-epr", _new))).Token);
        Assert.NotNull((await service.Ask(new AnAssertion("rx1-epr", _old))).Token);

        await service.Rewrite(ground, Trust(_new));
        Assert.Equal("invalid_client", (await service.Ask(new AnAssertion("rx1-epr", _old))).Error);
        Assert.NotNull((await service.Ask(new AnAssertion("rx1-epr", _new))).Token);
    }

    [Fact]
    public async Task A_client_is_disabled_without_a_restart()
    {
        using var ground = await Ground.CreateAsync(servers, Trust(_old));
        await using var service = TokenService.Start(ground);
        var disabled = Trust(_old);
        disabled["disabled"] = true;

        await service.Rewrite(ground, disabled);

        var answer = await service.Ask(new AnAssertion("rx1-epr", _old));
        Assert.Equal(("invalid_client", "The client is disabled."), (answer.Error, answer.Description));
    }

    [Fact]
    public async Task A_file_that_has_gone_bad_keeps_the_last_good_clients_and_is_logged_once()
    {
        using var ground = await Ground.CreateAsync(servers, Trust(_old));
        await using var service = TokenService.Start(ground);

        ground.Write("""{ "clients": [ { "id": "rx1-epr", "disabeld": true } ] }""");

        await Eventually.UntilAsync(() => Task.FromResult(Errors(service).Length), count => count > 0);
        Assert.NotNull((await service.Ask(new AnAssertion("rx1-epr", _old))).Token);
        await service.Rewrite(ground, Trust(_new));
        Assert.NotNull((await service.Ask(new AnAssertion("rx1-epr", _new))).Token);
        Assert.Contains("clients[0]", Assert.Single(Errors(service)), StringComparison.Ordinal);
    }

    private static string[] Errors(TokenService service) =>
        [.. service.Log.Where(line => line.StartsWith("Error", StringComparison.Ordinal))];

    private static System.Text.Json.Nodes.JsonObject Trust(params ClientKey[] keys) =>
        Ground.Client("rx1-epr", "RX1", ["encounter.submit"], keys);
}
