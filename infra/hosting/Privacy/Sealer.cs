using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Safeguarding.Contracts;
using Safeguarding.Messaging;

namespace Safeguarding.Hosting.Privacy;

/// <summary>
/// Seals personal data for the bus, the outbox and the tables (AES-256-GCM), and makes keyed MACs of identifiers for
/// look-ups (HMAC-SHA-256).
/// </summary>
public sealed class Sealer
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly KeyRing _ring;

    // Making a cipher costs more than using it, and one may be used by one thread at a time.
    [ThreadStatic]
    private static (byte[] Key, AesGcm Cipher)? _lastUsed;

    internal Sealer(KeyRing ring) => _ring = ring;

    /// <summary>A sealer over a key ring file.</summary>
    /// <param name="keyRingFile">Path of the JSON file with the keys.</param>
    public static Sealer FromFile(string keyRingFile) => new(new KeyRing(keyRingFile));

    internal static string? ValidationErrors(IConfiguration configuration) =>
        configuration["Keys:File"] is not { Length: > 0 } file ? "Keys__File is missing: the key ring file."
        : File.Exists(file) ? null
        : "Keys__File names a file that is not there.";

    /// <summary>Seals a value under the current key.</summary>
    public Sealed<T> Seal<T>(T value)
    {
        var (keyId, sealedValue) = Encrypt(JsonSerializer.SerializeToUtf8Bytes(value, HubJson.Options), Context<T>());
        return new Sealed<T>(keyId, sealedValue);
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
        Encrypt(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(context));

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

    private (string KeyId, byte[] Value) Encrypt(byte[] plain, byte[] context)
    {
        var keys = _ring.Current.Seal;
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
        if (!_ring.Current.Seal.All.TryGetValue(keyId, out var key))
            throw new CryptographicException("Sealed under a key that is not in the key ring.");
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

    private static AesGcm CipherOf(byte[] key)
    {
        if (_lastUsed is { } last && ReferenceEquals(last.Key, key))
            return last.Cipher;
        _lastUsed?.Cipher.Dispose();
        var cipher = new AesGcm(key, TagBytes);
        _lastUsed = (key, cipher);
        return cipher;
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
