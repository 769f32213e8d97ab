using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Safeguarding.Cli.Clients;

/// <summary>
/// Key pairs for clients that have none. The private half is written once, for its owner, and kept nowhere
/// else.
/// </summary>
internal static class KeyPairs
{
    private const int Bits = 4096;

    /// <returns>The public half.</returns>
    /// <exception cref="RefusedException">The file is there already: a private key is never overwritten.</exception>
    public static JsonObject Make(string file, string kid, Terminal terminal)
    {
        if (File.Exists(file))
            throw new RefusedException($"{file} is there already, and a key is never overwritten.");
        using var pair = RSA.Create(Bits);
        using (
            var writer = new StreamWriter(
                file,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        {
            writer.Write(pair.ExportPkcs8PrivateKeyPem());
        }

        File.WriteAllText($"{file}.pub", pair.ExportSubjectPublicKeyInfoPem());
        terminal.Say($"{file}      the private key, kid {kid}: give it to its owner by a safe way, and keep no copy");
        terminal.Say($"{file}.pub  the public key");
        return PublicKeys.Read(pair.ExportSubjectPublicKeyInfoPem(), kid).Single();
    }
}
