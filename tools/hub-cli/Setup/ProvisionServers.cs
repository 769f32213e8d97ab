using System.Text;
using Npgsql;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Setup;

/// <summary>
/// <c>provision</c>: brings PostgreSQL and, where its management address is known, RabbitMQ to what the secrets say.
/// Safe to repeat: a changed password is a changed file and another run.
/// </summary>
internal sealed class ProvisionServers(Terminal terminal) : AsyncCommand<ProvisionServers.Settings>
{
    public const string Database = "hub";

    // Without Kerberos in the image, Npgsql's look for it would end in an error message on each start.
    public static string InCompose =>
        "Host=postgres;Database=postgres;Username=postgres;GSS Encryption Mode=Disable"
        + (Place.Certificates is null ? "" : ";SSL Mode=VerifyFull");

    internal sealed class Settings : CommandSettings;

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        await ProvisionAsync(SecretFolder.ForReading(), terminal.Say);
        return ExitCode.Well;
    }

    internal static async Task ProvisionAsync(SecretFolder secrets, Action<string> say)
    {
        var superuser = Administrator.ConnectionString(secrets);
        await CreateDatabase(superuser, say);
        await CreateRoles(superuser, secrets, say);

        using var management = Broker.Management(secrets);
        if (management is not null)
            await ImportDefinitions(management, secrets.Read("rabbitmq/definitions.json")!, say);
    }

    private static async Task CreateDatabase(string superuser, Action<string> say)
    {
        await using var server = NpgsqlDataSource.Create(superuser);
        await using var exists = server.CreateCommand($"SELECT 1 FROM pg_database WHERE datname = '{Database}'");
        if (await exists.ExecuteScalarAsync() is not null)
            return;

        await using var create = server.CreateCommand($"CREATE DATABASE {Database} ENCODING 'UTF8' TEMPLATE template0");
        await create.ExecuteNonQueryAsync();
        say($"created database {Database}");
    }

    private static async Task CreateRoles(string superuser, SecretFolder secrets, Action<string> say)
    {
        await using var server = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(superuser) { Database = Database }.ConnectionString
        );
        await using var connection = await server.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Execute(
            connection,
            $"REVOKE ALL ON DATABASE {Database} FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC;"
        );
        foreach (var member in Member.All)
        {
            var password = secrets.Read($"passwords/{member.Name}.postgres")
                ?? throw new RefusedException($"there is no password for {member.Name}: init makes it");
            await CreateLogin(connection, member, member.Schema, password);
            await Execute(connection, $"CREATE SCHEMA IF NOT EXISTS {member.Schema} AUTHORIZATION {member.Schema};");
            // What they may do the owner grants them, after its migrations.
            await CreateLogin(connection, member, member.Roles.Worker, PasswordOf("worker"));
            if (member.HasRequestLogin)
                await CreateLogin(connection, member, member.Roles.Request, PasswordOf("request"));

            string PasswordOf(string role) =>
                secrets.Read($"passwords/{member.Name}.{role}.postgres")
                ?? throw new RefusedException($"there is no password of the {role} of {member.Name}: init makes it");
        }

        await transaction.CommitAsync();
        say($"roles and schemas: {string.Join(", ", Member.All.Select(member => member.Schema))}");
    }

    private static Task CreateLogin(NpgsqlConnection connection, Member member, string login, string password) =>
        Execute(
            connection,
            $"""
            DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles
                WHERE rolname = '{login}') THEN CREATE ROLE {login}; END IF; END $$;
            ALTER ROLE {login} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '{password.Replace(
                "'",
                "''",
                StringComparison.Ordinal
            )}';
            GRANT CONNECT ON DATABASE {Database} TO {login};
            ALTER ROLE {login} IN DATABASE {Database} SET search_path = {member.Schema};
            """
        );

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    internal static async Task ImportDefinitions(HttpClient management, string definitions, Action<string> say)
    {
        using var content = new StringContent(definitions, Encoding.UTF8, "application/json");
        using var response = await management.PostAsync("/api/definitions", content);
        response.EnsureSuccessStatusCode();
        say($"virtual host {BrokerDefinitions.VirtualHost} with a user per service");
    }
}
