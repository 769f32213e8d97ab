using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Mothers_and_newborns(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_newborn_without_name_or_number_is_a_review_and_a_task_until_it_is_linked()
    {
        await using var matching = await StartAsync(servers);
        var mother = Synthetic.AWoman();
        var unborn = matching.APlan(mother, kind: PlanKind.Unborn) with { ExpectedDate = Today.AddDays(3) };
        var over = matching.APlan(Synthetic.AWoman(), kind: PlanKind.Unborn) with
        {
            ExpectedDate = Today.AddDays(-200),
        };
        await matching.PublishAsync(unborn, over);
        await matching.SettleAsync();
        var baby = new PersonTraits
        {
            Identifier = new PersonIdentifier.Unknown(),
            Names = [new PersonName(NameUse.Usual, mother.Names[0].Family, ["Baby"])],
            BirthDate = Today.AddDays(-1),
            Sex = Sex.Female,
            Postcodes = mother.Postcodes,
            Mother = mother with { Postcodes = [] },
        };
        var encounter = matching.AnEncounter(baby);
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        Assert.Null(matching.Notified(encounter));
        var council = matching.Service.Client(Hackney, "review.decide");
        var review = Assert.Single((await council.GetFromJsonAsync<List<JsonElement>>("/reviews", Cancelled))!);
        Assert.Equal(["expectedDateOver"], await TasksAsync(council));
        var resolved = await council.PostAsJsonAsync(
            $"/reviews/{review.GetProperty("reviewId").GetGuid()}/resolve",
            new
            {
                version = 1,
                verdict = "sameChild",
                reason = "The midwife confirms.",
            },
            Cancelled
        );
        Assert.Equal(HttpStatusCode.NoContent, resolved.StatusCode);
        await matching.SettleAsync();
        Assert.Equal(MatchRole.Child, Assert.Single(matching.Notified(encounter)!.Match!.Plans).Role);
        Assert.Equal(["expectedDateOver", "linkNewborn"], await TasksAsync(council));
        Assert.Empty(await TasksAsync(matching.Service.Client(Leeds, "review.decide")));

        var linked = baby with
        {
            Identifier = new PersonIdentifier.Known(Synthetic.NextNhsNumber()),
            Names = [mother.Names[0] with { Given = ["Wynona"] }],
        };
        await matching.PublishAsync(
            Amended(
                unborn with
                {
                    Kind = PlanKind.ChildProtection,
                    ExpectedDate = null,
                    Subject = matching.Sealer.Seal(linked),
                },
                2
            )
        );
        await matching.PublishAsync(new PlanEnded(over.PlanId, 2, Hackney, Today.AddDays(-1)));
        await matching.SettleAsync();
        Assert.Empty(await TasksAsync(council));
        Assert.NotNull(matching.Notified(encounter)!.Match);
    }

    private static async Task<List<string?>> TasksAsync(HttpClient council) =>
        [
            .. (await council.GetFromJsonAsync<List<JsonElement>>("/tasks", Cancelled))!
                .Select(task => task.GetProperty("task").GetString())
                .Order(StringComparer.Ordinal),
        ];
}
