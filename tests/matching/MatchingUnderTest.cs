using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;
using Safeguarding.TestKit;

[assembly: AssemblyFixture(typeof(HubServers))]

namespace Safeguarding.Matching.Tests;

/// <summary>
/// The matching service on real servers, with plan-registry and encounter-ingest played by the test, and
/// notification listening.
/// </summary>
public sealed class MatchingUnderTest : IAsyncDisposable
{
    public const string Hackney = "E09000012";
    public const string Leeds = "E08000035";

    private readonly List<ServiceUnderTest<MatchingDb>> _replicas = [];
    private readonly ConcurrentBag<Guid> _published = [];

    private MatchingUnderTest(
        ServiceUnderTest<MatchingDb> first,
        EventsSeen<EncounterMatched> matched,
        EventsSeen<MatchWithdrawn> withdrawn,
        EventsSeen<MatchNeedsReview> asked,
        EventsSeen<ChildRegisteredAgain> registeredAgain
    )
    {
        _replicas.Add(first);
        (Matched, Withdrawn, Asked, Sealer) = (matched, withdrawn, asked, first.Services.GetRequiredService<Sealer>());
        RegisteredAgain = registeredAgain;
    }

    public ServiceUnderTest<MatchingDb> Service => _replicas[0];

    public EventsSeen<EncounterMatched> Matched { get; }

    public EventsSeen<MatchWithdrawn> Withdrawn { get; }

    public EventsSeen<MatchNeedsReview> Asked { get; }

    public EventsSeen<ChildRegisteredAgain> RegisteredAgain { get; }

    public Sealer Sealer { get; }

    public TestBus Bus => Service.Bus;

    public static async Task<MatchingUnderTest> StartAsync(
        HubServers servers,
        IReadOnlyDictionary<string, string?>? settings = null,
        FakeTimeProvider? clock = null,
        bool ownKeys = false
    )
    {
        var surroundings = await Surroundings.CreateAsync(servers, ownKeys, typeof(MatchingDb));
        var matched = await surroundings.Bus.ListenAsync<EncounterMatched>();
        var withdrawn = await surroundings.Bus.ListenAsync<MatchWithdrawn>();
        var asked = await surroundings.Bus.ListenAsync<MatchNeedsReview>();
        var registeredAgain = await surroundings.Bus.ListenAsync<ChildRegisteredAgain>();
        return new(
            await ServiceUnderTest<MatchingDb>.StartAsync(servers, settings, clock, surroundings),
            matched,
            withdrawn,
            asked,
            registeredAgain
        );
    }

    public async Task<ServiceUnderTest<MatchingDb>> AddReplicaAsync(HubServers servers)
    {
        _replicas.Add(await ServiceUnderTest<MatchingDb>.StartAsync(servers, surroundings: Service.Surroundings));
        return _replicas[^1];
    }

    public PlanRegistered APlan(
        PersonTraits subject,
        string council = Hackney,
        PlanKind kind = PlanKind.ChildProtection,
        long version = 1
    )
    {
        var id = Guid.CreateVersion7();
        return new(
            id,
            version,
            council,
            $"P-{id.ToString("n")[20..]}",
            kind,
            Today.AddDays(-30),
            null,
            kind == PlanKind.Unborn ? Today.AddDays(60) : null,
            Sealer.Seal(subject)
        );
    }

    public EncounterReceived AnEncounter(PersonTraits patient, long version = 1) =>
        new(
            Guid.CreateVersion7(),
            version,
            EncounterStatus.Arrived,
            true,
            Now.AddMinutes(-10),
            null,
            Now,
            Sealer.Seal(patient),
            Sealer.Seal(
                new Place(
                    "RQX",
                    "Homerton Healthcare",
                    "RQXM1",
                    "Homerton Hospital",
                    CareSetting.EmergencyDepartment,
                    "020 7946 0000",
                    "ED-4711"
                )
            ),
            []
        );

    public static PlanAmended Amended(PlanRegistered plan, long version) =>
        new(
            plan.PlanId,
            version,
            plan.CouncilCode,
            plan.Reference,
            plan.Kind,
            plan.StartDate,
            plan.EndDate,
            plan.ExpectedDate,
            plan.Subject
        );

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    /// <summary>Publishes events in one batch, as their sender would.</summary>
    public async Task PublishAsync<TEvent>(params TEvent[] events)
        where TEvent : class
    {
        if (events.Length == 0)
            return;
        var packed = events.Select(e => (Id: Guid.CreateVersion7(), e)).ToArray();
        foreach (var (id, _) in packed)
            _published.Add(id);
        await Bus.PublishAsync(packed);
    }

    /// <summary>Waits until everything published up to here is consumed, and what it led to is published.</summary>
    public async Task SettleAsync()
    {
        var ids = _published.ToArray();
        try
        {
            await Eventually.UntilAsync(
                () => CountTakenAsync(ids),
                taken => taken == ids.Length,
                TimeSpan.FromMinutes(3),
                $"taken of {ids.Length}"
            );
        }
        catch (Xunit.Sdk.XunitException missed)
        {
            Assert.Fail(
                $"{missed.Message}. {await WhyNotAsync()}; {await Service.Surroundings.VirtualHost.QueuesAsync()}"
            );
        }

        // Each version: an earlier one may be seen after a later one.
        await Eventually.UntilAsync(
            async () =>
            {
                var told = Versions()
                    .CountBy(news => (news.Encounter, news.Council))
                    .ToDictionary(news => news.Key, news => news.Value);
                return (await Service.Db(db => db.CouncilMatches.AsNoTracking().ToListAsync()))
                    .Where(match => told.GetValueOrDefault((match.EncounterId, match.CouncilCode)) < match.Version)
                    .Select(match => match.EncounterId)
                    .ToList();
            },
            untold => untold.Count == 0
        );
    }

    private Task<int> CountTakenAsync(Guid[] ids) =>
        Service.Db(db => db.Set<InboxRow>().CountAsync(row => ids.Contains(row.EventId)));

    // So that a failure says which consumer is behind and what it waits for.
    private async Task<string> WhyNotAsync()
    {
        await using var source = NpgsqlDataSource.Create(Service.Surroundings.Database);
        await using var command = source.CreateCommand(
            """
            SELECT coalesce(string_agg(line, '; '), '') FROM (
                SELECT consumer || ' took ' || count(*) AS line FROM matching.inbox GROUP BY consumer
                UNION ALL
                SELECT consumer || ' parked ' || count(*) || ' for ' || coalesce(exception_type, reason)
                    FROM matching.parked_message GROUP BY consumer, coalesce(exception_type, reason)
                UNION ALL
                SELECT state || ' ' || coalesce(wait_event, '') || ' ' || left(query, 60) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
            ) AS lines
            """
        );
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private HashSet<(Guid Encounter, string Council, long Version)> Versions() =>
        [
            .. Matched.All.Select(match => (match.EncounterId, match.CouncilCode, match.Version)),
            .. Withdrawn.All.Select(match => (match.EncounterId, match.CouncilCode, match.Version)),
        ];

    /// <summary>What a listener that goes by versions has been told last, by encounter and council.</summary>
    internal Dictionary<(Guid Encounter, string Council), LastNotified> Notified() =>
        Matched
            .All.Select(match =>
                (match.EncounterId, match.CouncilCode, Last: new LastNotified(match.Version, match, null))
            )
            .Concat(
                Withdrawn.All.Select(match =>
                    (match.EncounterId, match.CouncilCode, Last: new LastNotified(match.Version, null, match.Reason))
                )
            )
            .GroupBy(notified => (notified.EncounterId, notified.CouncilCode))
            .ToDictionary(versions => versions.Key, versions => versions.MaxBy(notified => notified.Last.Version).Last);

    internal LastNotified? Notified(EncounterReceived encounter, string council = Hackney) =>
        Notified().GetValueOrDefault((encounter.EncounterId, council));

    public async Task<long> CountAsync(string tableAndCondition)
    {
        await using var connection = new NpgsqlConnection(Service.Surroundings.Database);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand($"SELECT count(*) FROM {tableAndCondition}", connection);
        return (long)(await count.ExecuteScalarAsync())!;
    }

    internal Task<List<LedgerEntry>> LedgerAsync(EncounterReceived encounter) =>
        Service.Db(db =>
            db.Decisions.AsNoTracking()
                .Where(entry => entry.EncounterId == encounter.EncounterId)
                .OrderBy(entry => entry.DecisionId)
                .ToListAsync()
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas.AsEnumerable().Reverse())
            await replica.DisposeAsync();
        await Service.Surroundings.DisposeAsync();
    }
}

/// <summary>The news of the highest version: a match, or why it was withdrawn.</summary>
internal sealed record LastNotified(long Version, EncounterMatched? Match, WithdrawalReason? Withdrawn);
