using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Audit;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.OwnClients;

/// <summary>A change to the keys of one client: one at a time, with its audit record or not at all.</summary>
internal sealed class KeyChange : IAsyncDisposable
{
    /// <summary>As keys are in the table.</summary>
    public static readonly JsonSerializerOptions Stored = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly IdentityDb _db;
    private readonly string _client;
    private readonly IDbContextTransaction _transaction;

    private KeyChange(IdentityDb db, string client, IDbContextTransaction transaction) =>
        (_db, _client, _transaction) = (db, client, transaction);

    public static async Task<KeyChange> BeginAsync(IdentityDb db, string client, CancellationToken cancellationToken)
    {
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Two people at once must not end each other's last key.
        await db.Database.ExecuteSqlAsync(
            $"SELECT pg_advisory_xact_lock(hashtextextended({"client-key " + client}, 0))",
            cancellationToken
        );
        return new KeyChange(db, client, transaction);
    }

    /// <summary>The client as it is now, whatever this instance has read so far.</summary>
    public async Task<Client> ReadAsync(Client entry, CancellationToken cancellationToken) =>
        entry.With((await ClientKeys.ReadAsync(_db, cancellationToken)).Where(key => key.Client == _client));

    public async Task CommitAsync(
        RecordActs acts,
        Caller caller,
        string act,
        string kid,
        CancellationToken cancellationToken
    )
    {
        await acts.KeyChangedAsync(
            caller,
            act,
            $"{_client}: {kid}",
            (NpgsqlConnection)_db.Database.GetDbConnection(),
            cancellationToken
        );
        await _transaction.CommitAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();
}
