using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Safeguarding.Cli.Setup;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.Cli.Tests;

/// <summary>Which keys init makes, and whom compose gives them.</summary>
public sealed partial class Key_rings : IDisposable
{
    private static readonly string[] Services = ["plan-registry", "encounter-ingest", "matching", "notification"];
    private readonly TemporaryFolder _folder = new();
    private readonly SecretFolder _secrets;

    public Key_rings() => _secrets = new(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

    [Fact]
    public void No_service_of_a_new_hub_has_a_key_of_another_and_init_again_changes_none()
    {
        KeyRings.Make(_secrets);
        var keys = Services.Append("identity").ToDictionary(service => service, KeysOf);
        KeyRings.Make(_secrets);

        Assert.All(keys, pair => Assert.Equal(pair.Value, KeysOf(pair.Key)));
        Assert.Distinct(keys.Values.SelectMany(all => all));
        Assert.False(File.Exists(_secrets.PathOf("keys/ring.json")));
        Assert.Equal(
            [("encounter-ingest", "matching"), ("matching", "notification"), ("matching", "plan-registry")],
            SharedKeyRings.All
        );
    }

    [Fact]
    public void A_hub_with_one_key_ring_for_all_goes_on_reading_and_finding_after_its_upgrade()
    {
        _secrets.Write("keys/ring.json", KeyRings.New());
        var before = Sealer.FromFile(_secrets.PathOf("keys/ring.json"));
        var (sealedBefore, found) = (before.Seal("a child"), before.Mac("nhs-number", "9000000009"));

        KeyRings.Make(_secrets);

        foreach (var service in Services)
        {
            var now = Sealer.FromFile(_secrets.PathOf(KeyRings.PathOf(service)));
            Assert.Equal("a child", now.Open(sealedBefore));
            // Notification finds nobody by a digest.
            Assert.Equal(service != "notification", now.Mac("nhs-number", "9000000009").SequenceEqual(found));
            var written = now.Seal("a child");
            Assert.NotEqual(sealedBefore.KeyId, written.KeyId);
            // A replica of the release before reads its one ring again, and goes on beside this one.
            Assert.Equal("a child", before.Open(written));
        }

        Assert.Equal(sealedBefore.KeyId, before.Seal("a child").KeyId);
        Assert.DoesNotContain(
            sealedBefore.KeyId,
            KeyRings.OpenedBy("matching").Skip(1).SelectMany(file => Ids(_secrets.Read(file)!))
        );
    }

    [Fact]
    public void Compose_gives_a_service_its_own_key_ring_and_those_that_it_shares_and_no_more()
    {
        var compose = Repository.Read("docker-compose.yml");
        foreach (var service in Services)
        {
            var mounts = MountOfKeys().Matches(Block(compose, service)).Select(mount => mount.Groups[1].Value);

            Assert.Equal(
                SharedKeyRings
                    .PartnersOf(service)
                    .Select(other => SharedKeyRings.NameOf(service, other))
                    .Select(name => $"{name}-keys:/run/hub/shared-keys/{name}:ro")
                    .Prepend($"{service}-keys:/run/hub/keys:ro"),
                mounts
            );
        }

        Assert.All(["identity", "portal"], member => Assert.DoesNotMatch(@"- \S*keys:/run", Block(compose, member)));
        foreach (var program in (string[])["init", "backups", "operator"])
        {
            var made = Services
                .SelectMany(KeyRings.OpenedBy)
                .Select(file => $"-keys:/secrets/{Path.GetDirectoryName(file)}");
            Assert.All(made, mount => Assert.Contains(mount, Block(compose, program), StringComparison.Ordinal));
        }
    }

    public void Dispose() => _folder.Dispose();

    private List<string> KeysOf(string service)
    {
        var ring = JsonNode.Parse(_secrets.Read(KeyRings.PathOf(service))!)!;
        return
        [
            .. from set in (string[])["seal", "lookup"]
            from key in ring[set]!["keys"]!.AsObject()
            select (string)key.Value!,
        ];
    }

    private static IEnumerable<string> Ids(string ring) =>
        JsonNode.Parse(ring)!["seal"]!["keys"]!.AsObject().Select(key => key.Key);

    private static string Block(string compose, string service)
    {
        var from = compose.IndexOf($"\n  {service}:\n", StringComparison.Ordinal) + 1;
        var end = NextService().Match(compose, from + 3);
        return compose[from..end.Index];
    }

    [GeneratedRegex(@"- (\S+-keys:/run/hub/\S+)")]
    private static partial Regex MountOfKeys();

    [GeneratedRegex(@"\n(  [a-z#]|volumes:)")]
    private static partial Regex NextService();
}
