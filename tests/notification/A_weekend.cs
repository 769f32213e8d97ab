using Microsoft.Extensions.Time.Testing;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Hours;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Escalation;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>
/// A hub whose clock stands in the afternoon of Friday 23 October 2026. On the Sunday the clocks go
/// back.
/// </summary>
public sealed class HubOnAFriday(HubServers servers) : Hub(servers)
{
    internal override FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 10, 23, 13, 0, 0, TimeSpan.Zero));
}

/// <summary>One council from Friday afternoon to Monday morning: who is told, when, and who is let sleep.</summary>
public sealed class A_weekend(HubOnAFriday hub) : IClassFixture<HubOnAFriday>
{
    [Fact]
    public async Task From_Friday_to_Monday_each_alert_reaches_the_desk_that_is_awake_and_no_desk_twice()
    {
        await using var caseSystem = await Receiver.StartAsync();
        await using var second = await Receiver.StartAsync();
        await using var edt = await Receiver.StartAsync();
        await using var manager = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await hub.Publish(Hub.AContact(council.Code) with { OfficeHours = [.. Weekdays()], BankHolidays = [] });
        foreach (
            var (name, receiver) in new[]
            {
                ("case-system", caseSystem),
                ("second", second),
                ("edt", edt),
                ("manager", manager),
            }
        )
        {
            await council.Subscribe(receiver.Url, name: name);
        }

        Assert.Equal(
            200,
            (
                await council.Put(
                    $"/escalations/{council.Code}",
                    new
                    {
                        desks = new { emergencyDutyTeam = new[] { "edt" }, dutyManager = new[] { "manager" } },
                        standard = new
                        {
                            overdueAfterMinutes = 15,
                            steps = new object[]
                            {
                                new { afterMinutes = 20, to = new[] { "second" } },
                                new { afterMinutes = 60, to = new[] { "dutyManager" } },
                            },
                        },
                    }
                )
            ).Status
        );
        await Eventually.UntilAsync(() =>
            hub.Db(db => Task.FromResult(db.Councils.Any(known => known.Code == council.Code)))
        );

        // Friday 14:05, BST. The office takes it in ten minutes: nobody else hears.
        await At("2026-10-23T13:05:00Z");
        var friday = await Raise(council, caseSystem, 1);
        await At("2026-10-23T13:15:00Z");
        await Take(council, friday);
        await At("2026-10-23T15:30:00Z");
        Assert.Equal((0, 0, 0), (second.Received.Count, edt.Received.Count, manager.Received.Count));
        Assert.Equal(
            ["escalationStopped"],
            (await council.Deeds(await council.Get($"/alerts/{friday}"))).Where(deed =>
                deed.StartsWith("escal", StringComparison.Ordinal)
            )
        );

        // Friday 16:50: still open. At 17:05 it is overdue and the office is closed: the emergency duty team gets it,
        // then the second desk.
        await At("2026-10-23T15:50:00Z");
        var late = await Raise(council, caseSystem, 2);
        Assert.Empty(edt.Received);
        await At("2026-10-23T16:05:00Z");
        await edt.AtLeast(1);
        Assert.Equal(late, Assert.Single(await council.Alerts("?overdue=true")).Id());
        await At("2026-10-23T16:10:00Z");
        await second.AtLeast(1);
        await Take(council, late);
        Assert.Empty(await council.Alerts("?overdue=true"));
        await At("2026-10-24T12:00:00Z");
        Assert.Equal((1, 1, 0), (second.Received.Count, edt.Received.Count, manager.Received.Count));

        // Sunday 02:00 is not yet: it is 01:30 in summer time, half an hour before the clocks go back.
        await At("2026-10-25T00:30:00Z");
        var night = await Raise(council, caseSystem, 3);
        await edt.AtLeast(2);
        // 01:30 again, in winter time: an hour has passed, so the second desk and the duty manager have it too. The
        // team is not told again.
        await At("2026-10-25T00:50:00Z");
        await second.AtLeast(2);
        await At("2026-10-25T01:30:00Z");
        await manager.AtLeast(1);
        Assert.Equal(2, edt.Received.Count);
        Assert.True((await council.Get($"/alerts/{night}")).GetProperty("overdue").GetBoolean());
        await Take(council, night);

        // Sunday 02:00 in winter time.
        await At("2026-10-25T02:00:00Z");
        var sunday = await Raise(council, caseSystem, 4);
        await edt.AtLeast(3);
        await Withdraw(sunday);
        await caseSystem.AtLeast(5);
        await edt.AtLeast(4);
        await At("2026-10-25T12:00:00Z");

        // Monday 08:30 is before the office opens, 09:30 is after it, by winter time.
        await At("2026-10-26T08:30:00Z");
        var early = await Raise(council, caseSystem, 6);
        await edt.AtLeast(5);
        await Take(council, early);
        await At("2026-10-26T09:30:00Z");
        var monday = await Raise(council, caseSystem, 7);
        await Take(council, monday);
        await At("2026-10-27T09:30:00Z");

        Assert.Equal([late, night, sunday, sunday, early], edt.Received.Select(AlertOf));
        Assert.Equal(
            ["alert.raised.v1", "alert.raised.v1", "alert.raised.v1", "alert.withdrawn.v1", "alert.raised.v1"],
            edt.Received.Select(hook => hook.Type)
        );
        Assert.Equal([late, night], second.Received.Select(AlertOf));
        Assert.Equal([night], manager.Received.Select(AlertOf));
        Assert.Equal([friday, late, night, sunday, sunday, early, monday], caseSystem.Received.Select(AlertOf));
    }

    /// <summary>Lets the clock stand at a moment until every step that is due then has been taken.</summary>
    private async Task At(string time)
    {
        // A clock that jumps hours while an answer is being recorded outlives the lease of that call, and the call is
        // rightly made again.
        await Eventually.UntilAsync(() =>
            hub.Db(db => Task.FromResult(!db.Deliveries.Any(delivery => delivery.State == DeliveryState.Waiting)))
        );
        var to = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
        hub.Clock.Advance(to - hub.Clock.GetUtcNow());
        await Eventually.UntilAsync(async () =>
        {
            var due = await hub.Db(db =>
                Task.FromResult(
                    db.EscalationSteps.Any(step =>
                        step.State == EscalationState.Waiting && step.DueAt <= to.AddMinutes(1)
                    )
                )
            );
            if (due)
            {
                await Hub.FinishCalls(hub.Service);
                hub.Clock.Advance(TimeSpan.FromMilliseconds(500));
            }

            return !due;
        });
    }

    private async Task<Guid> Raise(Desk council, Receiver caseSystem, int count)
    {
        var now = hub.Clock.GetUtcNow();
        await hub.Publish(
            hub.AMatch(council) with
            {
                StartedAt = now.AddMinutes(-5),
                ReceivedAt = now,
                Status = EncounterStatus.Arrived,
            }
        );
        return AlertOf((await caseSystem.AtLeast(count))[count - 1]);
    }

    private static async Task Take(Desk council, Guid alert) =>
        Assert.Equal(
            200,
            (
                await council.Post($"/alerts/{alert}/acknowledge", new { kind = "person", name = "Duty social worker" })
            ).Status
        );

    private async Task Withdraw(Guid alertId)
    {
        var alert = await hub.Db(db => Task.FromResult(db.Alerts.Single(known => known.Id == alertId)));
        await hub.Publish(
            new MatchWithdrawn(alert.EncounterId, alert.CouncilCode, 9, WithdrawalReason.EncounterEnteredInError)
        );
        await Eventually.UntilAsync(() =>
            hub.Db(db => Task.FromResult(db.Alerts.Single(known => known.Id == alertId).WithdrawnAt is not null))
        );
        await At(hub.Clock.GetUtcNow().AddSeconds(5).ToString("O", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static Guid AlertOf(Hook hook) => hook.Event.GetProperty("data").GetProperty("alertId").GetGuid();

    private static IEnumerable<Contracts.Councils.OfficeHours> Weekdays() =>
        new[] { DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday }.Select(
            day => new Contracts.Councils.OfficeHours(day, new TimeOnly(9, 0), new TimeOnly(17, 0))
        );
}
