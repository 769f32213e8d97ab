using System.Net;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Safeguarding.TestKit;
using Task = System.Threading.Tasks.Task;

namespace Safeguarding.Notification.Tests;

public sealed class Audit_read_by_a_council(Hub hub) : IClassFixture<Hub>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_reads_its_own_acts_and_what_concerns_its_children_as_AuditEvents_by_pages()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await hub.Publish(hub.AMatch(council));
        await receiver.AtLeast(1);
        var alert = Assert.Single(
            await Eventually.UntilAsync(() => council.Alerts("?limit=10"), alerts => alerts.Count == 1)
        );
        await council.Post($"/alerts/{alert.Id()}/acknowledge", new { kind = "person", name = "A. Worker" });
        await council.Get($"/alerts/{alert.Id()}");
        using var own = hub.Service.Person(council.Code, "safeguarding-lead");

        var events = await Eventually.UntilAsync(
            () => SearchAsync(own, "entity", alert.Id().ToString()),
            found => found.Any(one => ActOf(one) == "alert.deliver")
        );

        Assert.Superset(
            new HashSet<string> { "alert.list", "alert.acknowledge", "alert.read", "alert.deliver" },
            events.Select(ActOf).ToHashSet()
        );
        var delivered = events.First(one => ActOf(one) == "alert.deliver");
        Assert.Contains(delivered.Entity, entity => entity.What?.Identifier?.Value == council.Code);
        Assert.Equal("hub", delivered.Agent[0].Who!.Identifier!.Value);
        Assert.All(events, one => Assert.Equal(AuditEvent.AuditEventOutcome.N0, one.Outcome));
        Assert.All(events, one => Assert.NotEmpty(one.Agent[0].Policy));

        var byItself = await SearchAsync(own, "agent", council.Code, "entity", alert.Id().ToString());
        var byOthers = await SearchAsync(own, "agent:not", council.Code, "entity", alert.Id().ToString());
        Assert.Contains("alert.acknowledge", byItself.Select(ActOf));
        Assert.Equal("alert.deliver", Assert.Single(byOthers.Select(ActOf).Distinct()));
        Assert.DoesNotContain("alert.deliver", byItself.Select(ActOf));

        // What is sealed says where in the council's chain it is, each place once.
        var positions = await Eventually.UntilAsync(
            async () => (await SearchAsync(own, "entity", alert.Id().ToString())).ConvertAll(PositionOf),
            all => all.TrueForAll(position => position is not null)
        );
        Assert.Equal(positions.Count, positions.Distinct().Count());

        // Page by page it is the same, newest first; another council sees none of it.
        var paged = new List<string>();
        for (string? before = null; ; )
        {
            var page = before is null
                ? await SearchAsync(own, "_count", "1")
                : await SearchAsync(own, "_count", "1", "before", before);
            if (page is [])
                break;
            before = Assert.Single(page).Id!;
            paged.Add(before);
        }

        Assert.Equal(paged.Order(StringComparer.Ordinal).Reverse(), paged);
        Assert.Superset(events.Select(one => one.Id!).ToHashSet(), paged.ToHashSet());
        using var other = hub.Service.Person(Hub.ACouncilCode(), "safeguarding-lead");
        Assert.Empty(await SearchAsync(other, "entity", alert.Id().ToString()));
    }

    [Theory]
    [InlineData("patient", "9000000009", "no search parameter patient")]
    [InlineData("_count", "501", "_count is 1 to 500")]
    [InlineData("date", "2026-11-01", "date is not as")]
    [InlineData("agent", "", "agent is not as")]
    [InlineData("subtype", "nothing", "subtype is not as")]
    [InlineData("before", "x", "before is not as")]
    public async Task What_the_search_does_not_know_is_refused_with_an_OperationOutcome(
        string name,
        string value,
        string says
    )
    {
        using var council = hub.Service.Person(Hub.ACouncilCode(), "safeguarding-lead");

        using var answer = await PostAsync(council, name, value);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var outcome = FhirJsonDeserializer.DEFAULT.Deserialize<OperationOutcome>(
            await answer.Content.ReadAsStringAsync(Cancelled)
        )!;
        Assert.Contains(says, Assert.Single(outcome.Issue).Diagnostics, StringComparison.Ordinal);
    }

    private static decimal? PositionOf(AuditEvent one) =>
        one.GetExtension("urn:safeguarding-hub:audit-chain")?.GetExtensionValue<FhirDecimal>("position")?.Value;

    private static string ActOf(AuditEvent one) =>
        one.Subtype.Single(coding => coding.System == "urn:safeguarding-hub:act").Code!;

    private static async Task<List<AuditEvent>> SearchAsync(HttpClient client, params string[] fields)
    {
        using var answer = await PostAsync(client, fields);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.IsSuccessStatusCode, text);
        return
        [
            .. FhirJsonDeserializer
                .DEFAULT.Deserialize<Bundle>(text)!
                .Entry.Select(entry => (AuditEvent)entry.Resource!),
        ];
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, params string[] fields)
    {
        using var form = new FormUrlEncodedContent(
            fields.Chunk(2).Select(pair => new KeyValuePair<string, string>(pair[0], pair[1]))
        );
        return await client.PostAsync("/fhir/AuditEvent/_search", form, Cancelled);
    }
}
