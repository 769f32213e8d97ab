using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Safeguarding.TestKit;

/// <summary>A certificate authority of a test's own, for servers at <c>localhost</c>.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly string _folder = OwnProcess.Folder("tls");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=Test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(CertificateFile, _certificate.ExportCertificatePem());
    }

    /// <summary>What to trust, in PEM.</summary>
    public string CertificateFile => Path.Combine(_folder, "authority.pem");

    /// <summary>A certificate for a server, with a key that only that user of the machine reads.</summary>
    /// <param name="user">Who runs the server, where the tests run as root; null for who runs the tests.</param>
    /// <param name="host">The server's name.</param>
    /// <param name="hasExpired">Whether it was good until a moment ago.</param>
    public async Task<(string File, string KeyFile)> IssueAsync(
        string? user = null,
        string host = "localhost",
        bool hasExpired = false
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost")
            names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], false)
        );
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false)
        );
        using var certificate = request.Create(
            _certificate,
            _certificate.NotBefore,
            hasExpired ? _certificate.NotBefore.AddHours(1) : _certificate.NotAfter,
            RandomNumberGenerator.GetBytes(16)
        );
        var name = Path.Combine(_folder, $"{user ?? "service"}-{host}{(hasExpired ? "-expired" : "")}");
        await WriteAsync($"{name}.pem", certificate.ExportCertificatePem());
        await WriteAsync($"{name}.key", key.ExportPkcs8PrivateKeyPem());
        if (user is not null && Environment.IsPrivilegedProcess)
            await OwnProcess.RunAsync(null, _folder, "chown", $"{user}:", $"{name}.key");
        return ($"{name}.pem", $"{name}.key");
    }

    // In place of the one before, as an operator renews it.
    private static async Task WriteAsync(string file, string text)
    {
        await File.WriteAllTextAsync($"{file}.new", text);
        if (file.EndsWith(".key", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
            File.SetUnixFileMode($"{file}.new", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move($"{file}.new", file, overwrite: true);
    }

    /// <summary>A client that trusts this authority and nobody else.</summary>
    public HttpClient Client(Uri address) =>
        new(
            new SocketsHttpHandler
            {
                SslOptions =
                {
                    CertificateChainPolicy = new X509ChainPolicy
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        CustomTrustStore = { _certificate },
                        RevocationMode = X509RevocationMode.NoCheck,
                    },
                },
            }
        )
        {
            BaseAddress = address,
        };

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
