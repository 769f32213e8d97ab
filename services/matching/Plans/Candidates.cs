using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Plans;

/// <summary>Finds the plans that share a block key with a patient. Ended and future plans too: their children are rivals like any other.</summary>
public sealed class Candidates(MatchingDb db, Sealer sealer)
{
    /// <summary>For each patient, in order, the plans found: one statement for all of them.</summary>
    internal async Task<IReadOnlyList<FoundPlan>[]> ForAsync(IReadOnlyList<Patient> patients, CancellationToken cancellationToken)
    {
        var found = new List<FoundPlan>[patients.Count];
        var keys = new List<(long Mac, int Patient)>();
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = [];
            foreach (var mac in patients[i].Keys)
                keys.Add((mac, i));
        }

        keys.Sort();
        await using var batch = db.Batch();
        batch.Add(
            $"""
            WITH hit AS (
                SELECT DISTINCT sought.patient, held.plan_id FROM unnest($1::bigint[], $2::int[]) AS sought (mac, patient)
                JOIN matching.plan_key held ON held.mac = sought.mac)
            SELECT hit.patient, subject_key, subject, {HeldPlan.Columns} FROM hit JOIN matching.plan USING (plan_id)
            """,
            keys.ConvertAll(key => key.Mac).ToArray(), keys.ConvertAll(key => key.Patient).ToArray());
        var opened = new Dictionary<Guid, FoundPlan>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!opened.TryGetValue(reader.GetGuid(3), out var plan))
            {
                var held = HeldPlan.Read(reader, 3);
                var subject = sealer.Open(new Sealed<PersonTraits>(reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
                plan = new(held, new Candidate(held.Id, held.CouncilCode, held.Role, Person.From(subject), held.ExpectedDate));
                opened.Add(held.Id, plan);
            }

            found[reader.GetInt32(0)].Add(plan);
        }

        return found;
    }
}

/// <summary>A plan with its subject, opened.</summary>
internal sealed record FoundPlan(HeldPlan Plan, Candidate Candidate)
{
    public override string ToString() => nameof(FoundPlan);
}
