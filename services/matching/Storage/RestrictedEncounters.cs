using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Storage;

/// <summary>Encounters whose patient is, or may be, a child that a council has restricted.</summary>
internal static class RestrictedEncounters
{
    public static void SelectRestricted(this NpgsqlBatch batch, Guid[] encounters) =>
        batch.Add("SELECT encounter_id FROM matching.restricted_encounters($1) AS encounter_id", encounters);

    /// <summary>Those of them whom another council restricted first.</summary>
    public static void SelectWithheld(this NpgsqlBatch batch, Guid[] encounters, string council) =>
        batch.Add("SELECT encounter_id FROM matching.withheld_encounters($1, $2) AS encounter_id", encounters, council);

    /// <summary>Which of these reviews ask about such a patient.</summary>
    public static async Task<HashSet<Guid>> RestrictedAsync(
        this MatchingDb db,
        IReadOnlyCollection<Review> reviews,
        CancellationToken cancellationToken
    )
    {
        if (reviews.Count == 0)
            return [];
        var asked = reviews.Select(review => review.EncounterId).ToArray();
        var restricted = await db
            .Database.SqlQuery<Guid>($"SELECT one AS \"Value\" FROM matching.restricted_encounters({asked}) AS one")
            .ToListAsync(cancellationToken);
        return [.. reviews.Where(review => restricted.Contains(review.EncounterId)).Select(review => review.ReviewId)];
    }

    public static async Task<HashSet<Guid>> ReadRestrictedAsync(
        this NpgsqlDataReader reader,
        CancellationToken cancellationToken
    ) => [.. await reader.ReadAsync(row => row.GetGuid(0), cancellationToken)];
}
