using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting.Audit;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Reviews;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

/// <summary>Open questions are decided again when the rules have a new version.</summary>
public sealed class New_rules(HubServers servers) : IDisposable
{
    private readonly string _document = Path.GetTempFileName();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("the child", "matched", RedecideReviews.Alerted)]
    [InlineData("a relative", "dropped", RedecideReviews.Dropped)]
    [InlineData("somebody under the number", "asked", null)]
    public async Task An_open_question_is_settled_or_stays_with_its_claim(string who, string becomes, string? reason)
    {
        // So dear a wrong alert that the rules alert nobody by themselves, and so dear a missed child that they ask of
        // all.
        await using var matching = await StartAsync(
            servers,
            Running(
                Parameters.Default with
                {
                    Version = "earlier",
                    Costs = Parameters.Default.Costs with { WrongAlert = 1e15, MissedChild = 1e9 },
                }
            )
        );
        var child = Synthetic.AChild();
        var patient = who switch
        {
            "the child" => child,
            "a relative" => child with
            {
                Identifier = new PersonIdentifier.Unknown(),
                Names = [child.Names[0] with { Given = ["Quirina"] }],
                BirthDate = child.BirthDate!.Value.AddDays(-777),
                Phones = [],
            },
            _ => child with
            {
                Names = [new PersonName(NameUse.Usual, "Xanthopoulos", ["Quirina"])],
                BirthDate = child.BirthDate!.Value.AddDays(-1234),
                Postcodes = [],
            },
        };
        var (first, second) = (matching.AnEncounter(patient), matching.AnEncounter(patient));
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        await matching.PublishAsync(first);
        await matching.SettleAsync();
        await matching.PublishAsync(second);
        await matching.SettleAsync();
        using var council = matching.Service.Client(Hackney, "review.decide");
        var asked = Assert.Single(await ListAsync(council));
        (
            await council.PostAsJsonAsync($"/reviews/{IdOf(asked)}/claim", new { reviewer = "Anna" }, Cancelled)
        ).EnsureSuccessStatusCode();

        // A replica of the next release starts beside it, and both go on.
        var upgraded = await matching.AddReplicaAsync(servers);
        await Task.WhenAll(RunAsync(upgraded), RunAsync(upgraded));
        await RunAsync(matching.Service);
        await RunAsync(upgraded);
        await matching.SettleAsync();

        var open = await ListAsync(council);
        Assert.Equal(becomes == "asked" ? 1 : 0, open.Count);
        Assert.All(open, review =>
            Assert.Equal(
                (IdOf(asked), "Anna", asked.GetProperty("dueAt").GetDateTimeOffset()),
                (
                    IdOf(review),
                    review.GetProperty("claimedBy").GetString(),
                    review.GetProperty("dueAt").GetDateTimeOffset()
                )
            )
        );
        Assert.Equal(
            becomes == "asked" ? 1 : 0,
            await matching.CountAsync("matching.review WHERE state = 'open' AND rule_version NOT LIKE 'earlier%'")
        );
        foreach (var encounter in new[] { first, second })
        {
            Assert.Equal(
                becomes == "matched" ? (1L, MatchDecider.Rules) : (0L, null),
                (matching.Notified(encounter)?.Version ?? 0, matching.Notified(encounter)?.Match?.DecidedBy)
            );
            Assert.Contains(await matching.LedgerAsync(encounter), entry =>
                entry.Reason?.StartsWith("Decided again", StringComparison.Ordinal) ?? becomes == "asked"
            );
        }

        var acts = await matching.Service.Db(db => db.Set<ReviewAct>().ToListAsync(Cancelled));
        Assert.Equal(reason is null ? [] : [reason], acts.Select(act => act.Reason));
        var audits = await matching.Service.Db(db =>
            db.Set<AuditRecord>().Where(audit => audit.Act == "review.close").ToListAsync(Cancelled)
        );
        Assert.Equal(reason is null ? [] : [reason], audits.Select(matching.Service.ReasonOf));
    }

    public void Dispose() => File.Delete(_document);

    private static Guid IdOf(JsonElement review) => review.GetProperty("reviewId").GetGuid();

    private static async Task<List<JsonElement>> ListAsync(HttpClient council) =>
        (await council.GetFromJsonAsync<List<JsonElement>>("/reviews", Cancelled))!;

    private static Task RunAsync(ServiceUnderTest<Storage.MatchingDb> replica) =>
        replica.Services.GetServices<IHostedService>().OfType<RedecideReviews>().Single().RunAsync(Cancelled);

    private Dictionary<string, string?> Running(Parameters parameters)
    {
        using (var json = File.Create(_document))
            parameters.Write(json);
        return new() { ["Rules:Parameters"] = _document };
    }
}
