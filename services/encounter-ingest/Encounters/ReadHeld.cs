using Npgsql;
using NpgsqlTypes;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// An encounter with what is kept of its newest version; both parts are null where retention has ended
/// them.
/// </summary>
internal sealed record Held(Guid Id, long Version, EncounterParticulars? Particulars, PersonTraits? Patient)
{
    public override string ToString() => nameof(Held);
}

/// <summary>
/// Reads what is held of an encounter, for a door whose messages say only what has changed. It locks nothing: what is
/// made of it is stored on condition that the version is still that.
/// </summary>
internal sealed class ReadHeld(NpgsqlDataSource source, Sealer sealer)
{
    private const string ByIdentifier = $"""
        SELECT e.id, e.version, v.particulars_key_id, v.particulars, v.patient_key_id, v.patient
        FROM (
            SELECT encounter_id AS id FROM {EncounterIngestDb.SchemaOfService}.encounter_identifier
            WHERE identifier_mac = ANY($1) AND organisation = $2 AND NOT shared
            UNION
            SELECT id FROM {EncounterIngestDb.SchemaOfService}.encounter
            WHERE identifier_mac = ANY($1) AND organisation = $2) AS found
        JOIN {EncounterIngestDb.SchemaOfService}.encounter AS e ON e.id = found.id
        LEFT JOIN {EncounterIngestDb.SchemaOfService}.encounter_version AS v
            ON v.encounter_id = e.id AND v.version = e.version AND v.received_at = e.received_at
        LIMIT 1
        """;

    public async Task<Held?> ByIdentifierAsync(
        string organisation,
        BusinessIdentifier identifier,
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(ByIdentifier);
        command.Parameters.Add(
            new NpgsqlParameter
            {
                Value = IdentifierKeys.Of(organisation, identifier, sealer).Macs.ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
            }
        );
        command.Parameters.Add(new NpgsqlParameter { Value = organisation });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        var (id, version) = (reader.GetGuid(0), reader.GetInt64(1));
        return await reader.IsDBNullAsync(2, cancellationToken)
            ? new Held(id, version, null, null)
            : new Held(
                id,
                version,
                sealer.Open(new Sealed<EncounterParticulars>(reader.GetString(2), reader.GetFieldValue<byte[]>(3))),
                sealer.Open(new Sealed<PersonTraits>(reader.GetString(4), reader.GetFieldValue<byte[]>(5)))
            );
    }
}
