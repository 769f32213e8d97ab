using System.Text.Json;
using NpgsqlTypes;
using Safeguarding.Contracts.Councils;
using Safeguarding.Hosting.Hours;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain.Councils;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Consumers;

/// <summary>Keeps each council's name, telephones and hours as its alerts name them.</summary>
public sealed class RecordCouncilContactConsumer(NotificationDb db) : IConsumer<CouncilContactChanged>
{
    public async Task Consume(IReadOnlyList<Received<CouncilContactChanged>> batch, CancellationToken cancellationToken)
    {
        var newest = batch
            .Select(received => received.Event)
            .GroupBy(contact => contact.CouncilCode)
            .Select(versions => versions.MaxBy(contact => contact.Version)!)
            .ToList();
        await using var command = db.Connection.CreateCommand();
        command.CommandText = """
            INSERT INTO notification.council AS known (code, version, name, office_phone, emergency_duty_phone,
                calendar)
            SELECT code, version, name, office_phone, emergency_duty_phone, calendar::jsonb
            FROM unnest(@code, @version, @name, @office_phone, @emergency_duty_phone, @calendar)
                AS new (code, version, name, office_phone, emergency_duty_phone, calendar)
            ORDER BY code
            ON CONFLICT (code) DO UPDATE SET version = excluded.version, name = excluded.name,
                office_phone = excluded.office_phone,
                emergency_duty_phone = excluded.emergency_duty_phone, calendar = excluded.calendar
            WHERE known.version < excluded.version
            """;
        command.Array("code", NpgsqlDbType.Text, newest, contact => contact.CouncilCode);
        command.Array("version", NpgsqlDbType.Bigint, newest, contact => contact.Version);
        command.Array("name", NpgsqlDbType.Text, newest, contact => contact.Name);
        command.Array("office_phone", NpgsqlDbType.Text, newest, contact => contact.OfficePhone);
        command.Array("emergency_duty_phone", NpgsqlDbType.Text, newest, contact => contact.EmergencyDutyPhone);
        command.Array("calendar", NpgsqlDbType.Text, newest, contact =>
            JsonSerializer.Serialize(new CouncilCalendar(contact.OfficeHours, contact.BankHolidays), HubJson.Options)
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
