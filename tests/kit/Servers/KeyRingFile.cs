using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.TestKit;

/// <summary>
/// A service's own key ring of random keys, and the key rings that services share; rotate its own while a service runs.
/// </summary>
public sealed class KeyRingFile : IDisposable
{
    private readonly bool _isShared;
    private readonly Dictionary<string, string> _seal = new() { ["s1"] = NewKey() };
    private readonly Dictionary<string, string> _lookup = new() { ["l1"] = NewKey() };

    /// <param name="isShared">Whether tests share it: it is then neither rotated nor deleted before they end.</param>
    public KeyRingFile(bool isShared = false)
    {
        _isShared = isShared;
        if (isShared)
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete();
        foreach (var (one, other) in SharedKeyRings.All)
        {
            var name = SharedKeyRings.NameOf(one, other);
            Directory.CreateDirectory(System.IO.Path.Combine(SharedDirectory, name));
            File.WriteAllText(
                SharedKeyRings.FileOf(SharedDirectory, one, other),
                JsonSerializer.Serialize(
                    new { seal = new { current = name, keys = new Dictionary<string, string> { [name] = NewKey() } } }
                )
            );
        }

        Write();
    }

    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"keys-{Guid.CreateVersion7():n}.json");

    /// <summary>The folder of those that services share. The id of the one key of each is the ring's name.</summary>
    public string SharedDirectory { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"shared-keys-{Guid.CreateVersion7():n}");

    /// <summary>Seals as the service does for its own tables, and opens what any of the rings sealed.</summary>
    public Sealer Sealer =>
        new(
            new KeyRing(Path),
            SharedKeyRings.All.ToDictionary(
                two => SharedKeyRings.NameOf(two.One, two.Other),
                two => new KeyRing(SharedKeyRings.FileOf(SharedDirectory, two.One, two.Other))
            )
        );

    /// <summary>
    /// The key ring of one of several services, with a key of its own by the service's name. It has this one's keys
    /// too, as that of an upgraded hub has.
    /// </summary>
    public string Of(string service)
    {
        var path = System.IO.Path.Combine(SharedDirectory, $"{service}.json");
        if (!File.Exists(path))
            File.WriteAllText(path, Text(new(_seal) { [service] = NewKey() }, service));
        return path;
    }

    /// <summary>Adds new keys and makes them current.</summary>
    public void Rotate()
    {
        if (_isShared)
            throw new InvalidOperationException("A test that rotates keys needs its own: ownKeys.");
        _seal[$"s{_seal.Count + 1}"] = NewKey();
        _lookup[$"l{_lookup.Count + 1}"] = NewKey();
        Write();
    }

    public void Dispose()
    {
        if (!_isShared)
            Delete();
    }

    /// <summary>One for all services, as releases until 0.1 had: it opens what any of them seals.</summary>
    public string OfAll()
    {
        var path = System.IO.Path.Combine(SharedDirectory, "all.json");
        var keys = Directory
            .GetFiles(SharedDirectory, "*.json", SearchOption.AllDirectories)
            .Prepend(Path)
            .SelectMany(file => JsonNode.Parse(File.ReadAllText(file))!["seal"]!["keys"]!.AsObject())
            .DistinctBy(key => key.Key)
            .ToDictionary(key => key.Key, key => (string)key.Value!);
        File.WriteAllText(path, Text(keys, $"s{_seal.Count}"));
        return path;
    }

    private void Delete()
    {
        File.Delete(Path);
        Directory.Delete(SharedDirectory, recursive: true);
    }

    private void Write()
    {
        var temporary = Path + ".new";
        File.WriteAllText(temporary, Text(_seal, $"s{_seal.Count}"));
        File.Move(temporary, Path, overwrite: true);
    }

    private string Text(Dictionary<string, string> seal, string current) =>
        JsonSerializer.Serialize(
            new { seal = new { current, keys = seal }, lookup = new { current = $"l{_lookup.Count}", keys = _lookup } }
        );

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
