using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Grouping;

/// <summary>
/// The attendances of the children a batch is about. While it is held, nobody else raises an alert about any of them,
/// so two encounters of one child that arrive at two replicas in the same moment know of each other.
/// </summary>
internal sealed class Ledger
{
    private const int LockSpace = 0x6E6F6973;
    private readonly NotificationDb _db;
    private readonly Sealer _sealer;
    private readonly Dictionary<Key, List<Attended>> _byPlan = [];
    private readonly Dictionary<
        (Guid EncounterId, string CouncilCode),
        List<(Key Key, Attended Attended, Sealed<AttendedSite> Site)>
    > _written = [];

    private Ledger(NotificationDb db, Sealer sealer) => (_db, _sealer) = (db, sealer);

    /// <summary>Reads without holding: for withdrawals, which raise nothing.</summary>
    public static async Task<Ledger> ReadAsync(
        NotificationDb db,
        Sealer sealer,
        IEnumerable<(string CouncilCode, MatchedPlan Plan)> plans,
        CancellationToken cancellationToken
    )
    {
        var ledger = new Ledger(db, sealer);
        await ledger.LoadAsync(
            [.. plans.Select(plan => Of(plan.CouncilCode, plan.Plan)).Distinct()],
            cancellationToken
        );
        return ledger;
    }

    public static async Task<Ledger> HoldAsync(
        NotificationDb db,
        Sealer sealer,
        IEnumerable<(string CouncilCode, MatchedPlan Plan)> plans,
        CancellationToken cancellationToken
    )
    {
        var keys = plans.Select(plan => Of(plan.CouncilCode, plan.Plan)).Distinct().ToList();
        // In one order everywhere, so that two batches never wait for each other in a circle.
        await using var command = db.Connection.CreateCommand();
        command.CommandText =
            "SELECT pg_advisory_xact_lock(@space, child) FROM (SELECT DISTINCT hashtext(plan) AS child FROM "
            + "unnest(@plans) AS plan ORDER BY child) AS children";
        command.Parameters.AddWithValue("space", LockSpace);
        command.Array("plans", NpgsqlDbType.Text, keys, key => $"{key.CouncilCode} {key.PlanId}");
        await command.ExecuteNonQueryAsync(cancellationToken);
        var ledger = new Ledger(db, sealer);
        await ledger.LoadAsync(keys, cancellationToken);
        return ledger;
    }

    /// <summary>Every attendance of the child or mother that these plans are about.</summary>
    public List<Attended> Of(string councilCode, IEnumerable<MatchedPlan> plans) =>
        [
            .. plans
                .SelectMany(plan => _byPlan.GetValueOrDefault(Of(councilCode, plan), []))
                .DistinctBy(attended => attended.EncounterId),
        ];

    /// <param name="match">The attendance, as it is matched now.</param>
    /// <param name="place">Where; null where the hub cannot read it.</param>
    /// <param name="alertId">The alert that tells of it.</param>
    public void Put(EncounterMatched match, Place? place, Guid alertId)
    {
        Remove(match.CouncilCode, match.EncounterId);
        var ods = place?.SiteOds ?? place?.OrganisationOds;
        var attended = new Attended(
            match.EncounterId,
            (match.StartedAt ?? match.ReceivedAt).AsStored(),
            ods,
            match.Status is EncounterStatus.LeftBeforeSeen,
            alertId
        );
        var site = _sealer.Seal(new AttendedSite(ods));
        var rows = _written[(match.EncounterId, match.CouncilCode)] = [];
        foreach (var key in match.Plans.Select(plan => Of(match.CouncilCode, plan)).Distinct())
        {
            if (!_byPlan.TryGetValue(key, out var list))
                _byPlan[key] = list = [];
            list.Add(attended);
            rows.Add((key, attended, site));
        }
    }

    public void Remove(string councilCode, Guid encounterId)
    {
        foreach (var (key, list) in _byPlan)
        {
            if (key.CouncilCode == councilCode)
                list.RemoveAll(attended => attended.EncounterId == encounterId);
        }
        _written[(encounterId, councilCode)] = [];
    }

    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (_written.Count == 0)
            return;
        await using var batch = new NpgsqlBatch(_db.Connection);
        var gone = new NpgsqlBatchCommand(
            "DELETE FROM notification.plan_attendance WHERE (encounter_id, council_code) IN (SELECT * FROM "
                + "unnest(@encounters, @councils))"
        );
        var touched = _written.Keys.ToList();
        gone.Array("encounters", NpgsqlDbType.Uuid, touched, key => key.EncounterId);
        gone.Array("councils", NpgsqlDbType.Text, touched, key => key.CouncilCode);
        batch.BatchCommands.Add(gone);
        var rows = _written.Values.SelectMany(list => list).ToList();
        var put = new NpgsqlBatchCommand(
            """
            INSERT INTO notification.plan_attendance (council_code, plan_id, role, encounter_id, at, site_key_id,
                site_value, left_before_seen, alert_id)
            SELECT * FROM unnest(@council, @plan, @role, @encounter, @at, @site_key, @site, @left, @alert)
            """
        );
        put.Array("council", NpgsqlDbType.Text, rows, row => row.Key.CouncilCode);
        put.Array("plan", NpgsqlDbType.Uuid, rows, row => row.Key.PlanId);
        put.Array("role", NpgsqlDbType.Text, rows, row => row.Key.Role.ToString());
        put.Array("encounter", NpgsqlDbType.Uuid, rows, row => row.Attended.EncounterId);
        put.Array("at", NpgsqlDbType.TimestampTz, rows, row => row.Attended.At);
        put.Array("site_key", NpgsqlDbType.Text, rows, row => row.Site.KeyId);
        put.Array("site", NpgsqlDbType.Bytea, rows, row => row.Site.Value);
        put.Array("left", NpgsqlDbType.Boolean, rows, row => row.Attended.LeftBeforeSeen);
        put.Array("alert", NpgsqlDbType.Uuid, rows, row => row.Attended.AlertId);
        batch.BatchCommands.Add(put);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task LoadAsync(List<Key> keys, CancellationToken cancellationToken)
    {
        await using var command = _db.Connection.CreateCommand();
        command.CommandText = """
            SELECT council_code, plan_id, role, encounter_id, at, site_key_id, site_value, left_before_seen, alert_id
                FROM notification.plan_attendance
            WHERE (council_code, plan_id) IN (SELECT * FROM unnest(@councils, @plans))
            """;
        command.Array("councils", NpgsqlDbType.Text, keys, key => key.CouncilCode);
        command.Array("plans", NpgsqlDbType.Uuid, keys, key => key.PlanId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = new Key(reader.GetString(0), reader.GetGuid(1), Enum.Parse<MatchRole>(reader.GetString(2)));
            if (!_byPlan.TryGetValue(key, out var list))
                _byPlan[key] = list = [];
            list.Add(
                new Attended(
                    reader.GetGuid(3),
                    reader.GetFieldValue<DateTimeOffset>(4),
                    _sealer.SiteIn(new(reader.GetString(5), reader.GetFieldValue<byte[]>(6))),
                    reader.GetBoolean(7),
                    reader.GetGuid(8)
                )
            );
        }
    }

    private static Key Of(string councilCode, MatchedPlan plan) => new(councilCode, plan.PlanId, plan.Role);

    private readonly record struct Key(string CouncilCode, Guid PlanId, MatchRole Role);
}

internal static class ReadSite
{
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
}
