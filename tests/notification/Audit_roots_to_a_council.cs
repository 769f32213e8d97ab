using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Hosting.Audit;
using Safeguarding.Notification.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>A council that names the type is sent each signed root without asking, and can check it.</summary>
public sealed class Audit_roots_to_a_council(HubServers servers) : IDisposable
{
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(10);
    private readonly DirectoryInfo _roots = Directory.CreateTempSubdirectory("hub-roots-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private AuditRoot? _last;

    [Fact]
    public async Task Each_root_is_sent_once_to_who_names_the_type_and_shows_its_own_chain()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var surroundings = await Surroundings.CreateAsync(servers);
        Dictionary<string, string?> settings = new(Hub.Settings)
        {
            ["Audit:RootsDirectory"] = _roots.FullName,
            ["Audit:SigningKey"] = _key.ExportPkcs8PrivateKeyPem(),
        };
        await using var first = await ServiceUnderTest<NotificationDb>.StartAsync(
            servers,
            settings,
            clock,
            surroundings
        );
        await using var second = await ServiceUnderTest<NotificationDb>.StartAsync(
            servers,
            settings,
            clock,
            surroundings
        );
        await using var wanting = await Receiver.StartAsync();
        await using var others = await Receiver.StartAsync();
        var council = new Desk(first, Hub.ACouncilCode());
        await council.Put(
            "/subscriptions/roots",
            new { url = wanting.Url, types = new[] { AlertSignalTypes.AuditRoot } }
        );
        await council.Subscribe(others.Url, name: "all");

        // What was signed before anybody was sent any is in the newest.
        Sign(council.Code, records: 3);
        Sign(council.Code, records: 4);
        await UntilAsync(1);
        Sign(council.Code, records: 9);
        await UntilAsync(2);

        var sent = Of("matching");
        Assert.Equal([2, 3], sent.Select(RootForOrganisation.Parse).Select(root => root.Number));
        Assert.All(sent, text => Assert.True(RootForOrganisation.Parse(text).IsTrue(_key)));
        Assert.Equal((council.Code, 9L), (Own(sent[1]).Organisation, Own(sent[1]).Records));
        Assert.DoesNotContain("RXX", string.Concat(sent), StringComparison.Ordinal);
        Assert.All(
            (string[])["\"records\":9>\"records\":8", "\"number\":3>\"number\":4", "-root-1\\n>-root-1\\n\\n"],
            change =>
            {
                var forged = sent[1].Replace(change.Split('>')[0], change.Split('>')[1], StringComparison.Ordinal);
                Assert.NotEqual(sent[1], forged);
                Assert.False(RootForOrganisation.Parse(forged).IsTrue(_key));
            }
        );
        Assert.Empty(others.Received);

        // Whoever lists its alerts holds the newest without naming anything.
        var witness = (await council.Get("/alerts")).GetProperty("auditRoots").EnumerateArray();
        var kept = RootForOrganisation.Parse(
            Assert.Single(witness, root => root.Text("service") == "matching").GetRawText()
        );
        Assert.Equal((3L, true), (kept.Number, kept.IsTrue(_key)));

        // Notification signs its own.
        Assert.Equal(1, RootForOrganisation.Parse(Of("notification")[0]).Number);

        List<string> Of(string service) =>
            [
                .. wanting
                    .Received.Select(hook => hook.Event.GetRawText())
                    .Where(text => RootForOrganisation.Parse(text).Service == service),
            ];

        async Task UntilAsync(int count) =>
            await Eventually.UntilAsync(
                async () =>
                {
                    await Hub.FinishCalls(first);
                    await Hub.FinishCalls(second);
                    clock.Advance(AWhile);
                    return Of("matching").Count;
                },
                received => received == count
            );
    }

    [Fact]
    public async Task Roots_to_a_channel_that_has_no_words_for_them_are_refused()
    {
        await using var hub = await ServiceUnderTest<NotificationDb>.StartAsync(servers, Hub.Settings);
        var council = new Desk(hub, Hub.ACouncilCode());

        var (status, body) = await council.Put(
            "/subscriptions/desk",
            new
            {
                channel = "email",
                to = "duty@council.example",
                link = "https://case.council.example/{alert}",
                types = new[] { AlertSignalTypes.AuditRoot },
            }
        );

        Assert.Equal(400, status);
        Assert.Contains("type-elsewhere", body, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _key.Dispose();
        _roots.Delete(recursive: true);
    }

    private static OwnChain Own(string text) => RootForOrganisation.Parse(text).Chain!;

    // As the sealer of another service appends it.
    private void Sign(string council, long records)
    {
        ChainHead[] heads =
        [
            new(council, records, SHA256.HashData([(byte)records])),
            new("RXX", 7, SHA256.HashData([7])),
            new("RYY", 7, SHA256.HashData([8])),
        ];
        var now = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        _last = AuditRoot.Sign(_key, "matching", _last, now, heads);
        File.AppendAllText(Path.Combine(_roots.FullName, "matching.jsonl"), $"{_last}\n");
    }
}
