using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Safeguarding.Contracts;
using Safeguarding.Messaging;

namespace Safeguarding.Hosting.Privacy;

/// <summary>
/// Seals personal data (AES-256-GCM): for the service's tables under its own key ring, for the bus under one that it
/// shares with the event's listener (<see cref="SharedKeyRings"/>). Makes keyed MACs of identifiers for look-ups
/// (HMAC-SHA-256).
/// </summary>
public sealed class Sealer
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int MostCiphers = 16;
    private readonly KeyRing _ring;
    private readonly IReadOnlyDictionary<string, KeyRing> _shared;

    // Making a cipher costs more than using it, and one may be used by one thread at a time.
    [ThreadStatic]
    private static Dictionary<byte[], AesGcm>? _ciphers;

    /// <param name="ring">The service's own.</param>
    /// <param name="shared">Those that it shares, by the other service.</param>
    internal Sealer(KeyRing ring, IReadOnlyDictionary<string, KeyRing> shared) => (_ring, _shared) = (ring, shared);

    /// <summary>A sealer over one key ring file, which shares none.</summary>
    /// <param name="keyRingFile">Path of the JSON file with the keys.</param>
    public static Sealer FromFile(string keyRingFile) =>
        new(new KeyRing(keyRingFile), new Dictionary<string, KeyRing>());

    internal static Sealer Make(IConfiguration configuration, string service) =>
        new(
            new KeyRing(configuration["Keys:File"]!),
            SharedKeyRings
                .PartnersOf(service)
                .ToDictionary(
                    other => other,
                    other => new KeyRing(SharedKeyRings.FileOf(configuration[SharedKeyRings.Setting]!, service, other))
                )
        );

    internal static string? ValidationErrors(IConfiguration configuration, string service) =>
        configuration["Keys:File"] is not { Length: > 0 } file ? "Keys__File is missing: the service's own key ring."
        : !File.Exists(file) ? "Keys__File names a file that is not there."
        : SharedKeyRings.ValidationErrors(configuration, service);

    /// <summary>Seals a value under the service's own current key.</summary>
    public Sealed<T> Seal<T>(T value) => Seal(_ring, value);

    /// <summary>Seals for an event, under the key ring that this service shares with the event's listener.</summary>
    /// <typeparam name="TEvent">The event.</typeparam>
    public EventSealer For<TEvent>() => new(this, _shared[SharedKeyRings.ListenerOf<TEvent>()]);

    /// <summary>
    /// What came sealed from another service, under this service's own key, for its tables. As it came where it cannot
    /// be opened: the rest of the event is not lost for it.
    /// </summary>
    public Sealed<T> Keep<T>(Sealed<T> received) => Reseal(_ring, received);

    internal static Sealed<T> Seal<T>(KeyRing ring, T value)
    {
        var (keyId, sealedValue) = Encrypt(
            ring,
            JsonSerializer.SerializeToUtf8Bytes(value, HubJson.Options),
            Context<T>()
        );
        return new Sealed<T>(keyId, sealedValue);
    }

    internal Sealed<T> Reseal<T>(KeyRing ring, Sealed<T> value)
    {
        if (value.KeyId == ring.Current.Seal.CurrentId)
            return value;
        try
        {
            var plain = Decrypt(value.KeyId, value.Value, Context<T>());
            var (keyId, sealedValue) = Encrypt(ring, plain, Context<T>());
            return new Sealed<T>(keyId, sealedValue);
        }
        catch (CryptographicException)
        {
            return value;
        }
    }

    /// <summary>Opens a sealed value, under whichever key sealed it.</summary>
    /// <exception cref="CryptographicException">Unknown key, or the value was changed or is of another
    /// type.</exception>
    public T Open<T>(Sealed<T> value)
    {
        var plain = Decrypt(value.KeyId, value.Value, Context<T>());
        var opened = JsonSerializer.Deserialize<T>(plain, HubJson.Options)!;
        CryptographicOperations.ZeroMemory(plain);
        return opened;
    }

    /// <summary>Where the key ring is: two sealers over one file open the same.</summary>
    internal string KeyRingFile => _ring.Path;

    internal (string KeyId, byte[] Value) SealText(string context, string text) =>
        Encrypt(_ring, Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(context));

    internal string OpenText(string context, string keyId, byte[] value) =>
        Encoding.UTF8.GetString(Decrypt(keyId, value, Encoding.UTF8.GetBytes(context)));

    /// <summary>
    /// The look-up MAC of a value under the current key. A plain hash of an NHS number is reversed in seconds;
    /// this is not without the key.
    /// </summary>
    /// <param name="purpose">What the value is, such as <c>nhs-number</c>: the same text under another purpose has
    /// another MAC.</param>
    /// <param name="text">The value, normalised by the caller.</param>
    /// <returns>32 bytes.</returns>
    public byte[] Mac(string purpose, string text) => Mac(_ring.Current.Lookup.CurrentKey, purpose, text);

    /// <summary>As <see cref="Mac(string, string)"/>, of a text that is at hand as UTF-8.</summary>
    public byte[] Mac(string purpose, ReadOnlySpan<byte> utf8)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _ring.Current.Lookup.CurrentKey);
        hash.AppendData(Encoding.UTF8.GetBytes($"{purpose}\n"));
        hash.AppendData(utf8);
        return hash.GetHashAndReset();
    }

    /// <summary>
    /// The MACs of a value under every key of the ring, the current one first: what a search must look for
    /// while keys rotate.
    /// </summary>
    public IReadOnlyList<byte[]> MacsForSearch(string purpose, string text)
    {
        var keys = _ring.Current.Lookup;
        return keys.All.Count == 1
            ? [Mac(keys.CurrentKey, purpose, text)]
            :
            [
                .. keys
                    .All.OrderByDescending(key => key.Key == keys.CurrentId)
                    .Select(key => Mac(key.Value, purpose, text)),
            ];
    }

    /// <summary>
    /// Id of the key that <see cref="Mac(string, string)"/> uses now; stored beside MACs, so that a rotation
    /// knows which to make again.
    /// </summary>
    public string MacKeyId => _ring.Current.Lookup.CurrentId;

    private static (string KeyId, byte[] Value) Encrypt(KeyRing ring, byte[] plain, byte[] context)
    {
        var keys = ring.Current.Seal;
        var value = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = value.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        CipherOf(keys.CurrentKey)
            .Encrypt(
                nonce,
                plain,
                value.AsSpan(NonceBytes, plain.Length),
                value.AsSpan(NonceBytes + plain.Length),
                context
            );
        CryptographicOperations.ZeroMemory(plain);
        return (keys.CurrentId, value);
    }

    private byte[] Decrypt(string keyId, byte[] value, byte[] context)
    {
        var key = KeyOf(keyId);
        if (value.Length < NonceBytes + TagBytes)
            throw new CryptographicException("Too short to be sealed.");
        var plain = new byte[value.Length - NonceBytes - TagBytes];
        CipherOf(key)
            .Decrypt(
                value.AsSpan(0, NonceBytes),
                value.AsSpan(NonceBytes, plain.Length),
                value.AsSpan(NonceBytes + plain.Length),
                plain,
                context
            );
        return plain;
    }

    private byte[] KeyOf(string id)
    {
        if (_ring.Current.Seal.All.TryGetValue(id, out var key))
            return key;
        foreach (var ring in _shared.Values)
        {
            if (ring.Current.Seal.All.TryGetValue(id, out key))
                return key;
        }

        throw new CryptographicException("Sealed under a key that is in none of the service's key rings.");
    }

    private static AesGcm CipherOf(byte[] key)
    {
        var ciphers = _ciphers ??= [];
        if (ciphers.TryGetValue(key, out var known))
            return known;
        // Rings that were read again leave the ciphers of their former arrays.
        if (ciphers.Count == MostCiphers)
        {
            foreach (var former in ciphers.Values)
                former.Dispose();
            ciphers.Clear();
        }

        return ciphers[key] = new AesGcm(key, TagBytes);
    }

    /// <summary>The name under which values of a type are sealed.</summary>
    internal static string NameOf(Type type) => type.GetCustomAttribute<SealedAsAttribute>()?.Name ?? type.FullName!;

    private static byte[] Mac(byte[] key, string purpose, string text) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{purpose}\n{text}"));

    // Binds a ciphertext to what it is, so that it cannot be put where something else belongs.
    private static byte[] Context<T>() => TypeContext<T>.Utf8;

    private static class TypeContext<T>
    {
        public static readonly byte[] Utf8 = Encoding.UTF8.GetBytes(NameOf(typeof(T)));
    }
}
