using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class A_trust_that_falls_silent(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_missed_by_its_own_rhythm_and_heard_again_with_its_first_encounter()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(servers, clock: clock);
        var now = clock.GetUtcNow();
        // Three weeks of ten to thirty encounters in every hour, as the service would have counted them.
        await RememberAsync(service.Surroundings.Database, "RZ1", now.AddDays(-22), now.AddHours(-6));
        await RememberAsync(service.Surroundings.Database, "RZ2", now.AddDays(-22), now.AddMinutes(-1));
        var operations = service.Client("HUB", "ops");

        Assert.Equal(["RZ1 heard", "RZ2 heard"], await StatesAsync(operations));
        // Just started, the hub has itself to blame first.
        clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(["RZ1 silent", "RZ2 heard"], await StatesAsync(operations));

        var answer = await service
            .Client("RZ1", "encounter.submit")
            .PostAsync("/fhir/Encounter", Samples.Encounter().AsJson(), Cancelled);
        answer.EnsureSuccessStatusCode();
        Assert.Equal(["RZ1 heard", "RZ2 heard"], await StatesAsync(operations));

        // A source that is new is not judged, whatever it does.
        (
            await service
                .Client("RZ3", "encounter.submit")
                .PostAsync("/fhir/Encounter", Samples.Encounter().AsJson(), Cancelled)
        ).EnsureSuccessStatusCode();
        clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(["RZ1 silent", "RZ2 silent", "RZ3 learning"], await StatesAsync(operations));
    }

    private static async Task<string[]> StatesAsync(HttpClient operations)
    {
        var listing = await operations.GetFromJsonAsync<JsonNode>("/ops/sources", Cancelled);
        return
        [
            .. listing!["sources"]!
                .AsArray()
                .Select(source => $"{source!["organisation"]} {source["state"]}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private static async Task RememberAsync(
        string database,
        string organisation,
        DateTimeOffset first,
        DateTimeOffset last
    )
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            WITH known AS (INSERT INTO encounter_ingest.source (organisation, first_at, last_at) VALUES ($1, $2, $3))
            INSERT INTO encounter_ingest.source_hour (organisation, hour, arrivals)
            SELECT $1, hour, 10 + (7 * extract(hour FROM hour) + extract(day FROM hour))::int % 21
            FROM generate_series(date_trunc('hour', $2::timestamptz), $3::timestamptz, interval '1 hour') AS hour
            """;
        foreach (var value in (object[])[organisation, first, last])
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
