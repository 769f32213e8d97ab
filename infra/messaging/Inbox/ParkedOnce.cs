using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Messaging.Inbox;

/// <summary>
/// For the migrations of every service: the same bytes wait for an operator once. Replayed rows are left
/// alone, because what fails again is parked again.
/// </summary>
public static class ParkedOnce
{
    /// <summary>Keeps the oldest of what waits twice, and lets nothing wait twice from then on.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="schema">The service's schema.</param>
    public static void ParkMessagesOnce(this MigrationBuilder migration, string schema) =>
        // An older release may park meanwhile.
        migration.Sql($"LOCK TABLE {schema}.parked_message IN SHARE ROW EXCLUSIVE MODE; {Sql(schema)}");

    /// <summary>Takes it back.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="schema">The service's schema.</param>
    public static void ParkMessagesAgain(this MigrationBuilder migration, string schema) =>
        migration.Sql($"DROP INDEX {schema}.ix_parked_message_once");

    internal static string Sql(string schema) =>
        $"""
            DELETE FROM {schema}.parked_message AS later USING {schema}.parked_message AS first
            WHERE first.consumer = later.consumer AND sha256(first.body) = sha256(later.body) AND first.id < later.id
                AND first.replayed_at IS NULL AND later.replayed_at IS NULL;
            CREATE UNIQUE INDEX ix_parked_message_once ON {schema}.parked_message (consumer, sha256(body))
                WHERE replayed_at IS NULL;
            """;
}
