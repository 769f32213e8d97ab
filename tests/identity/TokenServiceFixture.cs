using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>
/// One running service with a trust's system, a neighbour's, a disabled one and one that has a secret while
/// secrets are off.
/// </summary>
public sealed class TokenServiceFixture(HubServers servers) : IAsyncLifetime
{
    public ClientKey Key { get; } = ClientKey.Rsa("rx1-1");

    public ClientKey EllipticKey { get; } = ClientKey.P384("rx1-2");

    public ClientKey NeighboursKey { get; } = ClientKey.Rsa("ryj-1");

    public Ground Ground { get; private set; } = null!;

    public TokenService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Ground = await Ground.CreateAsync(
            servers,
            Ground.Client("rx1-epr", "RX1", ["encounter.submit", "site.write"], Key, EllipticKey),
            Ground.Client("ryj-epr", "RYJ", ["encounter.submit"], NeighboursKey),
            Disabled(Ground.Client("rx1-old", "RX1", ["encounter.submit"], Key)),
            Ground.ClientWithSecret("demo-council", "E06000015", "only-for-development")
        );
        Service = TokenService.Start(Ground);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Ground.Dispose();
    }

    private static System.Text.Json.Nodes.JsonObject Disabled(System.Text.Json.Nodes.JsonObject client)
    {
        client["disabled"] = true;
        return client;
    }
}
