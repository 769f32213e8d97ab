using Npgsql;
using NpgsqlTypes;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Audit;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>What a batch writes: arrays, one statement a table, whatever the number of requests.</summary>
internal sealed class Writes
{
    private const string Schema = EncounterIngestDb.SchemaOfService;

    private const string EncounterSubmitted = "encounter.submit";
    private const string ContactSubmitted = "contact.submit";

    // What for and on which basis is the same of both.
    private static readonly AuditedActs.Entry Known = AuditedActs.Get(EncounterSubmitted)!;

    private static readonly string AuditInsert = $"""
        INSERT INTO {Schema}.audit_record (id, at, organisation, client_id, act, subject, request_id,
            correlation_id, purpose, lawful_basis, subject_type, outcome)
        SELECT id, $5, organisation, client_id, act, subject, request_id, correlation_id,
            '{Known.Purpose}', '{Known.LawfulBasis}', split_part(act, '.', 1), '{AuditOutcome.Success}'
        FROM unnest($1, $2, $3, $4, $6, $7, $8)
            AS a (id, organisation, client_id, subject, request_id, correlation_id, act)
        """;

    private readonly Dictionary<Guid, StoredEncounter> _new = [];
    private readonly Dictionary<Guid, StoredEncounter> _changed = [];
    private readonly List<(byte[] Mac, StoredEncounter Encounter)> _identifiers = [];
    private readonly List<(byte[] Mac, StoredEncounter Encounter)> _shared = [];
    private readonly List<(
        StoredEncounter Encounter,
        Sealed<EncounterParticulars> Particulars,
        Sealed<PersonTraits> Patient
    )> _sealed = [];

    /// <summary>The versions that were accepted, in the order they were applied.</summary>
    public List<(Intent Intent, StoredEncounter Encounter)> Versions { get; } = [];

    public bool IsEmpty => _new.Count == 0 && _changed.Count == 0;

    public void Add(Intent intent, SubmissionResult outcome, StoredEncounter stored)
    {
        Change(stored, isNew: outcome == SubmissionResult.Created);
        if (outcome is SubmissionResult.Created or SubmissionResult.Updated)
            Versions.Add((intent, stored));
    }

    /// <summary>An identifier that nothing had before.</summary>
    public void Identifier(byte[] mac, StoredEncounter stored) => _identifiers.Add((mac, stored));

    /// <summary>An identifier of an encounter that another has too.</summary>
    public void Shared(byte[] mac, StoredEncounter stored)
    {
        _shared.Add((mac, stored));
        Change(stored, isNew: false);
    }

    public void Sealed(
        StoredEncounter stored,
        Sealed<EncounterParticulars> particulars,
        Sealed<PersonTraits> patient
    ) => _sealed.Add((stored, particulars, patient));

    public async Task WriteAsync(NpgsqlConnection connection, DateTimeOffset now)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (_new.Count > 0)
        {
            batch.BatchCommands.Add(
                Insert([
                    .. _new.Values.OrderBy(stored => Convert.ToHexString(stored.IdentifierMac), StringComparer.Ordinal),
                ])
            );
        }

        if (_identifiers.Count > 0)
        {
            batch.BatchCommands.Add(
                InsertIdentifiers([
                    .. _identifiers.OrderBy(one => Convert.ToHexString(one.Mac), StringComparer.Ordinal),
                ])
            );
        }

        if (_shared.Count > 0)
            batch.BatchCommands.Add(ShareIdentifiers(_shared.DistinctBy(one => Convert.ToHexString(one.Mac)).ToList()));
        if (_changed.Count > 0)
            batch.BatchCommands.Add(Update([.. _changed.Values]));
        if (_sealed.Count > 0)
        {
            batch.BatchCommands.Add(InsertVersions());
            batch.BatchCommands.Add(InsertAudit(now));
            AddLocalNumbers(batch);
        }

        await batch.ExecuteNonQueryAsync();
        if (_new.Count > 0 && batch.BatchCommands[0].RecordsAffected < _new.Count)
            throw new RacedException();
        if (_identifiers.Count > 0 && batch.BatchCommands[_new.Count > 0 ? 1 : 0].RecordsAffected < _identifiers.Count)
            throw new RacedException();
    }

    // An encounter that is new in this batch and changes in it is inserted as it ends.
    private void Change(StoredEncounter stored, bool isNew)
    {
        if (isNew || _new.ContainsKey(stored.Id))
            _new[stored.Id] = stored;
        else
            _changed[stored.Id] = stored;
    }

    private static NpgsqlBatchCommand Insert(List<StoredEncounter> rows) =>
        Sql.Command(
            $"""
            INSERT INTO {Schema}.encounter (
                id, organisation, identifier_mac, version, content_mac, last_updated, first_received_at, received_at, identifier_marks)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (identifier_mac, organisation) DO NOTHING
            """,
            Sql.Column(NpgsqlDbType.Uuid, rows.ConvertAll(row => row.Id)),
            Sql.Column(NpgsqlDbType.Text, rows.ConvertAll(row => row.Organisation)),
            Sql.Column(NpgsqlDbType.Bytea, rows.ConvertAll(row => row.IdentifierMac)),
            Sql.Column(NpgsqlDbType.Bigint, rows.ConvertAll(row => row.Version)),
            Sql.Column(NpgsqlDbType.Bytea, rows.ConvertAll(row => row.ContentMac)),
            Sql.Column(NpgsqlDbType.TimestampTz, rows.ConvertAll(row => row.LastUpdated)),
            Sql.Column(NpgsqlDbType.TimestampTz, rows.ConvertAll(row => row.FirstReceivedAt)),
            Sql.Column(NpgsqlDbType.TimestampTz, rows.ConvertAll(row => row.ReceivedAt)),
            Sql.Column(NpgsqlDbType.Bytea, rows.ConvertAll(row => row.IdentifierMarks))
        );

    private static NpgsqlBatchCommand InsertIdentifiers(List<(byte[] Mac, StoredEncounter Encounter)> rows) =>
        Sql.Command(
            $"""
            INSERT INTO {Schema}.encounter_identifier (identifier_mac, organisation, encounter_id)
            SELECT * FROM unnest($1, $2, $3)
            ON CONFLICT (identifier_mac, organisation) DO NOTHING
            """,
            Sql.Column(NpgsqlDbType.Bytea, rows.ConvertAll(row => row.Mac)),
            Sql.Column(NpgsqlDbType.Text, rows.ConvertAll(row => row.Encounter.Organisation)),
            Sql.Column(NpgsqlDbType.Uuid, rows.ConvertAll(row => row.Encounter.Id))
        );

    // What the previous release stored beside this one has no row yet.
    private static NpgsqlBatchCommand ShareIdentifiers(List<(byte[] Mac, StoredEncounter Encounter)> rows) =>
        Sql.Command(
            $"""
            INSERT INTO {Schema}.encounter_identifier (identifier_mac, organisation, encounter_id, shared)
            SELECT mac, organisation, id, true FROM unnest($1, $2, $3) AS s (mac, organisation, id)
            ON CONFLICT (identifier_mac, organisation) DO UPDATE SET shared = true
            """,
            Sql.Column(NpgsqlDbType.Bytea, rows.ConvertAll(row => row.Mac)),
            Sql.Column(NpgsqlDbType.Text, rows.ConvertAll(row => row.Encounter.Organisation)),
            Sql.Column(NpgsqlDbType.Uuid, rows.ConvertAll(row => row.Encounter.Id))
        );

    private static NpgsqlBatchCommand Update(List<StoredEncounter> rows) =>
        Sql.Command(
            $"""
            UPDATE {Schema}.encounter e
            SET version = u.version, content_mac = u.content_mac, last_updated = u.last_updated,
                received_at = u.received_at,
                identifier_marks = u.identifier_marks
            FROM unnest($1, $2, $3, $4, $5, $6) AS u (id, version, content_mac, last_updated, received_at,
                identifier_marks)
            WHERE e.id = u.id
            """,
            Sql.Column(NpgsqlDbType.Uuid, rows.ConvertAll(row => row.Id)),
            Sql.Column(NpgsqlDbType.Bigint, rows.ConvertAll(row => row.Version)),
            Sql.Column(NpgsqlDbType.Bytea, rows.ConvertAll(row => row.ContentMac)),
            Sql.Column(NpgsqlDbType.TimestampTz, rows.ConvertAll(row => row.LastUpdated)),
            Sql.Column(NpgsqlDbType.TimestampTz, rows.ConvertAll(row => row.ReceivedAt)),
            Sql.Column(NpgsqlDbType.Bytea, rows.ConvertAll(row => row.IdentifierMarks))
        );

    private NpgsqlBatchCommand InsertVersions() =>
        Sql.Command(
            $"""
            INSERT INTO {Schema}.encounter_version (encounter_id, version, received_at, particulars_key_id, particulars,
                patient_key_id, patient)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
            """,
            Sql.Column(NpgsqlDbType.Uuid, _sealed.ConvertAll(row => row.Encounter.Id)),
            Sql.Column(NpgsqlDbType.Bigint, _sealed.ConvertAll(row => row.Encounter.Version)),
            Sql.Column(NpgsqlDbType.TimestampTz, _sealed.ConvertAll(row => row.Encounter.ReceivedAt)),
            Sql.Column(NpgsqlDbType.Text, _sealed.ConvertAll(row => row.Particulars.KeyId)),
            Sql.Column(NpgsqlDbType.Bytea, _sealed.ConvertAll(row => row.Particulars.Value)),
            Sql.Column(NpgsqlDbType.Text, _sealed.ConvertAll(row => row.Patient.KeyId)),
            Sql.Column(NpgsqlDbType.Bytea, _sealed.ConvertAll(row => row.Patient.Value))
        );

    private NpgsqlBatchCommand InsertAudit(DateTimeOffset now)
    {
        foreach (var (intent, _) in Versions)
            intent.Caller.Request?.Audited = true;
        return Sql.Command(
            AuditInsert,
            Sql.Column(NpgsqlDbType.Uuid, Versions.ConvertAll(_ => Guid.CreateVersion7(now))),
            Sql.Column(NpgsqlDbType.Text, Versions.ConvertAll(version => version.Intent.Caller.Organisation)),
            Sql.Column(NpgsqlDbType.Text, Versions.ConvertAll(version => version.Intent.Caller.ClientId)),
            Sql.Column(NpgsqlDbType.Uuid, Versions.ConvertAll(version => version.Encounter.Id)),
            new NpgsqlParameter { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            Sql.Column(NpgsqlDbType.Text, Versions.ConvertAll(version => version.Intent.Caller.Request?.RequestId)),
            Sql.Column(NpgsqlDbType.Text, Versions.ConvertAll(version => version.Intent.Caller.Request?.CorrelationId)),
            Sql.Column(NpgsqlDbType.Text, Versions.ConvertAll(version => ActOf(version.Intent)))
        );
    }

    private static string ActOf(Intent intent) =>
        intent.Submission.Particulars.Contact is null ? EncounterSubmitted : ContactSubmitted;

    // Those of the newest version alone: a visit that has moved to another patient is found by that one's.
    private void AddLocalNumbers(NpgsqlBatch batch)
    {
        var newest = Versions
            .Where(version => version.Intent.LocalNumbers is not null)
            .GroupBy(version => version.Encounter.Id)
            .Select(versions => versions.Last())
            .ToList();
        if (newest.Count == 0)
            return;
        var numbers = newest
            .SelectMany(version => version.Intent.LocalNumbers!.Select(mac => (Mac: mac, version.Encounter)))
            .ToList();
        batch.Add(
            $"DELETE FROM {Schema}.local_number WHERE encounter_id = ANY($1)",
            Sql.Column(NpgsqlDbType.Uuid, newest.ConvertAll(version => version.Encounter.Id))
        );
        batch.Add(
            $"""
            INSERT INTO {Schema}.local_number (number_mac, encounter_id, received_at)
            SELECT * FROM unnest($1, $2, $3) ON CONFLICT DO NOTHING
            """,
            Sql.Column(NpgsqlDbType.Bytea, numbers.ConvertAll(number => number.Mac)),
            Sql.Column(NpgsqlDbType.Uuid, numbers.ConvertAll(number => number.Encounter.Id)),
            Sql.Column(NpgsqlDbType.TimestampTz, numbers.ConvertAll(number => number.Encounter.ReceivedAt))
        );
    }
}
