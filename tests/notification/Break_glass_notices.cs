using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>A privacy officer says where, and is notified of each use of break-glass in the organisation.</summary>
public sealed class Break_glass_notices(Hub hub) : IClassFixture<Hub>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_officer_of_that_organisation_alone_is_notified_and_of_nothing_but_the_use()
    {
        await using var officers = await Receiver.StartAsync();
        await using var systems = await Receiver.StartAsync();
        await using var elsewhere = await Receiver.StartAsync();
        var (council, other) = (hub.ACouncil(), hub.ACouncil());
        await council.Subscribe(systems.Url);
        using var officer = hub.Service.Person(council.Code, "privacy-officer");
        using var stranger = hub.Service.Person(other.Code, "privacy-officer");
        Assert.Equal(201, await PutAsync(officer, officers));
        Assert.Equal(201, await PutAsync(stranger, elsewhere));
        var use = new BreakGlassUsed(Guid.CreateVersion7(), council.Code, TimeProvider.System.GetUtcNow());

        await hub.Publish(use, use with { UseId = Guid.CreateVersion7(), Organisation = other.Code });
        await hub.Publish(hub.AMatch(council));

        var notified = (await officers.AtLeast(1))[0];
        await elsewhere.AtLeast(1);
        await systems.AtLeast(1);
        Assert.Equal("break-glass.used.v1", notified.Type);
        Assert.Equal(
            $$"""{"useId":"{{use.UseId}}","organisation":"{{council.Code}}"}""",
            notified.Event.GetProperty("data").GetRawText()
        );
        Assert.Single(officers.Received);
        Assert.Single(elsewhere.Received);
        Assert.All(systems.Received, hook => Assert.Equal("alert.raised.v1", hook.Type));
    }

    [Fact]
    public async Task Systems_of_the_organisation_neither_see_nor_change_where_the_officer_is_notified()
    {
        await using var officers = await Receiver.StartAsync();
        var council = hub.ACouncil();
        using var officer = hub.Service.Person(council.Code, "privacy-officer");
        await PutAsync(officer, officers);

        Assert.Equal(0, (await council.Get("/subscriptions")).GetArrayLength());
        Assert.Equal(404, (int)(await council.Http.GetAsync("/subscriptions/privacy-officer", Cancelled)).StatusCode);
        Assert.Equal(
            404,
            (int)(await council.Http.DeleteAsync("/subscriptions/privacy-officer", Cancelled)).StatusCode
        );
        Assert.Equal(403, (int)(await council.Http.GetAsync("/break-glass/contact", Cancelled)).StatusCode);
        Assert.Equal(200, (int)(await officer.GetAsync("/break-glass/contact", Cancelled)).StatusCode);
        Assert.Equal(204, (int)(await officer.DeleteAsync("/break-glass/contact", Cancelled)).StatusCode);
        Assert.Equal(404, (int)(await officer.GetAsync("/break-glass/contact", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task The_hubs_officer_is_notified_for_who_has_none_and_without_one_the_operators_are()
    {
        await using var hubs = await Receiver.StartAsync();
        using var officer = hub.Service.Person("HUB", "privacy-officer");
        var council = hub.ACouncil();
        var use = new BreakGlassUsed(Guid.CreateVersion7(), council.Code, TimeProvider.System.GetUtcNow());

        await hub.Publish(use);
        await Eventually.UntilAsync(() => Task.FromResult(NoContact(council.Code)), seen => seen == 1);
        Assert.Equal(201, await PutAsync(officer, hubs));
        await hub.Publish(use with { UseId = Guid.CreateVersion7() });

        Assert.Equal(council.Code, (await hubs.AtLeast(1))[0].Event.GetProperty("data").Text("organisation"));
        Assert.Null(NoContact(council.Code));
        await officer.DeleteAsync("/break-glass/contact", Cancelled);
    }

    // As an exporter reads it.
    private static int? NoContact(string organisation)
    {
        int? seen = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Name == "hub.break_glass.no_contact")
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>(
            (_, value, tags, _) =>
            {
                if (tags.ToArray().Contains(new("organisation", organisation)))
                    seen = value;
            }
        );
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }

    private static async Task<int> PutAsync(HttpClient officer, Receiver receiver)
    {
        using var answer = await officer.PutAsJsonAsync("/break-glass/contact", new { url = receiver.Url }, Cancelled);
        return (int)answer.StatusCode;
    }
}
