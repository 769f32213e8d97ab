using Safeguarding.EncounterIngest.Storage;
using Safeguarding.TestKit;

[assembly: AssemblyFixture(typeof(HubServers))]

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>One running service for a class of tests.</summary>
public sealed class Service(HubServers servers) : IAsyncLifetime
{
    private ServiceUnderTest<EncounterIngestDb>? _service;

    public ServiceUnderTest<EncounterIngestDb> Under => _service!;

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(servers);
    }

    public ValueTask DisposeAsync() => Under.DisposeAsync();
}
