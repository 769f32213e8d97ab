using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Storage;
using Safeguarding.TestKit;

[assembly: AssemblyFixture(typeof(HubServers))]

namespace Safeguarding.Matching.Tests;

/// <summary>The matching service on real servers, with plan-registry and encounter-ingest played by the test, and notification listening.</summary>
public sealed class MatchingUnderTest : IAsyncDisposable
{
    public const string Hackney = "E09000012";
    public const string Leeds = "E08000035";

    private readonly List<ServiceUnderTest<MatchingDb>> _replicas = [];

    private MatchingUnderTest(ServiceUnderTest<MatchingDb> first, EventsSeen<EncounterMatched> matched, EventsSeen<MatchWithdrawn> withdrawn)
    {
        _replicas.Add(first);
        (Matched, Withdrawn, Sealer) = (matched, withdrawn, first.Services.GetRequiredService<Sealer>());
    }

    public ServiceUnderTest<MatchingDb> Service => _replicas[0];

    public EventsSeen<EncounterMatched> Matched { get; }

    public EventsSeen<MatchWithdrawn> Withdrawn { get; }

    public Sealer Sealer { get; }

    public TestBus Bus => Service.Bus;

    public static async Task<MatchingUnderTest> StartAsync(
        HubServers servers, IReadOnlyDictionary<string, string?>? settings = null, Microsoft.Extensions.Time.Testing.FakeTimeProvider? clock = null)
    {
        var surroundings = await Surroundings.CreateAsync(servers);
        var matched = await surroundings.Bus.ListenAsync<EncounterMatched>();
        var withdrawn = await surroundings.Bus.ListenAsync<MatchWithdrawn>();
        return new(await ServiceUnderTest<MatchingDb>.StartAsync(servers, settings, clock, surroundings), matched, withdrawn);
    }

    public async Task AddReplicaAsync(HubServers servers) =>
        _replicas.Add(await ServiceUnderTest<MatchingDb>.StartAsync(servers, surroundings: Service.Surroundings));

    public PlanRegistered APlan(PersonTraits subject, string council = Hackney, PlanKind kind = PlanKind.ChildProtection, long version = 1)
    {
        var id = Guid.CreateVersion7();
        return new(
            id, version, council, $"P-{id.ToString("n")[20..]}", kind, Today.AddDays(-30), null,
            kind == PlanKind.Unborn ? Today.AddDays(60) : null, Sealer.Seal(subject));
    }

    public EncounterReceived AnEncounter(PersonTraits patient, long version = 1) =>
        new(
            Guid.CreateVersion7(), version, EncounterStatus.Arrived, true, Now.AddMinutes(-10), null, Now, Sealer.Seal(patient),
            Sealer.Seal(new Place("RQX", "Homerton Healthcare", "RQXM1", "Homerton Hospital", CareSetting.EmergencyDepartment, "020 7946 0000")), []);

    public static PlanAmended Amended(PlanRegistered plan, long version) =>
        new(plan.PlanId, version, plan.CouncilCode, plan.Reference, plan.Kind, plan.StartDate, plan.EndDate, plan.ExpectedDate, plan.Subject);

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    /// <summary>Waits until everything published up to here has been consumed and told: an encounter that matches a plan of its own comes through last.</summary>
    public async Task SettleAsync()
    {
        var child = Synthetic.AChild();
        var plan = APlan(child, "E06000001");
        var encounter = AnEncounter(child);
        await Bus.PublishAsync(plan);
        await Bus.PublishAsync(encounter);
        await Matched.One(match => match.EncounterId == encounter.EncounterId);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas.AsEnumerable().Reverse())
            await replica.DisposeAsync();
        await Service.Surroundings.DisposeAsync();
    }
}
