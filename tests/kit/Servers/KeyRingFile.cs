using System.Security.Cryptography;
using System.Text.Json;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.TestKit;

/// <summary>A key ring file of random keys; rotate it while a service runs.</summary>
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
            AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(Path);
        Write();
    }

    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"keys-{Guid.CreateVersion7():n}.json");

    /// <summary>Seals and opens as the services do.</summary>
    public Sealer Sealer => Sealer.FromFile(Path);

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
            File.Delete(Path);
    }

    private void Write()
    {
        var temporary = Path + ".new";
        File.WriteAllText(
            temporary,
            JsonSerializer.Serialize(
                new
                {
                    seal = new { current = $"s{_seal.Count}", keys = _seal },
                    lookup = new { current = $"l{_lookup.Count}", keys = _lookup },
                }
            )
        );
        File.Move(temporary, Path, overwrite: true);
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
