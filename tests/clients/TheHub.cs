using Safeguarding.Clients.Tests;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Matching.Storage;
using Safeguarding.Notification.Domain.Councils;
using Safeguarding.Notification.Storage;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.TestKit;

[assembly: AssemblyFixture(typeof(HubServers))]

namespace Safeguarding.Clients.Tests;

/// <summary>The four services, each at an address of its own, over one database and one virtual host.</summary>
public sealed class TheHub : IAsyncDisposable
{
    public const string Council = "E09000012";
    public const string Trust = "RZ1";

    private readonly Surroundings _surroundings;

    private TheHub(
        Surroundings surroundings,
        ServiceUnderTest<PlanRegistryDb> planRegistry,
        ServiceUnderTest<EncounterIngestDb> encounterIngest,
        ServiceUnderTest<MatchingDb> matching,
        ServiceUnderTest<NotificationDb> notification
    ) =>
        (_surroundings, PlanRegistry, EncounterIngest, Matching, Notification) = (
            surroundings,
            planRegistry,
            encounterIngest,
            matching,
            notification
        );

    public ServiceUnderTest<PlanRegistryDb> PlanRegistry { get; }

    public ServiceUnderTest<EncounterIngestDb> EncounterIngest { get; }

    public ServiceUnderTest<MatchingDb> Matching { get; }

    public ServiceUnderTest<NotificationDb> Notification { get; }

    public static async Task<TheHub> StartAsync(HubServers servers)
    {
        var surroundings = await Surroundings.CreateAsync(servers);
        return new TheHub(
            surroundings,
            await ServiceUnderTest<PlanRegistryDb>.StartAsync(servers, surroundings: surroundings),
            await ServiceUnderTest<EncounterIngestDb>.StartAsync(servers, surroundings: surroundings),
            await ServiceUnderTest<MatchingDb>.StartAsync(servers, surroundings: surroundings),
            await ServiceUnderTest<NotificationDb>.StartAsync(servers, surroundings: surroundings)
        );
    }

    public string Token(string organisation, params string[] scopes) =>
        _surroundings.Servers.Issuer.Token(organisation, scopes);

    public async ValueTask DisposeAsync()
    {
        await Notification.DisposeAsync();
        await Matching.DisposeAsync();
        await EncounterIngest.DisposeAsync();
        await PlanRegistry.DisposeAsync();
        await _surroundings.DisposeAsync();
    }
}
