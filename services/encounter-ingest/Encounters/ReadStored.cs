using Npgsql;
using NpgsqlTypes;
using Safeguarding.Contracts.Encounters;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// What the store knows of the encounters and sites of a batch; follows the batch while it is
/// applied.
/// </summary>
internal sealed class StoredEncounters
{
    private readonly Dictionary<Guid, StoredEncounter> _encounters = [];
    private readonly Dictionary<string, Owner> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Organisation, string Ods), StoredSite> _sites = [];
    private readonly HashSet<(Guid Id, string Organisation)> _ids = [];

    public Identified Find(Intent intent)
    {
        StoredEncounter? found = null;
        var finding = 0;
        for (var i = 0; i < intent.Identifiers.Count; i++)
        {
            if (OwnerOf(intent, i) is not { } owner)
            {
                finding++;
                continue;
            }

            if (owner.IsShared)
                continue;
            var stored = _encounters[owner.EncounterId];
            // The number that its sender calls the official one needs no other to agree with it.
            if (i == 0 && intent.Submission.HasOfficial)
                return new Identified.One(stored);
            if (intent.Identifiers.Contradicts(stored.IdentifierMarks))
                continue;
            if (found is not null && found.Id != stored.Id)
                return new Identified.Several();
            found = stored;
        }

        return found is not null ? new Identified.One(found)
            : finding > 0 ? new Identified.None()
            : new Identified.Several();
    }

    public bool IsOwnId(Intent intent) =>
        intent.Condition.Id is { } id && _ids.Contains((id, intent.Caller.Organisation));

    public void Add(Guid id, string organisation) => _ids.Add((id, organisation));

    public void Add(StoredEncounter stored) => _encounters[stored.Id] = stored;

    public void Add(byte[] identifierMac, Guid encounterId, bool isShared) =>
        _owners[Convert.ToHexString(identifierMac)] = new Owner(encounterId, isShared);

    /// <summary>
    /// Gives an accepted submission's identifiers to its encounter, and takes from others what two
    /// have.
    /// </summary>
    /// <returns>The encounter as it is to be written.</returns>
    public StoredEncounter Set(Intent intent, SubmissionResult outcome, StoredEncounter stored, Writes writes)
    {
        byte[]? first = null;
        for (var i = 0; i < intent.Identifiers.Count; i++)
        {
            var identifier = intent.Identifiers[i];
            var owner = OwnerOf(intent, i);
            if (owner is null)
            {
                first ??= identifier.Macs[0];
                Add(identifier.Macs[0], stored.Id, isShared: false);
                writes.Identifier(identifier.Macs[0], stored);
            }
            else if (owner is { IsShared: false } && owner.EncounterId != stored.Id)
            {
                Share(identifier, owner, writes);
                continue;
            }

            if (owner is not { IsShared: true })
                stored = stored with { IdentifierMarks = stored.IdentifierMarks.With(identifier) };
        }

        if (outcome == SubmissionResult.Created)
            stored = stored with { IdentifierMac = first! };
        Add(stored);
        return stored;
    }

    public StoredSite? Site(Intent intent) =>
        intent.Submission.Particulars.SiteOds is { } ods
            ? _sites.GetValueOrDefault((intent.Caller.Organisation, ods))
            : null;

    /// <summary>Whom to ring: the site, or the trust's switchboard, registered under the trust's own code.</summary>
    public string? Phone(Intent intent)
    {
        var trust = intent.Caller.Organisation;
        return Site(intent)?.Phone ?? _sites.GetValueOrDefault((trust, trust))?.Phone;
    }

    public void Add(StoredSite site) => _sites[(site.Organisation, site.Ods)] = site;

    private void Share(IdentifierKeys identifier, Owner owner, Writes writes)
    {
        var mac = identifier.Macs.First(mac => _owners.ContainsKey(Convert.ToHexString(mac)));
        Add(mac, owner.EncounterId, isShared: true);
        var other = _encounters[owner.EncounterId];
        Add(other with { IdentifierMarks = other.IdentifierMarks.Without(identifier) });
        writes.Shared(mac, _encounters[other.Id]);
    }

    private Owner? OwnerOf(Intent intent, int identifier)
    {
        foreach (var mac in intent.Identifiers[identifier].Macs)
        {
            if (
                _owners.TryGetValue(Convert.ToHexString(mac), out var owner)
                && _encounters[owner.EncounterId].Organisation == intent.Caller.Organisation
            )
            {
                return owner;
            }
        }

        return null;
    }

    private sealed record Owner(Guid EncounterId, bool IsShared);
}

internal sealed record StoredSite(string Organisation, string Ods, string Name, CareSetting Setting, string? Phone);

/// <summary>Reads and locks, in one round trip and in one order for every writer.</summary>
internal static class ReadStored
{
    // The column of the encounter is all that the previous release writes while it still runs beside this one.
    private const string Encounters = $"""
        SELECT encounter.id, encounter.organisation, encounter.identifier_mac, encounter.identifier_marks,
            encounter.version,
            encounter.content_mac, encounter.last_updated, encounter.first_received_at, encounter.received_at, found.mac, found.shared
        FROM (
            SELECT identifier_mac AS mac, encounter_id, shared
                FROM {EncounterIngestDb.SchemaOfService}.encounter_identifier
            WHERE identifier_mac = ANY($1)
            UNION ALL
            SELECT identifier_mac, id, false FROM {EncounterIngestDb.SchemaOfService}.encounter AS older
                WHERE identifier_mac = ANY($1)
            AND NOT EXISTS (
                SELECT FROM {EncounterIngestDb.SchemaOfService}.encounter_identifier AS known
                WHERE known.identifier_mac = older.identifier_mac AND known.organisation = older.organisation)) AS found
        JOIN {EncounterIngestDb.SchemaOfService}.encounter ON encounter.id = found.encounter_id
        ORDER BY encounter.id FOR UPDATE OF encounter
        """;

    private const string Sites = $"""
        SELECT organisation, ods, name, setting, phone FROM {EncounterIngestDb.SchemaOfService}.site
            WHERE organisation = ANY($1) AND (ods = ANY($2) OR ods = organisation)
        """;

    private const string Ids =
        $"SELECT id, organisation FROM {EncounterIngestDb.SchemaOfService}.encounter WHERE id = ANY($1)";

    public static async Task<StoredEncounters> ReadAsync(NpgsqlConnection connection, IReadOnlyList<Waiting> requests)
    {
        var intents = requests.SelectMany(request => request.Intents).ToList();
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            Encounters,
            Sql.Column(
                NpgsqlDbType.Bytea,
                intents.SelectMany(intent => intent.Identifiers).SelectMany(identifier => identifier.Macs)
            )
        );
        var ods = intents.Select(intent => intent.Submission.Particulars.SiteOds).OfType<string>().Distinct().ToArray();
        batch.Add(Sites, intents.Select(intent => intent.Caller.Organisation).Distinct().ToArray(), ods);

        var ids = intents.Select(intent => intent.Condition.Id).OfType<Guid>().ToArray();
        if (ids.Length > 0)
            batch.Add(Ids, ids);

        var known = new StoredEncounters();
        await using var reader = await batch.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            known.Add(
                new StoredEncounter(
                    reader.GetGuid(0),
                    reader.GetString(1),
                    reader.GetFieldValue<byte[]>(2),
                    await reader.IsDBNullAsync(3) ? [] : reader.GetFieldValue<byte[]>(3),
                    reader.GetInt64(4),
                    reader.GetFieldValue<byte[]>(5),
                    await reader.IsDBNullAsync(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                    reader.GetFieldValue<DateTimeOffset>(7),
                    reader.GetFieldValue<DateTimeOffset>(8)
                )
            );
            known.Add(reader.GetFieldValue<byte[]>(9), reader.GetGuid(0), reader.GetBoolean(10));
        }

        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            known.Add(
                new StoredSite(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetString(2),
                    Enum.Parse<CareSetting>(reader.GetString(3)),
                    await reader.IsDBNullAsync(4) ? null : reader.GetString(4)
                )
            );
        }

        if (ids.Length > 0)
            await reader.NextResultAsync();
        while (ids.Length > 0 && await reader.ReadAsync())
            known.Add(reader.GetGuid(0), reader.GetString(1));
        return known;
    }
}
