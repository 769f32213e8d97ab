using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Safeguarding.Hosting.Access;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>A council's question, locked until the commit with every encounter that it is about.</summary>
/// <param name="Review">The question.</param>
/// <param name="Encounters">What it is about, the one that raised it first.</param>
/// <param name="Others">Encounters that were decided with the same plans, where they were asked for.</param>
internal sealed record LockedReview(Review Review, IReadOnlyList<Encounter> Encounters, IReadOnlyList<Encounter> Others)
{
    private const string BeforeLocks = "before_locks";

    /// <summary>
    /// Locks a council's question and its encounters until the commit, and keeps plans out; null where the
    /// council has no such question.
    /// </summary>
    public static async Task<LockedReview?> OfAsync(
        MatchingDb db,
        IDbContextTransaction transaction,
        Guid reviewId,
        Caller caller,
        bool others,
        CancellationToken cancellationToken
    )
    {
        // Plans, encounters, patient, review: in the order of decision 9. An encounter that joins meanwhile has to be
        // locked before the patient, so then all begins again.
        await db.KeepPlansOutAsync(cancellationToken);
        while (true)
        {
            await transaction.CreateSavepointAsync(BeforeLocks, cancellationToken);
            if (await ReadAsync(db, reviewId, cancellationToken) is not { } seen || seen.Council != caller.Organisation)
                return null;
            var decided = others ? await DecidedWithAsync(db, seen.Plans, cancellationToken) : [];
            var encounters = await db.LockAsync([.. seen.Encounters.Union(decided).Order()], cancellationToken);
            if (seen.Patient is { } patient)
                await db.LockPatientsAsync([patient], cancellationToken);
            var review = await db
                .Reviews.FromSql($"SELECT * FROM matching.review WHERE review_id = {reviewId} FOR UPDATE")
                .AsNoTracking()
                .SingleOrDefaultAsync(cancellationToken);
            var now = await ReadAsync(db, reviewId, cancellationToken);
            if (review is null)
                return null;
            if (
                now is not null
                && now.Patient == seen.Patient
                && now.Encounters.SequenceEqual(seen.Encounters)
                && now.Plans.SequenceEqual(seen.Plans)
            )
            {
                var byId = encounters.ToDictionary(encounter => encounter.Id);
                return new(
                    review,
                    [.. now.Encounters.Where(byId.ContainsKey).Select(id => byId[id])],
                    [.. encounters.Where(encounter => !now.Encounters.Contains(encounter.Id))]
                );
            }

            await transaction.RollbackToSavepointAsync(BeforeLocks, cancellationToken);
        }
    }

    private static async Task<Seen?> ReadAsync(MatchingDb db, Guid reviewId, CancellationToken cancellationToken)
    {
        await using var batch = db.Batch();
        batch.Add("SELECT council_code, plan_ids, patient FROM matching.review WHERE review_id = $1", reviewId);
        batch.Add(
            "SELECT encounter_id FROM matching.review_member WHERE review_id = $1 ORDER BY joined_at, encounter_id",
            reviewId
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var read = await reader.ReadAsync(
            row => (Council: row.GetString(0), Plans: row.GetFieldValue<Guid[]>(1), Patient: row.Nullable<long>(2)),
            cancellationToken
        );
        var encounters = await reader.ReadAsync(row => row.GetGuid(0), cancellationToken);
        return read is [var (council, plans, patient)] ? new(council, plans, patient, [.. encounters]) : null;
    }

    private static async Task<Guid[]> DecidedWithAsync(MatchingDb db, Guid[] plans, CancellationToken cancellationToken)
    {
        await using var batch = db.Batch();
        PlanRows.SelectDecided(batch, plans);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return [.. await reader.ReadAsync(row => row.GetGuid(0), cancellationToken)];
    }

    private sealed record Seen(string Council, Guid[] Plans, long? Patient, Guid[] Encounters);
}
