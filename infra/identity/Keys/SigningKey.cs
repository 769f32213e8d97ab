using System.Globalization;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Identity.Keys;

/// <summary>
/// A private RSA key in a PEM file whose name is the instant from which it signs, such as
/// <c>20261122T120000Z.pem</c>.
/// </summary>
internal sealed record SigningKey(DateTimeOffset From, RsaSecurityKey Key)
{
    /// <summary>
    /// Encrypts what only identity reads (codes, refresh tokens, the state of a sign-in). Derived from the signing key,
    /// so that instances which share that one share this too.
    /// </summary>
    public SymmetricSecurityKey EncryptionKey { get; } =
        new(HKDF.DeriveKey(HashAlgorithmName.SHA256, Key.Parameters.D!, 32, info: "identity: encryption"u8.ToArray()))
        {
            KeyId = $"{Key.KeyId}.enc",
        };

    private const int Bits = 2048;
    private const string NameShape = "yyyyMMdd'T'HHmmss'Z'";

    public static SigningKey Read(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        if (
            !DateTimeOffset.TryParseExact(
                name,
                NameShape,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var from
            )
        )
        {
            throw new BadSigningKeyException(
                $"{name}.pem: the name must be the instant from which the key signs, such as 20261122T120000Z.pem."
            );
        }

        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(File.ReadAllText(file));
            var key = new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: true));
            key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
            return rsa.KeySize >= Bits
                ? new SigningKey(from, key)
                : throw new BadSigningKeyException($"{name}.pem: the key must have at least {Bits} bits.");
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new BadSigningKeyException($"{name}.pem is not an RSA private key in PEM form.");
        }
        finally
        {
            rsa.Dispose();
        }
    }

    /// <summary>
    /// Makes the first key. Two instances that start at once on the same day agree on its name, and so on the
    /// key.
    /// </summary>
    public static void Generate(string directory, DateTimeOffset now)
    {
        var file = Path.Combine(
            directory,
            $"{now.UtcDateTime.Date.ToString(NameShape, CultureInfo.InvariantCulture)}.pem"
        );
        var unfinished = Path.Combine(directory, $".{Guid.CreateVersion7():N}");
        using (var rsa = RSA.Create(Bits))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var writer = new StreamWriter(unfinished, options);
            writer.Write(rsa.ExportPkcs8PrivateKeyPem());
        }

        try
        {
            File.Move(unfinished, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(unfinished);
        }
    }
}

internal sealed class BadSigningKeyException(string message) : Exception(message);
