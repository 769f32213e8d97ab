using System.Text;
using Npgsql;

namespace Safeguarding.Seed.Init;

/// <summary>
/// <c>provision --from DIR</c>: brings PostgreSQL and, where its management address is known, RabbitMQ to what the secrets say.
/// Safe to repeat: a changed password is a changed file and another run.
/// </summary>
internal static class ProvisionServers
{
    public const string Database = "hub";

    // Without Kerberos in the image, Npgsql's look for it would end in an error message on each start.
    public const string InCompose = "Host=postgres;Database=postgres;Username=postgres;GSS Encryption Mode=Disable";

    public static async Task<int> Run(string[] options)
    {
        var arguments = Arguments.Read(options);
        var secrets = new SecretFolder(arguments.Required("from"), UnixFileMode.UserRead);

        var superuser = Environment.GetEnvironmentVariable("HUB_POSTGRES")
            ?? new NpgsqlConnectionStringBuilder(InCompose) { Password = secrets.Read("postgres/password") }.ConnectionString;
        await CreateDatabase(superuser);
        await CreateRoles(superuser, secrets);

        using var management = Broker.Management(secrets);
        if (management is not null) await ImportDefinitions(management, secrets.Read("rabbitmq/definitions.json")!);

        return 0;
    }

    private static async Task CreateDatabase(string superuser)
    {
        await using var server = NpgsqlDataSource.Create(superuser);
        await using var exists = server.CreateCommand($"SELECT 1 FROM pg_database WHERE datname = '{Database}'");
        if (await exists.ExecuteScalarAsync() is not null) return;

        await using var create = server.CreateCommand($"CREATE DATABASE {Database} ENCODING 'UTF8' TEMPLATE template0");
        await create.ExecuteNonQueryAsync();
        Console.WriteLine($"created database {Database}");
    }

    private static async Task CreateRoles(string superuser, SecretFolder secrets)
    {
        await using var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(superuser) { Database = Database }.ConnectionString);
        await using var connection = await server.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Execute(connection, $"REVOKE ALL ON DATABASE {Database} FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC;");
        foreach (var member in Member.All)
        {
            var password = secrets.Read($"passwords/{member.Name}.postgres") ?? throw new InvalidOperationException($"no password for {member.Name}: run init first");
            await Execute(connection, $"""
                DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{member.Schema}') THEN CREATE ROLE {member.Schema}; END IF; END $$;
                ALTER ROLE {member.Schema} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}';
                GRANT CONNECT ON DATABASE {Database} TO {member.Schema};
                CREATE SCHEMA IF NOT EXISTS {member.Schema} AUTHORIZATION {member.Schema};
                ALTER ROLE {member.Schema} IN DATABASE {Database} SET search_path = {member.Schema};
                """);
        }

        await transaction.CommitAsync();
        Console.WriteLine($"roles and schemas: {string.Join(", ", Member.All.Select(member => member.Schema))}");
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task ImportDefinitions(HttpClient management, string definitions)
    {
        using var content = new StringContent(definitions, Encoding.UTF8, "application/json");
        using var response = await management.PostAsync("/api/definitions", content);
        response.EnsureSuccessStatusCode();
        Console.WriteLine($"virtual host {BrokerDefinitions.VirtualHost} with a user per service");
    }
}
