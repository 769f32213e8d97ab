using Npgsql;
using NpgsqlTypes;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// An encounter with what is kept of its newest version; both parts are null where retention has ended
/// them.
/// </summary>
internal sealed record StoredContent(Guid Id, long Version, EncounterParticulars? Particulars, PersonTraits? Patient)
{
    public override string ToString() => nameof(StoredContent);
}

/// <summary>
/// Reads what is stored of an encounter, for a protocol whose messages say only what has changed. It locks nothing:
/// what is made of it is stored on condition that the version is still that.
/// </summary>
internal sealed class ReadStoredContent(NpgsqlDataSource source, Sealer sealer)
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

    private const string ByLocalNumber = $"""
        SELECT DISTINCT ON (e.id) e.id, e.version, v.particulars_key_id, v.particulars, v.patient_key_id, v.patient
        FROM {EncounterIngestDb.SchemaOfService}.local_number AS found
        JOIN {EncounterIngestDb.SchemaOfService}.encounter AS e ON e.id = found.encounter_id
        JOIN {EncounterIngestDb.SchemaOfService}.encounter_version AS v
            ON v.encounter_id = e.id AND v.version = e.version AND v.received_at = e.received_at
        WHERE found.number_mac = ANY($1) AND e.organisation = $2
        ORDER BY e.id LIMIT 200
        """;

    public async Task<StoredContent?> ByIdentifierAsync(
        string organisation,
        BusinessIdentifier identifier,
        CancellationToken cancellationToken
    )
    {
        var macs = IdentifierKeys.Compute(organisation, identifier, sealer).Macs;
        return (await ReadAsync(ByIdentifier, [.. macs], organisation, cancellationToken)).SingleOrDefault();
    }

    /// <summary>
    /// The encounters whose patient has one of these numbers in the trust, as far as their content is
    /// kept.
    /// </summary>
    public Task<List<StoredContent>> ByLocalNumberAsync(
        string organisation,
        IReadOnlyList<string> numbers,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            ByLocalNumber,
            [.. numbers.SelectMany(number => LocalNumber.Macs(organisation, number, sealer))],
            organisation,
            cancellationToken
        );

    private async Task<List<StoredContent>> ReadAsync(
        string text,
        byte[][] macs,
        string organisation,
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(text);
        command.Parameters.AddValues(Sql.Column(NpgsqlDbType.Bytea, macs), organisation);
        var found = new List<StoredContent>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (id, version) = (reader.GetGuid(0), reader.GetInt64(1));
            found.Add(
                await reader.IsDBNullAsync(2, cancellationToken)
                    ? new StoredContent(id, version, null, null)
                    : new StoredContent(
                        id,
                        version,
                        sealer.Open(
                            new Sealed<EncounterParticulars>(reader.GetString(2), reader.GetFieldValue<byte[]>(3))
                        ),
                        sealer.Open(new Sealed<PersonTraits>(reader.GetString(4), reader.GetFieldValue<byte[]>(5)))
                    )
            );
        }

        return found;
    }
}
