using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting.Privacy;
using Safeguarding.TestKit;

namespace Safeguarding.Hosting.Tests;

public sealed class Sealing
{
    [Fact]
    public void What_was_sealed_opens_again_before_and_after_a_rotation()
    {
        using var keys = new KeyRingFile();
        var sealer = keys.Sealer;
        var child = Synthetic.AChild();
        var before = sealer.Seal(child);

        keys.Rotate();
        var after = sealer.Seal(child);

        Assert.Equal(("s1", "s2"), (before.KeyId, after.KeyId));
        Assert.Equal(child.Identifier, sealer.Open(before).Identifier);
        Assert.Equal(child.BirthDate, sealer.Open(after).BirthDate);
    }

    [Fact]
    public void A_sealed_value_shows_nothing_and_two_of_the_same_differ()
    {
        using var keys = new KeyRingFile();
        var child = Synthetic.AChild();

        var one = keys.Sealer.Seal(child);
        var two = keys.Sealer.Seal(child);

        Assert.NotEqual(one.Value, two.Value);
        Assert.DoesNotContain(
            child.Names[0].Family!,
            System.Text.Encoding.UTF8.GetString(one.Value),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            child.Identifier.NhsNumber!.Value.Reveal(),
            $"{one} {child} {child.Identifier} {child.Names[0]}",
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_type_that_was_moved_opens_what_was_sealed_under_its_former_name()
    {
        using var keys = new KeyRingFile();
        var stored = keys.Sealer.Seal(new Former("kept"));

        Assert.Equal("kept", keys.Sealer.Open(new Sealed<Moved>(stored.KeyId, stored.Value)).Text);
        Assert.ThrowsAny<CryptographicException>(() =>
            keys.Sealer.Open(new Sealed<Stranger>(stored.KeyId, stored.Value))
        );
    }

    [Fact]
    public void A_changed_byte_another_type_and_an_unknown_key_do_not_open()
    {
        using var keys = new KeyRingFile();
        var sealer = keys.Sealer;
        var value = sealer.Seal(Synthetic.AChild());
        var changed = value with { Value = [.. value.Value] };
        changed.Value[20] ^= 1;

        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(changed));
        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(new Sealed<PersonName>(value.KeyId, value.Value)));
        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(value with { KeyId = "gone" }));
        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(value with { Value = [1, 2, 3] }));
    }

    [Fact]
    public void A_search_finds_what_was_written_under_the_old_and_the_new_look_up_key()
    {
        using var keys = new KeyRingFile();
        var sealer = keys.Sealer;
        var old = sealer.Mac("nhs-number", "9000000009");
        keys.Rotate();
        var now = sealer.Mac("nhs-number", "9000000009");

        Assert.Equal([now, old], sealer.MacsForSearch("nhs-number", "9000000009"));
        Assert.NotEqual(now, sealer.Mac("postcode", "9000000009"));
    }

    [Fact]
    public void What_crosses_the_broker_opens_for_its_listener_and_is_kept_under_its_own_key()
    {
        using var keys = new KeyRingFile();
        Sealer Of(string service) => Sealer.Make(Settings(keys, service), service);
        var (registry, ingest) = (Of("plan-registry"), Of("encounter-ingest"));
        var (matching, notification) = (Of("matching"), Of("notification"));
        var child = Synthetic.AChild();

        var sent = ingest.For<EncounterReceived>().Seal(child);
        var kept = matching.Keep(sent);
        var passedOn = matching.For<EncounterMatched>().Reseal(kept);

        Assert.Equal(
            ("encounter-ingest-and-matching", "matching", "matching-and-notification"),
            (sent.KeyId, kept.KeyId, passedOn.KeyId)
        );
        Assert.All<(Sealer, Sealed<PersonTraits>)>(
            [(ingest, sent), (matching, sent), (matching, kept), (matching, passedOn), (notification, passedOn)],
            pair => Assert.Equal(child.BirthDate, pair.Item1.Open(pair.Item2).BirthDate)
        );
        Assert.All<(Sealer, Sealed<PersonTraits>)>(
            [
                (registry, sent),
                (notification, sent),
                (registry, kept),
                (ingest, kept),
                (notification, kept),
                (registry, passedOn),
                (ingest, passedOn),
                (matching, ingest.Seal(child)),
            ],
            pair => Assert.ThrowsAny<CryptographicException>(() => pair.Item1.Open(pair.Item2))
        );
        // What cannot be opened is passed on as it is: no alert waits for a lost key.
        Assert.Same(sent, notification.Keep(sent));
    }

    [Fact]
    public void A_service_without_the_key_rings_that_it_needs_is_refused_by_their_names()
    {
        using var keys = new KeyRingFile();
        string? Refused(string service, params (string Key, string? Value)[] changes) =>
            Sealer.ValidationErrors(Settings(keys, service, changes), service);

        Assert.Null(Refused("matching"));
        Assert.Null(Refused("identity", ("Keys:SharedDirectory", null)));
        Assert.StartsWith("Keys__File is missing", Refused("matching", ("Keys:File", "")), StringComparison.Ordinal);
        Assert.Equal(
            "Keys__SharedDirectory is missing: the folder of the key rings that matching shares with encounter-ingest "
                + "and notification and plan-registry.",
            Refused("matching", ("Keys:SharedDirectory", null))
        );
        Assert.Equal(
            "Keys__SharedDirectory has no matching-and-plan-registry/ring.json.",
            Refused("plan-registry", ("Keys:SharedDirectory", Path.GetTempPath()))
        );
    }

    private static IConfiguration Settings(
        KeyRingFile keys,
        string service,
        params (string Key, string? Value)[] changes
    )
    {
        var settings = new Dictionary<string, string?>
        {
            ["Keys:File"] = keys.Of(service),
            ["Keys:SharedDirectory"] = keys.SharedDirectory,
        };
        foreach (var (key, value) in changes)
            settings[key] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }

    [Fact]
    public void A_missing_key_ring_is_distinguished_from_a_wrong_one()
    {
        Assert.Throws<KeyRingUnavailableException>(() => Sealer.FromFile("/nowhere/keys.json").Mac("a", "b"));
    }

    private sealed record Former(string Text);

    [SealedAs("Safeguarding.Hosting.Tests.Sealing+Former")]
    private sealed record Moved(string Text);

    private sealed record Stranger(string Text);
}
