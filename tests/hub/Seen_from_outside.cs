using System.Globalization;
using System.Net.Http.Headers;
using Npgsql;
using Safeguarding.Demo.Receiver;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// What operators see of an encounter: one trace through everything, and nothing of whom it is
/// about.
/// </summary>
public sealed class Seen_from_outside(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_trace_runs_from_the_POST_to_the_webhook_and_nothing_personal_leaves_its_place()
    {
        await using var collector = await TelemetryCollector.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync(0);
        await using var hub = await HubUnderTest.StartAsync(
            servers,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Endpoint),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "200"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "1000")
        );
        receiver.Trust("council", await hub.SubscribeAsync(HubUnderTest.Council, receiver.Address("council")));
        var child = Synthetic.AChild();
        await hub.PutPlanAsync(HubUnderTest.Council, "plan-1", child);
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        epr.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");

        (
            await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, "one"), Cancelled)
        ).EnsureSuccessStatusCode();
        using (var refused = HubUnderTest.Encounter(child, "two"))
        {
            // A refusal, and an update by identifier in the query, are where leaks like to be.
            refused.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
            await epr.PutAsync(
                "/fhir/Encounter?identifier=https%3A%2F%2Fepr.example%2Fencounter%7Ctwo",
                refused,
                Cancelled
            );
        }

        await Eventually.UntilAsync(() => Task.FromResult(receiver.Deliveries.Count), count => count > 0);
        // The webhook's span leads back, parent by parent, over both hops of the broker, to the POST. Each process
        // sends its spans when it likes, so all three are waited for.
        var way = await Eventually.UntilAsync(
            () => Task.FromResult(ServicesFromWebhookToPost(collector, trace)),
            way => way.Contains("encounter-ingest")
        );
        Assert.Equal(["notification", "matching", "encounter-ingest"], way);

        string[] canaries =
        [
            child.Identifier.NhsNumber!.Value.Reveal(),
            child.Names[0].Family!,
            child.Names[0].Given[0],
            child.Postcodes[0].Postcode,
            child.BirthDate!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ];
        await AssertNowhereAsync(hub, collector, canaries);
    }

    private static List<string> ServicesFromWebhookToPost(TelemetryCollector collector, string trace)
    {
        var spans = collector.Spans.Where(span => span.TraceId == trace).ToDictionary(span => span.SpanId);
        var way = new List<string>();
        for (
            var span = spans.Values.FirstOrDefault(span =>
                span.Service == "notification" && span.Name.StartsWith("POST", StringComparison.Ordinal)
            );
            span is not null;
            span = spans.GetValueOrDefault(span.ParentId)
        )
        {
            way.Add(span.Service);
        }
        return [.. way.Distinct()];
    }

    private static async Task AssertNowhereAsync(HubUnderTest hub, TelemetryCollector collector, string[] canaries)
    {
        var places = new List<(string Where, string Text)> { ("telemetry", collector.Everything) };
        places.AddRange(hub.Services.Select(service => ($"log of {service.Address}", service.Log)));
        await using var database = NpgsqlDataSource.Create(hub.Surroundings.Database);
        foreach (
            var table in await ColumnAsync(
                database,
                "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_schema IN "
                    + "('plan_registry','encounter_ingest','matching','notification')"
            )
        )
        {
            // bytea shows as hex in a row's text, so it is decoded too.
            places.Add(
                (table, string.Join('\n', await ColumnAsync(database, $"SELECT row_to_json(t)::text FROM {table} t")))
            );
            places.Add(
                (
                    $"{table} (bytes)",
                    string.Join(
                        '\n',
                        (
                            await ColumnAsync(
                                database,
                                $"SELECT m[1] FROM {table} t, regexp_matches(t::text, '\\\\x([0-9a-f]+)', 'g') m"
                            )
                        ).Select(Decoded)
                    )
                )
            );
        }

        foreach (var canary in canaries)
        {
            Assert.All(places, place =>
                Assert.False(
                    place.Text.Contains(canary, StringComparison.OrdinalIgnoreCase),
                    $"{place.Where} holds a personal trait in the clear"
                )
            );
        }
    }

    private static string Decoded(string hex) =>
        System.Text.Encoding.Latin1.GetString(Convert.FromHexString(hex[..(hex.Length / 2 * 2)]));

    private static async Task<List<string>> ColumnAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var values = new List<string>();
        while (await reader.ReadAsync(Cancelled))
            values.Add(reader.GetString(0));
        return values;
    }
}
