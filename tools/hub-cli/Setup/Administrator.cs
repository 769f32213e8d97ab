using System.Globalization;
using Npgsql;

namespace Safeguarding.Cli.Setup;

/// <summary>PostgreSQL's administrator: given in <c>HUB_POSTGRES</c>, or compose's own.</summary>
internal static class Administrator
{
    public static string ConnectionString(SecretFolder secrets) =>
        Place.Setting("HUB_POSTGRES")
        ?? new NpgsqlConnectionStringBuilder(ProvisionServers.InCompose)
        {
            Password = secrets.Read("postgres/password"),
        }.ConnectionString;

    /// <summary>The same for PostgreSQL's own programs, which are told nothing secret on their command line.</summary>
    public static Dictionary<string, string> Environment(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        var environment = new Dictionary<string, string>
        {
            ["PGHOST"] = parts.Host ?? "localhost",
            ["PGPORT"] = parts.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = parts.Username ?? "postgres",
            ["PGPASSWORD"] = parts.Password ?? "",
        };
        if (parts.SslMode is SslMode.VerifyFull or SslMode.VerifyCA or SslMode.Require)
        {
            environment["PGSSLMODE"] = parts.SslMode switch
            {
                SslMode.VerifyFull => "verify-full",
                SslMode.VerifyCA => "verify-ca",
                _ => "require",
            };
        }

        if (parts.RootCertificate is { } authority)
            environment["PGSSLROOTCERT"] = authority;
        return environment;
    }

    public static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var server = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString
        );
        await using var command = server.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
