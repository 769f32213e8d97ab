using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Numbers;

/// <summary>
/// Makes plans findable under all numbers of their subject, tells plan-registry of plans on a superseded number, and decides the encounters
/// anew that came under any of the numbers: matched late or withdrawn; what a person decided stands.
/// </summary>
public sealed class FollowNumberChange(MatchingDb db, Sealer sealer, BlockMacs macs, EncounterKeys encounters, DecideEncounters decide)
{
    internal async Task FollowAsync(NumberChange change, ActivityContext trace, CancellationToken cancellationToken)
    {
        var changed = sealer.Open(change.Sealed);
        var numbers = (await OtherNumbersOf.ReadAsync(db, sealer, [changed.Superseded, changed.Current], cancellationToken))[changed.Current];
        var keys = numbers.SelectMany(number => macs.ForNumber(number.Reveal())).ToArray();

        var plans = await PlansAsync(keys, cancellationToken);
        foreach (var (planId, council, subject) in plans.Where(plan => plan.Subject.Identifier.NhsNumber is { } own && numbers.Contains(own)))
        {
            await RenameAsync(planId, subject, numbers, change.DecidedAt ?? change.ReceivedAt, cancellationToken);
            if (subject.Identifier.NhsNumber == changed.Superseded)
                db.Publish(new NumberChanged(change.ChangeId, planId, council, change.ChangedAt, sealer.Seal(subject.Identifier)), trace);
        }

        var affected = await AffectedAsync([.. plans.Select(plan => plan.Id)], keys, cancellationToken);
        var questions = (await db.LockAsync(affected, cancellationToken))
            .ConvertAll(encounter => new Question(encounter, Patient.Of(encounter, sealer, macs), trace, NewVersion: false));
        if (questions.Count > 0)
            await decide.DecideAsync(questions, Search.Table, cancellationToken);
    }

    private async Task<List<(Guid Id, string Council, PersonTraits Subject)>> PlansAsync(long[] keys, CancellationToken cancellationToken)
    {
        await using var batch = db.Batch();
        batch.Add(
            """
            SELECT plan_id, council_code, subject_key, subject FROM matching.plan
            WHERE plan_id IN (SELECT plan_id FROM matching.plan_key WHERE mac = ANY($1)) AND subject IS NOT NULL ORDER BY plan_id FOR UPDATE
            """, keys);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(
            row => (row.GetGuid(0), row.GetString(1), sealer.Open(new Sealed<PersonTraits>(row.GetString(2), row.GetFieldValue<byte[]>(3)))),
            cancellationToken);
    }

    private async Task RenameAsync(Guid planId, PersonTraits subject, HashSet<NhsNumber> numbers, DateTimeOffset knownSince, CancellationToken cancellationToken)
    {
        var others = sealer.Seal(new OtherNumbers([.. numbers]));
        var keys = macs.ForStoring(Person.From(subject).WithFormerNumbers(numbers));
        await using var batch = db.Batch();
        batch.Add(
            """
            UPDATE matching.plan SET aliases_key = $2, aliases = $3, keys = $4, known_since = $5, change = nextval('matching.plan_change')
            WHERE plan_id = $1
            """, planId, others.KeyId, others.Value, keys, knownSince);
        batch.Add("INSERT INTO matching.plan_key (mac, plan_id) SELECT mac, $1 FROM unnest($2::bigint[]) AS mac ON CONFLICT DO NOTHING", planId, keys);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<Guid[]> AffectedAsync(Guid[] plans, long[] keys, CancellationToken cancellationToken)
    {
        long newest;
        List<Guid> affected;
        await using (var batch = db.Batch())
        {
            batch.Add(encounters.Newest);
            PlanRows.SelectDecided(batch, plans);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            newest = (await reader.ReadAsync(row => row.GetInt64(0), cancellationToken))[0];
            affected = await reader.ReadAsync(row => row.GetGuid(0), cancellationToken);
        }

        await encounters.CatchUpAsync((NpgsqlConnection)db.Database.GetDbConnection(), newest, cancellationToken);
        return [.. affected.Concat(encounters.Find([keys], crowd: int.MaxValue).Found[0]).Distinct().Order()];
    }
}
