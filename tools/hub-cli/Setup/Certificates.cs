using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Safeguarding.Cli.Setup;

/// <summary>
/// TLS between the hub's programs, where <c>HUB_TLS_DIRECTORY</c> names a folder with <c>authority.pem</c> and, for
/// each part, <c>PART.pem</c> and <c>PART.key</c>.
/// </summary>
internal static class Certificates
{
    private const string AuthorityFile = "authority.pem";
    private const string CertificateFile = "certificate.pem";
    private const string KeyFile = "certificate.key";

    private static readonly string[] Servers = ["postgres", "rabbitmq"];

    /// <summary>Whom the parts trust.</summary>
    public static string Authority => Path.Combine(Place.Certificates!, AuthorityFile);

    /// <summary>Where a service of this machine finds what it shows, and whom it trusts.</summary>
    public static (string Certificate, string Key, string Authority) PathsOf(string service)
    {
        if (!Environment.IsPrivilegedProcess)
            return (CertificateOf(service), KeyOf(service), Authority);
        var beside = Path.Combine(Place.Secrets, service, "tls");
        return (
            Path.Combine(beside, CertificateFile),
            Path.Combine(beside, KeyFile),
            Path.Combine(beside, AuthorityFile)
        );
    }

    /// <summary>
    /// In compose each part finds its own beside its secrets, and no other's; so does each service that root starts,
    /// because it runs as a user who need not reach the folder.
    /// </summary>
    public static void Share(SecretFolder secrets, bool compose)
    {
        if (Place.Certificates is null || (!compose && !Environment.IsPrivilegedProcess))
            return;
        foreach (var part in Member.All.Select(member => member.Name).Concat(compose ? Servers : []))
        {
            secrets.Write($"{part}/tls/{AuthorityFile}", File.ReadAllText(Authority));
            secrets.Write($"{part}/tls/{CertificateFile}", File.ReadAllText(CertificateOf(part)));
            secrets.Write($"{part}/tls/{KeyFile}", File.ReadAllText(KeyOf(part)));
        }
    }

    private static string CertificateOf(string part) => Path.Combine(Place.Certificates!, $"{part}.pem");

    private static string KeyOf(string part) => Path.Combine(Place.Certificates!, $"{part}.key");

    /// <summary>Whether they are there and good, before anything starts that others would refuse to talk to.</summary>
    /// <param name="compose">Whether a part's name is its own, and not this machine's.</param>
    /// <exception cref="RefusedException">One is not; it is named.</exception>
    public static void Check(bool compose)
    {
        if (Place.Certificates is null)
            return;
        var trusted = new X509Certificate2Collection();
        Read(Authority, () => trusted.ImportFromPemFile(Authority));
        var parts = Member.All.Select(member => member.Name);
        foreach (var part in Place.Setting("HUB_WAY") == "given" ? parts : parts.Concat(Servers))
            Check(part, compose ? part : "localhost", trusted);
    }

    private static void Check(string part, string name, X509Certificate2Collection trusted)
    {
        var (file, keyFile) = (CertificateOf(part), KeyOf(part));
        X509Certificate2? read = null;
        Read(keyFile, () => _ = File.ReadAllText(keyFile));
        Read(file, () => read = X509Certificate2.CreateFromPemFile(file, keyFile));
        using var certificate = read!;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.ExtraStore.ImportFromPemFile(file);
        if (!chain.Build(certificate))
        {
            throw new RefusedException(
                chain.ChainStatus.Any(status => status.Status is X509ChainStatusFlags.NotTimeValid)
                    ? $"{file} is good from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u} only."
                    : $"{file} is of {certificate.Issuer}, which is not in {Authority}."
            );
        }

        if (!certificate.MatchesHostname(name))
            throw new RefusedException($"{file} is not for the name {name}, by which {part} is called.");
    }

    private static void Read(string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception failure)
            when (failure is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new RefusedException(
                $"{file} cannot be read. HUB_TLS_DIRECTORY is a folder with {AuthorityFile} and, for each part, PART.pem and PART.key."
            );
        }
        catch (CryptographicException)
        {
            throw new RefusedException($"{file} holds no certificate in PEM, or its key is another's.");
        }
    }
}
