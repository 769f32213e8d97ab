using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Domain.Grouping;

namespace Safeguarding.Notification.Storage;

/// <summary>The statements of a <see cref="Ledger"/>.</summary>
internal static class LedgerRows
{
    private const int LockSpace = 0x6E6F6973;

    /// <summary>Reads without holding: for withdrawals, which raise nothing.</summary>
    public static Task<Ledger> LedgerAsync(
        this NotificationDb db,
        Sealer sealer,
        IEnumerable<(string CouncilCode, MatchedPlan Plan)> plans,
        CancellationToken cancellationToken
    ) => LoadAsync(db, sealer, Keys(plans), cancellationToken);

    /// <summary>
    /// Reads and holds. Until the transaction ends nobody else raises an alert about any of the children, so two
    /// encounters of one child that arrive at two replicas in the same moment know of each other.
    /// </summary>
    public static async Task<Ledger> HoldLedgerAsync(
        this NotificationDb db,
        Sealer sealer,
        IEnumerable<(string CouncilCode, MatchedPlan Plan)> plans,
        CancellationToken cancellationToken
    )
    {
        var keys = Keys(plans);
        // In one order everywhere, so that two batches never wait for each other in a circle.
        await using var command = db.Connection.CreateCommand();
        command.CommandText =
            "SELECT pg_advisory_xact_lock(@space, child) FROM (SELECT DISTINCT hashtext(plan) AS child FROM "
            + "unnest(@plans) AS plan ORDER BY child) AS children";
        command.Parameters.AddWithValue("space", LockSpace);
        command.Array("plans", NpgsqlDbType.Text, keys, key => $"{key.CouncilCode} {key.PlanId}");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return await LoadAsync(db, sealer, keys, cancellationToken);
    }

    public static async Task SaveAsync(
        this NotificationDb db,
        Sealer sealer,
        Ledger ledger,
        CancellationToken cancellationToken
    )
    {
        if (ledger.Written.Count == 0)
            return;
        await using var batch = new NpgsqlBatch(db.Connection);
        var gone = new NpgsqlBatchCommand(
            "DELETE FROM notification.plan_attendance WHERE (encounter_id, council_code) IN (SELECT * FROM "
                + "unnest(@encounters, @councils))"
        );
        var touched = ledger.Written.Keys.ToList();
        gone.Array("encounters", NpgsqlDbType.Uuid, touched, key => key.EncounterId);
        gone.Array("councils", NpgsqlDbType.Text, touched, key => key.CouncilCode);
        batch.BatchCommands.Add(gone);
        var rows = ledger.Written.Values.SelectMany(attended => Sealed(sealer, attended)).ToList();
        var put = new NpgsqlBatchCommand(
            """
            INSERT INTO notification.plan_attendance (council_code, plan_id, role, encounter_id, at, site_key_id,
                site_value, left_before_seen, alert_id)
            SELECT * FROM unnest(@council, @plan, @role, @encounter, @at, @site_key, @site, @left, @alert)
            """
        );
        put.Array("council", NpgsqlDbType.Text, rows, row => row.Plan.CouncilCode);
        put.Array("plan", NpgsqlDbType.Uuid, rows, row => row.Plan.PlanId);
        put.Array("role", NpgsqlDbType.Text, rows, row => row.Plan.Role.ToString());
        put.Array("encounter", NpgsqlDbType.Uuid, rows, row => row.Attended.EncounterId);
        put.Array("at", NpgsqlDbType.TimestampTz, rows, row => row.Attended.At);
        put.Array("site_key", NpgsqlDbType.Text, rows, row => row.Site.KeyId);
        put.Array("site", NpgsqlDbType.Bytea, rows, row => row.Site.Value);
        put.Array("left", NpgsqlDbType.Boolean, rows, row => row.Attended.LeftBeforeSeen);
        put.Array("alert", NpgsqlDbType.Uuid, rows, row => row.Attended.AlertId);
        batch.BatchCommands.Add(put);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Null where the ring has lost the key: then it counts as no site, rather than keep an alert from being
    /// raised.
    /// </summary>
    public static string? SiteIn(this Sealer sealer, Sealed<AttendedSite> site)
    {
        try
        {
            return sealer.Open(site).Ods;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // One attendance has one site, however many plans it matched: it is sealed once.
    private static IEnumerable<(PlanKey Plan, Attended Attended, Sealed<AttendedSite> Site)> Sealed(
        Sealer sealer,
        PlanAttended[] attendances
    )
    {
        if (attendances is [])
            return [];
        var site = sealer.Seal(new AttendedSite(attendances[0].Attended.Site));
        return attendances.Select(attendance => (attendance.Plan, attendance.Attended, site));
    }

    private static List<PlanKey> Keys(IEnumerable<(string CouncilCode, MatchedPlan Plan)> plans) =>
        [.. plans.Select(plan => PlanKey.Of(plan.CouncilCode, plan.Plan)).Distinct()];

    private static async Task<Ledger> LoadAsync(
        NotificationDb db,
        Sealer sealer,
        List<PlanKey> keys,
        CancellationToken cancellationToken
    )
    {
        await using var command = db.Connection.CreateCommand();
        command.CommandText = """
            SELECT council_code, plan_id, role, encounter_id, at, site_key_id, site_value, left_before_seen, alert_id
                FROM notification.plan_attendance
            WHERE (council_code, plan_id) IN (SELECT * FROM unnest(@councils, @plans))
            """;
        command.Array("councils", NpgsqlDbType.Text, keys, key => key.CouncilCode);
        command.Array("plans", NpgsqlDbType.Uuid, keys, key => key.PlanId);
        List<PlanAttended> known = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            known.Add(
                new PlanAttended(
                    new PlanKey(reader.GetString(0), reader.GetGuid(1), Enum.Parse<MatchRole>(reader.GetString(2))),
                    new Attended(
                        reader.GetGuid(3),
                        reader.GetFieldValue<DateTimeOffset>(4),
                        sealer.SiteIn(new(reader.GetString(5), reader.GetFieldValue<byte[]>(6))),
                        reader.GetBoolean(7),
                        reader.GetGuid(8)
                    )
                )
            );
        }
        return new Ledger(known);
    }
}
