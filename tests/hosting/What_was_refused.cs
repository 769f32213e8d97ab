using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Operations.Refusals;
using Safeguarding.TestKit;

namespace Safeguarding.Hosting.Tests;

public sealed class What_was_refused(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_organisation_reads_its_own_by_page_code_and_time_and_later_acceptance_closes_them()
    {
        await using var service = await SampleService.StartAsync(servers);
        var before = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        foreach (var number in (byte[])[1, 2, 3])
            service.Refusals.Refused(Item("RXX", number < 3 ? "birth-date-invalid" : "status-missing", number));
        service.Refusals.Refused(Item("RYY", "status-missing", 9));
        var client = service.Client("note.write");
        await Eventually.UntilAsync(async () => (await ListAsync(client, "")).Count == 3);

        // Everything by pages of one.
        var paths = new List<string>();
        for (string? after = null; ; )
        {
            var page = (
                await client.GetFromJsonAsync<JsonNode>(
                    $"/refusals?limit=1{(after is null ? "" : $"&after={after}")}",
                    Cancelled
                )
            )!;
            paths.AddRange(page["refusals"]!.AsArray().Select(row => $"{row!["path"]}"));
            after = (string?)page["next"];
            if (after is null)
                break;
        }

        Assert.Equal(["item[1]", "item[2]", "item[3]"], paths.Order());
        var all = (await client.GetFromJsonAsync<JsonNode>("/refusals", Cancelled))!;
        Assert.Equal((2, 1), ((int)all["counts"]!["birth-date-invalid"]!, (int)all["counts"]!["status-missing"]!));
        Assert.Equal(["item[3]"], await ListAsync(client, "?code=status-missing"));
        Assert.Equal([], await ListAsync(client, $"?to={Uri.EscapeDataString(before.ToString("O"))}"));
        Assert.Equal(
            3,
            (
                await ListAsync(
                    client,
                    $"?from={Uri.EscapeDataString(before.ToOffset(TimeSpan.FromHours(1)).ToString("O"))}"
                )
            ).Count
        );

        service.Refusals.Accepted([
            [2],
            [77],
        ]);
        await Eventually.UntilAsync(async () =>
            (await ListAsync(client, "?open=true")).Order().SequenceEqual(["item[1]", "item[3]"])
        );
        // Refused again it is open again; what was accepted before counts for what was refused before.
        service.Refusals.Refused(Item("RXX", "status-missing", 2));
        await Eventually.UntilAsync(async () =>
            (await ListAsync(client, "?open=true")).Order().SequenceEqual(["item[1]", "item[2]", "item[3]"])
        );
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    [InlineData("?limit=ten")]
    [InlineData("?after=yesterday")]
    [InlineData("?from=yesterday")]
    [InlineData("?open=perhaps")]
    [InlineData("?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")]
    public async Task A_query_that_means_nothing_is_refused(string query)
    {
        await using var service = await SampleService.StartAsync(servers);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await service.Client("note.write").GetAsync($"/refusals{query}", Cancelled)).StatusCode
        );
    }

    [Fact]
    public async Task A_flood_of_one_organisation_is_counted_and_not_kept_beyond_its_cap()
    {
        await using var service = await SampleService.StartAsync(servers);
        const int Flood = RefusalLog.MostRowsPerHour + 200;
        for (var number = 0; number < Flood; number++)
            service.Refusals.Refused(Item("RXX", "status-missing", 1));
        var client = service.Client("note.write");

        await Eventually.UntilAsync(async () =>
            (int?)
                (await client.GetFromJsonAsync<JsonNode>("/refusals?limit=1", Cancelled))!["counts"]!["status-missing"]
            == Flood
        );
        // Where the hour turns while the flood comes a second cap begins with it.
        Assert.InRange(await CountRowsAsync(service), RefusalLog.MostRowsPerHour, Flood - 1);
    }

    [Theory]
    [InlineData(0, 9, false)]
    [InlineData(0, 10, true)]
    [InlineData(5, 12, false)]
    [InlineData(5, 40, true)]
    [InlineData(100, 110, false)]
    [InlineData(100, 260, true)]
    public void More_than_is_usual_for_an_organisation_is_an_alarm(int usual, int lately, bool alarm)
    {
        var now = new DateTimeOffset(2026, 2, 2, 9, 0, 0, TimeSpan.Zero);
        var hours = new Dictionary<DateTimeOffset, int>();
        for (var hour = now.AddDays(-56); hour < now.AddHours(-1); hour = hour.AddHours(1))
            hours[hour] = usual;
        hours[now.AddHours(-1)] = lately;

        Assert.Equal(alarm, RefusalWatch.IsUnusual(hours, now));
    }

    [Fact]
    public void One_that_nobody_knew_before_is_an_alarm_from_its_tenth_refusal()
    {
        var now = new DateTimeOffset(2026, 2, 2, 9, 30, 0, TimeSpan.Zero);

        Assert.False(RefusalWatch.IsUnusual(new() { [now.AddMinutes(-30)] = 9 }, now));
        Assert.True(RefusalWatch.IsUnusual(new() { [now.AddMinutes(-30)] = 10 }, now));
    }

    private static Task<int> CountRowsAsync(SampleService service) =>
        service.Db(db =>
            db.Database.SqlQueryRaw<int>("""SELECT count(*)::int AS "Value" FROM sample.refusal""")
                .SingleAsync(Cancelled)
        );

    private static RefusedItem Item(string organisation, string code, byte number) =>
        new(
            organisation,
            "POST /notes/{number}",
            code,
            $"item[{number}]",
            [
                [number],
            ],
            "request"
        );

    private static async Task<List<string>> ListAsync(HttpClient client, string query) =>
        [
            .. (await client.GetFromJsonAsync<JsonNode>($"/refusals{query}", Cancelled))!["refusals"]!
                .AsArray()
                .Select(row => $"{row!["path"]}"),
        ];
}
