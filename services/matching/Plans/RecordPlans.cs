using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Domain.NhsNumberChanges;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Plans;

/// <summary>
/// News of a plan with its subject opened and the MACs under which it is found; null and empty where its facts
/// are not notified.
/// </summary>
internal sealed record KeyedUpdate(PlanUpdate News, Person? Subject, KeyMacs Keys)
{
    /// <summary>All numbers of the subject, where one superseded another.</summary>
    public Sealed<OtherNumbers>? Others { get; init; }

    public override string ToString() => nameof(KeyedUpdate);
}

/// <summary>An encounter that changes of plans may concern.</summary>
/// <param name="Trace">The trace of one of the plans.</param>
internal sealed record Affected(ActivityContext Trace)
{
    /// <summary>True where something was decided or asked with one of the plans.</summary>
    public bool Decided { get; set; }

    /// <summary>The plans.</summary>
    public HashSet<Guid> Plans { get; } = [];
}

/// <summary>Records news of plans, a batch at a time, and finds the encounters that they may concern.</summary>
internal static class RecordPlans
{
    /// <summary>
    /// Records what is newer than what is stored; <paramref name="macKey"/> is what the updates were keyed with, or
    /// earlier.
    /// </summary>
    /// <returns>The encounters that the changes may concern, and the plans whose facts are new.</returns>
    public static async Task<(Dictionary<Guid, Affected> Affected, List<KeyedUpdate> Refreshed)> RecordAsync(
        this MatchingDb db,
        List<KeyedUpdate> news,
        string macKey,
        EncounterKeys encounters,
        Sealer sealer,
        BlockMacs macs,
        CancellationToken cancellationToken
    )
    {
        var changed = await db.UpsertAsync(news.ConvertAll(keyed => keyed.News), macKey, cancellationToken);
        if (changed.Count == 0)
            return ([], []);

        var ids = changed.Keys.ToArray();
        await db.NameAsync(news, sealer, macs, cancellationToken);
        var refreshed = news.FindAll(keyed =>
            keyed.News.Facts is not null && changed.GetValueOrDefault(keyed.News.PlanId) == keyed.News.FactsVersion
        );
        var keys = refreshed
            .SelectMany(keyed => keyed.Keys.All.Select(mac => (Mac: mac, keyed.News.PlanId)))
            .OrderBy(key => key.Mac)
            .ToList();
        await using var batch = db.Batch();
        batch.Add(encounters.Newest);
        // The keys before the change, then those after it.
        batch.Add("SELECT plan_id, keys FROM matching.plan WHERE plan_id = ANY($1) AND keys IS NOT NULL", ids);
        // A deleted plan was never right: nothing of its subject stays.
        batch.Add(
            "UPDATE matching.plan SET subject = NULL, subject_key = NULL, keys = NULL, aliases = NULL, aliases_key "
                + "= NULL WHERE plan_id = ANY($1) AND deleted",
            ids
        );
        batch.Add(
            "DELETE FROM matching.plan_key USING matching.plan WHERE plan_key.plan_id = ANY($1) AND plan.plan_id = "
                + "plan_key.plan_id AND (deleted OR plan.plan_id = ANY($2))",
            ids,
            refreshed.ConvertAll(keyed => keyed.News.PlanId).ToArray()
        );
        batch.Add(
            """
            INSERT INTO matching.plan_key (mac, plan_id)
            SELECT mac, plan_id FROM unnest($1::bigint[], $2::uuid[]) AS news (mac, plan_id) JOIN matching.plan
                USING (plan_id) WHERE NOT deleted
            ON CONFLICT DO NOTHING
            """,
            keys.ConvertAll(key => key.Mac).ToArray(),
            keys.ConvertAll(key => key.PlanId).ToArray()
        );
        batch.Add(
            """
            UPDATE matching.plan SET keys = news.keys::bigint[], aliases_key = news.aliases_key, aliases = news.aliases
            FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[]) AS news (plan_id, keys, aliases_key, aliases)
            WHERE plan.plan_id = news.plan_id AND NOT deleted
            """,
            refreshed.ConvertAll(keyed => keyed.News.PlanId).ToArray(),
            refreshed.ConvertAll(keyed => Sql.Array(keyed.Keys.All)).ToArray(),
            refreshed.ConvertAll(keyed => keyed.Others?.KeyId).ToArray(),
            refreshed.ConvertAll(keyed => keyed.Others?.Value).ToArray()
        );
        PlanRows.SelectDecided(batch, ids);

        var traces = news.ToDictionary(keyed => keyed.News.PlanId, keyed => keyed.News.Trace);
        var affected = new Dictionary<Guid, Affected>();
        void Add(Guid encounter, Guid plan, bool decided)
        {
            if (!affected.TryGetValue(encounter, out var one))
                affected.Add(encounter, one = new(traces[plan]));
            one.Plans.Add(plan);
            one.Decided |= decided;
        }

        long newest;
        var sought = refreshed.ToDictionary(keyed => keyed.News.PlanId, keyed => keyed.Keys);
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            newest = (await reader.ReadAsync(row => row.GetInt64(0), cancellationToken))[0];
            foreach (
                var (plan, before) in await reader.ReadAsync(
                    row => (row.GetGuid(0), row.GetFieldValue<long[]>(1)),
                    cancellationToken
                )
            )
            {
                sought[plan] = sought.GetValueOrDefault(plan).And(before);
            }

            foreach (
                var (encounter, plan) in await reader.ReadAsync(
                    row => (row.GetGuid(0), row.GetGuid(1)),
                    cancellationToken
                )
            )
            {
                Add(encounter, plan, decided: true);
            }
        }

        // No encounter is being taken now: decision 9. None is too crowded here, for those who share one key with a
        // plan were asked about many.
        await encounters.CatchUpAsync((NpgsqlConnection)db.Database.GetDbConnection(), newest, cancellationToken);
        var found = encounters.Find([.. sought.Values], crowd: int.MaxValue).Found;
        foreach (var (plan, seen) in sought.Keys.Zip(found))
            seen.ForEach(encounter => Add(encounter, plan, decided: false));
        return (affected, refreshed);
    }

    // Under the lock, so that a change of a number is either seen here or sees this plan.
    private static async Task NameAsync(
        this MatchingDb db,
        List<KeyedUpdate> news,
        Sealer sealer,
        BlockMacs macs,
        CancellationToken cancellationToken
    )
    {
        var numbers = news.ConvertAll(keyed =>
            NhsNumber.TryParse(keyed.Subject?.Number, out var number) ? number : (NhsNumber?)null
        );
        var others = await OtherNumbersOf.ReadAsync(db, sealer, numbers.OfType<NhsNumber>(), cancellationToken);
        for (var i = 0; i < news.Count; i++)
        {
            if (numbers[i] is not { } own || !others.TryGetValue(own, out var all))
                continue;
            var subject = news[i].Subject!.WithFormerNumbers(all);
            news[i] = news[i] with
            {
                Subject = subject,
                Keys = macs.ForStoring(subject),
                Others = sealer.Seal(new OtherNumbers([.. all])),
            };
        }
    }

    private static async Task<Dictionary<Guid, long>> UpsertAsync(
        this MatchingDb db,
        List<PlanUpdate> news,
        string macKey,
        CancellationToken cancellationToken
    )
    {
        await using var batch = db.Batch();
        // Encounters wait until this transaction ends, and this waits for theirs: then neither overlooks the other. So
        // do plans with new facts, for they may be of one child; and a restricted one may hold back a change of a
        // number, by which others are found.
        batch.Add(
            $"LOCK TABLE matching.plan_or_encounter IN {(news.Exists(plan => plan.Facts is not null) ? "SHARE ROW EXCLUSIVE" : "SHARE")} MODE"
        );
        batch.Add(
            """
            INSERT INTO matching.plan AS held (
                plan_id, council_code, facts_version, end_version, deleted_version, reference, kind, start_date,
                    end_date, expected_date, deleted,
                known_since, subject_key, subject, restricted, mac_key)
            SELECT plan_id, council_code, facts_version, end_version, deleted_version, reference, kind, start_date,
                end_date, expected_date, deleted,
                known_since, subject_key, subject, restricted, CASE WHEN facts_version > 0 THEN $15 END
            FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
                $8::date[], $9::date[], $10::date[],
                $11::boolean[], $12::timestamptz[], $13::text[], $14::bytea[], $16::boolean[])
                AS news (plan_id, council_code, facts_version, end_version, deleted_version, reference, kind, start_date, end_date, expected_date,
                    deleted, known_since, subject_key, subject, restricted)
            ORDER BY plan_id
            ON CONFLICT (plan_id) DO UPDATE SET
                reference = CASE WHEN excluded.facts_version > held.facts_version THEN excluded.reference
                    ELSE held.reference END,
                kind = CASE WHEN excluded.facts_version > held.facts_version THEN excluded.kind ELSE held.kind END,
                start_date = CASE WHEN excluded.facts_version > held.facts_version THEN excluded.start_date
                    ELSE held.start_date END,
                expected_date = CASE WHEN excluded.facts_version > held.facts_version THEN excluded.expected_date
                    ELSE held.expected_date END,
                known_since = CASE WHEN excluded.facts_version > held.facts_version THEN excluded.known_since
                    ELSE held.known_since END,
                subject_key = CASE WHEN excluded.facts_version > held.facts_version THEN excluded.subject_key
                    ELSE held.subject_key END,
                subject = CASE WHEN excluded.facts_version > held.facts_version THEN excluded.subject
                    ELSE held.subject END,
                restricted = CASE WHEN excluded.facts_version > held.facts_version THEN excluded.restricted
                    ELSE held.restricted END,
                mac_key = CASE WHEN excluded.facts_version > held.facts_version THEN excluded.mac_key
                    ELSE held.mac_key END,
                end_date = CASE WHEN excluded.end_version > held.end_version THEN excluded.end_date
                    ELSE held.end_date END,
                deleted = CASE WHEN excluded.deleted_version > held.deleted_version THEN excluded.deleted
                    ELSE held.deleted END,
                change = nextval('matching.plan_change'),
                facts_version = greatest(held.facts_version, excluded.facts_version),
                end_version = greatest(held.end_version, excluded.end_version),
                deleted_version = greatest(held.deleted_version, excluded.deleted_version)
            WHERE excluded.facts_version > held.facts_version OR excluded.end_version > held.end_version
                OR excluded.deleted_version > held.deleted_version
            RETURNING plan_id, facts_version
            """,
            news.ConvertAll(plan => plan.PlanId).ToArray(),
            news.ConvertAll(plan => plan.CouncilCode).ToArray(),
            news.ConvertAll(plan => plan.FactsVersion).ToArray(),
            news.ConvertAll(plan => plan.EndVersion).ToArray(),
            news.ConvertAll(plan => plan.DeletedVersion).ToArray(),
            news.ConvertAll(plan => plan.Facts?.Reference).ToArray(),
            news.ConvertAll(plan => plan.Facts?.Kind.ToString()).ToArray(),
            news.ConvertAll(plan => plan.Facts?.StartDate).ToArray(),
            news.ConvertAll(plan => plan.EndDate).ToArray(),
            news.ConvertAll(plan => plan.Facts?.ExpectedDate).ToArray(),
            news.ConvertAll(plan => plan.Deleted).ToArray(),
            news.ConvertAll(plan => plan.Facts?.KnownSince).ToArray(),
            news.ConvertAll(plan => plan.Facts?.Subject.KeyId).ToArray(),
            news.ConvertAll(plan => plan.Facts?.Subject.Value).ToArray(),
            macKey,
            news.ConvertAll(plan => plan.Facts?.Restricted ?? false).ToArray()
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return (
            await reader.ReadAsync(row => (Id: row.GetGuid(0), FactsVersion: row.GetInt64(1)), cancellationToken)
        ).ToDictionary(row => row.Id, row => row.FactsVersion);
    }
}
