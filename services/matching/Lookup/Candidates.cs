using Npgsql;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.NhsNumberChanges;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Names;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Lookup;

/// <summary>Where plans are looked for. Both find the same.</summary>
internal enum Search
{
    /// <summary>In memory: for who keeps plans out until the commit, and so knows when the index is complete.</summary>
    Index,

    /// <summary>In the table: for who is just changing plans.</summary>
    Table,
}

/// <summary>
/// Finds the plans that share a block key with a patient. Ended and future plans too: their children are rivals like
/// any other. Who shares one key only, and that one of a kind that many have or with a crowd, is left out: no true
/// match hangs on it.
/// </summary>
public sealed partial class Candidates(
    MatchingDb db,
    Sealer sealer,
    PlanKeys index,
    CountRegisterNames names,
    ILogger<Candidates> logger
)
{
    /// <summary>
    /// For each patient, in order, the plans found; the number of statements does not depend on the number of
    /// patients.
    /// </summary>
    internal async Task<IReadOnlyList<FoundPlan>[]> ForAsync(
        IReadOnlyList<Patient> patients,
        Search search,
        CancellationToken cancellationToken
    )
    {
        var keys = patients.Select(patient => patient.Keys).ToList();
        var (ids, plans) =
            search == Search.Index
                ? await FromIndexAsync(keys, cancellationToken)
                : await FromTableAsync(keys, cancellationToken);
        var found = ids.Select(of =>
                (IReadOnlyList<FoundPlan>)of.Where(plans.ContainsKey).Select(id => plans[id]).ToList()
            )
            .ToArray();
        foreach (var of in found)
            MatchingMetrics.Candidates.Record(of.Count);
        return found;
    }

    private async Task<(List<Guid>[] Ids, Dictionary<Guid, FoundPlan> Plans)> FromIndexAsync(
        List<KeyMacs> keys,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var known = index.Watermark;
            var (ids, crowded) = index.Find(keys, BlockKeys.Crowd);
            await using var batch = db.Batch();
            batch.Add(index.Newest);
            SelectPlans(batch, ids);
            long newest;
            await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
            {
                newest = (await reader.ReadAsync(row => row.GetInt64(0), cancellationToken))[0];
                if (newest == known)
                {
                    Report(crowded);
                    return (ids, await OpenAsync(reader, cancellationToken));
                }
            }

            // Another replica took plans, or this one did not follow yet. Nobody changes plans now, so the second look
            // finds all.
            MatchingMetrics.ReadBehind.Add(1);
            await index.CatchUpAsync(batch.Connection!, newest, cancellationToken);
        }
    }

    private async Task<(List<Guid>[] Ids, Dictionary<Guid, FoundPlan> Plans)> FromTableAsync(
        List<KeyMacs> keys,
        CancellationToken cancellationToken
    )
    {
        var sought = keys.SelectMany(
                (own, patient) =>
                    own.All.Select(
                        (mac, i) => (Mac: mac, Patient: patient, Alone: i < own.Alone, Block: own.BlockAt(i))
                    )
            )
            .Order()
            .ToList();
        var ids = keys.Select(_ => new List<Guid>()).ToArray();
        await using (var batch = db.Batch())
        {
            batch.Add(
                """
                WITH shared AS (
                    SELECT DISTINCT patient, alone, block, plan_id
                    FROM unnest($1::bigint[], $2::int[], $3::boolean[], $4::int[]) AS sought (mac, patient, alone,
                        block) JOIN matching.plan_key USING (mac)),
                hit AS (SELECT patient, plan_id, alone AND count(*) OVER (PARTITION BY patient, alone,
                    block) <= $5 AS enough FROM shared)
                SELECT patient, plan_id FROM hit GROUP BY patient, plan_id HAVING bool_or(enough) OR count(*) > 1
                """,
                sought.ConvertAll(key => key.Mac).ToArray(),
                sought.ConvertAll(key => key.Patient).ToArray(),
                sought.ConvertAll(key => key.Alone).ToArray(),
                sought.ConvertAll(key => key.Block).ToArray(),
                BlockKeys.Crowd
            );
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            foreach (
                var (patient, plan) in await reader.ReadAsync(
                    row => (row.GetInt32(0), row.GetGuid(1)),
                    cancellationToken
                )
            )
            {
                ids[patient].Add(plan);
            }
        }

        await using var plans = db.Batch();
        SelectPlans(plans, ids);
        await using var opened = await plans.ExecuteReaderAsync(cancellationToken);
        return (ids, await OpenAsync(opened, cancellationToken));
    }

    private static void SelectPlans(NpgsqlBatch batch, List<Guid>[] ids) =>
        batch.Add(
            $"SELECT subject_key, subject, aliases_key, aliases, {PlanRows.Columns} FROM matching.plan WHERE "
                + "plan_id = ANY($1) AND subject IS NOT NULL",
            ids.SelectMany(of => of).Distinct().Order().ToArray()
        );

    private async Task<Dictionary<Guid, FoundPlan>> OpenAsync(
        NpgsqlDataReader reader,
        CancellationToken cancellationToken
    ) =>
        (
            await reader.ReadAsync(
                row =>
                {
                    var stored = PlanRows.Read(row, 4);
                    var subject = sealer.Open(new Sealed<PersonTraits>(row.GetString(0), row.GetFieldValue<byte[]>(1)));
                    var person = Person.From(subject);
                    if (!row.IsDBNull(2))
                    {
                        person = person.WithFormerNumbers(
                            sealer
                                .Open(new Sealed<OtherNumbers>(row.GetString(2), row.GetFieldValue<byte[]>(3)))
                                .Numbers
                        );
                    }

                    return new FoundPlan(
                        stored,
                        new Candidate(stored.Id, stored.CouncilCode, stored.Role, person, stored.ExpectedDate)
                        {
                            Kind = stored.Kind,
                            RegisterNames = names.Get(stored.CouncilCode),
                        }
                    );
                },
                cancellationToken
            )
        ).ToDictionary(plan => plan.Plan.Id);

    private void Report(int crowded)
    {
        if (crowded == 0)
            return;
        MatchingMetrics.Crowded.Add(crowded);
        KeysCrowded(logger, crowded, BlockKeys.Crowd);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Ignored {Keys} block keys shared by more than {Crowd} plans"
    )]
    private static partial void KeysCrowded(ILogger logger, int keys, int crowd);
}
