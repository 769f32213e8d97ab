using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Domain.NhsNumberChanges;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Plans;

/// <summary>
/// Keys again the plans that were stored under an earlier look-up key or with an earlier set of block keys: after a
/// rotation plans no longer need the old key, and after an upgrade every plan is found by every kind of key. What
/// cannot be opened keeps the keys that it has.
/// </summary>
internal sealed partial class RekeyPlans(
    NpgsqlDataSource source,
    Sealer sealer,
    BlockMacs macs,
    TimeProvider clock,
    ILogger<RekeyPlans> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger)
{
    // While these are written no encounter is decided: a tenth of a second or so.
    private const int AtOnce = 200;

    // What a replica of a later release keyed is left to it: else the two would key all plans to and fro while they run
    // side by side.
    private const string StoredOtherwise =
        "keys IS NOT NULL AND mac_key IS DISTINCT FROM $2 AND coalesce(substring(mac_key FROM '/([0-9]{1,9})$'), "
        + "'1')::int <= $3";

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var plans = 0;
        for (Guid? last = Guid.Empty; last is { } after; )
        {
            var next = await StoredOtherwiseAsync(connection, after, cancellationToken);
            if (next.Length > 0)
                plans += await KeyAsync(connection, next, cancellationToken);
            last = next.Length == AtOnce ? next[^1] : null;
        }

        if (plans > 0)
            Rekeyed(Logger, plans);
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    private async Task<Guid[]> StoredOtherwiseAsync(
        NpgsqlConnection connection,
        Guid after,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            $"SELECT plan_id FROM matching.plan WHERE plan_id > $1 AND {StoredOtherwise} ORDER BY plan_id LIMIT $4",
            after,
            macs.KeyId,
            BlockKeys.Edition,
            AtOnce
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return [.. await reader.ReadAsync(row => row.GetGuid(0), cancellationToken)];
    }

    private async Task<int> KeyAsync(NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Before the keys are made: one that comes between is then no worse than one that comes after.
        var keyId = macs.KeyId;
        List<(Guid Id, long[]? Keys)> read;
        await using (var batch = new NpgsqlBatch(connection))
        {
            // As for any change of a plan: decision 9.
            batch.Add("LOCK TABLE matching.plan_or_encounter IN SHARE MODE");
            // Asked again, for another replica may have been here meanwhile.
            batch.Add(
                $"""
                SELECT plan_id, subject_key, subject, aliases_key, aliases FROM matching.plan
                WHERE plan_id = ANY($1) AND {StoredOtherwise} ORDER BY plan_id FOR UPDATE
                """,
                ids,
                keyId,
                BlockKeys.Edition
            );
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            read = await reader.ReadAsync(row => (row.GetGuid(0), KeysOf(row)), cancellationToken);
        }

        var plans = read.Where(plan => plan.Keys is not null).Select(plan => (plan.Id, Keys: plan.Keys!)).ToList();
        if (plans.Count < read.Count)
            NotOpened(Logger, read.Count - plans.Count);
        if (plans.Count == 0)
            return 0;
        var keyed = plans.ConvertAll(plan => plan.Id).ToArray();
        var keys = plans
            .SelectMany(plan => plan.Keys.Select(mac => (Mac: mac, plan.Id)))
            .OrderBy(key => key.Mac)
            .ToList();
        await using var write = new NpgsqlBatch(connection);
        write.Add("DELETE FROM matching.plan_key WHERE plan_id = ANY($1)", keyed);
        write.Add(
            "INSERT INTO matching.plan_key (mac, plan_id) SELECT * FROM unnest($1::bigint[], $2::uuid[])",
            keys.ConvertAll(key => key.Mac).ToArray(),
            keys.ConvertAll(key => key.Id).ToArray()
        );
        write.Add(
            """
            UPDATE matching.plan SET keys = news.keys::bigint[], mac_key = $3, change = nextval('matching.plan_change')
            FROM unnest($1::uuid[], $2::text[]) AS news (plan_id, keys) WHERE plan.plan_id = news.plan_id
            """,
            keyed,
            plans.ConvertAll(plan => Sql.Array(plan.Keys)).ToArray(),
            keyId
        );
        await write.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return plans.Count;
    }

    // One plan whose seal key is lost must not keep the others from being keyed, nor the service from running.
    private long[]? KeysOf(NpgsqlDataReader row)
    {
        try
        {
            return macs.ForStoring(PersonOf(row)).All;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null;
        }
    }

    private Person PersonOf(NpgsqlDataReader row)
    {
        var person = Person.From(sealer.Open(new Sealed<PersonTraits>(row.GetString(1), row.GetFieldValue<byte[]>(2))));
        return row.IsDBNull(3)
            ? person
            : person.WithFormerNumbers(
                sealer.Open(new Sealed<OtherNumbers>(row.GetString(3), row.GetFieldValue<byte[]>(4))).Numbers
            );
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Plans} plans were keyed again")]
    private static partial void Rekeyed(ILogger logger, int plans);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Plans} plans cannot be opened and keep their block keys; a key may be missing from the ring"
    )]
    private static partial void NotOpened(ILogger logger, int plans);
}
