using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Storage;
using Safeguarding.Matching.Storage;
using Safeguarding.Notification.Storage;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Behind the services' own conditions stands the database: three logins for each, and row-level security (decision
/// 34). Tables are found in the catalogue, so a new one that nobody thought of fails here.
/// </summary>
public sealed class Second_fence(HubServers servers)
{
    private const string Own = "E09000012";
    private const string Other = "E10000016";

    // COPY, by which a register comes in, is not possible under row-level security.
    private static readonly string[] Open = ["plan_registry.upload_line"];

    private static readonly string[] OrganisationColumns =
    [
        "organisation",
        "organisations",
        "council_code",
        "council",
        "councils",
        "other_council_code",
        "code",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Services => ["plan-registry", "encounter-ingest", "matching", "notification"];

    [Theory]
    [MemberData(nameof(Services))]
    public Task Without_its_own_condition_a_request_reaches_no_row_of_another_organisation(string service) =>
        OfAsync(service, new ReachesNoOther());

    [Theory]
    [MemberData(nameof(Services))]
    public Task Every_table_is_under_forced_row_level_security(string service) => OfAsync(service, new IsForced());

    [Theory]
    [MemberData(nameof(Services))]
    public Task Neither_login_of_a_running_service_changes_audit_tables_or_policies(string service) =>
        OfAsync(service, new ChangesNothing());

    [Fact]
    public async Task Neither_identity_nor_the_portal_changes_audit_or_tables_by_the_login_it_works_by()
    {
        await using var identity = await IdentityUnderTest.StartAsync(servers);
        await using var surroundings = await Surroundings.CreateAsync(servers);
        await using var portal = await PortalUnderTest.StartAsync(surroundings);
        var ofIdentity = identity.Service.Surroundings.Database;

        await AssertAsync(PostgresRoles.OfService("identity"), ofIdentity, ChangesNothing.OfAudit("identity"));
        await AssertAsync(PostgresRoles.OfService("portal"), surroundings.Database, []);
        var record = ChangesNothing.InsertOf("identity.audit_record", Own);
        Assert.False(await ChangesNothing.IsDeniedAsync(ofIdentity, "identity_worker", record));

        static async Task AssertAsync(PostgresRoles roles, string database, IEnumerable<string> attempts)
        {
            foreach (var attempt in attempts.Concat(ChangesNothing.OfTables(roles, $"{roles.Schema}.session")))
            {
                Assert.True(
                    await ChangesNothing.IsDeniedAsync(database, roles.Worker, attempt),
                    $"{roles.Worker}: {attempt}"
                );
            }

            // What migrated is not what works.
            var logins = await ListAsync(
                database,
                $"""
                SELECT DISTINCT usename FROM pg_stat_activity
                WHERE usename LIKE '{roles.Schema}%' AND datname = current_database()
                """
            );
            Assert.Equal([roles.Worker], logins.Select(login => login[0]));
        }
    }

    [Fact]
    public async Task What_reads_across_organisations_is_what_the_decision_names()
    {
        var named = new ReadsAcross();
        foreach (var service in Services)
            await OfAsync(service, named);

        var decision = await File.ReadAllLinesAsync(
            Path.Combine(Repository.Root, "docs/decisions/0034-three-logins-and-row-level-security.md"),
            Cancelled
        );
        Assert.Equal(
            string.Join('\n', named.Lines),
            string.Join('\n', decision.Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        );
    }

    private Task OfAsync(string service, ICheck check) =>
        service switch
        {
            "plan-registry" => OfAsync<PlanRegistryDb>(service, check),
            "encounter-ingest" => OfAsync<EncounterIngestDb>(service, check),
            "matching" => OfAsync<MatchingDb>(service, check),
            _ => OfAsync<NotificationDb>(service, check),
        };

    private async Task OfAsync<TDb>(string name, ICheck check)
        where TDb : HubDbContext
    {
        await using var service = await ServiceUnderTest<TDb>.StartAsync(servers);
        await check.RunAsync(name, service);
    }

    private interface ICheck
    {
        Task RunAsync<TDb>(string name, ServiceUnderTest<TDb> service)
            where TDb : HubDbContext;
    }

    private sealed class ReachesNoOther : ICheck
    {
        public async Task RunAsync<TDb>(string name, ServiceUnderTest<TDb> service)
            where TDb : HubDbContext
        {
            var roles = PostgresRoles.OfService(name);
            var policies = (await service.Db(db => Task.FromResult(db.RowPolicies))).Where(row => !row.IsOpen).ToList();
            Assert.NotEmpty(policies);
            await FillAsync(service.Surroundings.Database, roles.Schema, [.. policies.Select(row => row.Table)]);
            foreach (var policy in policies)
            {
                var table = $"{roles.Schema}.{policy.Table}";
                Assert.Equal((table, true, true), await SeesAsync(service, null, "", table));
                Assert.Equal((table, false, false), await SeesAsync(service, "", "", table));
                Assert.Equal((table, true, false), await SeesAsync(service, Own, "", table));
                foreach (var across in policies.SelectMany(row => row.Across.Keys).Distinct())
                {
                    var isNamed = policy.Across.GetValueOrDefault(across) is "SELECT" or "ALL";
                    Assert.Equal((table, true, isNamed), await SeesAsync(service, Own, across, table));
                }

                Assert.Equal((table, 1, 1), await ChangesAsync(service, policy.Table, table));
            }
        }

        // Twice on one pooled connection, the second time in a transaction: what the first said does not stay.
        private static async Task<(string Table, bool Own, bool Other)> SeesAsync<TDb>(
            ServiceUnderTest<TDb> service,
            string? organisation,
            string across,
            string table
        )
            where TDb : HubDbContext
        {
            var sql = $"SELECT to_jsonb(one)::text AS \"Value\" FROM {table} AS one";
            var alone = await InAsync(service, organisation, across, db =>
                db.Database.SqlQueryRaw<string>(sql).ToListAsync(Cancelled)
            );
            var together = await InAsync(service, organisation, across, async db =>
            {
                await using var transaction = await db.Database.BeginTransactionAsync(Cancelled);
                return await db.Database.SqlQueryRaw<string>(sql).ToListAsync(Cancelled);
            });
            Assert.Equal(alone.Order(), together.Order());
            return (table, alone.Exists(row => Is(row, Own)), alone.Exists(row => Is(row, Other)));
        }

        private static bool Is(string row, string organisation) =>
            row.Contains(IdOf(organisation).ToString(), StringComparison.Ordinal)
            || row.Contains(organisation, StringComparison.Ordinal);

        private static Task<(string Table, int Updated, int Deleted)> ChangesAsync<TDb>(
            ServiceUnderTest<TDb> service,
            string name,
            string table
        )
            where TDb : HubDbContext => InAsync(service, Own, "", async db =>
            {
                await using var transaction = await db.Database.BeginTransactionAsync(Cancelled);
                var column = db
                    .Model.GetEntityTypes()
                    .FirstOrDefault(type => type.GetTableName() == name)
                    ?.GetProperties()
                    .First(property => property.GetColumnName() is not "change_number")
                    .GetColumnName();
                var (update, delete) = ($"UPDATE {table} SET {column} = {column}", $"DELETE FROM {table}");
                var updated = column is null ? 1 : await db.Database.ExecuteSqlRawAsync(update, Cancelled);
                var deleted = await db.Database.ExecuteSqlRawAsync(delete, Cancelled);
                await transaction.RollbackAsync(Cancelled);
                return (table, updated, deleted);
            });

        private static async Task<T> InAsync<TDb, T>(
            ServiceUnderTest<TDb> service,
            string? organisation,
            string across,
            Func<TDb, Task<T>> act
        )
            where TDb : HubDbContext
        {
            await using var scope = service.Services.CreateAsyncScope();
            var rows = scope.ServiceProvider.GetRequiredService<RowScope>();
            (rows.Organisation, rows.Across) = (organisation, across);
            return await act(scope.ServiceProvider.GetRequiredService<TDb>());
        }
    }

    private sealed class IsForced : ICheck
    {
        public async Task RunAsync<TDb>(string name, ServiceUnderTest<TDb> service)
            where TDb : HubDbContext
        {
            var schema = PostgresRoles.OfService(name).Schema;
            var tables = await ListAsync(
                service.Surroundings.Database,
                $"""
                SELECT class.relname, (class.relrowsecurity AND class.relforcerowsecurity)::text,
                    (SELECT count(*) FROM pg_policy WHERE polrelid = class.oid)::text,
                    (SELECT coalesce(string_agg(attname, ','), '') FROM pg_attribute WHERE attrelid = class.oid)
                FROM pg_class AS class
                WHERE relnamespace = '{schema}'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                """
            );
            Assert.NotEmpty(tables);
            Assert.All(tables, table =>
            {
                if (Open.Contains($"{schema}.{table[0]}"))
                    Assert.Empty(table[3].Split(',').Intersect(OrganisationColumns));
                else
                    Assert.True(table[1] == "true" && table[2] != "0", $"{table[0]} is not under row-level security");
            });
            // A view that reads as its owner passes by.
            var views = await ListAsync(
                service.Surroundings.Database,
                $"""
                SELECT relname FROM pg_class WHERE relnamespace = '{schema}'::regnamespace AND relkind IN ('v', 'm')
                    AND NOT 'security_invoker=true' = ANY(coalesce(reloptions, ARRAY[]::text[]))
                """
            );
            Assert.Empty(views);
        }
    }

    private sealed class ChangesNothing : ICheck
    {
        public async Task RunAsync<TDb>(string name, ServiceUnderTest<TDb> service)
            where TDb : HubDbContext
        {
            var roles = PostgresRoles.OfService(name);
            var (record, database) = ($"{roles.Schema}.audit_record", service.Surroundings.Database);
            string[] attempts =
            [
                .. OfAudit(roles.Schema),
                .. OfTables(roles, record),
                $"DROP POLICY hub ON {record}",
                $"ALTER ROLE {roles.Request} BYPASSRLS",
                $"ALTER ROLE {roles.Request} SUPERUSER",
            ];
            foreach (var login in (string[])[roles.Worker, roles.Request])
            {
                foreach (var attempt in attempts)
                    Assert.True(await IsDeniedAsync(database, login, attempt), $"{login}: {attempt}");
            }

            // The audit is the request's to write, and another's to read.
            Assert.True(await IsDeniedAsync(database, roles.Request, $"SELECT FROM {record}"));
            var others = $"SELECT set_config('hub.organisation', '{Own}', false); {InsertOf(record, Other)}";
            Assert.True(await IsDeniedAsync(database, roles.Request, others), "another's audit record");
            var own = $"SELECT set_config('hub.organisation', '{Own}', false); {InsertOf(record, Own)}";
            Assert.False(await IsDeniedAsync(database, roles.Request, own), "its own audit record");
        }

        public static IEnumerable<string> OfAudit(string schema) =>
            [
                $"UPDATE {schema}.audit_record SET outcome = 'success'",
                $"UPDATE {schema}.audit_chain SET position = 1",
                $"UPDATE {schema}.audit_root SET number = 1",
                .. new[] { "audit_record", "audit_chain", "audit_root" }.SelectMany(table =>
                    (string[])
                        [$"DELETE FROM {schema}.{table}", $"TRUNCATE {schema}.{table}", $"DROP TABLE {schema}.{table}"]
                ),
            ];

        public static IEnumerable<string> OfTables(PostgresRoles roles, string table) =>
            [
                $"TRUNCATE {table}",
                $"DROP TABLE {table}",
                $"ALTER TABLE {table} ADD COLUMN of_mine int",
                $"ALTER TABLE {table} DISABLE TRIGGER ALL",
                $"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
                $"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
                $"CREATE POLICY all_of_them ON {table} USING (true)",
                $"CREATE TABLE {roles.Schema}.of_mine (id int)",
                "CREATE TABLE public.of_mine (id int)",
                $"DROP SCHEMA {roles.Schema} CASCADE",
                $"ALTER ROLE {roles.Worker} SUPERUSER",
                $"SET ROLE {roles.Owner}",
                $"SET SESSION AUTHORIZATION {roles.Owner}",
                "SET session_replication_role = replica",
            ];

        public static string InsertOf(string record, string organisation) =>
            $"""
                INSERT INTO {record} (id, at, organisation, client_id, act, subject, request_id, correlation_id)
                VALUES (gen_random_uuid(), now(), '{organisation}', 'c', 'plan.read', gen_random_uuid(), 'r', 'c')
                """;

        public static async Task<bool> IsDeniedAsync(string database, string login, string attempt)
        {
            await using var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(database)
                {
                    Username = login,
                    Password = ServiceLogins.Password,
                    Pooling = false,
                }.ConnectionString
            );
            await connection.OpenAsync(Cancelled);
            await using var command = new NpgsqlCommand(attempt, connection);
            try
            {
                await command.ExecuteNonQueryAsync(Cancelled);
                return false;
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                return true;
            }
        }
    }

    private sealed class ReadsAcross : ICheck
    {
        public List<string> Lines { get; } = [];

        public async Task RunAsync<TDb>(string name, ServiceUnderTest<TDb> service)
            where TDb : HubDbContext
        {
            var policies = await service.Db(db => Task.FromResult(db.RowPolicies));
            var routes = service
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(route => route.Metadata.GetMetadata<AcrossOrganisations>() is not null)
                .ToLookup(route => route.Metadata.GetMetadata<AcrossOrganisations>()!.Name);
            Assert.Equal(
                policies.SelectMany(row => row.Across.Keys).Distinct().Order(),
                routes.Select(route => route.Key).Order()
            );
            foreach (var across in routes.OrderBy(across => across.Key, StringComparer.Ordinal))
            {
                var only = across.Select(route => route.Metadata.GetMetadata<AcrossOrganisations>()!.Only).Distinct();
                var opened = policies
                    .Where(row => row.Across.ContainsKey(across.Key))
                    .Select(row => $"{row.Table} ({row.Across[across.Key]})");
                Lines.Add(
                    $"| `{name}` | `{across.Key}` | {Called(across)} | "
                        + $"{(only.Single() is { } kind ? kind.ToString() : "any")} | {string.Join(", ", opened)} |"
                );
            }

            var working = service
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(route => route.Metadata.GetMetadata<AsWorker>() is not null)
                .ToLookup(route => route.Metadata.GetMetadata<AsWorker>()!.Scope);
            foreach (var worker in working.OrderBy(worker => worker.Key, StringComparer.Ordinal))
            {
                var callers = worker.Key is { } scope ? $"with `{scope}`" : "any";
                Lines.Add($"| `{name}` | the worker | {Called(worker)} | {callers} | all |");
            }
        }

        private static string Called(IEnumerable<RouteEndpoint> routes) =>
            string.Join(
                ", ",
                routes
                    .Select(route =>
                        $"`{route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]} {route.RoutePattern.RawText}`"
                    )
                    .Order(StringComparer.Ordinal)
            );
    }

    private static Guid IdOf(string organisation) =>
        new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(organisation))[..16]);

    // A row of each organisation in each table, whatever its columns are called: every text is the organisation's code
    // and every id the organisation's, so that what belongs together does.
    private static async Task FillAsync(string database, string schema, IReadOnlyList<string> tables)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancelled);
        await ExecuteAsync("SET session_replication_role = replica");
        foreach (var table in tables)
        {
            var columns = await ListAsync(
                database,
                $"""
                SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
                WHERE attrelid = '{schema}.{table}'::regclass AND attnum > 0 AND NOT attisdropped
                    AND attidentity = '' AND attgenerated = ''
                """
            );
            var partitioned = await ListAsync(
                database,
                $"SELECT relname FROM pg_class WHERE oid = '{schema}.{table}'::regclass AND relkind = 'p'"
            );
            if (partitioned is not [])
                await ExecuteAsync($"SELECT {schema}.make_day('{table}', current_date)");
            foreach (var organisation in (string[])[Own, Other])
            {
                var values = columns.Select(column => ValueOf(column[1], organisation));
                await ExecuteAsync(
                    $"INSERT INTO {schema}.{table} ({string.Join(", ", columns.Select(column => $"\"{column[0]}\""))}) VALUES ({string.Join(", ", values)})"
                );
            }
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Cancelled);
        }
    }

    private static string ValueOf(string type, string organisation) =>
        type switch
        {
            "uuid" => $"'{IdOf(organisation)}'",
            "text" or "character varying" => $"'{organisation}'",
            "text[]" => $"ARRAY['{organisation}']",
            "uuid[]" => $"ARRAY['{IdOf(organisation)}'::uuid]",
            "bytea" => $"'{organisation}'::bytea",
            "bytea[]" => $"ARRAY['{organisation}'::bytea]",
            "jsonb" => "'{}'",
            "boolean" => "false",
            "date" => "current_date",
            "timestamp with time zone" => "now()",
            _ when type.EndsWith("[]", StringComparison.Ordinal) => "'{}'",
            _ => "1",
        };

    private static async Task<List<string[]>> ListAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var rows = new List<string[]>();
        while (await reader.ReadAsync(Cancelled))
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return rows;
    }
}
