using System.Net;
using System.Text.RegularExpressions;
using Npgsql;
using Safeguarding.Cli.Prove;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary><c>./hub prove</c>, and what it says when rows are taken away behind the hub's back.</summary>
public sealed class Proving_that_nothing_is_lost(HubServers servers)
{
    private const string EncounterReceived = "Safeguarding.Contracts.Encounters.EncounterReceived";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_whole_until_rows_are_removed_and_then_lists_exactly_those()
    {
        await using var hub = await HubUnderTest.StartAsync(servers);
        await using var database = NpgsqlDataSource.Create(hub.Surroundings.Database);
        var children = Enumerable.Range(0, 4).Select(_ => Synthetic.AChild()).ToArray();
        for (var i = 0; i < children.Length; i++)
            await hub.PutPlanAsync(i == 0 ? HubUnderTest.OtherCouncil : HubUnderTest.Council, $"plan-{i}", children[i]);
        var ids = new List<Guid>();
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        for (var i = 0; i < 10; i++)
        {
            var answer = await epr.PostAsync(
                "/fhir/Encounter",
                HubUnderTest.Encounter(i < children.Length ? children[i] : Synthetic.AChild(), $"enc-{i}"),
                Cancelled
            );
            ids.Add(
                Guid.Parse(
                    answer.Headers.Location!.ToString().Split('/').SkipWhile(part => part != "Encounter").ElementAt(1)
                )
            );
        }

        var (code, report) = await Eventually.UntilAsync(
            () => hub.ProveAsync(),
            proof => !Regex.IsMatch(proof.Report, "on the way +[1-9]")
        );
        Assert.True(code == 0, report);
        Assert.Contains(
            "WHOLE: all 10 encounters, 4 alerts and 4 plans are accounted for.",
            report,
            StringComparison.Ordinal
        );
        Assert.Matches(@"unmatched +6\n", report);
        Assert.Matches($@"{HubUnderTest.OtherCouncil} +0 +0 +1 +0 +0", report);

        // What waits in an outbox is on its way and no gap.
        await hub.Surroundings.VirtualHost.UnbindAsync(EncounterReceived, "matching-match-encounters");
        var late = await epr.PostAsync(
            "/fhir/Encounter",
            HubUnderTest.Encounter(Synthetic.AChild(), "enc-late"),
            Cancelled
        );
        Assert.Equal(HttpStatusCode.Created, late.StatusCode);
        (code, report) = await hub.ProveAsync();
        Assert.True(code == 0, report);
        Assert.Matches(@"on the way +1\n", report);

        await ExecuteAsync(database, "DELETE FROM encounter_ingest.outbox");
        await ExecuteAsync(database, $"DELETE FROM matching.decision WHERE encounter_id = '{ids[9]}'");
        await ExecuteAsync(database, $"DELETE FROM notification.alert WHERE encounter_id = '{ids[1]}'");
        // Even where both sides lose theirs, the ledger still says what was decided.
        await ExecuteAsync(database, $"DELETE FROM notification.alert WHERE encounter_id = '{ids[2]}'");
        await ExecuteAsync(database, $"DELETE FROM matching.council_match WHERE encounter_id = '{ids[2]}'");
        await ExecuteAsync(database, $"DELETE FROM matching.plan WHERE reference = 'plan-3'");
        await ExecuteAsync(database, $"DELETE FROM encounter_ingest.encounter WHERE id = '{ids[8]}'");

        (code, report) = await hub.ProveAsync();
        var lost = Guid.Parse(
            late.Headers.Location!.ToString().Split('/').SkipWhile(part => part != "Encounter").ElementAt(1)
        );
        Assert.Equal(1, code);
        string[] expected =
        [
            $"GAP encounter {lost}  encounter-ingest passed it on, matching never had it",
            $"GAP encounter {ids[9]}  matching has it and nothing that it decided",
            $"GAP encounter {ids[2]}  matching has it and nothing that it decided",
            $"GAP encounter {ids[8]}  matching holds it, encounter-ingest does not",
            $"GAP alert of encounter {ids[1]} {HubUnderTest.Council}  matching passed it on, notification never had it",
        ];
        var told = report.Split('\n').Where(line => line.StartsWith("GAP ", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            expected.Order(),
            told.Where(line => !line.StartsWith("GAP plan", StringComparison.Ordinal)).Order()
        );
        Assert.Matches(
            "GAP plan [0-9a-f-]{36} E08999901  plan-registry passed it on, matching never had it",
            Assert.Single(told, line => line.StartsWith("GAP plan", StringComparison.Ordinal))
        );
        Assert.Contains("6 GAPS in 10 encounters", report, StringComparison.Ordinal);
        await AccountsAreForOperatorsAsync(hub);
    }

    private static async Task AccountsAreForOperatorsAsync(HubUnderTest hub)
    {
        using var council = hub.Client(hub.Matching, HubUnderTest.Council, "match.read", "alert.read");
        using var operations = hub.Client(hub.Matching, "HUB", "ops");

        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await council.GetAsync("/ops/accounts?from=2026-01-01T00:00Z&to=2026-01-02T00:00Z", Cancelled)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (
                await council.GetAsync("/ops/accounts/alerts?from=2026-01-01T00:00Z&to=2026-01-02T00:00Z", Cancelled)
            ).StatusCode
        );
        foreach (
            var (query, field) in ((string, string)[])
                [
                    ("to=2026-01-02T00:00Z", "from"),
                    ("from=2026-01-02T00:00Z&to=2026-01-01T00:00Z", "to"),
                    ("from=2026-01-01T00:00Z&to=2026-02-01T00:00Z&bucketSeconds=1", "bucketSeconds"),
                ]
        )
        {
            var answer = await operations.GetAsync($"/ops/accounts?{query}", Cancelled);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(
                $"\"field\":\"{field}\"",
                await answer.Content.ReadAsStringAsync(Cancelled),
                StringComparison.Ordinal
            );
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        Assert.True(await command.ExecuteNonQueryAsync(Cancelled) > 0, sql);
    }
}
