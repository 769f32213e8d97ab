using Npgsql;

namespace Safeguarding.Hosting.Storage;

/// <summary>
/// What the worker and the request role may do, as the owner grants it after each migration: DML without DDL, rows by
/// policy, and the audit insert only. Repeated at each start; a policy is made again only where its words differ, since
/// that locks the table.
/// </summary>
internal static class GrantRoles
{
    private const string Everything = "SELECT, INSERT, UPDATE, DELETE";

    // What is not here is the worker's to read and write.
    private static readonly Dictionary<string, string> OfWorker = new()
    {
        ["audit_record"] = "SELECT, INSERT",
        ["audit_chain"] = "SELECT, INSERT",
        ["audit_root"] = "SELECT, INSERT",
        ["audit_seal"] = "SELECT, UPDATE",
        ["__ef_migrations_history"] = "SELECT",
    };

    public static Task RunAsync(NpgsqlConnection connection, HubDbContext db, CancellationToken cancellationToken) =>
        RunAsync(
            connection,
            new PostgresRoles(db.SchemaName),
            db.AllRowPolicies,
            db.FunctionsOfRequests,
            cancellationToken
        );

    /// <summary>Of a program without a login for requests: no row of it is an organisation's.</summary>
    public static Task RunAsync(
        NpgsqlConnection connection,
        PostgresRoles roles,
        CancellationToken cancellationToken
    ) => RunAsync(connection, roles, null, [], cancellationToken);

    private static async Task RunAsync(
        NpgsqlConnection connection,
        PostgresRoles roles,
        IReadOnlyList<RowPolicy>? rows,
        IReadOnlyList<string> functionsOfRequests,
        CancellationToken cancellationToken
    )
    {
        var schema = roles.Schema;
        var all = rows is null ? roles.Worker : $"{roles.Worker}, {roles.Request}";
        var tables = await TablesAsync(connection, schema, cancellationToken);
        if (rows?.Select(row => row.Table).Except(tables.Keys).FirstOrDefault() is { } missing)
            throw new InvalidOperationException($"There is a row policy for {schema}.{missing}, which is no table.");
        List<string> sql =
        [
            $"GRANT USAGE ON SCHEMA {schema} TO {all};",
            $"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {all};",
            $"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {all};",
        ];
        foreach (var (name, table) in tables)
        {
            var full = $"{schema}.{name}";
            sql.Add($"GRANT {OfWorker.GetValueOrDefault(name, Everything)} ON {full} TO {roles.Worker};");
            if (rows is null)
                continue;
            var policy = rows.FirstOrDefault(row => row.Table == name);
            if (policy is not null)
                sql.Add($"GRANT {policy.Privileges} ON {full} TO {roles.Request};");
            // A transaction for each table: together their locks would stand against those of replicas that work.
            if (Secure(full, table, policy, roles) is { Count: > 0 } secure)
                await ExecuteAsync(connection, secure, cancellationToken);
        }

        // A view reads as whoever asks, or it would pass by the policies.
        foreach (var (view, asksAsCaller) in await ViewsAsync(connection, schema, cancellationToken))
        {
            if (!asksAsCaller)
                sql.Add($"ALTER VIEW {view} SET (security_invoker = true);");
            sql.Add($"GRANT SELECT ON {view} TO {all};");
        }

        foreach (var function in await DefinersAsync(connection, schema, cancellationToken))
        {
            var callers = functionsOfRequests.Any(name =>
                function.StartsWith($"{schema}.{name}(", StringComparison.Ordinal)
            )
                ? all
                : roles.Worker;
            sql.Add($"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {all};");
            sql.Add($"GRANT EXECUTE ON FUNCTION {function} TO {callers};");
        }

        await ExecuteAsync(connection, sql, cancellationToken);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        List<string> statements,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(string.Join("\n", statements), connection, transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static List<string> Secure(string full, Table table, RowPolicy? policy, PostgresRoles roles)
    {
        var sql = new List<string>();
        var wanted = policy is { IsOpen: true } ? [] : Policies(policy, roles);
        if (table.IsSecured != wanted.Count > 0)
        {
            sql.Add(
                wanted.Count > 0
                    ? $"ALTER TABLE {full} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
                    : $"ALTER TABLE {full} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;"
            );
        }

        foreach (var old in table.Policies.Where(old => wanted.GetValueOrDefault(old.Key) != old.Value))
            sql.Add($"DROP POLICY {old.Key} ON {full};");
        foreach (var (name, words) in wanted.Where(one => table.Policies.GetValueOrDefault(one.Key) != one.Value))
        {
            // The comment is what a later start compares.
            sql.Add($"CREATE POLICY {name} ON {full} {words};");
            var quoted = words.Replace("'", "''", StringComparison.Ordinal);
            sql.Add($"COMMENT ON POLICY {name} ON {full} IS '{quoted}';");
        }

        return sql;
    }

    private static Dictionary<string, string> Policies(RowPolicy? policy, PostgresRoles roles)
    {
        var policies = new Dictionary<string, string>
        {
            ["hub"] = $"TO {roles.Owner}, {roles.Worker} USING (true) WITH CHECK (true)",
        };
        if (policy is null)
            return policies;
        policies["own"] = policy.Own is { } own
            ? $"TO {roles.Request} USING ({own}) WITH CHECK ({policy.Written ?? own})"
            : $"FOR INSERT TO {roles.Request} WITH CHECK ({policy.Written})";
        foreach (var (name, command) in policy.Across)
        {
            policies[$"across_{name.Replace('-', '_')}"] =
                $"FOR {command} TO {roles.Request} {(command is "INSERT" ? "WITH CHECK" : "USING")} "
                + $"((SELECT current_setting('hub.across', true)) = '{name}')";
        }

        return policies;
    }

    private static async Task<Dictionary<string, Table>> TablesAsync(
        NpgsqlConnection connection,
        string schema,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT class.relname, class.relrowsecurity AND class.relforcerowsecurity, policy.polname,
                obj_description(policy.oid, 'pg_policy')
            FROM pg_class AS class LEFT JOIN pg_policy AS policy ON policy.polrelid = class.oid
            WHERE class.relnamespace = $1::regnamespace AND class.relkind IN ('r', 'p') AND NOT class.relispartition
            ORDER BY class.relname
            """,
            connection
        );
        command.Parameters.Add(new() { Value = schema });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new Dictionary<string, Table>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var name = reader.GetString(0);
            if (!tables.TryGetValue(name, out var table))
                tables[name] = table = new Table(reader.GetBoolean(1));
            if (!reader.IsDBNull(2))
                table.Policies[reader.GetString(2)] = reader.IsDBNull(3) ? "" : reader.GetString(3);
        }

        return tables;
    }

    private static async Task<List<(string View, bool AsksAsCaller)>> ViewsAsync(
        NpgsqlConnection connection,
        string schema,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT format('%I.%I', $1, relname), 'security_invoker=true' = ANY(coalesce(reloptions, '{}'))
            FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'v'
            """,
            connection
        );
        command.Parameters.Add(new() { Value = schema });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var views = new List<(string, bool)>();
        while (await reader.ReadAsync(cancellationToken))
            views.Add((reader.GetString(0), reader.GetBoolean(1)));
        return views;
    }

    // They work as the owner, on what they name: for the worker alone.
    private static async Task<List<string>> DefinersAsync(
        NpgsqlConnection connection,
        string schema,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT format('%I.%I(%s)', $1, proname, pg_get_function_identity_arguments(oid))
            FROM pg_proc WHERE pronamespace = $1::regnamespace AND prosecdef
            """,
            connection
        );
        command.Parameters.Add(new() { Value = schema });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var functions = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            functions.Add(reader.GetString(0));
        return functions;
    }

    private sealed record Table(bool IsSecured)
    {
        public Dictionary<string, string> Policies { get; } = new(StringComparer.Ordinal);
    }
}
