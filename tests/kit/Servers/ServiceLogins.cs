using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Hosting.Storage;

namespace Safeguarding.TestKit;

/// <summary>
/// The PostgreSQL logins, as provisioning makes them: every test of a service runs with them, and so behind row-level
/// security.
/// </summary>
public static class ServiceLogins
{
    /// <summary>Of every login.</summary>
    public const string Password = "of-tests-only";

    // Two suites must not make one role at once.
    private const long Turn = 0x726f6c65;

    private static readonly string[] Schemas = ["plan_registry", "encounter_ingest", "matching", "notification"];

    // They have no login for requests.
    private static readonly string[] All = [.. Schemas, "identity", "portal"];

    /// <summary>Settings of a service whose database connection is that of a superuser.</summary>
    /// <param name="service">Such as <c>plan-registry</c>, or its schema.</param>
    /// <param name="settings">Its settings; changed.</param>
    /// <param name="asOwner">Whether it works by the owner's login, as releases before did.</param>
    public static void Apply(string service, IDictionary<string, string?> settings, bool asOwner = false)
    {
        var roles = PostgresRoles.OfService(service);
        if (!All.Contains(roles.Schema) || !settings.TryGetValue("ConnectionStrings:Hub", out var given))
            return;
        settings["ConnectionStrings:Hub"] = new NpgsqlConnectionStringBuilder(given)
        {
            Username = asOwner ? roles.Owner : roles.Worker,
            Password = Password,
        }.ConnectionString;
    }

    /// <summary>The connection string of the login that a part of the hub works by.</summary>
    /// <param name="service">Such as <c>identity</c>.</param>
    /// <param name="database">A superuser's.</param>
    public static string WorkerOf(string service, string database)
    {
        var settings = new Dictionary<string, string?> { ["ConnectionStrings:Hub"] = database };
        Apply(service, settings);
        return settings["ConnectionStrings:Hub"]!;
    }

    /// <summary>The schema of a part of the hub; null of another context.</summary>
    internal static string? SchemaOf(Type context) =>
        All.FirstOrDefault(schema =>
            context.Name.Equals(
                $"{schema.Replace("_", "", StringComparison.Ordinal)}Db",
                StringComparison.OrdinalIgnoreCase
            )
        );

    /// <summary>Makes the logins where the server has none.</summary>
    internal static Task CreateAsync(string server) =>
        RunAsync(
            server,
            string.Concat(
                All.Select(schema => new PostgresRoles(schema))
                    .SelectMany(roles =>
                        Schemas.Contains(roles.Schema)
                            ? (string[])[roles.Owner, roles.Worker, roles.Request]
                            : [roles.Owner, roles.Worker]
                    )
                    .Select(login =>
                        $"""
                            DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{login}') THEN
                                CREATE ROLE {login} LOGIN PASSWORD '{Password}'; END IF; END $$;

                            """
                    )
            )
        );

    /// <summary>Gives the owners their schemas in a database.</summary>
    internal static Task ProvisionAsync(string database) =>
        RunAsync(
            database,
            string.Concat(All.Select(schema => $"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {schema};\n"))
        );

    /// <summary>Gives the owners what a superuser restored of an earlier release.</summary>
    /// <param name="database">A superuser's connection string.</param>
    public static Task OwnAsync(string database) =>
        RunAsync(
            database,
            string.Concat(
                Schemas.Select(schema =>
                    $"""
                        ALTER SCHEMA {schema} OWNER TO {schema};
                        DO $$ DECLARE one regclass; routine regprocedure; BEGIN
                            FOR one IN SELECT oid FROM pg_class WHERE relnamespace = '{schema}'::regnamespace
                                AND (relkind IN ('r', 'p', 'v') OR relkind = 'S' AND NOT EXISTS (
                                    SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i')))
                            LOOP EXECUTE 'ALTER TABLE ' || one || ' OWNER TO {schema}'; END LOOP;
                            FOR routine IN SELECT oid FROM pg_proc WHERE pronamespace = '{schema}'::regnamespace
                            LOOP EXECUTE 'ALTER ROUTINE ' || routine || ' OWNER TO {schema}'; END LOOP;
                        END $$;

                        """
                )
            )
        );

    private static async Task RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString
        );
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT pg_advisory_lock({Turn}); {sql}";
        await command.ExecuteNonQueryAsync();
    }
}
