using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Domain.NhsNumberChanges;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.NhsNumberChanges;

/// <summary>
/// Makes plans findable under all numbers of their subject, notifies plan-registry of plans on a superseded number, and
/// decides again the encounters that came under any of the numbers: matched late or withdrawn; what a person decided
/// stands. Holds back what reaches a restricted plan.
/// </summary>
public sealed class ApplyNhsNumberChange(
    MatchingDb db,
    Sealer sealer,
    BlockMacs macs,
    EncounterKeys encounters,
    DecideEncounters decide,
    TimeProvider clock
)
{
    /// <summary>
    /// Whether a plan that its council has restricted is about somebody who has one of the numbers that would
    /// be one person's.
    /// </summary>
    internal async Task<bool> ReachesRestrictedPlanAsync(ChangedNumbers changed, CancellationToken cancellationToken)
    {
        var numbers = await WithOthersAsync([changed.Superseded, changed.Current], cancellationToken);
        return (await PlansAsync(KeysOf(numbers), cancellationToken)).Exists(plan =>
            plan.Restricted && plan.IsOfOneOf(numbers)
        );
    }

    internal async Task FollowAsync(NumberChange change, ActivityContext trace, CancellationToken cancellationToken)
    {
        var changed = sealer.Open(change.Sealed);
        var numbers = await WithOthersAsync([changed.Superseded, changed.Current], cancellationToken);
        var plans = await PlansAsync(KeysOf(numbers), cancellationToken);
        // Cleared is this change, and not every other that it now brings within reach.
        if (plans.Exists(plan => plan.Restricted && plan.IsOfOneOf(numbers)))
            Publish(await HoldAsync(numbers, cancellationToken), plans, trace);
        await RenameAsync(plans, numbers, change.DecidedAt ?? change.ReceivedAt, cancellationToken);
        Publish([change], plans, trace);
        await RedecideAsync(plans, numbers, trace, cancellationToken);
    }

    /// <summary>Undoes what was applied: the numbers are two persons' again until somebody decides otherwise.</summary>
    internal async Task UndoAsync(NumberChange change, ActivityContext trace, CancellationToken cancellationToken)
    {
        var changed = sealer.Open(change.Sealed);
        var numbers = await WithOthersAsync([changed.Superseded, changed.Current], cancellationToken);
        change.Become(NumberChangeState.Held, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        var plans = await PlansAsync(KeysOf(numbers), cancellationToken);
        await RenameAsync(plans, numbers, knownSince: null, cancellationToken);
        Publish([change], plans, trace);
        await RedecideAsync(plans, numbers, trace, cancellationToken);
    }

    /// <summary>
    /// Holds what was followed by itself and reaches those of the plans that are restricted, as if they had
    /// been there when it came.
    /// </summary>
    /// <returns>The encounters to decide again.</returns>
    internal async Task<Guid[]> HoldBackAsync(
        Guid[] planIds,
        ActivityContext trace,
        CancellationToken cancellationToken
    )
    {
        var numbers = await WithOthersAsync(
            await RestrictedNumbersOfAsync(planIds, cancellationToken),
            cancellationToken
        );
        var held = await HoldAsync(numbers, cancellationToken);
        if (held.Count == 0)
            return [];
        var plans = await PlansAsync(KeysOf(numbers), cancellationToken);
        await RenameAsync(plans, numbers, knownSince: null, cancellationToken);
        Publish(held, plans, trace);
        return await AffectedAsync(plans, numbers, cancellationToken);
    }

    // What a person decided is not held again.
    private async Task<List<NumberChange>> HoldAsync(HashSet<NhsNumber> numbers, CancellationToken cancellationToken)
    {
        var known = numbers
            .SelectMany(number => sealer.MacsForSearch(OtherNumbersOf.Purpose, number.Reveal()))
            .ToArray();
        var changes = await db.Set<NumberChange>()
            .Where(change =>
                change.State == NumberChangeState.Followed
                && change.DecidedBy == null
                && (known.Contains(change.SupersededMac) || known.Contains(change.CurrentMac))
            )
            .ToListAsync(cancellationToken);
        foreach (var change in changes)
        {
            change.Become(NumberChangeState.Held, clock.GetUtcNow());
            change.RestrictedPlan = true;
        }

        await db.SaveChangesAsync(cancellationToken);
        return changes;
    }

    private void Publish(List<NumberChange> changes, List<NumberedPlan> plans, ActivityContext trace)
    {
        foreach (var change in changes)
        {
            var superseded = sealer.Open(change.Sealed).Superseded;
            foreach (var plan in plans.Where(plan => plan.Subject.Identifier.NhsNumber == superseded))
            {
                db.Publish(
                    new NumberChanged(
                        change.ChangeId,
                        plan.Id,
                        plan.Council,
                        change.ChangedAt,
                        sealer.For<NumberChanged>().Seal(plan.Subject.Identifier),
                        change.Version,
                        Undone: change.State != NumberChangeState.Followed
                    ),
                    trace
                );
            }
        }
    }

    private async Task RedecideAsync(
        List<NumberedPlan> plans,
        HashSet<NhsNumber> numbers,
        ActivityContext trace,
        CancellationToken cancellationToken
    )
    {
        var questions = (
            await db.LockAsync(await AffectedAsync(plans, numbers, cancellationToken), cancellationToken)
        ).ConvertAll(encounter => new Question(
            encounter,
            Patient.Of(encounter, sealer, macs),
            trace,
            NewVersion: false
        ));
        if (questions.Count > 0)
            await decide.DecideAsync(questions, Search.Table, cancellationToken);
    }

    private async Task<HashSet<NhsNumber>> WithOthersAsync(NhsNumber[] numbers, CancellationToken cancellationToken)
    {
        var others = await OtherNumbersOf.ReadAsync(db, sealer, numbers, cancellationToken);
        return [.. numbers, .. numbers.SelectMany(number => others.GetValueOrDefault(number, []))];
    }

    private long[] KeysOf(HashSet<NhsNumber> numbers) =>
        [.. numbers.SelectMany(number => macs.ForNumber(number.Reveal()))];

    // As they are held: what came may have been older news.
    private async Task<NhsNumber[]> RestrictedNumbersOfAsync(Guid[] planIds, CancellationToken cancellationToken)
    {
        await using var batch = db.Batch();
        batch.Add(
            "SELECT subject_key, subject FROM matching.plan WHERE plan_id = ANY($1) AND restricted AND subject IS "
                + "NOT NULL",
            planIds
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var numbers = await reader.ReadAsync(
            row =>
                sealer
                    .Open(new Sealed<PersonTraits>(row.GetString(0), row.GetFieldValue<byte[]>(1)))
                    .Identifier.NhsNumber,
            cancellationToken
        );
        return [.. numbers.OfType<NhsNumber>()];
    }

    private async Task<List<NumberedPlan>> PlansAsync(long[] keys, CancellationToken cancellationToken)
    {
        await using var batch = db.Batch();
        batch.Add(
            """
            SELECT plan_id, council_code, restricted, subject_key, subject FROM matching.plan
            WHERE plan_id IN (SELECT plan_id FROM matching.plan_key WHERE mac = ANY($1)) AND subject IS NOT NULL
                ORDER BY plan_id FOR UPDATE
            """,
            keys
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(
            row => new NumberedPlan(
                row.GetGuid(0),
                row.GetString(1),
                row.GetBoolean(2),
                sealer.Open(new Sealed<PersonTraits>(row.GetString(3), row.GetFieldValue<byte[]>(4)))
            ),
            cancellationToken
        );
    }

    private async Task RenameAsync(
        List<NumberedPlan> plans,
        HashSet<NhsNumber> numbers,
        DateTimeOffset? knownSince,
        CancellationToken cancellationToken
    )
    {
        var others = await OtherNumbersOf.ReadAsync(db, sealer, numbers, cancellationToken);
        var macKey = macs.KeyId;
        foreach (var plan in plans.Where(plan => plan.IsOfOneOf(numbers)))
        {
            var own = others.GetValueOrDefault(plan.Subject.Identifier.NhsNumber!.Value, []);
            var aliases = own.Count == 0 ? null : sealer.Seal(new OtherNumbers([.. own]));
            var keys = macs.ForStoring(Person.From(plan.Subject).WithFormerNumbers(own)).All;
            await using var batch = db.Batch();
            batch.Add(
                """
                UPDATE matching.plan SET aliases_key = $2, aliases = $3, keys = $4, known_since = coalesce($5,
                    known_since), mac_key = $6, change = nextval('matching.plan_change')
                WHERE plan_id = $1
                """,
                plan.Id,
                (object?)aliases?.KeyId ?? DBNull.Value,
                (object?)aliases?.Value ?? DBNull.Value,
                keys,
                (object?)knownSince ?? DBNull.Value,
                macKey
            );
            batch.Add("DELETE FROM matching.plan_key WHERE plan_id = $1", plan.Id);
            batch.Add(
                "INSERT INTO matching.plan_key (mac, plan_id) SELECT mac, $1 FROM unnest($2::bigint[]) AS mac",
                plan.Id,
                keys
            );
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task<Guid[]> AffectedAsync(
        List<NumberedPlan> plans,
        HashSet<NhsNumber> numbers,
        CancellationToken cancellationToken
    )
    {
        long newest;
        List<Guid> affected;
        await using (var batch = db.Batch())
        {
            batch.Add(encounters.Newest);
            PlanRows.SelectDecided(batch, [.. plans.Select(plan => plan.Id)]);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            newest = (await reader.ReadAsync(row => row.GetInt64(0), cancellationToken))[0];
            affected = await reader.ReadAsync(row => row.GetGuid(0), cancellationToken);
        }

        await encounters.CatchUpAsync((NpgsqlConnection)db.Database.GetDbConnection(), newest, cancellationToken);
        return
        [
            .. affected
                .Concat(encounters.Find([KeyMacs.Each(KeysOf(numbers))], crowd: int.MaxValue).Found[0])
                .Distinct()
                .Order(),
        ];
    }

    private sealed record NumberedPlan(Guid Id, string Council, bool Restricted, PersonTraits Subject)
    {
        public bool IsOfOneOf(HashSet<NhsNumber> numbers) =>
            Subject.Identifier.NhsNumber is { } own && numbers.Contains(own);

        public override string ToString() => nameof(NumberedPlan);
    }
}
