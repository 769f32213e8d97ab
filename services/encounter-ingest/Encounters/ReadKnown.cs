using Npgsql;
using NpgsqlTypes;
using Safeguarding.Contracts.Encounters;
using Safeguarding.EncounterIngest.Storage;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>What the store knows of the encounters and sites of a batch; follows the batch while it is applied.</summary>
internal sealed class Known
{
    private readonly Dictionary<string, Held> _encounters = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Organisation, string Ods), KnownSite> _sites = [];
    private readonly HashSet<(Guid Id, string Organisation)> _ids = [];

    public Held? Find(Intent intent)
    {
        foreach (var mac in intent.IdentifierMacs)
        {
            if (_encounters.TryGetValue(Convert.ToHexString(mac), out var held) && held.Organisation == intent.Caller.Organisation)
                return held;
        }

        return null;
    }

    public bool IsOwnId(Intent intent) => intent.Condition.Id is { } id && _ids.Contains((id, intent.Caller.Organisation));

    public void Add(Guid id, string organisation) => _ids.Add((id, organisation));

    public void Set(Held held) => _encounters[Convert.ToHexString(held.IdentifierMac)] = held;

    public KnownSite? Site(Intent intent) =>
        intent.Submission.Particulars.SiteOds is { } ods ? _sites.GetValueOrDefault((intent.Caller.Organisation, ods)) : null;

    public void Add(KnownSite site) => _sites[(site.Organisation, site.Ods)] = site;
}

internal sealed record KnownSite(string Organisation, string Ods, string Name, CareSetting Setting, string? Phone);

/// <summary>Reads and locks, in one round trip and in one order for every writer.</summary>
internal static class ReadKnown
{
    private const string Encounters = $"""
        SELECT id, organisation, identifier_mac, version, content_mac, last_updated, first_received_at, received_at
        FROM {EncounterIngestDb.SchemaOfService}.encounter WHERE identifier_mac = ANY($1) ORDER BY id FOR UPDATE
        """;

    private const string Sites = $"""
        SELECT organisation, ods, name, setting, phone FROM {EncounterIngestDb.SchemaOfService}.site WHERE organisation = ANY($1) AND ods = ANY($2)
        """;

    private const string Ids = $"SELECT id, organisation FROM {EncounterIngestDb.SchemaOfService}.encounter WHERE id = ANY($1)";

    public static async Task<Known> Async(NpgsqlConnection connection, IReadOnlyList<Waiting> requests)
    {
        var intents = requests.SelectMany(request => request.Intents).ToList();
        await using var batch = new NpgsqlBatch(connection);
        var encounters = new NpgsqlBatchCommand(Encounters);
        encounters.Parameters.Add(new NpgsqlParameter
        {
            Value = intents.SelectMany(intent => intent.IdentifierMacs).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
        });
        batch.BatchCommands.Add(encounters);
        var ods = intents.Select(intent => intent.Submission.Particulars.SiteOds).OfType<string>().Distinct().ToArray();
        if (ods.Length > 0)
        {
            var sites = new NpgsqlBatchCommand(Sites);
            sites.Parameters.Add(new NpgsqlParameter { Value = intents.Select(intent => intent.Caller.Organisation).Distinct().ToArray() });
            sites.Parameters.Add(new NpgsqlParameter { Value = ods });
            batch.BatchCommands.Add(sites);
        }

        var ids = intents.Select(intent => intent.Condition.Id).OfType<Guid>().ToArray();
        if (ids.Length > 0)
        {
            var command = new NpgsqlBatchCommand(Ids);
            command.Parameters.Add(new NpgsqlParameter { Value = ids });
            batch.BatchCommands.Add(command);
        }

        var known = new Known();
        await using var reader = await batch.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            known.Set(new Held(
                reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2), reader.GetInt64(3), reader.GetFieldValue<byte[]>(4),
                await reader.IsDBNullAsync(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
                reader.GetFieldValue<DateTimeOffset>(6), reader.GetFieldValue<DateTimeOffset>(7)));
        }

        if (ods.Length > 0)
            await reader.NextResultAsync();
        while (ods.Length > 0 && await reader.ReadAsync())
        {
            known.Add(new KnownSite(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), Enum.Parse<CareSetting>(reader.GetString(3)),
                await reader.IsDBNullAsync(4) ? null : reader.GetString(4)));
        }

        if (ids.Length > 0)
            await reader.NextResultAsync();
        while (ids.Length > 0 && await reader.ReadAsync())
            known.Add(reader.GetGuid(0), reader.GetString(1));
        return known;
    }
}
