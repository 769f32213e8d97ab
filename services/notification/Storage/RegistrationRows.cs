using NpgsqlTypes;
using Safeguarding.Notification.Domain.Registrations;

namespace Safeguarding.Notification.Storage;

/// <summary>What councils were notified of about children that another council has too.</summary>
internal static class RegistrationRows
{
    /// <returns>Those that were not there: a repeat notifies nobody again.</returns>
    public static async Task<List<RegistrationNotice>> InsertNewAsync(
        this NotificationDb db,
        List<RegistrationNotice> notices,
        CancellationToken cancellationToken
    )
    {
        if (notices is [])
            return [];
        await using var command = db.Connection.CreateCommand();
        command.CommandText = """
            INSERT INTO notification.registration_notice (id, pair_id, council_code, plan_id, reference, is_registrant,
                other_council_code, other_plan_id, other_reference, other_is_named, registered_at, told_at)
            SELECT * FROM unnest(@id, @pair_id, @council_code, @plan_id, @reference, @is_registrant,
                @other_council_code, @other_plan_id, @other_reference, @other_is_named, @registered_at, @told_at)
            ORDER BY 2, 3
            ON CONFLICT (pair_id, council_code) DO NOTHING RETURNING id
            """;
        command.Array("id", NpgsqlDbType.Uuid, notices, notice => notice.Id);
        command.Array("pair_id", NpgsqlDbType.Uuid, notices, notice => notice.PairId);
        command.Array("council_code", NpgsqlDbType.Text, notices, notice => notice.CouncilCode);
        command.Array("plan_id", NpgsqlDbType.Uuid, notices, notice => notice.PlanId);
        command.Array("reference", NpgsqlDbType.Text, notices, notice => notice.Reference);
        command.Array("is_registrant", NpgsqlDbType.Boolean, notices, notice => notice.IsRegistrant);
        command.Array("other_council_code", NpgsqlDbType.Text, notices, notice => notice.OtherCouncilCode);
        command.Array("other_plan_id", NpgsqlDbType.Uuid, notices, notice => notice.OtherPlanId);
        command.Array("other_reference", NpgsqlDbType.Text, notices, notice => notice.OtherReference);
        command.Array("other_is_named", NpgsqlDbType.Boolean, notices, notice => notice.OtherIsNamed);
        command.Array("registered_at", NpgsqlDbType.TimestampTz, notices, notice => notice.RegisteredAt);
        command.Array("told_at", NpgsqlDbType.TimestampTz, notices, notice => notice.NotifiedAt);
        var added = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            added.Add(reader.GetGuid(0));
        return notices.FindAll(notice => added.Contains(notice.Id));
    }
}
