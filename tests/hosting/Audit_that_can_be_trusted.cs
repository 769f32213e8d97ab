using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.TestKit;

namespace Safeguarding.Hosting.Tests;

public sealed class Audit_that_can_be_trusted(HubServers servers)
{
    private static Task<Sealed>? _sealed;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // Five records of RXX, all under a root; @2 is the id of the one at position 2.
    [Theory]
    [InlineData("UPDATE sample.audit_record SET client_id = 'another' WHERE id = @3", 3, "changed")]
    [InlineData("UPDATE sample.audit_record SET outcome = NULL WHERE id = @1", 1, "changed")]
    [InlineData("UPDATE sample.audit_record SET concerning = '{E09000012}' WHERE id = @5", 5, "changed")]
    [InlineData("UPDATE sample.audit_record SET at = at + interval '1 microsecond' WHERE id = @2", 2, "changed")]
    [InlineData("UPDATE sample.audit_chain SET hash = sha256('x') WHERE record_id = @4", 4, "changed")]
    [InlineData("DELETE FROM sample.audit_record WHERE id = @2", 2, "missing: the record")]
    [InlineData("DELETE FROM sample.audit_chain WHERE record_id = @2", 2, "missing: the chain goes on")]
    [InlineData(
        "DROP INDEX sample.ix_audit_chain_record_id; UPDATE sample.audit_chain SET record_id = CASE record_id WHEN @2 THEN @4 ELSE @2 END "
            + "WHERE record_id IN (@2, @4)",
        2,
        "swapped"
    )]
    [InlineData(
        "UPDATE sample.audit_chain SET position = -position WHERE record_id IN (@3, @4); "
            + "UPDATE sample.audit_chain SET position = CASE position WHEN -3 THEN 4 ELSE 3 END WHERE position < 0",
        3,
        "swapped"
    )]
    [InlineData(
        "DELETE FROM sample.audit_record WHERE id IN (@4, @5); DELETE FROM sample.audit_chain WHERE position > 3",
        4,
        "truncated"
    )]
    [InlineData("DELETE FROM sample.audit_record; DELETE FROM sample.audit_chain", 1, "the whole chain is gone")]
    [InlineData("rewrite", 5, "rewritten")]
    public async Task What_is_done_behind_the_services_back_is_found_and_named(string sql, int position, string what)
    {
        var whole = await (_sealed ??= SealAsync(servers));
        await using var copy = await CopyAsync(whole.Database);
        Assert.Empty(await FaultsAsync(copy, whole));

        for (var i = 1; i <= whole.Ids.Count; i++)
            sql = sql.Replace($"@{i}", $"'{whole.Ids[i - 1]}'::uuid", StringComparison.Ordinal);
        if (sql == "rewrite")
            await RewriteAsync(copy);
        else
            await ExecuteAsync(copy, sql);

        // A record whose link is gone is named as not chained too, once it is a minute old.
        var fault = Assert.Single(await FaultsAsync(copy, whole), one =>
            !one.What.StartsWith("not chained", StringComparison.Ordinal)
        );
        Assert.Equal(("sample", "RXX", position), (fault.Service, fault.Organisation, (int)fault.Position!));
        Assert.StartsWith(what, fault.What, StringComparison.Ordinal);
        Assert.True(fault.RecordId is null || whole.Ids.Contains(fault.RecordId.Value));
    }

    [Theory]
    [InlineData("cut", "root 2 is in the database and not in the file")]
    [InlineData("edited", "root 1 the line in the file is not what was signed")]
    [InlineData("another key", "root 1 the line in the file is not what was signed")]
    [InlineData("row deleted", "root 1 is in the file and no longer in the database")]
    public async Task A_root_that_is_cut_forged_or_deleted_is_found(string how, string what)
    {
        var whole = await (_sealed ??= SealAsync(servers));
        await using var copy = await CopyAsync(whole.Database);
        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var lines = how switch
        {
            "cut" => [],
            "edited" => [whole.Lines[0].Replace("\"position\":5", "\"position\":4", StringComparison.Ordinal)],
            _ => whole.Lines,
        };
        if (how == "cut")
            await ExecuteAsync(copy, "INSERT INTO sample.audit_root SELECT 2, at, line FROM sample.audit_root");
        if (how == "row deleted")
            await ExecuteAsync(copy, "DELETE FROM sample.audit_root");

        var faults = await FaultsAsync(copy, whole with { Lines = lines }, how == "another key" ? another : null);

        Assert.Contains(faults, fault => fault.What.StartsWith(what, StringComparison.Ordinal));
    }

    // With the database, the file of roots and the key all three can be written again, but not what a council kept.
    [Theory]
    [InlineData("as it was", null)]
    [InlineData("rewritten", "rewritten: root 1 as it was kept")]
    [InlineData("cut", "truncated: root 1 as it was kept")]
    [InlineData("kept wrong", "root 1 as it was kept is not what was signed")]
    public async Task What_a_council_kept_shows_a_rewrite_that_no_file_of_the_hub_does(string how, string? what)
    {
        var whole = await (_sealed ??= SealAsync(servers));
        await using var copy = await CopyAsync(whole.Database);
        var kept = RootForOrganisation.Of(AuditRoot.Parse(whole.Lines[0]), "RXX");
        if (how == "rewritten")
            await RewriteAsync(copy);
        if (how == "cut")
            await ExecuteAsync(copy, "DELETE FROM sample.audit_chain WHERE position = 5");
        if (how == "kept wrong")
            kept = kept with { Chain = kept.Chain! with { Records = 4 } };
        using var key = ECDsa.Create();
        key.ImportFromPem(whole.Key);

        var fault = await new AuditCheck(copy, "sample", null, key).HoldAgainstAsync(
            RootForOrganisation.Parse(JsonSerializer.Serialize(kept, JsonSerializerOptions.Web)),
            Cancelled
        );

        Assert.True(what is null ? fault is null : fault?.What.StartsWith(what, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_record_that_commits_after_later_ones_is_chained_all_the_same()
    {
        await using var service = await SampleService.StartAsync(servers);
        await using var source = NpgsqlDataSource.Create(service.Surroundings.Database);
        await using var slow = await source.OpenConnectionAsync(Cancelled);
        await using var transaction = await slow.BeginTransactionAsync(Cancelled);
        await using var insert = new NpgsqlCommand(
            "INSERT INTO sample.audit_record (id, at, organisation, client_id, act, subject) "
                + "VALUES (gen_random_uuid(), now(), 'RXX', 'slow', 'note.read', gen_random_uuid())",
            slow
        );
        await insert.ExecuteNonQueryAsync(Cancelled);
        await RecordAsync(service, 3);
        await UntilChainedAsync(source, 3);
        // Sealed twice more, so that a mark which does not wait would have passed it.
        await RecordAsync(service, 1);
        await UntilChainedAsync(source, 4);
        await RecordAsync(service, 1);
        await UntilChainedAsync(source, 5);

        await transaction.CommitAsync(Cancelled);

        await UntilChainedAsync(source, 6);
        await Eventually.UntilAsync(async () =>
            (long)(await ScalarAsync(source, "SELECT sealed_to FROM sample.audit_seal"))! >= 6
        );
    }

    [Theory]
    [InlineData("UPDATE sample.audit_record SET act = 'x'")]
    [InlineData("DELETE FROM sample.audit_record")]
    [InlineData("TRUNCATE sample.audit_record")]
    [InlineData("UPDATE sample.audit_chain SET position = 9")]
    [InlineData("DELETE FROM sample.audit_chain")]
    [InlineData("DELETE FROM sample.audit_root")]
    public async Task The_database_refuses_every_change_of_the_audit(string sql)
    {
        var whole = await (_sealed ??= SealAsync(servers));
        await using var copy = await CopyAsync(whole.Database);
        await using var command = copy.CreateCommand(sql);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancelled));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_flood_of_refusals_becomes_few_records_that_count_it()
    {
        var surroundings = await Surroundings.CreateAsync(servers);
        await using var source = NpgsqlDataSource.Create(surroundings.Database);
        await using (var service = await SampleService.StartAsync(servers, surroundings))
        {
            // Two people by one client, in turn: the records of each count what was refused of each.
            using var anna = service.WithToken(servers.Issuer.PersonToken("RXX", "clinician-unscheduled", "anna"));
            using var ben = service.WithToken(servers.Issuer.PersonToken("RXX", "clinician-unscheduled", "ben"));
            for (var i = 0; i < 60; i++)
            {
                using var refused = await (i % 3 == 0 ? anna : ben).GetAsync("/refusals", Cancelled);
                Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            }
        }

        foreach (var (person, times) in new[] { ("anna", 20L), ("ben", 40L) })
        {
            Assert.Equal(
                times,
                await ScalarAsync(
                    source,
                    "SELECT sum(coalesce(times, 1)) FROM sample.audit_record WHERE code IS NOT NULL "
                        + $"AND person LIKE '%-{person}'"
                )
            );
        }

        Assert.InRange(
            (long)(await ScalarAsync(source, "SELECT count(*) FROM sample.audit_record"))!,
            AuditFlood.MostSingle * 2,
            AuditFlood.MostSingle * 3
        );
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_not_disclosed()
    {
        await using var service = await SampleService.StartAsync(servers);
        using var client = service.Client("note.write");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/refusals", Cancelled)).StatusCode);
        await using var source = NpgsqlDataSource.Create(service.Surroundings.Database);
        await ExecuteAsync(source, "ALTER TABLE sample.audit_record ADD CHECK (act <> 'refusals.read') NOT VALID");

        var answer = await client.GetAsync("/refusals", Cancelled);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("refusals", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_council_shows_by_its_proof_that_its_head_is_in_the_root()
    {
        ChainHead[] heads =
        [
            .. Enumerable.Range(1, 7).Select(i => new ChainHead($"E0900000{i}", i, SHA256.HashData([(byte)i]))),
        ];
        foreach (var count in Enumerable.Range(1, heads.Length))
        {
            foreach (var head in heads[..count])
            {
                var hash = AuditHash.Leaf(head);
                foreach (var step in AuditHash.Proof(heads[..count], head.Organisation))
                {
                    hash = SHA256.HashData(
                        step.Side == "right" ? [1, .. hash, .. step.Hash] : [1, .. step.Hash, .. hash]
                    );
                }

                Assert.Equal(AuditHash.Root(heads[..count]), hash);
            }
        }

        await Task.CompletedTask;
    }

    // Records that one replica wrote and chained, and another put under a root.
    private static async Task<Sealed> SealAsync(HubServers servers)
    {
        var folder = Directory.CreateTempSubdirectory("hub-roots-").FullName;
        var surroundings = await Surroundings.CreateAsync(servers);
        await using var source = NpgsqlDataSource.Create(surroundings.Database);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using (var service = await SampleService.StartAsync(servers, surroundings))
        {
            await RecordAsync(service, 5);
            await UntilChainedAsync(source, 5);
        }

        var roots = Path.Combine(folder, "sample.jsonl");
        await using (
            await SampleService.StartAsync(
                servers,
                surroundings,
                ("Audit:RootsDirectory", folder),
                ("Audit:SigningKey", key.ExportPkcs8PrivateKeyPem())
            )
        )
        {
            // It is there a moment before its line is.
            await Eventually.UntilAsync(() => Task.FromResult(new FileInfo(roots) is { Exists: true, Length: > 0 }));
        }

        var ids = new List<Guid>();
        await using var command = source.CreateCommand("SELECT record_id FROM sample.audit_chain ORDER BY position");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            ids.Add(reader.GetGuid(0));
        return new Sealed(
            surroundings.Database,
            ids,
            await File.ReadAllLinesAsync(roots),
            key.ExportSubjectPublicKeyInfoPem()
        );
    }

    [Fact]
    public async Task Old_records_go_by_whole_roots_and_what_stays_is_as_proved_as_before()
    {
        var folder = Directory.CreateTempSubdirectory("hub-roots-").FullName;
        var file = Path.Combine(folder, "sample.jsonl");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (string, string)[] settings =
        [
            ("Audit:RootsDirectory", folder),
            ("Audit:SigningKey", key.ExportPkcs8PrivateKeyPem()),
        ];
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddYears(-9));
        var surroundings = await Surroundings.CreateAsync(servers);
        await using var source = NpgsqlDataSource.Create(surroundings.Database);
        await using var service = await SampleService.StartAsync(servers, surroundings, clock, settings);
        await RecordAsync(service, 3);
        await RootAsync(1);
        await RecordAsync(service, 2);
        await ChainedAsync(5);
        clock.Advance(TimeSpan.FromHours(2));
        await RootAsync(2);
        // As old, but under a root that is not: they go with their root.
        await RecordAsync(service, 4);
        await ChainedAsync(9);
        clock.Advance(TimeSpan.FromDays(400));
        await RootAsync(3);

        clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        await Eventually.UntilAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromHours(1));
                return (long)(await ScalarAsync(source, "SELECT count(*) FROM sample.audit_record"))!;
            },
            left => left == 4
        );

        Assert.Equal(5L, await ScalarAsync(source, "SELECT min(position) FROM sample.audit_chain"));
        var lines = await File.ReadAllLinesAsync(file, Cancelled);
        var whole = new Sealed(surroundings.Database, [], lines, key.ExportSubjectPublicKeyInfoPem());
        Assert.Empty(await FaultsAsync(source, whole));
        var kept = RootForOrganisation.Of(AuditRoot.Parse(lines[0]), "RXX");
        Assert.Null(await new AuditCheck(source, "sample", lines, key).HoldAgainstAsync(kept, Cancelled));
        // Nobody takes more for old: not by the owner's function, and not behind the service's back.
        await RecordAsync(service, 1);
        await ChainedAsync(10);
        await using var more = source.CreateCommand("SELECT sample.purge_audit(9, '{RXX}', '{10}')");
        Assert.Equal(
            PostgresErrorCodes.InsufficientPrivilege,
            (await Assert.ThrowsAsync<PostgresException>(() => more.ExecuteNonQueryAsync(Cancelled))).SqlState
        );
        await ExecuteAsync(
            source,
            "DELETE FROM sample.audit_record USING sample.audit_chain WHERE id = record_id AND position = 6; "
                + "DELETE FROM sample.audit_chain WHERE position = 5"
        );
        Assert.StartsWith(
            "missing: the chain goes on at position 6",
            (await FaultsAsync(source, whole))[0].What,
            StringComparison.Ordinal
        );

        async Task ChainedAsync(long position) =>
            await Eventually.UntilAsync(async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                return Equals(await ScalarAsync(source, "SELECT max(position) FROM sample.audit_chain"), position);
            });

        async Task RootAsync(int number) =>
            await Eventually.UntilAsync(() =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                return Task.FromResult(File.Exists(file) && File.ReadAllLines(file).Length == number);
            });
    }

    private static Task<bool> RecordAsync(SampleService service, int count) =>
        service.Db(async db =>
        {
            for (var i = 0; i < count; i++)
            {
                db.Audit(Caller.Hub with { Organisation = "RXX" }, "note.read", Guid.CreateVersion7(), $"reason {i}");
                await db.SaveChangesAsync(Cancelled);
            }

            return true;
        });

    private static Task<long> UntilChainedAsync(NpgsqlDataSource source, long count) =>
        Eventually.UntilAsync(
            async () => (long)(await ScalarAsync(source, "SELECT count(*) FROM sample.audit_chain"))!,
            chained => chained == count
        );

    private static async Task<NpgsqlDataSource> CopyAsync(string database)
    {
        var name = $"test_{Guid.CreateVersion7():n}";
        var of = new NpgsqlConnectionStringBuilder(database);
        await using var server = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database) { Database = "postgres", Pooling = false }.ConnectionString
        );
        await using var close = server.CreateCommand(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{of.Database}'"
        );
        await close.ExecuteNonQueryAsync(Cancelled);
        await using var copy = server.CreateCommand($"CREATE DATABASE {name} TEMPLATE {of.Database}");
        await copy.ExecuteNonQueryAsync(Cancelled);
        of.Database = name;
        return NpgsqlDataSource.Create(of.ConnectionString);
    }

    private static async Task<List<AuditFault>> FaultsAsync(NpgsqlDataSource copy, Sealed whole, ECDsa? another = null)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(whole.Key);
        var faults = new List<AuditFault>();
        var check = new AuditCheck(copy, "sample", whole.Lines, another ?? key);
        await foreach (var fault in check.RunAsync(Cancelled))
            faults.Add(fault);
        return faults;
    }

    // As the database's owner, whom no trigger binds.
    private static async Task ExecuteAsync(NpgsqlDataSource copy, string sql)
    {
        await using var command = copy.CreateCommand($"SET session_replication_role = replica; {sql}");
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    // Changes the second record and chains all again, as somebody who knows how would.
    private static async Task RewriteAsync(NpgsqlDataSource copy)
    {
        await ExecuteAsync(
            copy,
            "UPDATE sample.audit_record SET client_id = 'another' WHERE id = (SELECT record_id FROM "
                + "sample.audit_chain WHERE position = 2)"
        );
        var hashes = new List<byte[]>();
        await using (
            var command = copy.CreateCommand(
                $"SELECT {AuditHash.Selection("record")} FROM sample.audit_record AS record JOIN sample.audit_chain "
                    + "ON record_id = id ORDER BY position"
            )
        )
        {
            await using var reader = await command.ExecuteReaderAsync(Cancelled);
            while (await reader.ReadAsync(Cancelled))
            {
                hashes.Add(
                    AuditHash.Compute(
                        hashes is [] ? new byte[AuditHash.Bytes] : hashes[^1],
                        hashes.Count + 1,
                        AuditHash.Read(reader)
                    )
                );
            }
        }

        for (var i = 0; i < hashes.Count; i++)
        {
            await ExecuteAsync(
                copy,
                $"UPDATE sample.audit_chain SET hash = '\\x{Convert.ToHexString(hashes[i])}' WHERE position = {i + 1}"
            );
        }
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancelled);
    }

    private sealed record Sealed(string Database, IReadOnlyList<Guid> Ids, IReadOnlyList<string> Lines, string Key);
}
