using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Names;

/// <summary>
/// Counts the names on each council's register, at the start and every hour, so that what more children bear than any
/// name is borne counts as none. The counts are held in memory and stored nowhere.
/// </summary>
public sealed class CountRegisterNames(
    NpgsqlDataSource source,
    Sealer sealer,
    TimeProvider clock,
    ILogger<CountRegisterNames> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger)
{
    private volatile IReadOnlyDictionary<string, RegisterNames> _names = new Dictionary<string, RegisterNames>();

    /// <summary>A council's; null where none of its names is borne by many.</summary>
    public RegisterNames? Get(string council) => _names.GetValueOrDefault(council);

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var names = new Dictionary<string, RegisterNames>();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        foreach (var council in await CouncilsAsync(connection, cancellationToken))
        {
            if (RegisterNames.Count(await PeopleAsync(connection, council, cancellationToken)) is { } own)
                names.Add(council, own);
        }

        _names = names;
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    private static async Task<List<string>> CouncilsAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT DISTINCT council_code FROM matching.plan WHERE subject IS NOT NULL");
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(row => row.GetString(0), cancellationToken);
    }

    private async Task<IEnumerable<Person>> PeopleAsync(
        NpgsqlConnection connection,
        string council,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            "SELECT subject_key, subject FROM matching.plan WHERE council_code = $1 AND subject IS NOT NULL",
            council
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return (await reader.ReadAsync(PersonOf, cancellationToken)).OfType<Person>();
    }

    // What cannot be opened is reported where plans are keyed again.
    private Person? PersonOf(NpgsqlDataReader row)
    {
        try
        {
            return Person.From(sealer.Open(new Sealed<PersonTraits>(row.GetString(0), row.GetFieldValue<byte[]>(1))));
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null;
        }
    }
}
