using System.Text.Json;
using Safeguarding.Messaging;

namespace Safeguarding.Hosting.Privacy;

/// <summary>
/// Keys, from a file outside the database: a set for sealing and a set for look-up MACs, each with one current key. Old
/// keys stay readable, so that rotation loses nothing. The file is read again when it changes. A service has one of its
/// own (<c>Keys__File</c>) and shares others (<see cref="SharedKeyRings"/>), which have no look-up keys.
/// </summary>
internal sealed class KeyRing(string path)
{
    public string Path => path;

    private readonly Lock _lock = new();
    private DateTime _readAt;
    private Keys? _keys;

    public Keys Current
    {
        get
        {
            DateTime changed;
            try
            {
                changed = File.GetLastWriteTimeUtc(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new KeyRingUnavailableException(exception);
            }

            lock (_lock)
            {
                if (_keys is null || changed != _readAt)
                {
                    _keys = Read();
                    _readAt = changed;
                }

                return _keys;
            }
        }
    }

    private Keys Read()
    {
        try
        {
            var file = JsonSerializer.Deserialize<KeyRingFile>(File.ReadAllBytes(path), JsonSerializerOptions.Web)
                ?? throw new InvalidDataException("The key ring file is empty.");
            return new Keys(
                KeySet.Read(file.Seal, "seal"),
                file.Lookup is null ? null : KeySet.Read(file.Lookup, "lookup")
            );
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw new KeyRingUnavailableException(exception);
        }
    }

    internal sealed record Keys(KeySet Seal, KeySet? OfLookup)
    {
        public KeySet Lookup => OfLookup ?? throw new InvalidDataException("The key ring has no \"lookup\" keys.");
    }

    internal sealed record KeySet(string CurrentId, IReadOnlyDictionary<string, byte[]> All)
    {
        public byte[] CurrentKey => All[CurrentId];

        public static KeySet Read(KeySetFile? file, string name)
        {
            if (file?.Keys is not { Count: > 0 } || !file.Keys.ContainsKey(file.Current))
            {
                throw new InvalidDataException(
                    $"The key ring's \"{name}\" needs a \"current\" that is among its \"keys\"."
                );
            }

            var keys = file.Keys.ToDictionary(
                key => key.Key,
                key => Convert.FromBase64String(key.Value),
                StringComparer.Ordinal
            );
            return keys.Values.All(key => key.Length == 32)
                ? new KeySet(file.Current, keys)
                : throw new InvalidDataException($"Every key of \"{name}\" must be 32 bytes in base64.");
        }
    }

    internal sealed record KeyRingFile(KeySetFile? Seal, KeySetFile? Lookup);

    internal sealed record KeySetFile(string Current, Dictionary<string, string> Keys);
}

/// <summary>The key ring cannot be read just now. Not a fault of any message: callers wait.</summary>
public sealed class KeyRingUnavailableException(Exception inner)
    : DependencyUnavailableException("The key ring file cannot be read.", inner);
