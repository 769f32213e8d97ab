using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>
/// What held an endpoint back ends with the act that mends it. The clock is the test's and stands still, so
/// nothing here waits for its turn.
/// </summary>
public sealed class Endpoint_that_is_corrected(HubWithClock hub) : IClassFixture<HubWithClock>
{
    public static TheoryData<string, int, string?> Acts
    {
        get
        {
            var cases = new TheoryData<string, int, string?>();
            foreach (
                var act in new[]
                {
                    "another address",
                    "off and on",
                    "the same again",
                    "a test event",
                    "a new secret",
                    "private networks",
                }
            )
            {
                cases.Add(act, 429, "2147483647");
                cases.Add(act, 503, null);
            }
            cases.Add("a success", 503, null);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Acts))]
    public async Task Any_act_that_mends_it_and_any_success_start_everything_that_waits_at_every_replica(
        string act,
        int status,
        string? retryAfter
    )
    {
        // Alone, so that it is this very process that holds back; with another, so that who acts need not be who holds
        // back.
        await using var replica = status == 503 ? await hub.StartReplica() : null;
        await using var receiver = await Receiver.StartAsync();
        await using var other = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(status, retryAfter);
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await hub.Publish([.. Enumerable.Range(0, 12).Select(_ => hub.AMatch(council))]);
        await Eventually.UntilAsync(
            () => council.Get("/subscriptions/case-system"),
            subscription => subscription.TryGetProperty("failingSince", out _)
        );
        receiver.Answer = Receiver.Status(204);

        var url = act == "another address" ? other.Url : receiver.Url;
        switch (act)
        {
            case "off and on":
                await council.Put("/subscriptions/case-system", new { url, enabled = false });
                await council.Put("/subscriptions/case-system", new { url, enabled = true });
                break;
            case "a test event":
                await council.Post("/subscriptions/case-system/test");
                break;
            case "a new secret":
                await council.Post("/subscriptions/case-system/rotate-secret");
                break;
            case "private networks":
                var id = await hub.Db(db =>
                    db.Subscriptions.Where(row => row.CouncilCode == council.Code).Select(row => row.Id).SingleAsync()
                );
                var opened = await hub
                    .Service.Client("HUB", "ops")
                    .PutAsJsonAsync(
                        $"/endpoints/{id}/private-networks",
                        new { networks = new[] { "10.0.0.0/8" } },
                        TestContext.Current.CancellationToken
                    );
                Assert.Equal(200, (int)opened.StatusCode);
                break;
            case "a success":
                // One alert alone comes to its turn; its success starts the others.
                await hub.Db(db =>
                    db.Deliveries.Where(row => row.CouncilCode == council.Code)
                        .OrderBy(row => row.Id)
                        .Take(1)
                        .ExecuteUpdateAsync(row =>
                            row.SetProperty(delivery => delivery.NextAttemptAt, hub.Clock.GetUtcNow())
                        )
                );
                await hub.Pass(TimeSpan.FromSeconds(1), () => Waiting(council).Result == 0);
                return;
            default:
                await council.Put("/subscriptions/case-system", new { url });
                break;
        }

        // A poll of a second, and not one of its own waits.
        var before = hub.Clock.GetUtcNow();
        await hub.Pass(TimeSpan.FromMilliseconds(50), () => Waiting(council).Result == 0);
        Assert.InRange(hub.Clock.GetUtcNow() - before, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal(act == "another address", other.Received.Count >= 12);
    }

    [Fact]
    public async Task What_a_former_address_asks_for_after_it_was_left_holds_nothing_back()
    {
        await using var former = await Receiver.StartAsync();
        await using var present = await Receiver.StartAsync();
        var mayAnswer = new TaskCompletionSource();
        former.Answer = async http =>
        {
            await mayAnswer.Task;
            await Receiver.Status(429, "3600")(http);
        };
        var council = hub.ACouncil();
        await council.Subscribe(former.Url);
        await hub.Publish(hub.AMatch(council));
        await former.AtLeast(1);

        await council.Put("/subscriptions/case-system", new { url = present.Url });
        mayAnswer.SetResult();

        await hub.Pass(TimeSpan.FromMilliseconds(100), () => present.Received.Count == 1);
        Assert.Equal(former.Received[0].Id, present.Received[0].Id);
        Assert.False((await council.Get("/subscriptions/case-system")).TryGetProperty("failingSince", out _));
    }

    [Theory]
    [InlineData("0", 0d)]
    [InlineData("120", 120d)]
    [InlineData(" 7 ", 7d)]
    [InlineData("0000000000000000000000090", 90d)]
    [InlineData("3601", 3600d)]
    [InlineData("2147483647", 3600d)]
    [InlineData("2147483648", 3600d)]
    [InlineData("99999999999999999999999999999999999999999", 3600d)]
    [InlineData("Sat, 28 Nov 2026 10:02:00 GMT", 120d)]
    [InlineData("Saturday, 28-Nov-26 10:02:00 GMT", 120d)]
    [InlineData("Sat Nov 28 10:02:00 2026", 120d)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", 3600d)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", 0d)]
    [InlineData("-5", null)]
    [InlineData("+5", null)]
    [InlineData("1.5", null)]
    [InlineData("1e9", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData("10, 20", null)]
    [InlineData("٥", null)]
    public void Retry_After_of_any_size_is_capped_and_what_is_none_asks_for_nothing(string text, double? seconds)
    {
        var asked = RetryAfter.Read(text, new DateTimeOffset(2026, 11, 28, 10, 0, 0, TimeSpan.Zero));

        Assert.Equal(seconds, asked is null ? null : RetrySchedule.Capped(asked).TotalSeconds);
    }

    [Theory]
    [InlineData("expired", "127.0.0.1", "tlsCertificateExpired")]
    [InlineData("not yet valid", "127.0.0.1", "tlsCertificateExpired")]
    [InlineData("valid", "council.example", "tlsCertificateWrongName")]
    [InlineData("valid", "127.0.0.1", "tlsCertificateUnknownIssuer")]
    public async Task A_certificate_that_is_not_trusted_says_why_in_the_attempt_and_nothing_of_itself(
        string validity,
        string name,
        string outcome
    )
    {
        await using var receiver = await Receiver.StartAsync(certificate: Certificate(validity, name));
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);

        var attempt = await council.Attempt(alert.Id(), outcome);

        Assert.DoesNotContain("Synthetic issuer", attempt.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(outcome, (await council.Post("/subscriptions/case-system/test")).Body.Text("outcome"));
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task What_speaks_no_TLS_fails_as_TLS()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(new UriBuilder(receiver.Url) { Scheme = "https" }.Uri);
        await hub.Publish(hub.AMatch(council));

        await council.Attempt((await council.Alert(_ => true)).Id(), "tlsFailed");
    }

    [Fact]
    public async Task Rotations_inside_one_overlap_keep_every_promised_secret_until_its_own_end()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        List<string> secrets = [await council.Subscribe(receiver.Url)];
        foreach (var overlapHours in new[] { 10, 2, 6 })
        {
            secrets.Add(
                (await council.Post("/subscriptions/case-system/rotate-secret", new { overlapHours })).Body.Text(
                    "secret"
                )
            );
        }

        Assert.Equal("0 1 2 3", await Signing(0));
        Assert.Equal("0 2 3", await Signing(3));
        Assert.Equal("0 3", await Signing(7));
        Assert.Equal("3", await Signing(11));

        for (var more = 0; more < 4; more++)
            Assert.Equal(200, (await council.Post("/subscriptions/case-system/rotate-secret")).Status);
        Assert.Equal(
            4,
            (await council.Get("/subscriptions/case-system")).GetProperty("formerSecrets").GetArrayLength()
        );
        var (status, refusal) = await council.Post("/subscriptions/case-system/rotate-secret");
        Assert.Equal((409, "secrets-overlap"), (status, refusal.Text("code")));

        async Task<string> Signing(int hours)
        {
            var until = started.AddHours(hours);
            if (until > hub.Clock.GetUtcNow())
                hub.Clock.Advance(until - hub.Clock.GetUtcNow());
            var before = receiver.Received.Count;
            await hub.Publish(hub.AMatch(council));
            var hook = (await receiver.AtLeast(before + 1))[before];
            return string.Join(
                ' ',
                Enumerable
                    .Range(0, secrets.Count)
                    .Where(i => hook.Signature.Split(' ').Contains(Endpoint_that_fails.SignedByHand(secrets[i], hook)))
            );
        }
    }

    [Fact]
    public async Task A_deleted_subscription_says_in_each_history_that_nothing_is_sent_there_and_counts_nowhere()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(410);
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await hub.Publish(hub.AMatch(council));
        var parked = await council.Alert(_ => true);
        await council.Attempt(parked.Id(), "gone");
        receiver.Answer = Receiver.Status(503);
        await hub.Publish(hub.AMatch(council));
        var waiting = await council.Alert(alert => alert.Id() != parked.Id());
        await council.Attempt(waiting.Id(), "serverError");

        Assert.Equal(
            204,
            (int)
                (
                    await council.Http.DeleteAsync(
                        new Uri("/subscriptions/case-system", UriKind.Relative),
                        TestContext.Current.CancellationToken
                    )
                ).StatusCode
        );

        foreach (var alert in new[] { parked, waiting })
        {
            var line = (await council.Get($"/alerts/{alert.Id()}/history"))
                .GetProperty("entries")
                .EnumerateArray()
                .Single(entry => entry.Text("deed") == "deliveryCancelled");
            Assert.Equal(
                ("case-system", "The subscription was deleted: no longer sent there."),
                (line.Text("subscription"), line.Text("note"))
            );
        }
        var standing = (await new Desk(hub.Service, "HUB", "ops").Get("/ops/councils"))
            .EnumerateArray()
            .Single(row => row.Text("council") == council.Code);
        Assert.Equal(
            (2, 0, 0),
            (
                standing.GetProperty("alertsWaiting").GetInt32(),
                standing.GetProperty("deliveriesWaiting").GetInt32(),
                standing.GetProperty("deliveriesParked").GetInt32()
            )
        );
        Assert.DoesNotContain(
            await hub
                .Service.Services.GetRequiredService<DeliveryStore>()
                .BacklogAsync(TestContext.Current.CancellationToken),
            row => row.CouncilCode == council.Code
        );
        Assert.Equal(
            0,
            await hub.Db(db =>
                db.Deliveries.CountAsync(row => row.CouncilCode == council.Code && row.State != DeliveryState.Cancelled)
            )
        );
    }

    private static async Task<int> Waiting(Desk council) =>
        (await council.Get("/subscriptions/case-system")).GetProperty("endpoint").GetProperty("waiting").GetInt32();

    private readonly DateTimeOffset started = hub.Clock.GetUtcNow();

    private static X509Certificate2 Certificate(string validity, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Synthetic issuer", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var (from, until) = validity switch
        {
            "expired" => (now.AddDays(-60), now.AddDays(-30)),
            "not yet valid" => (now.AddDays(30), now.AddDays(60)),
            _ => (now.AddDays(-1), now.AddDays(30)),
        };
        using var made = request.CreateSelfSigned(from, until);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
