using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Looking_up(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Memory_and_table_find_the_same_plans_and_a_late_plan_finds_its_encounters()
    {
        await using var matching = await StartAsync(servers);
        var other = await matching.AddReplicaAsync(servers);
        var families = Enumerable.Range(0, 40).Select(_ => Family()).ToList();
        var plans = families.SelectMany(family => family).Select(child => matching.APlan(child)).ToList();
        await matching.PublishAsync([.. plans]);
        await matching.SettleAsync();
        await matching.PublishAsync([
            .. plans
                .Take(30)
                .Select(plan => Amended(plan with { Subject = matching.Sealer.Seal(Synthetic.AChild()) }, 2)),
        ]);
        await matching.PublishAsync([
            .. plans.Skip(100).Take(10).Select(plan => new PlanDeleted(plan.PlanId, 2, Hackney)),
        ]);
        var encounters = families
            .SelectMany(family => family)
            .SelectMany(AsWritten)
            .Select(patient => matching.AnEncounter(patient))
            .ToList();
        await matching.PublishAsync([.. encounters]);
        await matching.SettleAsync();

        var patients = encounters.ConvertAll(encounter =>
            Patient.Of(Encounter.From(encounter, matching.Sealer), matching.Sealer, Macs(matching.Service))!
        );
        var inTable = await FindAsync(matching.Service, patients, Search.Table);
        Assert.Equal(inTable, await FindAsync(matching.Service, patients, Search.Index));
        Assert.Equal(inTable, await FindAsync(other, patients, Search.Index));
        Assert.True(inTable.Count(found => found.Length > 0) > patients.Count / 2);

        // A late plan asks the other way round, and meets exactly those.
        var early = inTable
            .SelectMany((found, i) => found.Select(plan => (Plan: plan, encounters[i].EncounterId)))
            .Distinct()
            .Order()
            .ToList();
        Assert.Equal(early, (await LateAsync(other)).Distinct().Order());
    }

    [Fact]
    public async Task A_telephone_that_very_many_share_finds_nobody_alone_and_hides_nobody()
    {
        await using var matching = await StartAsync(servers);
        var ward = "0113 496 0000";
        var children = Enumerable
            .Range(0, BlockKeys.Crowd + 1)
            .Select(_ => Synthetic.AChild() with { Phones = [ward] })
            .ToList();
        await matching.PublishAsync([.. children.Select(child => matching.APlan(child))]);
        await matching.SettleAsync();

        var (known, stranger) = (
            Patient.Of(Person.From(children[7]), Macs(matching.Service)),
            Patient.Of(Person.From(Synthetic.AChild() with { Phones = [ward] }), Macs(matching.Service))
        );
        foreach (var search in Enum.GetValues<Search>())
        {
            var found = await FindAsync(matching.Service, [known, stranger], search);
            Assert.Single(found[0]);
            Assert.Empty(found[1]);
        }
    }

    [Fact]
    public async Task A_family_name_with_part_of_the_birth_date_finds_nobody_without_another_key()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild() with { BirthDate = new(2015, 8, 21), Phones = [] };
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();

        var name = child.Names[0];
        var cousin = Synthetic.AChild() with
        {
            Names = [name with { Given = ["Zebedee"] }],
            BirthDate = new(2015, 8, 3),
            Phones = [],
        };
        // Of the same child the year is wrong, the address is new, and no number is known.
        var mistaken = Synthetic.AChild() with
        {
            Identifier = new PersonIdentifier.Unknown(),
            Names = [name],
            BirthDate = new(2005, 8, 21),
            Phones = [],
        };
        var neighbour = cousin with { Postcodes = child.Postcodes };
        var patients = new[] { cousin, mistaken, neighbour }
            .Select(traits => Patient.Of(Person.From(traits), Macs(matching.Service)))
            .ToList();
        foreach (var search in Enum.GetValues<Search>())
        {
            var found = await FindAsync(matching.Service, patients, search);
            Assert.Empty(found[0]);
            Assert.Single(found[1]);
            Assert.Single(found[2]);
        }
    }

    [Fact]
    public async Task While_look_up_keys_rotate_one_shared_block_key_counts_once()
    {
        await using var matching = await StartAsync(servers, ownKeys: true);
        matching.Service.Surroundings.Keys.Rotate();
        var macs = matching.Service.Services.GetRequiredService<BlockMacs>();
        await Eventually.UntilAsync(
            () => Task.FromResult(macs.KeyId),
            name => name.StartsWith("l2", StringComparison.Ordinal)
        );
        var child = Synthetic.AChild() with { BirthDate = new(2015, 8, 21), Phones = [] };
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();

        var cousin = Synthetic.AChild() with
        {
            Names = [child.Names[0] with { Given = ["Zebedee"] }],
            BirthDate = new(2015, 8, 3),
            Phones = [],
        };
        var patients = new[] { cousin, child }.Select(traits => Patient.Of(Person.From(traits), macs)).ToList();
        foreach (var search in Enum.GetValues<Search>())
        {
            var found = await FindAsync(matching.Service, patients, search);
            Assert.Empty(found[0]);
            Assert.Single(found[1]);
        }
    }

    [Fact]
    public async Task A_plan_whose_keys_were_made_before_the_ring_was_read_again_is_keyed_again()
    {
        await using var matching = await StartAsync(servers, ownKeys: true);
        var (macs, child) = (Macs(matching.Service), Synthetic.AChild());
        var plan = matching.APlan(child);
        var before = macs.KeyId;
        var facts = new PlanFacts(
            plan.Reference,
            plan.Kind,
            plan.StartDate,
            plan.ExpectedDate,
            Now,
            false,
            plan.Subject
        );
        var news = new KeyedUpdate(
            PlanUpdate.Whole(plan.PlanId, 1, plan.CouncilCode, null, facts, default),
            Person.From(child),
            macs.ForStoring(Person.From(child))
        );
        matching.Service.Surroundings.Keys.Rotate();
        await Eventually.UntilAsync(() => Task.FromResult(macs.KeyId), name => name != before);

        await matching.Service.Db(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Cancelled);
            await db.RecordAsync(
                [news],
                before,
                matching.Service.Services.GetRequiredService<EncounterKeys>(),
                matching.Sealer,
                macs,
                Cancelled
            );
            await transaction.CommitAsync(Cancelled);
            return 0;
        });
        Assert.Equal([before], await KeyIdsAsync(matching));

        await matching.Service.Services.GetServices<IHostedService>().OfType<RekeyPlans>().Single().RunAsync(Cancelled);
        Assert.Equal([macs.KeyId], await KeyIdsAsync(matching));
    }

    [Fact]
    public async Task What_a_later_release_keyed_stays_until_this_one_writes_the_keys_of_the_plan()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        await matching.Service.Db(db =>
            db.Database.ExecuteSqlAsync($"UPDATE matching.plan SET mac_key = 'l1/99'", Cancelled)
        );

        await matching.Service.Services.GetServices<IHostedService>().OfType<RekeyPlans>().Single().RunAsync(Cancelled);
        Assert.Equal(["l1/99"], await KeyIdsAsync(matching));

        await Numbers_that_change.PublishAsync(
            matching,
            Numbers_that_change.NumberOf(child),
            Synthetic.NextNhsNumber(),
            "merge"
        );
        Assert.Equal([Macs(matching.Service).KeyId], await KeyIdsAsync(matching));
    }

    [Fact]
    public async Task A_plan_that_cannot_be_opened_stops_neither_the_keys_of_others_nor_the_service()
    {
        await using var matching = await StartAsync(servers);
        var plans = Enumerable.Range(0, 2).Select(_ => matching.APlan(Synthetic.AChild())).ToList();
        await matching.PublishAsync([.. plans]);
        await matching.SettleAsync();
        await matching.Service.Db(db =>
            db.Database.ExecuteSqlAsync(
                $"UPDATE matching.plan SET mac_key = 'l1', subject_key = CASE WHEN plan_id = {plans[0].PlanId} THEN 'lost' ELSE subject_key END",
                Cancelled
            )
        );

        await matching.Service.Services.GetServices<IHostedService>().OfType<RekeyPlans>().Single().RunAsync(Cancelled);

        Assert.Equal(
            [plans[0].PlanId],
            await matching.Service.Db(db =>
                db.Database.SqlQuery<Guid>($"""SELECT plan_id AS "Value" FROM matching.plan WHERE mac_key = 'l1'""")
                    .ToListAsync(Cancelled)
            )
        );
    }

    [Fact]
    public async Task Plans_stored_with_earlier_keys_or_under_an_earlier_key_ring_are_keyed_again()
    {
        await using var matching = await StartAsync(servers, ownKeys: true);
        var children = Enumerable.Range(0, 3).Select(_ => Synthetic.AChild()).ToList();
        await matching.PublishAsync([.. children.Select(child => matching.APlan(child))]);
        await matching.SettleAsync();
        await matching.Service.Db(async db =>
        {
            await db.Database.ExecuteSqlAsync($"DELETE FROM matching.plan_key", Cancelled);
            return await db.Database.ExecuteSqlAsync(
                $"UPDATE matching.plan SET keys = ARRAY[]::bigint[], mac_key = 'l1', change = nextval('matching.plan_change')",
                Cancelled
            );
        });
        var keying = matching.Service.Services.GetServices<IHostedService>().OfType<RekeyPlans>().Single();
        Assert.All(await FoundAsync(), Assert.Empty);

        await keying.RunAsync(Cancelled);

        Assert.All(await FoundAsync(), found => Assert.Single(found));
        matching.Service.Surroundings.Keys.Rotate();
        await Eventually.UntilAsync(
            async () =>
            {
                await keying.RunAsync(Cancelled);
                return await KeyIdsAsync(matching);
            },
            names => names is [var name] && name == $"l2/{BlockKeys.Edition}"
        );
        Assert.All(await FoundAsync(), found => Assert.Single(found));

        async Task<Guid[][]> FoundAsync()
        {
            var patients = children.ConvertAll(child => Patient.Of(Person.From(child), Macs(matching.Service)));
            var inTable = await FindAsync(matching.Service, patients, Search.Table);
            Assert.Equal(inTable, await FindAsync(matching.Service, patients, Search.Index));
            return inTable;
        }
    }

    [Fact]
    public async Task An_index_finds_what_a_plain_table_finds_through_changes_and_merges()
    {
        var random = new Random(20261125);
        using var index = new KeyIndex();
        var table = new Dictionary<Guid, long[]>();
        var ids = Enumerable.Range(0, 20_000).Select(_ => Guid.CreateVersion7()).ToArray();
        long Key() => random.Next(60_000) * 0x9E3779B97F4A7C1L;
        for (var round = 0; round < 12; round++)
        {
            var changes = Enumerable
                .Range(0, 5_000)
                .Select(_ =>
                {
                    var id = ids[random.Next(ids.Length)];
                    var keys =
                        random.Next(10) == 0 ? null : Enumerable.Range(0, 12).Select(_ => Key()).Distinct().ToArray();
                    return (id, keys);
                })
                .ToList();
            index.Put(changes);
            foreach (var (id, keys) in changes)
            {
                table.Remove(id);
                if (keys is not null)
                    table[id] = keys;
            }
        }

        await index.MergedAsync();

        var byKey = table
            .SelectMany(row => row.Value.Select(key => (key, row.Key)))
            .ToLookup(row => row.key, row => row.Key);
        for (var i = 0; i < 2_000; i++)
        {
            long[] sought = [Key(), Key(), -Key()];
            var expected = sought.SelectMany(key => byKey[key]).Distinct().Order();
            Assert.Equal(expected, index.Find(KeyMacs.Each(sought), int.MaxValue).Found.Order());
        }
    }

    [Fact]
    public async Task An_index_that_follows_its_table_forgets_nothing_of_what_one_who_asks_has_read()
    {
        await using var matching = await StartAsync(servers);
        await using var source = NpgsqlDataSource.Create(matching.Service.Surroundings.Database);
        await using var following = await source.OpenConnectionAsync(Cancelled);
        await using var asking = await source.OpenConnectionAsync(Cancelled);
        await using var gate = await source.OpenConnectionAsync(Cancelled);
        await ExecuteAsync(gate, "CREATE TABLE followed (id uuid, keys bigint[], change bigint)");
        using var index = new GatedKeys();
        await AddAsync(1);
        await index.FollowAsync(following, Cancelled);

        // One who asks is reading the second row when the first is settled.
        await AddAsync(2);
        await ExecuteAsync(gate, "SELECT pg_advisory_lock(7)");
        var asked = index.CatchUpAsync(asking, 2, Cancelled);
        await Eventually.UntilAsync(async () =>
            await ExecuteAsync(gate, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") is 1L
        );
        Task followed;
        do
        {
            followed = index.FollowAsync(following, Cancelled);
            await Eventually.UntilAsync(() =>
                Task.FromResult(followed.IsCompleted || following.FullState == ConnectionState.Open)
            );
        } while (followed.IsCompleted);
        await ExecuteAsync(gate, "SELECT pg_advisory_unlock(7)");
        await Task.WhenAll(asked, followed);

        Assert.Equal(2, index.Watermark);
        var found = index.Find([KeyMacs.Each([KeyOf(1)]), KeyMacs.Each([KeyOf(2)])], int.MaxValue).Found;
        Assert.All(found, of => Assert.Single(of));

        static long KeyOf(int change) => change * 0x1E3779B97F4A7C15L;

        Task<object?> AddAsync(int change) =>
            ExecuteAsync(gate, $"INSERT INTO followed VALUES (gen_random_uuid(), ARRAY[{KeyOf(change)}], {change})");
    }

    // Whoever reads a row waits for the lock.
    private sealed class GatedKeys()
        : FollowedKeys(
            "followed",
            "id, DATE '-infinity', (SELECT keys FROM pg_advisory_xact_lock_shared(7)), change",
            "ROW EXCLUSIVE"
        );

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancelled);
    }

    // Brothers and sisters: what a home shares, they share; the second is a twin of the first.
    private static PersonTraits[] Family()
    {
        var first = Synthetic.AChild() with { Phones = [$"07700 9{Random.Shared.Next(10000, 99999)}"] };
        var second = Synthetic.AChild();
        var third = Synthetic.AChild();
        return
        [
            first,
            second with
            {
                Names = [first.Names[0] with { Given = second.Names[0].Given }],
                BirthDate = first.BirthDate,
                Postcodes = first.Postcodes,
            },
            third with
            {
                Names = [first.Names[0] with { Given = ["Alexandra", "Mary Ann"] }],
                Postcodes = first.Postcodes,
                Phones = first.Phones,
            },
        ];
    }

    // As a trust may write a child down.
    private static PersonTraits[] AsWritten(PersonTraits child)
    {
        var unnumbered = child with { Identifier = new PersonIdentifier.Unknown(), Phones = [] };
        var name = child.Names[0];
        return
        [
            unnumbered,
            unnumbered with
            {
                Names = [new(NameUse.Usual, string.Join(' ', name.Given), [name.Family!])],
            },
            unnumbered with
            {
                Names = [name with { Given = ["Alex"] }],
                Postcodes = [],
            },
            child with
            {
                Names = [],
            },
        ];
    }

    private static BlockMacs Macs(ServiceUnderTest<MatchingDb> replica) =>
        replica.Services.GetRequiredService<BlockMacs>();

    private static async Task<Guid[][]> FindAsync(
        ServiceUnderTest<MatchingDb> replica,
        List<Patient> patients,
        Search search
    )
    {
        await using var scope = replica.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MatchingDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancelled);
        await db.KeepPlansOutAsync(Cancelled);
        var found = await scope.ServiceProvider.GetRequiredService<Candidates>().ForAsync(patients, search, Cancelled);
        return [.. found.Select(of => of.Select(plan => plan.Plan.Id).Order().ToArray())];
    }

    private static Task<List<string>> KeyIdsAsync(MatchingUnderTest matching) =>
        matching.Service.Db(db =>
            db.Database.SqlQuery<string>($"""SELECT DISTINCT mac_key AS "Value" FROM matching.plan""")
                .ToListAsync(Cancelled)
        );

    private static Task<List<(Guid Plan, Guid Encounter)>> LateAsync(ServiceUnderTest<MatchingDb> replica) =>
        replica.Db(async db =>
        {
            var encounters = replica.Services.GetRequiredService<EncounterKeys>();
            var sealer = replica.Services.GetRequiredService<Sealer>();
            await db.Database.OpenConnectionAsync(Cancelled);
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            await using var batch = db.Batch();
            batch.Add(encounters.Newest);
            batch.Add("SELECT plan_id, subject_key, subject FROM matching.plan WHERE keys IS NOT NULL");
            long newest;
            List<(Guid Id, Person Subject)> plans;
            await using (var reader = await batch.ExecuteReaderAsync(Cancelled))
            {
                newest = (await reader.ReadAsync(row => row.GetInt64(0), Cancelled))[0];
                plans = await reader.ReadAsync(
                    row =>
                        (
                            row.GetGuid(0),
                            Person.From(
                                sealer.Open(new Sealed<PersonTraits>(row.GetString(1), row.GetFieldValue<byte[]>(2)))
                            )
                        ),
                    Cancelled
                );
            }

            await encounters.CatchUpAsync(connection, newest, Cancelled);
            var found = encounters
                .Find(plans.ConvertAll(plan => Macs(replica).ForStoring(plan.Subject)), int.MaxValue)
                .Found;
            return plans
                .Zip(found)
                .SelectMany(pair => pair.Second.Select(encounter => (pair.First.Id, encounter)))
                .ToList();
        });
}
