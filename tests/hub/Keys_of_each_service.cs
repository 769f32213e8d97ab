using System.Globalization;
using Npgsql;
using Safeguarding.Contracts.Persons;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>Each service process has a key ring of its own and those that it shares, and no other.</summary>
public sealed class Keys_of_each_service(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_in_a_service_s_tables_opens_by_its_own_key_ring_alone()
    {
        await using var hub = await HubUnderTest.StartAsync(servers);
        await using var database = NpgsqlDataSource.Create(hub.Surroundings.Database);
        var child = Synthetic.AChild();
        await hub.PutPlanAsync(HubUnderTest.Council, "CP-1", child);
        await hub.SubscribeAsync(HubUnderTest.Council, new Uri("http://localhost:9"));
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        (
            await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, "one"), Cancelled)
        ).EnsureSuccessStatusCode();
        await Eventually.UntilAsync(() => hub.AlertsAsync(HubUnderTest.Council), all => all.Count == 1);
        using var demographics = hub.Client(hub.Matching, "HUB", "number.write");
        (await demographics.PostAsync("/numbers/changes", Merge(child), Cancelled)).EnsureSuccessStatusCode();
        await Eventually.UntilAsync(
            () => ReadAsync(database, "SELECT number_superseded_at::text FROM plan_registry.plan"),
            all => all is [{ Length: > 0 }]
        );

        foreach (var service in (string[])["plan-registry", "encounter-ingest", "matching", "notification"])
        {
            var schema = service.Replace('-', '_');
            // Of partitioned tables, the whole.
            var columns = await ReadAsync(
                database,
                $"""
                SELECT table_name || '.' || column_name FROM information_schema.columns JOIN pg_class
                    ON pg_class.oid = (table_schema || '.' || table_name)::regclass
                WHERE table_schema = '{schema}' AND NOT relispartition
                    AND (column_name LIKE '%\_key\_id' OR column_name ~ '^(place|patient|subject|aliases|numbers)_key$')
                """
            );
            var used = new List<string>();
            foreach (var column in columns.Select(column => column.Split('.')))
            {
                used.AddRange(
                    await ReadAsync(
                        database,
                        $"SELECT DISTINCT {column[1]} FROM {schema}.{column[0]} WHERE {column[1]} IS NOT NULL"
                    )
                );
            }

            Assert.NotEmpty(used);
            Assert.All(used, key => Assert.Equal(service, key));
        }
    }

    private static StringContent Merge(PersonTraits child) =>
        HubUnderTest.Json(
            new
            {
                specversion = "1.0",
                id = "1",
                source = "urn:test:demographics",
                type = "nhs-number-change-2",
                time = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
                data = new
                {
                    supersededNhsNumber = child.Identifier.NhsNumber!.Value.Reveal(),
                    nhsNumber = Synthetic.NextNhsNumber().Reveal(),
                    kind = "merge",
                },
            }
        );

    private static async Task<List<string>> ReadAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync(Cancelled);
        var read = new List<string>();
        while (await rows.ReadAsync(Cancelled))
            read.Add(rows.IsDBNull(0) ? "" : rows.GetString(0));
        return read;
    }
}
