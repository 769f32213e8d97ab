using Safeguarding.Identity.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>Identity as the guards of routes start services: it also trusts the tests' issuer.</summary>
internal sealed class IdentityUnderTest : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("identity-");

    private IdentityUnderTest() { }

    public ServiceUnderTest<IdentityDb> Service { get; private set; } = null!;

    /// <param name="servers">The servers of the assembly.</param>
    /// <param name="client">A client of the register, as JSON; none when null.</param>
    public static async Task<IdentityUnderTest> StartAsync(HubServers servers, string? client = null)
    {
        var identity = new IdentityUnderTest();
        var clients = Path.Combine(identity._folder.FullName, "clients.json");
        await File.WriteAllTextAsync(clients, $$"""{"clients":[{{client}}]}""");
        identity.Service = await ServiceUnderTest<IdentityDb>.StartAsync(
            servers,
            new Dictionary<string, string?>
            {
                ["Identity:Issuer"] = "http://localhost:8105/",
                ["Identity:ClientsFile"] = clients,
                ["Identity:KeysDirectory"] = Path.Combine(identity._folder.FullName, "keys"),
            }
        );
        return identity;
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
