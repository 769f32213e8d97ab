using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Tasks;

/// <summary>
/// What a council has left to do about unborn plans, reckoned from what holds now: link the child that was born, or say
/// what became of a plan whose expected date is long past. A task stands until the plan is amended, ended or deleted.
/// </summary>
internal static class GetTasks
{
    internal static async Task<Ok<List<GetTasksItem>>> Handle(
        Caller caller,
        MatchingDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var today = UkTime.Day(clock.GetUtcNow());
        var items = await ReadAsync(caller.Organisation, today, db, cancellationToken);
        foreach (var item in items)
            db.Audit(caller, "task.read", item.PlanId);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(items);
    }

    private static async Task<List<GetTasksItem>> ReadAsync(
        string council,
        DateOnly today,
        MatchingDb db,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SayWhoseAsync(cancellationToken);
        await using var batch = db.Batch();
        // Known by a person's verdict: the rules alone never take a newborn for a plan's child.
        batch.Add(
            """
            SELECT plan.plan_id, reference, expected_date, born.encounter_id, born.decided_at FROM matching.plan
            LEFT JOIN LATERAL (
                SELECT encounter_id, decided_at FROM matching.verdict
                WHERE verdict.plan_id = plan.plan_id AND verdict = 'SameChild' AND role = $3
                    ORDER BY decided_at LIMIT 1) born ON true
            WHERE council_code = $1 AND kind = 'Unborn' AND NOT deleted AND (end_date IS NULL OR end_date >= $2)
                AND (born.encounter_id IS NOT NULL OR expected_date < $4)
            ORDER BY expected_date, plan.plan_id
            """,
            council,
            today,
            nameof(MatchRole.Child),
            today.AddDays(-CompareBirthDates.DaysAfter)
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(ItemOf, cancellationToken);
    }

    private static GetTasksItem ItemOf(NpgsqlDataReader row)
    {
        var (expected, born) = (row.Nullable<DateOnly>(2), row.Nullable<Guid>(3));
        return born is not null
            ? new(
                CouncilTask.LinkNewborn,
                row.GetGuid(0),
                row.GetString(1),
                expected,
                born,
                row.GetFieldValue<DateTimeOffset>(4)
            )
            : new(
                CouncilTask.ExpectedDateOver,
                row.GetGuid(0),
                row.GetString(1),
                expected,
                null,
                new DateTimeOffset(
                    expected!.Value.AddDays(CompareBirthDates.DaysAfter + 1),
                    TimeOnly.MinValue,
                    TimeSpan.Zero
                )
            );
    }
}

/// <summary>What is to be done.</summary>
internal enum CouncilTask
{
    /// <summary>
    /// The child of an unborn plan is born and known: amend the plan to the child's own register and
    /// number.
    /// </summary>
    LinkNewborn,

    /// <summary>
    /// The expected date is so long past that no newborn is joined to the plan any more: amend the date, link
    /// the child or end the plan.
    /// </summary>
    ExpectedDateOver,
}

/// <param name="Task">What is to be done.</param>
/// <param name="PlanId">The hub's id of the plan.</param>
/// <param name="Reference">The council's own reference.</param>
/// <param name="ExpectedDate">Expected date of delivery, or null.</param>
/// <param name="EncounterId">The newborn's first attendance, where the child is known; else null.</param>
/// <param name="Since">Since when the task stands.</param>
internal sealed record GetTasksItem(
    CouncilTask Task,
    Guid PlanId,
    string Reference,
    DateOnly? ExpectedDate,
    Guid? EncounterId,
    DateTimeOffset Since
);
