using System.Text.Json;
using Npgsql;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Messaging;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Storage;

/// <summary>The encounters' rows, a batch at a time.</summary>
internal static class EncounterRows
{
    private const string Facts =
        "encounter_id, version, status, unscheduled, started_at, ended_at, received_at, concerns, place_key, place";

    private const string FactArrays =
        "$1::uuid[], $2::bigint[], $3::text[], $4::boolean[], $5::timestamptz[], $6::timestamptz[], "
        + "$7::timestamptz[], $8::text[], $9::text[], $10::bytea[]";

    private const string KeepPlansOut = "LOCK TABLE matching.plan_or_encounter IN ROW EXCLUSIVE MODE";

    /// <summary>
    /// Plans wait until this transaction ends, and this waits for theirs: then neither overlooks the
    /// other.
    /// </summary>
    public static async Task KeepPlansOutAsync(this MatchingDb db, CancellationToken cancellationToken)
    {
        await using var batch = db.Batch();
        batch.Add(KeepPlansOut);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Plans and encounters both wait until this transaction ends, and this waits for theirs.</summary>
    public static async Task KeepAllOutAsync(this MatchingDb db, CancellationToken cancellationToken)
    {
        await using var batch = db.Batch();
        batch.Add("LOCK TABLE matching.plan_or_encounter IN SHARE ROW EXCLUSIVE MODE");
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Waits for everybody who changes questions or verdicts about these patients, and keeps them out until the commit.
    /// </summary>
    /// <param name="db">The database.</param>
    /// <param name="patients">MACs, in order, so that nobody waits in a circle; after the encounters, for the same
    /// reason.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task LockPatientsAsync(this MatchingDb db, long[] patients, CancellationToken cancellationToken)
    {
        await using var batch = db.Batch();
        batch.Add("SELECT pg_advisory_xact_lock(patient) FROM unnest($1::bigint[]) AS patient", patients);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Keeps those that are newer than what is stored, and locks them until the commit.</summary>
    /// <returns>The newer ones.</returns>
    public static async Task<List<Question>> TakeAsync(
        this MatchingDb db,
        List<Question> questions,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        Dictionary<Guid, bool> taken;
        await using (var batch = db.Batch())
        {
            batch.Add(KeepPlansOut);
            // Sorted, so that two batches with common encounters queue up and never wait for each other in a circle.
            batch.Add(
                """
                INSERT INTO matching.encounter AS held (encounter_id, version, day)
                SELECT id, version, $3 FROM unnest($1::uuid[], $2::bigint[]) AS news (id, version) ORDER BY id
                ON CONFLICT (encounter_id) DO UPDATE SET version = excluded.version, day = excluded.day
                    WHERE held.version < excluded.version
                RETURNING encounter_id, xmax <> 0
                """,
                questions.ConvertAll(question => question.Encounter.Id).ToArray(),
                questions.ConvertAll(question => question.Encounter.Version).ToArray(),
                today
            );
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            taken = (
                await reader.ReadAsync(row => (Id: row.GetGuid(0), Known: row.GetBoolean(1)), cancellationToken)
            ).ToDictionary(row => row.Id, row => row.Known);
        }

        var newest = questions
            .FindAll(question => taken.ContainsKey(question.Encounter.Id))
            .ConvertAll(question => question with { FirstHeardOf = !taken[question.Encounter.Id] });
        if (newest.Count > 0)
            await db.WriteAsync(newest, today, cancellationToken);
        return newest;
    }

    /// <summary>
    /// Locks encounters, in order, and reads what is still known of them; with the patient where the window is
    /// not over.
    /// </summary>
    public static async Task<List<Encounter>> LockAsync(
        this MatchingDb db,
        Guid[] ids,
        CancellationToken cancellationToken
    )
    {
        await using var batch = db.Batch();
        batch.Add(
            "SELECT 1 FROM matching.encounter WHERE encounter_id = ANY($1) ORDER BY encounter_id FOR UPDATE",
            ids
        );
        batch.Add(
            $"SELECT {Facts}, patient_key, patient FROM matching.encounter_fact WHERE encounter_id = ANY($1)",
            ids
        );
        batch.Add(
            $"SELECT {Facts}, NULL::text, NULL::bytea FROM matching.kept_encounter WHERE encounter_id = ANY($1)",
            ids
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var held = await reader.ReadAsync(Read, cancellationToken);
        var known = held.Select(encounter => encounter.Id).ToHashSet();
        held.AddRange((await reader.ReadAsync(Read, cancellationToken)).Where(kept => !known.Contains(kept.Id)));
        return held;
    }

    /// <summary>
    /// Adds the statement that keeps, for as long as a match or a review needs it, what these encounters are;
    /// no trait.
    /// </summary>
    public static void Keep(this NpgsqlBatch batch, IReadOnlyList<Encounter> encounters) =>
        batch.Add(
            $"""
            INSERT INTO matching.kept_encounter ({Facts})
            SELECT id, version, status, unscheduled, started_at, ended_at, received_at, concerns::jsonb, place_key,
                place
            FROM unnest({FactArrays}) AS news (id, version, status, unscheduled, started_at, ended_at, received_at,
                concerns, place_key, place)
            ON CONFLICT (encounter_id) DO UPDATE SET
                version = excluded.version, status = excluded.status, unscheduled = excluded.unscheduled, started_at = excluded.started_at,
                ended_at = excluded.ended_at, concerns = excluded.concerns, place_key = excluded.place_key, place = excluded.place
            """,
            Columns(encounters)
        );

    public static void SelectKept(this NpgsqlBatch batch, Guid[] ids) =>
        batch.Add(
            $"SELECT {Facts}, NULL::text, NULL::bytea FROM matching.kept_encounter WHERE encounter_id = ANY($1)",
            ids
        );

    public static Encounter Read(NpgsqlDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            Version = row.GetInt64(1),
            Status = Enum.Parse<EncounterStatus>(row.GetString(2)),
            Unscheduled = row.GetBoolean(3),
            StartedAt = row.Nullable<DateTimeOffset>(4),
            EndedAt = row.Nullable<DateTimeOffset>(5),
            ReceivedAt = row.GetFieldValue<DateTimeOffset>(6),
            Concerns = JsonSerializer.Deserialize<string[]>(row.GetString(7), HubJson.Options)!,
            Place = new Sealed<Place>(row.GetString(8), row.GetFieldValue<byte[]>(9)),
            Patient = row.IsDBNull(10)
                ? null
                : new Sealed<PersonTraits>(row.GetString(10), row.GetFieldValue<byte[]>(11)),
        };

    private static async Task WriteAsync(
        this MatchingDb db,
        List<Question> newest,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        await using var batch = db.Batch();
        var updated = newest
            .Where(question => !question.FirstHeardOf)
            .Select(question => question.Encounter.Id)
            .ToArray();
        if (updated.Length > 0)
            batch.Add("DELETE FROM matching.encounter_fact WHERE encounter_id = ANY($1)", updated);
        var patients = newest.ConvertAll(question => question.Encounter.Patient!);
        var (keys, firsts, lasts) = InOne(newest, question => question.Patient!.Keys.All);
        var (names, firstNames, lastNames) = InOne(newest, question => question.Patient!.Names.ToCount);
        batch.Add(
            $"""
            INSERT INTO matching.encounter_fact (day, {Facts}, patient_key, patient, keys, bearer, names)
            SELECT $16, id, version, status, unscheduled, started_at, ended_at, received_at, concerns::jsonb, place_key,
                place, patient_key, patient,
                ($13::bigint[])[first_key:last_key], bearer, ($17::bigint[])[first_name:last_name]
            FROM unnest({FactArrays}, $11::text[], $12::bytea[], $14::int[], $15::int[], $18::int[], $19::int[],
                    $20::bigint[])
                AS news (id, version, status, unscheduled, started_at, ended_at, received_at, concerns, place_key, place, patient_key, patient, first_key, last_key,
                    first_name, last_name, bearer)
            """,
            [
                .. Columns(newest.ConvertAll(question => question.Encounter)),
                patients.ConvertAll(patient => patient.KeyId).ToArray(),
                patients.ConvertAll(patient => patient.Value).ToArray(),
                keys,
                firsts,
                lasts,
                today,
                names,
                firstNames,
                lastNames,
                newest.Select(question => question.Patient!.Names.Bearer).ToArray(),
            ]
        );
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    // Those of all in one array, and where those of each begin and end in it: arrays of arrays would have to travel as
    // text.
    private static (long[] All, int[] Firsts, int[] Lasts) InOne(List<Question> questions, Func<Question, long[]> ofOne)
    {
        var (firsts, lasts) = (new int[questions.Count], new int[questions.Count]);
        for (var (i, last) = (0, 0); i < questions.Count; i++)
            (firsts[i], lasts[i]) = (last + 1, last += ofOne(questions[i]).Length);
        return (questions.SelectMany(ofOne).ToArray(), firsts, lasts);
    }

    private static object[] Columns(IReadOnlyList<Encounter> encounters) =>
        [
            encounters.Select(encounter => encounter.Id).ToArray(),
            encounters.Select(encounter => encounter.Version).ToArray(),
            encounters.Select(encounter => encounter.Status.ToString()).ToArray(),
            encounters.Select(encounter => encounter.Unscheduled).ToArray(),
            encounters.Select(encounter => encounter.StartedAt).ToArray(),
            encounters.Select(encounter => encounter.EndedAt).ToArray(),
            encounters.Select(encounter => encounter.ReceivedAt).ToArray(),
            encounters.Select(encounter => JsonSerializer.Serialize(encounter.Concerns, HubJson.Options)).ToArray(),
            encounters.Select(encounter => encounter.Place.KeyId).ToArray(),
            encounters.Select(encounter => encounter.Place.Value).ToArray(),
        ];
}
