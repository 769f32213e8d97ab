using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.Notification.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>What is kept for how long: the service is started again months and years later.</summary>
public sealed class Deleting_what_is_old(HubServers servers)
{
    [Fact]
    public async Task Attempts_are_purged_after_three_months_closed_alerts_after_two_years_and_open_ones_stay()
    {
        await using var surroundings = await Surroundings.CreateAsync(servers);
        await using var receiver = await Receiver.StartAsync();
        var code = Hub.ACouncilCode();
        Guid closed,
            open;
        await using (
            var service = await ServiceUnderTest<NotificationDb>.StartAsync(servers, Hub.Settings, null, surroundings)
        )
        {
            var council = new Desk(service, code);
            await council.Subscribe(receiver.Url);
            await service.Bus.PublishAsync(
                Hub.AMatch(code, surroundings.Keys.Sealer),
                Hub.AMatch(code, surroundings.Keys.Sealer)
            );
            await Eventually.UntilAsync(() => council.Alerts("?state=delivered"), alerts => alerts.Count == 2);
            var alerts = await council.Alerts();
            (closed, open) = (alerts[0].Id(), alerts[1].Id());
            await council.Post($"/alerts/{closed}/acknowledge");
            Assert.Equal(
                (1, 1),
                (await Rows(service, closed)) is var rows ? (rows.Deliveries, rows.Attempts) : default
            );
        }

        await using (var service = await StartAfter(TimeSpan.FromDays(91)))
        {
            await Eventually.UntilAsync(
                () => Rows(service, closed),
                rows => rows is { Alerts: 1, Entries: > 0, Deliveries: 1, Attempts: 0 }
            );
        }

        await using (var service = await StartAfter(TimeSpan.FromDays(731)))
        {
            await Eventually.UntilAsync(() => Rows(service, closed), rows => rows == (0, 0, 0, 0));
            Assert.Equal(1, (await Rows(service, open)).Alerts);
        }

        Task<ServiceUnderTest<NotificationDb>> StartAfter(TimeSpan time) =>
            ServiceUnderTest<NotificationDb>.StartAsync(
                servers,
                Hub.Settings,
                new FakeTimeProvider(TimeProvider.System.GetUtcNow() + time),
                surroundings
            );
    }

    private static Task<(int Alerts, int Entries, int Deliveries, int Attempts)> Rows(
        ServiceUnderTest<NotificationDb> service,
        Guid id
    ) =>
        service.Db(async db =>
            (
                await db.Alerts.CountAsync(alert => alert.Id == id),
                await db.AlertEntries.CountAsync(entry => entry.AlertId == id),
                await db.Deliveries.CountAsync(delivery => delivery.AlertId == id),
                await db.DeliveryAttempts.CountAsync(attempt =>
                    db.Deliveries.Any(delivery => delivery.Id == attempt.DeliveryId && delivery.AlertId == id)
                )
            )
        );
}
