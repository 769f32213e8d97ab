using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>
/// Identifiers are written <c>system:value</c>; <c>!</c> before one marks the official one. Values are made
/// unique for each case.
/// </summary>
public sealed class Identity_of_an_encounter(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _trust = service.Under.Client("RZZ", "encounter.submit");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("the same in another order", "visit:1 episode:1|episode:1 visit:1", "1 1")]
    [InlineData("a new one first", "visit:1 episode:1|local:9 visit:1 episode:1", "1 1")]
    [InlineData("one of two alone", "visit:1 episode:1|episode:1|visit:1", "1 1 1")]
    [InlineData("learned on the way", "visit:1|visit:1 local:9|local:9", "1 1 1")]
    [InlineData("two values in one system", "visit:1 visit:2|visit:2|visit:1", "1 1 1")]
    [InlineData(
        "two visits of one episode",
        "visit:1 episode:1|visit:2 episode:1|visit:1 episode:1|visit:2 episode:1",
        "1 2 1 2"
    )]
    [InlineData(
        "three visits of one episode",
        "episode:1 visit:1|visit:2 episode:1|episode:1 visit:3|visit:2|visit:1",
        "1 2 3 2 1"
    )]
    [InlineData(
        "the next episode of a visit whose episode is shared",
        "visit:1 episode:1|visit:2 episode:1|visit:1 episode:5",
        "1 2 1"
    )]
    [InlineData("a shared number alone", "visit:1 episode:1|visit:2 episode:1|episode:1", "1 2 conflict")]
    [InlineData("the numbers of two encounters", "visit:1|local:2|visit:1 local:2", "1 2 conflict")]
    [InlineData("the official one decides", "visit:1|local:2|!visit:1 local:2", "1 2 1")]
    [InlineData("the official one stays, another changes", "!visit:1 episode:1|!visit:1 episode:2", "1 1")]
    [InlineData("an old number is none", "visit:1|visit:2 ~visit:1", "1 2")]
    public async Task Order_has_no_meaning_and_any_identifier_finds_it(string kind, string posts, string expected)
    {
        var run = Samples.NewVisit();
        var seen = new List<string>();
        var answers = new List<string>();
        foreach (var post in posts.Split('|'))
        {
            var (status, id) = await PostAsync(run, post.Split(' '));
            if (status == HttpStatusCode.Conflict)
            {
                answers.Add("conflict");
                continue;
            }

            if (!seen.Contains(id))
                seen.Add(id);
            answers.Add($"{seen.IndexOf(id) + 1}");
        }

        Assert.Equal((kind, expected), (kind, string.Join(' ', answers)));
    }

    [Fact]
    public async Task The_same_in_another_order_is_a_repeat_and_not_a_version()
    {
        var run = Samples.NewVisit();
        var encounter = Samples.Encounter(run);
        encounter["identifier"] = new JsonArray(Identifier(run, "visit:1"), Identifier(run, "episode:1"));
        var first = await _trust.PostAsync("/fhir/Encounter", Samples.AsFhir(encounter.ToJsonString()), Cancelled);
        encounter["identifier"] = new JsonArray(Identifier(run, "episode:1"), Identifier(run, "visit:1"));
        var again = await _trust.PostAsync("/fhir/Encounter", Samples.AsFhir(encounter.ToJsonString()), Cancelled);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, again.StatusCode));
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
    }

    [Theory]
    [InlineData("visit:1 episode:1|episode:1 visit:1|visit:1 episode:1 local:1|local:1 visit:1")]
    [InlineData("visit:1|visit:1 local:1|local:1 visit:1")]
    public async Task Twenty_at_once_on_two_replicas_with_overlapping_identifiers_are_one(string shapes)
    {
        await using var other = await ServiceUnderTest<EncounterIngestDb>.StartAsync(
            service.Under.Surroundings.Servers,
            surroundings: service.Under.Surroundings
        );
        var second = other.Client("RZZ", "encounter.submit");
        var all = shapes.Split('|');
        for (var round = 0; round < 5; round++)
        {
            var run = Samples.NewVisit();
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 20)
                    .Select(i =>
                        (i % 2 == 0 ? _trust : second).PostAsync(
                            "/fhir/Encounter",
                            Body(run, all[i % all.Length].Split(' ')),
                            Cancelled
                        )
                    )
            );

            Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode));
            Assert.Single(answers.Select(answer => answer.Headers.Location!.Segments[^1]).Distinct());
            Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        }
    }

    [Fact]
    public async Task What_the_previous_release_stored_is_found_by_its_one_identifier_and_learns_the_others()
    {
        var run = Samples.NewVisit();
        var (_, id) = await PostAsync(run, ["visit:1"]);
        var encounter = Guid.Parse(id);
        await service.Under.Db(async db =>
        {
            await db.Set<EncounterIdentifier>()
                .Where(row => row.EncounterId == encounter)
                .ExecuteDeleteAsync(Cancelled);
            return await db
                .Encounters.Where(row => row.Id == encounter)
                .ExecuteUpdateAsync(row => row.SetProperty(held => held.IdentifierMarks, (byte[]?)null), Cancelled);
        });

        Assert.Equal(id, (await PostAsync(run, ["episode:1", "visit:1"])).Id);
        Assert.Equal(id, (await PostAsync(run, ["episode:1"])).Id);
    }

    [Fact]
    public async Task Another_organisation_with_the_same_identifiers_has_encounters_of_its_own()
    {
        var run = Samples.NewVisit();
        var mine = await PostAsync(run, ["visit:1", "episode:1"]);
        var theirs = await service
            .Under.Client("RYY", "encounter.submit")
            .PostAsync("/fhir/Encounter", Body(run, ["episode:1", "visit:1"]), Cancelled);

        Assert.Equal(HttpStatusCode.Created, theirs.StatusCode);
        Assert.NotEqual(mine.Id, theirs.Headers.Location!.Segments[^1]);
    }

    private static StringContent Body(string run, string[] identifiers)
    {
        var encounter = Samples.Encounter(run);
        encounter["identifier"] = new JsonArray([.. identifiers.Select(text => Identifier(run, text))]);
        return Samples.AsFhir(encounter.ToJsonString());
    }

    private static JsonObject Identifier(string run, string text)
    {
        var use = text[0] switch
        {
            '!' => "official",
            '~' => "old",
            _ => null,
        };
        var parts = (use is null ? text : text[1..]).Split(':');
        var identifier = new JsonObject
        {
            ["system"] = $"https://epr.example/{parts[0]}",
            ["value"] = $"{run}-{parts[1]}",
        };
        if (use is not null)
            identifier["use"] = use;
        return identifier;
    }

    private async Task<(HttpStatusCode Status, string Id)> PostAsync(string run, string[] identifiers)
    {
        var answer = await _trust.PostAsync("/fhir/Encounter", Body(run, identifiers), Cancelled);
        if (answer.StatusCode == HttpStatusCode.Conflict)
        {
            Assert.Contains(
                "encounter-identifiers-conflict",
                await answer.Content.ReadAsStringAsync(Cancelled),
                StringComparison.Ordinal
            );
        }

        return (answer.StatusCode, answer.Headers.Location?.Segments[^1] ?? "");
    }
}
