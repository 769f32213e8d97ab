using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;
using Safeguarding.Cli.Setup;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Upgrades from data that an earlier release itself left behind, caught with full queues: <c>Releases/0.1</c> holds
/// its database, its broker's queues and their messages, and its key ring (all synthetic), as they stood when it was
/// stopped with two encounters told, two matches queued for notification, two encounters queued for matching, and two
/// encounters in an outbox that the broker had not taken. Dates are moved so that the stop was yesterday.
/// </summary>
[Trait("Kind", "faults")]
public sealed partial class Upgrades(HubServers servers)
{
    private static readonly DateOnly Stopped = new(2026, 11, 25);
    private static readonly string Release = Path.Combine(AppContext.BaseDirectory, "Releases", "0.1");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_release_0_1_had_in_its_outboxes_and_queues_is_delivered_once_by_this_one()
    {
        var surroundings = await Surroundings.CreateAsync(servers);
        var older = new NpgsqlConnectionStringBuilder(surroundings.Database) { Pooling = false }.ConnectionString;
        await using (var database = new NpgsqlConnection(older))
        {
            await database.OpenAsync(Cancelled);
            await RestoreAsync(database);
            await ServiceLogins.OwnAsync(older);
            Assert.Equal(
                6,
                await CountAsync(
                    database,
                    "SELECT (SELECT count(*) FROM encounter_ingest.outbox) + (SELECT count(*) FROM matching.outbox)"
                )
            );
            Assert.Equal(2, await CountAsync(database, "SELECT count(*) FROM notification.alert"));
        }

        Assert.Equal(4, await FillQueuesAsync(surroundings.VirtualHost));

        using var rings = new UpgradedKeyRings(Path.Combine(Release, "ring.json"));
        await using var hub = await HubUnderTest.StartAsync(surroundings, rings.SettingsOf);

        var alerts = await Eventually.UntilAsync(
            () => hub.AlertsAsync(HubUnderTest.Council),
            all => all.Count == 8,
            TimeSpan.FromMinutes(3)
        );
        Assert.Equal(8, alerts.Select(alert => (string?)alert!["encounter"]!["id"]).Distinct().Count());
        await using var now = NpgsqlDataSource.Create(surroundings.Database);
        foreach (var schema in (string[])["plan_registry", "encounter_ingest", "matching", "notification"])
        {
            await using var connection = await now.OpenConnectionAsync(Cancelled);
            await Eventually.UntilAsync(
                () => CountAsync(connection, $"SELECT count(*) FROM {schema}.outbox"),
                count => count == 0,
                TimeSpan.FromMinutes(3)
            );
            Assert.Equal(0, await CountAsync(connection, $"SELECT count(*) FROM {schema}.parked_message"));
        }

        Assert.Equal(8, (await hub.AlertsAsync(HubUnderTest.Council)).Count);
    }

    /// <summary>What init makes of a hub that had one key ring for all.</summary>
    private sealed class UpgradedKeyRings : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secrets");

        public UpgradedKeyRings(string ofAll)
        {
            var secrets = new SecretFolder(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            secrets.Write("keys/ring.json", File.ReadAllText(ofAll));
            KeyRings.Make(secrets);
        }

        public IEnumerable<(string Key, string Value)> SettingsOf(string service) =>
            [
                ("Keys:File", Path.Combine(_folder.FullName, KeyRings.PathOf(service))),
                ("Keys:SharedDirectory", Path.Combine(_folder.FullName, KeyRings.SharedFolder)),
            ];

        public void Dispose() => _folder.Delete(recursive: true);
    }

    private static async Task RestoreAsync(NpgsqlConnection database)
    {
        await using var restore = database.CreateCommand();
        restore.CommandText =
            "DROP SCHEMA plan_registry, encounter_ingest, matching, notification;"
            + Moved(await File.ReadAllTextAsync(Path.Combine(Release, "database.sql"), Cancelled));
        await restore.ExecuteNonQueryAsync(Cancelled);
        foreach (var schema in (string[])["encounter_ingest", "matching"])
        {
            // The bodies are bytes in the dump, so their dates are moved here.
            var bodies = new List<(Guid Id, byte[] Body)>();
            await using (var read = new NpgsqlCommand($"SELECT id, body FROM {schema}.outbox", database))
            await using (var rows = await read.ExecuteReaderAsync(Cancelled))
            {
                while (await rows.ReadAsync(Cancelled))
                {
                    bodies.Add(
                        (
                            rows.GetGuid(0),
                            Encoding.UTF8.GetBytes(Moved(Encoding.UTF8.GetString(rows.GetFieldValue<byte[]>(1))))
                        )
                    );
                }
            }

            foreach (var (id, body) in bodies)
            {
                await using var write = new NpgsqlCommand(
                    $"UPDATE {schema}.outbox SET body = @body WHERE id = @id",
                    database
                );
                write.Parameters.AddWithValue("id", id);
                write.Parameters.AddWithValue("body", body);
                await write.ExecuteNonQueryAsync(Cancelled);
            }
        }
    }

    private static async Task<int> FillQueuesAsync(VirtualHost virtualHost)
    {
        using var definitions = new StringContent(
            await File.ReadAllTextAsync(Path.Combine(Release, "broker.json"), Cancelled),
            Encoding.UTF8,
            "application/json"
        );
        (
            await virtualHost.Management.PostAsync($"api/definitions/{virtualHost.Name}", definitions, Cancelled)
        ).EnsureSuccessStatusCode();
        var routed = 0;
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Release, "queued.jsonl"), Cancelled))
        {
            var message = JsonNode.Parse(line)!;
            var answer = await virtualHost.Management.PostAsJsonAsync(
                $"api/exchanges/{virtualHost.Name}/amq.default/publish",
                new
                {
                    properties = new
                    {
                        message_id = (string)message["messageId"]!,
                        content_type = (string)message["contentType"]!,
                        delivery_mode = 2,
                    },
                    routing_key = (string)message["queue"]!,
                    payload = Moved((string)message["payload"]!),
                    payload_encoding = "string",
                },
                Cancelled
            );
            if ((bool)(await answer.Content.ReadFromJsonAsync<JsonNode>(Cancelled))!["routed"]!)
                routed++;
        }

        return routed;
    }

    /// <summary>
    /// Dates within weeks of the stop, alone or in a partition's name, moved as if the stop had been
    /// yesterday.
    /// </summary>
    private static string Moved(string text)
    {
        var days =
            DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-1).DayNumber
            - Stopped.DayNumber;
        return ADate()
            .Replace(text, match =>
            {
                var format = match.Value.Contains('-', StringComparison.Ordinal) ? "yyyy-MM-dd" : "yyyyMMdd";
                return
                    DateOnly.TryParseExact(
                        match.Value,
                        format,
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.None,
                        out var date
                    )
                    && Math.Abs(date.DayNumber - Stopped.DayNumber) < 40
                    ? date.AddDays(days).ToString(format, CultureInfo.InvariantCulture)
                    : match.Value;
            });
    }

    private static async Task<long> CountAsync(NpgsqlConnection database, string sql)
    {
        await using var command = new NpgsqlCommand(sql, database);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancelled), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(?<![0-9])20[0-9]{2}-[0-9]{2}-[0-9]{2}(?![0-9])|(?<=_)20[0-9]{6}(?![0-9])")]
    private static partial Regex ADate();
}
