using Npgsql;

namespace Safeguarding.Matching.Storage;

/// <summary>Encounters whose patient is, or may be, a child that a council has restricted.</summary>
internal static class RestrictedEncounters
{
    public static void SelectRestricted(this NpgsqlBatch batch, Guid[] encounters) =>
        batch.Add("SELECT encounter_id FROM matching.restricted_encounters($1) AS encounter_id", encounters);

    public static async Task<HashSet<Guid>> ReadRestrictedAsync(
        this NpgsqlDataReader reader,
        CancellationToken cancellationToken
    ) => [.. await reader.ReadAsync(row => row.GetGuid(0), cancellationToken)];
}
