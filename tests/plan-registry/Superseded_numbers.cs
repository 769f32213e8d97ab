using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

public sealed class Superseded_numbers(HubServers servers)
{
    [Fact]
    public async Task A_council_is_notified_where_it_looks_and_where_it_uploads_until_it_sends_another_number()
    {
        await using var registry = await Registry.StartAsync(servers);
        using var council = registry.Council();
        var plan = APlan.Number(1);
        await Registry.UploadAsync(council, $"{APlan.Header}\r\n{plan.Line}", 1, "changes");
        var view = await Registry.GetAsync(council, $"/plans/{plan.Reference}");
        Assert.False(IsMarked(view));

        var sealer = registry.Service.Services.GetRequiredService<Sealer>();
        var at = new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.Zero);
        NumberChanged Changed(NhsNumber number, Guid? change = null, long version = 1, bool undone = false) =>
            new(
                change ?? Guid.CreateVersion7(),
                view.GetProperty("planId").GetGuid(),
                Registry.Hackney,
                at,
                sealer.Seal<PersonIdentifier>(new PersonIdentifier.Known(number)),
                version,
                undone
            );
        // The first is about a number the plan has not got (any more).
        await registry.Service.Bus.PublishAsync(Changed(Synthetic.NhsNumber(4711)));
        await registry.Service.Bus.PublishAsync(Changed(NhsNumber.Parse(plan.NhsNumber!)));
        await Eventually.UntilAsync(() => Registry.GetAsync(council, $"/plans/{plan.Reference}"), IsMarked);

        // A mark goes when its change is taken back, in whatever order that is heard, and not when another is.
        var (own, change) = (NhsNumber.Parse(plan.NhsNumber!), Guid.CreateVersion7());
        await registry.Service.Bus.PublishAsync(Changed(own, change, 4));
        await registry.Service.Bus.PublishAsync(Changed(own, undone: true));
        await registry.Service.Bus.PublishAsync(Changed(own, change, 3, undone: true));
        await AttemptedAsync(5);
        Assert.True(IsMarked(await Registry.GetAsync(council, $"/plans/{plan.Reference}")));
        await registry.Service.Bus.PublishAsync(Changed(own, change, 5, undone: true));
        await registry.Service.Bus.PublishAsync(Changed(own, change, 4));
        await AttemptedAsync(7);
        Assert.False(IsMarked(await Registry.GetAsync(council, $"/plans/{plan.Reference}")));
        await registry.Service.Bus.PublishAsync(Changed(own, change, 6));
        await Eventually.UntilAsync(() => Registry.GetAsync(council, $"/plans/{plan.Reference}"), IsMarked);

        Assert.Equal("CPR05", await CodeAsync(council, plan.Line, 2));
        Assert.Equal(
            "CPR06",
            await CodeAsync(council, (plan with { NhsNumber = Synthetic.NhsNumber(4712).Reveal() }).Line, 3)
        );
        Assert.False(IsMarked(await Registry.GetAsync(council, $"/plans/{plan.Reference}")));

        Task AttemptedAsync(int events) =>
            Eventually.UntilAsync(
                () => registry.Service.Db(db => db.Set<InboxRow>().CountAsync()),
                heard => heard == events
            );
    }

    private static bool IsMarked(JsonElement plan) =>
        plan.TryGetProperty("numberSupersededAt", out var at) && at.ValueKind == JsonValueKind.String;

    private static async Task<string?> CodeAsync(HttpClient council, string line, long sequence)
    {
        var upload = await Registry.UploadAsync(council, $"{APlan.Header}\r\n{line}", sequence, "changes");
        var lines = await Registry.GetAsync(council, $"/uploads/{upload.GetProperty("id").GetGuid()}/lines");
        return Assert.Single(lines.GetProperty("lines").EnumerateArray()).GetProperty("code").GetString();
    }
}
