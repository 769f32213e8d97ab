using Npgsql;

namespace Safeguarding.TestKit;

/// <summary>A PostgreSQL of the test's own that takes connections by TLS alone.</summary>
public sealed class TlsPostgres : IAsyncDisposable
{
    private readonly string _folder = OwnProcess.Folder("postgres");
    private readonly PostgresServer _server;
    private readonly string _authority;

    private TlsPostgres(string authority)
    {
        _authority = authority;
        _server = new PostgresServer(_folder, "data", PostgresServer.NewPassword());
    }

    /// <summary>With the server's certificate checked, as operators are told to write it.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(_server.At())
        {
            Host = "localhost",
            SslMode = SslMode.VerifyFull,
            RootCertificate = _authority,
        }.ConnectionString;

    public static async Task<TlsPostgres> StartAsync(TestAuthority authority)
    {
        var postgres = new TlsPostgres(authority.CertificateFile);
        var certificate = await authority.IssueAsync(PostgresServer.User);
        await postgres._server.InitAsync();
        var access = Path.Combine(postgres._server.Data, "pg_hba.conf");
        await File.WriteAllTextAsync(
            access,
            (await File.ReadAllTextAsync(access)).Replace("\nhost ", "\nhostssl ", StringComparison.Ordinal)
        );
        await postgres._server.StartAsync(
            "-c",
            "ssl=on",
            "-c",
            $"ssl_cert_file={certificate.File}",
            "-c",
            $"ssl_key_file={certificate.KeyFile}"
        );
        return postgres;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
